/** The synthetic check of the local run, which is started by hand: over its API, its queue and its Telegram. */
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { type LocalRun, startRun } from '../support/local-run.ts';

const ANNA = 1001;

let run: LocalRun;
beforeAll(async () => {
  run = await startRun();
});
afterAll(() => run?.stop());

test('its message arrives, and the log has it', async () => {
  await run.invoke('synthetic-check');
  const messages = await run.messages(ANNA);
  expect(messages.map(({ text }) => text)).toEqual([
    expect.stringContaining('Oggetto: Controllo automatico (automatic check), '),
  ]);
  const headers = { authorization: 'Bearer pwtg_demo' };
  const answer = await fetch(`${run.api}/v1/sites/demo/deliveries?userId=anna`, { headers });
  expect(await answer.json()).toMatchObject({
    deliveries: [
      { event: 'message-sent', status: 'sent', eventId: expect.stringMatching(/^synthetic-check-/) },
    ],
  });
});

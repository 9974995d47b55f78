/** One message for an order in the whole local run, with the functions' own permissions: from the template to the chat. */
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { DEMO_SITE_KEY } from '../../local/demo.ts';
import { type LocalRun, sample, startRun, until } from '../support/local-run.ts';

const ANNA = 1001;

let run: LocalRun;
beforeAll(async () => {
  run = await startRun();
});
afterAll(() => run?.stop());

test('an order is confirmed, shipped and invoiced: one message, and only the shipping rings', async () => {
  const patch = async (id: string, card: object) => {
    const text = { it: '{{statoDocumento}}', en: '{{statoDocumento}}' };
    const saved = await fetch(`${run.api}/v1/sites/demo/templates/${id}`, {
      method: 'PATCH',
      headers: { authorization: `Bearer ${DEMO_SITE_KEY}`, 'content-type': 'application/json' },
      body: JSON.stringify({ text, card }),
    });
    expect(saved.status).toBe(200);
  };
  await patch('default-order-status', {});
  await patch('default-order-status-evaso', { newMessageFor: ['Evaso'] });
  await patch('default-order-status-fatturato', {});

  const { order, ...event } = await sample('order-status');
  const shown: number[] = [];
  for (const status of ['Confermato', 'Evaso', 'Fatturato']) {
    const report = { ...event, eventId: `card ${status}`, order: { ...(order as object), status } };
    await run.report('order-status', report);
    const message = await until(
      async () => (await run.messages(ANNA)).find(({ text }) => text === status),
      `the chat to show ${status}`,
    );
    shown.push(message.message_id);
  }

  const messages = await run.messages(ANNA);
  expect(messages.map(({ message_id }) => message_id)).toEqual([shown[2]]);
  expect(shown[1]).toBe(shown[2]);
  expect(shown[0]).not.toBe(shown[1]);
});

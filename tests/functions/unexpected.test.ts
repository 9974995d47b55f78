/** A fault of our own, seen from outside: 500, with nothing in it but what to do. */
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import type { Answer } from '../support/api-events.ts';
import { type App, startApp } from '../support/app.ts';
import { writtenDuring } from '../support/log-lines.ts';
import { EVENTS, payload } from '../support/payloads.ts';

let app: App;

beforeAll(async () => {
  app = await startApp();
});
afterAll(() => app.close());

test.each(EVENTS)('%s at a site whose stored settings are broken', async (event) => {
  await app.setSite({ url: 'no address' });

  let answer: Answer | undefined;
  const { entries, text } = await writtenDuring(async () => {
    answer = await app.report(event, payload(event));
  });

  expect(answer?.status).toBe(500);
  expect(answer?.json).toEqual({
    type: 'about:blank',
    title: 'Internal Server Error',
    status: 500,
    code: 'internal-error',
    detail:
      'Something failed on our side and was logged. Send the same request again: nothing goes out twice.',
  });
  expect(entries).toMatchObject([{ level: 'error', message: 'unexpected error' }]);
  expect(text).toContain('Invalid URL');
  expect(text).not.toMatch(/pwtg_|Rossi/);
  expect(await app.takeQueued()).toEqual([]);
});

/** A fault of our own, seen from outside: 500, with nothing in it but what to do. */
import { afterAll, beforeAll, expect, jest, test } from '@jest/globals';
import { EVENTS, payload } from '../support/payloads.ts';
import { openShop, type Shop } from '../support/shop.ts';

let shop: Shop;

beforeAll(async () => {
  shop = await openShop();
});
afterAll(() => shop.close());

test.each(EVENTS)('%s at a site whose stored settings are broken', async (event) => {
  const level = process.env.LOG_LEVEL;
  process.env.LOG_LEVEL = 'info';
  const lines: string[] = [];
  const write = jest
    .spyOn(process.stdout, 'write')
    .mockImplementation((line) => lines.push(String(line)) > 0);
  await shop.setSite({ url: 'no address' });

  const answer = await shop.report(event, payload(event));

  write.mockRestore();
  process.env.LOG_LEVEL = level;
  expect(answer.status).toBe(500);
  expect(answer.json).toEqual({
    type: 'about:blank',
    title: 'Internal Server Error',
    status: 500,
    detail:
      'Something failed on our side and was logged. Send the same request again: nothing goes out twice.',
  });
  expect(lines.map((line) => JSON.parse(line))).toMatchObject([
    { level: 'error', message: 'unexpected error' },
  ]);
  expect(lines.join('')).toContain('Invalid URL');
  expect(lines.join('')).not.toMatch(/pwtg_|Rossi/);
  expect(await shop.takeQueued()).toEqual([]);
});

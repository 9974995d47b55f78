/** A page of the log as a file: as many lines as Lambda can answer, and the rest in the next one. */
import { expect, test } from '@jest/globals';
import { parse } from 'csv-parse/sync';
import { readCursor } from '../../lib/deliveries/log-parameters.ts';
import { logFileResponse } from '../../lib/schedule/log-page.ts';
import { apiEvent } from '../support/api-events.ts';
import { siteWithWebhook } from '../support/fixtures.ts';

const line = (number: number) => ({
  ...{ deliveryId: `consegna-${number}`, event: 'order-status', eventId: '"'.repeat(128) },
  ...{ templateId: 'x'.repeat(64), userId: `u${number}`, status: 'sent' as const, attempts: 1, test: false },
  ...{ recordedAt: '2026-11-22T10:00:00.000Z', message: { it: 'Inviato.', en: 'Sent.' } },
});

test('a file never has more than 6 MB as JSON, and its link goes on after its last line', () => {
  process.env.BOT_TOKEN_KEY ??= Buffer.alloc(32).toString('base64');
  const deliveries = Array.from({ length: 10_000 }, (_, number) => line(number));
  const request = apiEvent({ query: { event: 'order-status', limit: '100', cursor: 'former' } });
  const response = logFileResponse(request, siteWithWebhook(), { deliveries, cursor: 'after all of them' });
  expect(JSON.stringify(response).length).toBeLessThan(6_000_000);
  const rows = parse(String(response.body), { delimiter: ';', bom: true }) as unknown as string[][];
  const lines = rows.length - 1;
  expect(lines).toBeGreaterThan(3_000);
  expect(lines).toBeLessThan(10_000);
  const [, next = ''] = /^<\?(.+)>; rel="next"$/.exec(String(response.headers?.link)) ?? [];
  const query = Object.fromEntries(new URLSearchParams(next));
  expect(query).toMatchObject({ event: 'order-status', limit: '100' });
  expect(readCursor(query.cursor ?? '').deliveryId).toBe(`consegna-${lines - 1}`);
});

test('the last file has no link', () => {
  process.env.BOT_TOKEN_KEY ??= Buffer.alloc(32).toString('base64');
  const response = logFileResponse(apiEvent(), siteWithWebhook(), { deliveries: [line(1)] });
  expect(response.headers).not.toHaveProperty('link');
});

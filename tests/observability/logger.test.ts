/** What functions write about a day on which everything happens: complete, and without a word about anybody. */
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import {
  beginDay,
  type Day,
  letter,
  liveThrough,
  MARK,
  marked,
  meetMarkedUser,
  SECRETS,
} from '../support/eventful-day.ts';
import { type Written, writtenDuring } from '../support/log-lines.ts';
import { EVENTS, type Fields, payload } from '../support/payloads.ts';
import { record } from '../support/sqs-events.ts';

let day: Day;
let written: Written;

beforeAll(async () => {
  day = await beginDay();
  written = await liveThrough(day);
});
afterAll(() => day.close());

const linesOf = (message: string) => written.entries.filter((line) => line.message === message);

describe('nothing of what is personal or secret', () => {
  test.each([MARK, ...SECRETS])('stands in any line, log or metric: %s', (secret) => {
    expect(written.text.match(new RegExp(`.{0,60}${secret}.{0,40}`, 'g'))).toBeNull();
  });

  test('while the chat shows it: the marks are where people read and write', async () => {
    const { app, invoke } = day;
    await app.reset();
    await meetMarkedUser(app);
    const { text } = await writtenDuring(() => invoke('deliver', { Records: [record(letter())] }));
    expect(await app.telegram.textsIn(1001)).toEqual([`${MARK}-text`]);
    expect(text).toContain('"message":"sent"');
    expect(text).not.toContain(MARK);
  });
});

test('every line has level, message, time, function and the id of its invocation', () => {
  expect(written.entries.length).toBeGreaterThan(40);
  for (const line of written.entries) {
    expect(line).toMatchObject({
      level: expect.stringMatching(/^(info|warn|error)$/),
      message: expect.any(String),
      timestamp: expect.stringMatching(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/),
      function: expect.stringMatching(/^passweb-telegram-test-[a-z-]+$/),
      requestId: expect.stringMatching(/^invocation-\d+$/),
    });
  }
});

/** What can be said of each outcome. */
const FIELDS: Record<string, string[]> = {
  'event accepted': ['siteId', 'event', 'eventId', 'source'],
  'event refused': ['event', 'messageId', 'reason', 'status', 'detail'],
  'event failed, and is received again': ['siteId', 'event', 'messageId', 'error'],
  'event withdrawn': ['siteId', 'event', 'apiRequestId'],
  'request refused': ['status', 'route', 'apiRequestId'],
  'unexpected error': ['status', 'route', 'apiRequestId', 'siteId', 'error'],
  'not linked': ['status', 'route', 'reason', 'siteId', 'apiRequestId'],
  sent: ['siteId', 'event', 'eventId', 'deliveryId', 'attempts', 'ageMilliseconds'],
  skipped: ['siteId', 'event', 'eventId', 'deliveryId', 'reason'],
  failed: ['siteId', 'event', 'eventId', 'deliveryId', 'class', 'description'],
  retrying: ['siteId', 'event', 'eventId', 'deliveryId', 'class', 'description'],
  waiting: ['siteId', 'event', 'eventId', 'deliveryId', 'attempts', 'reason'],
  'waiting messages found that nobody looked at': ['latestMilliseconds'],
  'duplicate dropped': ['siteId', 'event', 'eventId', 'deliveryId'],
  'bot unauthorized': ['siteId', 'botId'],
  'event due': ['siteId', 'event', 'eventId', 'dueAt', 'lateMilliseconds'],
  'due events dispatched': ['event', 'due', 'latestMilliseconds'],
  'site skipped: what is due for it is tried again later': [
    ...['siteId', 'event', 'eventId', 'dueAt', 'attempts', 'retryAt', 'error'],
  ],
  'webhooks looked at': ['hour', 'works', 'setAgain', 'taken', 'unauthorized', 'failed', 'left'],
  'webhook set again': ['siteId', 'botId', 'fault'],
  'webhook taken': ['siteId', 'botId'],
  'bot taken over': ['siteId', 'botId'],
  'webhook not looked at': ['siteId', 'botId', 'error'],
  'webhook called': ['siteId', 'id', 'event', 'attempt', 'status', 'isSuccess'],
  'retention run ended': ['seen', 'removed', 'failed', 'isCutShort'],
  'item not handled by the retention': ['stage', 'siteId', 'error'],
  'erased sites looked at': ['erased', 'open', 'failed'],
  'user not read: left out': ['siteId', 'error'],
  'directory of people made': ['siteId'],
  'people found to be looked at': ['sites'],
  'statistics counted': ['counted', 'open', 'failed'],
  'signed in to the console': ['role', 'siteId', 'apiRequestId'],
  'synthetic check passed': ['siteId', 'eventId', 'milliseconds'],
  'synthetic check failed': ['siteId', 'eventId', 'error'],
};

test.each(Object.entries(FIELDS))('"%s" says all that applies', (message, fields) => {
  const lines = linesOf(message);
  expect(lines.length).toBeGreaterThan(0);
  for (const line of lines) {
    const missing = fields.filter((field) => line[field] === undefined);
    // Whoever shows no site that can exist has none.
    expect(missing.filter((field) => field !== 'siteId' || line.status === undefined)).toEqual([]);
  }
});

test('no line says anything that this test does not know', () => {
  const messages = new Set(written.entries.map(({ message }) => String(message)));
  expect([...messages].filter((message) => !(message in FIELDS))).toEqual([]);
});

test('an accepted event has one line, with what became of its recipients', () => {
  for (const event of EVENTS)
    expect(linesOf('event accepted').filter(({ eventId }) => eventId === `day-${event}`)).toEqual([
      expect.objectContaining({ siteId: 'demo', event, queued: 1 }),
    ]);
  expect(linesOf('event accepted')).toContainEqual(
    expect.objectContaining({ eventId: 'day-unknown', 'not-linked': 1 }),
  );
  expect(linesOf('event accepted')).toContainEqual(
    expect.objectContaining({ eventId: 'day-cart', scheduled: 1 }),
  );
});

test('a refused request names its route and the wrong places, but nothing that the caller has made up', () => {
  const routes = linesOf('request refused').map(({ route }) => route);
  expect(routes).toContain('POST /v1/sites/{siteId}/events/message-sent');
  expect(routes).toContain('$default');
  const places = linesOf('request refused').flatMap((line) => (line.places as string[] | undefined) ?? []);
  expect(places).toContain('/?');
});

test("Telegram's words are kept, without what they quote", () => {
  expect(linesOf('sent').map(({ fault }) => fault)).toContainEqual({
    class: 'unparsable',
    description: `Bad Request: can't parse entities: Unsupported start tag "…" at byte offset 3`,
  });
  expect(linesOf('failed').map(({ description }) => description)).toContain(
    'Forbidden: bot was blocked by the user',
  );
});

test('lines of invocations that run at the same time keep their ids apart', async () => {
  const ids = new Map<string, string>();
  const { entries, metrics } = await writtenDuring(() =>
    Promise.all(
      Array.from({ length: 20 }, async (_, index) => {
        const event = EVENTS[index % EVENTS.length] ?? 'message-sent';
        const body = marked(payload(event, { eventId: `together-${index}` })) as Fields;
        ids.set(`together-${index}`, await day.report(event, body));
      }),
    ),
  );
  expect(entries).toHaveLength(20);
  for (const { eventId, requestId } of entries) expect(requestId).toBe(ids.get(String(eventId)));
  expect(new Set(metrics.map(({ requestId }) => requestId))).toEqual(new Set(ids.values()));
});

test('LOG_LEVEL=warn leaves the metrics, LOG_LEVEL=off nothing', async () => {
  const report = () => day.report('message-read', marked(payload('message-read', { eventId: 'level' })));
  const atWarn = await writtenDuring(report, 'warn');
  expect([atWarn.entries.length, atWarn.metrics.length]).toEqual([0, 1]);
  expect((await writtenDuring(report, 'off')).text).toBe('');
});

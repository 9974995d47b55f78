/** The statistics: each outcome counts once, on its day, whatever dies and however many count. */
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import type { Delivery } from '../../lib/store/deliveries.ts';
import { type App, startApp } from '../support/app.ts';
import { runAndKill } from '../support/killed-process.ts';
import { endLater, later } from '../support/later.ts';
import { startTripwire, type Tripwire } from '../support/tripwire.ts';

let app: App;
let dynamodb: Tripwire;
let store: typeof import('../../lib/store/statistics.ts');
let recordFirst: typeof import('../../lib/store/deliveries.ts').recordFirst;
beforeAll(async () => {
  app = await startApp();
  dynamodb = await startTripwire(process.env.AWS_ENDPOINT_URL_DYNAMODB ?? '');
  store = await import('../../lib/store/statistics.ts');
  ({ recordFirst } = await import('../../lib/store/deliveries.ts'));
});
afterAll(async () => {
  await dynamodb.close();
  await app.close();
});
beforeEach(() => app.reset());
afterEach(endLater);

const ROME = { siteId: 'demo', timeZone: 'Europe/Rome' };
const NOW = Date.parse('2025-11-25T12:00:00Z');

let last = 0;
function line(recordedAt: string, changes: object = {}): Delivery {
  last += 1;
  return {
    ...{ siteId: 'demo', deliveryId: `consegna-${last}`, event: 'order-status', eventId: `e-${last}` },
    ...{ userId: 'anna', recordedAt: new Date(recordedAt).toISOString(), attempts: 1 },
    ...{ status: 'sent', messageId: last, chatId: 1001 },
    ...changes,
  } as Delivery;
}

const skipped = (reason: string) => ({ status: 'skipped', reason });
const failed = { status: 'failed', failure: { class: 'refused', description: 'x' } };

async function countAll(site = ROME, now = NOW): Promise<void> {
  while (await store.countNext(site, now));
}

/** What was counted for good, by day and event. */
async function counted(): Promise<Record<string, unknown>> {
  const days = (await app.stack.items('StatisticsTable')).filter(({ key }) => String(key).startsWith('day#'));
  return Object.fromEntries(
    days.map(({ key, siteId: _, upTo: __, expiresAt: ___, ...counts }) => [
      String(key).slice('day#'.length),
      counts,
    ]),
  );
}

/** Some lines of three days in Rome, and what they are. */
const LINES = () => [
  line('2025-11-22T22:59:59.999Z'),
  line('2025-11-22T23:00:00Z'),
  line('2025-11-23T10:00:00Z', failed),
  line('2025-11-23T10:00:00Z', skipped('not-linked')),
  line('2025-11-23T10:00:00Z', { ...skipped('muted'), event: 'message-sent' }),
  line('2025-11-25T09:00:00Z', { event: 'welcome' }),
  line('2025-11-25T09:00:00Z', {
    status: 'waiting',
    reason: 'rate-limit',
    until: '2025-11-25T10:00:00.000Z',
  }),
  line('2025-11-25T09:00:00Z', { isTest: true }),
];
const EXPECTED = {
  '2025-11-22': { 'n#order-status#sent': 1 },
  '2025-11-23': {
    'n#order-status#sent': 1,
    'n#order-status#failed': 1,
    'n#order-status#skipped#not-linked': 1,
    'n#message-sent#skipped#muted': 1,
  },
  '2025-11-25': { 'n#welcome#sent': 1 },
};

describe('each line counts once', () => {
  test('on its day in the time zone of the site; what waits and what is a test does not', async () => {
    await recordFirst(LINES());
    await countAll();
    await countAll();
    expect(await counted()).toEqual(EXPECTED);
  });

  test('where many count at the same time', async () => {
    await recordFirst(LINES());
    await Promise.all(Array.from({ length: 6 }, () => countAll()));
    expect(await counted()).toEqual(EXPECTED);
  });

  test('where it comes between two countings, at the same millisecond too', async () => {
    const at = '2025-11-23T10:00:00.000Z';
    await recordFirst([line('2025-11-22T22:00:00Z'), line(at)]);
    await countAll(ROME, Date.parse(at) + 5 * 60_000);
    await recordFirst([line(at), line('2025-11-23T10:00:00.001Z')]);
    await countAll();
    expect(await counted()).toEqual({
      '2025-11-22': { 'n#order-status#sent': 1 },
      '2025-11-23': { 'n#order-status#sent': 3 },
    });
  });

  test('only when it is so old that no other one can come before it', async () => {
    await recordFirst([line(new Date(NOW - 5 * 60_000 + 1).toISOString())]);
    await countAll();
    expect(await counted()).toEqual({});
  });

  test.each([1, 2, 3, 7])(
    'also where more have the same millisecond than are read at once: %d',
    async (limit) => {
      const same = Array.from({ length: 6 }, () => line('2025-11-23T10:00:00Z'));
      await recordFirst([line('2025-11-23T09:00:00Z'), ...same, line('2025-11-23T10:00:01Z')]);
      while (await store.countNext(ROME, NOW, limit));
      expect(await counted()).toEqual({ '2025-11-23': { 'n#order-status#sent': 8 } });
    },
  );

  test.each(['America/New_York', 'Pacific/Kiritimati'])(
    'where the site moves its clocks to %s',
    async (timeZone) => {
      await recordFirst(LINES());
      await store.countNext(ROME, NOW);
      await countAll({ ...ROME, timeZone });
      await countAll();
      const all = Object.values(await counted()).flatMap((counts) =>
        Object.values(counts as Record<string, number>),
      );
      expect(all.reduce((sum, count) => sum + count, 0)).toBe(6);
    },
  );

  test.each<[string, 'request' | 'answer', string]>([
    ['before the day is read', 'request', 'Query'],
    ['before it is written', 'request', 'UpdateItem'],
    ['when it is written', 'answer', 'UpdateItem'],
  ])('where the function is killed %s', async (_, what, operation) => {
    await recordFirst(LINES());
    const environment = {
      ...{ AWS_ENDPOINT_URL_DYNAMODB: dynamodb.url, FUNCTION: 'statistics', EVENT: '{}' },
    };
    const fits = (request: { operation: string; body: string }) =>
      request.operation.endsWith(`.${operation}`) && request.body.includes('-statistics');
    await runAndKill('support/call-once.ts', environment, dynamodb.hold(what, fits));
    await app.invoke('statistics', {});
    await app.invoke('statistics', {});
    expect(await counted()).toEqual(EXPECTED);
  });
});

describe('GET /statistics', () => {
  const ask = (query: Record<string, string> = {}, options: object = {}) =>
    app.call('GET', '/v1/sites/demo/statistics', { query, ...options });

  test('has each day, also without anything, with what was recorded a moment ago', async () => {
    await recordFirst(LINES());
    await store.countNext(ROME, NOW);
    const { status, json } = await ask({ from: '2025-11-22', to: '2025-11-25' });
    expect(status).toBe(200);
    expect(json.days.map(({ day }: { day: string }) => day)).toEqual([
      ...['2025-11-22', '2025-11-23', '2025-11-24', '2025-11-25'],
    ]);
    const none = { sent: 0, failed: 0, skipped: {}, linked: 0, optedOut: 0, events: {} };
    expect(json.days[2]).toEqual({ day: '2025-11-24', ...none });
    expect(json.days[1]).toMatchObject({
      ...{ sent: 1, failed: 1, skipped: { 'not-linked': 1, muted: 1 } },
      events: {
        'order-status': { sent: 1, failed: 1, skipped: { 'not-linked': 1 } },
        'message-sent': { sent: 0, failed: 0, skipped: { muted: 1 } },
      },
    });
    expect(json.totals).toMatchObject({ sent: 3, failed: 1, skipped: { 'not-linked': 1, muted: 1 } });
    expect(json).toMatchObject({ from: '2025-11-22', to: '2025-11-25', timeZone: 'Europe/Rome' });
  });

  test('what happens now is in it at once, and does not count twice when it is counted', async () => {
    await recordFirst([line(new Date().toISOString())]);
    const totals = async () => (await ask()).json.totals.sent;
    expect(await totals()).toBe(1);
    later(6 * 60_000);
    expect(await totals()).toBe(1);
    await app.invoke('statistics', {});
    expect(await totals()).toBe(1);
  });

  test('a skipped event that is reported again does not count again', async () => {
    const { payloadForAll } = await import('../support/payloads.ts');
    const body = payloadForAll('message-sent', [{ id: 'dario' }, { id: 'nessuno' }]);
    await app.report('message-sent', body);
    later(6 * 60_000);
    await app.invoke('statistics', {});
    await app.report('message-sent', body);
    later(12 * 60_000);
    expect((await ask()).json.totals.skipped).toEqual({ 'not-linked': 2 });
  });

  test('new links and opt-outs, each once', async () => {
    const change = { at: '2025-11-22T23:30:00.000Z', userId: 'anna' };
    const linked = { ...change, kind: 'linked' as const, chatId: 1, isFirst: true };
    const optedOut = { ...change, kind: 'opted-out' as const, by: 'person' as const };
    const told = {
      siteId: 'demo',
      changes: [
        ...[
          { ...linked, id: 'a' },
          { ...linked, id: 'b' },
          { ...linked, id: 'second', isFirst: false },
        ],
        ...[{ ...linked, id: 'import', linkedBy: 'import' as const }],
        ...[
          { ...optedOut, id: 'c', where: 'bot' as const },
          { ...optedOut, id: 'd', where: 'import' as const },
        ],
        { ...change, id: 'e', kind: 'opted-in' as const },
      ],
    };
    await store.noteChanges(told);
    await store.noteChanges(told);
    const { json } = await ask({ from: '2025-11-22', to: '2025-11-23' });
    expect(json.days).toMatchObject([
      { linked: 0, optedOut: 0 },
      { linked: 2, optedOut: 1 },
    ]);
    expect(json.totals).toMatchObject({ linked: 2, optedOut: 1 });
  });

  test('who opts out counts, whoever has said it, and whatever is told twice', async () => {
    const change = (body: object) => app.call('PATCH', '/v1/sites/demo/users/bruno', { body });
    await change({ optedOut: true, by: 'person' });
    await app.applyChanges();
    await change({ optedOut: true, by: 'shop' });
    await app.applyChanges();
    expect((await ask()).json.totals.optedOut).toBe(1);
    // Nothing in the table leads to the person.
    expect(JSON.stringify(await app.stack.items('StatisticsTable'))).not.toMatch(/bruno/i);
  });

  test('thirty days up to today, or up to the last one', async () => {
    const { json } = await ask();
    expect(json.days).toHaveLength(30);
    expect((await ask({ to: '2026-03-01' })).json).toMatchObject({ from: '2026-01-31', to: '2026-03-01' });
    expect((await ask({ from: '2026-02-27', to: '2026-03-01' })).json.days).toHaveLength(3);
    expect((await ask({ from: '2025-03-01', to: '2026-03-01' })).json.days).toHaveLength(366);
  });

  test.each<[string, Record<string, string>, string]>([
    ['a day that is none', { from: '2026-02-30' }, '/from'],
    ['a time', { to: '2026-02-03T10:00:00Z' }, '/to'],
    ['days the wrong way round', { from: '2026-03-02', to: '2026-03-01' }, '/from'],
    ['more than a year', { from: '2025-02-28', to: '2026-03-01' }, '/from'],
    ['an unknown parameter', { day: '2026-03-01' }, '/day'],
  ])('%s is refused', async (_, query, pointer) => {
    expect(await ask(query)).toMatchObject({ status: 400, json: { errors: [{ pointer }] } });
  });

  test("another site's are its own", async () => {
    await recordFirst([line('2025-11-23T10:00:00Z', { siteId: 'altro' })]);
    expect((await ask({ from: '2025-11-23', to: '2025-11-23' })).json.totals.sent).toBe(0);
    expect((await ask({}, { key: 'pwtg_altro' })).status).toBe(401);
  });
});

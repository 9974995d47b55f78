/** What falls due is decided with the site as it is then, although the function that runs the poller remembers it. */
import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import type { Site } from '../../lib/store/sites.ts';
import { demoSite } from '../../local/demo.ts';
import { type App, startApp } from '../support/app.ts';
import { template } from '../support/fixtures.ts';
import { type Gate, startGates } from '../support/gate.ts';
import { cartEvent, pollDue, reminderEvent } from '../support/schedule.ts';

let app: App;
let dynamodb: Gate;
let sqs: Gate;
let versions = 0;

beforeAll(async () => {
  app = await startApp({
    beforeLoading: async (stack) => {
      ({ dynamodb, sqs } = await startGates(stack));
    },
  });
});
afterAll(async () => {
  await Promise.all([dynamodb.close(), sqs.close()]);
  await app.close();
});
beforeEach(() => app.reset());

/** As a merchant changes it through another function: this one remembers the site as it was. */
const change = (changes: Partial<Site> = {}) =>
  app.stack.putSite({ ...demoSite(), ...changes, version: ++versions });
const ABANDONED = '2026-11-20T10:00:00+01:00';
const DUE = '2026-11-20T13:00:00+01:00';
const abandonCart = (userId: string) =>
  app.report(
    'abandoned-cart',
    cartEvent({ eventId: `cart of ${userId} ${versions}`, occurredAt: ABANDONED, user: { id: userId } }),
  );
const run = (at = DUE) => pollDue('abandoned-cart', at);
const queued = () => app.takeQueued();
const waiting = async () =>
  (await app.stack.items('ScheduleTable')).filter(({ shard }) => shard !== undefined).length;

describe('a cart that falls due right after', () => {
  test('its template was changed: the new text', async () => {
    await abandonCart('anna');
    await change({ templates: [template('abandoned-cart', 'new', { text: { it: 'Nuovo testo' } })] });
    await run();
    expect((await queued()).map(({ text }) => text)).toEqual(['Nuovo testo']);
  });

  test.each<[string, Partial<Site>]>([
    ['the integration was switched off', { active: false }],
    ['the module was switched off', { moduleActive: false }],
  ])('%s: not sent, and the log has a line for it', async (_, changes) => {
    await abandonCart('anna');
    await change(changes);
    await run();
    expect(await queued()).toEqual([]);
    expect(await waiting()).toBe(0);
    expect(await app.stack.items('DeliveriesTable')).toEqual([
      expect.objectContaining({
        ...{ siteId: 'demo', event: 'abandoned-cart', userId: 'anna', source: 'https' },
        ...{ status: 'skipped', reason: 'site-inactive', dueAt: new Date(DUE).toISOString() },
      }),
    ]);
  });

  test('the site was switched on again: sent', async () => {
    await abandonCart('anna');
    await rememberAsOff();
    await change();
    await run();
    expect((await queued()).map(({ userId }) => userId)).toEqual(['bruno']);
  });

  test('the site was switched on again, before its new version is written: sent', async () => {
    await abandonCart('anna');
    await rememberAsOff();
    await app.stack.putSite(demoSite());
    await run();
    expect((await queued()).map(({ userId }) => userId)).toEqual(['bruno']);
  });

  /** A run that ends anna's cart, because the site is off, and remembers that; then bruno's falls due. */
  async function rememberAsOff(): Promise<void> {
    await change({ active: false });
    await run();
    expect(await waiting()).toBe(0);
    await putCart('bruno');
  }
});

/** Straight into the table, as a function has put it there that knows the site better. */
async function putCart(userId: string): Promise<void> {
  const { cartKey, register, shardOf } = await import('../../lib/store/schedule.ts');
  const key = cartKey('demo', userId);
  const event = cartEvent({ eventId: `late cart of ${userId} ${versions}`, user: { id: userId } });
  const occurredAt = new Date(Date.parse(ABANDONED) + 1).toISOString();
  await register(
    {
      ...key,
      shard: shardOf('cart', key),
      dueAt: new Date(DUE).toISOString(),
      eventId: String(event.eventId),
      occurredAt,
      event: JSON.stringify(event),
      occurrence: 0,
    },
    { now: occurredAt },
  );
}

test('a recurring reminder while the site is off: a line of the log for each of its dates', async () => {
  const recurrence = { frequency: 'daily' };
  await app.report('activity-reminder', reminderEvent({ recurrence }, { date: '2027-03-24T09:30:00+01:00' }));
  await change({ active: false });
  for (const day of [24, 25]) await pollDue('activity-reminder', `2027-03-${day}T08:30:00+01:00`);
  const lines = await app.stack.items('DeliveriesTable');
  const dates = lines.map(({ userId, reason, dueAt }) => `${userId} ${reason} ${dueAt}`);
  expect(dates.toSorted()).toEqual([
    ...['anna site-inactive 2027-03-24T07:30:00.000Z', 'anna site-inactive 2027-03-25T07:30:00.000Z'],
    ...['bruno site-inactive 2027-03-24T07:30:00.000Z', 'bruno site-inactive 2027-03-25T07:30:00.000Z'],
  ]);
});

test('a reminder that falls due right after the site’s time zone was changed: the next one by the new zone', async () => {
  const recurrence = { frequency: 'daily' };
  await app.report('activity-reminder', reminderEvent({ recurrence }, { date: '2027-03-27T09:30:00+01:00' }));
  // The night after, summer time begins in Rome, and nowhere in Dubai.
  await change({ timeZone: 'Asia/Dubai' });
  await pollDue('activity-reminder', '2027-03-27T08:30:00+01:00');
  expect(await app.stack.items('ScheduleTable')).toMatchObject([{ dueAt: '2027-03-28T07:30:00.000Z' }]);
});

test('costs no request: eight shards, the items with the versions, the users, the item written', async () => {
  await abandonCart('anna');
  await dynamodb.open();
  await run();
  expect(dynamodb.passed()).toBe(8 + 1 + 1 + 1);
});

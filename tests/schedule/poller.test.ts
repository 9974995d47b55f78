/** A run of a poller: what is due and no more, oldest first, within its time, whatever fails and whoever else runs. */

import { BatchWriteCommand, DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import { type App, startApp } from '../support/app.ts';
import { type Gate, startGates } from '../support/gate.ts';
import { writtenDuring } from '../support/log-lines.ts';
import { cartEvent, pollDue, reminderEvent } from '../support/schedule.ts';

let app: App;
let dynamodb: Gate;
let sqs: Gate;
let schedule: typeof import('../../lib/store/schedule.ts');
let readDueKeys: typeof import('../../lib/schedule/due-keys.ts').readDueKeys;
/** Called after each page of the index is read, and after the users are. */
const nothing = async () => undefined;
let afterPage: () => Promise<unknown> = nothing;
let afterUsers: () => Promise<unknown> = nothing;

beforeAll(async () => {
  app = await startApp({
    beforeLoading: async (stack) => {
      ({ dynamodb, sqs } = await startGates(stack));
    },
  });
  schedule = await import('../../lib/store/schedule.ts');
  ({ readDueKeys } = await import('../../lib/schedule/due-keys.ts'));
  const { database } = await import('../../lib/aws/dynamodb.ts');
  database.middlewareStack.add(
    (next, context) => async (args) => {
      const answer = await next(args);
      if (context.commandName === 'QueryCommand') await afterPage();
      if (JSON.stringify(args.input).includes('-users"')) await afterUsers();
      return answer;
    },
    { step: 'initialize', name: 'afterReading' },
  );
});
afterAll(async () => {
  await Promise.all([dynamodb.close(), sqs.close()]);
  await app.close();
});
beforeEach(async () => {
  await Promise.all([dynamodb.open(), sqs.open()]);
  await app.reset();
});
afterEach(() => {
  afterPage = nothing;
  afterUsers = nothing;
});

const DUE = Date.parse('2026-11-20T13:00:00+01:00');
const NOW = DUE + 60_000;
let count = 0;

/** A cart that is due at a moment, straight into the table. */
function waitingCart(dueAt: number, changes: { siteId?: string; userId?: string; shard?: string } = {}) {
  count += 1;
  const { siteId = 'demo', userId = 'anna', shard } = changes;
  const key = schedule.cartKey(siteId, userId);
  const event = cartEvent({ eventId: `due-${count}`, user: { id: userId } });
  return {
    ...key,
    shard: shard ?? schedule.shardOf('cart', key),
    dueAt: new Date(dueAt).toISOString(),
    eventId: `due-${count}`,
    occurredAt: new Date(dueAt - 3 * 3_600_000).toISOString(),
    event: JSON.stringify(event),
    occurrence: 0,
  };
}

async function write(items: object[]): Promise<void> {
  const tables = DynamoDBDocumentClient.from(app.stack.aws.dynamodb);
  const table = app.stack.refs.get('ScheduleTable') ?? '';
  for (let start = 0; start < items.length; start += 25) {
    const requests = items.slice(start, start + 25).map((Item) => ({ PutRequest: { Item } }));
    await tables.send(new BatchWriteCommand({ RequestItems: { [table]: requests } }));
  }
}

const people = (count: number) => Array.from({ length: count }, (_, index) => `person-${index}`);
async function linkAll(userIds: string[]): Promise<void> {
  for (const userId of userIds) await app.setUser(userId);
}
const run = (at = NOW, remaining?: () => number) => pollDue('abandoned-cart', at, remaining);
const queued = () => app.takeQueued();
const stillWaiting = async () =>
  (await app.stack.items('ScheduleTable')).filter(({ shard }) => shard !== undefined).length;

describe('what is due', () => {
  test('is found over all shards and pages, and nothing that is not', async () => {
    // 2,100 in one shard are three pages.
    const inOneShard = people(2_100).map((userId, index) =>
      waitingCart(DUE - ((index * 7919) % 600) * 1000, { userId, shard: 'cart-3' }),
    );
    const elsewhere = people(80).map((userId, index) =>
      waitingCart(DUE - ((index * 31) % 80) * 7000 - 500, { userId, siteId: 'other' }),
    );
    const notYet = people(9).map((userId) => waitingCart(DUE + 1, { userId, siteId: 'third' }));
    await write([...inOneShard, ...elsewhere, ...notYet]);

    const found = await readDueKeys('cart', new Date(DUE).toISOString(), () => true);
    const names = [...found.values()].flat().map(({ siteId, key }) => `${siteId} ${key}`);
    const expected = [...inOneShard, ...elsewhere].map(({ siteId, key }) => `${siteId} ${key}`);
    expect(names.toSorted()).toEqual(expected.toSorted());
  });

  test('is all that a run pays for: eight reads where nothing is due, whatever waits', async () => {
    await write(people(100).map((userId) => waitingCart(NOW + 60_000, { userId })));
    await app.report('activity-reminder', reminderEvent({ eventId: 'not a cart' }));
    await dynamodb.open();
    expect(await run()).toEqual({ due: 0, latestMilliseconds: 0, isCutShort: false });
    expect(dynamodb.passed()).toBe(8);
  });

  test('is dispatched however late, and the log says how late', async () => {
    const { entries, text } = await writtenDuring(async () => {
      await write([waitingCart(NOW - 3 * 3_600_000), waitingCart(NOW - 20_000, { userId: 'dario' })]);
      expect(await run()).toMatchObject({ due: 2, latestMilliseconds: 3 * 3_600_000 });
    });
    const due = { level: 'info', message: 'event due', siteId: 'demo', event: 'abandoned-cart' };
    expect(entries).toHaveLength(3);
    expect(entries).toContainEqual(
      expect.objectContaining({ ...due, lateMilliseconds: 10_800_000, queued: 1 }),
    );
    expect(entries).toContainEqual(
      expect.objectContaining({ ...due, lateMilliseconds: 20_000, 'not-linked': 1 }),
    );
    expect(entries[2]).toMatchObject({
      message: 'due events dispatched',
      due: 2,
      latestMilliseconds: 10_800_000,
    });
    expect(text).not.toMatch(/Rossi|89\.00/);
  });

  test('costs six reads for a hundred carts, a write for each, and a message to the queue for ten', async () => {
    const users = people(100);
    await linkAll(users);
    await write(users.map((userId) => ({ ...waitingCart(DUE, { userId }), cartId: `cart of ${userId}` })));
    await run(DUE - 1);
    await Promise.all([dynamodb.open(), sqs.open()]);
    await run();
    // Eight shards, the items, the site if it is not remembered any more, then the users, their deliveries, and what was
    // said last of their carts, by user and by id, which are four requests; then the items one by one.
    expect(dynamodb.passed()).toBeLessThanOrEqual(8 + 6 + 100);
    expect(sqs.passed()).toBe(10);
    expect(await queued()).toHaveLength(100);
  });
});

describe('a run without time', () => {
  test('stops, and the next one goes on', async () => {
    const users = people(150);
    await linkAll(users);
    await write(users.map((userId, index) => waitingCart(DUE + index, { userId })));
    // Time is up when the first hundred are in the queue.
    let left = 30_000;
    afterUsers = async () => {
      left = 14_999;
    };
    expect(await run(NOW, () => left)).toMatchObject({ due: 100, isCutShort: true });
    expect((await queued()).map(({ userId }) => userId).toSorted()).toEqual(users.slice(0, 100).toSorted());
    afterUsers = nothing;
    expect(await run()).toMatchObject({ due: 50, isCutShort: false });
    expect((await queued()).map(({ userId }) => userId).toSorted()).toEqual(users.slice(100).toSorted());
  });
});

describe('two runs at once', () => {
  test('dispatch once', async () => {
    const users = people(120);
    await linkAll(users);
    await write(users.map((userId) => waitingCart(DUE, { userId })));
    await Promise.all([run(), run(), run()]);
    expect(await queued()).toHaveLength(120);
    expect(await stillWaiting()).toBe(0);
  });

  test('reschedule a recurring activity once', async () => {
    const recurrence = { frequency: 'daily' };
    const recipients = [{ id: 'anna' }];
    await app.report('activity-reminder', reminderEvent({ eventId: 'twice', recurrence, recipients }));
    const at = '2027-03-15T08:30:00+01:00';
    await Promise.all([1, 2, 3].map(() => pollDue('activity-reminder', at)));
    expect(await queued()).toHaveLength(1);
    expect(await app.stack.items('ScheduleTable')).toMatchObject([
      { dueAt: '2027-03-16T07:30:00.000Z', occurrence: 1 },
    ]);
  });
});

describe('between the reading of the index and the dispatch', () => {
  test('a recovered cart is not sent any more', async () => {
    await write([waitingCart(DUE)]);
    afterPage = () => app.withdraw('abandoned-cart', 'anna');
    await run();
    expect(await queued()).toEqual([]);
  });

  test('a cart that was replaced waits for its new time', async () => {
    await write([waitingCart(DUE)]);
    afterPage = () => app.report('abandoned-cart', cartEvent({ eventId: 'replacing' }));
    await run();
    expect(await queued()).toEqual([]);
    expect(await stillWaiting()).toBe(1);
  });
});

describe('while it is dispatched', () => {
  test('a newer cart takes the place, and waits for its own time', async () => {
    await write([waitingCart(DUE)]);
    afterUsers = () => app.report('abandoned-cart', cartEvent({ eventId: 'newer' }));
    await run();
    expect(await queued()).toHaveLength(1);
    expect(await app.stack.items('ScheduleTable')).toContainEqual(
      expect.objectContaining({ eventId: 'newer', shard: expect.any(String) }),
    );
  });

  test('a reminder is moved: it waits for its new time', async () => {
    const recurrence = { frequency: 'daily' };
    await app.report('activity-reminder', reminderEvent({ eventId: 'before', recurrence }));
    const moved = reminderEvent({ eventId: 'after' }, { date: '2027-04-01T10:00:00+02:00' });
    afterUsers = () => app.report('activity-reminder', moved);
    await pollDue('activity-reminder', '2027-03-15T08:30:00+01:00');
    expect(await app.stack.items('ScheduleTable')).toMatchObject([
      { eventId: 'after', dueAt: '2027-04-01T07:00:00.000Z' },
    ]);
  });
});

describe('what fails', () => {
  test.each([
    ['the queue', () => sqs],
    ['the tables', () => dynamodb],
  ])('%s, out of reach: the run fails, and the next one dispatches', async (_, gate) => {
    await write([waitingCart(DUE)]);
    await gate().shut();
    await expect(run()).rejects.toThrow('did not serve the request');
    await gate().open();
    expect(await stillWaiting()).toBe(1);
    await run();
    expect(await queued()).toHaveLength(1);
  });

  test('a site that is gone has nothing to send', async () => {
    await write([waitingCart(DUE, { siteId: 'gone' })]);
    await run();
    expect(await stillWaiting()).toBe(0);
    expect(await queued()).toEqual([]);
  });
});

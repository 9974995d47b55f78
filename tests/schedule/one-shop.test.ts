/**
 * One shop can't hold up another: what the pollers do with items that are large, broken, slow or deadly, and with services
 * that are out of reach. Time is simulated.
 */
import { BatchWriteCommand, DynamoDBDocumentClient, GetCommand } from '@aws-sdk/lib-dynamodb';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import type { PollSummary } from '../../lib/schedule/run.ts';
import type { ScheduledEvent as PolledEvent } from '../../lib/schedule/scheduled-event.ts';
import type { Site } from '../../lib/store/sites.ts';
import { demoSite } from '../../local/demo.ts';
import { type App, startApp } from '../support/app.ts';
import { template } from '../support/fixtures.ts';
import { type Gate, startGates } from '../support/gate.ts';
import { type Line, writtenDuring } from '../support/log-lines.ts';
import type { Fields } from '../support/payloads.ts';
import { reminderEvent } from '../support/schedule.ts';

let app: App;
let dynamodb: Gate;
let sqs: Gate;
let schedule: typeof import('../../lib/store/schedule.ts');
let poll: typeof import('../../lib/schedule/poller.ts').poll;
let dueReminders: PolledEvent;
/** Called before each request to DynamoDB. It may throw. */
let beforeRequest: (command: string | undefined, input: string) => unknown = () => undefined;

beforeAll(async () => {
  app = await startApp({
    beforeLoading: async (stack) => {
      ({ dynamodb, sqs } = await startGates(stack));
    },
  });
  schedule = await import('../../lib/store/schedule.ts');
  ({ poll } = await import('../../lib/schedule/poller.ts'));
  ({ dueReminders } = await import('../../lib/schedule/reminders.ts'));
  const { database } = await import('../../lib/aws/dynamodb.ts');
  database.middlewareStack.add(
    (next, { commandName }) =>
      async (args) => {
        await beforeRequest(commandName, JSON.stringify(args.input));
        return next(args);
      },
    { step: 'initialize', name: 'beforeRequest' },
  );
});
afterAll(async () => {
  await Promise.all([dynamodb.close(), sqs.close()]);
  await app.close();
});
/** The queue remembers a message for five minutes: each test has its own events. */
let turn = 0;
beforeEach(async () => {
  turn += 1;
  await Promise.all([dynamodb.open(), sqs.open()]);
  await app.stack.empty('SitesTable');
  await app.stack.empty('UsersTable');
  const { clearSiteCache } = await import('../../lib/store/sites.ts');
  clearSiteCache();
  await app.reset();
});
afterEach(() => {
  beforeRequest = () => undefined;
});

const SECOND = 1_000;
const MINUTE = 60 * SECOND;
const HOUR = 60 * MINUTE;
/** The meeting of `reminderEvent` begins at 09:30 in Rome; its reminder is due an hour before. */
const DUE = Date.parse('2027-03-15T08:30:00+01:00');

interface Reminder {
  siteId?: string;
  /** The id of the activity. */
  id?: string;
  recipients?: string[];
  dueAt?: number;
  changes?: Fields;
  activity?: Fields;
}

/** A waiting reminder as the former release wrote it: it has none of the fields of `Attempts`. */
function waiting({
  siteId = 'demo',
  id = '720',
  recipients = ['anna'],
  dueAt = DUE,
  ...rest
}: Reminder = {}) {
  const key = schedule.reminderKey(siteId, id);
  const eventId = `event ${id} of ${turn}`;
  const people = recipients.map((userId) => ({ id: userId }));
  const event = reminderEvent({ eventId, recipients: people, ...rest.changes }, { id, ...rest.activity });
  return {
    ...key,
    shard: schedule.shardOf('reminder', key),
    dueAt: new Date(dueAt).toISOString(),
    eventId,
    occurredAt: '2027-03-01T08:00:00.000Z',
    event: JSON.stringify(event),
    occurrence: 0,
  };
}

async function write(table: string, items: object[]): Promise<void> {
  const tables = DynamoDBDocumentClient.from(app.stack.aws.dynamodb);
  const name = app.stack.refs.get(table) ?? '';
  for (let start = 0; start < items.length; start += 25) {
    const requests = items.slice(start, start + 25).map((Item) => ({ PutRequest: { Item } }));
    await tables.send(new BatchWriteCommand({ RequestItems: { [name]: requests } }));
  }
}

const people = (count: number, name = 'person') =>
  Array.from({ length: count }, (_, index) => `${name}-${index}`);
const link = (siteId: string, userIds: string[]) =>
  write(
    'UsersTable',
    userIds.map((userId, index) => ({ siteId, userId, chatId: index + 1 })),
  );
const shop = (siteId: string, changes: Partial<Site> = {}): Site => ({ ...demoSite(), siteId, ...changes });
/** Templates that are all enabled, as many as the former release allowed. */
const templates = (count: number, text = '{{nominativo}} {{oggettoAttivita}}') =>
  Array.from({ length: count }, (_, index) =>
    template('activity-reminder', `t-${index}`, { text: { it: `${index} ${text}` } }),
  );
/** A template as no API accepts it: to render it fails. */
const broken = [template('activity-reminder', 'broken', { text: { it: 'Ciao {{#nome}}' } })];

async function putShops(shops: Site[]): Promise<void> {
  await write('SitesTable', shops);
  for (const { siteId } of shops) await link(siteId, ['anna']);
}

interface Running {
  remaining?: () => number;
  /** Milliseconds that pass each time the run looks at the clock. */
  tick?: number;
}

/** A run that begins at a time. */
function runAt(at: number, { remaining = () => 60_000, tick = 0 }: Running = {}): Promise<PollSummary> {
  let time = at - tick;
  const now = () => {
    time += tick;
    return time;
  };
  return poll(dueReminders, { now, remainingMilliseconds: remaining });
}

/** A run whose time is up after so many readings of users: each page of a large item has one. */
function runForPages(at: number, pages: number): Promise<PollSummary> {
  let seen = 0;
  beforeRequest = (command, input) => {
    if (command?.startsWith('BatchGet') && input.includes('-users"')) seen += 1;
  };
  return runAt(at, { remaining: () => (seen < pages ? 60_000 : 0) });
}

const queued = () => app.takeQueued();
/** The name of an event without its turn. */
const nameOf = ({ eventId }: { eventId: string }) => eventId.replace(/ of \d+.*$/, '');
const queuedIds = async () => (await queued()).map(({ deliveryId }) => deliveryId);
const stored = async (siteId: string, id = '720') => {
  const TableName = app.stack.refs.get('ScheduleTable') ?? '';
  const Key = { ...schedule.reminderKey(siteId, id) };
  const tables = DynamoDBDocumentClient.from(app.stack.aws.dynamodb);
  return (await tables.send(new GetCommand({ TableName, Key, ConsistentRead: true }))).Item;
};
const isDone = (item: Line | undefined) => item !== undefined && item.shard === undefined;
const ATTEMPTS = ['attempts', 'failure', 'scheduledFor', 'progress'];

describe('a large reminder', () => {
  const RECIPIENTS = 110;
  // The most that send to one person.
  const TEMPLATES = 10;
  const recipients = people(RECIPIENTS);

  beforeEach(async () => {
    await putShops([shop('large', { templates: templates(TEMPLATES) }), shop('quiet')]);
    await link('large', recipients);
    await write('ScheduleTable', [
      waiting({ siteId: 'large', recipients, dueAt: DUE - SECOND }),
      waiting({ siteId: 'quiet' }),
    ]);
  });

  test('does not hold up the others, is worked off in pages over several runs, each message once', async () => {
    // The readings: the quiet shop's user, and two pages.
    expect(await runForPages(DUE, 3)).toMatchObject({ due: 1, isCutShort: true });
    const first = await queued();
    expect(first.filter(({ siteId }) => siteId === 'quiet')).toHaveLength(1);
    // Ten templates: twenty recipients have 200 messages.
    expect(first.filter(({ siteId }) => siteId === 'large')).toHaveLength(400);
    expect((await stored('large'))?.progress).toEqual({ done: 40, of: RECIPIENTS });

    await sqs.open();
    const ids = first.filter(({ siteId }) => siteId === 'large').map(({ deliveryId }) => deliveryId);
    expect(await runForPages(DUE + MINUTE, 1)).toMatchObject({ due: 0, isCutShort: true });
    ids.push(...(await queuedIds()));
    expect(await runForPages(DUE + 2 * MINUTE, 99)).toMatchObject({ due: 1, isCutShort: false });
    ids.push(...(await queuedIds()));
    expect(ids).toHaveLength(RECIPIENTS * TEMPLATES);
    expect(new Set(ids).size).toBe(RECIPIENTS * TEMPLATES);
    // Nothing was sent to the queue twice: 700 messages in the two later runs, ten in a request.
    expect(sqs.passed()).toBe(70);
    expect(isDone(await stored('large'))).toBe(true);
    expect(Object.keys((await stored('large')) ?? {})).not.toEqual(expect.arrayContaining(ATTEMPTS));
  });

  test('takes turns with another large one', async () => {
    await putShops([shop('second', { templates: templates(TEMPLATES) })]);
    await link('second', recipients);
    await write('ScheduleTable', [waiting({ siteId: 'second', recipients })]);
    await runForPages(DUE, 1 + 4);
    const sent = await queued();
    expect(sent.filter(({ siteId }) => siteId === 'large')).toHaveLength(400);
    expect(sent.filter(({ siteId }) => siteId === 'second')).toHaveLength(400);
  });

  test('a page ends when its time is up, however few of its messages are written', async () => {
    // A second passes at each look at the clock: two recipients and the time of a page is over.
    await runAt(DUE, { tick: SECOND, remaining: remainingAfter(2) });
    const { progress } = (await stored('large')) as { progress: { done: number } };
    expect(progress.done).toBeGreaterThan(0);
    expect(progress.done).toBeLessThanOrEqual(4);
  });

  /** The time is up after so many pages of the large reminder. */
  function remainingAfter(pages: number): () => number {
    let seen = 0;
    beforeRequest = (command, input) => {
      if (command?.startsWith('Update') && input.includes('progress')) seen += 1;
    };
    return () => (seen < pages ? 60_000 : 0);
  }

  test('that is withdrawn while it is worked off stops', async () => {
    let pages = 0;
    beforeRequest = async (command, input) => {
      if (!command?.startsWith('BatchGet') || !input.includes('person-') || ++pages !== 2) return;
      beforeRequest = () => undefined;
      const { withdrawReminder } = await import('../../lib/schedule/reminders.ts');
      await withdrawReminder('large', '720');
    };
    await runAt(DUE);
    expect((await queued()).filter(({ siteId }) => siteId === 'large')).toHaveLength(400);
    expect(await stored('large')).toMatchObject({ ending: 'dropped' });
    expect((await stored('large'))?.progress).toBeUndefined();
  });

  test('that is replaced between two runs goes out anew at its new time', async () => {
    await runForPages(DUE, 3);
    await queued();
    const moved = waiting({ siteId: 'large', recipients: ['anna'], dueAt: DUE + HOUR });
    const newer = { ...moved, eventId: 'moved', occurredAt: '2027-03-02T08:00:00.000Z' };
    await schedule.register(newer, { now: newer.occurredAt });
    await runAt(DUE + MINUTE);
    expect(await queued()).toEqual([]);
    expect((await stored('large'))?.progress).toBeUndefined();
  });

  test('from which a recipient is erased between two runs: everybody else gets theirs', async () => {
    await runForPages(DUE, 3);
    const ids = new Set(await queuedIds());
    const { eraseUser } = await import('../../lib/store/erase.ts');
    await eraseUser({ siteId: 'large', userId: 'person-0' });
    await runAt(DUE + MINUTE);
    for (const id of await queuedIds()) ids.add(id);
    expect(ids.size).toBe(RECIPIENTS * TEMPLATES + 1);
  });

  test('whose activity begins meanwhile: the others are not told any more that it is to come', async () => {
    await runForPages(DUE, 3);
    await queued();
    await runAt(Date.parse('2027-03-15T09:30:00+01:00'));
    expect(await queued()).toEqual([]);
    expect(isDone(await stored('large'))).toBe(true);
  });

  test('is written by the poller if it was late at its registration', async () => {
    const { scheduleReminder } = await import('../../lib/schedule/reminders.ts');
    const many = people(RECIPIENTS + 1);
    const event = reminderEvent({ eventId: 'late', recipients: many.map((id) => ({ id })) }, { id: 'late' });
    const site = shop('large', { templates: templates(TEMPLATES) });
    const reported = { event: event as never, site, source: 'https' } as const;
    const { notifications } = await scheduleReminder(reported, DUE + MINUTE);
    expect(notifications[0]).toEqual({
      ...{ userId: 'person-0', status: 'scheduled', dueAt: new Date(DUE + MINUTE).toISOString() },
    });
    expect((await queued()).filter(({ eventId }) => eventId === 'late')).toEqual([]);
    await runAt(DUE + 2 * MINUTE);
    expect((await queued()).filter(({ eventId }) => eventId === 'late')).toHaveLength(RECIPIENTS * TEMPLATES);
  });
});

describe('a broken item', () => {
  test('holds up nobody, is logged with its site, and tried again with growing pauses for a day', async () => {
    await putShops([shop('broken', { templates: broken }), shop('quiet')]);
    await write('ScheduleTable', [
      waiting({ siteId: 'broken', activity: { date: '2027-03-25' } }),
      waiting({ siteId: 'quiet' }),
    ]);
    const tries: number[] = [];
    let minute = 0;
    const { entries } = await writtenDuring(async () => {
      for (let item = await stored('broken'); !isDone(item); item = await stored('broken')) {
        // The first run at which it is due again, since a run begins each minute.
        minute = Math.ceil((Date.parse(String(item?.dueAt)) - DUE) / MINUTE);
        await runAt(DUE + minute * MINUTE);
        if (minute === 0) expect((await queued()).map(({ siteId }) => siteId)).toEqual(['quiet']);
        tries.push(minute);
      }
    });
    const givenUpAt = tries.pop();
    const pauses = tries.slice(1).map((minute, index) => minute - (tries[index] ?? 0));
    // 50 s, doubled each time, to an hour; a run begins each minute.
    expect(pauses.slice(0, 8)).toEqual([1, 2, 4, 7, 14, 27, 54, 60]);
    expect(Math.max(...pauses)).toBe(60);
    expect(givenUpAt).toBeGreaterThan(24 * 60);
    expect(givenUpAt).toBeLessThanOrEqual(25 * 60);
    const skipped = entries.filter(({ message }) => String(message).startsWith('site skipped'));
    expect(skipped).toHaveLength(tries.length);
    expect(skipped[0]).toMatchObject({
      ...{
        level: 'error',
        siteId: 'broken',
        event: 'activity-reminder',
        eventId: `event 720 of ${turn}`,
        attempts: 1,
      },
      ...{ retryAt: new Date(DUE + 50 * SECOND).toISOString(), error: { name: expect.any(String) } },
    });
    expect(entries).toContainEqual(
      expect.objectContaining({ message: 'due item given up', siteId: 'broken' }),
    );
    const lines = await app.stack.items('DeliveriesTable');
    expect(lines.filter(({ siteId }) => siteId === 'broken')).toContainEqual(
      expect.objectContaining({
        ...{ event: 'activity-reminder', eventId: `event 720 of ${turn}`, userId: expect.any(String) },
        ...{ status: 'skipped', reason: 'given-up', dueAt: new Date(DUE).toISOString() },
      }),
    );
  }, 120_000);

  test('goes out when it is mended, at the next attempt', async () => {
    await putShops([shop('broken', { templates: broken })]);
    await write('ScheduleTable', [waiting({ siteId: 'broken' })]);
    await runAt(DUE);
    await runAt(DUE + MINUTE);
    await app.stack.putSite(shop('broken', { version: 2 }));
    await runAt(DUE + 2 * MINUTE);
    expect(await queued()).toEqual([]);
    await runAt(DUE + 3 * MINUTE);
    expect(await queued()).toHaveLength(1);
    expect(isDone(await stored('broken'))).toBe(true);
  });

  test.each<[string, object]>([
    ['is no JSON', { event: '{"eventId": ' }],
    ['has no recipients', { event: '{"eventId":"event 720","activity":{"date":"2027-03-15"}}' }],
    ['has a date that is none', { event: JSON.stringify(reminderEvent({}, { date: 'domani' })) }],
    [
      'has a next date that can not be computed',
      {
        event: JSON.stringify(
          reminderEvent({ remindMinutesBefore: 'x', recurrence: { frequency: 'daily' } }),
        ),
      },
    ],
    [
      'names a recipient whom DynamoDB refuses to look up',
      { event: JSON.stringify(reminderEvent({ recipients: [{ id: '' }] })) },
    ],
  ])('which %s stays alone', async (_what, changes) => {
    await putShops([shop('broken'), shop('quiet'), shop('second')]);
    await write('ScheduleTable', [
      { ...waiting({ siteId: 'broken' }), ...changes },
      waiting({ siteId: 'broken', id: 'good' }),
      waiting({ siteId: 'quiet' }),
      waiting({ siteId: 'second' }),
    ]);
    await runAt(DUE);
    const sent = (await queued()).filter(({ eventId }) => !eventId.startsWith('reminder-event'));
    expect(sent.map((each) => `${each.siteId} ${nameOf(each)}`).toSorted()).toEqual([
      'broken event good',
      'quiet event 720',
      'second event 720',
    ]);
    expect(await stored('broken')).toMatchObject({ attempts: 1, failure: expect.any(String) });
  });

  test('of a site with many more costs it one turn in each run', async () => {
    await putShops([shop('broken', { templates: broken }), shop('quiet')]);
    await write('ScheduleTable', [
      ...people(250).map((id) => waiting({ siteId: 'broken', id })),
      waiting({ siteId: 'quiet' }),
    ]);
    await runAt(DUE);
    expect((await queued()).map(({ siteId }) => siteId)).toEqual(['quiet']);
    const tried = (await app.stack.items('ScheduleTable')).filter(({ attempts }) => attempts !== undefined);
    // A turn, of which the quiet shop had one place.
    expect(tried).toHaveLength(99);
  });
});

// A tenth of what the issue names, in one run: a hundred sites, ten of them poisonous.
test('ten poisonous sites among a hundred: the others go out in the same run, and each poisonous one is named', async () => {
  const sites = people(100, 'site');
  const isPoisonous = (siteId: string) => siteId.endsWith('7');
  await putShops(sites.map((siteId) => shop(siteId, isPoisonous(siteId) ? { templates: broken } : {})));
  await write(
    'ScheduleTable',
    sites.flatMap((siteId) => [1, 2].map((id) => waiting({ siteId, id: String(id) }))),
  );
  const { functions } = { functions: await import('../../lib/observability/telemetry.ts') };
  const { entries, metrics } = await writtenDuring(async () => {
    const handler = functions.withTelemetry(() => runAt(DUE));
    expect(await handler({}, {})).toMatchObject({ due: 180 });
  });
  const sent = (await queued()).map(({ siteId }) => siteId);
  expect(new Set(sent).size).toBe(90);
  expect(sent).toHaveLength(180);
  const skipped = entries.filter(({ message }) => String(message).startsWith('site skipped'));
  expect(skipped.map(({ siteId }) => String(siteId)).toSorted()).toEqual(
    sites.filter(isPoisonous).toSorted(),
  );
  const counted = metrics.flatMap((line) => (line.SiteSkipped ? [line] : []));
  const total = counted
    .flatMap(({ SiteSkipped }) => SiteSkipped as number[])
    .reduce((sum, one) => sum + one, 0);
  expect(total).toBe(10);
  expect(counted[0]?._aws.CloudWatchMetrics[0]?.Dimensions).toEqual([['stage', 'event']]);
  // At once again: none of them is due before its pause is over.
  expect(await runAt(DUE + 49 * SECOND)).toMatchObject({ due: 0 });
  expect(await queued()).toEqual([]);
});

test('sites whose messages are slow to write use up their share, and not that of the others', async () => {
  const slow = people(5, 'slow');
  const quiet = people(20, 'quiet');
  await putShops([...slow, ...quiet].map((siteId) => shop(siteId)));
  await write('ScheduleTable', [
    ...slow.flatMap((siteId) => people(100).map((id) => waiting({ siteId, id, dueAt: DUE - 10 * SECOND }))),
    ...quiet.map((siteId) => waiting({ siteId })),
  ]);
  // Each look at the clock takes 20 ms: for each message there are several. After 25 s of them the time is up.
  let end = 0;
  let time = DUE;
  const now = () => {
    time += 20;
    return time;
  };
  end = DUE + 40 * SECOND;
  const summary = await poll(dueReminders, { now, remainingMilliseconds: () => end - time });
  expect(summary.isCutShort).toBe(true);
  const sent = (await queued()).map(({ siteId }) => siteId);
  expect(sent.filter((siteId) => siteId.startsWith('quiet')).toSorted()).toEqual(quiet.toSorted());
});

describe('what ended a run', () => {
  /** A run that ends without a word when it reads the user of this site. */
  class Killed extends Error {}
  async function runKilledBy(siteId: string, at: number): Promise<void> {
    let isDead = false;
    beforeRequest = (_command, input) => {
      if (input.includes('-users"') && input.includes(`"${siteId}"`)) isDead = true;
      // A dead process writes nothing any more, and never comes back.
      if (isDead) return new Promise(() => undefined);
      return undefined;
    };
    const run = runAt(at).then(
      () => 'ended',
      () => 'ended',
    );
    await Promise.race([run, untilTrue(() => isDead)]);
    beforeRequest = () => undefined;
    if (!isDead) throw new Killed('It was not reached.');
  }
  async function untilTrue(isTrue: () => boolean): Promise<void> {
    while (!isTrue()) await new Promise((resolve) => setTimeout(resolve, 5));
  }

  test('is found, comes last and alone, and is named; what fell due since goes out at once', async () => {
    const sites = people(12, 'site');
    await putShops([...sites, 'deadly', 'fresh'].map((siteId) => shop(siteId)));
    await write('ScheduleTable', [
      ...sites.map((siteId) => waiting({ siteId })),
      waiting({ siteId: 'deadly', dueAt: DUE - SECOND }),
    ]);
    const { entries } = await writtenDuring(async () => {
      await runKilledBy('deadly', DUE);
      expect(await queued()).toEqual([]);
      // Late by now: their attempts are written before.
      await write('ScheduleTable', [waiting({ siteId: 'fresh', id: 'a', dueAt: DUE + 75 * SECOND })]);
      await runKilledBy('deadly', DUE + 2 * MINUTE);
      expect(await stored('deadly')).toMatchObject({ attempts: 1 });
      expect((await queued()).map(({ siteId }) => siteId)).toEqual(['fresh']);
      // Now each is tried alone: it kills only the run that has sent the others before it.
      await runKilledBy('deadly', DUE + 3 * MINUTE);
      expect(await stored('deadly')).toMatchObject({ attempts: 2 });
      await runAt(DUE + 4 * MINUTE);
      const sent = (await queued()).map(({ siteId }) => siteId);
      expect(sent.toSorted()).toEqual(sites.toSorted());
      await write('ScheduleTable', [waiting({ siteId: 'fresh', id: 'b', dueAt: DUE + 5 * MINUTE })]);
      await runKilledBy('deadly', DUE + 5 * MINUTE);
      expect((await queued()).map(({ siteId }) => siteId)).toEqual(['fresh']);
    });
    const named = entries.filter(({ siteId, level }) => siteId === 'deadly' && level !== 'info');
    expect(named).toMatchObject([
      { level: 'warn', message: 'due item tried again: a run ended during its last attempt', attempts: 1 },
      { level: 'error', attempts: 2, reason: 'a run ended during each attempt' },
    ]);
    // When it does no harm any more, it goes out.
    await runAt(DUE + 10 * MINUTE);
    expect((await queued()).map(({ siteId }) => siteId)).toEqual(['deadly']);
    expect(isDone(await stored('deadly'))).toBe(true);
  });
});

describe('a service out of reach', () => {
  const RECURRING = { recurrence: { frequency: 'daily' } };
  const sites = ['one', 'two', 'three', 'four', 'five'];

  beforeEach(async () => {
    await putShops(sites.map((siteId) => shop(siteId)));
    await write('ScheduleTable', [
      ...sites.map((siteId) => waiting({ siteId })),
      // Still to come when the service is back: at 17:00, and the whole of this day.
      waiting({ siteId: 'one', id: 'at 17', activity: { date: '2027-03-15T17:00:00+01:00' } }),
      waiting({ siteId: 'one', id: 'all day', activity: { date: '2027-03-15' } }),
      waiting({ siteId: 'two', id: 'daily', changes: RECURRING }),
    ]);
  });

  test.each([
    ['the queue', () => sqs],
    ['the tables', () => dynamodb],
  ])(
    'for six hours: %s. Then all goes out by itself, what has begun is past, and nobody is blamed',
    async (_what, gate) => {
      const { entries } = await writtenDuring(async () => {
        await gate().shut();
        for (let run = 0; run < 12; run++)
          await expect(runAt(DUE + run * 30 * MINUTE)).rejects.toThrow('did not serve the request');
        await gate().open();
        for (const siteId of sites) expect((await stored(siteId))?.attempts).toBeUndefined();
        await runAt(DUE + 6 * HOUR);
      });
      expect((await queued()).map(nameOf).toSorted()).toEqual(['event all day', 'event at 17']);
      for (const siteId of sites) expect(isDone(await stored(siteId))).toBe(true);
      expect(await stored('two', 'daily')).toMatchObject({
        dueAt: '2027-03-16T07:30:00.000Z',
        occurrence: 1,
      });
      expect(Object.keys((await stored('two', 'daily')) ?? {})).not.toContain('attempts');
      expect(entries.filter(({ message, past }) => message === 'event due' && past === 1)).toHaveLength(6);
      expect(entries.filter(({ message }) => String(message).startsWith('site skipped'))).toEqual([]);
    },
    120_000,
  );

  test('for one site only (its part of a table is too busy): the others go out, and it is not blamed', async () => {
    beforeRequest = (command, input) => {
      if (command?.startsWith('BatchGet') && input.includes('-users"') && input.includes('"three"'))
        throw Object.assign(new Error('Slow down.'), { name: 'ProvisionedThroughputExceededException' });
    };
    await expect(runAt(DUE + 2 * MINUTE)).resolves.toMatchObject({ due: 7, isCutShort: false });
    expect(new Set((await queued()).map(({ siteId }) => siteId))).toEqual(
      new Set(['one', 'two', 'four', 'five']),
    );
    expect((await stored('three'))?.attempts).toBeUndefined();
    expect((await stored('three'))?.dueAt).toBe(new Date(DUE).toISOString());
    beforeRequest = () => undefined;
    await runAt(DUE + 3 * MINUTE);
    expect((await queued()).map(({ siteId }) => siteId)).toEqual(['three']);
  });
});

describe('a reminder that is dispatched too late is past', () => {
  const due = (iso: string) => ({ dueAt: Date.parse(iso) });

  test.each<[string, Fields, Fields, string, number]>([
    ['the activity has not begun', {}, {}, '2027-03-15T09:29:59+01:00', 1],
    ['the activity has begun', {}, {}, '2027-03-15T09:30:00+01:00', 0],
    ['at its beginning, within a minute', { remindMinutesBefore: 0 }, {}, '2027-03-15T09:31:00+01:00', 1],
    ['at its beginning, much later', { remindMinutesBefore: 0 }, {}, '2027-03-15T09:40:00+01:00', 0],
    ['a minute before, within two', { remindMinutesBefore: 1 }, {}, '2027-03-15T09:30:30+01:00', 1],
    ['the day lasts in Rome', {}, { date: '2027-03-15' }, '2027-03-15T22:59:59Z', 1],
    ['the day is over in Rome', {}, { date: '2027-03-15' }, '2027-03-15T23:00:00Z', 0],
  ])('%s', async (_what, changes, activity, at, messages) => {
    await putShops([shop('rome')]);
    await write('ScheduleTable', [
      waiting({ siteId: 'rome', ...due('2027-03-14T22:00:00Z'), changes, activity }),
    ]);
    await runAt(Date.parse(at));
    expect(await queued()).toHaveLength(messages);
    expect(isDone(await stored('rome'))).toBe(true);
  });

  test('in the time zone of its site', async () => {
    await putShops([shop('auckland', { timeZone: 'Pacific/Auckland' })]);
    const item = { siteId: 'auckland', ...due('2027-03-14T10:00:00Z'), activity: { date: '2027-03-15' } };
    await write('ScheduleTable', [waiting(item)]);
    // 15 March ends in Auckland at 11:00 UTC.
    await runAt(Date.parse('2027-03-15T11:00:00Z'));
    expect(await queued()).toEqual([]);
  });
});

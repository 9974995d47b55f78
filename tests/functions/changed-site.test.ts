/** What a merchant or the platform changes is in force for the next event, although functions remember the site. */
import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import type { Site } from '../../lib/store/sites.ts';
import { demoSite } from '../../local/demo.ts';
import { type App, startApp } from '../support/app.ts';
import { keyHash, template } from '../support/fixtures.ts';
import { type Gate, startGates } from '../support/gate.ts';
import { payload, payloadBy, payloadFor } from '../support/payloads.ts';
import { cartEvent, reminderEvent } from '../support/schedule.ts';

let app: App;
let dynamodb: Gate;
let sqs: Gate;
let count = 0;
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
beforeEach(async () => {
  await app.reset();
  // From here on the functions remember it.
  await report();
  await app.takeQueued();
});

const newId = () => `changed-${++count}`;
const report = (event: 'order-status' | 'message-sent' = 'order-status', body = payload(event)) =>
  app.report(event, { ...body, eventId: newId() });
const throughQueue = () =>
  app.receive('order-status', [{ ...payload('order-status', { eventId: newId() }), siteId: 'demo' }]);
/** As `updateSite` writes it, in another function. */
const change = (changes: Partial<Site>) =>
  app.stack.putSite({ ...demoSite(), ...changes, version: ++versions });

describe('an event after', () => {
  test.each<[string, Partial<Site>]>([
    ['the module was switched off', { moduleActive: false }],
    ['the integration was switched off', { active: false }],
  ])('%s: 403, through the queue nothing', async (_, changes) => {
    await change(changes);
    expect((await report()).status).toBe(403);
    await app.setSite();
    await report();
    await app.takeQueued();
    await change(changes);
    expect(await throughQueue()).toEqual([]);
    expect(await app.takeQueued()).toEqual([]);
  });

  test('its key was removed: 401, and the new key opens', async () => {
    await change({ keyHashes: [keyHash('pwtg_new')] });
    expect((await report()).status).toBe(401);
    const answer = await app.report('order-status', payload('order-status', { eventId: newId() }), {
      key: 'pwtg_new',
    });
    expect(answer.status).toBe(202);
  });

  test('its template was replaced: the new text', async () => {
    const text = { it: 'Nuovo testo' };
    await change({ templates: [template('order-status', 'new', { statuses: ['Evaso'], text })] });
    await report();
    await throughQueue();
    expect((await app.takeQueued()).map((message) => message.text)).toEqual(['Nuovo testo', 'Nuovo testo']);
  });

  test('its address was changed: links to the new one are taken, through the queue as well', async () => {
    const order = { ...(payload('order-status').order as object), url: 'https://nuovo.example/ordini/1' };
    const body = () => payload('order-status', { eventId: newId(), order });
    await change({ url: 'https://nuovo.example' });
    expect((await app.report('order-status', body())).status).toBe(202);

    await app.setSite();
    await report();
    await app.takeQueued();
    await change({ url: 'https://nuovo.example' });
    await app.receive('order-status', [{ ...body(), siteId: 'demo' }]);
    expect(await app.takeQueued()).toHaveLength(1);
  });

  test('its template was deleted: nobody gets it', async () => {
    await change({ templates: [] });
    expect((await report()).json.notifications).toEqual([
      { userId: 'anna', status: 'skipped', reason: 'no-template' },
    ]);
  });

  test('a group was allowed: who acts in it may', async () => {
    const body = payloadBy('message-sent', { id: 'carla', groups: ['Agenti'] });
    await change({ telegramGroups: ['Altri'] });
    const [first] = (await report('message-sent', body)).json.notifications;
    await change({ telegramGroups: ['Agenti'] });
    const [second] = (await report('message-sent', body)).json.notifications;
    expect([first.reason, second.status]).toEqual(['sender-group-not-enabled', 'queued']);
  });

  test('the hours of carts were changed: the new ones', async () => {
    const event = () => cartEvent({ eventId: newId(), occurredAt: '2026-11-20T10:00:00+01:00' });
    await app.report('abandoned-cart', event());
    await change({ abandonedCartHours: 0.5 });
    await app.report('abandoned-cart', { ...event(), occurredAt: '2026-11-20T10:00:01+01:00' });
    const [cart] = (await app.stack.items('ScheduleTable')).filter(({ shard }) => shard !== undefined);
    expect(cart?.dueAt).toBe('2026-11-20T09:30:01.000Z');
  });

  test.each(['abandoned-cart', 'activity-reminder'] as const)(
    '%s, with the module off: 403, and nothing waits',
    async (event) => {
      const body =
        event === 'abandoned-cart' ? cartEvent({ eventId: newId() }) : reminderEvent({ eventId: newId() });
      await change({ moduleActive: false });
      expect((await app.report(event, body)).status).toBe(403);
      expect((await app.stack.items('ScheduleTable')).filter(({ shard }) => shard !== undefined)).toEqual([]);
    },
  );
});

test('a site that is changed again and again: never a 5xx but the one that asks to come again', async () => {
  let isOver = false;
  const changing = (async () => {
    while (!isOver) await change({});
  })();
  const statuses = new Set<number | undefined>();
  for (let round = 0; round < 40; round++) statuses.add((await report()).status);
  isOver = true;
  await changing;
  statuses.delete(503);
  expect([...statuses]).toEqual([202]);
});

test('an older item that was put back by hand serves, and is not read for every event', async () => {
  await change({});
  await report('message-sent');
  // As it was before its first change, and forgotten.
  await app.setSite();
  expect((await report('message-sent')).status).toBe(202);
  await dynamodb.open();
  expect((await report('message-sent')).status).toBe(202);
  expect(dynamodb.passed()).toBe(1);
});

test.each([
  // One read, and the queue.
  ['message-sent', 2],
  ['message-read', 2],
  ['activity-viewed', 2],
  ['file-upload', 2],
  ['file-access', 2],
  // What they say is remembered.
  ['order-status', 3],
  ['activity-status', 3],
] as const)(
  'a warm %s with one recipient costs %d calls, and as many where nothing is sent',
  async (event, calls) => {
    await app.report(event, payload(event, { eventId: newId() }));
    for (const recipient of ['anna', 'nobody']) {
      await dynamodb.open();
      await sqs.open();
      await app.report(event, payloadFor(event, { id: recipient }, { eventId: newId() }));
      expect(dynamodb.passed() + sqs.passed()).toBe(calls);
    }
  },
);

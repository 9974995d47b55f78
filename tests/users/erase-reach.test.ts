/**
 * Erasing a person reaches what waits in tables at once, drops what is in queues or dead letters when it is received or
 * redriven, and the history.
 */
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import type { Notification } from '../../lib/deliveries/notification.ts';
import { encryptToken } from '../../lib/telegram/token-encryption.ts';
import { type App, startApp } from '../support/app.ts';
import { saysErased } from '../support/erased.ts';
import { details } from '../support/fixtures.ts';
import { endLater, later } from '../support/later.ts';
import { writtenDuring } from '../support/log-lines.ts';
import { payloadFor } from '../support/payloads.ts';
import { cartEvent, pollDue, reminderEvent } from '../support/schedule.ts';
import { eventBatch, notification, record } from '../support/sqs-events.ts';

let app: App;
beforeAll(async () => {
  app = await startApp({ telegram: 'emulator', forDeliveries: true });
});
afterAll(() => app.close());
beforeEach(async () => {
  await app.stack.empty('UsersTable');
  await app.stack.empty('DeliveriesTable');
  await app.reset();
});
afterEach(endLater);

const ANNA = 1001;
const erase = async (userId = 'anna') => app.call('DELETE', `/v1/sites/demo/users/${userId}`);
const deliver = (...messages: Notification[]) => app.deliver(messages.map((message) => record(message)));
const now = () => new Date(Date.now()).toISOString();
const letter = (number: number, changes: Partial<Notification> = {}) =>
  notification({ text: `anna ${number}`, acceptedAt: now(), ...changes });

/** No bot works: what is delivered waits in the table. */
const withoutToken = () =>
  app.setSite({
    bot: { id: '100', username: 'demo_shop_bot', sealedToken: encryptToken('100:wrong', 'demo') },
  });

/** The person opens a new link, as somebody new. */
async function linkAnew(userId = 'anna', chatId = ANNA): Promise<void> {
  const { linkChat } = await import('../../lib/users/link-chat.ts');
  const given = details(userId, { firstName: 'Nuova', claimedAt: now(), createdAt: now() });
  expect(await linkChat(app.site, given, { id: chatId }, 'deep-link', given.linkId)).toMatchObject({
    kind: 'linked',
  });
  await app.takeQueued();
}

/** Everything in the tables that names the person, but when they were erased. */
async function named(userId = 'anna'): Promise<string[]> {
  const tables = ['UsersTable', 'LinksTable', 'ScheduleTable', 'DeliveriesTable', 'WaitingTable'];
  const items = (await Promise.all(tables.map((table) => app.stack.items(table)))).flat();
  return items
    .filter((item) => !saysErased(item))
    .map((item) => JSON.stringify(item))
    .filter((item) => item.includes(userId));
}

describe('what waits in tables, at once', () => {
  test('the messages of that person in every chat, not those of others; the count of the lane follows', async () => {
    await linkAnew('anna', 4001);
    await app.setUser('anna2', { chatId: 4002 });
    await withoutToken();
    const others = [notification({ userId: 'bruno', text: 'bruno' }), letter(9, { userId: 'anna2' })];
    await deliver(letter(1), ...others, letter(2), letter(3, { chatId: 4001 }));
    expect(await app.stack.lane()).toMatchObject({ count: 5 });

    const { json } = await erase();

    expect(json.erased).toMatchObject({ users: 1, waiting: 3 });
    expect(await app.stack.waitingNotifications()).toEqual(expect.arrayContaining(others));
    expect(await app.stack.waiting()).toHaveLength(2);
    expect(await app.stack.lane()).toMatchObject({ count: 2, mode: 'all' });
  });

  test('those of a paused chat, and the drain goes on with the others', async () => {
    const body = { parameters: { retry_after: 30 }, chatId: ANNA, times: 1 };
    await app.telegram.refuse(429, 'Too Many Requests: retry after 30', body);
    await deliver(letter(1), letter(2));
    expect((await app.stack.waiting()).map(({ key }) => key.slice(0, 7))).toEqual(['p#1001#', 'p#1001#']);

    await erase();

    expect(await app.stack.waiting()).toEqual([]);
    await app.drainLater();
    expect(await app.stack.lane()).toBeUndefined();
    await deliver(notification({ userId: 'bruno', text: 'bruno' }));
    expect(await app.telegram.textsIn(1002)).toContain('bruno');
    expect(await named()).toEqual([]);
  });

  test('a drain that works at the same moment ends with an empty lane, and counts nobody twice for long', async () => {
    await withoutToken();
    await deliver(letter(1), letter(2), notification({ userId: 'bruno', text: 'bruno' }));
    await app.setSite();
    later(60_000);

    await Promise.all([app.drain(), erase()]);
    later(80_000);
    await app.drain();
    await app.drain();

    expect(await app.stack.items('WaitingTable')).toEqual([]);
    expect(await app.telegram.textsIn(1002)).toEqual(['bruno']);
  });

  test('a message that is parked a moment after the erasure: dropped by the drain, with its record', async () => {
    await withoutToken();
    const message = letter(1);
    const { readDeliveryFacts } = await import('../../lib/deliveries/delivery-facts.ts');
    const { park } = await import('../../lib/deliveries/park.ts');
    await readDeliveryFacts([message]);
    await erase();
    const hold = { kind: 'hold', scope: 'bot', reason: 'rate-limit', until: Date.now() } as const;
    await park(
      [{ notification: message, receives: 1, sequenceNumber: '1', chat: '1001', hold, isNew: true }],
      new Map(),
    );
    expect(await named()).not.toEqual([]);
    await app.setSite();

    await app.drainLater();

    expect(await app.telegram.textsIn(ANNA)).toEqual([]);
    expect(await named()).toEqual([]);
  });

  test('the owner of a cart, and one of several recipients of a reminder, also while another one is erased', async () => {
    await app.report('abandoned-cart', cartEvent());
    const carla = { id: 'carla', firstName: 'Carla', lastName: 'Verdi' };
    const recipients = [{ id: 'anna' }, { id: 'bruno' }, carla];
    await app.report('activity-reminder', reminderEvent({ creator: { id: 'anna' }, recipients }));

    await Promise.all([erase('anna'), erase('bruno')]);

    const [reminder, ...others] = await app.stack.items('ScheduleTable');
    expect(others).toEqual([]);
    expect(JSON.parse(String(reminder?.event))).toMatchObject({ recipients: [carla] });
    expect(String(reminder?.event)).not.toMatch(/anna|bruno/);
    await pollDue('activity-reminder', '2027-03-15T08:30:00.000+01:00');
    expect((await app.takeQueued()).map(({ userId }) => userId)).toEqual(['carla']);
  });

  test('pending link tokens: one that the index shows too late links nobody', async () => {
    const { linkChat } = await import('../../lib/users/link-chat.ts');
    const old = details('anna', { createdAt: now(), claimedAt: now() });
    later(5);
    await erase();
    later(5);

    expect(await linkChat(app.site, old, { id: ANNA }, 'deep-link', old.linkId)).toEqual({
      kind: 'outdated',
    });
    expect(await app.call('GET', '/v1/sites/demo/users/anna')).toMatchObject({ status: 404 });
    await linkAnew();
    expect((await app.call('GET', '/v1/sites/demo/users/anna')).json).toMatchObject({ linked: true });
  });
});

describe('what is in queues or dead letters', () => {
  test('a message that was accepted before is dropped when it is received, with its own reason and no record', async () => {
    const old = letter(1);
    await deliver(letter(0));
    await erase();

    const { entries, metrics } = await writtenDuring(() => deliver(old));

    expect(await named()).toEqual([]);
    expect(await app.telegram.textsIn(ANNA)).toEqual(['anna 0']);
    expect(entries).toContainEqual(expect.objectContaining({ message: 'skipped', reason: 'erased' }));
    expect(JSON.stringify(entries)).not.toContain('"anna"');
    expect(metrics).toContainEqual(expect.objectContaining({ Skipped: 1, reason: 'erased' }));
  });

  test('linked anew with the same id while an old message still waits: the old one is not sent, a new one is', async () => {
    const old = letter(1);
    later(10);
    await erase();
    later(10);
    await linkAnew();
    later(10);
    const fresh = letter(2);

    expect(await deliver(old, fresh)).toEqual([]);

    expect(await app.telegram.textsIn(ANNA)).toEqual(['anna 2']);
    expect(await app.findDelivery(old)).toBeUndefined();
    expect(await app.findDelivery(fresh)).toMatchObject({ status: 'sent' });
  });

  test('behind a lane: it is dropped, and not parked', async () => {
    await withoutToken();
    await deliver(notification({ userId: 'bruno' }));
    const old = letter(1);
    await erase();

    expect(await deliver(old)).toEqual([]);

    expect(await app.stack.waiting()).toHaveLength(1);
    expect(await named()).toEqual([]);
  });

  test('erased twice, linked anew in between: what came in between is dropped too', async () => {
    await erase();
    later(10);
    await linkAnew();
    later(10);
    const between = letter(1);
    later(10);
    await erase();
    later(10);
    await linkAnew();

    await deliver(between);

    expect(await app.telegram.textsIn(ANNA)).toEqual([]);
  });

  test('a renamed person: what was accepted under the former id, also if somebody else has that id now', async () => {
    const underFormer = letter(1);
    later(10);
    await app.call('POST', '/v1/sites/demo/users/anna/rename', { body: { userId: 'anna-nuova' } });
    later(10);
    await linkAnew('anna', 1002);
    later(10);
    const forTheOther = letter(2);
    later(10);
    await erase('anna-nuova');

    await deliver(underFormer, forTheOther);

    expect(await app.telegram.textsIn(ANNA)).toEqual([]);
    expect(await app.telegram.textsIn(1002)).toEqual(['anna 2']);
    expect(await app.findDelivery(underFormer)).toBeUndefined();
    expect(await named('anna-nuova')).toEqual([]);
  });

  test('waiting messages of somebody who had the id before stay, and reach them', async () => {
    await withoutToken();
    const forTheFormer = letter(1);
    await deliver(forTheFormer);
    later(10);
    await app.call('POST', '/v1/sites/demo/users/anna/rename', { body: { userId: 'anna-nuova' } });
    later(10);
    await linkAnew('anna', 1002);

    await erase('anna');

    expect(await app.stack.waiting()).toHaveLength(1);
    await app.setSite();
    await app.drainLater();
    expect(await app.telegram.textsIn(ANNA)).toEqual(['anna 1']);
  });

  test('an event that was put into its queue before: nothing is sent or stored, one reported after counts', async () => {
    const event = (eventId: string) => ({
      siteId: 'demo',
      ...payloadFor('message-sent', { id: 'anna', firstName: 'Vecchio-nome' }),
      eventId,
    });
    const cart = { siteId: 'demo', ...cartEvent() };
    const both = [{ id: 'anna', firstName: 'Vecchio-nome' }, { id: 'bruno' }];
    const reminder = { siteId: 'demo', ...reminderEvent({ recipients: both, creator: { id: 'anna' } }) };
    const batches = {
      'message-sent': eventBatch('message-sent', [event('before')]),
      'abandoned-cart': eventBatch('abandoned-cart', [cart]),
      'activity-reminder': eventBatch('activity-reminder', [reminder]),
    };
    later(10);
    await erase();
    later(10);
    await linkAnew();
    later(10);

    for (const [name, batch] of Object.entries(batches))
      expect(await app.invoke(name, batch)).toEqual({ batchItemFailures: [] });

    expect(await app.takeQueued()).toEqual([]);
    const scheduled = JSON.stringify(await app.stack.items('ScheduleTable'));
    expect(scheduled).not.toMatch(/anna|Vecchio/);
    expect(scheduled).toContain('bruno');
    expect(await app.findUser('anna')).toMatchObject({ firstName: 'Nuova' });
    expect(await app.receive('message-sent', [event('after')])).toEqual([]);
    expect((await app.takeQueued()).map(({ eventId }) => eventId)).toEqual(['after']);
    // Also where it happened before: whoever reports it means the person who has the id now.
    const late = { ...payloadFor('message-sent', { id: 'anna' }), occurredAt: '2026-11-01T10:00:00+01:00' };
    expect((await app.report('message-sent', { ...late, eventId: 'late' })).json).toMatchObject({
      notifications: [{ status: 'queued' }],
    });
  });

  test('a dead letter of an event keeps the time when it was sent first, however often it is redriven', async () => {
    const { redriveEvents } = await import('../../lib/events/redrive-events.ts');
    const { SendMessageCommand, ReceiveMessageCommand } = await import('@aws-sdk/client-sqs');
    const { sqs } = app.stack.aws;
    const url = (queue: string) => app.stack.refs.get(queue) ?? '';
    const [queueUrl, deadLettersUrl] = [url('MessageSentQueue'), url('MessageSentDeadLetterQueue')];
    const body = JSON.stringify({
      siteId: 'demo',
      ...payloadFor('message-sent', { id: 'anna' }),
      eventId: 'dead',
    });
    const first = Date.now();
    await sqs.send(new SendMessageCommand({ QueueUrl: deadLettersUrl, MessageBody: body }));
    later(3_600_000);
    await erase();
    await linkAnew();
    later(3_600_000);

    expect(await redriveEvents({ sqs, queueUrl, deadLettersUrl, onProgress: () => undefined })).toEqual({
      requeued: 1,
      hidden: 0,
      tooLarge: 0,
    });

    const request = { QueueUrl: queueUrl, MessageAttributeNames: ['All'] };
    const { Messages: [message] = [] } = await sqs.send(new ReceiveMessageCommand(request));
    const sentAt = message?.MessageAttributes?.['passweb-telegram-sent-at']?.StringValue ?? '';
    expect(Number(sentAt)).toBeGreaterThanOrEqual(first);
    expect(Number(sentAt)).toBeLessThan(first + 3_600_000);
    const batch = eventBatch('message-sent', [body]);
    for (const each of batch.Records)
      each.messageAttributes = { 'passweb-telegram-sent-at': { dataType: 'String', stringValue: sentAt } };
    expect(await app.invoke('message-sent', batch)).toEqual({ batchItemFailures: [] });
    expect(await app.takeQueued()).toEqual([]);
  });
});

describe('and the history', () => {
  test('is erased with the person; what a running function recorded late goes in the next night', async () => {
    const sent = letter(1);
    await deliver(sent);
    expect((await erase()).json.erased.deliveries).toBe(1);
    const { recordDelivery } = await import('../../lib/store/deliveries.ts');
    const { siteId, deliveryId, userId, event, eventId, templateId } = sent;
    const facts = { siteId, deliveryId, userId, event, eventId, templateId, attempts: 1 };
    const recordedAt = now();
    await recordDelivery({ ...facts, recordedAt, status: 'sent', messageId: 1, chatId: ANNA });
    expect(await named()).toHaveLength(1);

    await retain(Date.now() + 12 * 3_600_000);

    expect(await named()).toEqual([]);
    // Until nothing can come any more.
    expect(await app.stack.findUser('demo', 'anna')).toMatchObject({ renamed: { erased: true } });
    await retain(Date.now() + 31 * 24 * 3_600_000);
    expect(await app.stack.findUser('demo', 'anna')).toBeUndefined();
  });

  test('a person whom only a queue knows is erased all the same, and 404 says that nothing was kept', async () => {
    const batch = eventBatch('message-sent', [
      { siteId: 'demo', ...payloadFor('message-sent', { id: 'mai-visto' }), eventId: 'unknown' },
    ]);
    later(10);
    expect((await erase('mai-visto')).status).toBe(404);
    later(10);
    await linkAnew('mai-visto', 1002);

    await app.invoke('message-sent', batch);

    expect(await app.takeQueued()).toEqual([]);
  });

  async function retain(now: number): Promise<void> {
    const { runRetention } = await import('../../lib/users/retention.ts');
    const pause = async () => {};
    const summary = await runRetention({
      now,
      retentionDays: 365,
      remainingMilliseconds: () => 900_000,
      pause,
    });
    expect(summary).toMatchObject({ failed: 0 });
  }
});

test('what the bot asks for with /scollega, and the retention, reach what waits too', async () => {
  const { forget } = await import('../../lib/users/unlink.ts');
  await withoutToken();
  await deliver(letter(1));

  expect(await forget({ siteId: 'demo', userId: 'anna' }, { siteId: 'demo', chatId: ANNA })).toBe(true);

  expect(await app.stack.waiting()).toEqual([]);
  expect(await named()).toEqual([]);
  const { eraseAbsent } = await import('../../lib/store/erase.ts');
  const { newUser } = await import('../../lib/store/user.ts');
  await deliver(notification({ userId: 'bruno' }));
  later(10);
  await eraseAbsent(
    { siteId: 'demo', userId: 'bruno' },
    (user) => ({ ...newUser(user), version: user.version }),
    Date.now(),
  );
  expect(await app.stack.waiting()).toEqual([]);
});

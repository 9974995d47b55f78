/** A user or a site that changed while a message waited in the queue: nothing is sent, and the record says why. */
import { afterAll, beforeAll, beforeEach, expect, test } from '@jest/globals';
import type { Site } from '../../lib/store/sites.ts';
import type { StoredUser } from '../../lib/store/stored-user.ts';
import { type App, startApp } from '../support/app.ts';
import { notification, record } from '../support/sqs-events.ts';

let app: App;
beforeAll(async () => {
  app = await startApp({ telegram: 'emulator', forDeliveries: true });
});
afterAll(() => app.close());
beforeEach(() => app.reset());

const anna = { siteId: 'demo', userId: 'anna', chatId: 1001, siteChat: 'demo#1001' };
const unreachable = { reason: 'Forbidden: bot was blocked by the user', since: '2026-11-22T10:00:00.000Z' };

test.each<[string, string, Partial<StoredUser>]>([
  ['opted out', 'opted-out', { optedOut: true }],
  ['muted this event', 'muted', { mutedEvents: ['file-upload', 'order-status'] }],
  ['blocked the bot', 'unreachable', { unreachable }],
  ['opted out and blocked the bot', 'opted-out', { optedOut: true, unreachable }],
])('a user who %s', async (_, reason, changes) => {
  await app.stack.putUser({ ...anna, ...changes });
  await expectSkipped(reason);
});

test('a user who has started the bot before this one', async () => {
  await app.stack.putUser({ ...anna, botId: '99' });
  await expectSkipped('not-linked');
});

test('a user whose link is gone', async () => {
  await app.stack.putUser({ siteId: 'demo', userId: 'anna' });
  await expectSkipped('not-linked');
});

test('a user who was never known', async () => {
  await expectSkipped('not-linked', 'never-there');
});

test.each<[string, Partial<Site>]>([
  ['whose module was switched off', { moduleActive: false }],
  ['whose merchant switched the integration off', { active: false }],
])('a site %s', async (_, changes) => {
  await app.setSite(changes);
  await expectSkipped('site-inactive');
});

test('a site that is gone: nothing is kept of what was for it, also not why it was dropped', async () => {
  const message = notification({ siteId: 'never-there' });

  expect(await app.deliver([record(message)])).toEqual([]);

  expect(await app.findDelivery(message)).toBeUndefined();
  expect(await app.telegram.calls()).toEqual([]);
});

test('a user who muted another event gets this one', async () => {
  await app.stack.putUser({ ...anna, mutedEvents: ['file-upload'] });

  await app.deliver([record(notification())]);

  expect(await app.telegram.textsIn(1001)).toHaveLength(1);
});

test('a user who opts out between two attempts gets nothing more', async () => {
  await app.telegram.fault({ status: 500, times: 1 });
  const message = notification();
  await app.deliver([record(message)]);
  await app.stack.putUser({ ...anna, optedOut: true });

  await app.drainLater();

  expect(await app.telegram.textsIn(1001)).toEqual([]);
  expect(await app.findDelivery(message)).toMatchObject({
    status: 'skipped',
    reason: 'opted-out',
    attempts: 2,
  });
});

test('the others of the batch get theirs', async () => {
  await app.stack.putUser({ ...anna, optedOut: true });
  const [skipped, sent] = [notification(), notification({ userId: 'bruno' })];

  expect(await app.deliver([record(skipped), record(sent)])).toEqual([]);

  expect(await app.findDelivery(sent)).toMatchObject({ status: 'sent' });
  expect(await app.telegram.textsIn(1002)).toHaveLength(1);
});

async function expectSkipped(reason: string, userId = 'anna'): Promise<void> {
  const messages = [notification({ userId }), notification({ userId })];

  expect(await app.deliver(messages.map((message) => record(message)))).toEqual([]);

  for (const message of messages)
    expect(await app.findDelivery(message)).toMatchObject({ status: 'skipped', reason, attempts: 1 });
  expect(JSON.stringify(await app.findDelivery(messages[0] ?? notification()))).not.toContain(
    'parola-segreta',
  );
  expect(await app.telegram.calls()).toEqual([]);
}

/** What a person wants to get in a chat, and whether the chat can be reached. */
import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import { reachableChats } from '../../lib/deliveries/skip-reason.ts';
import { EVENT_NAMES } from '../../lib/domain/events.ts';
import type { StoredUser } from '../../lib/store/stored-user.ts';
import type { User } from '../../lib/store/user.ts';
import { type App, startApp } from '../support/app.ts';

let app: App;
let settings: typeof import('../../lib/users/settings.ts');
let findUser: typeof import('../../lib/store/users.ts').findUser;
let findUsersOfChat: typeof import('../../lib/store/chats.ts').findUsersOfChat;

beforeAll(async () => {
  app = await startApp({ telegram: 'server' });
  settings = await import('../../lib/users/settings.ts');
  ({ findUser } = await import('../../lib/store/users.ts'));
  ({ findUsersOfChat } = await import('../../lib/store/chats.ts'));
});
afterAll(() => app.close());

// As the former release has stored her.
const stored: StoredUser = { siteId: 'demo', userId: 'anna', chatId: 1001, siteChat: 'demo#1001' };
const chat = { siteId: 'demo', chatId: 1001 };
beforeEach(() => app.stack.putUser(stored));

async function now(): Promise<User> {
  const user = await findUser('demo', 'anna');
  if (!user) throw new Error('Anna is gone.');
  return user;
}
const why = async (event = 'order-status') => reachableChats(await now(), event, undefined).reason;
const at = () => new Date().toISOString();
const stop = async () => settings.stopChat(chat, [await now()], at());
const resume = async (withShop = false) => settings.resumeChat(chat, [await now()], at(), { withShop });

describe('findUsersOfChat', () => {
  test('finds who was linked by another hand, such as demo data', async () => {
    expect(await findUsersOfChat(chat)).toMatchObject([{ userId: 'anna' }]);
  });

  test('nobody', async () => {
    expect(await findUsersOfChat({ siteId: 'demo', chatId: 4040 })).toEqual([]);
    expect(await findUsersOfChat({ siteId: 'altro', chatId: 1001 })).toEqual([]);
  });

  test('not whom the index still knows, but who has left the chat', async () => {
    await app.stack.putUser({ ...stored, chatId: 1099 });
    expect(await findUsersOfChat(chat)).toEqual([]);
  });
});

describe('stopping', () => {
  test('nothing is sent to the chat any more, and it is known since when', async () => {
    await stop();
    expect((await now()).chats).toMatchObject([{ chatId: 1001, stopped: { at: expect.any(String) } }]);
    // What the former release has to know, while a deployment runs.
    expect(await app.findUser('anna')).toMatchObject({ optedOut: true, optedOutBy: 'user' });
    expect(await why()).toBe('opted-out');
  });

  test('a second time counts: a /start between the two, which comes late, brings nothing back', async () => {
    await settings.stopChat(chat, [await now()], '2026-11-22T10:00:00.000Z');
    await settings.stopChat(chat, [await now()], '2026-11-22T12:00:00.000Z');
    await settings.resumeChat(chat, [await now()], '2026-11-22T11:00:00.000Z', { withShop: true });
    expect((await now()).chats).toMatchObject([{ stopped: { at: '2026-11-22T12:00:00.000Z' } }]);
  });

  test('and back again', async () => {
    await stop();
    await resume();
    expect(await why()).toBeUndefined();
    expect(await app.findUser('anna')).not.toHaveProperty('optedOut');
  });

  test('the shop’s opt-out stays, until the person has said yes to that', async () => {
    await app.stack.putUser({ ...stored, optedOut: true, optedOutBy: 'site' });
    await stop();
    await resume();
    expect(await why()).toBe('opted-out');
    await resume(true);
    expect(await why()).toBeUndefined();
  });

  test('in one chat leaves the other chats of the user', async () => {
    await app.stack.putUser({ ...stored, moreChats: [{ chatId: 1002, ownIds: true }] });
    await stop();
    expect(reachableChats(await now(), 'order-status', undefined).links).toMatchObject([{ chatId: 1002 }]);
  });

  test('somebody who was erased does not come back by it', async () => {
    const gone = { ...(await now()), userId: 'cancellata' };
    await settings.stopChat(chat, [gone], at());
    await settings.resumeChat(chat, [gone], at(), { withShop: true });
    await settings.setMuted(gone, 'order-status', true);
    await settings.renewLinks(chat, [gone], { botId: '1', username: 'x' });
    expect(await app.findUser('cancellata')).toBeUndefined();
  });
});

describe('muting', () => {
  test('one kind of event, and no other', async () => {
    expect((await settings.setMuted(await now(), 'order-status', true)).mutedEvents).toEqual([
      'order-status',
    ]);
    expect(await why()).toBe('muted');
    expect(await why('file-access')).toBeUndefined();
    expect((await settings.setMuted(await now(), 'order-status', false)).mutedEvents).toEqual([]);
    expect(await why()).toBeUndefined();
  });

  test('twice is once', async () => {
    await settings.setMuted(await now(), 'order-status', true);
    const user = await settings.setMuted(await now(), 'order-status', true);
    expect(user.mutedEvents).toEqual(['order-status']);
  });

  test('all at the same instant: none is lost', async () => {
    const anna = await now();
    await Promise.all(EVENT_NAMES.map((event) => settings.setMuted(anna, event, true)));
    expect((await now()).mutedEvents?.toSorted()).toEqual([...EVENT_NAMES].sort());
  });
});

describe('blocking', () => {
  test('makes unreachable, in Telegram’s words, until they return', async () => {
    const at = Date.now() - 60_000;
    await settings.markBlocked(chat, { id: '100' }, at);
    expect((await now()).chats[0]?.unreachable).toEqual({
      reason: 'Forbidden: bot was blocked by the user',
      since: new Date(at).toISOString(),
      botId: '100',
    });
    expect(await why()).toBe('unreachable');
    await settings.markReturned(chat, { id: '100' });
    expect(await why()).toBeUndefined();
  });

  test('is the chat’s matter: it concerns all its users, and none of their other chats', async () => {
    const shared = { siteId: 'demo', siteChat: 'demo#1001' };
    await app.stack.putUser({ ...shared, userId: 'condivisa', chatId: 1001, moreChats: [{ chatId: 1099 }] });
    await settings.markBlocked(chat, { id: '100' }, Date.now());
    expect(await why()).toBe('unreachable');
    const other = await findUser('demo', 'condivisa');
    expect(reachableChats(other, 'order-status', undefined).links).toMatchObject([{ chatId: 1099 }]);
  });

  test('a chat that the user has left changes nothing', async () => {
    await settings.markBlocked({ ...chat, chatId: 999 }, { id: '100' }, Date.now());
    expect(await why()).toBeUndefined();
  });

  test('coming back after a block does not undo an opt-out', async () => {
    await app.stack.putUser({ ...stored, optedOut: true, optedOutBy: 'site' });
    await settings.markBlocked(chat, { id: '100' }, Date.now());
    await settings.markReturned(chat, { id: '100' });
    expect(await why()).toBe('opted-out');
  });
});

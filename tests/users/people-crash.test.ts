/** Unlinking, erasing, renaming, migrating: each dies at every request to the tables, and goes on when it is repeated. */
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import type { User } from '../../lib/store/user.ts';
import { type App, startApp } from '../support/app.ts';
import { saysErased } from '../support/erased.ts';
import { details } from '../support/fixtures.ts';
import { type Gate, startGate } from '../support/gate.ts';

let app: App;
let tables: Gate;
let lib: Awaited<ReturnType<typeof load>>;

async function load() {
  return {
    ...(await import('../../lib/users/link-chat.ts')),
    ...(await import('../../lib/users/unlink.ts')),
    ...(await import('../../lib/users/rename.ts')),
    ...(await import('../../lib/users/settings.ts')),
    ...(await import('../../lib/store/erase.ts')),
    ...(await import('../../lib/store/reachability.ts')),
    ...(await import('../../lib/store/users.ts')),
    ...(await import('../../lib/store/chats.ts')),
    ...(await import('../../lib/store/deliveries.ts')),
    ...(await import('../../lib/store/schedule.ts')),
    ...(await import('../../lib/store/waiting.ts')),
  };
}

beforeAll(async () => {
  app = await startApp({
    telegram: 'server',
    beforeLoading: async () => {
      tables = await startGate(process.env.AWS_ENDPOINT_URL_DYNAMODB ?? '');
      process.env.AWS_ENDPOINT_URL_DYNAMODB = tables.url;
    },
  });
  lib = await load();
});
afterAll(async () => {
  await app.close();
  await tables.close();
});

const siteId = 'demo';
let lastScene = 0;

/** A user with two chats, the second of which is shared with another user, with a log, a cart and an open link. */
async function scene() {
  lastScene += 1;
  const [userId, other] = [`persona-${lastScene}`, `altra-${lastScene}`];
  const [own, shared] = [20_000 + lastScene * 3, 20_001 + lastScene * 3];
  for (const [who, chatId] of [
    [userId, own],
    [userId, shared],
    [other, shared],
  ] as const) {
    const given = details(who, { companyName: `Nome-${who}` });
    await lib.linkChat(app.site, given, { id: chatId }, 'deep-link', given.linkId);
  }
  await app.call('POST', `/v1/sites/demo/users/${userId}/link`, { body: {} });
  const facts = { siteId, userId, event: 'order-status', eventId: 'e', templateId: 't', attempts: 1 };
  const recordedAt = '2026-11-22T10:00:00.000Z';
  await lib.recordDelivery({
    ...facts,
    deliveryId: `d-${userId}`,
    recordedAt,
    status: 'skipped',
    reason: 'muted',
  });
  const key = lib.cartKey(siteId, userId);
  const event = JSON.stringify({ eventId: 'e', cart: { id: `c-${userId}` }, user: { id: userId } });
  const registered = {
    ...key,
    eventId: 'e',
    occurredAt: recordedAt,
    cartId: `c-${userId}`,
    event,
    occurrence: 0,
  };
  const item = { ...registered, shard: lib.shardOf('cart', key), dueAt: '2027-01-01T00:00:00.000Z' };
  await lib.register(item, { now: recordedAt });
  await lib.rememberCart(siteId, `c-${userId}`, { userId, abandonedAt: recordedAt });
  const body = JSON.stringify({ userId, acceptedAt: recordedAt });
  const waiting = { siteId, body, attempts: 1, deliveryId: `w-${userId}` };
  await lib.putWaiting([
    { ...waiting, sequenceNumber: '1', pausedChat: undefined },
    { ...waiting, sequenceNumber: '2', pausedChat: String(own) },
  ]);
  return { userId, other, own, shared, key: { siteId, userId } };
}
type Scene = Awaited<ReturnType<typeof scene>>;

/** Runs the work on new scenes, with the tables gone after each number of requests, and then once more. */
async function diesAnywhere(
  work: (scene: Scene) => Promise<unknown>,
  expectDone: (scene: Scene) => Promise<void>,
  between: (scene: Scene) => Promise<void> = async () => undefined,
): Promise<void> {
  const whole = await scene();
  await tables.open();
  await work(whole);
  const requests = tables.passed();
  await expectDone(whole);
  expect(requests).toBeGreaterThan(2);
  for (let after = 0; after < requests; after++) {
    const broken = await scene();
    tables.shutAfter(after);
    await expect(work(broken)).rejects.toMatchObject({ name: 'ServiceUnreachableError' });
    await tables.open();
    await between(broken);
    await work(broken);
    await expectDone(broken);
  }
}

const usersOf = async (chatId: number) =>
  (await lib.findUsersOfChat({ siteId, chatId })).map(({ userId }) => userId);
const chatsOf = (user: User | undefined) => user?.chats.map(({ chatId }) => chatId);

/** All that the tables hold, as text. */
async function everything(): Promise<string> {
  const names = ['UsersTable', 'LinksTable', 'ScheduleTable', 'DeliveriesTable', 'WaitingTable'];
  const items = (await Promise.all(names.map((table) => app.stack.items(table)))).flat();
  return JSON.stringify(items.filter((item) => !saysErased(item)));
}

/** Whoever has a chat is named there, at any time: a `/stop` in it reaches them. */
async function expectFoundInChats(userIds: string[]): Promise<void> {
  for (const userId of userIds) {
    const user = await lib.findUser(siteId, userId);
    for (const chatId of chatsOf(user) ?? []) expect(await usersOf(chatId)).toContain(userId);
  }
}

test('unlinking', async () => {
  await diesAnywhere(
    ({ key, shared }) => lib.endLinks(key, shared),
    async ({ key, other, own, shared }) => {
      expect(chatsOf(await lib.findUser(siteId, key.userId))).toEqual([own]);
      expect(await usersOf(shared)).toEqual([other]);
    },
    ({ userId, other }) => expectFoundInChats([userId, other]),
  );
});

test('erasing: nothing is left, and nothing of anybody else is gone', async () => {
  await diesAnywhere(
    ({ key }) => lib.eraseUser(key),
    async ({ userId, other, shared }) => {
      expect(await everything()).not.toMatch(new RegExp(`${userId}(?!\\d)`));
      expect(await usersOf(shared)).toEqual([other]);
    },
  );
});

test('what a person asks for with /scollega: a further tap goes on', async () => {
  const { nextUpdateId, webhookOf } = await import('../support/bot-updates.ts');
  const webhook = webhookOf(app);
  const tap = async ({ own }: Scene) => {
    const chat = { id: own, type: 'private' };
    const from = { id: own, is_bot: false, first_name: 'Zoe' };
    const message = { message_id: 1, date: 1, chat };
    const query = { id: `tap-${own}`, from, chat_instance: '1', data: 'forget', message };
    return webhook.call({ update_id: nextUpdateId(), callback_query: query });
  };
  /** A user whose only chat is their own. */
  const alone = async () => {
    const made = await scene();
    await lib.endLinks(made.key, made.shared);
    return made;
  };
  const expectErased = async ({ userId }: Scene) =>
    expect(await everything()).not.toMatch(new RegExp(`${userId}(?!\\d)`));

  const whole = await alone();
  await tables.open();
  expect((await tap(whole)).status).toBe(200);
  const requests = tables.passed();
  await expectErased(whole);
  for (let after = 0; after < requests; after++) {
    const broken = await alone();
    tables.shutAfter(after);
    await tap(broken);
    await tables.open();
    expect((await tap(broken)).status).toBe(200);
    await expectErased(broken);
  }
});

test('renaming: everything is there under the new id', async () => {
  await diesAnywhere(
    ({ key, userId }) => lib.renameUser(key, `nuova-${userId}`),
    async ({ userId, other, own, shared }) => {
      const to = `nuova-${userId}`;
      const user = await lib.findUser(siteId, to);
      expect(chatsOf(user)).toEqual([own, shared]);
      expect(user).toMatchObject({ companyName: `Nome-${userId}`, formerIds: [userId] });
      expect(await usersOf(own)).toEqual([to]);
      expect((await usersOf(shared)).sort()).toEqual([other, to]);
      expect(await lib.findUser(siteId, userId)).toBeUndefined();
      const log = await lib.findInLog({ siteId, userId: to, limit: 10 });
      expect(log.deliveries.map(({ deliveryId }) => deliveryId)).toEqual([`d-${userId}`]);
      const scheduled = (await app.stack.items('ScheduleTable')).filter(({ key }) =>
        String(key).includes(userId),
      );
      expect(scheduled.find(({ key }) => key === `cart#${to}`)).toMatchObject({
        event: expect.stringContaining(JSON.stringify(to)),
      });
      expect(scheduled.find(({ key }) => key === `cart-id#c-${userId}`)).toMatchObject({ userId: to });
      expect(scheduled).toHaveLength(2);
    },
    ({ userId, other }) => expectFoundInChats([userId, `nuova-${userId}`, other]),
  );
});

test('stopping a chat: afterwards none of its users gets anything there', async () => {
  await diesAnywhere(
    async ({ shared }) => {
      const chat = { siteId, chatId: shared };
      await lib.stopChat(chat, await lib.findUsersOfChat(chat), new Date().toISOString());
    },
    async ({ shared }) => {
      for (const user of await lib.findUsersOfChat({ siteId, chatId: shared }))
        expect(user.chats.find(({ chatId }) => chatId === shared)?.stopped).toBeDefined();
    },
  );
});

test('a group that became a supergroup', async () => {
  await diesAnywhere(
    ({ shared }) => lib.moveChat({ siteId, chatId: shared }, shared + 1),
    async ({ userId, other, own, shared }) => {
      expect(chatsOf(await lib.findUser(siteId, userId))).toEqual([own, shared + 1]);
      expect((await usersOf(shared + 1)).sort()).toEqual([other, userId].sort());
      expect(await usersOf(shared)).toEqual([]);
    },
    ({ userId, other }) => expectFoundInChats([userId, other]),
  );
});

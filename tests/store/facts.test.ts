import { PutCommand } from '@aws-sdk/lib-dynamodb';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { userKey } from '../../lib/domain/ids.ts';
import { type StoredUser, userFrom } from '../../lib/store/stored-user.ts';
import { type Stack, startStack } from '../support/stack.ts';

let stack: Stack;
let readFacts: typeof import('../../lib/store/facts.ts').readFacts;
let put: (table: string, item: object) => Promise<void>;

beforeAll(async () => {
  stack = await startStack();
  ({ readFacts } = await import('../../lib/store/facts.ts'));
  const { database } = await import('../../lib/aws/dynamodb.ts');
  put = async (table, Item) => {
    await database.send(new PutCommand({ TableName: stack.refs.get(table), Item }));
  };
});
afterAll(() => stack.close());

const users = async (siteId: string, userIds: string[]) =>
  new Map(
    [...(await readFacts({ users: userIds.map((userId) => ({ siteId, userId })) })).users].map(
      ([key, user]) => {
        expect(key).toBe(userKey(user));
        return [user.userId, user];
      },
    ),
  );

test('finds those users that are known, by id, with all that was stored', async () => {
  const anna: StoredUser = {
    siteId: 'a',
    userId: 'anna',
    chatId: 1001,
    firstName: 'Anna',
    mutedEvents: ['file-access'],
  };
  await stack.putUser(anna);
  await stack.putUser({ siteId: 'a', userId: 'bruno' });

  const found = await users('a', ['anna', 'nobody', 'bruno']);

  expect([...found.keys()].sort()).toEqual(['anna', 'bruno']);
  expect(found.get('anna')).toEqual(userFrom(anna));
});

test('none asked for is none found', async () => {
  expect((await users('a', [])).size).toBe(0);
});

test('finds more than DynamoDB gives at once', async () => {
  const ids = Array.from({ length: 250 }, (_, index) => `many-${index}`);
  await Promise.all(ids.map((userId) => stack.putUser({ siteId: 'a', userId })));
  expect([...(await users('a', ids)).keys()].sort()).toEqual(ids.toSorted());
});

test('looks in no other site', async () => {
  await stack.putUser({ siteId: 'b', userId: 'zoe', chatId: 9 });
  expect((await users('a', ['zoe'])).size).toBe(0);
  expect((await users('b', ['zoe'])).get('zoe')?.chats).toEqual([{ chatId: 9 }]);
});

test('tells users, deliveries, and what waits or is remembered from one another', async () => {
  const delivery = { siteId: 'c', deliveryId: 'd-1', userId: 'ugo', status: 'sent', messageId: 5 };
  const waiting = { siteId: 'c', key: 'cart#ugo', eventId: 'e', shard: 'cart-1', dueAt: '2026-11-25' };
  const owner = { siteId: 'c', key: 'cart-id#77', userId: 'ugo' };
  await stack.putUser({ siteId: 'c', userId: 'ugo', chatId: 3 });
  await put('DeliveriesTable', delivery);
  await put('ScheduleTable', waiting);
  await put('ScheduleTable', owner);
  await put('LinksTable', { token: 'chat#c#3', siteId: 'c', chatId: 3, userIds: ['ugo', 'ida'] });
  await put('LinksTable', { token: 'chat#c#4', siteId: 'c', userId: 'ada', displaced: ['eva'] });

  const facts = await readFacts({
    users: [{ siteId: 'c', userId: 'ugo' }],
    chats: [3, 4, 5].map((chatId) => ({ siteId: 'c', chatId })),
    deliveries: ['d-1', 'd-2'].map((deliveryId) => ({ siteId: 'c', deliveryId })),
    scheduled: [waiting, owner],
  });

  expect(facts).toEqual({
    users: new Map([['c\nugo', userFrom({ siteId: 'c', userId: 'ugo', chatId: 3 })]]),
    // The second is of the former release: its user, and those before them.
    chats: new Map([
      ['chat#c#3', ['ugo', 'ida']],
      ['chat#c#4', ['ada', 'eva']],
    ]),
    deliveries: new Map([['d-1', delivery]]),
    scheduled: new Map<string, object>([
      ['c\ncart#ugo', waiting],
      ['c\ncart-id#77', owner],
    ]),
    rateLimits: new Map(),
    siteVersions: new Map(),
    lanes: new Map(),
  });
});

test('finds the rate limits of bots, the latest versions and the lanes of sites, and reads once what is named twice', async () => {
  const lane = {
    siteId: 'd',
    key: 'lane',
    version: 2,
    mode: 'some',
    count: 1,
    paused: { 7: 5 },
    failures: 0,
  };
  await put('PacesTable', { botId: '100', version: 3, nextSlot: 7 });
  await put('SitesTable', { siteId: 'd#version', version: 4 });
  await put('WaitingTable', lane);
  await stack.putUser({ siteId: 'd', userId: 'ada' });
  const ada = { siteId: 'd', userId: 'ada' };

  const facts = await readFacts({
    ...{ users: [ada, { ...ada }], botIds: ['100', '200'], siteIds: ['d', 'e'], lanes: ['d', 'e', 'd'] },
  });

  expect(facts).toMatchObject({
    users: new Map([['d\nada', userFrom(ada)]]),
    rateLimits: new Map([['100', { botId: '100', version: 3, nextSlot: 7, chats: {}, pausedUntil: 0 }]]),
    siteVersions: new Map([['d', 4]]),
    lanes: new Map([['d', lane]]),
  });
});

test('finds a rate limit as the former release has written it', async () => {
  const former = { pausedUntil: 9, pausedToken: 'ending-of-a-token', lineEnd: 12 };
  await put('PacesTable', { botId: '300', version: 3, nextSlot: 7, chats: { 1: 8 }, ...former });

  const { rateLimits } = await readFacts({ botIds: ['300'] });

  expect(rateLimits.get('300')).toMatchObject({ version: 3, nextSlot: 7, chats: { 1: 8 }, pausedUntil: 9 });
});

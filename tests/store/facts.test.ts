import { PutCommand } from '@aws-sdk/lib-dynamodb';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import type { User } from '../../lib/store/users.ts';
import { type Stack, startStack } from '../support/stack.ts';

let stack: Stack;
let find: typeof import('../../lib/store/facts.ts').findEventFacts;
let put: (table: string, item: object) => Promise<void>;

beforeAll(async () => {
  stack = await startStack();
  ({ findEventFacts: find } = await import('../../lib/store/facts.ts'));
  const { database } = await import('../../lib/aws/dynamodb.ts');
  put = async (table, Item) => {
    await database.send(new PutCommand({ TableName: stack.refs.get(table), Item }));
  };
});
afterAll(() => stack.close());

const users = async (siteId: string, userIds: string[]) =>
  (await find(siteId, { userIds, deliveryIds: [] })).users;

test('finds those users that are known, by id, with all that was stored', async () => {
  const anna: User = {
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
  expect(found.get('anna')).toEqual(anna);
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
  expect((await users('b', ['zoe'])).get('zoe')?.chatId).toBe(9);
});

test('tells users, deliveries, what waits and whose cart it is from one another', async () => {
  const delivery = { siteId: 'c', deliveryId: 'd-1', userId: 'ugo', status: 'sent', messageId: 5 };
  const waiting = { siteId: 'c', key: 'cart#ugo', eventId: 'e', shard: 'cart-1', dueAt: '2026-11-25' };
  const owner = { siteId: 'c', key: 'cart-id#77', userId: 'ugo' };
  await stack.putUser({ siteId: 'c', userId: 'ugo', chatId: 3 });
  await put('DeliveriesTable', delivery);
  await put('ScheduleTable', waiting);
  await put('ScheduleTable', owner);

  const facts = await find('c', {
    userIds: ['ugo'],
    deliveryIds: ['d-1', 'd-2'],
    scheduleKeys: [waiting, owner],
  });

  expect(facts).toEqual({
    users: new Map([['ugo', { siteId: 'c', userId: 'ugo', chatId: 3 }]]),
    deliveries: new Map([['d-1', delivery]]),
    items: new Map([['cart#ugo', waiting]]),
    owners: new Map([['cart-id#77', 'ugo']]),
  });
});

/** What is known of the messages of a batch is read again for all of them together. */
import { afterAll, beforeAll, beforeEach, expect, test } from '@jest/globals';
import type { KnownFacts } from '../../lib/deliveries/known-facts.ts';
import type { Notification } from '../../lib/deliveries/notification.ts';
import type { Card } from '../../lib/store/cards.ts';
import { isOptedOutIn } from '../../lib/store/user.ts';
import { demoUsers } from '../../local/demo.ts';
import { type App, startApp } from '../support/app.ts';
import { type Gate, startGates } from '../support/gate.ts';
import { notification } from '../support/sqs-events.ts';

let app: App;
let dynamodb: Gate;
let sqs: Gate;
/** The users that each reading has asked for. */
let readings: string[][] = [];

beforeAll(async () => {
  app = await startApp({
    forDeliveries: true,
    beforeLoading: async (stack) => {
      ({ dynamodb, sqs } = await startGates(stack));
    },
  });
  const { database } = await import('../../lib/aws/dynamodb.ts');
  database.middlewareStack.add(
    (next, { commandName }) =>
      async (args) => {
        const { RequestItems = {} } = args.input as { RequestItems?: Record<string, { Keys: Key[] }> };
        const users = Object.entries(RequestItems).find(([table]) => table.endsWith('-users'));
        if (commandName === 'BatchGetItemCommand' && users)
          readings.push(users[1].Keys.map(({ userId }) => userId).toSorted());
        return next(args);
      },
    { step: 'initialize', name: 'readings' },
  );
});
afterAll(async () => {
  await Promise.all([dynamodb.close(), sqs.close()]);
  await app.close();
});
interface Key {
  userId: string;
}

let messages: [Notification, Notification, Notification];
let known: KnownFacts;
beforeEach(async () => {
  await Promise.all([dynamodb.open(), sqs.open()]);
  await app.reset();
  const { readDeliveryFacts } = await import('../../lib/deliveries/delivery-facts.ts');
  const classes = await import('../../lib/deliveries/known-facts.ts');
  const [anna, bruno, carla] = ['anna', 'bruno', 'carla'].map((userId) => notification({ userId }));
  if (!anna || !bruno || !carla) throw new Error('Three messages are needed.');
  messages = [anna, bruno, carla];
  known = new classes.KnownFacts(messages, await readDeliveryFacts(messages));
  readings = [];
});

const hasOptedOut = ({ user }: ReturnType<KnownFacts['of']>) => user !== undefined && isOptedOutIn(user, {});

async function optOut(): Promise<void> {
  const bruno = demoUsers().find(({ userId }) => userId === 'bruno');
  await app.stack.putUser({ ...bruno, optedOut: true } as Parameters<App['stack']['putUser']>[0]);
}

test('messages whose time comes soon after each other: one reading for all of them', async () => {
  const now = Date.now();
  const facts = await Promise.all(
    messages.map((message, index) => known.refresh(message, now + index * 100)),
  );
  expect(readings).toEqual([['anna', 'bruno', 'carla']]);
  expect(facts.map(({ user }) => user?.userId)).toEqual(['anna', 'bruno', 'carla']);
});

test('what was read for one of them counts for the others too', async () => {
  await optOut();
  await known.refresh(messages[0], Date.now());
  expect(hasOptedOut(known.of(messages[1]))).toBe(true);
});

test('a message that will be sent more than a second after the reading: another reading', async () => {
  await known.refresh(messages[0], Date.now());
  await optOut();
  expect(hasOptedOut(await known.refresh(messages[1], Date.now() + 1_001))).toBe(true);
  expect(readings).toHaveLength(2);
});

test('what became of an order’s message while something is read is not lost', async () => {
  const status = { kind: 'status' as const, key: 'order#1', at: '2026-01-01T00:00:00.000Z' };
  const about = { card: 'edit' as const, chatId: 1, about: [status] };
  const [first, second] = [notification({ userId: 'anna', ...about }), messages[1]];
  const { readDeliveryFacts } = await import('../../lib/deliveries/delivery-facts.ts');
  const { KnownFacts } = await import('../../lib/deliveries/known-facts.ts');
  const { cardKeyOf } = await import('../../lib/store/cards.ts');
  known = new KnownFacts([first, second], await readDeliveryFacts([first, second]));
  const reading = known.refresh(second, Date.now());
  // As if the card had been written right after it was read.
  const card = { ...cardKeyOf(first.siteId, 1, status.key), messageId: 7, statusAt: status.at };
  known.keepCard(card as Card);
  await reading;
  expect(known.of(first).card).toEqual(card);
});

test('nothing is read for a message that is finished', async () => {
  known.close(messages[1]);
  await known.refresh(messages[0], Date.now());
  expect(readings).toEqual([['anna', 'carla']]);
});

test('a reading that fails is not used again', async () => {
  await dynamodb.shut();
  await expect(known.refresh(messages[0], Date.now())).rejects.toThrow();
  await dynamodb.open();
  expect((await known.refresh(messages[0], Date.now())).user?.userId).toBe('anna');
});

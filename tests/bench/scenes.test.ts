/** How little the bundle asks of AWS for what it does most often: more calls would be more cost and more waiting. */
import { beforeAll, expect, test } from '@jest/globals';
import { type Measured, type Played, playScenes, type SceneName } from '../../bench/scenes.ts';

let scenes: Played['scenes'];
beforeAll(async () => {
  scenes = (await playScenes()).scenes;
});

const callsOf = ({ calls }: Measured) => [...calls.values()].reduce((sum, count) => sum + count, 0);

test('a warm event reads once and queues once, for one recipient as for ten', () => {
  const twoCalls = { BatchGetItem: 1, SendMessageBatch: 1 };
  expect(Object.fromEntries(scenes['message-sent'].calls)).toEqual(twoCalls);
  expect(Object.fromEntries(scenes.tenRecipients.calls)).toEqual(twoCalls);
});

test('one that nobody gets reads once, and writes its line', () => {
  expect(Object.fromEntries(scenes.nobody.calls)).toEqual({ BatchGetItem: 1, BatchWriteItem: 1 });
});

test.each<[SceneName, number]>([
  ['message-sent', 2],
  ['message-read', 2],
  ['activity-viewed', 2],
  ['file-upload', 2],
  ['file-access', 2],
  ['order-status', 3],
  ['activity-status', 3],
  ['activity-reminder', 3],
  ['abandoned-cart', 3],
  // One more for an order that names a cart, and one where it ends a waiting one.
  ['namedCart', 4],
  ['endedCart', 5],
])('%s: at most %d calls', (name, most) => {
  expect(callsOf(scenes[name])).toBeLessThanOrEqual(most);
});

test('an order is remembered in one write', () => {
  expect(Object.fromEntries(scenes.warmEvent.calls)).toEqual({
    ...{ BatchGetItem: 1, UpdateItem: 1, SendMessageBatch: 1 },
  });
});

test('a delivery reads once and records once; a call to Telegram lies between', () => {
  const { calls, telegramCalls, units } = scenes.oneDelivery;
  // Besides, it takes its slot; on a machine that is so busy that the slot is missed, another one.
  const { UpdateItem: slots = 0, ...others } = Object.fromEntries(calls);
  expect(others).toEqual({ BatchGetItem: 1, PutItem: 1 });
  expect(slots).toBeGreaterThan(0);
  expect(telegramCalls).toBe(1);
  // Read as of now: the user, the users of the chat, the record (there is none), the pace, the lane, the version of the
  // site, and the latest status of the order. The record is in three indexes as well.
  expect(units).toEqual({ read: 7, write: slots + 1, indexWrite: 3 });
});

test('a webhook costs a delivery one write; the first in a minute opens its lane, and calls the dispatcher', () => {
  const { BatchGetItem, BatchWriteItem, PutItem } = Object.fromEntries(scenes.toldDelivery.calls);
  expect({ BatchGetItem, BatchWriteItem, PutItem }).toEqual({
    BatchGetItem: 1,
    BatchWriteItem: 1,
    PutItem: 1,
  });
  // On a machine that is so busy that it comes two seconds later, that is called again.
  const { SendMessageBatch, UpdateItem = 0 } = Object.fromEntries(scenes.firstToldDelivery.calls);
  expect(SendMessageBatch).toBe(1);
  // Its slot, and the lane.
  expect(UpdateItem).toBeGreaterThanOrEqual(2);
});

test('the webhook is told of many with no more calls to AWS than of one', () => {
  expect(callsOf(scenes.tellsMany)).toBe(callsOf(scenes.tellsOne));
});

test('ten messages that have to wait are read once, put away in one write, counted in one, and recorded in one', () => {
  const { calls, telegramCalls, units } = scenes.tenParked;
  expect(Object.fromEntries(calls)).toEqual({
    BatchGetItem: 1,
    BatchWriteItem: 2,
    UpdateItem: 1,
  });
  expect(telegramCalls).toBe(0);
  // Ten messages, their lane, ten records; each record is in three indexes as well, and the lane stays where it is in its own.
  expect(units).toMatchObject({ write: 21, indexWrite: 30 });
});

test('the drain reads, and removes, many messages at once, and records each', () => {
  const { calls, telegramCalls } = scenes.drained;
  const { PutItem: records, Query = 0, BatchGetItem = 0, BatchWriteItem = 0 } = Object.fromEntries(calls);
  expect(telegramCalls).toBe(100);
  // A message that misses all of its slots, as on a machine with much else to do, is held and recorded once more.
  expect(records).toBeGreaterThanOrEqual(100);
  expect(records).toBeLessThan(110);
  // One of them reads the key for the content.
  expect(Query + BatchGetItem + BatchWriteItem).toBeLessThan(55);
});

test('a poller with nothing to do asks each of its eight shards once', () => {
  expect(Object.fromEntries(scenes.idlePoller.calls)).toEqual({ Query: 8 });
  expect(scenes.idlePoller.units).toEqual({ read: 4, write: 0, indexWrite: 0 });
});

test('a day of looks at the webhooks scans 24 parts, asks once for each shop whose its bot is, and Telegram, and writes nothing', () => {
  const { calls, telegramCalls, units } = scenes.webhooks;
  expect(Object.fromEntries(calls)).toEqual({ Scan: 24, GetItem: 1 });
  expect(telegramCalls).toBe(1);
  expect(units.write).toBe(0);
});

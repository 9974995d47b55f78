/** How little the bundle asks of AWS for what it does most often: more calls would be more cost and more waiting. */
import { beforeAll, expect, test } from '@jest/globals';
import { type Played, playScenes } from '../../bench/scenes.ts';

let scenes: Played['scenes'];
beforeAll(async () => {
  scenes = (await playScenes()).scenes;
}, 60_000);

test('a warm event reads once and queues once, for one recipient as for ten', () => {
  const twoCalls = { BatchGetItem: 1, SendMessageBatch: 1 };
  expect(Object.fromEntries(scenes.warmEvent.calls)).toEqual(twoCalls);
  expect(Object.fromEntries(scenes.tenRecipients.calls)).toEqual(twoCalls);
});

test('a delivery reads once and records once; a call to Telegram lies between', () => {
  const { calls, telegramCalls, units } = scenes.oneDelivery;
  // Besides, it takes its slot; on a machine that is so busy that the slot is missed, another one.
  const { UpdateItem: slots = 0, ...others } = Object.fromEntries(calls);
  expect(others).toEqual({ BatchGetItem: 1, PutItem: 1 });
  expect(slots).toBeGreaterThan(0);
  expect(telegramCalls).toBe(1);
  // Read as of now: the user, the users of the chat, the record (there is none), the pace and the version of the site. The record is in two
  // indexes as well.
  expect(units).toEqual({ read: 5, write: slots + 1, indexWrite: 2 });
});

test('a poller with nothing to do asks each of its eight shards once', () => {
  expect(Object.fromEntries(scenes.idlePoller.calls)).toEqual({ Query: 8 });
  expect(scenes.idlePoller.units).toEqual({ read: 4, write: 0, indexWrite: 0 });
});

test('a day of looks at the webhooks scans 24 parts, asks Telegram once for each shop, and writes nothing', () => {
  const { calls, telegramCalls, units } = scenes.webhooks;
  expect(Object.fromEntries(calls)).toEqual({ Scan: 24 });
  expect(telegramCalls).toBe(1);
  expect(units.write).toBe(0);
});

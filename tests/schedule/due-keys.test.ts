/** What is due is read from eight shards, oldest first over all of them, and no further than it is asked for. */

import type { QueryCommandInput } from '@aws-sdk/lib-dynamodb';
import { afterEach, beforeEach, expect, jest, test } from '@jest/globals';
import { dueOldestFirst } from '../../lib/schedule/due-keys.ts';
import type { DueKey } from '../../lib/store/schedule.ts';
import { type FakeAws, fakeAws } from '../support/fake-aws.ts';

const UNTIL = '2026-11-22T10:00:00.000Z';

let aws: FakeAws;
let queries: QueryCommandInput[] = [];
/** The pages of each shard: minutes at which items are due. */
let pages: Record<string, number[][]> = {};

beforeEach(() => {
  aws = fakeAws();
  queries = [];
  pages = {};
  aws.answer = (query) => {
    queries.push(query);
    const shard = String(query.ExpressionAttributeValues?.[':shard']);
    const page = Number(query.ExclusiveStartKey?.page ?? 0);
    const ofShard = pages[shard] ?? [];
    return {
      Items: (ofShard[page] ?? []).map((minute) => keyAt(shard, minute)),
      ...(page + 1 < ofShard.length && { LastEvaluatedKey: { page: page + 1 } }),
    };
  };
});
afterEach(() => {
  jest.restoreAllMocks();
});

function keyAt(shard: string, minute: number) {
  const dueAt = `2026-11-22T09:${String(minute).padStart(2, '0')}:00.000Z`;
  return { siteId: 'demo', key: `cart#${minute}`, shard, dueAt };
}

const minuteOf = ({ dueAt }: DueKey) => Number(dueAt.slice(14, 16));

/** All batches, each as the minutes of its items. */
async function batchesOf(size: number): Promise<number[][]> {
  const batches: number[][] = [];
  for await (const batch of dueOldestFirst('cart', UNTIL, size)) batches.push(batch.map(minuteOf));
  return batches;
}

test('nothing is due: each shard is asked once, and there is no batch', async () => {
  await expect(batchesOf(10)).resolves.toEqual([]);
  expect(queries.map(({ ExpressionAttributeValues }) => ExpressionAttributeValues?.[':shard'])).toEqual(
    Array.from({ length: 8 }, (_, number) => `cart-${number}`),
  );
  expect(queries[0]).toMatchObject({
    ExpressionAttributeValues: { ':until': UNTIL },
    Limit: 250,
  });
  expect(queries.every(({ ExclusiveStartKey }) => ExclusiveStartKey === undefined)).toBe(true);
});

test('oldest first over all shards, in batches of the wanted size; the last one may be smaller', async () => {
  pages = { 'cart-0': [[1, 5, 9]], 'cart-3': [[2, 3, 11]], 'cart-7': [[4]] };
  await expect(batchesOf(3)).resolves.toEqual([[1, 2, 3], [4, 5, 9], [11]]);
});

test('a batch that is just full is followed by none that is empty', async () => {
  pages = { 'cart-0': [[1, 2]], 'cart-1': [[3, 4]] };
  await expect(batchesOf(2)).resolves.toEqual([
    [1, 2],
    [3, 4],
  ]);
});

test('over the borders of pages too', async () => {
  pages = { 'cart-0': [[1, 8], [10], [20]], 'cart-1': [[2], [9, 11]] };
  await expect(batchesOf(100)).resolves.toEqual([[1, 2, 8, 9, 10, 11, 20]]);
});

test('a page may be empty, and not the last', async () => {
  pages = { 'cart-0': [[], [1]], 'cart-1': [[2]] };
  await expect(batchesOf(100)).resolves.toEqual([[1, 2]]);
});

test('a shard that was read to its end is not asked again', async () => {
  pages = { 'cart-0': [[1]], 'cart-1': [[2], [3], [4]] };
  await batchesOf(1);
  const ofFirst = queries.filter(({ ExpressionAttributeValues: values }) => values?.[':shard'] === 'cart-0');
  expect(ofFirst).toHaveLength(1);
  expect(queries).toHaveLength(8 + 2);
});

test('who stops early does not pay for the rest', async () => {
  pages = { 'cart-0': [[1, 2], [3]], 'cart-1': [[1, 2, 4]] };
  for await (const batch of dueOldestFirst('cart', UNTIL, 2)) {
    expect(batch.map(minuteOf)).toEqual([1, 1]);
    break;
  }
  expect(queries).toHaveLength(8);
});

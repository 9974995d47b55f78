/** What is due is read from eight shards, whoever fills them, and put in an order in which every site has its turn. */
import type { QueryCommandInput } from '@aws-sdk/lib-dynamodb';
import { afterEach, beforeEach, describe, expect, jest, test } from '@jest/globals';
import { inRounds, readDueKeys } from '../../lib/schedule/due-keys.ts';
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

const minutesOf = (keys: DueKey[]) => keys.map(({ dueAt }) => Number(dueAt.slice(14, 16)));
const always = () => true;
const readAll = (hasTime = always) => readDueKeys('cart', UNTIL, hasTime);

test('nothing is due: each shard is asked once, and there is no site', async () => {
  await expect(readAll()).resolves.toEqual(new Map());
  expect(queries.map(({ ExpressionAttributeValues }) => ExpressionAttributeValues?.[':shard'])).toEqual(
    Array.from({ length: 8 }, (_, number) => `cart-${number}`),
  );
  expect(queries[0]).toMatchObject({
    ExpressionAttributeValues: { ':until': UNTIL },
    Limit: 1_000,
  });
  expect(queries.every(({ ExclusiveStartKey }) => ExclusiveStartKey === undefined)).toBe(true);
});

test('each shard is read to its end, over empty pages too, and not asked again', async () => {
  pages = { 'cart-0': [[], [1]], 'cart-1': [[2], [3], [4]] };
  const found = await readAll();
  expect(minutesOf(found.get('demo') ?? []).toSorted()).toEqual([1, 2, 3, 4]);
  expect(queries).toHaveLength(8 + 1 + 2);
});

test('without time no further page is read but the one that became due last', async () => {
  aws.answer = ({ ExpressionAttributeValues: values, ExclusiveStartKey: from, ScanIndexForward }) => {
    if (values?.[':shard'] !== 'cart-0') return { Items: [] };
    const minute = ScanIndexForward === false ? 59 : from ? 2 : 1;
    return { Items: [keyAt('cart-0', minute)], LastEvaluatedKey: { page: 1 } };
  };
  expect(minutesOf((await readAll(() => false)).get('demo') ?? [])).toEqual([1, 59]);
});

test('of a site that fills the index only as much is kept as a run can dispatch; the others are found behind it', async () => {
  const flood = Array.from({ length: 12_000 }, (_, index) => ({
    ...keyAt('cart-0', 1),
    key: `cart#${index}`,
  }));
  aws.answer = ({ ExpressionAttributeValues: values, ExclusiveStartKey: from }) => {
    if (values?.[':shard'] !== 'cart-0') return { Items: [] };
    const quiet = { ...keyAt('cart-0', 59), siteId: 'quiet' };
    return from ? { Items: [quiet] } : { Items: flood, LastEvaluatedKey: { page: 1 } };
  };
  const found = await readAll();
  expect([...found].map(([siteId, keys]) => [siteId, keys.length])).toEqual([
    ['demo', 10_000],
    ['quiet', 1],
  ]);
});

test('of a hundred sites that fill it, at least a turn of each is kept', async () => {
  const sites = 100;
  const each = 800;
  const keys = Array.from({ length: sites * each }, (_, index) => ({
    ...keyAt('cart-0', 1),
    ...{ siteId: `site-${Math.floor(index / each)}`, key: `cart#${index}` },
  }));
  aws.answer = ({ ExpressionAttributeValues: values }) => ({
    Items: values?.[':shard'] === 'cart-0' ? keys : [],
  });
  const counts = [...(await readAll()).values()].map(({ length }) => length);
  expect(counts).toHaveLength(sites);
  expect(Math.min(...counts)).toBe(100);
  expect(counts.reduce((sum, count) => sum + count)).toBeLessThan(60_000);
});

describe('in rounds', () => {
  /** `minutes` at which items of a site are due; those before 30 are late. */
  const LATE_BEFORE = '2026-11-22T09:30:00.000Z';
  const keysOf = (siteId: string, minutes: number[]) =>
    minutes.map((minute, index) => ({ ...keyAt('cart-0', minute), siteId, key: `cart#${index}` }));
  const roundsOf = (sites: Record<string, number[]>) => {
    const keys = new Map(Object.entries(sites).map(([siteId, minutes]) => [siteId, keysOf(siteId, minutes)]));
    const names = (part: DueKey[]) =>
      part.map(({ siteId, dueAt }) => `${siteId} ${Number(dueAt.slice(14, 16))}`);
    return inRounds(keys, LATE_BEFORE).map(({ inTime, late }) => [names(inTime), names(late)]);
  };

  test('nothing is due: none', () => {
    expect(roundsOf({})).toEqual([]);
  });

  test('first the sites with few items, then the oldest; of a site the oldest item', () => {
    expect(roundsOf({ a: [45, 31, 40], b: [50], c: [42] })).toEqual([
      [['c 42', 'b 50', 'a 31', 'a 40', 'a 45'], []],
    ]);
  });

  test('what has just become due comes before what is late; that includes its limit', () => {
    expect(roundsOf({ a: [10, 50], b: [30, 20] })).toEqual([
      [
        ['a 50', 'b 30'],
        ['a 10', 'b 20'],
      ],
    ]);
    expect(roundsOf({ a: [1] })).toEqual([[[], ['a 1']]]);
  });

  test('a site has a hundred items in a round', () => {
    const many = Array.from({ length: 250 }, () => 40);
    const late = Array.from({ length: 101 }, () => 5);
    const rounds = roundsOf({ many: [...many, ...late], few: [41, 6] });
    expect(rounds.map((round) => round.map(({ length }) => length))).toEqual([
      [101, 101],
      [100, 1],
      [50, 0],
    ]);
    expect(rounds[0]?.map(([first]) => first)).toEqual(['few 41', 'few 6']);
  });
});

/** Write units of indexes, by the five cases of the DynamoDB Developer Guide ("Write capacity units" of global indexes). */
import { expect, test } from '@jest/globals';
import { indexWriteUnits } from '../../bench/index-writes.ts';

const all = { keys: ['shop', 'id'], indexes: [{ keys: ['chat'], projection: 'ALL' as const }] };
const keysOnly = { keys: ['shop', 'id'], indexes: [{ keys: ['chat'], projection: 'KEYS_ONLY' as const }] };
const plain = { shop: 'a', id: '1' };
const anna = { ...plain, chat: '7', name: 'Anna' };

test.each([
  ['a new item with the key of the index: one write puts it there', all, undefined, anna, 1],
  ['an item gets the key of the index: the same', all, plain, anna, 1],
  ['the key of the index changes: one write removes, one puts', all, anna, { ...anna, chat: '8' }, 2],
  ['an item loses the key of the index: one write removes it', all, anna, plain, 1],
  ['an item with the key goes away: the same', all, anna, undefined, 1],
  ['neither before nor after has the key: none', all, plain, { ...plain, name: 'Anna' }, 0],
  ['what the index holds changes: one write', all, anna, { ...anna, name: 'Anna Rossi' }, 1],
  ['what the index does not hold changes: none', keysOnly, anna, { ...anna, name: 'Anna Rossi' }, 0],
  ['nothing changes: none', all, anna, { ...anna }, 0],
  ['each write is rounded up to whole KB', all, undefined, { ...anna, name: 'x'.repeat(2_000) }, 2],
])('%s', (_case, table, before, after, units) => {
  expect(indexWriteUnits(table, before, after)).toBe(units);
});

test('each index takes its own', () => {
  const table = { ...all, indexes: [...all.indexes, { keys: ['name', 'chat'], projection: 'ALL' as const }] };
  expect(indexWriteUnits(table, undefined, anna)).toBe(2);
  expect(indexWriteUnits(table, undefined, { ...anna, name: undefined })).toBe(1);
});

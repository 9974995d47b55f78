/** The queries of docs/runbook.md, held against the lines that functions write. */
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { beginDay, type Day, liveThrough } from '../support/eventful-day.ts';
import type { Line } from '../support/log-lines.ts';
import { indexesOf, packagedResources } from '../support/package.ts';

/** Lines that the eventful day does not bring about: a service out of reach. */
const ELSEWHERE = ['service', 'siteId'];
/** Words of the query language, and the names that a query gives to its own columns. */
const LANGUAGE =
  /^(?:fields|filter|sort|stats|limit|count|sum|max|pct|by|as|and|or|in|like|desc|asc|ispresent)$/;

let day: Day;
let runbook: string;
let queries: string[];
let lines: Line[];
let sources: string;

beforeAll(async () => {
  runbook = await readFile(join(process.cwd(), 'docs/runbook.md'), 'utf8');
  queries = [...runbook.matchAll(/^ {4}query \d+ '(.+)'$/gm)].map(([, query]) => query ?? '');
  const lib = join(process.cwd(), 'lib');
  const files = (await readdir(lib, { recursive: true })).filter((file) => file.endsWith('.ts'));
  sources = (await Promise.all(files.map((file) => readFile(join(lib, file), 'utf8')))).join('\n');
  day = await beginDay();
  lines = (await liveThrough(day)).entries;
});
afterAll(() => day.close());

test('ask for messages that are written', () => {
  const asked = queries.flatMap((query) =>
    [...query.matchAll(/message = "([^"]+)"/g)].map(([, message]) => message ?? ''),
  );
  expect(asked.length).toBeGreaterThanOrEqual(15);
  const isWritten = (message: string) =>
    lines.some((line) => line.message === message) || sources.includes(`log.error('${message}'`);
  expect(asked.filter((message) => !isWritten(message))).toEqual([]);
});

test('ask for fields that lines have', () => {
  const known = new Set([...lines.flatMap((line) => Object.keys(line)), ...ELSEWHERE]);
  for (const query of queries) {
    const named = [...query.matchAll(/\bas (\w+)/g)].map(([, name]) => name ?? '');
    const words = query.replace(/"[^"]*"|\/[^/]*\/|@\w+|\$[A-Z_]+/g, ' ').match(/[A-Za-z][\w.]*/g) ?? [];
    const fields = words.filter((word) => !LANGUAGE.test(word) && !named.includes(word));
    expect([query, fields.filter((field) => !known.has(field.split('.')[0] ?? ''))]).toEqual([query, []]);
  }
});

test('its commands name tables, indexes, queues and functions that there are', async () => {
  const resources = Object.values(await packagedResources());
  const properties = resources.map(({ Properties }) => Properties);
  const names = properties.flatMap(
    ({ TableName, QueueName, FunctionName }) => TableName ?? QueueName ?? FunctionName ?? [],
  );
  const indexes = resources.flatMap(indexesOf);
  const commands = runbook.split('\n').filter((line) => line.startsWith('    ') || line.includes('`aws '));
  const named = commands.flatMap((line) => [
    ...line.matchAll(/passweb-telegram-\$STAGE-([a-z][a-z.-]*[a-z])/g),
  ]);
  const namedIndexes = commands.flatMap((line) => [
    ...line.matchAll(/(?:--index-name |GlobalSecondaryIndexName,Value=)([a-z-]+)/g),
  ]);
  expect(named.length).toBeGreaterThan(10);
  expect(namedIndexes.length).toBeGreaterThan(1);
  for (const [, name] of named) expect(names).toContain(`passweb-telegram-test-${name}`);
  for (const [, index] of namedIndexes) expect(indexes).toContain(index);
});

/** The codes of errors: docs/errors.md lists them all, and each is used; the texts are in both languages. */
import { glob, readFile } from 'node:fs/promises';
import { expect, test } from '@jest/globals';
import { PLACE_CODES, PROBLEM_CODES } from '../../lib/domain/problem-codes.ts';
import { TITLES } from '../../lib/http/problems.ts';

const sectionOf = async (title: string) => {
  const text = await readFile('docs/errors.md', 'utf8');
  return text.split(/^## /m).find((section) => section.startsWith(title)) ?? '';
};

async function sources(): Promise<[path: string, text: string][]> {
  const files: [string, string][] = [];
  for await (const path of glob('{lib,functions}/**/*.ts')) files.push([path, await readFile(path, 'utf8')]);
  return files;
}

test('docs/errors.md lists the codes of problems, with their statuses', async () => {
  const rows = (await sectionOf('Codes of problems')).matchAll(/^\| `([^`]+)` \| (\d{3}) \| .{10}/gm);
  const listed = [...rows].map(([, code, status]) => [code, Number(status)]);
  expect(listed).toEqual(Object.entries(PROBLEM_CODES));
});

test('docs/errors.md lists the codes of wrong places', async () => {
  const rows = (await sectionOf('Codes of wrong places')).matchAll(/^\| `([^`]+)` \| .{10}/gm);
  expect([...rows].map(([, code]) => code)).toEqual([...PLACE_CODES]);
});

test('every code is used, and is kebab-case', async () => {
  const all = (await sources()).filter(([path]) => path !== 'lib/domain/problem-codes.ts');
  for (const code of [...Object.keys(PROBLEM_CODES), ...PLACE_CODES]) {
    expect(code).toMatch(/^[a-z0-9]+(-[a-z0-9]+)*$/);
    expect([code, all.some(([, text]) => text.includes(`'${code}'`))]).toEqual([code, true]);
  }
});

test('every status of a code has a title', () => {
  for (const status of Object.values(PROBLEM_CODES)) expect(Object.keys(TITLES)).toContain(String(status));
});

/** What these say is read in the dead letters, or in the description of the API: in English. */
const IN_ENGLISH = ['lib/events/queue-adapter.ts', 'lib/events/envelope.ts', 'lib/openapi/'];

/** A text in one language: the first argument of an error, the `detail` of a wrong place, the `error` of a schema. */
const ONE_LANGUAGE =
  /(?:new (?:Conflict|NotFound|UnreadableInput|BotSetup)Error\(|\bdetail: |\bdetail = |\berror: )\s*['"`]/;

test('what callers read is written in both languages', async () => {
  const offenders = (await sources())
    .filter(([path]) => !path.endsWith('.docs.ts') && !IN_ENGLISH.some((begin) => path.startsWith(begin)))
    .filter(([, text]) => ONE_LANGUAGE.test(text))
    .map(([path]) => path);
  expect(offenders).toEqual([]);
});

/**
 * `npm run mutation` changes the code in small ways, room by room (a room is a folder of `lib`), and reports the
 * changes that no test notices. `npm run mutation -- deliveries` runs for one room, `npm run mutation --
 * lib/deliveries/rate-limit-slots.ts` for one file. A room is tested with its own tests only, and only with those that need no
 * package: a test that starts tables and queues takes seconds, and would run for each of some hundred changes. The
 * score covers only the code that these tests run.
 */
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { Stryker } from '@stryker-mutator/core';

type MutantResult = Awaited<ReturnType<Stryker['runMutationTest']>>[number];

const ROOMS = ['deliveries', 'events', 'schedule', 'telegram', 'templates'];

/** Calls with which a test starts parts of the package: tables, queues, functions. */
const NEEDS_PACKAGE = /\b(?:packagedResources|packagedTemplate|packagedRoutes|startStack|startApp)\(/;

const [wanted] = process.argv.slice(2);
const room = wanted?.startsWith('lib/') ? wanted.split('/')[1] : wanted;
if (room !== undefined && !ROOMS.includes(room)) {
  console.error(`There is no room "${room}". Rooms: ${ROOMS.join(', ')}.`);
  process.exit(1);
}

const scores: string[] = [];
for (const name of room ? [room] : ROOMS) {
  const started = Date.now();
  const results = await mutate(name, wanted?.startsWith('lib/') ? wanted : `lib/${name}/**/*.ts`);
  const minutes = ((Date.now() - started) / 60_000).toFixed(1);
  scores.push(`${name.padEnd(12)} ${scoreOf(results)}, ${minutes} min`);
}
console.log(scores.join('\n'));

async function mutate(name: string, files: string): Promise<MutantResult[]> {
  const testMatch = (await testsOf(name)).map((file) => `<rootDir>/${file}`);
  return new Stryker({ mutate: [files], jest: { config: { testMatch } } }).runMutationTest();
}

async function testsOf(name: string): Promise<string[]> {
  const folder = join('tests', name);
  const files = (await readdir(folder))
    .filter((file) => file.endsWith('.test.ts'))
    .map((file) => join(folder, file));
  const texts = await Promise.all(files.map((file) => readFile(file, 'utf8')));
  return files.filter((_, index) => !NEEDS_PACKAGE.test(texts[index] ?? ''));
}

function scoreOf(results: MutantResult[]): string {
  const count = (...statuses: MutantResult['status'][]) =>
    results.filter(({ status }) => statuses.includes(status)).length;
  const killed = count('Killed', 'Timeout');
  const survived = count('Survived');
  const percent = killed + survived > 0 ? ((100 * killed) / (killed + survived)).toFixed(1) : '–';
  return `${percent} % (${killed} noticed, ${survived} not; ${count('NoCoverage')} in code that these tests do not run)`;
}

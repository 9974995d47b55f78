/**
 * `npm run mutation` changes the code in small ways and looks which changes no test notices, room by room. What was
 * measured before is not measured again, as far as Stryker can tell. See HELP.
 *
 * A room is tested with its own tests only, and only with those that need no package: a test that starts tables and queues
 * takes seconds, and would be run for each of some hundred changes. So files whose work is to talk to tables and queues
 * are not changed either: their tests are others. docs/mutation.md says what the scores cover, and what survives.
 */
import { existsSync } from 'node:fs';
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { Stryker } from '@stryker-mutator/core';
import { runCommand, UsageError } from './command-line.ts';

type MutantResult = Awaited<ReturnType<Stryker['runMutationTest']>>[number];

/** The rooms, each with the files in it that are not changed. The reason of each group stands before it. */
const ROOMS: Record<string, string[]> = {
  deliveries: [
    // The worker and its queue: Telegram, tables and queues from begin to end.
    'attempt',
    'deliver-batch',
    'delivery-facts',
    'queue',
    'rate-limiter',
    'redrive',
  ],
  events: [
    // What joins HTTP, SQS and the tables.
    'handler',
    'http-adapter',
    'queue-adapter',
    'notify',
    'notify-pages',
    'report',
  ],
  schedule: [
    // The poller and what it does with the table.
    'attempts',
    'batches',
    'dispatch',
    'poller',
    'poller-handler',
    'run',
  ],
  telegram: [
    // Real connections, and time limits that are waited for.
    'client',
  ],
  templates: [
    // Sentences for people: a snapshot holds them, and a test would only repeat them.
    'default-texts',
    'former-default-texts',
    // They read and write the site and the queue.
    'api/templates',
    'api/send-test',
  ],
};

/** Calls by which a test starts what is in the package (tables, queues, functions). */
const NEEDS_PACKAGE = /\b(?:packagedResources|packagedTemplate|packagedRoutes|startStack|startApp)\(/;

/** Tests of hundreds of random cases, of the time that something takes, of connections: seconds again for each change. */
const IS_SLOW = /-linear\.test\.ts$|(?:^|-)properties\.test\.ts$|^client\.test\.ts$/;

/** Many times as fast as jest's. */
const RUNNER = import.meta.resolve('../tests/mutation/runner.ts');

const HELP = `npm run mutation [-- ROOM or FILE --fresh --jest]

Changes the code in small ways and looks which changes no test notices: in all rooms, in one (npm run mutation --
deliveries), or in one file (npm run mutation -- lib/deliveries/rate-limit-slots.ts).

Rooms: ${Object.keys(ROOMS).join(', ')}

  --fresh   measures again what was measured before
  --jest    has jest run the tests, slowly: what our own test runner finds must be what jest finds`;

const OPTIONS = {
  fresh: { type: 'boolean', default: false },
  jest: { type: 'boolean', default: false },
} as const;

interface How {
  fresh: boolean;
  jest: boolean;
}

async function main(how: How, [wanted]: string[]): Promise<void> {
  const isFile = wanted?.startsWith('lib/');
  const room = isFile ? wanted?.split('/')[1] : wanted;
  if (room !== undefined && !Object.hasOwn(ROOMS, room))
    throw new UsageError(`There is no room "${room}". Rooms: ${Object.keys(ROOMS).join(', ')}.`);
  if (isFile && wanted !== undefined && !existsSync(wanted))
    throw new UsageError(`There is no file ${wanted}.`);
  const scores: string[] = [];
  for (const name of room ? [room] : Object.keys(ROOMS)) {
    const started = Date.now();
    const results = await mutate(name, isFile && wanted ? [wanted] : filesOf(name), how);
    const minutes = ((Date.now() - started) / 60_000).toFixed(1);
    scores.push(`${name.padEnd(12)} ${scoreOf(results)}, ${minutes} min`);
  }
  console.log(scores.join('\n'));
}

function filesOf(name: string): string[] {
  const leftOut = ROOMS[name] ?? [];
  return [`lib/${name}/**/*.ts`, ...leftOut.map((file) => `!lib/${name}/${file}.ts`)];
}

async function mutate(name: string, files: string[], how: How): Promise<MutantResult[]> {
  const tests = await testsOf(name);
  const tempDirName = `.stryker/sandbox-${name}`;
  if (how.jest) {
    const testMatch = tests.map((file) => `<rootDir>/${file}`);
    return new Stryker({ mutate: files, tempDirName, jest: { config: { testMatch } } }).runMutationTest();
  }
  // The test runner works in processes of its own, which get this.
  process.env.MUTATION_TESTS = tests.join(',');
  return new Stryker({
    mutate: files,
    tempDirName,
    testRunner: 'in-process',
    plugins: ['@stryker-mutator/*', RUNNER],
    // Modules that are loaded anew stay in memory.
    maxTestRunnerReuse: 200,
    // What was measured before, and has not changed since, is not measured again.
    incremental: true,
    incrementalFile: `.stryker/${name}.json`,
    force: how.fresh,
  }).runMutationTest();
}

/** The test files of a room that are run for each change. */
async function testsOf(name: string): Promise<string[]> {
  const folder = join('tests', name);
  const files = (await readdir(folder))
    .filter((file) => file.endsWith('.test.ts') && !IS_SLOW.test(file))
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

await runCommand(
  { name: 'mutation', help: HELP, options: OPTIONS, maxArguments: 1 },
  ({ values, positionals }) => main(values, positionals),
);

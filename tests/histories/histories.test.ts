/**
 * Random histories of a shop (events late, twice, withdrawn; opt-outs, links, switches, bots, outages, redrives) against a
 * small model of what is true: whatever a chat showed was true when it was shown, and whatever had to come came.
 *
 * `npm test` runs a few, always the same. `HISTORIES=5000 npm test -- tests/histories` runs so many, and says how far it is.
 * `SEED=17` begins with that one, and `ONLY=orders,kills` leaves out what is not named (`ONLY=orders;carts`: first the one,
 * then the other). `MOST_FAULTS=9` goes on after a fault, until so many different ones are found; `MINUTES=5` ends earlier.
 * After a fault the history is made shorter, which takes up to ten seconds.
 */
import { setImmediate } from 'node:timers/promises';
import { afterAll, beforeAll, expect, jest, test } from '@jest/globals';
import type { App } from '../support/app.ts';
import { CLASSES, type Class, historyOf, shrink } from './generate.ts';
import type { Fault, Machine, Outcome } from './runner.ts';
import { describeStep, type Step } from './steps.ts';
import { Tables } from './tables.ts';
import { VirtualTime } from './virtual-time.ts';

const { HISTORIES, SEED = '1', ONLY = CLASSES.join(), MOST_FAULTS = '1', MINUTES = '10000' } = process.env;
/** So many are run by `npm test`. */
const FEW = 25;

const time = new VirtualTime();
jest.unstable_mockModule('node:timers/promises', () => ({ setTimeout: time.sleep, setImmediate }));
// Only now, and nothing of the product before: what was loaded already would sleep in real time, with a clock that stands still.
const { startApp } = await import('../support/app.ts');
const { BOT_API, connect, runHistory } = await import('./runner.ts');

let app: App;
let machine: Machine;
beforeAll(async () => {
  app = await startApp({
    async beforeLoading() {
      Object.assign(process.env, {
        TELEGRAM_API_ROOT: BOT_API,
        DELIVERIES_QUEUE_URL: 'queue:deliveries',
        DRAIN_QUEUE_URL: 'queue:drain',
        PEOPLE_QUEUE_URL: 'queue:people',
        DEAD_LETTER_QUEUE_URL: 'queue:dead-events',
      });
    },
  });
  const { aws, refs } = app.stack;
  const tables = [...refs].flatMap(([id, name]) => (id.endsWith('Table') ? [name] : []));
  machine = {
    app,
    time,
    tables: await Tables.like(aws.dynamodb, tables),
    redrive: (await import('../../lib/deliveries/redrive.ts')).redrive as Machine['redrive'],
    formatDate: (await import('../../lib/i18n/format.ts')).formatDate,
    clearSiteCache: (await import('../../lib/store/sites.ts')).clearSiteCache,
    clearAllowances: (await import('../../lib/http/request-limit.ts')).clearAllowances,
    encryptToken: (await import('../../lib/telegram/token-encryption.ts')).encryptToken,
  };
  const { database } = await import('../../lib/aws/dynamodb.ts');
  const { sqs } = await import('../../lib/aws/sqs.ts');
  connect(machine, { database, sqs });
});
afterAll(() => app?.close());

/** A history is made shorter for so long, in milliseconds. */
const SHRINKING = 10_000;

/** The same fault, whatever its numbers, names and dates. */
const kindOf = ({ kind, text }: Fault) =>
  `${kind} ${text.replaceAll(/\d[\d:T.+Z-]*/g, '#').replaceAll(/anna|bruno|carla/g, '@')}`;

/** A line now and then for whoever waits. */
let lastProgress = performance.now();
function progress(text: () => string): void {
  if (!HISTORIES || performance.now() < lastProgress + 10_000) return;
  lastProgress = performance.now();
  process.stderr.write(`${text()}\n`);
}

async function shortest(steps: Step[], { faults }: Outcome): Promise<Outcome & { steps: Step[] }> {
  const wanted = new Set(faults.slice(0, 1).map(kindOf));
  const end = performance.now() + SHRINKING;
  const short = await shrink(steps, async (shorter) => {
    if (performance.now() > end) return false;
    const outcome = await runHistory(machine, shorter);
    return outcome.faults.some((fault) => wanted.has(kindOf(fault)));
  });
  return { steps: short, ...(await runHistory(machine, short)) };
}

/** Runs histories until so many different faults are found. @returns what was found, in words, and how many messages appeared. */
async function findFaults(
  only: ReadonlySet<Class>,
): Promise<{ faults: string[]; count: number; shown: number }> {
  const first = Number(SEED);
  const begin = performance.now();
  const end = begin + Number(MINUTES) * 60_000;
  const failed = new Map<string, string>();
  let count = 0;
  let shown = 0;
  for (let seed = first; seed < first + Number(HISTORIES ?? FEW) && performance.now() < end; seed++) {
    const steps = historyOf(seed, only);
    const outcome = await runHistory(machine, steps);
    count += 1;
    shown += outcome.shown;
    progress(() => `seed ${seed}: ${count} histories, ${shown} messages, ${failed.size} faults`);
    const [fault] = outcome.faults;
    if (!fault || failed.has(kindOf(fault))) continue;
    const short = await shortest(steps, outcome);
    const lines = [
      `seed ${seed}, shortened to ${short.steps.length} steps:`,
      ...short.steps.map((step) => `  - ${describeStep(step)}`),
      'so it went:',
      ...short.story.map((line) => `  ${line}`),
    ];
    failed.set(kindOf(fault), lines.join('\n'));
    if (HISTORIES) process.stderr.write(`${lines.join('\n')}\n\n`);
    if (failed.size >= Number(MOST_FAULTS)) break;
  }
  const seconds = Math.round((performance.now() - begin) / 1_000);
  if (HISTORIES)
    process.stderr.write(
      `${count} histories from seed ${first}, ${shown} messages, ${seconds} s: ${[...only].join()}\n`,
    );
  return { faults: [...failed.values()], count, shown };
}

const ALL = CLASSES.join();

test.each(ONLY.split(';').map((names) => [names === ALL ? 'everything' : names, names] as const))(
  'what was shown was true, and what had to come came: %s',
  async (_, names) => {
    const only = new Set<Class>(CLASSES.filter((name) => names.split(',').includes(name)));
    const { faults, count, shown } = await findFaults(only);
    expect(faults.join('\n\n')).toBe('');
    // Where nothing is shown, nothing is untrue.
    if (names === ALL && count >= FEW) expect(shown).toBeGreaterThan(2 * count);
  },
  HISTORIES ? 2_000_000_000 : 300_000,
);

/**
 * `npm run fuzz`: sends strange requests to every route of the package, against embedded tables, queues and the Telegram
 * emulator. See docs/fuzzing.md.
 */
import '../local/isolated.ts';
import { type ChildProcess, fork } from 'node:child_process';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { printProgress } from '../scripts/progress.ts';
import { explain, isUsageError } from '../scripts/site-errors.ts';
import { allTargets, type Report } from './hunt.ts';
import { printReport, printTotal } from './report.ts';
import type { Message, Order } from './worker.ts';

const HELP = `npm run fuzz [-- --requests=N --route=PART … --seed=N --workers=N]

Sends strange requests to every route and to the queue of every event: docs/fuzzing.md.`;

const OPTIONS = {
  requests: { type: 'string', default: '100000' },
  seed: { type: 'string', default: '1' },
  route: { type: 'string', multiple: true },
  workers: { type: 'string', default: '1' },
  help: { type: 'boolean', default: false },
} as const;

function readOptions() {
  try {
    const { route = [], ...values } = parseArgs({ options: OPTIONS }).values;
    return { ...values, route };
  } catch (error) {
    if (!isUsageError(error)) throw error;
    for (const line of explain(error, 'fuzz')) console.error(line);
    process.exit(2);
  }
}

const values = readOptions();
if (values.help) {
  console.log(HELP);
  process.exit(0);
}
const requests = Number(values.requests);
const seed = Number(values.seed);

/** The routes whose names contain the argument. */
async function chosenTargets(): Promise<string[]> {
  const { targets } = await allTargets();
  const names = targets.map(({ name }) => name);
  if (values.route.length === 0) return names;
  const chosen = names.filter((name) => values.route.some((part) => name.includes(part)));
  if (chosen.length > 0) return chosen;
  console.error(`There is no such route. There are:\n${names.join('\n')}`);
  process.exit(2);
}

const chosen = await chosenTargets();
const waiting = [...chosen];
const reports: Report[] = [];
const underWay = new Map<ChildProcess, number>();

function showProgress(): void {
  const done = [...underWay.values()].reduce((sum, more) => sum + more, reports.length * requests);
  printProgress(done, chosen.length * requests, 'requests');
}

/** Gives the worker one route after the other until none is left. */
function employ(worker: ChildProcess): Promise<void> {
  const next = () => {
    underWay.set(worker, 0);
    const target = waiting.shift();
    if (target === undefined) worker.disconnect();
    else worker.send({ target, requests, seed } satisfies Order);
  };
  return new Promise((resolve, reject) => {
    worker.on('message', (message: Message) => {
      if (message.kind === 'progress') underWay.set(worker, message.done);
      if (message.kind === 'report') {
        reports.push(message.report);
        printReport(message.report);
      }
      if (message.kind !== 'progress') next();
      showProgress();
    });
    worker.on('error', reject);
    worker.on('exit', (code) => (code === 0 ? resolve() : reject(new Error(`A worker ended with ${code}.`))));
  });
}

const started = performance.now();
const workers = Array.from({ length: Number(values.workers) }, () =>
  fork(join(import.meta.dirname, 'worker.ts')),
);
await Promise.all(workers.map(employ));
const findings = printTotal(reports, performance.now() - started);
process.exitCode = findings > 0 ? 1 : 0;

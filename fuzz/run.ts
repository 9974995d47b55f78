/**
 * `npm run fuzz`: sends strange requests to every route of the package, against embedded tables, queues and the Telegram
 * emulator. See docs/fuzzing.md.
 */
import '../local/isolated.ts';
import { type ChildProcess, fork } from 'node:child_process';
import { join } from 'node:path';
import { runCommand, UsageError, wholeNumber } from '../scripts/command-line.ts';
import { packageBundle } from '../scripts/programs.ts';
import { printProgress } from '../scripts/progress.ts';
import { allTargets, type Report } from './hunt.ts';
import { printReport, printTotal } from './report.ts';
import type { Message, Order } from './worker.ts';

const HELP = `npm run fuzz [-- --requests=N --route=PART … --seed=N --workers=N]

Sends strange requests to every route and to the queue of every event: docs/fuzzing.md. Ends with 1 if it finds a fault.

  --requests   how many to each route: 100000 by default
  --route      only routes with this in their name; may be said several times
  --seed       the same requests for the same number: 1 by default
  --workers    how many processes: 1 by default`;

const OPTIONS = {
  requests: { type: 'string', default: '100000' },
  seed: { type: 'string', default: '1' },
  route: { type: 'string', multiple: true, default: [] as string[] },
  workers: { type: 'string', default: '1' },
} as const;

/** The routes whose names contain one of these parts. */
async function chosenTargets(parts: string[]): Promise<string[]> {
  const { targets } = await allTargets();
  const names = targets.map(({ name }) => name);
  const unknown = parts.find((part) => !names.some((name) => name.includes(part)));
  if (unknown !== undefined)
    throw new UsageError(`--route ${unknown}: there is no such route. There are:\n${names.join('\n')}`);
  return parts.length === 0 ? names : names.filter((name) => parts.some((part) => name.includes(part)));
}

interface Hunt {
  chosen: string[];
  waiting: string[];
  requests: number;
  seed: number;
  reports: Report[];
  /** How many requests each worker has sent to its present route. */
  underWay: Map<ChildProcess, number>;
}

function showProgress({ chosen, requests, reports, underWay }: Hunt): void {
  const done = [...underWay.values()].reduce((sum, more) => sum + more, reports.length * requests);
  printProgress(done, chosen.length * requests, 'requests');
}

/** Gives the worker one route after the other until none is left. */
function employ(worker: ChildProcess, hunt: Hunt): Promise<void> {
  const { waiting, underWay, requests, seed, reports } = hunt;
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
      showProgress(hunt);
    });
    worker.on('error', reject);
    worker.on('exit', (code) => (code === 0 ? resolve() : reject(new Error(`A worker ended with ${code}.`))));
  });
}

interface Options {
  requests: string;
  seed: string;
  route: string[];
  workers: string;
}

async function main({ route, ...values }: Options): Promise<void> {
  const requests = wholeNumber(values.requests, '--requests');
  const seed = wholeNumber(values.seed, '--seed', { least: 0 });
  const count = wholeNumber(values.workers, '--workers');
  await packageBundle('test');
  const chosen = await chosenTargets(route);
  const hunt: Hunt = { chosen, waiting: [...chosen], requests, seed, reports: [], underWay: new Map() };
  const started = performance.now();
  const workers = Array.from({ length: count }, () => fork(join(import.meta.dirname, 'worker.ts')));
  await Promise.all(workers.map((worker) => employ(worker, hunt)));
  const findings = printTotal(hunt.reports, performance.now() - started);
  process.exitCode = findings > 0 ? 1 : 0;
}

await runCommand({ name: 'fuzz', help: HELP, options: OPTIONS }, ({ values }) => main(values));

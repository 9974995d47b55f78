/**
 * Due items: the time of one run of the cart poller with 0, 100 and 10,000 due carts over a table with a million
 * waiting carts, compared with the same run over a table with a thousand. It also counts the run's reads and writes.
 *
 * Filling the embedded DynamoDB with a million carts takes some minutes; fewer are faster.
 */
import '../local/isolated.ts';
import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { mkdir, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Worker } from 'node:worker_threads';
import { runCommand, wholeNumber } from '../scripts/command-line.ts';
import { packageBundle } from '../scripts/programs.ts';
import { printProgress } from '../scripts/progress.ts';
import { median } from './report.ts';
import type { RunFigures, RunnerAnswer, RunnerOrder } from './schedule-runner.ts';
import type { ServiceOrder, ServiceReady } from './services.ts';

const FEW_WAITING = 1_000;
const MANY_DUE = 10_000;
/** Runs of each kind; the medians are compared. */
const ROUNDS = 15;
/** The limits: the ratio of the times for the large and the small table; and one minute for the carts of one minute. */
const MAX_RATIO = 1.5;
const MAX_MILLISECONDS = 60_000;

/** A table, and a thread that runs the poller over it. */
interface World {
  service: ChildProcess;
  runner: Worker;
  directory: string;
}

async function openWorld(): Promise<World> {
  const directory = await mkdtemp(join(tmpdir(), 'bench-schedule-'));
  await mkdir(join(directory, 'data'));
  const service = fork(join(import.meta.dirname, 'services.ts'));
  service.send({
    kind: 'aws',
    visibilitySeconds: 60,
    dataDirectory: join(directory, 'data'),
  } satisfies ServiceOrder);
  const [{ environment }] = (await once(service, 'message')) as [ServiceReady];
  const runner = new Worker(join(import.meta.dirname, 'schedule-runner.ts'), {
    workerData: { ...environment, LOG_LEVEL: process.env.LOG_LEVEL ?? 'off' },
  });
  return { service, runner, directory };
}

async function closeWorld({ service, runner, directory }: World): Promise<void> {
  await runner.terminate();
  const exited = once(service, 'exit');
  service.disconnect();
  await exited;
  await rm(directory, { recursive: true });
}

function order({ runner }: World, what: RunnerOrder, onProgress?: (done: number) => void) {
  return new Promise<RunnerAnswer>((resolve, reject) => {
    const onMessage = (answer: RunnerAnswer) => {
      if (answer.kind === 'progress') return onProgress?.(answer.done);
      runner.off('message', onMessage).off('error', reject);
      resolve(answer);
    };
    runner.on('message', onMessage).on('error', reject);
    runner.postMessage(what);
  });
}

async function run(world: World, due: number): Promise<RunFigures> {
  const answer = await order(world, { kind: 'run', due });
  if (answer.kind !== 'ran') throw new Error(`Not a run: ${answer.kind}`);
  if (answer.due !== due) {
    const hint = 'A run stops before its minute ends: this machine is too slow or too busy for so many.';
    throw new Error(`${due} were due, ${answer.due} were dispatched. ${hint}`);
  }
  return answer;
}

const HELP = `npm run bench:schedule [-- WAITING]

The time of one run of the cart poller over a table with many waiting carts, compared with ${FEW_WAITING} of them.

  WAITING   how many: 1000000 by default. To fill the table takes some minutes`;

async function main([given = '1000000']: string[]): Promise<void> {
  const waiting = wholeNumber(given, 'WAITING');
  await packageBundle('dev');
  const [small, large] = await Promise.all([openWorld(), openWorld()]);
  try {
    await order(small, { kind: 'load', waiting: FEW_WAITING, users: MANY_DUE });
    await order(large, { kind: 'load', waiting, users: MANY_DUE }, (done) =>
      printProgress(done, waiting, 'waiting carts'),
    );
    console.log(`\none run of the poller; ${FEW_WAITING} and ${waiting} wait; medians of ${ROUNDS} runs\n`);
    printHead();
    const ratios = [];
    for (const due of [0, 100]) ratios.push(await compare(small, large, due));
    const many = await run(large, MANY_DUE);
    printRow(MANY_DUE, (await run(small, MANY_DUE)).milliseconds, many);
    console.log(
      '\nindexes cost as many write units again: one for each cart dispatched, which leaves the index.',
    );
    const isGood = ratios.every((ratio) => ratio <= MAX_RATIO) && many.milliseconds <= MAX_MILLISECONDS;
    console.log(
      `${isGood ? 'within' : 'BEYOND'} the floors: ${MAX_RATIO} times with 0 and 100 due, ${MAX_MILLISECONDS / 1000} s for ${MANY_DUE}`,
    );
    if (!isGood) process.exitCode = 1;
  } finally {
    await Promise.all([closeWorld(small), closeWorld(large)]);
  }
}

/** Alternates the runs over both tables, so that other load on the machine affects both equally. */
async function compare(small: World, large: World, due: number): Promise<number> {
  await Promise.all([run(small, due), run(large, due)]);
  const few: number[] = [];
  const many: RunFigures[] = [];
  for (let round = 0; round < ROUNDS; round++) {
    few.push((await run(small, due)).milliseconds);
    many.push(await run(large, due));
  }
  const milliseconds = median(many.map((figures) => figures.milliseconds));
  const last = many.at(-1);
  if (last) printRow(due, median(few), { ...last, milliseconds });
  return milliseconds / median(few);
}

const COLUMNS = ['due', 'few wait', 'many wait', 'ratio', 'read units', 'write units', 'DynamoDB', 'SQS'];

function printHead(): void {
  console.log(COLUMNS.map((name) => name.padStart(12)).join(''));
}

function printRow(due: number, fewMilliseconds: number, figures: RunFigures): void {
  const { milliseconds, readUnits, writeUnits, dynamodbRequests, sqsRequests } = figures;
  const cells = [
    due,
    `${fewMilliseconds.toFixed(0)} ms`,
    `${milliseconds.toFixed(0)} ms`,
    (milliseconds / fewMilliseconds).toFixed(2),
    readUnits,
    writeUnits,
    dynamodbRequests,
    sqsRequests,
  ];
  console.log(cells.map((cell) => String(cell).padStart(12)).join(''));
}

await runCommand({ name: 'bench:schedule', help: HELP, maxArguments: 1 }, ({ positionals }) =>
  main(positionals),
);

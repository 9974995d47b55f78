/**
 * Chaos: N notifications while one Telegram call in ten fails at random (500, 429, a connection that breaks before or
 * after the message was sent, a time-out before or after) and running functions are killed during a batch.
 *
 * No message may be lost, and the order must be kept. A message may arrive twice only if Telegram had sent it and the
 * function could not know or record it: the answer was dropped or came too late, or the function was killed before it
 * wrote the record. The baseline is the same load without chaos, at the limit of 30 a second.
 *
 * With `all` the messages are such as a site sends that has everything switched on: see chaos-all.ts.
 */
import '../local/isolated.ts';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Worker } from 'node:worker_threads';
import { GetQueueAttributesCommand, SQSClient } from '@aws-sdk/client-sqs';
import type { Notification } from '../lib/deliveries/notification.ts';
import { runCommand, UsageError, wholeNumber } from '../scripts/command-line.ts';
import { packageBundle } from '../scripts/programs.ts';
import { printProgress } from '../scripts/progress.ts';
import { assess } from './assessment.ts';
import { type AllAssessment, assessAll, nameOf, readChats, switchAllOn, withAll } from './chaos-all.ts';
import { buildWorld, type Call, CROWD, notification, type QueueName, type World } from './world.ts';

const LIMIT = 30;
const TURNS = 4;
const FAULTS_PER_CALL = 0.1;
/** Functions that send the waiting messages, besides the others. They are killed like those. */
const DRAINS = 2;
/** One function is killed in each such period, for any number of functions. Milliseconds. */
const KILL_EVERY = 5_000;
/** How often waiting messages are looked for that nobody sends, as `serverless.yml` says. Milliseconds. */
const SWEEP_EVERY = 60_000;
/** A killed function's messages are received again after this, in seconds; longer than the longest batch. */
const VISIBILITY_SECONDS = 30;

/**
 * A killed drain's messages go out after its lease (70 s), the sweep's patience (30 s) and its next run (60 s); others wait
 * for a paused bot (five minutes). What has not arrived after this time is lost, wherever it is. Milliseconds.
 */
const LONGEST_SILENCE = 330_000;

/** Longer than the client waits (10 s). */
const TOO_LATE = 10_500;

const FAULTS: {
  weight: number;
  fault: { drop?: string; delayMs?: number; status?: number; body?: unknown };
}[] = [
  {
    weight: 30,
    fault: { status: 500, body: { ok: false, error_code: 500, description: 'Internal Server Error' } },
  },
  { weight: 15, fault: { status: 502, body: '<html><body>Bad Gateway</body></html>' } },
  {
    weight: 10,
    fault: {
      status: 429,
      body: {
        ok: false,
        error_code: 429,
        description: 'Too Many Requests: retry after 1',
        parameters: { retry_after: 1 },
      },
    },
  },
  { weight: 20, fault: { drop: 'before' } },
  { weight: 20, fault: { drop: 'after' } },
  { weight: 3, fault: { delayMs: TOO_LATE, drop: 'before' } },
  { weight: 2, fault: { delayMs: TOO_LATE } },
];

/** The same chaos for the same seed: Mulberry32. */
function randomFrom(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
}

function pick(random: () => number): { drop?: string; delayMs?: number } {
  let left = random() * FAULTS.reduce((sum, { weight }) => sum + weight, 0);
  for (const { weight, fault } of FAULTS) {
    left -= weight;
    if (left < 0) return fault;
  }
  return {};
}

const HELP = `npm run bench:chaos [-- MESSAGES FUNCTIONS SEED all]

Our sender under the load of bench:backlog, while Telegram fails and functions are killed: nothing may be lost.

  MESSAGES    2000 by default
  FUNCTIONS   how many run at once: 10 by default
  SEED        the same chaos for the same number: another one each time by default
  all         with all that a site may switch on: orders that have one message, messages about carts that are taken
              back, rich ones, notices to the staff, buttons and counted links, in quiet hours`;

async function main(given: string[]): Promise<void> {
  const [messages = '2000', functions = '10', number = Date.now() % 100_000, all] = given;
  if (all !== undefined && all !== 'all')
    throw new UsageError(`Unexpected argument '${all}'. This command takes all in its place, or nothing.`);
  const count = wholeNumber(messages, 'MESSAGES');
  const consumers = wholeNumber(functions, 'FUNCTIONS');
  const seed = wholeNumber(number, 'SEED', { least: 0, most: 2 ** 32 - 1 });
  await packageBundle('dev');
  const users = Math.ceil(count / TURNS);
  const what = `${count} notifications${all ? ' of all kinds' : ''}`;
  console.log(`${what} for ${users} people, ${consumers} functions, seed ${seed}`);
  const world = await buildWorld({ users, visibilitySeconds: VISIBILITY_SECONDS });
  try {
    if (all) await switchAllOn(world);
    await run(world, { count, users, consumers, random: randomFrom(seed), isAll: all !== undefined });
  } finally {
    await world.close();
  }
}

interface Load {
  count: number;
  users: number;
  consumers: number;
  random: () => number;
  isAll: boolean;
}

async function run(world: World, load: Load): Promise<void> {
  const { count, users, consumers, random, isAll } = load;
  const { enqueue } = await import('../lib/deliveries/queue.ts');
  const places = Array.from({ length: count }, (_, index) => ({
    user: index % users,
    turn: Math.floor(index / users),
  }));
  const batch = await Promise.all(places.map(({ user, turn }) => notification(CROWD.siteId, user, turn)));
  const expected = batch.map(({ text }) => text);
  await enqueue(isAll ? await allOf(batch, users) : batch);
  const queues: QueueName[] = [
    ...Array.from({ length: consumers }, (): QueueName => 'deliveries'),
    ...Array.from({ length: DRAINS }, (): QueueName => 'drain'),
  ];
  const functions = await Promise.all(
    queues.map(async (queue) => ({ queue, worker: await world.loadConsumer(queue) })),
  );
  for (const { worker } of functions) worker.postMessage('go');

  const chaos = { answersLost: 0, kills: 0, isOver: false };
  const disturbing = [disturbTelegram(world, chaos, load), killFunctions(world, functions, chaos, random)];
  const sweeping = setInterval(sweepLanes, SWEEP_EVERY);
  const calls = await untilQuiet(world, count, () => {
    chaos.isOver = true;
  });
  clearInterval(sweeping);
  await Promise.all(disturbing);
  print(calls, expected, chaos);
  if (!isAll) return;
  for (const method of ['sendRichMessage', 'editMessageText', 'deleteMessage'])
    row(`${method}, with success`, calls.filter((call) => call.method === method && wasDone(call)).length);
  printAll(assessAll(calls, expected, await readChats(world, users), wasDone));
}

async function allOf(batch: Notification[], users: number): Promise<Notification[]> {
  const all = batch.map((each, index) => withAll(each, index % users, Math.floor(index / users)));
  return (await Promise.all(all)).flat();
}

/** A running function. */
interface Running {
  queue: QueueName;
  worker: Worker;
}

/** What `drain-due` does. */
async function sweepLanes(): Promise<void> {
  const { sweep } = await import('../lib/deliveries/sweep.ts');
  await sweep(Date.now());
}

interface Chaos {
  /** Messages that Telegram has sent, but whose answer was lost on purpose. */
  answersLost: number;
  kills: number;
  isOver: boolean;
}

function isSentUnknown({ drop, delayMs }: { drop?: string; delayMs?: number }): boolean {
  return drop === 'after' || (delayMs !== undefined && drop === undefined);
}

/** Makes one call in ten fail, for any number of calls. */
async function disturbTelegram(world: World, chaos: Chaos, { random, isAll }: Load): Promise<void> {
  const installed = { faults: 0 };
  while (!chaos.isOver) {
    await sleep(100);
    const calls = (await world.calls()).length;
    while (installed.faults < calls * FAULTS_PER_CALL) {
      const fault = { ...(!isAll && { method: 'sendMessage' }), times: 1, ...pick(random) };
      await fetch(`${world.telegram}/emulator/faults`, { method: 'POST', body: JSON.stringify(fault) });
      if (isSentUnknown(fault)) chaos.answersLost++;
      installed.faults++;
    }
  }
  await fetch(`${world.telegram}/emulator/faults`, { method: 'DELETE' });
}

async function killFunctions(
  world: World,
  functions: Running[],
  chaos: Chaos,
  random: () => number,
): Promise<void> {
  for (let round = 1; !chaos.isOver; round++) {
    await sleep(100);
    if ((round * 100) % KILL_EVERY !== 0) continue;
    const victim = functions[Math.floor(random() * functions.length)];
    if (!victim) continue;
    await victim.worker.terminate();
    victim.worker = await world.loadConsumer(victim.queue);
    victim.worker.postMessage('go');
    chaos.kills++;
  }
}

/**
 * Waits until all messages have arrived, or nothing waits any more without them; then for late duplicates. A message with
 * several failures may take minutes: it is late, not lost.
 */
async function untilQuiet(world: World, count: number, calmDown: () => void): Promise<Call[]> {
  let arrived = 0;
  let lastArrival = Date.now();
  let lastSign = Date.now();
  const isQuiet = () => Date.now() - lastSign > 60_000 || Date.now() - lastArrival > LONGEST_SILENCE;
  while (arrived < count && !isQuiet()) {
    await sleep(500);
    const texts = new Set((await world.calls()).filter(wasSent).map(({ params }) => nameOf(params)));
    if (texts.size !== arrived) lastArrival = Date.now();
    if (texts.size !== arrived || (await isSomethingLeft())) lastSign = Date.now();
    arrived = texts.size;
    printProgress(arrived, count, 'messages');
  }
  calmDown();
  // What the last killed functions had in hand is received once more, and must not be sent again.
  const end = Date.now() + LONGEST_SILENCE;
  while ((await isSomethingLeft()) && Date.now() < end) await sleep(1_000);
  await sleep((VISIBILITY_SECONDS + 5) * 1_000);
  return world.calls();
}

const queues = new SQSClient({ region: 'eu-south-1' });

/** Whether a message is in the queue, hidden ones included, or waits in the table. */
async function isSomethingLeft(): Promise<boolean> {
  const { getItem } = await import('../lib/aws/dynamodb.ts');
  const { laneKey } = await import('../lib/store/lanes.ts');
  // The drain closes the lane when the last message is finished.
  if (await getItem('WAITING_TABLE', laneKey(CROWD.siteId).key)) return true;
  const request = new GetQueueAttributesCommand({
    QueueUrl: process.env.DELIVERIES_QUEUE_URL,
    AttributeNames: ['ApproximateNumberOfMessages', 'ApproximateNumberOfMessagesNotVisible'],
  });
  const { Attributes = {} } = await queues.send(request);
  return Object.values(Attributes).some((number) => Number(number) > 0);
}

/** Whether a call has put a message into a chat, according to its record, even if the sender did not learn of it. */
function wasSent(call: Call): boolean {
  return nameOf(call.params) !== undefined && wasDone(call);
}

function wasDone({ status, dropped }: Call): boolean {
  return status === 200 || dropped === 'after';
}

function row(name: string, value: string | number): void {
  console.log(name.padEnd(58), String(value).padStart(14));
}

function print(calls: Call[], expected: string[], chaos: Chaos): void {
  const sent = calls.filter(wasSent);
  const assessment = assess(
    sent.map((call) => ({ ...call, status: 200, params: { text: nameOf(call.params) ?? '' } })),
    expected,
  );
  const failed = calls.filter(({ status, dropped }) => status !== 200 || dropped !== undefined).length;
  const unexplained = Math.max(0, assessment.duplicated - chaos.answersLost - chaos.kills * 10);
  console.log();
  row('calls of Telegram', calls.length);
  row('of which failed', `${failed} (${((failed / calls.length) * 100).toFixed(1)} %)`);
  row('messages sent whose answer was lost', chaos.answersLost);
  row('functions killed in the middle of a batch', chaos.kills);
  row('lost', assessment.lost);
  row('out of order', assessment.outOfOrder);
  row('arrived twice', assessment.duplicated);
  row('arrived twice without an answer lost or a function killed', unexplained);
  row('busiest sliding second', assessment.busiestSecond);
  row('messages a second', assessment.perSecond.toFixed(2));
  row('against the limit of 30 a second', `${(assessment.perSecond / LIMIT).toFixed(2)} ×`);
  if (assessment.lost + assessment.outOfOrder + unexplained > 0) process.exitCode = 1;
}

function printAll(assessment: AllAssessment): void {
  row('not in the chat at the end', assessment.lost);
  row('an older status shown after a newer one', assessment.statusesBack);
  row('an older status left beside the newer one', assessment.statusesLeft);
  row('messages about an ordered cart left in the chat', assessment.cartsLeft);
  row('messages that rang in quiet hours', assessment.loud);
  row('messages with a link that is not counted', assessment.uncounted);
  if (Object.values(assessment).some((number) => number > 0)) process.exitCode = 1;
}

await runCommand({ name: 'bench:chaos', help: HELP, maxArguments: 4 }, ({ positionals }) =>
  main(positionals),
);

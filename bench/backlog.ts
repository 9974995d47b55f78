/**
 * A long queue: N notifications of one bot, C running functions, and from time to time a message of another site. Then
 * the baseline with the same messages: a naive sender, telegraf in C loops that obey `retry_after`.
 *
 * See HELP.
 */
import '../local/isolated.ts';
import { setTimeout as sleep } from 'node:timers/promises';
import { Telegram, TelegramError } from 'telegraf';
import { runCommand, UsageError, wholeNumber } from '../scripts/command-line.ts';
import { packageBundle } from '../scripts/programs.ts';
import { printProgress } from '../scripts/progress.ts';
import { type Assessment, assess } from './assessment.ts';
import { buildWorld, CROWD, FIRST_CHAT, notification, SINGLE, type World } from './world.ts';

/** Telegram's limit, which the emulator enforces. */
const LIMIT = 30;
/** Messages for each person: enough to check their order. */
const TURNS = 4;
/** Functions that send the waiting messages: one works on this bot's. */
const DRAINS = 2;
/**
 * Messages before the clock starts, for each function: its code is compiled, its connections are open. In AWS each function
 * starts on a processor of its own; here all would share this machine's, and be measured while they do.
 */
const WARM_UP = 30;
/** How often the other site sends, in milliseconds. */
const SINGLE_EVERY = 3_000;

const HELP = `npm run bench:backlog [-- MESSAGES FUNCTIONS --clock-error=MILLISECONDS]

A long backlog of one bot: messages a second, 429s, losses, order, compared with a simple sender.

  MESSAGES        2000 by default
  FUNCTIONS       how many run at once: 10 by default
  --clock-error   how wrong the clock of one function is: 0 by default; -500 is half a second behind`;

const OPTIONS = { 'clock-error': { type: 'string', default: '0' } } as const;

async function main([messages = '2000', functions = '10']: string[], error: string): Promise<void> {
  const count = wholeNumber(messages, 'MESSAGES');
  const consumers = wholeNumber(functions, 'FUNCTIONS');
  if (!/^-?\d{1,9}$/.test(error))
    throw new UsageError(`--clock-error must be a whole number, not "${error}".`);
  const clockError = Number(error);
  await packageBundle('dev');
  const users = Math.ceil(count / TURNS);

  console.log(`${count} notifications for ${users} people, ${consumers} functions`);
  const ours = await withWorld({ users, visibilitySeconds: 60 }, (world) =>
    runOurs(world, { count, users, consumers, clockError }),
  );
  console.log(`\nnaive sender: telegraf in ${consumers} loops that obey retry_after`);
  const naive = await withWorld({ users }, (world) => runNaive(world, { count, users, consumers }));
  print(ours, naive);
}

async function withWorld<Result>(
  options: Parameters<typeof buildWorld>[0],
  run: (world: World) => Promise<Result>,
): Promise<Result> {
  const world = await buildWorld(options);
  try {
    return await run(world);
  } finally {
    await world.close();
  }
}

interface Load {
  count: number;
  users: number;
  consumers: number;
}

interface Measured extends Assessment {
  /** The longest time for a message of the other site, in milliseconds. */
  slowestForeign: number;
}

const textsOf = ({ count, users }: Load) =>
  Array.from(
    { length: count },
    (_, index) => `${CROWD.siteId} ${index % users} ${Math.floor(index / users)}`,
  );

async function runOurs(world: World, load: Load & { clockError: number }): Promise<Measured> {
  const { enqueue } = await import('../lib/deliveries/queue.ts');
  const batchOf = (texts: string[]) =>
    Promise.all(
      texts.map((text) => {
        const [site = '', user, turn] = text.split(' ');
        return notification(site, Number(user), Number(turn));
      }),
    );
  const errorOf = (index: number) => (index === 0 ? load.clockError : 0);
  const functions = await Promise.all([
    ...Array.from({ length: load.consumers }, (_, index) => world.loadConsumer('deliveries', errorOf(index))),
    ...Array.from({ length: DRAINS }, () => world.loadConsumer('drain')),
  ]);
  for (const worker of functions) worker.postMessage('go');
  // Turns that the measured ones don't have.
  const warmUp = textsOf({ ...load, count: WARM_UP * load.consumers }).map(
    (text) => `${text.slice(0, text.lastIndexOf(' '))} ${TURNS + Number(text.split(' ')[2])}`,
  );
  await enqueue(await batchOf(warmUp));
  while ((await countArrived(world, warmUp)) < warmUp.length) await sleep(250);

  const texts = textsOf(load);
  await enqueue(await batchOf(texts));
  const foreign: { text: string; at: number }[] = [];
  let nextForeign = Date.now() + 1_000;
  for (let arrived = 0; arrived < load.count; ) {
    if (Date.now() > nextForeign) {
      const single = await notification(SINGLE.siteId, 0, foreign.length);
      foreign.push({ text: single.text, at: Date.now() });
      await enqueue([single]);
      nextForeign += SINGLE_EVERY;
    }
    await sleep(250);
    arrived = await countArrived(world, texts);
    printProgress(Math.min(arrived, load.count), load.count, 'messages');
  }
  await sleep(2_500);
  const calls = await world.calls();
  const tookOf = ({ text, at }: { text: string; at: number }) => {
    const call = calls.find(({ params, status }) => params.text === text && status === 200);
    return call ? Date.parse(call.time) - at : Number.POSITIVE_INFINITY;
  };
  return { ...assess(calls, texts), slowestForeign: Math.max(...foreign.map(tookOf)) };
}

async function countArrived(world: World, texts: string[]): Promise<number> {
  const missing = new Set(texts);
  for (const { params, status } of await world.calls()) {
    if (status === 200 && params.text) missing.delete(params.text);
  }
  return texts.length - missing.size;
}

async function runNaive(world: World, load: Load): Promise<Measured> {
  const client = new Telegram(CROWD.token, { apiRoot: world.telegram, agent: undefined });
  const waiting = textsOf(load);
  let done = 0;
  const loop = async () => {
    for (let text = waiting.shift(); text !== undefined; text = waiting.shift()) {
      await sendNaively(client, FIRST_CHAT + Number(text.split(' ')[1]), text);
      done++;
      printProgress(done, load.count, 'messages');
    }
  };
  await Promise.all(Array.from({ length: load.consumers }, loop));
  // It has one queue for all: a message of another site waits for all earlier ones.
  return { ...assess(await world.calls(), textsOf(load)), slowestForeign: Number.NaN };
}

async function sendNaively(client: Telegram, chatId: number, text: string): Promise<void> {
  for (;;) {
    try {
      await client.sendMessage(chatId, text);
      return;
    } catch (error) {
      if (!(error instanceof TelegramError) || error.code !== 429) throw error;
      await sleep((error.parameters?.retry_after ?? 1) * 1_000);
    }
  }
}

function print(ours: Measured, naive: Measured): void {
  const row = (name: string, value: (measured: Measured) => string) =>
    console.log(name.padEnd(34), value(ours).padStart(12), value(naive).padStart(12));
  console.log('\n'.padEnd(35), 'ours'.padStart(12), 'naive'.padStart(12));
  row('messages a second', ({ perSecond }) => perSecond.toFixed(2));
  row('share of the limit (30 a second)', ({ perSecond }) => `${((perSecond / LIMIT) * 100).toFixed(1)} %`);
  row('busiest sliding second', ({ busiestSecond }) => String(busiestSecond));
  row('429s', ({ refused429 }) => String(refused429));
  row('lost', ({ lost }) => String(lost));
  row('duplicated', ({ duplicated }) => String(duplicated));
  row('out of order', ({ outOfOrder }) => String(outOfOrder));
  row('slowest message of another site', ({ slowestForeign }) =>
    Number.isNaN(slowestForeign) ? '–' : `${slowestForeign.toFixed(0)} ms`,
  );
  console.log(`\nours against the naive sender: ${(ours.perSecond / naive.perSecond).toFixed(2)} × as fast`);
}

await runCommand(
  { name: 'bench:backlog', help: HELP, options: OPTIONS, maxArguments: 2 },
  ({ positionals, values }) => main(positionals, values['clock-error']),
);

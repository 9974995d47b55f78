/**
 * One shop can't hold up another: a quiet shop reports one event a second, and has reminders, while other shops, strangers
 * and Telegram do what was found to hold it up. Each attack is compared with the same load as a hundred quiet shops cause
 * it; at last all attacks run together.
 *
 * The limits are those of neighbours-figures.ts; if one is broken, the command ends with 1.
 */
import '../local/isolated.ts';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { buildFunctions } from '../scripts/build.ts';
import { runCommand, UsageError, wholeNumber } from '../scripts/command-line.ts';
import { packageBundle } from '../scripts/programs.ts';
import { type Deployment, startDeployment } from './deployment.ts';
import { ATTACKS, type Attack, clearFaults, type Load } from './neighbours-attacks.ts';
import {
  type Arrivals,
  brokenLimits,
  type Expected,
  type Figures,
  figuresOf,
  ratioOf,
} from './neighbours-figures.ts';
import {
  messageOf,
  orderOf,
  reminderOf,
  report,
  type Shop,
  shopOf,
  userId,
  writeShops,
} from './neighbours-shops.ts';
import { BOT_TOKEN_KEY } from './world.ts';

const QUIET = shopOf('quiet', 100, { people: 12 });
const CROWD = Array.from({ length: 100 }, (_, index) => shopOf(`shop-${index}`, index));

/** The people of the quiet shop who get events, and those who get reminders. */
const PEOPLE = 4;
const REMINDED = 2;
/** When reminders are due, and when the clock strikes, as parts of the measurement. */
const DUE = [0.2, 0.3, 0.4, 0.7, 0.8, 0.9];
const STRIKES = [0.5, 1];
/** The length of the warm-up, in seconds. */
const WARM_UP = 5;
/** The share of each attack when all run together. */
const TOGETHER = 0.2;
/** How often the clock strikes while late messages are awaited, in milliseconds. */
const STRIKE_EVERY = 15_000;
/** What has not arrived after this time is lost: longer than a message waits after an outage of this length. Milliseconds. */
const PATIENCE = 150_000;

interface Options {
  seconds: number;
  scale: number;
}

let stop: () => Promise<void> = async () => undefined;
for (const signal of ['SIGINT', 'SIGTERM'] as const)
  process.once(signal, () => void stop().finally(() => process.exit(130)));

const HELP = `npm run bench:neighbours [-- --only=1,2,all --seconds=20 --scale=1]

A quiet shop while other shops, strangers and Telegram do what could hold it up, compared with the same load of a
hundred quiet shops. Some twelve minutes, on a machine that does nothing else. Ends with 1 if a limit is broken.

  --only      which attacks (${ATTACKS.map(({ id }) => id).join(', ')}), or all (together): by default each, and all
  --seconds   the length of each measurement: 20 by default
  --scale     the load of the attacks is multiplied with it: 1 by default, 0.5 is half of it`;

const OPTIONS = {
  only: { type: 'string' },
  seconds: { type: 'string', default: '20' },
  scale: { type: 'string', default: '1' },
} as const;

async function main(values: { only?: string; seconds: string; scale: string }): Promise<void> {
  const options = { seconds: wholeNumber(values.seconds, '--seconds'), scale: Number(values.scale) };
  if (!/^\d{1,4}(\.\d{1,4})?$/.test(values.scale) || options.scale === 0)
    throw new UsageError(`--scale must be a number above 0, such as 0.5, not "${values.scale}".`);
  const chosen = values.only?.split(',');
  const rows = [...ATTACKS.map((attack) => [attack]), ATTACKS.filter(({ hasNoBaseline }) => !hasNoBaseline)];
  const wanted = rows.filter((attacks) => !chosen || chosen.includes(idOf(attacks)));
  const unknown = chosen?.find((id) => !rows.some((attacks) => idOf(attacks) === id));
  if (unknown !== undefined)
    throw new UsageError(`--only: there is no attack "${unknown}". There are: ${rows.map(idOf).join(', ')}.`);
  await packageBundle('dev');
  process.env.BOT_TOKEN_KEY = BOT_TOKEN_KEY;
  const bundles = await mkdtemp(join(tmpdir(), 'bench-neighbours-'));
  stop = () => rm(bundles, { recursive: true, force: true });
  try {
    await buildFunctions(bundles);
    console.log(
      `a quiet shop, one event a second for ${options.seconds} s, each attack after the same load of 100 shops\n`,
    );
    const broken: string[] = [];
    for (const attacks of wanted) broken.push(...(await runRow(bundles, attacks, options)));
    console.log(broken.length === 0 ? 'within the limits' : `BEYOND the limits:\n  ${broken.join('\n  ')}`);
    if (broken.length > 0) process.exitCode = 1;
  } finally {
    await stop();
  }
}

function idOf(attacks: Attack[]): string {
  return attacks.length > 1 ? 'all' : (attacks[0]?.id ?? '');
}

/** Each in its own deployment: what an attack leaves behind must not disturb the next one. @returns the broken limits. */
async function runRow(bundles: string, attacks: Attack[], options: Options): Promise<string[]> {
  const hostile = new Map(attacks.map((attack) => [attack, attack.hostile?.() ?? []]));
  const shops = [QUIET, ...CROWD, ...[...hostile.values()].flat()];
  const known = shops.filter(({ isDead }) => !isDead);
  printHead(attacks, options);
  const deployment = await startDeployment(bundles, {
    bots: known.map(({ bot }) => bot),
    chats: known.flatMap(({ bot, people, firstChat }) =>
      Array.from({ length: people }, (_, index) => ({ botToken: bot.token, chatId: firstChat + index })),
    ),
  });
  const stopBefore = stop;
  stop = async () => {
    await deployment.close();
    await stopBefore();
  };
  try {
    await writeShops(deployment, shops);
    const measureRow = (isAttack: boolean, name: string, { seconds, scale }: Options) =>
      measure(deployment, seconds, name, (run) => {
        const loads = attacks.map((attack) =>
          attack.run(
            loadOf(
              deployment,
              { seconds, scale },
              {
                attack,
                attacks,
                hostile: hostile.get(attack) ?? [],
                isAttack,
                run,
              },
            ),
          ),
        );
        return Promise.all(loads);
      });
    const hasBaseline = !attacks[0]?.hasNoBaseline;
    // The first runs of each function load and connect everything: that is no matter of neighbours.
    if (hasBaseline) await measureRow(false, 'warm', { ...options, seconds: WARM_UP });
    else await measure(deployment, WARM_UP, 'warm', async () => undefined);
    const baseline = hasBaseline ? await measureRow(false, 'quiet', options) : undefined;
    if (baseline) {
      printFigures('the same load of 100 shops', baseline);
      if (!(await deployment.isIdleWithin(30_000)))
        console.log('  (the load of the 100 shops is not worked off yet)');
    }
    const attacked = await measureRow(true, 'attack', options);
    printFigures('attack', attacked);
    if (baseline) console.log(`  ratio of the p99 ${ratioOf(attacked, baseline).toFixed(2)}`);
    return brokenLimits(attacked, baseline).map((sentence) => `${idOf(attacks)}: ${sentence}`);
  } finally {
    await deployment.close();
    stop = stopBefore;
  }
}

function loadOf(
  deployment: Deployment,
  { seconds, scale }: Options,
  given: { attack: Attack; attacks: Attack[]; hostile: Shop[]; isAttack: boolean; run: string },
): Load {
  const { attack, attacks, hostile, isAttack, run } = given;
  const share = shareOf(attack, attacks, scale);
  return {
    ...{ deployment, seconds, quiet: QUIET, crowd: CROWD, hostile, isAttack, run: `${run}-${attack.id}` },
    part: (number) => Math.max(1, Math.round(number * share)),
    answered: (status) => answers.set(status, (answers.get(status) ?? 0) + 1),
  };
}

function shareOf({ share }: Attack, attacks: Attack[], scale: number): number {
  return share * scale * (attacks.length > 1 ? TOGETHER : 1);
}

/** The answers to the load of the present measurement, by status. */
const answers = new Map<number, number>();

async function measure(
  deployment: Deployment,
  seconds: number,
  name: string,
  load: (run: string) => Promise<unknown>,
): Promise<Figures> {
  answers.clear();
  const begin = Date.now();
  const strikes: number[] = [];
  const strike = () => {
    strikes.push(Date.now());
    deployment.tick();
  };
  const clock = STRIKES.map((part) => setTimeout(strike, part * seconds * 1_000));
  try {
    const reminders = registerReminders(deployment, name, begin, seconds);
    const loading = load(name);
    const events = await reportEvents(deployment, name, begin, seconds);
    await loading;
    const expected = [...events, ...(await reminders)];
    const arrivals = await awaitArrivals(deployment, expected, strike);
    await clearFaults(deployment);
    return figuresOf(events, await reminders, strikes, arrivals);
  } finally {
    for (const timer of clock) clearTimeout(timer);
  }
}

/** One event a second: most over HTTPS, every fifth by SQS. */
async function reportEvents(
  deployment: Deployment,
  name: string,
  begin: number,
  seconds: number,
): Promise<Expected[]> {
  const events: Expected[] = [];
  const running: Promise<void>[] = [];
  for (let turn = 0; turn < seconds; turn++) {
    await sleep(Math.max(0, begin + turn * 1_000 - Date.now()));
    const expected: Expected = { text: `${name}-${turn}`, person: userId(turn % PEOPLE), at: Date.now() };
    events.push(expected);
    running.push(reportEvent(deployment, expected, turn));
    process.stderr.write(process.stderr.isTTY ? `\r  ${name}: ${turn + 1}/${seconds} s` : '');
  }
  await Promise.all(running);
  if (process.stderr.isTTY) process.stderr.write('\r');
  return events;
}

async function reportEvent(deployment: Deployment, expected: Expected, turn: number): Promise<void> {
  const { text } = expected;
  const person = turn % PEOPLE;
  const { siteId } = QUIET;
  // The event's queue promises no order.
  if (turn % 5 === 4) return deployment.send('OrderStatusQueue', { siteId, ...orderOf(text, person) });
  const status =
    turn % 5 === 2
      ? await report(deployment, siteId, 'message-sent', messageOf(text, [person], { subject: text }))
      : await report(deployment, siteId, 'order-status', orderOf(text, person));
  if (status === 202) expected.acceptedAt = Date.now();
  // It will be counted as lost: nobody reports it again.
  else console.log(`  an event of the quiet shop was answered ${status}`);
}

async function registerReminders(
  deployment: Deployment,
  name: string,
  begin: number,
  seconds: number,
): Promise<Expected[]> {
  return Promise.all(
    DUE.map(async (part, turn) => {
      const person = PEOPLE + (turn % REMINDED);
      const at = begin + part * seconds * 1_000;
      const text = `${name}-reminder-${turn}`;
      const status = await report(
        deployment,
        QUIET.siteId,
        'activity-reminder',
        reminderOf(text, [person], at),
      );
      if (status !== 202) console.log(`  a reminder of the quiet shop was answered ${status}`);
      return { text, person: userId(person), at };
    }),
  );
}

/** Waits until all have arrived, or for as long as a message may wait. */
async function awaitArrivals(
  deployment: Deployment,
  expected: Expected[],
  strike: () => void,
): Promise<Arrivals> {
  const end = Date.now() + PATIENCE;
  let nextStrike = Date.now() + STRIKE_EVERY;
  for (;;) {
    const arrivals = await readArrivals(deployment);
    if (expected.every(({ text }) => arrivals.has(text)) || Date.now() > end) return arrivals;
    if (Date.now() > nextStrike) {
      strike();
      nextStrike += STRIKE_EVERY;
    }
    await sleep(250);
  }
}

async function readArrivals(deployment: Deployment): Promise<Arrivals> {
  const arrivals: Arrivals = new Map();
  for (const { params, status, time, username } of await deployment.calls()) {
    if (status !== 200 || params.text === undefined || username !== QUIET.bot.username) continue;
    arrivals.set(params.text, [...(arrivals.get(params.text) ?? []), Date.parse(time)]);
  }
  return arrivals;
}

function printHead(attacks: Attack[], { scale }: Options): void {
  const title = attacks.length > 1 ? 'all together' : attacks[0]?.title;
  const shares = attacks.map((attack) => {
    const share = `${Number((shareOf(attack, attacks, scale) * 100).toPrecision(2))} %`;
    return attacks.length > 1 ? `${attack.id}: ${share}` : share;
  });
  console.log(`${idOf(attacks)}  ${title}\n  this part of the load: ${shares.join(', ')}`);
}

function printFigures(name: string, figures: Figures): void {
  const { p50, p99, lateness, lost, outOfOrder, duplicated } = figures;
  const said = [...answers].toSorted().map(([status, count]) => `${count} × ${status}`);
  console.log(
    `  ${name.padEnd(28)} p50 ${p50.toFixed(0).padStart(5)} ms, p99 ${p99.toFixed(0).padStart(5)} ms, ` +
      `reminders ${(lateness / 1_000).toFixed(1)} s late, lost ${lost}, out of order ${outOfOrder}, twice ${duplicated}` +
      (said.length > 0 ? `; load answered ${said.join(', ')}` : ''),
  );
}

await runCommand({ name: 'bench:neighbours', help: HELP, options: OPTIONS }, ({ values }) => main(values));

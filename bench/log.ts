/**
 * The log of one shop with a million lines, in the embedded DynamoDB: how long a page takes, whatever is asked for, how long
 * the file for a spreadsheet, and how long it takes to count the statistics. The embedded DynamoDB is slower than the real
 * one, and so are its reads of many items.
 */
import '../local/isolated.ts';
import { fork } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { mkdir, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { APIGatewayProxyEventV2, APIGatewayProxyStructuredResultV2, Context } from 'aws-lambda';
import type { Delivery } from '../lib/store/deliveries.ts';
import { DEMO_SITE_KEY, demoSite } from '../local/demo.ts';
import { runCommand, wholeNumber } from '../scripts/command-line.ts';
import { packageBundle } from '../scripts/programs.ts';
import { printProgress } from '../scripts/progress.ts';
import { answerOf, apiEvent } from '../tests/support/api-events.ts';
import { median } from './report.ts';
import type { ServiceOrder, ServiceReady } from './services.ts';

const PEOPLE = 5_000;
/** Each event goes to so many people. */
const OF_EVENT = 10;
const DAYS = 60;
const DAY = 86_400_000;
const ROUNDS = 9;
/** The limit for a page of JSON, in milliseconds. */
const MAX_PAGE = 300;
/** The limit for any answer: the time-out of the function, less a third. Milliseconds. */
const MAX_ANSWER = 13_000;
const BATCH = 25;
const LOADERS = 4;

const begin = Date.now() - DAYS * DAY;

function line(number: number, lines: number): Delivery {
  const event = ['order-status', 'message-sent', 'file-upload', 'activity-status'][number % 4] ?? '';
  const recordedAt = new Date(begin + Math.floor((number / lines) * (DAYS - 1) * DAY)).toISOString();
  const result =
    number % 50 === 0
      ? { status: 'failed', failure: { class: 'refused', description: 'Bad Request: TOPIC_CLOSED' } }
      : number % 10 === 0
        ? { status: 'skipped', reason: 'not-linked' }
        : { status: 'sent', messageId: number, chatId: 1_000_000 + (number % PEOPLE) };
  return {
    ...{ siteId: 'demo', deliveryId: `consegna-${number}`.padEnd(32, 'x'), event },
    ...{ eventId: `evento-${Math.floor(number / OF_EVENT)}`, templateId: `default-${event}` },
    ...{ userId: `u${number % PEOPLE}`, recordedAt, attempts: 1, source: 'https', content: 'x'.repeat(32) },
    // As large as what a default message leaves, encrypted.
    kept: { day: recordedAt.slice(0, 10), sealed: new Uint8Array(400) },
    ...result,
  } as Delivery;
}

async function fill(lines: number): Promise<void> {
  const { recordFirst } = await import('../lib/store/deliveries.ts');
  const { putItem } = await import('../lib/aws/dynamodb.ts');
  const { batchWrite } = await import('../lib/aws/batch-write.ts');
  await putItem('SITES_TABLE', demoSite());
  for (let start = 0; start < PEOPLE; start += BATCH)
    await batchWrite(
      'USERS_TABLE',
      Array.from({ length: BATCH }, (_, index) => {
        const userId = `u${start + index}`;
        return {
          put: {
            siteId: 'demo',
            userId,
            version: 1,
            chats: [],
            optOuts: {},
            firstName: 'Anna',
            lastName: userId,
          },
        };
      }),
    );
  let next = 0;
  const load = async () => {
    for (let start = next; start < lines; start = next) {
      next += BATCH;
      const batch = Array.from({ length: Math.min(BATCH, lines - start) }, (_, index) =>
        line(start + index, lines),
      );
      // The embedded DynamoDB, under this load on a busy machine, is sometimes too slow for a function.
      while (
        !(await recordFirst(batch).then(
          () => true,
          () => false,
        ))
      );
      printProgress(start, lines, 'lines of the log');
    }
  };
  await Promise.all(Array.from({ length: LOADERS }, load));
}

type Handler = (
  event: APIGatewayProxyEventV2,
  context: Context,
) => Promise<APIGatewayProxyStructuredResultV2>;

async function measure(lines: number): Promise<boolean> {
  const { handler } = (await import('../functions/deliveries.ts')) as unknown as { handler: Handler };
  const { countSites } = await import('../lib/deliveries/count-sites.ts');
  const context = { getRemainingTimeInMillis: () => 30_000 } as Context;
  const ask = async (name: string, query: Record<string, string>, accept = 'application/json') => {
    const request = apiEvent({
      ...{ routeKey: `GET /v1/sites/{siteId}/${name}`, path: `/v1/sites/demo/${name}` },
      ...{ pathParameters: { siteId: 'demo' }, query },
      headers: { authorization: `Bearer ${DEMO_SITE_KEY}`, accept },
    });
    const answer = answerOf(await handler(request, context));
    if (answer.status !== 200) throw new Error(`${name}: ${answer.status} ${answer.text}`);
    return answer;
  };
  let isGood = true;
  const time = async (what: string, most: number, work: () => Promise<{ text: string }>, rounds = ROUNDS) => {
    const times: number[] = [];
    let bytes = 0;
    for (let round = 0; round < rounds; round++) {
      const start = performance.now();
      bytes = (await work()).text.length;
      times.push(performance.now() - start);
    }
    const milliseconds = median(times);
    if (milliseconds > most) isGood = false;
    console.log(
      `${what.padEnd(58)}${milliseconds.toFixed(0).padStart(8)} ms${(bytes / 1_000).toFixed(0).padStart(8)} KB`,
    );
  };
  const middle = new Date(begin + (DAYS / 2) * DAY).toISOString();
  const event = `evento-${Math.floor(lines / OF_EVENT / 2)}`;
  console.log(`\n${lines.toLocaleString('en')} lines; medians of ${ROUNDS}\n`);
  await time('a page of 50, newest', MAX_PAGE, () => ask('deliveries', {}));
  await time('a page of 100, from the middle on', MAX_PAGE, () =>
    ask('deliveries', { to: middle, limit: '100' }),
  );
  await time('a page of one person', MAX_PAGE, () => ask('deliveries', { userId: 'u77' }));
  await time('the lines of one event', MAX_PAGE, () => ask('deliveries', { eventId: event }));
  await time('a page of what has failed', MAX_ANSWER, () => ask('deliveries', { status: 'failed' }));
  await time('a page with totals', MAX_ANSWER, () => ask('deliveries', { totals: 'true' }), 3);
  await time('a file for a spreadsheet', MAX_ANSWER, () => ask('deliveries', {}, 'text/csv'), 3);
  const start = performance.now();
  const running = { now: Date.now, random: Math.random, remainingMilliseconds: () => 300_000 };
  let runs = 0;
  do runs += 1;
  while ((await countSites(running)).open > 0);
  console.log(
    `${'the statistics, counted from the beginning'.padEnd(58)}${(performance.now() - start).toFixed(0).padStart(8)} ms, in ${runs} runs`,
  );
  await time('the statistics of sixty days', MAX_PAGE, () =>
    ask('statistics', { from: new Date(begin).toISOString().slice(0, 10) }),
  );
  const { totals } = (await ask('statistics', { from: new Date(begin - DAY).toISOString().slice(0, 10) }))
    .json;
  const counted = totals.sent + totals.failed + (totals.skipped['not-linked'] ?? 0);
  console.log(`\ncounted: ${counted.toLocaleString('en')} of ${lines.toLocaleString('en')}`);
  return isGood && counted === lines;
}

const HELP = `npm run bench:log [-- LINES]

How long the log and the statistics of a shop take, with many lines in the log.

  LINES   how many: 1000000 by default. To fill the table takes some minutes`;

async function main([given = '1000000']: string[]): Promise<void> {
  const lines = wholeNumber(given, 'LINES');
  await packageBundle('dev');
  const directory = await mkdtemp(join(tmpdir(), 'bench-log-'));
  await mkdir(join(directory, 'data'));
  const service = fork(join(import.meta.dirname, 'services.ts'));
  try {
    service.send({
      kind: 'aws',
      visibilitySeconds: 60,
      dataDirectory: join(directory, 'data'),
    } satisfies ServiceOrder);
    const [{ environment }] = (await once(service, 'message')) as [ServiceReady];
    const BOT_TOKEN_KEY = randomBytes(32).toString('base64');
    Object.assign(process.env, environment, { LOG_LEVEL: 'off', BOT_TOKEN_KEY });
    await fill(lines);
    const isGood = await measure(lines);
    console.log(isGood ? 'within the limits' : 'BEYOND the limits');
    if (!isGood) process.exitCode = 1;
  } finally {
    const exited = once(service, 'exit');
    service.disconnect();
    await exited;
    await rm(directory, { recursive: true });
  }
}

await runCommand({ name: 'bench:log', help: HELP, maxArguments: 1 }, ({ positionals }) => main(positionals));

/**
 * Latency: from the 202 of an event to the message in the chat, with an empty queue, in its own local run without
 * stored data. See HELP.
 *
 * The baseline is Telegram's part: one `sendMessage` to the emulator.
 */
import '../local/isolated.ts';
import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { setTimeout as sleep } from 'node:timers/promises';
import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { DynamoDBDocumentClient, PutCommand } from '@aws-sdk/lib-dynamodb';
import { anyFreePort } from '../local/ports.ts';
import { runCommand, wholeNumber } from '../scripts/command-line.ts';
import { printProgress } from '../scripts/progress.ts';
import { median, percentile } from './report.ts';

const HELP = `npm run bench:latency [-- EVENTS]

The time from the 202 of an event to the message in the chat, with an empty queue, in a local run of its own.

  EVENTS   how many events, one after the other: 200 by default`;

let api: string;
let telegram: string;
let dynamodb: string;

/** Telegram's limit is one message a second for each chat: with this number of chats none reaches it. */
const CHATS = 40;
const FIRST_CHAT = 700_001;
/** The chats of the baseline: others, which have just got nothing. */
const FIRST_BARE_CHAT = FIRST_CHAT + CHATS;

interface Call {
  time: string;
  method: string;
  params: { chat_id?: number; text?: string };
}

/** Starts the whole system on its own ports. Returns a function that stops it. */
async function startRun(): Promise<() => void> {
  [api, telegram, dynamodb] = await Promise.all([freeAddress(), freeAddress(), freeAddress()]);
  const port = (url: string) => new URL(url).port;
  const started = performance.now();
  const run = spawn(process.execPath, [join(import.meta.dirname, '..', 'local', 'start.ts')], {
    env: {
      ...process.env,
      PORT: port(api),
      TELEGRAM_PORT: port(telegram),
      DYNAMODB_PORT: port(dynamodb),
      LOCAL_DATA: 'memory',
    },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  for await (const line of createInterface({ input: run.stdout })) if (line.startsWith('ready')) break;
  run.stdout.resume();
  console.log(`from start to ready: ${((performance.now() - started) / 1_000).toFixed(1)} s`);
  return () => run.kill('SIGTERM');
}

async function freeAddress(): Promise<string> {
  return `http://127.0.0.1:${await anyFreePort()}`;
}

async function linkUsers(): Promise<void> {
  const client = new DynamoDBClient({
    region: 'eu-south-1',
    endpoint: dynamodb,
    credentials: { accessKeyId: 'local', secretAccessKey: 'local' },
  });
  const tables = DynamoDBDocumentClient.from(client);
  for (let index = 0; index < CHATS; index++) {
    const chatId = FIRST_CHAT + index;
    for (const chat of [chatId, chatId + CHATS])
      await post(`${telegram}/emulator/chats/${chat}/send`, { text: '/start' });
    const user = { siteId: 'demo', userId: `bench-${index}`, chatId, siteChat: `demo#${chatId}` };
    await tables.send(new PutCommand({ TableName: 'passweb-telegram-local-users', Item: user }));
  }
}

/** The bot greets each chat that was opened: until then it has not got its whole pace for what is measured. */
async function greeted(): Promise<void> {
  for (let chats = 0; chats < 2 * CHATS; ) {
    await sleep(200);
    const calls = (await (await fetch(`${telegram}/emulator/calls`)).json()) as Call[];
    const sent = calls.filter(({ method }) => method === 'sendMessage');
    chats = new Set(sent.map(({ params }) => params.chat_id)).size;
  }
  await sleep(1_000);
}

async function post(url: string, body: unknown, headers: Record<string, string> = {}): Promise<Response> {
  const answer = await fetch(url, {
    method: 'POST',
    headers: { 'content-type': 'application/json', ...headers },
    body: JSON.stringify(body),
  });
  if (!answer.ok) throw new Error(`${url} answered ${answer.status}: ${await answer.text()}`);
  return answer;
}

/** Reports one event. Returns the time of its 202 (milliseconds since 1970). */
async function report(reference: string, userId: string): Promise<number> {
  const event = {
    eventId: reference,
    language: 'it',
    order: {
      id: reference,
      reference,
      status: 'Evaso',
      itemCount: 1,
      total: { amount: '10.00', currency: 'EUR' },
      url: 'https://shop.example/ordini/1',
    },
    holder: { id: userId },
  };
  await post(`${api}/v1/sites/demo/events/order-status`, event, { authorization: 'Bearer pwtg_demo' });
  return Date.now();
}

async function arrival(reference: string): Promise<number> {
  for (;;) {
    const calls = (await (await fetch(`${telegram}/emulator/calls`)).json()) as Call[];
    const call = calls.find(({ params }) => params.text?.includes(reference));
    if (call) return Date.parse(call.time);
    await sleep(20);
  }
}

async function bareSends(count: number): Promise<number[]> {
  const durations: number[] = [];
  for (let index = 0; index < count; index++) {
    const start = performance.now();
    await post(`${telegram}/bot100:demo/sendMessage`, {
      chat_id: FIRST_BARE_CHAT + (index % CHATS),
      text: 'bench',
    });
    durations.push(performance.now() - start);
    await sleep(50);
  }
  return durations;
}

async function main([given = '200']: string[]): Promise<void> {
  const events = wholeNumber(given, 'EVENTS');
  const stop = await startRun();
  try {
    await measure(events);
  } finally {
    stop();
  }
}

async function measure(events: number): Promise<void> {
  await linkUsers();
  await greeted();
  const run = Date.now().toString(36);
  const latencies: number[] = [];
  for (let index = 0; index < events; index++) {
    const reference = `B${run}-${index}`;
    const accepted = await report(reference, `bench-${index % CHATS}`);
    latencies.push((await arrival(reference)) - accepted);
    printProgress(index + 1, events, 'events');
  }
  console.log(`\nfrom the first event's 202 to its message: ${latencies[0]} ms (the functions start)`);
  const baseline = median(await bareSends(40));
  const figure = (value: number) =>
    `${value.toFixed(0)} ms (${(value / baseline).toFixed(1)} × a bare sendMessage)`;
  console.log(`\nfrom 202 to the message in the chat, ${events} events, one after the other`);
  console.log(`  median          ${figure(median(latencies))}`);
  console.log(`  95th percentile ${figure(percentile(latencies, 95))}`);
  console.log(`  slowest         ${figure(Math.max(...latencies))}`);
  console.log(`  bare sendMessage, median ${baseline.toFixed(1)} ms`);
}

await runCommand({ name: 'bench:latency', help: HELP, maxArguments: 1 }, ({ positionals }) =>
  main(positionals),
);

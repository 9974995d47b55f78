/**
 * Latency: from the 202 of an event to the message in the chat, with nothing else in the queue. Needs a running
 * `npm start` (the same PORT, TELEGRAM_PORT and DYNAMODB_PORT); adds users of its own to the demo shop.
 *
 *     npm run bench:latency [-- EVENTS]
 *
 * The baseline is Telegram's own part: one bare `sendMessage` to the emulator.
 */
import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { DynamoDBDocumentClient, PutCommand } from '@aws-sdk/lib-dynamodb';
import { printProgress } from '../scripts/progress.ts';
import { median, percentile } from './report.ts';

const { PORT = '3000', TELEGRAM_PORT = '3001', DYNAMODB_PORT = '3004' } = process.env;
const api = `http://localhost:${PORT}`;
const telegram = `http://localhost:${TELEGRAM_PORT}`;

/** One message a second is Telegram's limit for a chat: enough chats that none gets near it. */
const CHATS = 40;
const FIRST_CHAT = 700_001;

interface Call {
  time: string;
  method: string;
  params: { chat_id?: number; text?: string };
}

async function linkUsers(): Promise<void> {
  const client = new DynamoDBClient({
    region: 'eu-south-1',
    endpoint: `http://localhost:${DYNAMODB_PORT}`,
    credentials: { accessKeyId: 'local', secretAccessKey: 'local' },
  });
  const tables = DynamoDBDocumentClient.from(client);
  for (let index = 0; index < CHATS; index++) {
    const chatId = FIRST_CHAT + index;
    await post(`${telegram}/emulator/chats/${chatId}/send`, { text: '/start' });
    const user = { siteId: 'demo', userId: `bench-${index}`, chatId, siteChat: `demo#${chatId}` };
    await tables.send(new PutCommand({ TableName: 'passweb-telegram-local-users', Item: user }));
  }
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

/** Reports one event; returns when its 202 was here (milliseconds since 1970). */
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
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}

async function bareSends(count: number): Promise<number[]> {
  const durations: number[] = [];
  for (let index = 0; index < count; index++) {
    const start = performance.now();
    await post(`${telegram}/bot100:demo/sendMessage`, {
      chat_id: FIRST_CHAT + (index % CHATS),
      text: 'bench',
    });
    durations.push(performance.now() - start);
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  return durations;
}

async function main(): Promise<void> {
  const events = Number(process.argv[2] ?? 200);
  await linkUsers();
  const run = Date.now().toString(36);
  const latencies: number[] = [];
  for (let index = 0; index < events; index++) {
    const reference = `B${run}-${index}`;
    const accepted = await report(reference, `bench-${index % CHATS}`);
    latencies.push((await arrival(reference)) - accepted);
    printProgress(index + 1, events, 'events');
  }
  const baseline = median(await bareSends(40));
  const figure = (value: number) =>
    `${value.toFixed(0)} ms (${(value / baseline).toFixed(1)} × a bare sendMessage)`;
  console.log(`\nfrom 202 to the message in the chat, ${events} events, one after the other`);
  console.log(`  median          ${figure(median(latencies))}`);
  console.log(`  95th percentile ${figure(percentile(latencies, 95))}`);
  console.log(`  slowest         ${figure(Math.max(...latencies))}`);
  console.log(`  bare sendMessage, median ${baseline.toFixed(1)} ms`);
}

await main();

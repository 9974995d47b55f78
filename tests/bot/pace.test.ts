/** The bot's replies and the shop's notifications together keep Telegram's limits, which the emulator enforces. */
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, beforeEach, expect, test } from '@jest/globals';
import { EVENT_NAMES } from '../../lib/domain/events.ts';
import { type App, startApp } from '../support/app.ts';
import { messageOf, nextUpdateId, type Webhook, webhookOf } from '../support/bot-updates.ts';
import { notification, record } from '../support/sqs-events.ts';

/** A third of Telegram’s limit: without a common rate, the slowest machine would exceed it. */
const PER_SECOND = 10;

/**
 * What the emulator takes: more, since a busy machine may stand still for some tenths of a second and then send what was due
 * meanwhile; but less than two functions send that do not know of each other.
 */
const TAKEN_PER_SECOND = 15;

const FIRST = 50_001;
const MANY = 300;
const chats = Array.from({ length: MANY }, (_, index) => FIRST + index);

/** So many updates does Telegram deliver at once: `max_connections` of the webhook. */
const CONNECTIONS = 10;

let app: App;
let webhook: Webhook;
beforeAll(async () => {
  app = await startApp({
    telegram: 'emulator',
    limits: { botPerSecond: TAKEN_PER_SECOND },
    chats: chats.map((chatId) => ({
      botToken: '100:demo',
      chatId,
      user: { id: chatId, first_name: 'Zoe' },
    })),
  });
  webhook = webhookOf(app);
  // Here one process takes several batches at once, and what it loads meanwhile makes its clock seem to be ahead. These set it.
  for (let calls = 0; calls < 8; calls++) await app.deliver([record(notification())]);
});
afterAll(() => app.close());
beforeEach(async () => {
  await app.reset();
  await app.setSite({ messagesPerSecond: PER_SECOND });
});

/** Delivers updates as Telegram does: some at once, and a refused one again. */
async function deliverAll(updates: object[]): Promise<void> {
  const waiting = [...updates];
  const connection = async () => {
    for (let update = waiting.shift(); update; update = waiting.shift()) {
      const { status } = await webhook.call(update);
      if (status !== 200) waiting.push(update);
    }
  };
  await Promise.all(Array.from({ length: CONNECTIONS }, connection));
}

async function refusals(): Promise<object[]> {
  return (await app.telegram.calls()).filter(({ status }) => status === 429);
}

const linkTo = (userId: string, chatId: number) =>
  app.setUser(userId, { chatId, siteChat: `demo#${chatId}`, botId: '100', language: 'it' });

test('300 people have written meanwhile: each is answered, and Telegram refuses nothing', async () => {
  await deliverAll(
    chats.map((chatId) => ({ update_id: nextUpdateId(), message: messageOf(chatId, 'Buongiorno') })),
  );
  const answered = (await app.telegram.calls('sendMessage')).map(({ params }) => Number(params.chat_id));
  expect(answered.toSorted((one, other) => one - other)).toEqual(chats);
  expect(await refusals()).toEqual([]);
}, 300_000);

test('four people press eight buttons each, quickly: Telegram refuses nothing', async () => {
  const some = chats.slice(0, 4);
  for (const chatId of some) await linkTo(`user-${chatId}`, chatId);
  await deliverAll(
    some.map((chatId) => ({ update_id: nextUpdateId(), message: messageOf(chatId, '/impostazioni') })),
  );
  const pressAll = async (chatId: number) => {
    const { message_id } = await app.telegram.lastIn(chatId);
    // Telegram delivers the updates of one chat one after the other.
    for (const event of EVENT_NAMES.slice(0, 8))
      await deliverAll([
        {
          update_id: nextUpdateId(),
          callback_query: await app.telegram.pressButton(chatId, message_id, `off:${event}`),
        },
      ]);
  };
  await Promise.all(some.map(pressAll));
  expect(await refusals()).toEqual([]);
  for (const chatId of some) expect((await app.findUser(`user-${chatId}`))?.mutedEvents).toHaveLength(8);
}, 300_000);

test('while a backlog is sent, people are answered; together they keep the limit', async () => {
  const [people, recipients] = [chats.slice(0, 20), chats.slice(20, 120)];
  for (const chatId of recipients) await linkTo(`user-${chatId}`, chatId);
  let isAnswered = false;
  const backlog = async (mine: number[]) => {
    const messages = mine.map((chatId) => notification({ userId: `user-${chatId}`, chatId }));
    expect(await app.deliver(messages.map((each) => record(each)))).toEqual([]);
  };
  const drained = async () => {
    for (; (await app.stack.waiting()).length > 0; await sleep(200)) await app.drain();
  };
  const batches = Array.from({ length: 10 }, (_, index) => recipients.slice(10 * index, 10 * index + 10));
  // On AWS each has a machine of its own.
  const someAtOnce = async () => {
    for (let batch = batches.shift(); batch; batch = batches.shift()) await backlog(batch);
  };
  await Promise.all([
    Promise.all([someAtOnce(), someAtOnce(), someAtOnce()]).then(drained),
    deliverAll(
      people.map((chatId) => ({ update_id: nextUpdateId(), message: messageOf(chatId, '/help') })),
    ).then(() => {
      isAnswered = true;
    }),
  ]);
  expect(isAnswered).toBe(true);
  const calls = await app.telegram.calls('sendMessage');
  expect(calls).toHaveLength(120);
  expect(await refusals()).toEqual([]);
}, 300_000);

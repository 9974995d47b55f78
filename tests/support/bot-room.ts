/** The exported handler of `bot` with tables and a Telegram of its own: updates as Telegram sends them, knocked in by hand. */
import { DeleteCommand, DynamoDBDocumentClient, ScanCommand } from '@aws-sdk/lib-dynamodb';
import type { APIGatewayProxyStructuredResultV2 } from 'aws-lambda';
import type { Site } from '../../lib/store/sites.ts';
import type { User } from '../../lib/store/users.ts';
import { demoSite, demoUsers } from '../../local/demo.ts';
import type { CallRecord } from '../../local/emulator/emulator.ts';
import { startEmulator } from '../../local/emulator/server.ts';
import type { Message } from '../../local/emulator/types.ts';
import { DEFAULT_CHATS } from '../../local/emulator/world.ts';
import { eventRequest, lambdaContext, routed } from './requests.ts';
import { type Stack, startStack } from './stack.ts';

/** The secret that the demo bot's webhook has in tests, and its SHA-256 (`printf %s … | sha256sum`). */
export const SECRET = 'webhook-secret_of-the-tests';
const SECRET_HASH = '02ae2cb6b1b84b3a10c6eee12aa879d09ae10baef1e463031aa6476726b40b6e';

export const ANNA = 1001;
export const BRUNO = 1002;
export const CARLA = 1003;
/** People whom the bot knows and the shop does not. */
export const STRANGER = 4001;
const OTHER_STRANGER = 4002;
export const GROUP = -5001;

const CHATS = [
  ...DEFAULT_CHATS,
  ...[STRANGER, OTHER_STRANGER, GROUP].map((chatId) => ({
    botToken: '100:demo',
    chatId,
    user: { id: Math.abs(chatId), first_name: 'Zoe' },
  })),
];

interface KnockParts {
  siteId?: string;
  /** `null`: none. */
  secret?: string | null;
}

export interface BotRoom {
  stack: Stack;
  /** Hands any body to the webhook. */
  knock(body: unknown, parts?: KnockParts): Promise<APIGatewayProxyStructuredResultV2>;
  /** Hands an update over, and expects that it is taken. */
  update(content: object): Promise<void>;
  /** The person writes a text; a command is marked as one, as Telegram does. */
  write(chatId: number, text: string, languageCode?: string): Promise<void>;
  /** The person presses a button of a message. */
  press(chatId: number, messageId: number, data: string): Promise<void>;
  member(chatId: number, before: string, now: string): Promise<void>;
  messagesIn(chatId: number): Promise<Message[]>;
  /** What the bot has said in the chat, oldest first. */
  said(chatId: number): Promise<string[]>;
  lastIn(chatId: number): Promise<Message>;
  calls(method?: string): Promise<CallRecord[]>;
  fault(fault: object): Promise<void>;
  setSite(changes?: Partial<Site>): Promise<void>;
  setUser(userId: string, changes: Partial<User>): Promise<void>;
  findUser(userId: string): Promise<User | undefined>;
  /** A link token for a user. */
  linkToken(userId: string, request?: { firstName?: string; language?: string }): Promise<string>;
  /** The demo shop, its people as they were, no messages: for `beforeEach`. */
  reset(): Promise<void>;
  close(): Promise<void>;
}

let lastUpdate = 1_000;

export function nextUpdateId(): number {
  lastUpdate += 1;
  return lastUpdate;
}

/** A message as it stands in an update. */
export function messageOf(chatId: number, text: string, languageCode?: string): object {
  const [command] = text.match(/^\/[\w@]+/) ?? [];
  const type = chatId < 0 ? 'group' : 'private';
  return {
    message_id: lastUpdate,
    date: 1_795_341_600,
    chat: { id: chatId, type, ...(type === 'private' ? { first_name: 'Zoe' } : { title: 'Gruppo' }) },
    from: personOf(chatId, languageCode),
    text,
    ...(command && { entities: [{ type: 'bot_command', offset: 0, length: command.length }] }),
  };
}

function personOf(chatId: number, languageCode?: string): object {
  const language = languageCode && { language_code: languageCode };
  return { id: Math.abs(chatId), is_bot: false, first_name: 'Zoe', ...language };
}

/** Opens a room. One for a test file: the clients of `lib` are made once. */
export async function openBotRoom(beforeLoading?: (stack: Stack) => Promise<void>): Promise<BotRoom> {
  process.env.LOG_LEVEL ??= 'off';
  const limits = { chatBurst: 1_000, groupPerMinute: 1_000, botPerSecond: 1_000 };
  const [stack, telegram] = await Promise.all([startStack(), startEmulator({ chats: CHATS, limits })]);
  process.env.TELEGRAM_API_ROOT = telegram.url;
  await beforeLoading?.(stack);
  const { handler } = await import('../../functions/bot.ts');
  const { clearSiteCache } = await import('../../lib/store/sites.ts');
  const { createLinkToken } = await import('../../lib/users/link-token.ts');
  let site = demoSite();

  async function ask<Answer>(path: string, init: RequestInit = {}): Promise<Answer> {
    const answer = await fetch(`${telegram.url}/emulator/${path}`, init);
    if (!answer.ok) throw new Error(`The emulator refused ${path}: ${await answer.text()}`);
    return (await answer.json()) as Answer;
  }
  const post = (path: string, body: object = {}) =>
    ask<void>(path, { method: 'POST', body: JSON.stringify(body) });

  const room: BotRoom = {
    stack,
    knock(body, { siteId = 'demo', secret = SECRET } = {}) {
      const event = eventRequest('', { siteId, authorization: null, body });
      const headers = {
        ...event.headers,
        ...(secret !== null && { 'x-telegram-bot-api-secret-token': secret }),
      };
      return handler(routed({ ...event, headers, rawPath: `/v1/telegram/${siteId}` }), lambdaContext);
    },
    async update(content) {
      const { statusCode, body } = await room.knock({ update_id: nextUpdateId(), ...content });
      if (statusCode !== 200) throw new Error(`The webhook answered ${statusCode}: ${body}`);
    },
    write: (chatId, text, languageCode) => room.update({ message: messageOf(chatId, text, languageCode) }),
    async press(chatId, messageId, data) {
      const query = await ask<object>(`chats/${chatId}/press`, {
        method: 'POST',
        body: JSON.stringify({ messageId, data }),
      });
      await room.update({ callback_query: query });
    },
    member: (chatId, before, now) =>
      room.update({
        my_chat_member: {
          ...messageOf(chatId, ''),
          old_chat_member: { status: before, user: { id: 100, is_bot: true, first_name: 'Demo Shop' } },
          new_chat_member: { status: now, user: { id: 100, is_bot: true, first_name: 'Demo Shop' } },
        },
      }),
    messagesIn: (chatId) => ask(`chats/${chatId}/messages`),
    said: async (chatId) => (await room.messagesIn(chatId)).map(({ text }) => text),
    async lastIn(chatId) {
      const message = (await room.messagesIn(chatId)).at(-1);
      if (!message) throw new Error(`Chat ${chatId} shows nothing.`);
      return message;
    },
    async calls(method) {
      const calls = await ask<CallRecord[]>('calls');
      return calls.filter((call) => method === undefined || call.method === method);
    },
    fault: (fault) => post('faults', fault),
    async setSite(changes = {}) {
      site = { ...demoSite(), ...changes };
      if (site.bot) site.bot = { webhookSecretHash: SECRET_HASH, ...site.bot };
      await stack.putSite(site);
      clearSiteCache();
    },
    async setUser(userId, changes) {
      const known = demoUsers().find((user) => user.userId === userId);
      await stack.putUser({ siteId: 'demo', userId, ...known, ...changes });
    },
    findUser: (userId) => stack.findUser('demo', userId),
    linkToken: async (userId, request) => (await createLinkToken(site, { userId, ...request })).token,
    async reset() {
      await post('reset');
      await room.setSite();
      for (const user of demoUsers()) await stack.putUser(user);
      await emptyLinks(stack);
      await stack.takeNotifications();
    },
    async close() {
      await telegram.close();
      await stack.close();
    },
  };
  await room.reset();
  return room;
}

async function emptyLinks({ aws, refs }: Stack): Promise<void> {
  const tables = DynamoDBDocumentClient.from(aws.dynamodb);
  const TableName = refs.get('LinksTable');
  const { Items = [] } = await tables.send(new ScanCommand({ TableName }));
  for (const { token } of Items) await tables.send(new DeleteCommand({ TableName, Key: { token } }));
}

/** A press as it stands in an update; Telegram knows nothing of it, so its answer is "too old". */
export function pressOf(chatId: number, messageId: number, data: string): object {
  const chat = { id: chatId, type: chatId < 0 ? 'group' : 'private' };
  return {
    id: `press-${nextUpdateId()}`,
    from: personOf(chatId),
    chat_instance: '1',
    data,
    message: { message_id: messageId, date: 1_795_341_600, chat },
  };
}

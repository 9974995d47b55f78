import { randomUUID } from 'node:crypto';
import type { Emulator } from './emulator.ts';
import { ControlError } from './errors.ts';
import { startIn } from './page/start-link.js';
import { isRecord } from './parameters.ts';
import { written } from './text.ts';
import type { BotAccount, CallbackQuery, Message, User } from './types.ts';
import { botUser, type Conversation } from './world.ts';

const MAX_TEXT = 4096;
const MAX_CALLBACK_DATA_BYTES = 64;
const DEFAULT_BOT = 'demo_shop_bot';
const START = /^\/start(?:@\w+)?(?:\s+(\S*)|$)/;

/** The actions of people: to write, to tap a button, to block the bot. Each becomes an update for the bot. */

/**
 * The person writes. `/start` opens a new chat and ends a block, as the Start button does in
 * Telegram.
 * @throws {ControlError}
 */
export async function personSends(
  emulator: Emulator,
  chatId: number,
  input: Record<string, unknown>,
): Promise<Message> {
  const { text, bot: name } = opensLink(textIn(input), input.bot);
  const [isStart, token = ''] = START.exec(text) ?? [];
  const bot =
    namedBot(emulator, name) ?? (await linkedBot(emulator, token)) ?? usualBot(emulator, chatId, token);
  const known = emulator.world.conversation(bot.id, chatId);
  if (isStart === undefined) refuseUnlessOpen(known, bot, chatId);
  const conversation = opened(emulator, bot, chatId, input.from);
  if (isStart !== undefined && conversation.blocked) setBlocked(emulator, bot, conversation, false);
  const message = emulator.addMessage(conversation, 'person', written(text));
  emulator.updatesOf(bot).add({ message });
  return message;
}

/**
 * The person taps a button of a message, which sends a callback query. Any data is accepted, since a
 * client can send data that no button has; the message must exist.
 * @throws {ControlError}
 */
export function sendCallbackQuery(
  emulator: Emulator,
  chatId: number,
  input: Record<string, unknown>,
): CallbackQuery {
  const data = typeof input.data === 'string' ? input.data : '';
  if (data === '' || Buffer.byteLength(data) > MAX_CALLBACK_DATA_BYTES) {
    throw new ControlError(400, `"data" is the button's data: 1 to ${MAX_CALLBACK_DATA_BYTES} bytes.`);
  }
  const messageId = Number(input.messageId);
  if (!Number.isInteger(messageId)) throw new ControlError(400, '"messageId" is the number of a message.');
  for (const conversation of emulator.world.conversationsOf(chatId)) {
    const message = conversation.messages.find((candidate) => candidate.message_id === messageId);
    const bot = emulator.world.botById(conversation.botId);
    if (message === undefined || bot?.id !== message.from.id) continue;
    const query: CallbackQuery = {
      id: randomUUID(),
      from: conversation.person,
      message,
      chat_instance: String(chatId),
      data,
    };
    emulator.rememberQuery(bot.id, query);
    emulator.updatesOf(bot).add({ callback_query: query });
    return query;
  }
  throw new ControlError(404, `Chat ${chatId} shows no message ${messageId} of a bot.`);
}

/** The person blocks the bot, or unblocks it. */
export function personBlocks(
  emulator: Emulator,
  chatId: number,
  input: Record<string, unknown>,
  blocked: boolean,
): { chatId: number; bot: string; blocked: boolean } {
  const bot = namedBot(emulator, input.bot) ?? usualBot(emulator, chatId);
  const conversation = emulator.world.conversation(bot.id, chatId);
  if (conversation === undefined) throw notOpen(bot, chatId);
  if (conversation.blocked !== blocked) setBlocked(emulator, bot, conversation, blocked);
  return { chatId, bot: bot.username, blocked };
}

/** The person allows messages in the login widget: the bot may write, and gets no update about it. */
export function personAllows(
  emulator: Emulator,
  chatId: number,
  input: Record<string, unknown>,
): { chatId: number; bot: string; started: true } {
  const bot = namedBot(emulator, input.bot) ?? demoBot(emulator);
  grantAccess(emulator, bot, chatId, input.from);
  return { chatId, bot: bot.username, started: true };
}

/** The bot may write into the chat from now on, though the person has not pressed Start. */
export function grantAccess(emulator: Emulator, bot: BotAccount, chatId: number, person?: unknown): void {
  opened(emulator, bot, chatId, person);
  emulator.hub.publish({ type: 'chat', bot: bot.username, chatId });
  emulator.onChange();
}

function textIn({ text: given }: Record<string, unknown>): string {
  const text = typeof given === 'string' ? given.trim() : '';
  if (text === '') throw new ControlError(400, '"text" is what the person writes: a text that is not empty.');
  if (text.length > MAX_TEXT) throw new ControlError(400, `"text" has more than ${MAX_TEXT} characters.`);
  return text;
}

/** To open `https://t.me/BOT?start=TOKEN` and press Start is to write `/start TOKEN` to that bot. */
function opensLink(text: string, bot: unknown): { text: string; bot: unknown } {
  const link = bot === undefined && !/\s/.test(text) ? startIn(text) : undefined;
  return link?.payload ? { text: `/start ${link.payload}`, bot: link.bot } : { text, bot };
}

/** @throws {ControlError} where no bot has the name. */
function namedBot({ world }: Emulator, name: unknown): BotAccount | undefined {
  if (name === undefined) return undefined;
  const named = typeof name === 'string' ? world.botByUsername(name) : undefined;
  if (named !== undefined) return named;
  const known = world.bots.map((bot) => bot.username).join(', ');
  throw new ControlError(404, `No bot is called "${String(name)}"; there are ${known}.`);
}

/** The bot for which a link token was made. */
async function linkedBot({ world, shops }: Emulator, token: string): Promise<BotAccount | undefined> {
  const username = token === '' ? undefined : await shops?.botOfLink(token);
  return username === undefined ? undefined : world.botByUsername(username);
}

/** Without a name or link: the only bot that the chat is with, else the demo bot. */
function usualBot(emulator: Emulator, chatId: number, token = ''): BotAccount {
  const [only, ...others] = emulator.world.conversationsOf(chatId);
  const isClear = only !== undefined && others.length === 0 && token === '';
  return (isClear ? emulator.world.botById(only.botId) : undefined) ?? demoBot(emulator);
}

function demoBot({ world }: Emulator): BotAccount {
  const bot = world.botByUsername(DEFAULT_BOT) ?? world.bots[0];
  if (bot === undefined) throw new ControlError(404, 'The emulator has no bots.');
  return bot;
}

function refuseUnlessOpen(conversation: Conversation | undefined, bot: BotAccount, chatId: number): void {
  if (conversation?.started !== true) throw notOpen(bot, chatId);
  if (conversation.blocked) {
    throw new ControlError(400, `Chat ${chatId} has blocked ${bot.username}: unblock it, or write /start.`);
  }
}

function notOpen(bot: BotAccount, chatId: number): ControlError {
  return new ControlError(404, `Chat ${chatId} is not open with ${bot.username}: write /start there first.`);
}

function opened(emulator: Emulator, bot: BotAccount, chatId: number, from: unknown): Conversation {
  const conversations = emulator.world.conversationsOf(chatId);
  const known = conversations.find((conversation) => conversation.botId === bot.id) ?? conversations[0];
  const isNew = known?.botId !== bot.id || !known.started;
  const person = personOf(chatId, known?.person, from);
  const conversation = emulator.world.open(bot.id, chatId, person);
  if (isNew) emulator.hub.publish({ type: 'chat', bot: bot.username, chatId });
  return conversation;
}

/** The person who writes: the fields of `from`, else those that are known already. */
export function personOf(chatId: number, known: User | undefined, from: unknown): User {
  const base: User = known ?? {
    id: Math.abs(chatId),
    is_bot: false,
    first_name: `Person ${Math.abs(chatId)}`,
  };
  if (from === undefined || from === null) return base;
  if (typeof from === 'string' && from.trim() !== '') return { ...base, first_name: from.trim() };
  if (!isRecord(from)) {
    throw new ControlError(400, '"from" is an object: id, first_name, last_name, username, language_code.');
  }
  const person = { ...base };
  if (from.id !== undefined) {
    if (!Number.isSafeInteger(from.id)) throw new ControlError(400, '"from.id" is a whole number.');
    person.id = Number(from.id);
  }
  for (const field of ['first_name', 'last_name', 'username', 'language_code'] as const) {
    const value = from[field];
    if (value === undefined || value === null) continue;
    if (typeof value !== 'string') throw new ControlError(400, `"from.${field}" is a text.`);
    if (value !== '') person[field] = value;
  }
  return person;
}

function setBlocked(emulator: Emulator, bot: BotAccount, conversation: Conversation, blocked: boolean): void {
  conversation.blocked = blocked;
  const user = botUser(bot);
  const member = { user, status: 'member' } as const;
  const kicked = { user, status: 'kicked', until_date: 0 } as const;
  const { chat, person } = conversation;
  emulator.updatesOf(bot).add({
    my_chat_member: {
      chat,
      from: person,
      date: emulator.seconds(),
      old_chat_member: blocked ? member : kicked,
      new_chat_member: blocked ? kicked : member,
    },
  });
  emulator.hub.publish({ type: 'chat', bot: bot.username, chatId: chat.id });
  emulator.onChange();
}

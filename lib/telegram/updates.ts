import { type Context, Telegraf } from 'telegraf';
import type { Chat, Update, User } from 'telegraf/types';
import type { TelegramUpdate } from './update-schema.ts';

/** A private chat and the person in it. Chat id and user id are the same there. */
export interface PrivateChat {
  id: number;
  username?: string;
  firstName?: string;
  lastName?: string;
  languageCode?: string;
}

/** The person has tapped a button under a message of the bot. */
export interface CallbackQuery {
  id: string;
  /** The data of the button. A client may send any data, not only that of our buttons. */
  data: string;
  messageId: number;
}

/** What the bot does for each kind of update. */
export interface UpdateHandlers {
  /** `/name payload`, written to this bot. */
  command(name: string, payload: string, chat: PrivateChat): Promise<void>;
  /** Anything else that the person has written or sent; the text is empty where it has none. */
  message(text: string, chat: PrivateChat): Promise<void>;
  /** Something else happened in the chat: the person has edited a message, logged in, pinned something … */
  present(chat: PrivateChat): Promise<void>;
  callbackQuery(query: CallbackQuery, chat: PrivateChat): Promise<void>;
  /** A callback query without a message of a private chat. The chat is absent where it is of a group. */
  strayCallbackQuery(queryId: string, chat?: PrivateChat): Promise<void>;
  /** The person has blocked the bot. */
  blocked(chat: PrivateChat): Promise<void>;
  /** The person has unblocked the bot. */
  returned(chat: PrivateChat): Promise<void>;
  /** The bot was called in a group, or added to a group or channel. */
  elsewhere(chatId: number): Promise<void>;
}

/** The bot that an update is for. */
export interface BotIdentity {
  token: string;
  id: string;
  username: string;
}

/**
 * What a person sends. Every other message is a service message, or of a kind that is not invented yet: nobody expects an
 * answer to it.
 *
 * @see https://core.telegram.org/bots/api#message (Bot API 10.4)
 */
const CONTENT = [
  ...['text', 'rich_message', 'photo', 'live_photo', 'video', 'video_note', 'voice', 'audio', 'document'],
  ...['animation', 'sticker', 'story', 'paid_media', 'contact', 'location', 'venue', 'poll', 'checklist'],
  ...['dice', 'game'],
] as const;

/**
 * Calls the handler for an update, or none if there is nothing to do. Errors of the handler are thrown here.
 *
 * @see https://core.telegram.org/bots/api#update
 */
export async function dispatchUpdate(
  bot: BotIdentity,
  update: TelegramUpdate,
  handlers: UpdateHandlers,
): Promise<void> {
  const telegraf = new Telegraf(bot.token, {
    telegram: { webhookReply: false },
    // telegraf's own time-out is off: it would answer while the handler continues in the background. Lambda has one.
    handlerTimeout: Number.POSITIVE_INFINITY,
  });
  // Without it, telegraf would call getMe.
  telegraf.botInfo = {
    id: Number(bot.id),
    is_bot: true,
    first_name: bot.username,
    username: bot.username,
    can_join_groups: true,
    can_read_all_group_messages: false,
    supports_inline_queries: false,
  };
  // telegraf's own error handler would log the whole update, including the person's text.
  telegraf.catch((error) => {
    throw error;
  });
  telegraf.on('my_chat_member', (context) => handleMembership(context, handlers));
  telegraf.on('callback_query', (context) => handleCallbackQuery(context, handlers));
  telegraf.command(/.*/, async (context) => {
    if (context.chat.type !== 'private') return handlers.elsewhere(context.chat.id);
    await handlers.command(
      context.command.toLowerCase(),
      context.payload.trim(),
      personIn(context.chat, context.from),
    );
  });
  telegraf.on('message', async ({ chat, from, message }) => {
    if (chat.type !== 'private') return;
    if (!isContent(message)) return reportPresence(chat, from, handlers);
    await handlers.message(('text' in message && message.text) || '', personIn(chat, from));
  });
  // Telegram also sends this where only fields have changed that nobody sees: an edited /stop is no second one.
  telegraf.on('edited_message', ({ chat, from }) => reportPresence(chat, from, handlers));
  // The schema checks the fields that the handlers below read; telegraf's type lists all fields of the Bot API.
  await telegraf.handleUpdate(update as TelegramUpdate & Update);
}

/**
 * In a private chat the bot was blocked or unblocked. In a group or channel it was added, or removed and can't answer.
 */
async function handleMembership(
  context: Context<Update.MyChatMemberUpdate>,
  handlers: UpdateHandlers,
): Promise<void> {
  const { chat, old_chat_member: before, new_chat_member: now } = context.myChatMember;
  if (chat.type === 'private') {
    if (now.status === 'kicked') await handlers.blocked(personIn(chat, context.from));
    if (now.status === 'member') await handlers.returned(personIn(chat, context.from));
    return;
  }
  const isPresent = (status: string) => status !== 'left' && status !== 'kicked';
  if (isPresent(now.status) && !isPresent(before.status)) await handlers.elsewhere(chat.id);
}

async function handleCallbackQuery(
  context: Context<Update.CallbackQueryUpdate>,
  handlers: UpdateHandlers,
): Promise<void> {
  const { id, message, from } = context.callbackQuery;
  const data = 'data' in context.callbackQuery ? context.callbackQuery.data : '';
  // The id of a private chat is that of the person.
  if (!message) return handlers.strayCallbackQuery(id, personIn({ id: from.id, type: 'private' }, from));
  if (message.chat.type !== 'private') return handlers.strayCallbackQuery(id);
  await handlers.callbackQuery(
    { id, data, messageId: message.message_id },
    personIn(message.chat, context.from),
  );
}

/** Who does anything in a private chat can be reached there: a person who has blocked the bot can't. */
async function reportPresence(chat: Chat, from: User | undefined, handlers: UpdateHandlers): Promise<void> {
  if (chat.type === 'private' && from?.id === chat.id) await handlers.present(personIn(chat, from));
}

function isContent(message: object): boolean {
  return CONTENT.some((field) => field in message);
}

function personIn(chat: Pick<Chat, 'id' | 'type'> | undefined, from: User | undefined): PrivateChat {
  if (chat?.type !== 'private') throw new Error('Not a private chat.');
  const { username, first_name: firstName, last_name: lastName, language_code: languageCode } = from ?? {};
  return {
    id: chat.id,
    ...(username && { username }),
    ...(firstName && { firstName }),
    ...(lastName && { lastName }),
    ...(languageCode && { languageCode }),
  };
}

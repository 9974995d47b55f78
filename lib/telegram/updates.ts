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
  /** Any other message; the text is empty where it has none. */
  message(text: string, chat: PrivateChat): Promise<void>;
  callbackQuery(query: CallbackQuery, chat: PrivateChat): Promise<void>;
  /** A callback query that belongs to no message of a private chat. */
  strayCallbackQuery(queryId: string): Promise<void>;
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

/** Service messages: Telegram puts them into a chat like messages, but no person wrote them. */
const SERVICE_MESSAGES = [
  'pinned_message',
  'message_auto_delete_timer_changed',
  'write_access_allowed',
  'chat_background_set',
  'users_shared',
  'chat_shared',
  'successful_payment',
  'refunded_payment',
  'boost_added',
  'gift',
  'unique_gift',
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
  telegraf.on('message', async (context) => {
    if (context.chat.type !== 'private' || isServiceMessage(context.message)) return;
    const text = ('text' in context.message && context.message.text) || '';
    await handlers.message(text, personIn(context.chat, context.from));
  });
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
  const { id, message } = context.callbackQuery;
  const data = 'data' in context.callbackQuery ? context.callbackQuery.data : '';
  if (message?.chat.type !== 'private') return handlers.strayCallbackQuery(id);
  await handlers.callbackQuery(
    { id, data, messageId: message.message_id },
    personIn(message.chat, context.from),
  );
}

function isServiceMessage(message: object): boolean {
  return SERVICE_MESSAGES.some((field) => field in message);
}

function personIn(chat: Chat | undefined, from: User | undefined): PrivateChat {
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

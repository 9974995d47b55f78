import { type Context, Telegraf } from 'telegraf';
import type { Chat, Update, User } from 'telegraf/types';

/** A private chat, and the person it is with: in a private chat, chat id and user id are the same. */
export interface PrivateChat {
  id: number;
  username?: string;
  firstName?: string;
  lastName?: string;
  languageCode?: string;
}

/** A button that was pressed under a message of the bot. */
export interface CallbackQuery {
  id: string;
  /** The data of the button: whatever a client sent, not only what our buttons hold. */
  data: string;
  messageId: number;
}

/** What a bot does about each thing that can happen to it. */
export interface UpdateHandlers {
  /** `/name payload`, written to this bot. */
  command(name: string, payload: string, chat: PrivateChat): Promise<void>;
  /** Anything else that a person wrote or sent. */
  message(chat: PrivateChat): Promise<void>;
  callbackQuery(press: CallbackQuery, chat: PrivateChat): Promise<void>;
  /** A button that stands under no message of a private chat. */
  strayCallbackQuery(pressId: string): Promise<void>;
  blocked(chat: PrivateChat): Promise<void>;
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

/** Notes of Telegram that stand in a chat like messages, and that nobody wrote. */
const SERVICE_NOTES = [
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
 * Calls the one handler that an update is for; for an update that asks for nothing, none. What the handler throws comes
 * through.
 *
 * @see https://core.telegram.org/bots/api#update
 */
export async function dispatchUpdate(
  bot: BotIdentity,
  update: unknown,
  handlers: UpdateHandlers,
): Promise<void> {
  const telegraf = new Telegraf(bot.token, {
    telegram: { webhookReply: false },
    // Lambda has a time-out of its own; telegraf's would answer while the handler goes on in the background.
    handlerTimeout: Number.POSITIVE_INFINITY,
  });
  // Without it, telegraf asks Telegram who the bot is.
  telegraf.botInfo = {
    id: Number(bot.id),
    is_bot: true,
    first_name: bot.username,
    username: bot.username,
    can_join_groups: true,
    can_read_all_group_messages: false,
    supports_inline_queries: false,
  };
  // telegraf's own handler prints the whole update, which holds what people write.
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
    if (context.chat.type !== 'private' || isServiceNote(context.message)) return;
    await handlers.message(personIn(context.chat, context.from));
  });
  await telegraf.handleUpdate(update as Update);
}

/** In a private chat: blocked or unblocked. Elsewhere: added, or removed (where nobody is left to answer). */
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

function isServiceNote(message: object): boolean {
  return SERVICE_NOTES.some((note) => note in message);
}

function personIn(chat: Chat | undefined, from: User | undefined): PrivateChat {
  if (chat?.type !== 'private') throw new Error('Only a private chat is with one person.');
  const { username, first_name: firstName, last_name: lastName, language_code: languageCode } = from ?? {};
  return {
    id: chat.id,
    ...(username && { username }),
    ...(firstName && { firstName }),
    ...(lastName && { lastName }),
    ...(languageCode && { languageCode }),
  };
}

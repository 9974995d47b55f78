import { isReachable } from '../deliveries/skip-reason.ts';
import { ServiceUnreachableError } from '../domain/errors.ts';
import { type BotTexts, botTexts, type Shop } from '../i18n/bot-texts/index.ts';
import { log } from '../observability/logger.ts';
import { redact } from '../observability/redact.ts';
import { recordBotUnauthorized } from '../store/bot-problem.ts';
import { type ChatKey, findUsersOfChat } from '../store/chats.ts';
import type { SiteWithBot } from '../store/sites.ts';
import { linkIn, type User } from '../store/user.ts';
import { classifyError } from '../telegram/classify-error.ts';
import { answerCallbackQuery, editKeyboard, type Keyboard, sendMessage } from '../telegram/client.ts';
import { shortenHtml } from '../telegram/html/index.ts';
import type { RetryBudget } from '../telegram/retry-budget.ts';
import type { PrivateChat } from '../telegram/updates.ts';
import { renewLinks } from '../users/settings.ts';
import { shopOf } from '../users/shop-texts.ts';

/** What every answer to one update needs. */
export interface BotContext {
  site: SiteWithBot;
  token: string;
  retryBudget: RetryBudget;
}

/** A private chat with the bot of a site, and the users who are linked to it. */
export interface Conversation extends BotContext {
  chat: PrivateChat;
  chatKey: ChatKey;
  /** Empty where nobody is linked to the chat. */
  users: User[];
  /** Whether the bot could not reach the chat until now, by what was known: the person writes again. */
  isBack: boolean;
  /** In the language of the first user. */
  texts: BotTexts;
  shop: Shop;
}

/** Reads who is linked to the chat. The person writes now: so the chat can be reached. */
export async function conversationIn(context: BotContext, chat: PrivateChat): Promise<Conversation> {
  const chatKey = { siteId: context.site.siteId, chatId: chat.id };
  const before = await findUsersOfChat(chatKey);
  const users = await renewLinks(chatKey, before, { botId: context.site.bot.id, username: chat.username });
  const wasAway = (user: User) => {
    const link = linkIn(user, chat.id);
    return link !== undefined && !isReachable(link, context.site.bot);
  };
  return { ...conversationWith(users, context, chat), isBack: before.some(wasAway) };
}

/** The conversation with those who are linked to the chat from now on. */
export function conversationWith(users: User[], context: BotContext, chat: PrivateChat): Conversation {
  const { site, token, retryBudget } = context;
  const texts = botTexts(users[0]?.language, chat.languageCode, site.defaultLanguage);
  const chatKey = { siteId: site.siteId, chatId: chat.id };
  return { site, token, retryBudget, chat, chatKey, users, isBack: false, texts, shop: shopOf(site) };
}

/** Sends a message (Telegram's HTML) to the chat, at once: it answers what the person has just done. */
export async function reply(conversation: Conversation, text: string, keyboard?: Keyboard): Promise<void> {
  // Names may be long, and a chat may have many accounts.
  const message = { chatId: conversation.chat.id, text: shortenHtml(text), ...(keyboard && { keyboard }) };
  await callTelegram(conversation, (token) => sendMessage(token, message));
}

/** Replaces the buttons under a message of the chat. */
export async function replaceKeyboard(
  conversation: Conversation,
  messageId: number,
  keyboard: Keyboard,
): Promise<void> {
  const message = { chatId: conversation.chat.id, messageId };
  await callTelegram(conversation, (token) => editKeyboard(token, message, keyboard));
}

/** Answers a callback query: the button stops loading, and the toast is shown for a moment. */
export async function answerQuery(context: BotContext, queryId: string, toast?: string): Promise<void> {
  await callTelegram(context, (token) => answerCallbackQuery(token, queryId, toast));
}

/** Sends a message to another chat than that of a conversation. */
export async function sendToChat(context: BotContext, chatId: number, text: string): Promise<void> {
  await callTelegram(context, (token) => sendMessage(token, { chatId, text }));
}

/** Refusals that mean that nothing is left to do. */
const NOTHING_TO_DO = [/message is not modified/i, /query is too old/i];

/**
 * Calls Telegram. A final refusal is logged and the update counts as handled: after a repetition Telegram would refuse
 * again.
 *
 * @throws ServiceUnreachableError where a later call may succeed: the webhook answers 503, and Telegram sends the update
 * again.
 */
async function callTelegram(
  { site, token, retryBudget }: BotContext,
  call: (token: string) => Promise<unknown>,
): Promise<void> {
  try {
    await retryBudget.run(() => call(token));
  } catch (cause) {
    const description = String((cause as Error).message);
    if (NOTHING_TO_DO.some((pattern) => pattern.test(description))) return;
    const { kind } = classifyError(cause);
    if (kind === 'bot-unauthorized') await recordBotUnauthorized(site, description);
    if (kind === 'bot-unauthorized' || kind === 'retry' || kind === 'wait')
      throw new ServiceUnreachableError('Telegram', { cause });
    log.warn('Telegram refused a reply of the bot', {
      siteId: site.siteId,
      class: kind,
      description: redact(description),
    });
  }
}

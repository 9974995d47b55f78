import { pauseAfterRefusal, type RateLimitedBot } from '../deliveries/rate-limiter.ts';
import { NoSlotError, waitForReplySlot } from '../deliveries/reply-slot.ts';
import { isReachable } from '../deliveries/skip-reason.ts';
import { ServiceUnreachableError } from '../domain/errors.ts';
import { type BotTexts, botTexts, type Shop } from '../i18n/bot-texts/index.ts';
import { log } from '../observability/logger.ts';
import { redact } from '../observability/redact.ts';
import { recordBotUnauthorized } from '../store/bot-problem.ts';
import { type ChatKey, findUsersOfChat } from '../store/chats.ts';
import { type SiteWithBot, toneOf } from '../store/sites.ts';
import { linkIn, type User } from '../store/user.ts';
import { classifyError } from '../telegram/classify-error.ts';
import { answerCallbackQuery, editKeyboard, type Keyboard, sendMessage } from '../telegram/client.ts';
import { shortenHtml } from '../telegram/html/index.ts';
import type { RetryBudget } from '../telegram/retry-budget.ts';
import type { PrivateChat } from '../telegram/updates.ts';
import { renewLinks } from '../users/settings.ts';
import { shopOf } from '../users/shop-texts.ts';
import { isTooLate } from './update-age.ts';

/** What every answer to one update needs. */
export interface BotContext {
  site: SiteWithBot;
  token: string;
  retryBudget: RetryBudget;
  rateLimit: RateLimitedBot;
  /** When the person did what the update reports: milliseconds since 1970. */
  writtenAt: number;
}

/** A private chat with the bot of a site, and the users who are linked to it. */
export interface Conversation extends BotContext {
  chat: PrivateChat;
  chatKey: ChatKey;
  /** Empty where nobody is linked to the chat. */
  users: User[];
  /** Whether the bot could not reach the chat until now, by what was known: the person writes again. */
  isBack: boolean;
  /** In one language, which everything in an answer has: docs/bot.md says which. */
  texts: BotTexts;
  shop: Shop;
}

/** Reads who is linked to the chat. The person does something there: so the chat can be reached from then on. */
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
  const { site } = context;
  const texts = botTexts(toneOf(site), users[0]?.language, chat.languageCode, site.defaultLanguage);
  const chatKey = { siteId: site.siteId, chatId: chat.id };
  return { ...context, chat, chatKey, users, isBack: false, texts, shop: shopOf(site) };
}

/** When the person said what the update reports: ISO 8601. */
export function saidAt({ writtenAt }: BotContext): string {
  return new Date(writtenAt).toISOString();
}

/** Sends a message (Telegram's HTML) to the chat: it says what was done. */
export async function reply(conversation: Conversation, text: string, keyboard?: Keyboard): Promise<void> {
  const chatId = conversation.chat.id;
  // Names may be long, and a chat may have many accounts.
  const message = { chatId, text: shortenHtml(text), ...(keyboard && { keyboard }) };
  await sendInSlot(conversation, chatId, (token) => sendMessage(token, message));
}

/** The same for an update that only asks: after an outage, an old question is left unanswered. */
export async function replyToQuestion(
  conversation: Conversation,
  text: string,
  keyboard?: Keyboard,
): Promise<void> {
  if (!isTooLate(conversation.writtenAt)) await reply(conversation, text, keyboard);
}

/** Replaces the buttons under a message of the chat. */
export async function replaceKeyboard(
  conversation: Conversation,
  messageId: number,
  keyboard: Keyboard,
): Promise<void> {
  const message = { chatId: conversation.chat.id, messageId };
  await sendInSlot(conversation, message.chatId, (token) => editKeyboard(token, message, keyboard));
}

/**
 * Answers a callback query: the button stops loading, and the toast is shown for a moment. It needs no slot: it is no
 * message.
 *
 * @returns `false` where the button was pressed too long ago: what it only asks for is left unanswered.
 */
export function answerQuery(context: BotContext, queryId: string, toast?: string): Promise<boolean> {
  return callTelegram(context, (token) => answerCallbackQuery(token, queryId, toast));
}

/** Sends a message to another chat than that of a conversation. */
export async function sendToChat(context: BotContext, chatId: number, text: string): Promise<void> {
  await sendInSlot(context, chatId, (token) => sendMessage(token, { chatId, text }));
}

/** Refusals that mean that nothing is left to do. */
const NOTHING_TO_DO = [/message is not modified/i, /query is too old/i];

/** Sends or changes a message within the bot's rate limit. A 429 pauses the chat for all functions. */
async function sendInSlot(
  context: BotContext,
  chatId: number,
  call: (token: string) => Promise<unknown>,
): Promise<void> {
  const { rateLimit } = context;
  await callTelegram(context, async (token) => {
    await waitForReplySlot(rateLimit, chatId);
    try {
      await call(token);
    } catch (error) {
      const errorClass = classifyError(error);
      if (errorClass.kind === 'wait')
        await pauseAfterRefusal(rateLimit.id, chatId, errorClass.seconds, Date.now());
      throw error;
    }
  });
}

/**
 * Calls Telegram. A final refusal is logged and the update counts as handled: after a repetition Telegram would refuse
 * again. The same where a later call would come too late for the person.
 *
 * @returns whether the call had its effect.
 * @throws ServiceUnreachableError where a later call may succeed: the webhook answers 503, and Telegram sends the update
 * again.
 */
async function callTelegram(
  { site, token, retryBudget, writtenAt }: BotContext,
  call: (token: string) => Promise<unknown>,
): Promise<boolean> {
  try {
    await retryBudget.run(() => call(token));
    return true;
  } catch (cause) {
    if (cause instanceof ServiceUnreachableError) throw cause;
    const description = String((cause as Error).message);
    if (NOTHING_TO_DO.some((pattern) => pattern.test(description))) return false;
    const { kind } = classifyError(cause);
    if (kind === 'bot-unauthorized') await recordBotUnauthorized(site, description);
    const possibleAt = possibleAgainAt(cause);
    if (possibleAt !== undefined && !isTooLate(writtenAt, possibleAt))
      throw new ServiceUnreachableError('Telegram', { cause });
    log.warn('reply of the bot not sent', {
      ...{ siteId: site.siteId, class: kind, isTooLate: possibleAt !== undefined },
      description: redact(description),
    });
    return false;
  }
}

/** When the same call may succeed (milliseconds since 1970); `undefined`: Telegram would refuse it every time. */
function possibleAgainAt(cause: unknown): number | undefined {
  if (cause instanceof NoSlotError) return cause.freeAt;
  const errorClass = classifyError(cause);
  if (errorClass.kind === 'wait') return Date.now() + errorClass.seconds * 1_000;
  return errorClass.kind === 'retry' || errorClass.kind === 'bot-unauthorized' ? Date.now() : undefined;
}

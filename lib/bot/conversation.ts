import { ServiceUnreachableError } from '../domain/errors.ts';
import { type BotTexts, type Shop, shopOf, textsFor } from '../i18n/bot-texts.ts';
import { log } from '../observability/logger.ts';
import { redact } from '../observability/redact.ts';
import { recordBotUnauthorized } from '../store/bot-problem.ts';
import type { SiteWithBot } from '../store/sites.ts';
import type { User } from '../store/users.ts';
import { classifyError } from '../telegram/classify-error.ts';
import { answerCallbackQuery, editKeyboard, type Keyboard, sendMessage } from '../telegram/client.ts';
import type { RetryBudget } from '../telegram/retry-budget.ts';
import type { PrivateChat } from '../telegram/updates.ts';
import { findUserByChat } from '../users/membership.ts';

/** The bot of a site, as far as it talks. */
export interface BotContext {
  site: SiteWithBot;
  token: string;
  /** Of the update that is answered. */
  retryBudget: RetryBudget;
}

/** A private chat with the bot of a site, and whom it serves now. */
export interface Conversation extends BotContext {
  chat: PrivateChat;
  /** Absent where the chat is linked with nobody. */
  user: User | undefined;
  texts: BotTexts;
  shop: Shop;
}

/** Reads whom the chat serves, and in which language they are spoken to. @throws ServiceUnreachableError */
export async function conversationIn(speaker: BotContext, chat: PrivateChat): Promise<Conversation> {
  const { site } = speaker;
  const user = await findUserByChat(site.siteId, chat.id);
  return withUser({ ...speaker, chat, shop: shopOf(site), user, texts: textsFor(site) }, user);
}

/** The conversation from the moment on when the chat serves this user: in their language. */
export function withUser(conversation: Conversation, user: User | undefined): Conversation {
  const { site, chat } = conversation;
  return { ...conversation, user, texts: textsFor(site, user?.language, chat.languageCode) };
}

/** Writes into the chat (Telegram's HTML). It answers what the person has just done, so it goes out at once. */
export async function reply(conversation: Conversation, text: string, keyboard?: Keyboard): Promise<void> {
  const { token, chat } = conversation;
  await told(conversation, () =>
    sendMessage(token, { chatId: chat.id, text, ...(keyboard && { keyboard }) }),
  );
}

/** Shows other buttons under a message of the chat. */
export async function showKeyboard(
  conversation: Conversation,
  messageId: number,
  keyboard: Keyboard,
): Promise<void> {
  const { token, chat } = conversation;
  await told(conversation, () => editKeyboard(token, { chatId: chat.id, messageId }, keyboard));
}

/** Ends the waiting sign on a pressed button, and shows the text for a moment. */
export async function answerQuery(speaker: BotContext, pressId: string, toast?: string): Promise<void> {
  await told(speaker, () => answerCallbackQuery(speaker.token, pressId, toast));
}

/** Writes into any other chat. */
export async function sendToChat(speaker: BotContext, chatId: number, text: string): Promise<void> {
  await told(speaker, () => sendMessage(speaker.token, { chatId, text }));
}

/** Refusals after which there is nothing more to do. */
const AS_GOOD_AS_DONE = [/message is not modified/i, /query is too old/i];

/**
 * Tells Telegram something. A refusal that holds for good is logged, and done with: to repeat the update would only meet
 * it again.
 *
 * @throws ServiceUnreachableError where Telegram may take it later: Telegram then repeats the update, and nothing is lost.
 */
async function told({ site, retryBudget }: BotContext, tell: () => Promise<unknown>): Promise<void> {
  try {
    await retryBudget.run(tell);
  } catch (cause) {
    const description = String((cause as Error).message);
    if (AS_GOOD_AS_DONE.some((pattern) => pattern.test(description))) return;
    const { kind } = classifyError(cause);
    if (kind === 'bot-unauthorized') await recordBotUnauthorized(site, description);
    if (kind === 'bot-unauthorized' || kind === 'retry' || kind === 'wait')
      throw new ServiceUnreachableError('Telegram', { cause });
    log.warn('Telegram refused what the bot said', {
      siteId: site.siteId,
      class: kind,
      description: redact(description),
    });
  }
}

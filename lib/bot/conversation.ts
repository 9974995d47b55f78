import { ServiceUnreachableError } from '../errors.ts';
import type { SiteWithBot } from '../http/authenticate-telegram.ts';
import { findUserByChat } from '../linking/membership.ts';
import { log } from '../log.ts';
import { noteBotRefused } from '../sites/bot-refused.ts';
import type { User } from '../store/users.ts';
import { answerCallbackQuery, editKeyboard, type Keyboard, sendMessage } from '../telegram/client.ts';
import { reactionTo } from '../telegram/reactions.ts';
import type { PrivateChat } from '../telegram/updates.ts';
import { withoutQuotations } from '../watching/quotations.ts';
import type { Patience } from './patience.ts';
import { type BotTexts, type Shop, shopOf, textsFor } from './texts.ts';

/** The bot of a site, as far as it talks. */
export interface Speaker {
  site: SiteWithBot;
  token: string;
  /** Of the update that is answered. */
  patience: Patience;
}

/** A private chat with the bot of a site, and whom it serves now. */
export interface Conversation extends Speaker {
  chat: PrivateChat;
  /** Absent where the chat is linked with nobody. */
  user: User | undefined;
  texts: BotTexts;
  shop: Shop;
}

/** Reads whom the chat serves, and in which language they are spoken to. @throws ServiceUnreachableError */
export async function conversationIn(speaker: Speaker, chat: PrivateChat): Promise<Conversation> {
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
export async function say(conversation: Conversation, text: string, keyboard?: Keyboard): Promise<void> {
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
export async function acknowledge(speaker: Speaker, pressId: string, toast?: string): Promise<void> {
  await told(speaker, () => answerCallbackQuery(speaker.token, pressId, toast));
}

/** Writes into any other chat. */
export async function sayElsewhere(speaker: Speaker, chatId: number, text: string): Promise<void> {
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
async function told({ site, patience }: Speaker, tell: () => Promise<unknown>): Promise<void> {
  try {
    await patience.with(tell);
  } catch (cause) {
    const description = String((cause as Error).message);
    if (AS_GOOD_AS_DONE.some((pattern) => pattern.test(description))) return;
    const { kind } = reactionTo(cause);
    if (kind === 'bot-unauthorized') await noteBotRefused(site, description);
    if (kind === 'bot-unauthorized' || kind === 'retry' || kind === 'wait')
      throw new ServiceUnreachableError('Telegram', { cause });
    log.warn('Telegram refused what the bot said', {
      siteId: site.siteId,
      class: kind,
      description: withoutQuotations(description),
    });
  }
}

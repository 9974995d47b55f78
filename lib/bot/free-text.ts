import { stop } from './commands.ts';
import { type Conversation, reply } from './conversation.ts';
import { wishesKeyboard } from './keyboards.ts';

/** What people write who want no more messages, and know nothing of commands. */
const STOP_WORDS = new Set(['stop', 'basta', 'cancellami', 'disiscrivimi', 'unsubscribe']);

/** A message that is no command: a word that means `/stop`, or something that nobody reads here. */
export async function handleText(conversation: Conversation, text: string): Promise<void> {
  const isStop = STOP_WORDS.has(wordOf(text));
  await (isStop ? stop(conversation) : answerText(conversation));
}

/** Says that nobody reads here, with buttons for what the person may want. */
export async function answerText(conversation: Conversation): Promise<void> {
  const { texts, shop, users } = conversation;
  await reply(conversation, texts.onlyNotifications(shop), wishesKeyboard(texts, users.length > 0));
}

/** The text without what surrounds a word that stands alone: blanks, punctuation, quotation marks. */
function wordOf(text: string): string {
  return text
    .normalize('NFKC')
    .replace(/^[\s\p{P}\p{S}]+|[\s\p{P}\p{S}]+$/gu, '')
    .toLowerCase();
}

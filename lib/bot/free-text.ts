import { STOP_WORDS, stop } from './commands.ts';
import { type Conversation, reply } from './conversation.ts';
import { wishesKeyboard } from './keyboards.ts';

/** A message that is no command: a word that means `/stop`, or something that nobody reads here. */
export async function handleText(conversation: Conversation, text: string): Promise<void> {
  const words = wordsOf(text);
  const isStop = words.length > 0 && words.every((word) => STOP_WORDS.includes(word));
  await (isStop ? stop(conversation) : answerText(conversation));
}

/** Says that nobody reads here, with buttons for what the person may want. */
export async function answerText(conversation: Conversation): Promise<void> {
  const { texts, shop, users } = conversation;
  await reply(conversation, texts.onlyNotifications(shop), wishesKeyboard(texts, users.length > 0));
}

/** The words of a text, without what surrounds them: blanks, punctuation, emoji and the invisible marks around those. */
function wordsOf(text: string): string[] {
  return text
    .normalize('NFKC')
    .toLowerCase()
    .split(/[^\p{L}\p{N}]+/u)
    .filter((word) => word !== '');
}

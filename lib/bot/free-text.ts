import { STOP_WORDS } from './commands.ts';
import { type Conversation, reply } from './conversation.ts';
import { wishesKeyboard } from './keyboards.ts';

/** Whether a message that is no command means `/stop`: it has no other words than those of `STOP_WORDS`. */
export function isStop(text: string): boolean {
  const words = wordsOf(text);
  return words.length > 0 && words.every((word) => STOP_WORDS.includes(word));
}

/** Says that nobody reads here, with buttons for what the person may want. */
export async function answerFreeText(conversation: Conversation): Promise<void> {
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

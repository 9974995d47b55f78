import type { CallbackQuery } from '../telegram/updates.ts';
import { optIn, setMuted } from '../users/membership.ts';
import { answerQuery, type Conversation, reply, showKeyboard } from './conversation.ts';
import { type ButtonAction, parseCallbackData, settingsKeyboard } from './settings-keyboard.ts';

/** A button was pressed: what it asks for is done, and the button stops waiting, whatever happens. */
export async function handleCallbackQuery(conversation: Conversation, press: CallbackQuery): Promise<void> {
  const wish = parseCallbackData(press.data);
  if (!wish) return answerQuery(conversation, press.id);
  if (!conversation.user) return answerQuery(conversation, press.id, conversation.texts.toastNotLinked);
  if (wish.kind === 'again') return comeBack(conversation, press);
  await switchEvent(conversation, press, wish);
}

async function switchEvent(
  conversation: Conversation,
  press: CallbackQuery,
  { event, on }: ButtonAction & { kind: 'switch' },
): Promise<void> {
  const { user, texts } = conversation;
  if (!user) return;
  const changed = await setMuted(user, event, !on);
  const label = texts.events[event];
  await answerQuery(conversation, press.id, on ? texts.toastOn(label) : texts.toastOff(label));
  await showKeyboard(conversation, press.messageId, settingsKeyboard(changed, texts));
}

async function comeBack(conversation: Conversation, press: CallbackQuery): Promise<void> {
  const { user, shop, texts } = conversation;
  if (!user) return;
  const isIn = await optIn(user, 'user');
  await answerQuery(conversation, press.id, isIn ? texts.toastBack : texts.toastNotLinked);
  // The question is answered: its button goes.
  await showKeyboard(conversation, press.messageId, []);
  if (isIn) await reply(conversation, texts.backAgain(shop));
}

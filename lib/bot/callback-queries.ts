import { optIn, setMuted } from '../users/membership.ts';
import type { Press } from '../telegram/updates.ts';
import { acknowledge, type Conversation, say, showKeyboard } from './conversation.ts';
import { settingsKeyboard, type Wish, wishIn } from './settings-keyboard.ts';

/** A button was pressed: what it asks for is done, and the button stops waiting, whatever happens. */
export async function handlePress(conversation: Conversation, press: Press): Promise<void> {
  const wish = wishIn(press.data);
  if (!wish) return acknowledge(conversation, press.id);
  if (!conversation.user) return acknowledge(conversation, press.id, conversation.texts.toastNotLinked);
  if (wish.kind === 'again') return comeBack(conversation, press);
  await switchEvent(conversation, press, wish);
}

async function switchEvent(
  conversation: Conversation,
  press: Press,
  { event, on }: Wish & { kind: 'switch' },
): Promise<void> {
  const { user, texts } = conversation;
  if (!user) return;
  const changed = await setMuted(user, event, !on);
  const label = texts.events[event];
  await acknowledge(conversation, press.id, on ? texts.toastOn(label) : texts.toastOff(label));
  await showKeyboard(conversation, press.messageId, settingsKeyboard(changed, texts));
}

async function comeBack(conversation: Conversation, press: Press): Promise<void> {
  const { user, shop, texts } = conversation;
  if (!user) return;
  const isIn = await optIn(user, 'user');
  await acknowledge(conversation, press.id, isIn ? texts.toastBack : texts.toastNotLinked);
  // The question is answered: its button goes.
  await showKeyboard(conversation, press.messageId, []);
  if (isIn) await say(conversation, texts.backAgain(shop));
}

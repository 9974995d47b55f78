import type { EventName } from '../domain/events.ts';
import type { User } from '../store/users.ts';
import type { CallbackQuery } from '../telegram/updates.ts';
import { optIn, setMuted } from '../users/settings.ts';
import { answerQuery, type Conversation, replaceKeyboard, reply } from './conversation.ts';
import { parseCallbackData, settingsKeyboard } from './keyboards.ts';

/** Does what a tapped button stands for. Every query is answered: the app shows the button as loading until then. */
export async function handleCallbackQuery(conversation: Conversation, query: CallbackQuery): Promise<void> {
  const { user, texts } = conversation;
  const action = parseCallbackData(query.data);
  if (!action) return answerQuery(conversation, query.id);
  if (!user) return answerQuery(conversation, query.id, texts.toastNotLinked);
  if (action.kind === 'opt-in') return handleOptIn(conversation, user, query);
  await switchEvent(conversation, user, query, action);
}

async function switchEvent(
  conversation: Conversation,
  user: User,
  query: CallbackQuery,
  { event, on }: { event: EventName; on: boolean },
): Promise<void> {
  const { texts } = conversation;
  const changed = await setMuted(user, event, !on);
  const label = texts.events[event];
  await answerQuery(conversation, query.id, on ? texts.toastOn(label) : texts.toastOff(label));
  await replaceKeyboard(conversation, query.messageId, settingsKeyboard(changed, texts));
}

async function handleOptIn(conversation: Conversation, user: User, query: CallbackQuery): Promise<void> {
  const { shop, texts } = conversation;
  const isIn = await optIn(user, 'user');
  await answerQuery(conversation, query.id, isIn ? texts.toastBack : texts.toastNotLinked);
  // The question is answered, so its button is removed.
  await replaceKeyboard(conversation, query.messageId, []);
  if (isIn) await reply(conversation, texts.backAgain(shop));
}

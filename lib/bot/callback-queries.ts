import type { EventName } from '../domain/events.ts';
import { accountOf } from '../domain/person-names.ts';
import { findUsersByFirstChat } from '../store/chats.ts';
import { linkIn, type User } from '../store/user.ts';
import { escapeHtml } from '../telegram/html/index.ts';
import type { CallbackQuery } from '../telegram/updates.ts';
import { linkRef } from '../users/link-ref.ts';
import { resumeChat, setMuted } from '../users/settings.ts';
import { forget, unlink } from '../users/unlink.ts';
import { notesOf, settings, stop } from './commands.ts';
import { answerQuery, type Conversation, replaceKeyboard, reply } from './conversation.ts';
import {
  type Account,
  accountsIn,
  accountsKeyboard,
  type ButtonAction,
  parseCallbackData,
  settingsKeyboard,
} from './keyboards.ts';

/** Does what a tapped button stands for. Every query is answered: the app shows the button as loading until then. */
export async function handleCallbackQuery(conversation: Conversation, query: CallbackQuery): Promise<void> {
  const { chat, texts, shop } = conversation;
  const action = parseCallbackData(query.data);
  if (!action) return answerQuery(conversation, query.id);
  if (action.kind === 'contact') {
    await answerQuery(conversation, query.id);
    return reply(conversation, texts.contact(shop));
  }
  if (action.kind === 'take-off') return takeOff(conversation, query, action.ref);
  const all = accountsIn(await usersFor(action, conversation), chat.id);
  const accounts = all.filter(({ ref }) => action.ref === undefined || action.ref === ref);
  if (accounts.length === 0) return answerQuery(conversation, query.id, texts.toastNotLinked);
  await perform(conversation, query, action, { accounts, isOneOfSeveral: all.length > 1 });
}

/** A repeated tap goes on with an erasure that has died: the chat may have lost the user by then. */
async function usersFor({ kind }: ButtonAction, { users, chatKey }: Conversation): Promise<User[]> {
  if (kind !== 'forget') return users;
  const leftBehind = await findUsersByFirstChat(chatKey);
  return [...users, ...leftBehind.filter(({ userId }) => users.every((user) => user.userId !== userId))];
}

interface Chosen {
  /** Those that the button names; at least one. */
  accounts: Account[];
  /** Whether the chat has more than one account. */
  isOneOfSeveral: boolean;
}

async function perform(
  conversation: Conversation,
  query: CallbackQuery,
  action: ButtonAction,
  chosen: Chosen,
): Promise<void> {
  const { texts } = conversation;
  switch (action.kind) {
    case 'switch':
      return switchEvent(conversation, query, action, chosen);
    case 'again':
      return handleAgain(conversation, query, chosen.accounts);
    case 'forget':
      return handleForget(conversation, query, chosen.accounts);
    case 'stop':
      await answerQuery(conversation, query.id);
      return stop(conversation);
    case 'settings':
      await answerQuery(conversation, query.id);
      return showSettings(conversation, chosen);
    default:
      return answerQuery(conversation, query.id, texts.toastNotLinked);
  }
}

/** The settings of one account, or the question of which. */
async function showSettings(conversation: Conversation, { accounts, isOneOfSeveral }: Chosen): Promise<void> {
  const [account, ...others] = accounts;
  if (!account || others.length > 0) return settings(conversation);
  const { shop, texts } = conversation;
  const text = texts.settings(shop, notesOf(account.user, isOneOfSeveral));
  await reply(conversation, text, settingsKeyboard(account, texts));
}

/** A button of the former release names no account: it is meant for the one that the chat had. */
async function switchEvent(
  conversation: Conversation,
  query: CallbackQuery,
  { event, on }: { event: EventName; on: boolean },
  chosen: Chosen,
): Promise<void> {
  const { texts } = conversation;
  const [account, ...others] = chosen.accounts;
  if (!account || others.length > 0) {
    await answerQuery(conversation, query.id);
    return settings(conversation);
  }
  const user = await setMuted(account.user, event, !on);
  const label = texts.events[event];
  await answerQuery(conversation, query.id, on ? texts.toastOn(label) : texts.toastOff(label));
  await replaceKeyboard(conversation, query.messageId, settingsKeyboard({ ...account, user }, texts));
}

async function handleAgain(
  conversation: Conversation,
  query: CallbackQuery,
  accounts: Account[],
): Promise<void> {
  const { chat, chatKey, shop, texts, users } = conversation;
  const resumed = accounts.map(({ user }) => user);
  await resumeChat(chatKey, resumed, { withShop: true });
  await answerQuery(conversation, query.id, texts.toastBack);
  const left = users.filter((user) => !resumed.includes(user) && linkIn(user, chat.id)?.stopped);
  // The question is answered for these accounts, so their buttons are removed.
  const keyboard = left.length > 0 ? accountsKeyboard(accountsIn(left, chat.id), 'again', '🔔') : [];
  await replaceKeyboard(conversation, query.messageId, keyboard);
  await reply(conversation, texts.backAgain(shop, left.length > 0 ? namesOfAll(resumed) : undefined));
}

async function handleForget(
  conversation: Conversation,
  query: CallbackQuery,
  accounts: Account[],
): Promise<void> {
  const { chatKey, shop, texts } = conversation;
  for (const { user } of accounts) await forget(user, chatKey);
  await answerQuery(conversation, query.id, texts.toastForgotten);
  await replaceKeyboard(conversation, query.messageId, []);
  await reply(conversation, texts.forgotten(shop, namesOfAll(accounts.map(({ user }) => user))));
}

/** Ends the link of another chat of a user who has this one. */
async function takeOff(conversation: Conversation, query: CallbackQuery, ref?: string): Promise<void> {
  const { users, chat, shop, texts } = conversation;
  const isNamed = (user: User) =>
    user.chats.some((link) => link.chatId !== chat.id && linkRef(user, link) === ref);
  const user = users.find(isNamed);
  if (user)
    await unlink(user, (link) => link.chatId !== chat.id && linkRef(user, link) === ref, 'other-chat');
  await answerQuery(conversation, query.id, user ? texts.toastTakenOff : texts.toastTakenOffBefore);
  await replaceKeyboard(conversation, query.messageId, []);
  if (user) await reply(conversation, texts.takenOff(shop, namesOfAll([user])));
}

/** The accounts by name, in Telegram's HTML. */
function namesOfAll(users: User[]): string {
  return users.map((user) => `<b>${escapeHtml(accountOf(user))}</b>`).join(', ');
}

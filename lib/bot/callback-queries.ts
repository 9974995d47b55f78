import type { OwnQuietHours } from '../domain/quiet-hours.ts';
import type { SwitchableEvent } from '../domain/staff.ts';
import { findUsersByFirstChat } from '../store/chats.ts';
import { isOptedOutIn, type User } from '../store/user.ts';
import type { CallbackQuery } from '../telegram/updates.ts';
import { linkToTakeOff } from '../users/link-ref.ts';
import { resumeChat, setMuted, setQuietHours, withdrawMarketingConsent } from '../users/settings.ts';
import { forget, unlink } from '../users/unlink.ts';
import { askToForget, namesOfAll, notesOf, optOutsOf, settings, status, stop } from './commands.ts';
import {
  answerQuery,
  type Conversation,
  replaceKeyboard,
  reply,
  saidAt,
  sendToChat,
} from './conversation.ts';
import {
  type Account,
  accountsIn,
  accountsKeyboard,
  type ButtonAction,
  parseCallbackData,
  quietKeyboard,
  settingsKeyboard,
} from './keyboards.ts';

/**
 * Does what a tapped button stands for. Every query is answered: the app shows the button as loading until then. If
 * Telegram calls the query too old, what the button changes is done all the same, and what it only asks for is not.
 */
export async function handleCallbackQuery(conversation: Conversation, query: CallbackQuery): Promise<void> {
  const { chat, texts, shop } = conversation;
  const action = parseCallbackData(query.data);
  if (action?.kind === 'contact') {
    const isInTime = await answerQuery(conversation, query.id);
    return isInTime ? reply(conversation, texts.contact(shop)) : undefined;
  }
  if (!action) {
    await answerQuery(conversation, query.id);
    return;
  }
  if (action.kind === 'take-off') return takeOff(conversation, query, action.ref);
  const all = accountsIn(await usersFor(action, conversation), chat.id);
  const accounts = all.filter(({ ref }) => action.ref === undefined || action.ref === ref);
  if (accounts.length === 0) return sayNotLinked(conversation, query);
  await perform(conversation, query, action, { accounts, isOneOfSeveral: all.length > 1 });
}

/** A button whose account is not in the chat any more is of no use. */
async function sayNotLinked(conversation: Conversation, query: CallbackQuery): Promise<void> {
  await answerQuery(conversation, query.id, conversation.texts.toastNotLinked);
  await replaceKeyboard(conversation, query.messageId, []);
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
    case 'quiet':
      return quiet(conversation, query, action.choice, chosen);
    case 'no-offers':
      return withdrawConsent(conversation, query, chosen);
    case 'again':
    case 'forget':
      return confirm(conversation, query, action.kind, chosen.accounts);
    case 'stop':
      await answerQuery(conversation, query.id);
      return stop(conversation);
    case 'settings':
      if (await answerQuery(conversation, query.id)) await showSettings(conversation, chosen);
      return;
    default:
      await answerQuery(conversation, query.id, texts.toastNotLinked);
  }
}

/** The settings of one account, or the question of which. */
async function showSettings(conversation: Conversation, { accounts, isOneOfSeveral }: Chosen): Promise<void> {
  const [account, ...others] = accounts;
  if (!account || others.length > 0) return settings(conversation);
  const { shop, texts } = conversation;
  const text = texts.settings(shop, notesOf(conversation, account.user, isOneOfSeveral));
  await reply(conversation, text, settingsKeyboard(account, texts, shop));
}

/** A button of the former release names no account: it is meant for the one that the chat had. */
async function switchEvent(
  conversation: Conversation,
  query: CallbackQuery,
  { event, on }: { event: SwitchableEvent; on: boolean },
  chosen: Chosen,
): Promise<void> {
  const { texts, shop } = conversation;
  const [account, ...others] = chosen.accounts;
  if (!account || others.length > 0) {
    if (await answerQuery(conversation, query.id)) await settings(conversation);
    return;
  }
  const user = await setMuted(account.user, event, !on);
  const now = accountsIn([user], conversation.chat.id)[0] ?? account;
  const label = texts.events[event];
  const isStillOff = on && isOptedOutIn(now.user, now.link);
  const toast = isStillOff ? texts.toastAllOff : on ? texts.toastOn(label) : texts.toastOff(label);
  await answerQuery(conversation, query.id, toast);
  await replaceKeyboard(conversation, query.messageId, settingsKeyboard(now, texts, shop));
}

/** The person wants no advertising any more. */
async function withdrawConsent(
  conversation: Conversation,
  query: CallbackQuery,
  { accounts: [account, ...others] }: Chosen,
): Promise<void> {
  const { shop, texts } = conversation;
  if (!account || others.length > 0) return sayNotLinked(conversation, query);
  const user = await withdrawMarketingConsent(account.user, new Date(Date.now()).toISOString());
  await answerQuery(conversation, query.id, texts.offers.withdrawn);
  await replaceKeyboard(conversation, query.messageId, settingsKeyboard({ ...account, user }, texts, shop));
}

/** Shows the choice of quiet hours of one account, or sets them. */
async function quiet(
  conversation: Conversation,
  query: CallbackQuery,
  choice: 'show' | 'site' | OwnQuietHours,
  { accounts: [account, ...others], isOneOfSeveral }: Chosen,
): Promise<void> {
  const { shop, site, texts } = conversation;
  // All of these buttons name an account.
  if (!account || others.length > 0) return sayNotLinked(conversation, query);
  if (choice === 'show') {
    if (!(await answerQuery(conversation, query.id))) return;
    const notes = { ...notesOf(conversation, account.user, isOneOfSeveral), ofShop: site.quietHours };
    const keyboard = quietKeyboard(account, texts, site.quietHours);
    return reply(conversation, texts.quietHours.quietText(shop, notes), keyboard);
  }
  const user = await setQuietHours(account.user, choice === 'site' ? undefined : choice);
  await answerQuery(conversation, query.id, texts.quietHours.saved);
  const keyboard = quietKeyboard({ ...account, user }, texts, site.quietHours);
  await replaceKeyboard(conversation, query.messageId, keyboard);
}

/**
 * A yes to what the bot has asked. A button of the former release names no account: where the chat has several by now,
 * the bot asks anew.
 */
async function confirm(
  conversation: Conversation,
  query: CallbackQuery,
  kind: 'again' | 'forget',
  [account, ...others]: Account[],
): Promise<void> {
  if (account && others.length === 0)
    return kind === 'again'
      ? handleAgain(conversation, query, account)
      : handleForget(conversation, query, account);
  if (!(await answerQuery(conversation, query.id))) return;
  await (kind === 'again' ? status(conversation) : askToForget(conversation));
}

async function handleAgain(
  conversation: Conversation,
  query: CallbackQuery,
  { user }: Account,
): Promise<void> {
  const { chat, chatKey, shop, texts, users } = conversation;
  const [now = user] = await resumeChat(chatKey, [user], saidAt(conversation), { withShop: true });
  if (optOutsOf(now, chat.id).length > 0) {
    // Said later: this press was handled before, and comes once more.
    if (await answerQuery(conversation, query.id)) await status({ ...conversation, users: [now] });
    return;
  }
  await answerQuery(conversation, query.id, texts.toastBack);
  const left = users.filter((other) => other !== user && optOutsOf(other, chat.id).length > 0);
  // The question is answered for this account, so its button is removed.
  const keyboard = left.length > 0 ? accountsKeyboard(accountsIn(left, chat.id), 'again') : [];
  await replaceKeyboard(conversation, query.messageId, keyboard);
  await reply(conversation, texts.backAgain(shop, users.length > 1 ? namesOfAll([user]) : undefined));
}

async function handleForget(
  conversation: Conversation,
  query: CallbackQuery,
  { user }: Account,
): Promise<void> {
  const { chat, chatKey, shop, texts, users } = conversation;
  const isErased = await forget(user, chatKey);
  await answerQuery(conversation, query.id, texts.toastForgotten);
  const left = users.filter(({ userId }) => userId !== user.userId);
  await replaceKeyboard(conversation, query.messageId, accountsKeyboard(accountsIn(left, chat.id), 'forget'));
  const say = isErased ? texts.forgotten : texts.unlinked;
  await reply(conversation, say(shop, namesOfAll([user])));
}

/** Ends the link of a chat that was added to an account of this one. */
async function takeOff(conversation: Conversation, query: CallbackQuery, ref = ''): Promise<void> {
  const { users, chat, shop, texts } = conversation;
  for (const { user, link: own } of accountsIn(users, chat.id)) {
    const added = linkToTakeOff(user, own, ref);
    if (!added) continue;
    await unlink(user, (link) => link.ref === ref && link.chatId === added.chatId, 'other-chat');
    // First of all: a repetition finds no link any more, and tells nobody.
    await sendToChat(conversation, added.chatId, texts.wasTakenOff(shop, namesOfAll([user])));
    await answerQuery(conversation, query.id, texts.toastTakenOff);
    await replaceKeyboard(conversation, query.messageId, []);
    return reply(conversation, texts.takenOff(shop, namesOfAll([user])));
  }
  await answerQuery(conversation, query.id, texts.toastTakenOffBefore);
  await replaceKeyboard(conversation, query.messageId, []);
}

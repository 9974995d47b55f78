import type { AccountStatus, SettingsNotes, ShownOptOut } from '../i18n/bot-texts/index.ts';
import { formatDate } from '../i18n/format.ts';
import { isActive } from '../store/sites.ts';
import { linkIn, optOutsIn, type StandingOptOut, type User } from '../store/user.ts';
import { escapeHtml, unlinked } from '../telegram/html/index.ts';
import { shownAccount } from '../telegram/text/name.ts';
import { linkChat } from '../users/link-chat.ts';
import { redeemLinkToken, tokenIn } from '../users/link-token.ts';
import { resumeChat, stopChat } from '../users/settings.ts';
import { type Conversation, conversationWith, reply, replyToQuestion, saidAt } from './conversation.ts';
import {
  accountsIn,
  accountsKeyboard,
  againKeyboard,
  forgetKeyboard,
  settingsKeyboard,
  switchesOf,
  takeOffKeyboard,
} from './keyboards.ts';
import { isTooLate } from './update-age.ts';

type Command = (conversation: Conversation, payload: string) => Promise<void>;

/** What people write who want no more messages, with or without a slash. */
export const STOP_WORDS = ['stop', 'basta', 'cancellami', 'disiscrivimi', 'unsubscribe'];

/** The commands by name. A name of either language works for everybody. */
export const COMMANDS: ReadonlyMap<string, Command> = new Map<string, Command>([
  ['start', start],
  ...STOP_WORDS.map((word): [string, Command] => [word, stop]),
  ['impostazioni', settings],
  ['settings', settings],
  ['stato', status],
  ['status', status],
  ['privacy', privacy],
  ['scollega', askToForget],
  ['unlink', askToForget],
  ['aiuto', help],
  ['help', help],
]);

/**
 * `/start TOKEN` links the chat. `/start` alone opts in again after `/stop`; else it shows the status. An old one counts,
 * unless the person has stopped since, and is left unanswered.
 */
export async function start(conversation: Conversation, payload: string): Promise<void> {
  const { users, chat, chatKey, isBack, shop, texts, writtenAt } = conversation;
  if (payload !== '') return link(conversation, tokenIn(payload));
  if (users.length === 0) return replyToQuestion(conversation, texts.howToLink(shop));
  const isStopped = (user: User) => isStoppedByPerson(user, chat.id);
  const after = await resumeChat(chatKey, users, saidAt(conversation), { withShop: false });
  if (isTooLate(writtenAt)) return;
  const now = { ...conversation, users: after };
  const byShop = after.filter(({ optOuts }) => optOuts.shop);
  if (after.some(isStopped)) return status(now);
  if (byShop.length > 0) return askBack(now, byShop);
  if (users.some(isStopped) || isBack) return reply(now, texts.backAgain(shop));
  await status(now);
}

function isStoppedByPerson(user: User, chatId: number): boolean {
  return optOutsOf(user, chatId).some(({ by }) => by === 'person');
}

/** Why a user gets nothing in a chat. */
export function optOutsOf(user: User, chatId: number): StandingOptOut[] {
  return optOutsIn(user, linkIn(user, chatId) ?? {});
}

/** The shop has opted these users out: only an explicit yes takes that back. */
async function askBack(conversation: Conversation, users: User[]): Promise<void> {
  const { texts, shop } = conversation;
  const accounts = conversation.users.length > 1 ? namesOfAll(users) : undefined;
  await reply(conversation, texts.stoppedBySite(shop, accounts), againFor(conversation, users));
}

/** The buttons that switch these users of the chat on again. */
function againFor({ users: all, chat, texts }: Conversation, users: User[]) {
  return againKeyboard(accountsIn(users, chat.id), all.length > 1, texts);
}

/** The accounts by name, in Telegram's HTML. */
export function namesOfAll(users: User[]): string {
  return users.map((user) => `<b>${nameOf(user)}</b>`).join(', ');
}

/** An account by name, in Telegram's HTML: a name that looks like an address is no link. */
function nameOf(user: User): string {
  return escapeHtml(unlinked(shownAccount(user)));
}

async function link(conversation: Conversation, token: string): Promise<void> {
  const { site, users, chat, shop, texts, writtenAt } = conversation;
  const redemption = await redeemLinkToken(site, token, chat.id, writtenAt);
  if (redemption.kind !== 'redeemed') return reply(conversation, texts.linkRefused[redemption.kind](shop));

  const { details } = redemption;
  const linked = await linkChat(site, details, chat, 'deep-link', details.linkId);
  if (linked.kind !== 'linked') return reply(conversation, texts.linkRefused[linked.kind](shop));
  const others = users.filter(({ userId }) => userId !== linked.user.userId);
  const after = conversationWith([...others, linked.user], conversation, chat);
  await afterLinking(after, linked.user, linked.isRepeated);
}

/** The welcome, which is in the queue, says that the chat is linked. Here only what the welcome can't say. */
async function afterLinking(conversation: Conversation, user: User, isRepeated: boolean): Promise<void> {
  const { site, chat, shop, texts } = conversation;
  if (!isActive(site)) return reply(conversation, texts.shopPaused(shop));
  if (user.optOuts.shop) return askBack(conversation, [user]);
  if (!isRepeated) return;
  // The person opened the same link a second time; the welcome came after the first.
  const isStopped = isStoppedByPerson(user, chat.id);
  const keyboard = isStopped ? againFor(conversation, [user]) : undefined;
  await reply(conversation, texts.linkRefused.used(shop), keyboard);
}

/** Stops all messages in this chat, and offers to switch single accounts on again. */
export async function stop(conversation: Conversation): Promise<void> {
  const { users, chat, chatKey, shop, texts } = conversation;
  if (users.length === 0) return replyToQuestion(conversation, texts.nothingToStop(shop));
  const after = await stopChat(chatKey, users, saidAt(conversation));
  const now = { ...conversation, users: after };
  // Where the person has wanted messages since, this comes too late, and "done" would be untrue.
  if (!after.every((user) => isStoppedByPerson(user, chat.id))) return status(now);
  await reply(now, texts.stopped(shop), againFor(now, after));
}

export async function settings(conversation: Conversation): Promise<void> {
  const { users, chat, shop, texts } = conversation;
  const [first, ...others] = accountsIn(users, chat.id);
  if (!first) return replyToQuestion(conversation, texts.howToLink(shop));
  if (others.length > 0) {
    const keyboard = accountsKeyboard([first, ...others], 'settings');
    return replyToQuestion(conversation, texts.settingsOfWhom(shop), keyboard);
  }
  const text = texts.settings(shop, notesOf(conversation, first.user, false));
  await replyToQuestion(conversation, text, settingsKeyboard(first, texts, shop));
}

/** What the settings say of an account besides the switches. */
export function notesOf(conversation: Conversation, user: User, isOneOfSeveral: boolean): SettingsNotes {
  return {
    account: isOneOfSeveral ? nameOf(user) : undefined,
    isForSeveralChats: user.chats.length > 1,
    optOuts: shownOptOuts(conversation, user),
  };
}

function shownOptOuts({ site, chat, texts }: Conversation, user: User): ShownOptOut[] {
  return optOutsOf(user, chat.id).map(({ by, at }) => ({
    by,
    at: at && escapeHtml(formatDate(at, texts.locale, site.timeZone)),
  }));
}

async function help(conversation: Conversation): Promise<void> {
  await replyToQuestion(conversation, conversation.texts.help(conversation.shop));
}

async function privacy(conversation: Conversation): Promise<void> {
  await replyToQuestion(conversation, conversation.texts.privacy(conversation.shop));
}

/** Erasing can't be taken back, so the bot asks first. */
export async function askToForget(conversation: Conversation): Promise<void> {
  const { users, chat, shop, texts } = conversation;
  if (users.length === 0) return replyToQuestion(conversation, texts.nothingToUnlink(shop));
  const [only, ...others] = users;
  const isLast = only?.chats.length === 1;
  const kind = others.length > 0 ? 'oneOfSeveralAccounts' : isLast ? 'last' : 'oneOfSeveralChats';
  const keyboard = forgetKeyboard(accountsIn(users, chat.id), texts);
  await replyToQuestion(conversation, texts.askToForget[kind](shop), keyboard);
}

export async function status(conversation: Conversation): Promise<void> {
  const { site, users, chat, shop, texts } = conversation;
  if (users.length === 0) return replyToQuestion(conversation, texts.howToLink(shop));
  const accounts = users.map((user) => accountStatus(conversation, user));
  const stopped = users.filter((_, index) => accounts[index]?.optOuts.length);
  const text = texts.status(shop, { accounts, isShopPaused: !isActive(site) });
  const again = stopped.length > 0 ? againFor(conversation, stopped) : [];
  const keyboard = [...again, ...takeOffKeyboard(accountsIn(users, chat.id), texts)];
  await replyToQuestion(conversation, text, keyboard.length > 0 ? keyboard : undefined);
}

function accountStatus(conversation: Conversation, user: User): AccountStatus {
  const { site, chat, texts, shop } = conversation;
  const muted = new Set<string>(user.mutedEvents);
  // A site that is off sends nothing, whatever its templates.
  const sent = isActive(site) ? switchesOf(shop, user) : [];
  const { linkedAt } = linkIn(user, chat.id) ?? {};
  return {
    account: nameOf(user),
    since: linkedAt && escapeHtml(formatDate(linkedAt, texts.locale, site.timeZone)),
    on: sent.filter((event) => !muted.has(event)),
    off: sent.filter((event) => muted.has(event)),
    optOuts: shownOptOuts(conversation, user),
    otherChats: user.chats.length - 1,
  };
}

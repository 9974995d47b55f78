import { needsNewStart } from '../deliveries/skip-reason.ts';
import { EVENT_NAMES } from '../domain/events.ts';
import { namesOf } from '../domain/person-names.ts';
import { formatDate } from '../i18n/format.ts';
import { isActive } from '../store/sites.ts';
import type { User } from '../store/users.ts';
import { escapeHtml } from '../telegram/html/index.ts';
import { linkChat } from '../users/link-chat.ts';
import { redeemLinkToken } from '../users/link-token.ts';
import { markReturned, optIn, optOut } from '../users/membership.ts';
import { type Conversation, reply, withUser } from './conversation.ts';
import { optInKeyboard, settingsKeyboard } from './settings-keyboard.ts';

type Command = (conversation: Conversation, payload: string) => Promise<void>;

/** Every command under the names it has: each name works in each language. */
export const COMMANDS = new Map<string, Command>([
  ['start', start],
  ['stop', stop],
  ['impostazioni', settings],
  ['settings', settings],
  ['stato', status],
  ['status', status],
  ['aiuto', help],
  ['help', help],
]);

/** `/start TOKEN` links; `/start` alone brings back, or tells how it stands. */
async function start(conversation: Conversation, payload: string): Promise<void> {
  const { site, user, shop, texts } = conversation;
  if (payload !== '') return link(conversation, payload);
  if (!user) return reply(conversation, texts.howToLink(shop));
  // Whoever writes can be reached, whatever Telegram said before.
  const isBack = user.unreachable !== undefined || needsNewStart(user, site.bot);
  if (isBack) await markReturned(user, site.bot);
  if (user.optedOut && user.optedOutBy !== 'user')
    return reply(conversation, texts.stoppedBySite(shop), optInKeyboard(texts));
  if (user.optedOut) await optIn(user, 'user');
  if (user.optedOut || isBack) return reply(conversation, texts.backAgain(shop));
  await status(conversation);
}

async function link(conversation: Conversation, token: string): Promise<void> {
  const { site, chat, shop, texts } = conversation;
  const redemption = await redeemLinkToken(site, token, chat.id);
  if (redemption.kind !== 'redeemed') return reply(conversation, texts.linkRefused[redemption.kind](shop));

  const { details } = redemption;
  const { user } = await linkChat(site, details, chat, 'deep-link', details.linkId);
  await afterLinking(withUser(conversation, user), conversation.user);
}

/** The welcome is on its way, and says whose account the chat serves: only what it can't tell is said here. */
async function afterLinking(conversation: Conversation, before: User | undefined): Promise<void> {
  const { site, chat, user, shop, texts } = conversation;
  if (user?.chatId !== chat.id) return reply(conversation, texts.linkRefused.used(shop));
  if (!isActive(site)) return reply(conversation, texts.shopPaused(shop));
  if (user.optedOut) return reply(conversation, texts.stoppedBySite(shop), optInKeyboard(texts));
  // The same link opened once more: its welcome came the first time.
  if (before?.userId === user.userId) await reply(conversation, texts.linkRefused.used(shop));
}

async function stop(conversation: Conversation): Promise<void> {
  const { user, shop, texts } = conversation;
  if (!user) return reply(conversation, texts.nothingToStop(shop));
  await optOut(user, 'user');
  await reply(conversation, texts.stopped(shop), optInKeyboard(texts));
}

async function settings(conversation: Conversation): Promise<void> {
  const { user, shop, texts } = conversation;
  if (!user) return reply(conversation, texts.howToLink(shop));
  await reply(conversation, texts.settings(shop), settingsKeyboard(user, texts));
}

async function help(conversation: Conversation): Promise<void> {
  await reply(conversation, conversation.texts.help(conversation.shop));
}

async function status(conversation: Conversation): Promise<void> {
  const { site, user, shop, texts } = conversation;
  if (!user) return reply(conversation, texts.howToLink(shop));
  const muted = new Set<string>(user.mutedEvents);
  const isStopped = user.optedOut === true;
  const text = texts.status(shop, {
    account: accountOf(user),
    since: user.linkedAt && escapeHtml(formatDate(user.linkedAt, texts.locale, site.timeZone)),
    on: EVENT_NAMES.filter((event) => !muted.has(event)),
    off: EVENT_NAMES.filter((event) => muted.has(event)),
    isStopped,
    isShopPaused: !isActive(site),
  });
  await reply(conversation, text, isStopped ? optInKeyboard(texts) : undefined);
}

/** The name, and the id that tells people of the same name apart. */
function accountOf(user: User): string {
  const { nominativo } = namesOf(user);
  return escapeHtml(nominativo ? `${nominativo} (${user.userId})` : user.userId);
}

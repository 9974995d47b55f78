import { needsNewStart } from '../deliveries/skip-reason.ts';
import { EVENT_NAMES } from '../domain/events.ts';
import { namesOf } from '../domain/person-names.ts';
import { formatDate } from '../i18n/format.ts';
import { isActive } from '../store/sites.ts';
import type { User } from '../store/users.ts';
import { escapeHtml } from '../telegram/html/index.ts';
import { linkChat } from '../users/link-chat.ts';
import { redeemLinkToken } from '../users/link-token.ts';
import { markReturned, optIn, optOut } from '../users/settings.ts';
import { type Conversation, conversationWith, reply } from './conversation.ts';
import { optInKeyboard, settingsKeyboard } from './keyboards.ts';

type Command = (conversation: Conversation, payload: string) => Promise<void>;

/** The commands by name. A name of either language works for everybody. */
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

/** `/start TOKEN` links the chat. `/start` alone opts in again after `/stop`; else it shows the status. */
async function start(conversation: Conversation, payload: string): Promise<void> {
  const { site, user, shop, texts } = conversation;
  if (payload !== '') return link(conversation, payload);
  if (!user) return reply(conversation, texts.howToLink(shop));
  // A person who writes can be reached, whatever Telegram answered before.
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
  await afterLinking(conversationWith(user, conversation, chat), conversation.user);
}

/** The welcome, which is in the queue, says that the chat is linked. Here only what the welcome can't say. */
async function afterLinking(conversation: Conversation, before: User | undefined): Promise<void> {
  const { site, chat, user, shop, texts } = conversation;
  if (user?.chatId !== chat.id) return reply(conversation, texts.linkRefused.used(shop));
  if (!isActive(site)) return reply(conversation, texts.shopPaused(shop));
  if (user.optedOut && user.optedOutBy !== 'user')
    return reply(conversation, texts.stoppedBySite(shop), optInKeyboard(texts));
  // The person opened the same link a second time; the welcome came after the first.
  const keyboard = user.optedOut ? optInKeyboard(texts) : undefined;
  if (before?.userId === user.userId) await reply(conversation, texts.linkRefused.used(shop), keyboard);
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

/** The name with the id, since two people may have the same name. */
function accountOf(user: User): string {
  const { nominativo } = namesOf(user);
  return escapeHtml(nominativo ? `${nominativo} (${user.userId})` : user.userId);
}

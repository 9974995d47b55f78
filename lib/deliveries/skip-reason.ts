import { noticeOf, noticesFor, type StaffNotice } from '../domain/staff.ts';
import { unreachableBot } from '../store/reachability.ts';
import { isActive, type Site } from '../store/sites.ts';
import { type ChatLink, isOptedOutIn, type User } from '../store/user.ts';

/**
 * Whether the person pressed Start in another bot than the site has now: a bot can write only to those who started it.
 * Where a link does not say which bot it was made with, it is taken for the present one.
 */
export function needsNewStart({ botId }: ChatLink, bot: { id: string } | undefined): boolean {
  return botId !== undefined && bot !== undefined && botId !== bot.id;
}

/** Whether Telegram has said that the bot can't write to a chat. What it said of another bot does not count. */
export function isUnreachable(link: ChatLink, bot: { id: string } | undefined): boolean {
  if (!link.unreachable) return false;
  const botId = unreachableBot(link);
  return botId === undefined || bot === undefined || botId === bot.id;
}

/** Whether the bot can write to a chat, as far as is known. */
export function isReachable(link: ChatLink, bot: { id: string }): boolean {
  return !isUnreachable(link, bot) && !needsNewStart(link, bot);
}

type UserSkipReason = 'not-linked' | 'opted-out' | 'unreachable' | 'muted';

/**
 * Why this user gets nothing for the event in one chat now, or `undefined` where they do.
 *
 * @param link absent where they do not have the chat.
 * @param bot the bot that the site has now.
 */
function skipReasonIn(
  link: ChatLink | undefined,
  user: User | undefined,
  event: string,
  bot: { id: string } | undefined,
): UserSkipReason | undefined {
  if (user && isOptedOutIn(user, link ?? {})) return 'opted-out';
  if (!user || !link || needsNewStart(link, bot)) return 'not-linked';
  if (isUnreachable(link, bot)) return 'unreachable';
  if (user.mutedEvents?.includes(event)) return 'muted';
  return undefined;
}

/** The chats in which a user gets an event now; where there is none, why. */
export interface Reachable {
  links: ChatLink[];
  reason?: UserSkipReason;
}

/** In which of their chats this user gets the event now. @param bot the bot that the site has now. */
export function reachableChats(
  user: User | undefined,
  event: string,
  bot: { id: string } | undefined,
): Reachable {
  const chats = user?.chats ?? [];
  const links = chats.filter((link) => skipReasonIn(link, user, event, bot) === undefined);
  return links.length > 0 ? { links } : { links, reason: skipReasonIn(chats[0], user, event, bot) };
}

/** As `skipReasonIn`, and whether the site sends at all: asked right before a message is sent. */
export function findSkipReason(
  site: Site | undefined,
  link: ChatLink | undefined,
  user: User | undefined,
  event: string,
): UserSkipReason | SiteSkipReason | undefined {
  if (!site) return 'site-inactive';
  const notice = noticeOf(event);
  if (isNoLongerOff(site, event)) return 'superseded';
  // That a site sends nothing more is what this notice says: it goes out all the same.
  if (notice !== 'module-off' && !isActive(site)) return 'site-inactive';
  if (notice && user && !isTold(site, user, notice)) return 'not-staff';
  return skipReasonIn(link, user, event, site.bot);
}

/** Whether the message says that the site is switched off, and it is on. */
export function isNoLongerOff(site: Site, event: string): boolean {
  return noticeOf(event) === 'module-off' && isActive(site);
}

type SiteSkipReason = 'site-inactive' | 'superseded' | 'not-staff';

/** Also by an id that they had before: the setting follows a renaming some seconds later. */
function isTold(site: Site, { userId, formerIds = [] }: User, notice: StaffNotice): boolean {
  return [userId, ...formerIds].some((id) => noticesFor(site, id).includes(notice));
}

import { isActive, type Site } from '../store/sites.ts';
import type { User } from '../store/users.ts';

/**
 * Whether the user pressed Start in another bot than the site has now: a bot can write only to those who started it.
 * Where a link does not say which bot it was made with, it is taken for the present one.
 */
export function needsNewStart({ chatId, botId }: User, bot: { id: string } | undefined): boolean {
  return chatId !== undefined && botId !== undefined && bot !== undefined && botId !== bot.id;
}

/**
 * Why this user gets nothing for the event now, or `undefined` where they do.
 *
 * @param bot the bot that the site has now.
 */
export function skipReasonOf(
  user: User | undefined,
  event: string,
  bot: { id: string } | undefined,
): 'not-linked' | 'opted-out' | 'unreachable' | 'muted' | undefined {
  if (user?.optedOut) return 'opted-out';
  if (user?.chatId === undefined || needsNewStart(user, bot)) return 'not-linked';
  if (user.unreachable) return 'unreachable';
  if (user.mutedEvents?.includes(event)) return 'muted';
  return undefined;
}

/** As `skipReasonOf`, and whether the site sends at all: asked right before a message is sent. */
export function findSkipReason(
  site: Site | undefined,
  user: User | undefined,
  event: string,
): ReturnType<typeof skipReasonOf> | 'site-inactive' {
  return site && isActive(site) ? skipReasonOf(user, event, site.bot) : 'site-inactive';
}

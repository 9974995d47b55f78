import type { User } from '../store/users.ts';

/**
 * Whether the user has started another bot than the site has now: a chat belongs to a bot. A link made by another hand
 * than ours says nothing of its bot, and is taken for one of the present.
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

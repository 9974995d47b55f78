import { needsNewStart } from '../deliveries/skip-reason.ts';
import type { User } from '../store/users.ts';

/** A user as the API shows them to the site. The chat's id is left out, since a site has no use for it. */
export interface UserState {
  userId: string;
  linked: boolean;
  /** The site has another bot now: the user is linked again after pressing Start in its chat. */
  needsNewStart?: boolean;
  /** ISO 8601. */
  linkedAt?: string | undefined;
  linkedBy?: User['linkedBy'];
  /** Without `@`; absent where the Telegram account has no username. */
  telegramUsername?: string | undefined;
  /** Why a user is not linked any more: another user of the site has claimed the same chat. */
  unlinked?: { reason: 'chat-taken'; since: string } | undefined;
  optedOut: boolean;
  optedOutBy?: 'user' | 'site' | undefined;
  optedOutAt?: string | undefined;
  mutedEvents: string[];
  /** Why messages to the chat are refused, in Telegram's words. */
  unreachable?: { reason: string; since: string } | undefined;
  language?: string | undefined;
  firstName?: string | undefined;
  lastName?: string | undefined;
  companyName?: string | undefined;
}

/** @param bot the bot that the site has now. */
export function userState(user: User, bot: { id: string } | undefined): UserState {
  const { userId, chatId, linkedAt, linkedBy, username, unlinked, unreachable } = user;
  const { optedOut = false, optedOutBy, optedOutAt, mutedEvents = [] } = user;
  const { language, firstName, lastName, companyName } = user;
  return {
    userId,
    linked: chatId !== undefined && !needsNewStart(user, bot),
    ...(needsNewStart(user, bot) && { needsNewStart: true }),
    linkedAt,
    linkedBy,
    telegramUsername: username,
    unlinked: unlinked && { reason: unlinked.reason, since: unlinked.since },
    optedOut,
    optedOutBy,
    optedOutAt,
    mutedEvents,
    unreachable,
    language,
    firstName,
    lastName,
    companyName,
  };
}

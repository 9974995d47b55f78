import { needsNewStart } from '../deliveries/skip-reason.ts';
import { unreachableBot } from '../store/reachability.ts';
import {
  type ChatLink,
  type OptOutPlace,
  optOutOf,
  optOutsIn,
  type Unreachable,
  type User,
} from '../store/user.ts';

/** A chat of a user as the API shows it. */
export interface ChatState {
  chatId: number;
  /** ISO 8601. */
  linkedAt?: string | undefined;
  linkedBy?: ChatLink['linkedBy'];
  /** Without `@`; absent where the Telegram account has no username. */
  telegramUsername?: string | undefined;
  /** The site has another bot now: the chat is linked again after the person has pressed Start there. */
  needsNewStart?: boolean;
  /** The person has written `/stop` there, or has opted out and wants messages in other chats alone since. */
  stopped: boolean;
  stoppedAt?: string | undefined;
  /** Why messages to the chat are refused, in Telegram's words, since when, and which bot's. */
  unreachable?: Unreachable | undefined;
}

/** A user as the API shows them to the site. What is said of one chat outside `chats` is said of the first. */
export interface UserState extends Omit<Partial<ChatState>, 'chatId' | 'stopped' | 'stoppedAt'> {
  userId: string;
  /** Whether the bot can write to one of the chats. */
  linked: boolean;
  chats: ChatState[];
  /** Why and since when a user has no chat any more. */
  unlinked?: User['unlinked'];
  /** Whether the user gets nothing: opted out by the shop or the person, or stopped in each of the chats. */
  optedOut: boolean;
  optedOutBy?: 'person' | 'shop' | undefined;
  optedOutAt?: string | undefined;
  /** In the bot, on the shop's site, or before an import. */
  optedOutIn?: OptOutPlace | undefined;
  mutedEvents: string[];
  quietHours?: User['quietHours'];
  marketingConsent?: User['marketingConsent'];
  timeZone?: string | undefined;
  language?: string | undefined;
  firstName?: string | undefined;
  lastName?: string | undefined;
  companyName?: string | undefined;
}

/** @param bot the bot that the site has now. */
export function userState(user: User, bot: { id: string } | undefined): UserState {
  const { userId, unlinked, mutedEvents = [], language, firstName, lastName, companyName } = user;
  const { quietHours, timeZone, marketingConsent } = user;
  const optOut = optOutOf(user);
  const chats = user.chats.map((link) => {
    const own = optOut?.by === 'person' ? undefined : optOutsIn(user, link).find(({ by }) => by === 'person');
    return chatState(link, link.stopped ?? own, bot);
  });
  const [first] = chats;
  return {
    userId,
    linked: chats.some((chat) => !chat.needsNewStart),
    ...(first && commonStateOf(first)),
    chats,
    unlinked,
    optedOut: optOut !== undefined,
    optedOutBy: optOut?.by,
    optedOutAt: optOut?.at,
    optedOutIn: optOut?.where,
    mutedEvents,
    ...{ quietHours, timeZone, marketingConsent },
    ...{ language, firstName, lastName, companyName },
  };
}

function commonStateOf({ chatId: _, stopped: _stopped, stoppedAt: _at, ...common }: ChatState) {
  return common;
}

function chatState(link: ChatLink, stopped: ChatLink['stopped'], bot: { id: string } | undefined): ChatState {
  const { chatId, linkedAt, linkedBy, username } = link;
  return {
    chatId,
    linkedAt,
    linkedBy,
    telegramUsername: username,
    ...(needsNewStart(link, bot) && { needsNewStart: true }),
    stopped: stopped !== undefined,
    stoppedAt: stopped?.at,
    unreachable: unreachableState(link),
  };
}

/** What is known of a chat that can't be reached, with its bot. */
export function unreachableState(link: ChatLink): Unreachable | undefined {
  return link.unreachable && { ...link.unreachable, botId: unreachableBot(link) };
}

import type { MarketingConsent } from '../domain/marketing-consent.ts';
import type { OwnQuietHours } from '../domain/quiet-hours.ts';

/** A person of a site and their chats, as the code works with them; stored-user.ts has their form in the table. */

/** How a user was linked: a link with a token, Telegram's login widget, Log In With Telegram, an import. */
export type LinkedBy = 'deep-link' | 'login-widget' | 'oidc' | 'import';

/** A user has at most so many chats. */
export const MAX_CHATS = 5;

/** Where an opt-out was given: to the bot, on the shop's site, or before the user was brought here by an import. */
export type OptOutPlace = 'bot' | 'site' | 'import';

export interface OptOut {
  /** ISO 8601. */
  at?: string | undefined;
  where: OptOutPlace;
}

/** Why and since when a bot can't write to a chat. */
export interface Unreachable {
  /** Telegram's words. */
  reason: string;
  /** ISO 8601. */
  since: string;
  /** Which bot it was. What the former release has written does not say it: the bot of the link is meant. */
  botId?: string | undefined;
}

/** The link between a user and one Telegram chat. */
export interface ChatLink {
  chatId: number;
  /** The bot that the chat is with. If the site has another bot now, the person has to start that one. */
  botId?: string | undefined;
  /** ISO 8601. */
  linkedAt?: string | undefined;
  linkedBy?: LinkedBy | undefined;
  /** The name of the Telegram account, without `@`. */
  username?: string | undefined;
  /** What made this link. Sorts by time; a repetition has the same claim. */
  claim?: string | undefined;
  /** Names this link in the data of buttons, where the number of a chat has no place. */
  ref?: string | undefined;
  /** The ids of deliveries to this chat name it. Those to a user's first chat do not. */
  ownIds?: true | undefined;
  /** The person has written `/stop` in this chat: when they did so last. */
  stopped?: { at?: string | undefined } | undefined;
  /**
   * When the person last wanted messages here (ISO 8601): by the link, `/start`, a button, or on the shop's site. A
   * `/stop` that they wrote before, and that comes late, does not count.
   */
  resumedAt?: string | undefined;
  /** Set when Telegram answers that this chat can't be reached. */
  unreachable?: Unreachable | undefined;
  /** The ids that this chat had before it became a supergroup. */
  formerChatIds?: number[] | undefined;
}

/** Why a user has no chat (any more). */
export type UnlinkReason =
  /** The shop has ended the link. */
  | 'site'
  /** The person has ended it in the chat. */
  | 'person'
  /** Another chat of the same user has taken it off. */
  | 'other-chat'
  /** Telegram could not reach the chat for longer than the deployment keeps it. */
  | 'unreachable'
  /** Nobody knows when: the time is that of the first retention run that saw the user without a chat. */
  | 'unknown'
  /** In the former release a chat had one user: another one claimed it. */
  | 'chat-taken';

/** A person of a site, and the links to their Telegram chats. */
export interface User {
  siteId: string;
  userId: string;
  /** Counts the changes of this item; 0 where the former release wrote it. */
  version: number;
  /** The first is the oldest. */
  chats: ChatLink[];
  /** The opt-outs that are in force for all chats: the person's own, and the shop's. */
  optOuts: { person?: OptOut | undefined; shop?: OptOut | undefined };
  /** When each was last taken back (ISO 8601): what was said before, and comes late, does not count. */
  optedIn?: { person?: string | undefined; shop?: string | undefined } | undefined;
  /** The chats that the user has lost while the person had stopped there: an import must not make them speak again. */
  endedStops?: EndedStop[] | undefined;
  /** Names of the events that this user does not want, in any chat. */
  mutedEvents?: string[] | undefined;
  /** In place of the shop's. */
  quietHours?: OwnQuietHours | undefined;
  /** Whether they want advertising; absent: nobody has said it, so they get none. */
  marketingConsent?: MarketingConsent | undefined;
  /** IANA name; absent: that of the shop. */
  timeZone?: string | undefined;
  /** BCP 47. */
  language?: string | undefined;
  firstName?: string | undefined;
  lastName?: string | undefined;
  companyName?: string | undefined;
  /** When the names were given (ISO 8601): those of an older event do not replace them. */
  namesAt?: string | undefined;
  /** Why and since when the user has no chat any more. */
  unlinked?: { reason: UnlinkReason; since: string } | undefined;
  /** The claims of links that were ended or replaced: a repetition must not make them again. */
  endedClaims?: string[] | undefined;
  /** The latest claim of the former release: none before it is made again. */
  lastClaim?: string | undefined;
  /** The ids that this user had before. */
  formerIds?: string[] | undefined;
  /** Set while a user is being renamed: the id that they had. */
  renamedFrom?: string | undefined;
  /** The user has another id since then, or was erased. This item only says so. */
  renamed?: Lead | undefined;
  /** To whom this id belonged before, oldest first: what was accepted for them then still reaches them. */
  formerHolders?: Lead[] | undefined;
  /** What the directory, the statistics and the shop's webhook do not know yet (person-changes.ts). */
  toApply?: ToApply | undefined;
}

/** Something that has happened to a person, which others are told. */
export type PersonChange = {
  /** The same in every repetition, and no other change has it. */
  id: string;
  /** When it was written, ISO 8601. */
  at: string;
  userId: string;
} & WhatChanged;

export type WhatChanged =
  /** A chat was added; which one, is nobody's business. `isFirst`: the person had none until then. */
  | { kind: 'linked'; linkedBy?: LinkedBy | undefined; isFirst: boolean }
  /** A chat was taken away. `isLast`: the person has none any more. */
  | { kind: 'unlinked'; reason?: UnlinkReason | undefined; isLast: boolean }
  /** The person gets nothing any more: opted out, or stopped in each of their chats. */
  | { kind: 'opted-out'; by: 'person' | 'shop'; where: OptOutPlace }
  /** They get messages again. */
  | { kind: 'opted-in' }
  /** Telegram reaches none of their chats any more. In its words, and since when (ISO 8601). */
  | { kind: 'unreachable'; reason: string; since: string }
  /** It reaches one again. */
  | { kind: 'reachable' }
  /** They have this id now, and had another one before. */
  | { kind: 'renamed'; from: string }
  | { kind: 'erased' };

/** What is not applied yet of the writes of an item. */
export interface ToApply {
  /** Since when, ISO 8601. */
  since: string;
  /** What others are told, oldest first. Empty where only the directory has to know. */
  changes: PersonChange[];
}

/** A `/stop` that outlives its link. */
export interface EndedStop {
  /** Names the chat without its number. */
  ref: string;
  at?: string | undefined;
}

/** Whoever had an id until then (ISO 8601) has another one since, or none. */
export interface Lead {
  to: string;
  at: string;
  /** They were erased. `to` is then the id itself: the former release takes that for nobody. */
  erased?: true | undefined;
}

export type UserKey = Pick<User, 'siteId' | 'userId'>;

/** A user of a site without a chat. */
export function newUser({ siteId, userId }: UserKey): User {
  return { siteId, userId, version: 0, chats: [], optOuts: {} };
}

/** How long it matters who had an id before, in milliseconds: messages wait 28 days at most, links 30. */
const LEAD_KEPT = 31 * 24 * 3_600_000;

/** More holders of one id are not remembered; it keeps the item small. */
const MAX_HOLDERS = 10;

/** Those who had this id before, oldest first, also whoever has given it up now. */
export function holdersBefore({
  formerHolders = [],
  renamed,
}: Pick<User, 'formerHolders' | 'renamed'>): Lead[] {
  return [...formerHolders, ...(renamed ? [renamed] : [])].slice(-MAX_HOLDERS);
}

/** Those of them for whom something may still wait. */
export function leadsOf(user: Pick<User, 'formerHolders' | 'renamed'>): Lead[] {
  const oldest = new Date(Date.now() - LEAD_KEPT).toISOString();
  return holdersBefore(user).filter(({ at }) => at > oldest);
}

/**
 * Who had an id at a time, by the item of the id: the first lead since then; `undefined` for its present holder.
 *
 * @param at ISO 8601.
 */
function leadSince(user: Pick<User, 'formerHolders' | 'renamed'>, at: string): Lead | undefined {
  return leadsOf(user).find((lead) => lead.at >= at);
}

/**
 * Whether what was accepted for an id at a time was for somebody who is erased since.
 *
 * @param user the item of the id.
 * @param at ISO 8601.
 */
export function isForErased(user: User | undefined, at: string): boolean {
  return user !== undefined && leadSince(user, at)?.erased === true;
}

/**
 * What stays at the id of a user who is erased: when that was. What was accepted for them until then is dropped, also if
 * somebody else has the id by then.
 */
export function erasedUser({ siteId, userId, version, formerHolders }: User): User {
  const at = new Date(Date.now()).toISOString();
  return {
    ...newUser({ siteId, userId }),
    version: version + 1,
    renamed: { to: userId, at, erased: true },
    formerHolders,
  };
}

/** Whether a user has a chat under its present number. */
export function hasChat({ chats }: Pick<User, 'chats'>, chatId: number): boolean {
  return chats.some((link) => link.chatId === chatId);
}

/** The user's link to a chat, also by an id that the chat had before. */
export function linkIn({ chats }: Pick<User, 'chats'>, chatId: number): ChatLink | undefined {
  return chats.find((link) => link.chatId === chatId || link.formerChatIds?.includes(chatId));
}

/** The user with a change of their link to one chat; the same user where they have no such link. */
export function withLinkIn(user: User, chatId: number, change: Partial<ChatLink>): User {
  const chats = user.chats.map((link) => (link.chatId === chatId ? { ...link, ...change } : link));
  return linkIn(user, chatId) ? { ...user, chats } : user;
}

/** An opt-out, and who has given it. */
export interface StandingOptOut extends OptOut {
  by: 'person' | 'shop';
}

type SaidInChat = Pick<ChatLink, 'stopped' | 'resumedAt'>;

/** Whether an opt-out of the person for all chats holds in one of them: not where they have wanted messages since. */
function holdsIn({ resumedAt }: SaidInChat, optOut: OptOut | undefined): optOut is OptOut {
  return optOut !== undefined && !(resumedAt !== undefined && resumedAt > (optOut.at ?? ''));
}

/** Whether one chat of a user gets nothing, because of the person or the shop. */
export function isOptedOutIn(
  { optOuts: { person, shop } }: Pick<User, 'optOuts'>,
  link: SaidInChat,
): boolean {
  return shop !== undefined || link.stopped !== undefined || holdsIn(link, person);
}

/** The opt-outs because of which one chat of a user gets nothing: the person's, as they said it last, then the shop's. */
export function optOutsIn(
  { optOuts: { person, shop } }: Pick<User, 'optOuts'>,
  link: SaidInChat,
): StandingOptOut[] {
  const forAll: OptOut[] = holdsIn(link, person) ? [person] : [];
  const here: OptOut[] = link.stopped ? [{ ...link.stopped, where: 'bot' }] : [];
  const last = lastOf([...forAll, ...here]);
  return [
    ...(last ? [{ by: 'person' as const, ...last }] : []),
    ...(shop ? [{ by: 'shop' as const, ...shop }] : []),
  ];
}

/** The user's opt-out from all messages: by the shop or the person, for all chats or in each of them. */
export function optOutOf({ chats, optOuts }: Pick<User, 'chats' | 'optOuts'>): StandingOptOut | undefined {
  const { person, shop } = optOuts;
  if (person && chats.every((link) => holdsIn(link, person))) return { by: 'person', ...person };
  const own = chats.map((link) => optOutsIn({ optOuts: { person } }, link));
  const last = own.every(({ length }) => length > 0) ? lastOf(own.flat()) : undefined;
  return last ?? (shop && { by: 'shop', ...shop });
}

function lastOf<Given extends OptOut>(optOuts: Given[]): Given | undefined {
  return optOuts.sort((one, other) => (one.at ?? '').localeCompare(other.at ?? '')).at(-1);
}

/**
 * The opt-outs of a user who loses all chats. What held in each of them was the person's opt-out, and stays so; one that
 * held in none any more ends.
 */
export function optOutsWithoutChats(user: User): User['optOuts'] {
  const { person: _, ...others } = user.optOuts;
  const optOut = optOutOf(user);
  if (optOut?.by !== 'person') return others;
  return { ...others, person: { at: optOut.at, where: optOut.where } };
}

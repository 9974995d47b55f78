import {
  type ChatLink,
  type LinkedBy,
  type OptOut,
  optOutsIn,
  type PersonChange,
  type User,
} from './user.ts';

/**
 * The item of a user. The first chat is in the fields in which the former release kept the only one, and `optedOut` says
 * what that release has to know: its records work as they are, and its functions go on while a deployment runs.
 */
export interface StoredUser extends Omit<User, 'version' | 'chats' | 'optOuts' | 'toApply'> {
  /** Absent in an item that the former release wrote. */
  version?: number;
  chatId?: number;
  /** `siteId#chatId` of the first chat: the key of the index by chat, which finds the people of the former release. */
  siteChat?: string;
  botId?: string;
  linkedAt?: string;
  linkedBy?: LinkedBy;
  username?: string;
  linkClaim?: string;
  linkRef?: string;
  ownIds?: true;
  stopped?: ChatLink['stopped'];
  resumedAt?: string;
  unreachable?: ChatLink['unreachable'];
  formerChatIds?: number[];
  /** The chats after the first. */
  moreChats?: ChatLink[];
  /** Whether the first chat gets nothing, because of the person or the shop. */
  optedOut?: boolean;
  optedOutBy?: 'user' | 'site';
  optedOutAt?: string;
  optOuts?: User['optOuts'];
  /** Since when something of the item is not applied (ISO 8601): only then it stands in the index by change. */
  changedAt?: string;
  /** What others have to learn of it. */
  changes?: PersonChange[];
}

/** The user that an item holds, of this release or the former one. */
export function userFrom(stored: StoredUser): User {
  const { siteId, userId, version = 0, mutedEvents, firstName, lastName, companyName, language } = stored;
  const { quietHours, timeZone, marketingConsent } = stored;
  const { namesAt, unlinked, lastClaim, endedClaims, formerIds, renamedFrom, renamed, formerHolders } =
    stored;
  const { optedIn, endedStops, changedAt, changes = [] } = stored;
  const optOuts = optOutsOf(stored);
  return {
    siteId,
    userId,
    version,
    chats: [...firstChatOf(stored), ...(stored.moreChats ?? [])],
    optOuts,
    optedIn,
    endedStops,
    mutedEvents,
    quietHours,
    marketingConsent,
    timeZone,
    language,
    firstName,
    lastName,
    companyName,
    namesAt,
    unlinked,
    lastClaim,
    endedClaims,
    formerIds,
    renamedFrom,
    renamed,
    formerHolders,
    ...(changedAt !== undefined && { toApply: { since: changedAt, changes } }),
  };
}

/** The item that holds a user. */
export function storedUser({ chats, optOuts, toApply, ...user }: User): StoredUser {
  const [first, ...moreChats] = chats;
  const { person, shop } = optOuts;
  const optOut = shop ?? optOutsIn({ optOuts }, first ?? {})[0];
  return {
    ...user,
    ...(first && fieldsOf(user.siteId, first)),
    ...(moreChats.length > 0 && { moreChats }),
    ...((person || shop) && { optOuts }),
    ...(toApply && { changedAt: toApply.since }),
    ...(toApply && toApply.changes.length > 0 && { changes: toApply.changes }),
    ...(optOut && { optedOut: true, optedOutBy: shop ? 'site' : 'user', optedOutAt: optOut.at }),
  };
}

function fieldsOf(siteId: string, { claim, ref, ...link }: ChatLink) {
  return { ...link, siteChat: siteChatOf(siteId, link.chatId), linkClaim: claim, linkRef: ref };
}

/** `siteId#chatId`: the key of a user in the index by chat. */
export function siteChatOf(siteId: string, chatId: number): string {
  return `${siteId}#${chatId}`;
}

function firstChatOf(stored: StoredUser): ChatLink[] {
  const { chatId, botId, linkedAt, linkedBy, username, linkClaim, linkRef, ownIds } = stored;
  if (chatId === undefined) return [];
  const { resumedAt, unreachable, formerChatIds } = stored;
  const stopped = stoppedOf(stored);
  return [
    {
      chatId,
      ...(botId !== undefined && { botId }),
      ...(linkedAt !== undefined && { linkedAt }),
      ...(linkedBy !== undefined && { linkedBy }),
      ...(username !== undefined && { username }),
      ...(linkClaim !== undefined && { claim: linkClaim }),
      ...(linkRef !== undefined && { ref: linkRef }),
      ...(ownIds && { ownIds }),
      ...(stopped && { stopped }),
      ...(resumedAt !== undefined && { resumedAt }),
      ...(unreachable && { unreachable }),
      ...(formerChatIds && { formerChatIds }),
    },
  ];
}

/** The former release had one opt-out: that of a person was written in their chat. */
function isOfFormerRelease({ optedOut, optOuts, stopped }: StoredUser): boolean {
  return optedOut === true && optOuts === undefined && stopped === undefined;
}

function stoppedOf(stored: StoredUser): ChatLink['stopped'] {
  if (!stored.optedOut) return undefined;
  const isByPerson = isOfFormerRelease(stored) && stored.optedOutBy === 'user';
  return isByPerson ? { at: stored.optedOutAt } : stored.stopped;
}

function optOutsOf(stored: StoredUser): User['optOuts'] {
  const { optedOut, optedOutBy, optedOutAt: at, chatId, resumedAt, optOuts = {} } = stored;
  // The first chat may get messages again while others get none. An earlier release left behind what had ended.
  if (!optedOut) return resumedAt === undefined ? {} : optOuts;
  if (!isOfFormerRelease(stored)) return optOuts;
  const site: OptOut = { at, where: 'site' };
  if (optedOutBy !== 'user') return { shop: site };
  return chatId === undefined ? { person: { at, where: 'bot' } } : {};
}

import { enqueue } from '../deliveries/queue.ts';
import { latestConsent } from '../domain/marketing-consent.ts';
import { hasName } from '../domain/person-names.ts';
import { log } from '../observability/logger.ts';
import { addToChat, hasRoomFor } from '../store/chats.ts';
import { changedByOthers, MAX_ROUNDS } from '../store/rounds.ts';
import { findCurrentSite, type Site } from '../store/sites.ts';
import { type ChatLink, isForErased, type LinkedBy, linkIn, MAX_CHATS, type User } from '../store/user.ts';
import { findHolderAt, findUserOrRenamed, updateUser } from '../store/users.ts';
import { withEndedClaims } from './ended-claims.ts';
import { newLinkRef } from './link-ref.ts';
import type { LinkDetails } from './link-token.ts';
import { linkedIn } from './opt-outs.ts';
import { chatAddedNotices, welcomeOf } from './welcome.ts';

/** A private chat with the site's bot, and the person in it, as Telegram names them. */
export interface LinkingChat {
  /** In a private chat this is the person's own id. */
  id: number;
  username?: string | undefined;
  firstName?: string | undefined;
  lastName?: string | undefined;
  /** BCP 47: the language of the person's Telegram. */
  languageCode?: string | undefined;
}

/** Why a chat is not linked. */
export type LinkRefusal =
  /** This link was ended since, or its user erased: it is not made again. */
  | 'outdated'
  /** The chat has been linked to this user by a later link: all is well. */
  | 'newer'
  /** The user has as many chats as they may have. */
  | 'too-many-chats'
  /** The chat has as many users of the site as it may have. */
  | 'too-many-users';

export type Linked = { kind: 'linked'; user: User; isRepeated: boolean } | { kind: LinkRefusal };

interface Linking {
  site: Site;
  details: LinkDetails;
  chat: LinkingChat;
  how: LinkedBy;
  /** Sorts by time. A repetition has the same claim. */
  claim: string;
}

/**
 * Links a user to a chat, in addition to the chats that they have, and sends the welcome there. The other chats of the
 * user are told, and can take the new one off.
 *
 * The chat names the user before the user gets it (store/chats.ts), and the user gets it in one conditional write. So
 * after a crash at any point the call is repeated as it is. A repetition with the same `linkId` and `claimedAt` sends no
 * second welcome, and undoes nothing that was done since.
 *
 * @param linkId the same for every repetition of this link; it is part of the id of the welcome.
 * @throws ServiceUnreachableError: repeat the call.
 */
export async function linkChat(
  site: Site,
  details: LinkDetails,
  chat: LinkingChat,
  how: LinkedBy,
  linkId: string,
): Promise<Linked> {
  const linking: Linking = { site, details, chat, how, claim: claimOf(details, linkId) };
  for (let round = 0; round < MAX_ROUNDS; round++) {
    const linked = await tryToLink(linking);
    if (!linked) continue;
    const { siteId } = site;
    if (linked.kind !== 'linked') log.info('not linked', { siteId, how, reason: linked.kind });
    else log.info('linked', { siteId, how, isRepeated: linked.isRepeated });
    if (linked.kind === 'linked') await tell(linking, linked.user, linkId);
    return linked;
  }
  throw changedByOthers('A user');
}

/**
 * What `linkChat` would say, without any change.
 *
 * @throws ServiceUnreachableError
 */
export async function wouldLinkChat(
  site: Site,
  details: LinkDetails,
  chat: LinkingChat,
): Promise<{ kind: Linked['kind'] }> {
  const linking = { site, details, chat, claim: claimOf(details, details.linkId) };
  const { userId, refusal } = await lookAtUser(linking);
  if (refusal) return { kind: refusal };
  const hasRoom = await hasRoomFor({ siteId: site.siteId, chatId: chat.id }, userId);
  return { kind: hasRoom ? 'linked' : 'too-many-users' };
}

function claimOf({ claimedAt }: LinkDetails, linkId: string): string {
  return `${claimedAt}#${linkId}`;
}

/** The user of a link, as they are now; absent where they are new. And why they can't get this link. */
async function lookAtUser(
  linking: Omit<Linking, 'how'>,
): Promise<{ known: User | undefined; userId: string; refusal: LinkRefusal | undefined }> {
  const { site, details } = linking;
  const known = await findUserForLink(site.siteId, details);
  return { known, userId: known?.userId ?? details.userId, refusal: known && refusalOf(known, linking) };
}

/** @returns `undefined` where the user was renamed in the meantime: then the chat has to name the new id first. */
async function tryToLink(linking: Linking): Promise<Linked | undefined> {
  const { chat } = linking;
  const { siteId } = linking.site;
  const { known, userId, refusal } = await lookAtUser(linking);
  if (refusal) return { kind: refusal };
  if (!(await addToChat({ siteId, chatId: chat.id }, userId))) return { kind: 'too-many-users' };

  let isRepeated = false;
  let lateRefusal: LinkRefusal | undefined;
  const change = (before: User) => {
    isRepeated = linkIn(before, chat.id)?.claim === linking.claim;
    lateRefusal = refusalOf(before, linking);
    return isRepeated || lateRefusal ? before : withLink(before, linking);
  };
  const options = { known, create: true, ifRenamed: 'stop' } as const;
  const user = await updateUser({ siteId, userId }, change, options);
  if (lateRefusal) return { kind: lateRefusal };
  return user && { kind: 'linked', user, isRepeated };
}

/**
 * The item of the user of a link. A link that was made before they were renamed is for the same person, also where
 * somebody else has that id now.
 */
async function findUserForLink(
  siteId: string,
  { userId, createdAt, claimedAt }: LinkDetails,
): Promise<User | undefined> {
  const key = { siteId, userId };
  const item = await findUserOrRenamed(key);
  return (item && (await findHolderAt(key, createdAt ?? claimedAt, item))) ?? item;
}

function refusalOf(user: User, { details, chat, claim }: Omit<Linking, 'how'>): LinkRefusal | undefined {
  const { chats, lastClaim, endedClaims = [] } = user;
  if (isForErased(user, madeAt(details))) return 'outdated';
  const present = linkIn(user, chat.id);
  if (present?.claim === claim) return undefined;
  const isOfFormerRelease = lastClaim !== undefined && claim <= lastClaim;
  const isOlder = present?.claim !== undefined && claim < present.claim;
  if (present && (isOfFormerRelease || isOlder)) return 'newer';
  if (isOfFormerRelease || endedClaims.includes(claim)) return 'outdated';
  return !present && chats.length >= MAX_CHATS ? 'too-many-chats' : undefined;
}

/** When a link was made, or the person logged in, at the latest: Telegram gives that time in whole seconds. ISO 8601. */
function madeAt({ createdAt, saidAt, claimedAt }: LinkDetails): string {
  return createdAt ?? new Date(Date.parse(saidAt ?? claimedAt) + 999).toISOString();
}

/** The user with the new link. By linking, a person wants messages in this chat. */
function withLink(user: User, { site, details, chat, how, claim }: Linking): User {
  const present = linkIn(user, chat.id);
  const others = user.chats.filter((link) => link !== present);
  const isFirst = others.every(({ ownIds }) => ownIds) && !(present?.ownIds ?? false);
  const made: ChatLink = {
    chatId: chat.id,
    ...(site.bot && { botId: site.bot.id }),
    // A chat that is linked anew is no newcomer: those that were added since can't take it off.
    linkedAt: present?.linkedAt ?? details.claimedAt,
    linkedBy: how,
    ...(chat.username && { username: chat.username }),
    claim,
    ref: present?.ref ?? newLinkRef(claim),
    ...(!isFirst && { ownIds: true as const }),
    ...(present && { stopped: present.stopped, resumedAt: present.resumedAt }),
  };
  const { user: linked, link } = linkedIn(user, made, details.saidAt ?? details.claimedAt);
  const { unlinked: _, chats, ...kept } = withEndedClaims(linked, [present?.claim]);
  return {
    ...kept,
    ...namesAfter(user, details, chat),
    chats: present
      ? chats.map((other) => (other.chatId === present.chatId ? link : other))
      : [...chats, link],
    language: details.language ?? user.language ?? chat.languageCode,
    ...(details.marketingConsent && {
      marketingConsent: latestConsent(user.marketingConsent, details.marketingConsent),
    }),
  };
}

/** Names: as the site sent them now, else as they were known, else as Telegram has them. */
function namesAfter(user: User, details: LinkDetails, chat: LinkingChat): Partial<User> {
  const { firstName, lastName, companyName } = details;
  if (hasName(details)) return { firstName, lastName, companyName, namesAt: details.claimedAt };
  return hasName(user) ? {} : { firstName: chat.firstName, lastName: chat.lastName };
}

/** What follows a link. It may be repeated. */
async function tell({ site, details, chat }: Linking, user: User, linkId: string): Promise<void> {
  const link = linkIn(user, chat.id);
  if (!link) return;
  // The caller's site may be cached; a welcome that the merchant has just changed must be the new one.
  const current = (await findCurrentSite(site.siteId)) ?? site;
  const { language, groups } = details;
  const welcomes = welcomeOf(current, user, link, { linkId, language, groups });
  const isNew = link.linkedAt === details.claimedAt;
  await enqueue([...welcomes, ...(isNew ? chatAddedNotices(current, user, link, linkId) : [])]);
}

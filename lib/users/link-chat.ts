import { enqueue } from '../deliveries/queue.ts';
import { ServiceUnreachableError } from '../domain/errors.ts';
import { log } from '../observability/logger.ts';
import { type ChatOwner, findChatOwner, forgetDisplaced, putChatOwner } from '../store/links.ts';
import { findCurrentSite, type Site } from '../store/sites.ts';
import {
  abandonLink,
  beginLink,
  type Claim,
  completeLink,
  forgetFormerChat,
  type Link,
  unlinkFrom,
} from '../store/user-links.ts';
import { findUser, findUserIdsByChat, type LinkedBy, type User } from '../store/users.ts';
import { tellFormerChat } from './former-chat.ts';
import type { LinkDetails } from './link-token.ts';
import { welcomeOf } from './welcome.ts';

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

/** Runs that link the same chat at the same time start over. After so many rounds it is an error. */
const MAX_ROUNDS = 20;

interface Linking {
  site: Site;
  details: LinkDetails;
  chat: LinkingChat;
  how: LinkedBy;
  claim: Claim;
}

/**
 * Links a user to a chat, and sends the welcome there. A chat serves one user of a site, and a user has one chat: the
 * later claim wins. The user who had the chat before is not linked any more, which the welcome and the user's state say.
 * The chat that this user had before gets a message that the link has moved.
 *
 * Each step is one conditional write (see store/user-links.ts), so after a crash at any point the call is repeated as it
 * is. A repetition with the same `linkId` and `claimedAt` sends no second welcome, and undoes nothing that was done since.
 *
 * @param linkId the same for every repetition of this link; it is part of the id of the welcome.
 * @returns the user afterwards. Where a later claim has won, `user.chatId` is not the id of this chat.
 * @throws ServiceUnreachableError: repeat the call.
 */
export async function linkChat(
  site: Site,
  details: LinkDetails,
  chat: LinkingChat,
  how: LinkedBy,
  linkId: string,
): Promise<{ user: User }> {
  const claim = { chatId: chat.id, claim: `${details.claimedAt}#${linkId}` };
  const linking: Linking = { site, details, chat, how, claim };
  for (let round = 0; round < MAX_ROUNDS; round++) {
    const user = await tryToLink(linking);
    if (!user) continue;
    if (!isLinkedBy(user, claim)) return { user };
    await finish(linking, user, linkId);
    return { user };
  }
  const cause = new Error(`Other runs claimed the same chat ${MAX_ROUNDS} times in a row.`);
  throw new ServiceUnreachableError('DynamoDB', { cause });
}

function isLinkedBy(user: User, { chatId, claim }: Claim): boolean {
  return user.chatId === chatId && user.linkClaim === claim;
}

/** @returns the user, whether linked or not; `undefined` where another run has changed them meanwhile. */
async function tryToLink(linking: Linking): Promise<User | undefined> {
  const { site, details, claim } = linking;
  const key = { siteId: site.siteId, userId: details.userId };
  const begun = await beginLink(key, claim);
  // An earlier run has completed this link, or the same user has a later one.
  if (begun?.pendingLink?.claim !== claim.claim) return begun;

  const owner = await claimChat(linking);
  if (!owner) {
    log.info('link outdated', { siteId: site.siteId, how: linking.how });
    await abandonLink(begun);
    return findUser(key.siteId, key.userId);
  }
  const now = new Date().toISOString();
  for (const userId of owner.displaced) await unlinkFrom({ siteId: site.siteId, userId }, claim, now);
  const linked = await completeLink(begun, linkOf(linking, begun));
  if (linked)
    log.info('linked', { siteId: site.siteId, how: linking.how, displaced: owner.displaced.length });
  return linked;
}

/** Makes the user the owner of the chat; `undefined` where a later claim owns it. */
async function claimChat({
  site,
  details,
  claim: { chatId, claim },
}: Linking): Promise<ChatOwner | undefined> {
  for (let round = 0; round < MAX_ROUNDS; round++) {
    const known = await findChatOwner(site.siteId, chatId);
    if (known && known.claim > claim) return undefined;
    if (known?.claim === claim) return known;
    const before = known
      ? [...known.displaced, known.userId]
      : // A link that was not made here (demo data, an import) has no owner record.
        await findUserIdsByChat(site.siteId, chatId);
    const displaced = [...new Set(before)].filter((userId) => userId !== details.userId);
    const owner = { userId: details.userId, claim, displaced };
    if (await putChatOwner(site.siteId, chatId, owner, known)) return owner;
  }
  const cause = new Error(`The owner of a chat was changed by others ${MAX_ROUNDS} times in a row.`);
  throw new ServiceUnreachableError('DynamoDB', { cause });
}

/** What is stored of the link. Names: as the site sent them now, else as they were known, else as Telegram has them. */
function linkOf({ site, details, chat, how }: Linking, user: User): Link {
  const chatNames = { firstName: chat.firstName, lastName: chat.lastName };
  const { firstName, lastName, companyName }: Names = [details, user].find(isNamed) ?? chatNames;
  return {
    chatId: chat.id,
    botId: site.bot?.id,
    linkedAt: details.claimedAt,
    linkedBy: how,
    username: chat.username,
    firstName,
    lastName,
    companyName,
    language: details.language ?? user.language ?? chat.languageCode,
  };
}

type Names = Pick<LinkDetails, 'firstName' | 'lastName' | 'companyName'>;

function isNamed({ firstName, lastName, companyName }: Names): boolean {
  return Boolean(firstName || lastName || companyName);
}

/** What follows a link. Each step may be repeated. */
async function finish({ site, details, claim }: Linking, user: User, linkId: string): Promise<void> {
  const owner = await findChatOwner(site.siteId, claim.chatId);
  const displaced = owner?.claim === claim.claim ? owner.displaced : [];
  const before = await Promise.all(displaced.map((userId) => findUser(site.siteId, userId)));
  const former = before.filter((other) => other?.unlinked?.claim === claim.claim);
  // The caller's site may be cached; a welcome that the merchant has just changed must be the new one.
  const current = (await findCurrentSite(site.siteId)) ?? site;
  await enqueue(welcomeOf(current, user, { linkId, language: details.language, former: former.at(-1) }));
  if (displaced.length > 0) await forgetDisplaced(site.siteId, claim.chatId, claim.claim);
  if (user.movedFrom) {
    await tellFormerChat(site, user, user.movedFrom.chatId);
    await forgetFormerChat(user);
  }
}

/**
 * How a user comes to a chat, step by step. Each step is one conditional write, so that a repetition, a crash between
 * two steps or two users who claim one chat at once leave nobody with a chat that is another's:
 *
 * 1. `beginLink` writes at the user which chat they are about to have (`pendingLink`);
 * 2. the chat's owner is written (links.ts);
 * 3. `unlinkFrom` takes the chat, or the pending link of step 1, away from whoever had it before;
 * 4. `completeLink` gives the chat to the user, if the pending link of step 1 is still there.
 *
 * Claims are texts that sort by time. Whoever comes later to step 2 removes the pending link of whoever came earlier, who
 * then fails in step 4.
 */

import { randomUUID } from 'node:crypto';
import { type Change, conditionalUpdate, setFields } from '../aws/dynamodb.ts';
import { findUser, type LinkedBy, siteChatOf, type User, type UserKey } from './users.ts';

/** A user claims a chat. */
export interface Claim {
  chatId: number;
  /** Sorts by time; the same for every repetition. */
  claim: string;
}

/**
 * Writes at a user that they are about to have a chat. Makes the user where there is none. Two runs of the same claim
 * share one pending link; but one that was taken away stays so for the run that had it: a new one has another `run`.
 *
 * @returns the user; with `pendingLink` of this claim unless it has been completed, or the user has a later one.
 */
export async function beginLink(user: UserKey, { chatId, claim }: Claim): Promise<User | undefined> {
  const isFirst = 'attribute_not_exists(lastClaim)';
  const isLater = 'lastClaim < :claim';
  const hasNoChat = '(attribute_not_exists(chatId) OR chatId <> :chatId)';
  const isRepeated = `lastClaim = :claim AND ${hasNoChat} AND attribute_not_exists(pendingLink)`;
  const begun = await change(user, {
    UpdateExpression: 'SET lastClaim = :claim, pendingLink = :pending',
    ConditionExpression: `${isFirst} OR ${isLater} OR (${isRepeated})`,
    ExpressionAttributeValues: {
      ':claim': claim,
      ':chatId': chatId,
      ':pending': { chatId, claim, run: randomUUID() },
    },
  });
  return begun ?? findUser(user.siteId, user.userId);
}

/** Takes back what `beginLink` wrote. */
export async function abandonLink(user: User): Promise<void> {
  await change(user, {
    UpdateExpression: 'REMOVE pendingLink',
    ConditionExpression: 'pendingLink.run = :run',
    ExpressionAttributeValues: { ':run': user.pendingLink?.run ?? '' },
  });
}

/** Takes a chat from a user whose claim to it is older than this one, whether they have it or are about to. */
export async function unlinkFrom(user: UserKey, { chatId, claim }: Claim, now: string): Promise<void> {
  const values = { ':chatId': chatId, ':claim': claim };
  await change(user, {
    UpdateExpression: 'REMOVE pendingLink',
    ConditionExpression: 'pendingLink.chatId = :chatId AND pendingLink.claim < :claim',
    ExpressionAttributeValues: values,
  });
  // In this order: without a pending link, nobody can come to the chat between the two.
  const isOlder = '(attribute_not_exists(linkClaim) OR linkClaim < :claim)';
  await change(user, {
    UpdateExpression: `SET unlinked = :unlinked REMOVE ${[...LINK_FIELDS, 'unreachable'].join(', ')}`,
    ConditionExpression: `chatId = :chatId AND ${isOlder}`,
    ExpressionAttributeValues: { ...values, ':unlinked': { reason: 'chat-taken', since: now, claim } },
  });
}

const LINK_FIELDS = ['chatId', 'siteChat', 'linkClaim', 'botId', 'linkedAt', 'linkedBy', 'username'];

/** What a user has once they are linked. */
export interface Link {
  chatId: number;
  botId?: string | undefined;
  linkedAt: string;
  linkedBy: LinkedBy;
  username?: string | undefined;
  firstName?: string | undefined;
  lastName?: string | undefined;
  companyName?: string | undefined;
  language?: string | undefined;
}

/**
 * Gives the chat to the user, if the pending link of this run is still there and nothing that hangs on it has changed: their
 * former chat, and who opted them out.
 *
 * @param user as `beginLink` returned them.
 * @param link what is `undefined` goes away.
 * @returns the user afterwards; `undefined` where somebody else was quicker.
 */
export function completeLink(user: User, link: Link): Promise<User | undefined> {
  const { chatId, optedOutBy, pendingLink } = user;
  const claim = pendingLink?.claim;
  const hasMoved = chatId !== undefined && chatId !== link.chatId;
  // They have said themselves that they want the messages again; a site's word is the site's to take back.
  const optsIn = optedOutBy === 'user';
  const fields = setFields({
    ...link,
    siteChat: siteChatOf(user.siteId, link.chatId),
    linkClaim: claim,
    pendingLink: undefined,
    unreachable: undefined,
    unlinked: undefined,
    ...(hasMoved && { movedFrom: { chatId, claim } }),
    ...(optsIn && { optedOut: undefined, optedOutBy: undefined, optedOutAt: undefined }),
  });
  const isStillPending = 'pendingLink.run = :run';
  const hasSameChat = chatId === undefined ? 'attribute_not_exists(chatId)' : 'chatId = :former';
  const isStillOptedOut = optsIn && 'optedOutBy = :user';
  return change(user, {
    ...fields,
    ConditionExpression: [isStillPending, hasSameChat, isStillOptedOut].filter(Boolean).join(' AND '),
    ExpressionAttributeValues: {
      ...fields.ExpressionAttributeValues,
      ':run': pendingLink?.run ?? '',
      ...(chatId !== undefined && { ':former': chatId }),
      ...(optsIn && { ':user': 'user' }),
    },
  });
}

/** Forgets the chat that a user has left: it has been told of it. */
export async function forgetFormerChat(user: User): Promise<void> {
  await change(user, {
    UpdateExpression: 'REMOVE movedFrom',
    ConditionExpression: 'movedFrom.claim = :claim',
    ExpressionAttributeValues: { ':claim': user.movedFrom?.claim ?? '' },
  });
}

/** @returns the user afterwards; `undefined` where the condition did not hold. */
function change({ siteId, userId }: UserKey, request: Change): Promise<User | undefined> {
  return conditionalUpdate('USERS_TABLE', { siteId, userId }, request);
}

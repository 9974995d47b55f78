/**
 * The steps that give a chat to a user. Each step is one conditional write. A repetition, a crash between two steps, or
 * two users who claim one chat at the same time never give anybody another user's chat:
 *
 * 1. `beginLink` records at the user the chat that they are about to get (`pendingLink`).
 * 2. The owner of the chat is written (links.ts).
 * 3. `unlinkFrom` removes the chat, or the pending link of step 1, from its former owner.
 * 4. `completeLink` gives the chat to the user, if the pending link of step 1 still exists.
 *
 * Claims are texts that sort by time. Of two users, the one who reaches step 2 later removes the other's pending link,
 * and the other then fails in step 4.
 */

import { randomUUID } from 'node:crypto';
import { type Change, conditionalUpdate, setFields } from '../aws/dynamodb.ts';
import { findUser, type LinkedBy, siteChatOf, type User, type UserKey } from './users.ts';

/** A user claims a chat. */
export interface Claim {
  chatId: number;
  /** Sorts by time. A repetition has the same claim. */
  claim: string;
}

/**
 * Records at a user the chat that they are about to get. Creates the user if they do not exist. Two runs of the same
 * claim share one pending link. A run whose pending link was removed can't use a later one: the new one has another
 * `run`.
 *
 * @returns the user; with `pendingLink` of this claim, unless the claim is completed or the user has a later one.
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

/** Undoes `beginLink`. */
export async function abandonLink(user: User): Promise<void> {
  await change(user, {
    UpdateExpression: 'REMOVE pendingLink',
    ConditionExpression: 'pendingLink.run = :run',
    ExpressionAttributeValues: { ':run': user.pendingLink?.run ?? '' },
  });
}

/** Removes a chat from a user with an older claim, whether they have it or are about to get it. */
export async function unlinkFrom(user: UserKey, { chatId, claim }: Claim, now: string): Promise<void> {
  const values = { ':chatId': chatId, ':claim': claim };
  await change(user, {
    UpdateExpression: 'REMOVE pendingLink',
    ConditionExpression: 'pendingLink.chatId = :chatId AND pendingLink.claim < :claim',
    ExpressionAttributeValues: values,
  });
  // In this order: without a pending link the user can't get the chat between the two writes.
  const isOlder = '(attribute_not_exists(linkClaim) OR linkClaim < :claim)';
  await change(user, {
    UpdateExpression: `SET unlinked = :unlinked REMOVE ${[...LINK_FIELDS, 'unreachable'].join(', ')}`,
    ConditionExpression: `chatId = :chatId AND ${isOlder}`,
    ExpressionAttributeValues: { ...values, ':unlinked': { reason: 'chat-taken', since: now, claim } },
  });
}

const LINK_FIELDS = ['chatId', 'siteChat', 'linkClaim', 'botId', 'linkedAt', 'linkedBy', 'username'];

/** The fields of a linked user. */
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
 * Gives the chat to the user, if the pending link of this run still exists, and the user's former chat and their
 * opt-out are unchanged.
 *
 * @param user as `beginLink` returned them.
 * @param link a field that is `undefined` is removed.
 * @returns the updated user; `undefined` if somebody else has changed them first.
 */
export function completeLink(user: User, link: Link): Promise<User | undefined> {
  const { chatId, optedOutBy, pendingLink } = user;
  const claim = pendingLink?.claim;
  const hasMoved = chatId !== undefined && chatId !== link.chatId;
  // By linking, a user takes back their own opt-out. Only the site can take back the site's.
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

/** Forgets the user's former chat: it has been notified. */
export async function forgetFormerChat(user: User): Promise<void> {
  await change(user, {
    UpdateExpression: 'REMOVE movedFrom',
    ConditionExpression: 'movedFrom.claim = :claim',
    ExpressionAttributeValues: { ':claim': user.movedFrom?.claim ?? '' },
  });
}

/** @returns the updated user; `undefined` if the condition was false. */
function change({ siteId, userId }: UserKey, request: Change): Promise<User | undefined> {
  return conditionalUpdate('USERS_TABLE', { siteId, userId }, request);
}

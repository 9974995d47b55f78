import { randomBytes } from 'node:crypto';
import { isDeepStrictEqual } from 'node:util';
import { isUnreachable, needsNewStart } from '../deliveries/skip-reason.ts';
import { latestConsent } from '../domain/marketing-consent.ts';
import type { People } from '../store/people.ts';
import {
  type ChatLink,
  linkIn,
  MAX_CHATS,
  type UnlinkReason,
  type User,
  type UserKey,
} from '../store/user.ts';
import type { ImportRow } from './import-schemas.ts';
import { newLinkRef } from './link-ref.ts';
import { endedStopIn } from './opt-outs.ts';

/** Why a row is refused although it is well-formed. */
export type ImportRefusal =
  /** The user has another id now. */
  | 'renamed'
  /** Another user had this id before, and the chat may be theirs. */
  | 'id-used-again'
  /** The person or the shop has ended the link. */
  | 'unlinked'
  /** The user has as many chats as they may have. */
  | 'too-many-chats'
  /** The chat has as many users of the site as it may have. */
  | 'too-many-users';

/** What is the same for all rows of a request. */
export interface Import {
  siteId: string;
  /** The bot that the chats are with: the site's. */
  botId: string;
  /** ISO 8601. */
  at: string;
  /** As they were before the request. */
  people: People;
}

/** Why a user does not get the chat of a row; `undefined` also where they have it. */
export function refusalOf(user: User, { chatId }: ImportRow): ImportRefusal | undefined {
  if (user.renamed) return 'renamed';
  if (linkIn(user, chatId)) return undefined;
  // Somebody else had this id: a row of the former system may be about them.
  if (user.formerHolders?.some(({ erased }) => !erased)) return 'id-used-again';
  if (hasEnded(user, chatId)) return 'unlinked';
  return user.chats.length >= MAX_CHATS ? 'too-many-chats' : undefined;
}

/**
 * The user after a row: what is missing is added, and nothing is taken back. The same user where the row says nothing
 * new.
 */
export function withRow(user: User, row: ImportRow, context: Import): User {
  const linked = withChat(user, row, context);
  const withChoices = withConsent(withMuted(withOptOut(linked, row, context.at), row), row);
  return withNames(withLanguage(withChoices, row), row);
}

function withChat(user: User, { chatId }: ImportRow, context: Import): User {
  const present = linkIn(user, chatId);
  if (!present) {
    const { unlinked: _, ...kept } = user;
    return { ...kept, chats: [...user.chats, newLink(user, chatId, context)] };
  }
  if (!needsNewStart(present, { id: context.botId })) return user;
  const moved = { ...present, botId: context.botId };
  return { ...user, chats: user.chats.map((link) => (link === present ? moved : link)) };
}

function newLink(user: User, chatId: number, { botId, at, people }: Import): ChatLink {
  const claim = `${at}${claimPart(user, chatId)}${randomBytes(12).toString('base64url')}`;
  const isFirst = user.chats.every(({ ownIds }) => ownIds);
  const stopped = stopOf(user, chatId, people);
  const unreachable = linksOfChat(people, chatId)
    .filter((link) => !needsNewStart(link, { id: botId }))
    .find((link) => isUnreachable(link, { id: botId }))?.unreachable;
  return {
    chatId,
    botId,
    linkedAt: at,
    linkedBy: 'import',
    claim,
    ref: newLinkRef(claim),
    ...(!isFirst && { ownIds: true as const }),
    ...(stopped && { stopped }),
    ...(unreachable && { unreachable }),
  };
}

/**
 * The `/stop` that holds for a new link. Nobody has asked for this link in the chat. So it gets nothing where the person
 * has written `/stop` for another user of the same chat, when this user had the chat before, or in every chat that the
 * user has.
 */
function stopOf(user: User, chatId: number, people: People): ChatLink['stopped'] {
  const inThisChat = linksOfChat(people, chatId).find(({ stopped }) => stopped)?.stopped;
  const isStoppedEverywhere = user.chats.every(({ stopped }) => stopped);
  const everywhere = isStoppedEverywhere ? user.chats.at(-1)?.stopped : undefined;
  return inThisChat ?? endedStopIn(user, chatId) ?? everywhere;
}

/** The links that the users of a chat have with it. */
function linksOfChat({ users, chats }: People, chatId: number): ChatLink[] {
  const userIds = chats.get(chatId)?.userIds ?? [];
  return userIds.flatMap((userId) => {
    const user = users.get(userId);
    return (user && linkIn(user, chatId)) ?? [];
  });
}

/** Who has ended the last link on purpose. Others have lost it, or never had one: they may have it again. */
const ON_PURPOSE: UnlinkReason[] = ['site', 'person', 'other-chat'];

/** Whether the link of an import was ended since, on purpose. */
function hasEnded(user: User, chatId: number): boolean {
  const { siteId, userId, unlinked, formerIds = [], endedClaims = [] } = user;
  const isOnPurpose = unlinked !== undefined && ON_PURPOSE.includes(unlinked.reason);
  const parts = [userId, ...formerIds].map((id) => claimPart({ siteId, userId: id }, chatId));
  return isOnPurpose || endedClaims.some((claim) => parts.some((part) => claim.includes(part)));
}

/** Stands in the claim of an imported link, after its time; without the number of the chat, which claims outlive. */
function claimPart({ siteId, userId }: UserKey, chatId: number): string {
  return `#import#${newLinkRef(JSON.stringify([siteId, userId, chatId]))}#`;
}

/** Nobody knows when it was given. What the person has taken back here was given before, and may be in an old file. */
function withOptOut(user: User, { optedOut }: ImportRow, at: string): User {
  if (!optedOut || user.optOuts.person || user.optedIn?.person) return user;
  return { ...user, optOuts: { ...user.optOuts, person: { at, where: 'import' } } };
}

function withMuted(user: User, row: ImportRow): User {
  const muted = new Set(user.mutedEvents);
  const all = muted.union(new Set(row.mutedEvents));
  return all.size === muted.size ? user : { ...user, mutedEvents: [...all] };
}

/** It says when it was given: what was said since, here or there, holds. */
function withConsent(user: User, { marketingConsent }: ImportRow): User {
  const latest = latestConsent(user.marketingConsent, marketingConsent);
  return isDeepStrictEqual(latest, user.marketingConsent) ? user : { ...user, marketingConsent: latest };
}

function withLanguage(user: User, { language }: ImportRow): User {
  return user.language || !language ? user : { ...user, language };
}

/**
 * Names that were given with a time are a whole, also where one of them is missing on purpose. An import does not know
 * how old its names are: so it only adds to those without a time, and sets none, so that any event has newer ones.
 */
function withNames(user: User, row: ImportRow): User {
  if (user.namesAt !== undefined) return user;
  const missing = (['firstName', 'lastName', 'companyName'] as const).filter(
    (name) => !user[name] && row[name],
  );
  if (missing.length === 0) return user;
  return { ...user, ...Object.fromEntries(missing.map((name) => [name, row[name]])) };
}

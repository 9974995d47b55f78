import { batchGet } from '../aws/batch-get.ts';
import { type Change, conditionalUpdate, getItem, putItem } from '../aws/dynamodb.ts';
import { userKey } from '../domain/ids.ts';
import type { MarketingConsent } from '../domain/marketing-consent.ts';
import { itemsByUser } from './items-of-user.ts';
import type { UserKey } from './user.ts';

/**
 * The links table holds link tokens, the users of each chat (chats.ts), and used logins. The kind of an item is the prefix
 * of its key. An item about one person has `siteUser`, so that it can be erased with them.
 */
const key = {
  linkToken: (tokenHash: string) => `token#${tokenHash}`,
  login: (siteId: string, loginHash: string) => `login#${siteId}#${loginHash}`,
  signIn: (stateHash: string) => `sign-in#${stateHash}`,
};

/** Whether this is the key of a link token. */
export function isLinkToken(token: string): boolean {
  return token.startsWith(key.linkToken(''));
}

/** The record of a link token: its hash, not the token. */
export interface StoredLinkToken {
  siteId: string;
  /** SHA-256 (hex) of the token. */
  tokenHash: string;
  userId: string;
  firstName?: string | undefined;
  lastName?: string | undefined;
  companyName?: string | undefined;
  language?: string | undefined;
  groups?: string[] | undefined;
  marketingConsent?: MarketingConsent | undefined;
  /** ISO 8601. */
  createdAt: string;
  /** Milliseconds since 1970. Checked at every read: DynamoDB may remove an expired item days later. */
  expires: number;
  /** The chat that has redeemed it. */
  redeemedBy?: number;
  redeemedAt?: string;
}

export async function putLinkToken(token: StoredLinkToken): Promise<void> {
  await putNew(key.linkToken(token.tokenHash), { ...token, siteUser: userKey(token) }, token.expires);
}

export function findLinkToken(tokenHash: string): Promise<StoredLinkToken | undefined> {
  return get(key.linkToken(tokenHash));
}

/**
 * Redeems a token of this site for a chat, if it was valid at `validAt` (milliseconds since 1970) or was redeemed by this
 * chat before.
 *
 * @returns the updated token; `undefined` if it can't be redeemed.
 */
export function markRedeemed(
  siteId: string,
  tokenHash: string,
  chatId: number,
  { now, validAt }: { now: Date; validAt: number },
): Promise<StoredLinkToken | undefined> {
  const isOfSite = 'siteId = :siteId';
  const isStillGood = 'attribute_not_exists(redeemedBy) AND expires > :milliseconds';
  const isOurs = 'redeemedBy = :chatId';
  return update(key.linkToken(tokenHash), {
    UpdateExpression: 'SET redeemedBy = :chatId, redeemedAt = if_not_exists(redeemedAt, :now)',
    ConditionExpression: `${isOfSite} AND ((${isStillGood}) OR ${isOurs})`,
    ExpressionAttributeValues: {
      ':siteId': siteId,
      ':chatId': chatId,
      ':now': now.toISOString(),
      ':milliseconds': validAt,
    },
  });
}

/** Whether a link token, as its record says, can still be used by somebody. @param now milliseconds since 1970. */
export function isOpen({ redeemedBy, expires }: StoredLinkToken, now: number): boolean {
  return redeemedBy === undefined && expires > now;
}

/** The records of these tokens by their hash; those that are gone are missing. @throws ServiceUnreachableError */
export async function readLinkTokens(tokenHashes: string[]): Promise<Map<string, StoredLinkToken>> {
  const keys = tokenHashes.map((hash) => ({
    table: 'LINKS_TABLE' as const,
    key: { token: key.linkToken(hash) },
  }));
  const { LINKS_TABLE: tokens = [] } = await batchGet<{ LINKS_TABLE: StoredLinkToken }>(keys);
  return new Map(tokens.map((token) => [token.tokenHash, token]));
}

/** An item about a person: of their link tokens and logins. */
export type PersonalItem =
  | ({ kind: 'link-token' } & StoredLinkToken)
  | ({ kind: 'login'; expires: number } & UsedLogin);

/** Everything in the links table that the index by user finds of a person. The index may lag behind the table. */
export async function* personalItemsOf(user: UserKey): AsyncGenerator<PersonalItem> {
  for await (const { token } of itemsByUser<{ token: string }>('LINKS_TABLE', user)) {
    if (isLinkToken(token)) {
      const item = await get<StoredLinkToken>(token);
      if (item) yield { ...item, kind: 'link-token' };
    } else {
      const item = await get<UsedLogin & { expires: number }>(token);
      if (item) yield { ...item, kind: 'login' };
    }
  }
}

/** Whether a user has a link that they may still use. */
export async function hasOpenLink(user: UserKey, now: number): Promise<boolean> {
  for await (const item of personalItemsOf(user))
    if (item.kind === 'link-token' && isOpen(item, now)) return true;
  return false;
}

/** A login of Telegram's widget that is in use or was used. */
export interface UsedLogin {
  /** What it is used for: a login serves one purpose only. */
  purpose: string;
  /** When it was first used, ISO 8601. */
  usedAt: string;
  /** Set when that purpose is fulfilled. */
  isDone?: boolean;
  /** The user whom it links or has linked (`userKey`). */
  siteUser?: string;
}

/**
 * Uses a login for a purpose, unless it was used before.
 *
 * @param use.expires milliseconds since 1970: the login itself is too old by then, and can be forgotten.
 * @param use.userId the user whom it is to link, where that is known from the start: it is erased with them.
 * @returns the first use of the login; its `purpose` differs if the login was used for another one.
 */
export async function putUsedLogin(
  siteId: string,
  loginHash: string,
  use: { purpose: string; usedAt: string; expires: number; userId?: string | undefined },
): Promise<UsedLogin> {
  const token = key.login(siteId, loginHash);
  const { expires, userId, ...facts } = use;
  const owner = userId !== undefined && { siteUser: userKey({ siteId, userId }) };
  if (await putNew(token, { ...facts, ...owner }, expires)) return facts;
  return (await get<UsedLogin>(token)) ?? facts;
}

/** The first use of a login; `undefined` where it was not used. */
export function findUsedLogin(siteId: string, loginHash: string): Promise<UsedLogin | undefined> {
  return get(key.login(siteId, loginHash));
}

/** Records that a login has fulfilled its purpose, and for which user. */
export async function finishLogin(siteId: string, loginHash: string, userId: string): Promise<void> {
  await update(key.login(siteId, loginHash), {
    UpdateExpression: 'SET isDone = :true, siteUser = :siteUser',
    ConditionExpression: 'attribute_exists(purpose)',
    ExpressionAttributeValues: { ':true': true, ':siteUser': userKey({ siteId, userId }) },
  });
}

/** A login with Telegram (OpenID Connect) that has begun: the person is at Telegram and will come back. */
export interface SignIn {
  siteId: string;
  linkTokenHash: string;
  nonce: string;
  codeVerifier: string;
  redirectUri: string;
  /** Milliseconds since 1970. */
  expires: number;
}

export async function putSignIn(stateHash: string, signIn: SignIn): Promise<void> {
  await putNew(key.signIn(stateHash), signIn, signIn.expires);
}

export function findSignIn(stateHash: string): Promise<(SignIn & { isTaken?: boolean }) | undefined> {
  return get(key.signIn(stateHash));
}

/** Takes a sign-in: its state is valid for one return only. */
export function takeSignIn(stateHash: string): Promise<SignIn | undefined> {
  return update(key.signIn(stateHash), {
    UpdateExpression: 'SET isTaken = :true',
    ConditionExpression: 'attribute_exists(nonce) AND attribute_not_exists(isTaken)',
    ExpressionAttributeValues: { ':true': true },
  });
}

function get<Stored>(token: string): Promise<Stored | undefined> {
  return getItem('LINKS_TABLE', { token });
}

/** @returns `false` if the item exists already. */
function putNew(token: string, item: object, expires: number): Promise<boolean> {
  // DynamoDB's time to live counts seconds.
  const stored = { ...item, token, expires, expiresAt: Math.ceil(expires / 1000) };
  return putItem('LINKS_TABLE', stored, {
    ConditionExpression: 'attribute_not_exists(#token)',
    ExpressionAttributeNames: { '#token': 'token' },
  });
}

function update<Stored>(token: string, change: Change): Promise<Stored | undefined> {
  return conditionalUpdate('LINKS_TABLE', { token }, change);
}

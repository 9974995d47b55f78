import { type Change, conditionalUpdate, deleteItem, getItem, putItem } from '../aws/dynamodb.ts';
import type { Actor } from '../domain/actor.ts';
import type { Sentence } from '../domain/sentence.ts';

/*
 * How a site gets a bot that somebody makes with the help of the manager bot. These items lie in the links table. The site has
 * one request; a link, a person and a new bot lead to it. The time to live removes all but what a bot was made for.
 */
const key = {
  request: (siteId: string) => `managed#${siteId}`,
  link: (requestId: string) => `managed-link#${requestId}`,
  person: (personId: number) => `managed-person#${personId}`,
  bot: (botId: string) => `managed-bot#${botId}`,
};

/** How long a request is kept, whatever becomes of it: seconds. */
const KEPT_SECONDS = 24 * 3_600;

/** Why the bot did not become the site's, for people and programs. */
export interface StoredProblem {
  code: string;
  detail: Sentence;
}

/** What a site has asked for: a bot that is made with the manager bot. */
export interface ManagedBotRequest {
  siteId: string;
  /** SHA-256 (hex) of the token of its link. */
  requestId: string;
  /** The token, encrypted: the console shows its link again. */
  sealedToken: string;
  /** Who has asked: for the audit. */
  by: Actor;
  /** The id of the bot that the new one may replace; absent: the site had none. */
  replaces?: string;
  /** Suggested to the person, who may change both. */
  username: string;
  name: string;
  /** Until then the next step may be made: milliseconds since 1970. */
  expires: number;
  /** Who has opened the link. */
  person?: { id: number; name: string; language?: string };
  /** What this person has made. */
  bot?: { id: string; username: string };
  /** Why it goes on later; absent where nothing is in the way. */
  trouble?: StoredProblem;
  /** Set at the end: `problem` is absent where all went well. */
  outcome?: { problem?: StoredProblem };
}

/** Leads to a request, as long as the site has no other one. */
interface Pointer {
  siteId: string;
  requestId: string;
}

/** Leads to the request whose link a person has opened last. */
interface PersonPointer extends Pointer {
  /** Until then they may make the bot, as they opened it: milliseconds since 1970. Absent: stored by a former release. */
  boundUntil?: number;
}

/** Replaces whatever the site has asked for before. @throws ServiceUnreachableError */
export async function putManagedRequest(request: ManagedBotRequest): Promise<void> {
  const { siteId, requestId } = request;
  const expiresAt = Math.floor(Date.now() / 1_000) + KEPT_SECONDS;
  await putItem('LINKS_TABLE', { ...request, token: key.request(siteId), expiresAt });
  await putItem('LINKS_TABLE', { siteId, requestId, token: key.link(requestId), expiresAt });
}

/** @throws ServiceUnreachableError */
export function findManagedRequest(siteId: string): Promise<ManagedBotRequest | undefined> {
  return getItem('LINKS_TABLE', { token: key.request(siteId) });
}

/** The request of a link, unless the site has given it up. @throws ServiceUnreachableError */
export function findRequestOfLink(requestId: string): Promise<ManagedBotRequest | undefined> {
  return findByPointer(key.link(requestId));
}

/** The request whose link a person has opened last. @throws ServiceUnreachableError */
export function findRequestOfPerson(personId: number): Promise<ManagedBotRequest | undefined> {
  return findByPointer(key.person(personId));
}

/**
 * Whether the person of a request has opened the link of another one since: what they make is for that one, whatever has
 * become of it.
 *
 * @throws ServiceUnreachableError
 */
export async function isBoundElsewhere({
  siteId,
  requestId,
  person,
  expires,
}: ManagedBotRequest): Promise<boolean> {
  if (!person) return false;
  const last = await getItem<PersonPointer>('LINKS_TABLE', { token: key.person(person.id) });
  if (!last || (last.siteId === siteId && last.requestId === requestId)) return false;
  // The person is written into a request before the pointer leads to it: an older pointer says nothing.
  return (last.boundUntil ?? 0) > expires;
}

async function findByPointer(token: string): Promise<ManagedBotRequest | undefined> {
  const pointer = await getItem<Pointer>('LINKS_TABLE', { token });
  const request = pointer && (await findManagedRequest(pointer.siteId));
  return request?.requestId === pointer?.requestId ? request : undefined;
}

/**
 * Binds a person to a request, if its link was valid at `validAt` (milliseconds since 1970) or was opened by the same person
 * before. Whoever opens the links of two sites is bound to the last one.
 *
 * @param expires until when they may make the bot.
 * @returns the request; `undefined` where somebody else has opened the link, or it is over.
 * @throws ServiceUnreachableError
 */
export async function bindPerson(
  { siteId, requestId }: ManagedBotRequest,
  person: NonNullable<ManagedBotRequest['person']>,
  { validAt, expires }: { validAt: number; expires: number },
): Promise<ManagedBotRequest | undefined> {
  const bound =
    (await update(siteId, requestId, {
      UpdateExpression: 'SET person = :person, expires = :expires',
      ConditionExpression: 'attribute_not_exists(person) AND expires > :validAt',
      ExpressionAttributeValues: { ':person': person, ':expires': expires, ':validAt': validAt },
    })) ?? (await findManagedRequest(siteId));
  if (bound?.requestId !== requestId || bound.person?.id !== person.id) return undefined;
  const expiresAt = Math.floor(Date.now() / 1_000) + KEPT_SECONDS;
  const pointer: PersonPointer = { siteId, requestId, boundUntil: expires };
  await putItem('LINKS_TABLE', { ...pointer, token: key.person(person.id), expiresAt });
  return bound;
}

/**
 * Records for which request a bot was made, when we first hear of it; it never changes afterwards. So a bot that was made
 * before, or for nobody, becomes no site's: not when it gets another token or another owner either.
 *
 * @param request `undefined`: for none.
 * @returns what is recorded; `undefined`: for none.
 * @throws ServiceUnreachableError
 */
export async function assignBot(
  botId: string,
  request: ManagedBotRequest | undefined,
): Promise<Pointer | undefined> {
  const pointer = request && { siteId: request.siteId, requestId: request.requestId };
  const item = { ...pointer, token: key.bot(botId) };
  const isNew = await putItem('LINKS_TABLE', item, {
    ConditionExpression: 'attribute_not_exists(#token)',
    ExpressionAttributeNames: { '#token': 'token' },
  });
  return isNew ? pointer : findAssignment(botId);
}

/** @returns `undefined`: it was made for none, or is not known. @throws ServiceUnreachableError */
async function findAssignment(botId: string): Promise<Pointer | undefined> {
  const stored = await getItem<Partial<Pointer>>('LINKS_TABLE', { token: key.bot(botId) });
  const { siteId, requestId } = stored ?? {};
  return siteId === undefined || requestId === undefined ? undefined : { siteId, requestId };
}

/** Records the bot that was made. @returns `undefined` where the request has another one, or is over. */
export function noteMadeBot(
  { siteId, requestId }: Pointer,
  bot: NonNullable<ManagedBotRequest['bot']>,
): Promise<ManagedBotRequest | undefined> {
  return update(siteId, requestId, {
    UpdateExpression: 'SET bot = :bot',
    ConditionExpression: 'attribute_not_exists(bot) OR bot.id = :botId',
    ExpressionAttributeValues: { ':bot': bot, ':botId': bot.id },
  });
}

/** Records why it goes on later. @throws ServiceUnreachableError */
export async function noteTrouble(
  { siteId, requestId }: ManagedBotRequest,
  trouble: StoredProblem,
): Promise<void> {
  await update(siteId, requestId, {
    UpdateExpression: 'SET trouble = :trouble',
    ExpressionAttributeValues: { ':trouble': trouble },
  });
}

/** Records how it has ended. @throws ServiceUnreachableError */
export async function endManagedRequest(
  { siteId, requestId }: ManagedBotRequest,
  problem?: StoredProblem,
): Promise<void> {
  await update(siteId, requestId, {
    UpdateExpression: 'SET outcome = :outcome REMOVE trouble',
    ExpressionAttributeValues: { ':outcome': problem ? { problem } : {} },
  });
}

/** The site wants no bot made any more: nobody is bound to it. @throws ServiceUnreachableError */
export async function dropManagedRequest(siteId: string): Promise<void> {
  await deleteItem('LINKS_TABLE', { token: key.request(siteId) });
}

/** Changes a request, unless the site has another one by now. */
function update(
  siteId: string,
  requestId: string,
  { ConditionExpression: more, ...change }: Change,
): Promise<ManagedBotRequest | undefined> {
  const isThisOne = 'requestId = :requestId';
  return conditionalUpdate(
    'LINKS_TABLE',
    { token: key.request(siteId) },
    {
      ...change,
      ConditionExpression: more ? `${isThisOne} AND (${more})` : isThisOne,
      ExpressionAttributeValues: { ...change.ExpressionAttributeValues, ':requestId': requestId },
    },
  );
}

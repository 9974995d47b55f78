/** The way to a bot without @BotFather, as the shop's side sees it: begun, looked at, given up. */
import { createHash, randomBytes } from 'node:crypto';
import type { Actor } from '../../domain/actor.ts';
import type { SentenceLanguage } from '../../domain/sentence.ts';
import {
  dropManagedRequest,
  findManagedRequest,
  isBoundElsewhere,
  type ManagedBotRequest,
  putManagedRequest,
} from '../../store/managed-bots.ts';
import type { Site } from '../../store/sites.ts';
import { cutText } from '../../telegram/text/cut.ts';
import { decryptToken, encryptToken } from '../../telegram/token-encryption.ts';
import { deepLink } from '../../users/link-token.ts';
import type { OwnAddresses } from '../own-addresses.ts';
import type { ManagedBotPost } from '../schemas.ts';
import { readyManager, requireManager } from './manager.ts';
import { BOUND_ELSEWHERE, LINK_EXPIRED, type SpokenProblem, siteHasBot, spokenProblem } from './problems.ts';
import { suggestedUsername } from './suggested-username.ts';

/** How long a link can be opened, and how long its person may then take to make the bot: milliseconds. */
export const STEP_MILLISECONDS = 30 * 60_000;

/** 128 bits, which nobody can guess: 22 of the 64 characters that a deep link may have. */
const TOKEN_BYTES = 16;
export const LINK_TOKEN = /^[A-Za-z0-9_-]{22}$/;

/** The longest name of a bot, in UTF-16 units. */
const MAX_NAME = 64;

/** How far it has come. */
export const STATES = [
  'none',
  'waiting-for-person',
  'waiting-for-bot',
  'setting-up',
  'done',
  'failed',
] as const;

/** What the console shows, without the QR codes. */
export interface ManagedBotView {
  state: (typeof STATES)[number];
  /** Where a person opens the manager bot. */
  url?: string;
  /** Where this person makes the bot. */
  newBotUrl?: string;
  /** ISO 8601. */
  expiresAt?: string;
  suggestedUsername?: string;
  person?: { name: string };
  bot?: { id: string; username: string };
  problem?: SpokenProblem;
}

/** The id of a request: no token is stored. */
export function requestIdOf(token: string): string {
  return createHash('sha256').update(token).digest('hex');
}

/**
 * Begins: the link of an earlier request is good for nothing then.
 *
 * @throws NotFoundError where the deployment has no manager bot; ConflictError where the site has a bot that shall not be
 * replaced; BotSetupError, BotSetupUnreachableError where the manager bot does not work.
 */
export async function beginManagedBot(
  site: Site,
  { username, name, replace = false }: ManagedBotPost,
  { own, by }: { own: OwnAddresses; by: Actor },
): Promise<{ request: ManagedBotRequest; manager: string }> {
  const { siteId, bot } = site;
  const managerToken = requireManager();
  if (bot && !replace) throw siteHasBot(bot.username);
  const manager = await readyManager(managerToken, own);
  const token = randomBytes(TOKEN_BYTES).toString('base64url');
  const request: ManagedBotRequest = {
    siteId,
    requestId: requestIdOf(token),
    sealedToken: encryptToken(token, siteId),
    by,
    ...(bot && { replaces: bot.id }),
    username: username?.replace(/^@/, '') ?? suggestedUsername(site),
    name: cutText(name ?? site.name, MAX_NAME),
    expires: Date.now() + STEP_MILLISECONDS,
  };
  await putManagedRequest(request);
  return { request, manager };
}

/** As it is to be shown. @throws NotFoundError where the deployment has no manager bot. */
export async function findManagedBot({ siteId }: Site): Promise<ManagedBotRequest | undefined> {
  requireManager();
  const found = await findManagedRequest(siteId);
  const mayBeLost = found && !found.bot && !found.outcome && !isExpired(found, Date.now());
  // Not stored: who opens the link of this site again is bound to it again.
  return mayBeLost && (await isBoundElsewhere(found))
    ? { ...found, outcome: { problem: BOUND_ELSEWHERE } }
    : found;
}

/** Whoever has the link, or is bound by it, can do nothing with it any more. A bot that the site has stays. */
export async function giveUpManagedBot({ siteId }: Site): Promise<void> {
  requireManager();
  await dropManagedRequest(siteId);
}

/** Where a person confirms the new bot. @see https://core.telegram.org/api/links (managed bots) */
export function newBotUrl(manager: string, { username, name }: ManagedBotRequest): string {
  return `https://t.me/newbot/${manager}/${username}?name=${encodeURIComponent(name)}`;
}

/** Whether nobody may take the next step any more. */
export function isExpired({ expires, bot, outcome }: ManagedBotRequest, now: number): boolean {
  return expires <= now && bot === undefined && outcome === undefined;
}

/** @param manager the username of the manager bot. */
export function managedBotView(
  request: ManagedBotRequest | undefined,
  manager: string,
  language: SentenceLanguage,
): ManagedBotView {
  if (!request) return { state: 'none' };
  const { siteId, person, bot, trouble, outcome, username } = request;
  const isOver = isExpired(request, Date.now());
  const problem = isOver ? LINK_EXPIRED : (outcome?.problem ?? trouble);
  const state = stateOf(request, isOver);
  const isWaiting = state === 'waiting-for-person' || state === 'waiting-for-bot';
  return {
    state,
    ...(isWaiting && {
      url: deepLink({ username: manager }, decryptToken(request.sealedToken, siteId)),
      expiresAt: new Date(request.expires).toISOString(),
      suggestedUsername: username,
    }),
    ...(state === 'waiting-for-bot' && { newBotUrl: newBotUrl(manager, request) }),
    ...(person && { person: { name: person.name } }),
    ...(bot && { bot }),
    ...(problem && { problem: spokenProblem(problem, language) }),
  };
}

function stateOf({ person, bot, outcome }: ManagedBotRequest, isOver: boolean): ManagedBotView['state'] {
  if (isOver || outcome?.problem) return 'failed';
  if (outcome) return 'done';
  if (bot) return 'setting-up';
  return person ? 'waiting-for-bot' : 'waiting-for-person';
}

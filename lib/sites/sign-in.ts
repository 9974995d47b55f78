/** Who signs in to the console, and out again. */
import * as z from 'zod/mini';
import { keyIdOf } from '../domain/actor.ts';
import { SITE_ID } from '../domain/site-id.ts';
import { asNewAs, isKeyOf, isPlatformKey, keyHash, siteOfSession } from '../http/authenticate.ts';
import type { ConsoleRole } from '../http/console-session.ts';
import {
  HttpProblem,
  tooManyAttempts,
  unauthorized,
  wrongConsoleLink,
  wrongPlatformKey,
} from '../http/problems.ts';
import { says } from '../http/validation.ts';
import { log } from '../observability/logger.ts';
import {
  findSession,
  hasSession,
  newSecret,
  readSecret,
  SESSION_MILLISECONDS,
  type SessionSecret,
  type StoredSession,
  withoutSession,
  withSession,
} from '../store/console-sessions.ts';
import { type Fits, type HowToFind, mayCall } from '../store/find-credentials.ts';
import { changePlatformSessions, findPlatformSession } from '../store/platform-sessions.ts';
import { ATTEMPT_MILLISECONDS, type Attempt, mayAttempt, succeeded } from '../store/sign-in-attempts.ts';
import { credentialsOf, type SiteCredentials } from '../store/site-credentials.ts';
import { updateSite } from '../store/sites.ts';

const secretText = z.string().check(z.minLength(1), z.maxLength(256));

/** `POST /console/session`: a link's token, a key of a site, or the platform's key. */
export const signInBody = z
  .strictObject({
    token: z.optional(secretText),
    siteId: z.optional(z.string().check(z.maxLength(64))),
    key: z.optional(secretText),
  })
  .check(
    z.refine(
      ({ token, siteId, key }) => (token === undefined ? key !== undefined : !siteId && !key),
      says({
        en: 'Must have "token" alone, or "key", with "siteId" for a key of a site.',
        it: 'Deve avere solo "token", oppure "key", con "siteId" per la chiave di un sito.',
      }),
    ),
  );
export type SignIn = z.infer<typeof signInBody>;

/** A session that was opened, or is open. */
export interface OpenSession {
  role: ConsoleRole;
  siteId?: string | undefined;
  /** Milliseconds since 1970. */
  until: number;
}

/**
 * Opens a session, and ends the one that the browser had before.
 *
 * @param from the address of the caller.
 * @returns the session, and the secret for the browser: always a new one.
 * @throws HttpProblem 401, 429. @throws ServiceUnreachableError
 */
export async function signIn(
  body: SignIn,
  { from, former }: { from: string; former(role: ConsoleRole): SessionSecret | undefined },
): Promise<OpenSession & { secret: string }> {
  const { token, key = '' } = body;
  const link = token === undefined ? undefined : readSecret(token);
  const siteId = token === undefined ? body.siteId : (link?.siteId ?? '');
  const attempt: Attempt = { from, siteId };
  if (!(await mayAttempt(attempt))) throw tooManyAttempts(ATTEMPT_MILLISECONDS / 1_000);
  const fresh = newSecret(siteId);
  const until = fresh.madeAt + SESSION_MILLISECONDS;
  if (token !== undefined) await openByLink(link, { fresh, until });
  else if (siteId !== undefined) await openByKey(siteId, key, { fresh, until });
  else await openForPlatform(key, { fresh, until });

  const role = siteId === undefined ? 'platform' : 'site';
  log.info('signed in to the console', { role, siteId });
  // Both are only tidying up.
  const left = [succeeded(attempt), endSession(former(role))];
  for (const { reason } of (await Promise.allSettled(left)).filter((each) => each.status === 'rejected'))
    log.warn('what follows from a sign-in is left out', { role, siteId, error: reason });
  return { role, siteId, until, secret: fresh.secret };
}

/** The new session. */
interface Fresh {
  fresh: SessionSecret;
  until: number;
}

/** The link goes in the same write in which the session comes: of two at the same instant one is refused. */
async function openByLink(link: SessionSecret | undefined, fresh: Fresh): Promise<void> {
  if (!link) throw wrongConsoleLink();
  await openForSite(link.siteId ?? '', fresh, {
    openerIn: ({ links, keyHashes }) => findSession(links, link.hash, keyHashes)?.by,
    how: asNewAs(link),
    usedUp: link.hash,
    refusal: wrongConsoleLink,
  });
}

async function openByKey(siteId: string, key: string, fresh: Fresh): Promise<void> {
  const fits = isKeyOf(key);
  const by = { caller: 'site' as const, keyId: keyIdOf(keyHash(key)) };
  const openerIn = (credentials: SiteCredentials) => (fits(credentials) ? by : undefined);
  await openForSite(siteId, fresh, { openerIn, refusal: unauthorized });
}

interface Proof {
  /** What opens the session; `undefined`: nothing does. */
  openerIn(credentials: SiteCredentials): StoredSession['by'] | undefined;
  how?: HowToFind;
  /** The hash of the link that is used up by it. */
  usedUp?: string;
  refusal(): HttpProblem;
}

/** A stranger costs as little as with a wrong key anywhere; what the site itself says, decides. */
async function openForSite(siteId: string, { fresh, until }: Fresh, proof: Proof): Promise<void> {
  const { openerIn, how, usedUp, refusal } = proof;
  const fits: Fits = (known) => known !== undefined && openerIn(known) !== undefined;
  if (!SITE_ID.test(siteId) || !(await mayCall(siteId, fits, how))) throw refusal();
  const site = await updateSite(siteId, (now) => {
    const { sessions, consoleLinks } = now;
    // Written, and DynamoDB's answer to it was lost.
    if (hasSession(sessions, fresh.hash)) return {};
    const by = openerIn(credentialsOf(now));
    if (!by) throw refusal();
    return {
      sessions: withSession(sessions, { hash: fresh.hash, until, by }),
      consoleLinks: withoutSession(consoleLinks, usedUp),
    };
  });
  if (!site) throw refusal();
}

async function openForPlatform(key: string, { fresh, until }: Fresh): Promise<void> {
  if (!isPlatformKey(key)) throw wrongPlatformKey();
  const by = { caller: 'platform' as const, keyId: keyIdOf(keyHash(key)) };
  await changePlatformSessions((sessions) =>
    hasSession(sessions, fresh.hash) ? undefined : withSession(sessions, { hash: fresh.hash, until, by }),
  );
}

/** The session of a cookie, if it holds. @throws ServiceUnreachableError */
export async function openSession(sent: SessionSecret | undefined): Promise<OpenSession | undefined> {
  if (!sent) return undefined;
  const { siteId } = sent;
  const found = siteId === undefined ? await findPlatformSession(sent) : await findSiteSession(sent);
  return found && { role: siteId === undefined ? 'platform' : 'site', siteId, until: found.until };
}

async function findSiteSession(sent: SessionSecret): Promise<StoredSession | undefined> {
  try {
    const { sessions, keyHashes } = await siteOfSession(sent, { isFresh: true });
    return findSession(sessions, sent.hash, keyHashes);
  } catch (error) {
    if (error instanceof HttpProblem) return undefined;
    throw error;
  }
}

/** Ends a session, from the next request on. One that does not hold is left as it is. @throws ServiceUnreachableError */
export async function endSession(sent: SessionSecret | undefined): Promise<void> {
  if (!sent || !(await openSession(sent))) return;
  const { siteId, hash } = sent;
  if (siteId === undefined) {
    await changePlatformSessions((sessions) =>
      hasSession(sessions, hash) ? (withoutSession(sessions, hash) ?? []) : undefined,
    );
  } else {
    await updateSite(siteId, ({ sessions }) => ({ sessions: withoutSession(sessions, hash) }));
  }
  log.info('signed out of the console', { siteId });
}

import { setTimeout as sleep } from 'node:timers/promises';
import { log } from '../observability/logger.ts';
import { count } from '../observability/metrics.ts';
import { recordBotUnauthorized } from '../store/bot-problem.ts';
import { type Delivery, type Failure, isFinal } from '../store/deliveries.ts';
import { clearBotProblem, isActive, type Site } from '../store/sites.ts';
import { markUnreachable, type User } from '../store/users.ts';
import { classifyError, type ErrorClass } from '../telegram/classify-error.ts';
import { sendMessage } from '../telegram/client.ts';
import { decryptToken } from '../telegram/token-encryption.ts';
import { backoffSeconds } from './backoff.ts';
import type { Notification } from './notification.ts';
import { changedMessage, failureOf, firstMessage, type OutgoingMessage } from './outgoing-message.ts';
import { type RateLimitedBot, type RateLimiter, rateLimitedBot } from './rate-limiter.ts';
import { type DeliveryResult, MAX_RECEIVES, recordResult } from './record.ts';
import { skipReasonOf } from './skip-reason.ts';

/**
 * What the queue shall do with a message: forget it, give it out again after some seconds, or begin with it anew, because
 * it was given out too often while its bot could not send.
 */
export type QueueAction = { kind: 'done' } | Retry | { kind: 'anew' };

interface Retry {
  kind: 'again';
  seconds: number;
}

const DONE: QueueAction = { kind: 'done' };

/** How long the messages of one user may be waited for in a function because their chat is full, in milliseconds. */
const MAX_CHAT_WAIT = 1_100;

/** While a bot's token is refused, one attempt in this many seconds finds out whether it works again. */
const UNAUTHORIZED_PAUSE_SECONDS = 10;

/** Messages wait so long for a bot with a working token, in milliseconds: a week. Then they go to the dead letters. */
const MAX_BOT_WAIT = 7 * 24 * 3600 * 1000;

/** What is the fault of the bot and not of the message: it waits until the merchant has seen to it. */
const FAULTS_OF_BOT = ['bot-unauthorized', 'bot-missing'];

/** A message is changed and sent again at most this often: without its button, as plain text, shorter … */
const MAX_CHANGES = 5;

export interface Attempt {
  notification: Notification;
  /** How often the queue has given this message out, this time included. */
  receives: number;
  site: Site | undefined;
  user: User | undefined;
  /** What was recorded of this delivery before. */
  earlier: Delivery | undefined;
  rateLimiter: RateLimiter;
  /** What is known of the message as of now, where it had to wait. */
  refresh: () => Promise<Pick<Attempt, 'site' | 'user' | 'earlier'>>;
  /** Learns what the attempt found out about the user, so that the user's later messages know it too. */
  updateUser: (user: User) => void;
}

/** The chat takes the message in a moment. */
interface ChatFull {
  kind: 'chat-full';
  milliseconds: number;
  draft: OutgoingMessage;
}

/**
 * Sends one notification and records how it went. Everything that could stop it is looked at here once more: a user who
 * opted out while the message waited gets none.
 */
export async function attemptDelivery(attempt: Attempt): Promise<QueueAction> {
  let current = attempt;
  let draft: OutgoingMessage | undefined;
  for (let patience = MAX_CHAT_WAIT; ; ) {
    const verdict = await attemptNow(current, draft);
    if (verdict.kind !== 'chat-full') return verdict;
    const { milliseconds } = verdict;
    if (milliseconds > patience)
      return postponed(current, { seconds: Math.max(1, Math.ceil(milliseconds / 1_000)) });
    await sleep(milliseconds);
    patience -= milliseconds;
    draft = verdict.draft;
    // Meanwhile its person may have opted out, or its site may have been switched off.
    current = { ...current, ...(await current.refresh()) };
  }
}

/** @param resumed the message as it had become before it had to wait for its chat. */
async function attemptNow(attempt: Attempt, resumed?: OutgoingMessage): Promise<QueueAction | ChatFull> {
  const { notification, site, user, earlier } = attempt;
  if (isFinal(earlier)) return dropDuplicate(notification);

  const reason = whyNotNow(site, user, notification);
  if (reason || user?.chatId === undefined) {
    await record(attempt, { status: 'skipped', reason: reason ?? 'not-linked' });
    return DONE;
  }
  if (!site?.bot) return retry(attempt, { class: 'bot-missing', description: 'The site has no bot.' });

  const draft = firstMessage(notification, user.chatId);
  // Whoever has linked another chat while the message waited is reached there, with the message as it was.
  const isSameChat = resumed?.chatId === user.chatId;
  return sendAtItsTurn(attempt, { ...site, bot: site.bot }, user, isSameChat && resumed ? resumed : draft);
}

/** What was delivered before, or given up for good, is not wanted a second time. */
export function dropDuplicate({ siteId, deliveryId, event, eventId }: Notification): QueueAction {
  log.info('duplicate dropped', { siteId, deliveryId, event, eventId });
  count('DuplicatesDropped', { siteId });
  return DONE;
}

type SiteWithBot = Site & { bot: NonNullable<Site['bot']> };

function whyNotNow(
  site: Site | undefined,
  user: User | undefined,
  { event }: Notification,
): string | undefined {
  if (!site || !isActive(site)) return 'site-inactive';
  return skipReasonOf(user, event, site.bot);
}

async function sendAtItsTurn(
  attempt: Attempt,
  site: SiteWithBot,
  user: User,
  first: OutgoingMessage,
): Promise<QueueAction | ChatFull> {
  const bot = rateLimitedBot(site);
  const token = decryptToken(site.bot.sealedToken, site.siteId);
  let draft = first;
  for (let change = 0; change <= MAX_CHANGES; change++) {
    const permit = await attempt.rateLimiter.acquire(bot, draft.chatId, attempt.receives === 1);
    if (permit.kind === 'chat-full') return { ...permit, draft };
    if (permit.kind === 'later') return postponed(attempt, permit);
    const { fault, chatId, ...message } = draft;
    // A migrated group is known by its new id from then on.
    const reached = { ...user, chatId };
    const sent = await sendMessage(token, { chatId, ...message }).catch(asError);
    if (!(sent instanceof Error)) {
      const { messageId } = sent;
      await record(attempt, { status: 'sent', messageId, chatId, ...(fault && { failure: fault }) });
      await noteWorkingToken(site);
      return DONE;
    }
    const reaction = classifyError(sent);
    const changed = await changedMessage(reaction, sent, draft, reached);
    if (!changed)
      return handleError({ attempt, site, user: reached, bot }, reaction, failureOf(reaction, sent));
    draft = changed;
  }
  return retry(attempt, {
    class: 'refused',
    description: 'Refused again and again, for another reason each time.',
  });
}

function asError(error: unknown): Error {
  return error instanceof Error ? error : new Error(String(error));
}

/** The message is out: whatever goes wrong here must not send it again. The next one that goes out notes it as well. */
async function noteWorkingToken(site: SiteWithBot): Promise<void> {
  if (!site.bot.problem) return;
  try {
    await clearBotProblem(site);
  } catch (error) {
    log.error('the bot works again, but the site still shows its problem', { siteId: site.siteId, error });
  }
}

/** Waiting for its turn is no attempt and needs no record; but the last receive takes the message to the dead letters. */
async function postponed(
  attempt: Attempt,
  wait: { seconds: number; isTokenRefused?: boolean },
): Promise<QueueAction> {
  const seconds = retrySeconds(wait, attempt.receives);
  if (attempt.receives < MAX_RECEIVES) {
    const { siteId, deliveryId, event, eventId } = attempt.notification;
    log.info('deferred', { siteId, deliveryId, event, eventId, attempts: attempt.receives, seconds });
    count('Deferred', { siteId });
    return { kind: 'again', seconds };
  }
  const failure = wait.isTokenRefused
    ? { class: 'bot-unauthorized', description: 'The bot has no working token.' }
    : { class: 'postponed', description: 'The bot was paused, or had no free slot, each time.' };
  return retry(attempt, failure, seconds);
}

/** A bot without a working token may stand still for long: asking ever less often, its messages last. */
function retrySeconds(
  { seconds, isTokenRefused }: { seconds: number; isTokenRefused?: boolean },
  receives: number,
) {
  return isTokenRefused ? Math.max(seconds, backoffSeconds(receives)) : seconds;
}

interface SendContext {
  attempt: Attempt;
  site: SiteWithBot;
  user: User;
  bot: RateLimitedBot;
}

/** What an error leads to that no change of the message helps. */
async function handleError(
  around: SendContext,
  reaction: ErrorClass,
  failure: Failure,
): Promise<QueueAction> {
  const { attempt, site, user, bot } = around;
  const { rateLimiter } = attempt;
  switch (reaction.kind) {
    case 'wait':
      await rateLimiter.pause(bot, reaction.seconds);
      return retry(attempt, failure, await rateLimiter.joinBacklog(bot));
    case 'retry':
      return retry(attempt, failure);
    case 'bot-unauthorized':
      await rateLimiter.pause(bot, UNAUTHORIZED_PAUSE_SECONDS, { forToken: true });
      await recordBotUnauthorized(site, failure.description);
      return retry(attempt, failure, UNAUTHORIZED_PAUSE_SECONDS);
    case 'unreachable':
      // First the mark, then the record: after a death in between, the repeated attempt finds the user marked.
      await markUnreachable(user, failure.description);
      attempt.updateUser({
        ...user,
        unreachable: { reason: failure.description, since: new Date().toISOString() },
      });
      break;
    default:
  }
  await record(attempt, { status: 'failed', failure });
  return DONE;
}

/** How often this delivery has failed, this time included. Waiting for a slot is no failure. */
function failuresOf({ earlier }: Attempt): number {
  return earlier?.status === 'retrying' ? earlier.failures + 1 : 1;
}

/** @param leastSeconds where there is a reason to wait longer than for the usual backing off. */
async function retry(attempt: Attempt, failure: Failure, leastSeconds = 0): Promise<QueueAction> {
  const failures = failuresOf(attempt);
  const seconds = Math.max(leastSeconds, backoffSeconds(failures));
  const isLast = attempt.receives >= MAX_RECEIVES;
  const isKept = FAULTS_OF_BOT.includes(failure.class) && ageOf(attempt) < MAX_BOT_WAIT;
  if (isLast && !isKept) {
    // The next look takes it to the dead letters.
    await record(attempt, { status: 'failed', failure, isDead: true });
    return { kind: 'again', seconds };
  }
  const nextAttemptAt = new Date(Date.now() + seconds * 1_000).toISOString();
  await record(attempt, { status: 'retrying', failure, failures, nextAttemptAt });
  return isLast ? { kind: 'anew' } : { kind: 'again', seconds };
}

function ageOf({ notification }: Attempt): number {
  return Date.now() - Date.parse(notification.acceptedAt);
}

function record({ notification, receives }: Attempt, outcome: DeliveryResult): Promise<void> {
  return recordResult(notification, receives, outcome);
}

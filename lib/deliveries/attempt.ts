import { setTimeout as sleep } from 'node:timers/promises';
import { log } from '../observability/logger.ts';
import { noteBotRefused } from '../store/bot-problem.ts';
import { type Delivery, type Failure, isOver } from '../store/deliveries.ts';
import { clearBotProblem, isActive, type Site } from '../store/sites.ts';
import { markUnreachable, type User, whyNotReached } from '../store/users.ts';
import { sendMessage } from '../telegram/client.ts';
import { type Reaction, reactionTo } from '../telegram/classify-error.ts';
import { openToken } from '../telegram/token-encryption.ts';
import { count } from '../observability/metrics.ts';
import { backoffSeconds } from './backoff.ts';
import { changedDraft, type Draft, failureOf, firstDraft } from './outgoing-message.ts';
import type { Notification } from './notification.ts';
import { type PacedBot, type Pacer, pacedBot } from './rate-limiter.ts';
import { MAX_RECEIVES, type Outcome, recordOutcome } from './record.ts';

/**
 * What the queue shall do with a message: forget it, give it out again after some seconds, or begin with it anew, because
 * it was given out too often while its bot could not send.
 */
export type Verdict = { kind: 'done' } | Again | { kind: 'anew' };

interface Again {
  kind: 'again';
  seconds: number;
}

const DONE: Verdict = { kind: 'done' };

/** How long the messages of one user may be waited for in a function because their chat is full, in milliseconds. */
const CHAT_PATIENCE = 1_100;

/** While a bot's token is refused, one attempt in this many seconds finds out whether it works again. */
const UNAUTHORIZED_PAUSE_SECONDS = 10;

/** Messages wait so long for a bot with a working token, in milliseconds: a week. Then they go to the dead letters. */
const BOT_PATIENCE = 7 * 24 * 3600 * 1000;

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
  pacer: Pacer;
  /** What is known of the message as of now, where it had to wait. */
  lookAgain: () => Promise<Pick<Attempt, 'site' | 'user' | 'earlier'>>;
  /** Learns what the attempt found out about the user, so that the user's later messages know it too. */
  learn: (user: User) => void;
}

/** The chat takes the message in a moment. */
interface ChatFull {
  kind: 'chat-full';
  milliseconds: number;
  draft: Draft;
}

/**
 * Sends one notification and records how it went. Everything that could stop it is looked at here once more: a user who
 * opted out while the message waited gets none.
 */
export async function attemptDelivery(attempt: Attempt): Promise<Verdict> {
  let current = attempt;
  let draft: Draft | undefined;
  for (let patience = CHAT_PATIENCE; ; ) {
    const verdict = await attemptNow(current, draft);
    if (verdict.kind !== 'chat-full') return verdict;
    const { milliseconds } = verdict;
    if (milliseconds > patience)
      return postponed(current, { seconds: Math.max(1, Math.ceil(milliseconds / 1_000)) });
    await sleep(milliseconds);
    patience -= milliseconds;
    draft = verdict.draft;
    // Meanwhile its person may have opted out, or its site may have been switched off.
    current = { ...current, ...(await current.lookAgain()) };
  }
}

/** @param resumed the message as it had become before it had to wait for its chat. */
async function attemptNow(attempt: Attempt, resumed?: Draft): Promise<Verdict | ChatFull> {
  const { notification, site, user, earlier } = attempt;
  if (isOver(earlier)) return dropDuplicate(notification);

  const reason = whyNotNow(site, user, notification);
  if (reason || user?.chatId === undefined) {
    await record(attempt, { status: 'skipped', reason: reason ?? 'not-linked' });
    return DONE;
  }
  if (!site?.bot) return again(attempt, { class: 'bot-missing', description: 'The site has no bot.' });

  const draft = firstDraft(notification, user.chatId);
  // Whoever has linked another chat while the message waited is reached there, with the message as it was.
  const isSameChat = resumed?.chatId === user.chatId;
  return sendAtItsTurn(attempt, { ...site, bot: site.bot }, user, isSameChat && resumed ? resumed : draft);
}

/** What was delivered before, or given up for good, is not wanted a second time. */
export function dropDuplicate({ siteId, deliveryId, event, eventId }: Notification): Verdict {
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
  return whyNotReached(user, event, site.bot);
}

async function sendAtItsTurn(
  attempt: Attempt,
  site: SiteWithBot,
  user: User,
  first: Draft,
): Promise<Verdict | ChatFull> {
  const bot = pacedBot(site);
  const token = openToken(site.bot.sealedToken, site.siteId);
  let draft = first;
  for (let change = 0; change <= MAX_CHANGES; change++) {
    const permit = await attempt.pacer.takeTurn(bot, draft.chatId, attempt.receives === 1);
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
    const reaction = reactionTo(sent);
    const changed = await changedDraft(reaction, sent, draft, reached);
    if (!changed) return settle({ attempt, site, user: reached, bot }, reaction, failureOf(reaction, sent));
    draft = changed;
  }
  return again(attempt, {
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
): Promise<Verdict> {
  const seconds = patientSeconds(wait, attempt.receives);
  if (attempt.receives < MAX_RECEIVES) {
    const { siteId, deliveryId, event, eventId } = attempt.notification;
    log.info('deferred', { siteId, deliveryId, event, eventId, attempts: attempt.receives, seconds });
    count('Deferred', { siteId });
    return { kind: 'again', seconds };
  }
  const failure = wait.isTokenRefused
    ? { class: 'bot-unauthorized', description: 'The bot has no working token.' }
    : { class: 'postponed', description: 'The bot was paused, or had no free slot, each time.' };
  return again(attempt, failure, seconds);
}

/** A bot without a working token may stand still for long: asking ever less often, its messages last. */
function patientSeconds(
  { seconds, isTokenRefused }: { seconds: number; isTokenRefused?: boolean },
  receives: number,
) {
  return isTokenRefused ? Math.max(seconds, backoffSeconds(receives)) : seconds;
}

interface Circumstances {
  attempt: Attempt;
  site: SiteWithBot;
  user: User;
  bot: PacedBot;
}

/** What an error leads to that no change of the message helps. */
async function settle(around: Circumstances, reaction: Reaction, failure: Failure): Promise<Verdict> {
  const { attempt, site, user, bot } = around;
  const { pacer } = attempt;
  switch (reaction.kind) {
    case 'wait':
      await pacer.pause(bot, reaction.seconds);
      return again(attempt, failure, await pacer.lineUp(bot));
    case 'retry':
      return again(attempt, failure);
    case 'bot-unauthorized':
      await pacer.pause(bot, UNAUTHORIZED_PAUSE_SECONDS, { forToken: true });
      await noteBotRefused(site, failure.description);
      return again(attempt, failure, UNAUTHORIZED_PAUSE_SECONDS);
    case 'unreachable':
      // First the mark, then the record: after a death in between, the repeated attempt finds the user marked.
      await markUnreachable(user, failure.description);
      attempt.learn({
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
async function again(attempt: Attempt, failure: Failure, leastSeconds = 0): Promise<Verdict> {
  const failures = failuresOf(attempt);
  const seconds = Math.max(leastSeconds, backoffSeconds(failures));
  const isLast = attempt.receives >= MAX_RECEIVES;
  const isKept = FAULTS_OF_BOT.includes(failure.class) && ageOf(attempt) < BOT_PATIENCE;
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

function record({ notification, receives }: Attempt, outcome: Outcome): Promise<void> {
  return recordOutcome(notification, receives, outcome);
}

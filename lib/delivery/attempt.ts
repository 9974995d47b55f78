import { setTimeout as sleep } from 'node:timers/promises';
import { log } from '../log.ts';
import { type Delivery, isOver, recordDelivery } from '../store/deliveries.ts';
import { findSite, type Site } from '../store/sites.ts';
import { type User, whyNotReached } from '../store/users.ts';
import { sendMessage, TelegramRefusalError } from '../telegram/client.ts';
import { reactionTo } from '../telegram/reactions.ts';
import { openToken } from '../telegram/token-seal.ts';
import { backoffSeconds } from './backoff.ts';
import type { Notification } from './notification.ts';

/** What the queue shall do with a message: forget it, or give it out again after some seconds. */
export type Verdict = { kind: 'done' } | { kind: 'again'; seconds: number };

/** How often writing the record of a sent message is repeated. */
const RECORD_ROUNDS = 3;

const DONE: Verdict = { kind: 'done' };

export interface Attempt {
  notification: Notification;
  /** How often the queue has given this message out, this time included. */
  receives: number;
  user: User | undefined;
  /** What was recorded of this delivery before. */
  earlier: Delivery | undefined;
}

/**
 * Sends one notification and records how it went. Everything that could stop it is looked at here once more: a user who
 * opted out while the message waited gets none.
 */
export async function attemptDelivery(attempt: Attempt): Promise<Verdict> {
  const { notification, user, earlier } = attempt;
  if (isOver(earlier)) return DONE;

  const reason = whyNotReached(user, notification.event);
  if (reason || user?.chatId === undefined) {
    await recordDelivery({ ...facts(attempt), status: 'skipped', reason: reason ?? 'not-linked' });
    return DONE;
  }

  const token = tokenOf(await findSite(notification.siteId));
  if (token === undefined)
    return retryLater(attempt, { class: 'bot-missing', description: 'The site has no bot.' });

  const { chatId } = user;
  let messageId: number;
  try {
    const { text, button } = notification;
    ({ messageId } = await sendMessage(token, { chatId, text, ...(button && { button }) }));
  } catch (error) {
    return react(attempt, error);
  }
  await recordSent({ ...facts(attempt), status: 'sent', messageId, chatId });
  return DONE;
}

/**
 * Records what Telegram has already shown to the user. Where the record can't be written the message is done all the
 * same: giving it back would send it a second time.
 */
async function recordSent(delivery: Delivery & { status: 'sent' }): Promise<void> {
  for (let round = 0; ; round++) {
    try {
      return await recordDelivery(delivery);
    } catch (error) {
      const { siteId, deliveryId, messageId } = delivery;
      log.error('sent, but not recorded', { siteId, deliveryId, messageId, round, error });
      if (round === RECORD_ROUNDS) return;
      await sleep(250 * 2 ** round);
    }
  }
}

async function react(attempt: Attempt, error: unknown): Promise<Verdict> {
  const reaction = reactionTo(error);
  const failure = { class: reaction.kind, description: descriptionOf(error) };
  switch (reaction.kind) {
    case 'wait':
      return retryLater(attempt, failure, reaction.seconds);
    case 'retry':
    case 'bot-unauthorized':
      return retryLater(attempt, failure);
    default:
      await recordDelivery({ ...facts(attempt), status: 'failed', failure });
      return DONE;
  }
}

async function retryLater(
  attempt: Attempt,
  failure: { class: string; description: string },
  seconds = backoffSeconds(attempt.receives),
): Promise<Verdict> {
  const nextAttemptAt = new Date(Date.now() + seconds * 1000).toISOString();
  await recordDelivery({ ...facts(attempt), status: 'retrying', failure, nextAttemptAt });
  return { kind: 'again', seconds };
}

function tokenOf(site: Site | undefined): string | undefined {
  return site?.bot && openToken(site.bot.sealedToken, site.siteId);
}

function facts({ notification, receives }: Attempt) {
  const { siteId, deliveryId, event, eventId, templateId, userId } = notification;
  const recordedAt = new Date().toISOString();
  return { siteId, deliveryId, event, eventId, templateId, userId, recordedAt, attempts: receives };
}

function descriptionOf(error: unknown): string {
  if (error instanceof TelegramRefusalError) return error.description;
  return error instanceof Error ? error.message : String(error);
}

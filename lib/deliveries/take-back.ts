import { sleep } from '../aws/deadline.ts';
import { ServiceUnreachableError } from '../domain/errors.ts';
import { spokenLanguage } from '../i18n/languages.ts';
import { NO_LONGER_TRUE } from '../i18n/no-longer-true.ts';
import { log } from '../observability/logger.ts';
import { redact } from '../observability/redact.ts';
import { recordBotUnauthorized } from '../store/bot-problem.ts';
import { type Delivery, findDeliveries, recordTakenBack } from '../store/deliveries.ts';
import { type Site, type SiteWithBot, sendingBot } from '../store/sites.ts';
import { noteRecovery } from '../store/statistics.ts';
import { linkIn, type User } from '../store/user.ts';
import { classifyError } from '../telegram/classify-error.ts';
import { deleteMessage, editMessage, TelegramRefusalError } from '../telegram/client.ts';
import { decryptToken } from '../telegram/token-encryption.ts';
import type { Notification, TakesBack } from './notification.ts';
import { type RateLimiter, rateLimitedBot } from './rate-limiter.ts';
import { resendsOf } from './resend-ids.ts';
import { type Action, type Hold, hasWaitedTooLong } from './retry.ts';
import { timeToAnswer } from './send-time.ts';

/** After so long it is tried again where Telegram, or the bot, does not work; in milliseconds. */
const TRIED_AGAIN_AFTER = 10_000;
/** How long it waits in the function for its chat, in milliseconds. */
const MAX_CHAT_WAIT = 1_100;
/**
 * For so long after it was made it holds its chat where Telegram fails in passing, in milliseconds. What the customer needs
 * waits behind it: if Telegram works for that, the message about the cart rather stays. If nothing works, nothing is lost.
 */
const MAX_UNREACHABLE = 5 * 60_000;

const ACKNOWLEDGE = { kind: 'acknowledge' } as const;

type SentDelivery = Delivery & { status: 'sent' };

/** The message is not there, or not as it was sent, any more. */
const GONE = [/message to (?:delete|edit) not found/i, /MESSAGE_ID_INVALID/, /message is not modified/i];

/** What is known where messages are taken back. */
interface TakingBack {
  notification: Notification & { takesBack: TakesBack };
  site: Site | undefined;
  user: User | undefined;
  rateLimiter: Pick<RateLimiter, 'acquire' | 'pause'>;
}

/**
 * Takes messages back that are in the chat and not true any more: deletes them, or leaves a neutral text in their place
 * where Telegram deletes them no longer. It has no record of its own; that of each message says when it was taken back. It
 * may be repeated.
 *
 * What it looks for is read here, and not with the batch: a message may have been sent in the same batch a moment ago.
 *
 * @throws ServiceUnreachableError
 */
export async function takeBack(attempt: TakingBack): Promise<Action> {
  const { notification, site, user } = attempt;
  const { siteId, takesBack } = notification;
  const { deliveryIds, replacedIds = [] } = takesBack;
  const sent = await sentOf(siteId, [...deliveryIds, ...replacedIds]);
  const ofReplaced = new Set(replacedIds);
  const steps = sent.flatMap(({ deliveryId, resendOf, step }) =>
    ofReplaced.has(resendOf ?? deliveryId) ? [] : (step ?? []),
  );
  if (takesBack.recovered && steps.length > 0)
    await noteRecovery(siteId, { ...takesBack.recovered, step: Math.max(...steps) });

  // Only the bot that has sent a message can take it back; the same number may be another message of another bot.
  const open = sent.filter(({ takenBackAt, botId }) => !takenBackAt && botId === (site?.bot?.id ?? botId));
  if (open.length === 0) return ACKNOWLEDGE;
  if (hasWaitedTooLong(notification, Date.now())) return leave(open, 'It has waited for a week.');
  if (!site?.bot || !sendingBot(site)) return held('bot', 'bot-missing');
  const target = { site: { ...site, bot: site.bot }, user, rateLimiter: attempt.rateLimiter };
  const isOverdue = Date.now() - Date.parse(notification.acceptedAt) >= MAX_UNREACHABLE;
  for (const delivery of open) {
    const hold = await takeBackOne(delivery, target);
    if (hold?.reason === 'telegram-unreachable' && isOverdue)
      await leave([delivery], 'Telegram does not work.');
    else if (hold) return hold;
  }
  return ACKNOWLEDGE;
}

/** Those that were sent, also once more by the merchant. */
async function sentOf(siteId: string, deliveryIds: string[]): Promise<SentDelivery[]> {
  const found = await findDeliveries(deliveryIds.map((deliveryId) => ({ siteId, deliveryId })));
  const sent = found.filter(isSent);
  const again = await resendsOf(siteId, ...sent.map(({ deliveryId }) => deliveryId));
  return [...sent, ...again.filter(isSent)];
}

function isSent(delivery: Delivery): delivery is SentDelivery {
  return delivery.status === 'sent';
}

interface Target {
  site: SiteWithBot;
  user: User | undefined;
  rateLimiter: Pick<RateLimiter, 'acquire' | 'pause'>;
}

/** @returns why it has to wait. */
async function takeBackOne(delivery: SentDelivery, target: Target): Promise<Hold | undefined> {
  const { site, user } = target;
  const chatId = (user && linkIn(user, delivery.chatId)?.chatId) ?? delivery.chatId;
  const message = { chatId, messageId: delivery.messageId };
  const token = decryptToken(site.bot.sealedToken, site.siteId);
  let result = await call(chatId, target, (options) => deleteMessage(token, message, options));
  const isEdited = typeof result === 'string';
  if (isEdited) {
    const text = NO_LONGER_TRUE[spokenLanguage(user?.language, site.defaultLanguage)];
    const neutral = { ...message, text, isPlainText: true };
    result = await call(chatId, target, (options) => editMessage(token, neutral, options));
  }
  if (typeof result === 'string') {
    await leave([delivery], result);
    return undefined;
  }
  if (result) return result;
  const { siteId, deliveryId, event, eventId } = delivery;
  await recordTakenBack(delivery, new Date(Date.now()).toISOString(), isEdited ? 'edited' : undefined);
  log.info('taken back', { siteId, deliveryId, event, eventId });
  return undefined;
}

/** Nothing more can be done: the messages stay in the chat. */
async function leave(deliveries: SentDelivery[], reason: string): Promise<Action> {
  for (const { siteId, deliveryId, event, eventId } of deliveries)
    log.warn('not taken back: it stays in the chat', {
      ...{ siteId, deliveryId, event, eventId },
      reason: redact(reason),
    });
  return ACKNOWLEDGE;
}

/** @returns `undefined` where it is done; why it has to wait; or in Telegram's words, why it can't be done. */
async function call(
  chatId: number,
  { site, rateLimiter }: Target,
  method: (options: { timeoutMilliseconds: number }) => Promise<void>,
): Promise<Hold | string | undefined> {
  const bot = rateLimitedBot(site);
  let decision = await rateLimiter.acquire(bot, chatId);
  if (decision.kind === 'chat-limited' && decision.milliseconds <= MAX_CHAT_WAIT) {
    await sleep(decision.milliseconds);
    decision = await rateLimiter.acquire(bot, chatId);
  }
  if (decision.kind === 'chat-limited') return held('chat', 'rate-limit', decision.milliseconds);
  if (decision.kind === 'far') {
    const reason = decision.isPaused ? 'bot-paused' : 'rate-limit';
    return { ...held('bot', reason), until: decision.freeAt };
  }
  const timeoutMilliseconds = timeToAnswer();
  if (timeoutMilliseconds === undefined)
    throw new ServiceUnreachableError('AWS', { cause: new Error('no time is left to take a message back') });
  try {
    await method({ timeoutMilliseconds });
    return undefined;
  } catch (error) {
    const errorClass = classifyError(error);
    if (errorClass.kind === 'wait') {
      const { scope, until } = await rateLimiter.pause(bot, chatId, errorClass.seconds);
      return { ...held(scope, scope === 'bot' ? 'bot-paused' : 'chat-paused'), until };
    }
    if (errorClass.kind === 'retry') return held('chat', 'telegram-unreachable');
    const description = error instanceof TelegramRefusalError ? error.description : String(error);
    if (errorClass.kind === 'bot-unauthorized') {
      await recordBotUnauthorized(site, description);
      return held('bot', 'bot-unauthorized');
    }
    return GONE.some((pattern) => pattern.test(description)) ? undefined : description;
  }
}

function held(scope: Hold['scope'], reason: Hold['reason'], milliseconds = TRIED_AGAIN_AFTER): Hold {
  return { kind: 'hold', scope, reason, until: Date.now() + milliseconds, isRecorded: true };
}

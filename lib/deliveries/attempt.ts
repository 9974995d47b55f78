import { sleep } from '../aws/deadline.ts';
import { backoffSeconds } from '../aws/defer-messages.ts';
import { ServiceUnreachableError } from '../domain/errors.ts';
import { isWanted } from '../domain/marketing-consent.ts';
import type { SkipReason } from '../domain/outcomes.ts';
import { noticeOf } from '../domain/staff.ts';
import { log } from '../observability/logger.ts';
import { count } from '../observability/metrics.ts';
import { clearBotProblem, recordBotUnauthorized } from '../store/bot-problem.ts';
import type { Card } from '../store/cards.ts';
import type { ChatKey } from '../store/chats.ts';
import { type Failure, isFinal, type WaitReason } from '../store/deliveries.ts';
import { markReachable, markUnreachable, moveChat } from '../store/reachability.ts';
import { type Site, type SiteWithBot, sendingBot } from '../store/sites.ts';
import { hasStaffNews } from '../store/staff-news.ts';
import { type ChatLink, linkIn, type User } from '../store/user.ts';
import { classifyError, type ErrorClass, isUnchanged } from '../telegram/classify-error.ts';
import { editMessage, sendMessage, TelegramRefusalError } from '../telegram/client.ts';
import { escapeHtml, unlinked } from '../telegram/html/index.ts';
import { shownAccount } from '../telegram/text/name.ts';
import { decryptToken } from '../telegram/token-encryption.ts';
import { claim, editableCard, isOlderThan, keepCard, passOnSound } from './card.ts';
import { withCountedLinks } from './counted-links.ts';
import { dropForgotten, type ForgottenReason } from './forgotten.ts';
import { deleteFormer } from './former-messages.ts';
import { contentKeyFor } from './kept-content.ts';
import { LONGEST_KNOWN } from './known-facts.ts';
import { withShopAddress } from './moved-shop.ts';
import type { Notification, TakesBack } from './notification.ts';
import { changedMessage, firstMessage, type PendingMessage } from './pending-message.ts';
import { type Quiet, quietFor } from './quiet.ts';
import { type Decision, type RateLimitedBot, type RateLimiter, rateLimitedBot } from './rate-limiter.ts';
import { isUnrecorded, type ReceivedMessage, recordResult, recordSentBefore } from './record.ts';
import { type Action, type Hold, hasWaitedTooLong } from './retry.ts';
import { timeToAnswer } from './send-time.ts';
import { findSkipReason } from './skip-reason.ts';
import { takeBack } from './take-back.ts';
import { tellStaffNews } from './tell-staff.ts';

/** How long one message may wait in the function while its chat is limited, in milliseconds; then it is parked. */
const MAX_CHAT_WAIT = 1_100;

/** The first time after which a bot that does not work is tried again, in milliseconds. */
const BOT_PAUSE = 10_000;

/** Telegram answers within some tenths of a second. If it takes longer than this, it may not answer at all. Milliseconds. */
const SLOW = 1_000;

/** So long before its slot it is looked at again, in milliseconds: a read takes less, also on a busy machine. */
const REFRESH_BEFORE_SLOT = 500;

/** How often one message is changed and sent again (without its button, as plain text, shorter …). */
const MAX_CHANGES = 5;

const ACKNOWLEDGE = { kind: 'acknowledge' } as const;
const GRANTED: Decision = { kind: 'granted' };
const SILENT: Quiet = { kind: 'silent' };

export interface Attempt extends ReceivedMessage {
  /** Set: nothing may be kept of the message. */
  forgotten?: ForgottenReason | undefined;
  site: Site | undefined;
  user: User | undefined;
  /** How many users of the site may have the chat: with more than one each message says for whom it is. */
  usersOfChat: number;
  /** Something newer is known of what the message speaks of. */
  isSuperseded: boolean;
  /** When all that was read; milliseconds since 1970. */
  readAt: number;
  rateLimiter: Pick<RateLimiter, 'acquire' | 'pause'>;
  /**
   * Reads again all that is known of the message, after it had to wait.
   *
   * @param until when it will be sent; milliseconds since 1970.
   */
  refresh: (until: number) => Promise<Known>;
  /**
   * Called where Telegram has not answered for some time; the attempt goes on.
   *
   * @param isServed whether Telegram has taken the message in the end.
   */
  reportSlowness: (isServed: Promise<boolean>) => void;
  /**
   * Whether a later message to the chat can't wait until the end of a night: then it goes out before that one, silently.
   *
   * @param until milliseconds since 1970.
   */
  hasUrgentBehind?: (until: number) => Promise<boolean>;
  /** What is known of the one message of its order in the chat. */
  card?: Card | undefined;
  /** Keeps what became of that message, for the later messages of the same batch. */
  updateCard?: (card: Card) => void;
  /** Keeps what the attempt found out about the user, for the later messages of the same batch. */
  updateUser: (user: User) => void;
}

/** What is known of a message, and when that was read. */
type Known = Pick<
  Attempt,
  | 'notification'
  | 'forgotten'
  | 'site'
  | 'user'
  | 'usersOfChat'
  | 'isSuperseded'
  | 'card'
  | 'earlier'
  | 'readAt'
>;

/** How far an attempt has come before what is known of the message is read again. */
interface Begun {
  /** The message, with the changes made so far. */
  message?: PendingMessage;
  /** The bot of which it has a slot. */
  botId?: string;
  /** What Telegram has said to the message in its earlier form. */
  failure?: Failure | undefined;
  /** What was read again while it waited for the slot. */
  known?: Known | undefined;
}

/** The chat takes its next message in so many milliseconds. */
interface ChatLimited extends Begun {
  kind: 'chat-limited';
  milliseconds: number;
}

/** What is known of the message is old by now: it is decided again with what is read now, or was read meanwhile. */
interface Outdated extends Begun {
  kind: 'outdated';
}

/**
 * Sends one notification and records how it went. What is known of it is never older than a second when the message is
 * sent, or dropped: a user who opted out while it waited, or while the messages before it were sent, gets nothing.
 *
 * @throws ServiceUnreachableError where DynamoDB can't be reached, or was too slow; the message has not been sent then.
 */
export async function attemptDelivery(attempt: Attempt): Promise<Action> {
  // Before anything else: what takes long after the message was sent may keep its record from being written.
  const contentKey = isOver(attempt) ? undefined : await contentKeyFor(attempt.notification);
  let current: Attempt = { ...attempt, contentKey };
  let begun: Begun = {};
  for (let waitLimit = MAX_CHAT_WAIT; ; ) {
    const action = await attemptOnce(current, begun);
    if (action.kind === 'chat-limited') {
      const { milliseconds } = action;
      if (milliseconds > waitLimit)
        return hold(current, { scope: 'chat', reason: 'rate-limit', until: Date.now() + milliseconds });
      await sleep(milliseconds);
      waitLimit -= milliseconds;
    } else if (action.kind !== 'outdated') return action;
    const { known = await attempt.refresh(Date.now()), ...begunSoFar } = action;
    begun = begunSoFar;
    current = { ...current, ...known };
  }
}

function isTakingBack(attempt: Attempt): attempt is Attempt & { notification: { takesBack: TakesBack } } {
  return attempt.notification.takesBack !== undefined;
}

/** Nothing is sent, and nothing recorded of it, or it was before. */
function isOver({ forgotten, earlier }: Attempt): boolean {
  return forgotten !== undefined || isFinal(earlier);
}

/** @param milliseconds from now on. */
function isOutdated({ readAt }: Known, milliseconds = 0): boolean {
  return Date.now() + milliseconds - readAt > LONGEST_KNOWN;
}

/** @param begun with the message as it was changed before it had to wait. */
async function attemptOnce(attempt: Attempt, begun: Begun): Promise<Action | ChatLimited | Outdated> {
  const { notification, forgotten, site, user, earlier } = attempt;
  if (forgotten) return dropForgotten(attempt, forgotten);
  if (isTakingBack(attempt)) return takeBack(attempt);
  if (isFinal(earlier)) return dropDuplicate(notification);
  if (isUnrecorded(notification)) {
    await recordSentBefore(notification);
    return acknowledgeSent(notification);
  }
  if (attempt.card?.sentBy === notification.deliveryId) return finishSentBefore(attempt, attempt.card);
  if (notification.skipped) {
    await recordResult(attempt, { status: 'skipped', ...notification.skipped });
    return ACKNOWLEDGE;
  }

  const link = user && linkFor(notification, user);
  const reason =
    untrueReason(attempt) ??
    findSkipReason(site, link, user, notification.event) ??
    (isWanted(notification.advertising, user?.marketingConsent) ? undefined : 'no-marketing-consent');
  if (reason || !user || !link) {
    if (isOutdated(attempt)) return { ...begun, kind: 'outdated' };
    if (reason === 'superseded') await passOn(attempt);
    await recordResult(attempt, { status: 'skipped', reason: reason ?? 'not-linked' });
    // A newer event may remind of the same date: its message comes after this one.
    return reason === 'superseded' ? { ...ACKNOWLEDGE, isOpen: true } : ACKNOWLEDGE;
  }
  if (!site?.bot || !sendingBot(site))
    return hold(attempt, { scope: 'bot', reason: 'bot-missing', until: Date.now() + BOT_PAUSE });

  const context = { attempt, site: { ...site, bot: site.bot }, user, link };
  const card = editableCard(notification, attempt.card, link, site.bot);
  // A message that is changed makes no sound; nor does one that is sent since no change is possible.
  const quiet = card ? SILENT : quietFor(notification, site, user, Date.now());
  if (quiet?.kind === 'wait' && !(await attempt.hasUrgentBehind?.(quiet.until))) {
    if (isOutdated(attempt)) return { ...begun, kind: 'outdated' };
    return hold(attempt, { scope: 'night', reason: 'quiet-hours', until: quiet.until });
  }
  const isSilent = quiet !== undefined;
  // The changes made for another chat are of no use in this one.
  if (begun.message?.chatId === link.chatId) {
    // By its number another bot would change another message.
    const edits = begun.message.edits === card?.messageId ? begun.message.edits : undefined;
    return send(context, { ...begun.message, isSilent, edits }, begun);
  }
  const forWhom = attempt.usersOfChat > 1 ? accountLine(user) : undefined;
  const { notification: counted, links } = withCountedLinks(withShopAddress(notification, site), site);
  const first = firstMessage(counted, link.chatId, forWhom, { isSilent, links });
  return send(context, { ...first, ...(card && { edits: card.messageId }) });
}

/** Why what it says has become untrue while it waited; `undefined` if it has not. */
function untrueReason({ notification, isSuperseded, card }: Attempt): SkipReason | undefined {
  const { pastAt } = notification;
  if (isSuperseded || isOlderThan(notification, card)) return 'superseded';
  return pastAt !== undefined && Date.parse(pastAt) < Date.now() ? 'past' : undefined;
}

/** Whatever comes next of the order rings, where this message had to. */
async function passOn({ notification, card, updateCard }: Attempt): Promise<void> {
  const owing = await passOnSound(notification, card);
  if (owing) updateCard?.(owing);
}

/** The link to the chat that a message is for. One that the former release has queued is for the first chat. */
function linkFor({ chatId }: Notification, user: User): ChatLink | undefined {
  return chatId === undefined ? user.chats[0] : linkIn(user, chatId);
}

/** For whom a message is, in Telegram's HTML: with the id, since two people may have the same name. */
function accountLine(user: User): string {
  return `👤 <b>${escapeHtml(unlinked(shownAccount(user)))}</b>`;
}

/** Acknowledges a message whose delivery is finished: it was sent, skipped or refused before. */
export function dropDuplicate({ siteId, deliveryId, event, eventId }: Notification): Action {
  log.info('duplicate dropped', { siteId, deliveryId, event, eventId });
  count('DuplicatesDropped', { siteId });
  return ACKNOWLEDGE;
}

interface SendContext {
  attempt: Attempt;
  site: SiteWithBot;
  user: User;
  link: ChatLink;
}

async function send(
  context: SendContext,
  first: PendingMessage,
  begun: Begun = {},
): Promise<Action | ChatLimited | Outdated> {
  const { attempt, site } = context;
  const bot = rateLimitedBot(site);
  const token = decryptToken(site.bot.sealedToken, site.siteId);
  let message = first;
  let { failure } = begun;
  for (let changes = 0; changes <= MAX_CHANGES; changes++) {
    if (isOutdated(attempt)) return { kind: 'outdated', message, failure };
    let known: Known | undefined;
    // Before the slot, not in it: Telegram would get the messages later than they were meant to come.
    const refreshBeforeSlot = async (milliseconds: number) => {
      if (!isOutdated(known ?? attempt, milliseconds)) return;
      const slot = Date.now() + milliseconds;
      await sleep(Math.max(0, milliseconds - REFRESH_BEFORE_SLOT));
      known = await attempt.refresh(slot);
    };
    const hasSlot = changes === 0 && begun.botId === bot.id;
    const decision = hasSlot
      ? GRANTED
      : await attempt.rateLimiter.acquire(bot, message.chatId, refreshBeforeSlot);
    if (decision.kind === 'chat-limited') return { ...decision, message };
    if (decision.kind === 'far') {
      const reason = decision.isPaused ? 'bot-paused' : 'rate-limit';
      return hold(attempt, { scope: 'bot', reason, until: decision.freeAt });
    }
    if (known || isOutdated(attempt)) return { kind: 'outdated', message, botId: bot.id, failure, known };

    if (message.edits !== undefined && attempt.card) {
      const claimed = await claim(attempt.notification, attempt.card);
      if (!claimed) {
        await recordResult(attempt, { status: 'skipped', reason: 'superseded' });
        return ACKNOWLEDGE;
      }
      attempt.updateCard?.(claimed);
    }
    const timeoutMilliseconds = timeToAnswer();
    if (timeoutMilliseconds === undefined) return leave(attempt, failure);
    const answer = transmit(token, message, timeoutMilliseconds).catch(asError);
    const isServed = answer.then((sent) => !(sent instanceof Error));
    const slow = setTimeout(() => attempt.reportSlowness(isServed), SLOW);
    const sent = await answer;
    clearTimeout(slow);
    if (!(sent instanceof Error)) return finish(context, message, sent.messageId);
    if (message.edits !== undefined && isUnchanged(sent)) return finish(context, message, message.edits);

    const errorClass = classifyError(sent);
    failure = failureOf(errorClass, sent);
    const chat = { siteId: site.siteId, chatId: message.chatId };
    if (errorClass.kind === 'migrated') await moveChat(chat, errorClass.chatId);
    const changed = changedMessage(message, errorClass, failure);
    if (!changed) return handleError(context, chat, bot, errorClass, failure);
    message = changed;
  }
  const description = 'Refused again and again, for another reason each time.';
  await recordResult(attempt, { status: 'failed', failure: { class: 'refused', description } });
  return ACKNOWLEDGE;
}

/** Changes the message that it is to change, or sends it. */
async function transmit(
  token: string,
  {
    edits: messageId,
    fault: _fault,
    shortenings: _shortenings,
    links: _links,
    buttons,
    ...content
  }: PendingMessage,
  timeoutMilliseconds: number,
): Promise<{ messageId: number }> {
  const message = { ...content, keyboard: buttons.map((button) => [button]) };
  if (messageId === undefined) return sendMessage(token, message, { timeoutMilliseconds });
  await editMessage(token, { ...message, messageId }, { timeoutMilliseconds });
  return { messageId };
}

function asError(error: unknown): Error {
  return error instanceof Error ? error : new Error(String(error));
}

/** What Telegram said; where there was no answer, the error of the connection. */
function failureOf({ kind }: ErrorClass, error: Error): Failure {
  return {
    class: kind,
    description: error instanceof TelegramRefusalError ? error.description : String(error),
  };
}

/** The message is in the chat: an error from here on must not lead to a second one. */
async function finish(
  { attempt, site, link }: SendContext,
  { chatId, fault, edits, links }: PendingMessage,
  messageId: number,
): Promise<Action> {
  const { notification, card: former } = attempt;
  const isEdited = edits !== undefined;
  // Before the record: with it, nobody would look at the message again.
  const sent = { notification, link, bot: site.bot, chatId, messageId, former };
  const card = isEdited ? undefined : await keepCard(sent);
  const token = () => decryptToken(site.bot.sealedToken, site.siteId);
  if (card) {
    const present = await deleteFormer(card, token());
    attempt.updateCard?.(present);
  }
  // The one whose place it has was tried when it was sent.
  if (isEdited && former?.left) await deleteFormer({ ...former, former: undefined }, token());
  await recordResult(attempt, {
    status: 'sent',
    ...{ messageId, chatId },
    ...(isEdited && { edited: true }),
    ...(fault && { failure: fault }),
    ...(links.length > 0 && { links }),
    // Whoever takes it back has to be the same bot.
    ...(notification.step !== undefined && { botId: site.bot.id }),
  });
  try {
    const isNews = site.bot.problem !== undefined && (await clearBotProblem(site));
    // A notice to the staff causes no other: nothing goes round in circles where its news can't be forgotten.
    const isNotice = noticeOf(attempt.notification.event) !== undefined;
    if (isNews || (hasStaffNews(site) && !isNotice)) await tellStaffNews(site.siteId);
    // A former bot could not write to this chat.
    if (link.unreachable) await markReachable({ siteId: site.siteId, chatId }, site.bot.id);
  } catch (error) {
    // The next message that is sent clears it.
    log.error('it works again, but the site or the chat still shows its problem', {
      siteId: site.siteId,
      error,
    });
  }
  return { ...acknowledgeSent(attempt.notification), isSent: true };
}

/** The message is in the chat: the function that sent it ended before its record was written. */
async function finishSentBefore(attempt: Attempt, card: Card): Promise<Action> {
  const { notification, site } = attempt;
  if (site?.bot && sendingBot(site) && site.bot.id === card.botId)
    await deleteFormer(card, decryptToken(site.bot.sealedToken, site.siteId));
  await recordResult(attempt, { status: 'sent', messageId: card.messageId, chatId: card.chatId });
  return { ...acknowledgeSent(notification), isSent: true };
}

function acknowledgeSent(notification: Notification) {
  return { kind: 'acknowledge' as const, ...(isUnrecorded(notification) && { isUnrecorded: true as const }) };
}

/** What an error leads to where no change of the message helps. */
async function handleError(
  { attempt, site, user }: SendContext,
  chat: ChatKey,
  bot: RateLimitedBot,
  errorClass: ErrorClass,
  failure: Failure,
): Promise<Action> {
  const { rateLimiter } = attempt;
  const { chatId } = chat;
  switch (errorClass.kind) {
    case 'wait': {
      const { scope, until } = await rateLimiter.pause(bot, chatId, errorClass.seconds);
      const reason = scope === 'bot' ? 'bot-paused' : 'chat-paused';
      return hold(attempt, { scope, reason, until, failure });
    }
    case 'retry':
      return holdForTrouble(attempt, failure);
    case 'bot-unauthorized':
      await recordBotUnauthorized(site, failure.description);
      return hold(attempt, {
        scope: 'bot',
        reason: 'bot-unauthorized',
        until: Date.now() + BOT_PAUSE,
        failure,
      });
    case 'unreachable': {
      // The users first, then the record: if the function dies in between, the next attempt finds them marked.
      const unreachable = {
        reason: failure.description,
        since: new Date(Date.now()).toISOString(),
        botId: bot.id,
      };
      const marked = await markUnreachable(chat, unreachable, user);
      if (marked) attempt.updateUser(marked);
    }
  }
  await recordResult(attempt, { status: 'failed', failure });
  return ACKNOWLEDGE;
}

interface Holding extends Omit<Hold, 'kind' | 'isRecorded'> {
  reason: WaitReason;
  failure?: Failure;
}

/** The message waits. What Telegram has said is recorded; otherwise it is recorded where the message is parked. */
async function hold(attempt: Attempt, { failure, ...holding }: Holding): Promise<Action> {
  if (hasWaitedTooLong(attempt.notification, Date.now())) return giveUp(attempt, failure, holding.reason);
  if (!failure) return { kind: 'hold', ...holding };
  const until = new Date(holding.until).toISOString();
  await recordResult(attempt, { status: 'waiting', reason: holding.reason, until, failure });
  return { kind: 'hold', ...holding, isRecorded: true };
}

/**
 * The time is not enough for Telegram's answer: the message is sent another time.
 *
 * @param failure why Telegram has refused it in the form that it had before: its answers took the time.
 * @throws ServiceUnreachableError: it was ours that took the time.
 */
async function leave(attempt: Attempt, failure: Failure | undefined): Promise<Action> {
  if (failure) return holdForTrouble(attempt, failure);
  throw new ServiceUnreachableError('AWS', { cause: new Error('no time is left to send the message') });
}

/** Telegram does not answer, or answers with an error of its own: the message is tried again, later and later. */
async function holdForTrouble(attempt: Attempt, failure: Failure): Promise<Action> {
  const { notification, earlier } = attempt;
  if (hasWaitedTooLong(notification, Date.now())) return giveUp(attempt, failure, 'telegram-unreachable');
  const failures = earlier?.status === 'retrying' ? earlier.failures + 1 : 1;
  const until = Date.now() + backoffSeconds(failures) * 1_000;
  const nextAttemptAt = new Date(until).toISOString();
  await recordResult(attempt, { status: 'retrying', failure, failures, nextAttemptAt });
  return { kind: 'hold', scope: 'chat', reason: 'telegram-unreachable', until, isRecorded: true };
}

/** It has waited for a week: nobody wants to read it any more. */
async function giveUp(attempt: Attempt, failure: Failure | undefined, reason: WaitReason): Promise<Action> {
  const description = 'It has waited for a week, and is not tried any more.';
  await recordResult(attempt, { status: 'failed', failure: failure ?? { class: reason, description } });
  return ACKNOWLEDGE;
}

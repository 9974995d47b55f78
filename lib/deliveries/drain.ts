import { randomUUID } from 'node:crypto';
import { sleep, timeLeft, withDeadline } from '../aws/deadline.ts';
import { backoffSeconds } from '../aws/defer-messages.ts';
import { ServiceUnreachableError } from '../domain/errors.ts';
import { log } from '../observability/logger.ts';
import { measure } from '../observability/metrics.ts';
import type { Delivery } from '../store/deliveries.ts';
import {
  closeLane,
  countDown,
  type HeldLane,
  hasApart,
  LeaseLostError,
  leaveLane,
  noteNight,
  pauseChat,
  readHeld,
  resumeChat,
  setNight,
  takeLane,
} from '../store/lanes.ts';
import {
  endQuiet,
  listQuietChats,
  type QuietChat,
  quietChatUntil,
  readQuietChats,
} from '../store/quiet-chats.ts';
import { findSite } from '../store/sites.ts';
import {
  isInMain,
  moveToPaused,
  readMain,
  readPaused,
  removeWaiting,
  type WaitingMessage,
  waitingBehind,
} from '../store/waiting.ts';
import { type Attempt, attemptDelivery, dropDuplicate } from './attempt.ts';
import type { BatchContext } from './deliver-batch.ts';
import { chatOf, type DeliveryFacts, readDeliveryFacts } from './delivery-facts.ts';
import { KnownFacts } from './known-facts.ts';
import type { Notification } from './notification.ts';
import { isUrgent } from './quiet.ts';
import { DEFAULT_PER_SECOND } from './rate-limit-slots.ts';
import { RateLimiter } from './rate-limiter.ts';
import { recordResult } from './record.ts';
import type { Action, Hold } from './retry.ts';
import { TIME_AFTER_SENDS, TIME_FOR_ONE_SEND } from './send-time.ts';
import { sendTickets } from './tickets.ts';

/** Longer than the function may run, in milliseconds. */
export const LEASE = 70_000;
/** A run sends for this long, in milliseconds; then it is the turn of other sites. */
const TURN = 25_000;
/** The messages that are read, and take their slots, together: as a part of what the bot may send in a second. */
const PAGE = 0.5;
const LARGEST_PAGE = 50;
/** With fewer messages than this without a slot (a part, too) the next page is read: it has to come before they are sent. */
const WITHOUT_SLOT = 0.75;
/** So many seconds of messages may be on their way, where Telegram answers slowly. */
const UNDER_WAY = 4;
/** So many messages to one chat may wait for each other; the others of this chat are put aside. */
const MAX_OF_CHAT = 3;
/** The paused chats whose time has come, and that are looked at together. */
const CHATS_AT_ONCE = 5;
/** The same, of those whose night is over: these may be thousands. */
const NIGHT_CHATS_AT_ONCE = 15;
/** A chat that is put aside since it has many messages may go on after this time, in milliseconds. */
const ASIDE = 1_000;
/** A slot that is free so soon is waited for: another run would begin later. Milliseconds. */
const NEAR_SLOT = 4_000;
/** The finished messages that are removed together. */
const REMOVED_AT_ONCE = 25;
/** So many chats, one after the other, to which nothing can be sent show that nothing can be sent at all. */
const CHATS_IN_TROUBLE = 3;
/** Nothing more was found while the last messages are under way: it is looked again after this. Milliseconds. */
const RECHECK_INTERVAL = 200;
/** After an error of our own tables the next run begins, in milliseconds. */
const AFTER_ERROR = 10_000;
/** Messages that were sent, and are neither recorded nor removed, are removed once more after this, in milliseconds. */
const REMOVED_AGAIN_AFTER = 500;
/** The longest pause of a bot, in seconds, while nothing can be sent. */
const MAX_PAUSE_SECONDS = 300;

const TROUBLES: Hold['reason'][] = ['bot-missing', 'bot-unauthorized', 'telegram-unreachable'];

/**
 * Sends the waiting messages of a site, oldest first, at the pace of its bot. Only one run at a time works on a site. It
 * ends when nothing can be sent now, or when its turn is over; if messages are left, another run goes on.
 *
 * @throws ServiceUnreachableError: the sweep has another run go on.
 */
export async function drainSite(siteId: string, context: BatchContext): Promise<void> {
  const { messagesPerSecond = DEFAULT_PER_SECOND } = (await findSite(siteId)) ?? {};
  const now = Date.now();
  const lane = await takeLane(siteId, randomUUID(), { now, until: now + LEASE });
  if (!lane) return;
  try {
    await new Drain(lane, messagesPerSecond, context).run();
  } catch (error) {
    if (!(error instanceof LeaseLostError)) throw error;
    log.warn('another run has taken the waiting messages of the site', { siteId });
  }
}

/** A waiting message, and what is in it. */
interface Item {
  message: WaitingMessage;
  notification: Notification;
  chat: string;
}

/** One look at all chats that wait for the end of a night. */
interface NightPass {
  /** `nightParks` of the lane, before the first was read. */
  seen: number | undefined;
  /** The last that was read. */
  after?: string | undefined;
  /** Those that were read, and are to be looked at. */
  due: QuietChat[];
  isRead: boolean;
  /** When the first of all is to be looked at again. */
  earliest?: number;
}

/** A chain of messages to one chat. */
interface Chain {
  /** Whether the next one may be sent: the last one is finished. */
  last: Promise<boolean>;
  length: number;
}

/** When something is to be done for the chats whose messages wait apart. */
function timesOf({ paused, nightAt }: Pick<HeldLane, 'paused' | 'nightAt'>): number[] {
  return [...Object.values(paused), ...(nightAt === undefined ? [] : [nightAt])];
}

function isTrouble(reason: Hold['reason'] | undefined): boolean {
  return reason !== undefined && TROUBLES.includes(reason);
}

/** How often a message was tried in vain. */
function failuresOf(earlier: Delivery | undefined): number {
  return earlier?.status === 'retrying' ? earlier.failures : 0;
}

class Drain {
  readonly #siteId: string;
  readonly #context: BatchContext;
  readonly #end: number;
  readonly #perSecond: number;
  /** One for all pages: they must not take their slots against each other. */
  readonly #rateLimiter: RateLimiter;
  readonly #chains = new Map<string, Chain>();
  readonly #underWay = new Set<Promise<unknown>>();
  /** The keys of the messages that were read and are not removed yet. */
  readonly #inHand = new Set<string>();
  /** The deliveries that this run has finished: a second message with one of them was read before that was recorded. */
  readonly #acknowledged = new Set<string>();
  #lane: HeldLane;
  /** The last message that was read. */
  #cursor: string | undefined;
  #isFirstPage = true;
  #withoutSlot = 0;
  #finished: WaitingMessage[] = [];
  /** The keys of those that were sent without a record: whoever reads one again sends it again. */
  readonly #unrecorded = new Set<string>();
  #uncounted = 0;
  #hasSent = false;
  /** The chats that Telegram did not serve since the last message that was sent. */
  readonly #failedChats = new Set<string>();
  /** The chats that wait for the end of a night, as far as this run has read of them. */
  readonly #quiet = new Map<string, QuietChat>();
  /** The present look at all of them. */
  #nightPass: NightPass | undefined;
  /** What writes its result into the lane. */
  #endingPass: Promise<HeldLane> | undefined;
  /** How many chats are being put beside the lane. */
  #keepingQuiet = 0;
  /** Why nothing more is sent in this run. */
  #stop: Pick<Hold, 'reason' | 'until'> | undefined;
  #error: unknown;
  #isClosed = false;

  /** @param perSecond how many messages a second the bot may send. */
  constructor(lane: HeldLane, perSecond: number, context: BatchContext) {
    this.#siteId = lane.siteId;
    this.#perSecond = perSecond;
    this.#lane = lane;
    this.#context = context;
    this.#rateLimiter = new RateLimiter(context.clock);
    this.#end = Date.now() + TURN;
  }

  async run(): Promise<void> {
    try {
      while (this.#mayGoOn()) {
        const page = await this.#nextPage();
        if (page.length > 0) await this.#begin(page);
        else if (this.#underWay.size > 0)
          await Promise.race([Promise.all(this.#underWay), sleep(RECHECK_INTERVAL)]);
        else if (await this.#isEmptyNow()) break;
        await this.#makeRoom();
      }
    } catch (error) {
      this.#error ??= error;
    }
    await Promise.all(this.#underWay);
    await this.#removeLast();
    if (this.#error) this.#stop ??= { reason: 'rate-limit', until: Date.now() + AFTER_ERROR };
    if (!this.#isClosed) await this.#leave();
    if (this.#error) throw this.#error;
  }

  #mayGoOn(): boolean {
    const isInTime = Date.now() < this.#end && this.#context.remainingMilliseconds() > 2 * TIME_FOR_ONE_SEND;
    return isInTime && !this.#stop && !this.#error;
  }

  /** Otherwise the message stays where it is, for the next run. */
  #hasTimeForOne(): boolean {
    return this.#context.remainingMilliseconds() >= TIME_FOR_ONE_SEND + TIME_AFTER_SENDS;
  }

  /** The next messages to begin with: those of chats whose pause is over, and the oldest of all others. */
  async #nextPage(): Promise<WaitingMessage[]> {
    const now = Date.now();
    const due = Object.entries(this.#lane.paused)
      .filter(([chat, until]) => until <= now && !this.#chains.has(chat))
      .slice(0, this.#isProbing() ? 1 : CHATS_AT_ONCE);
    const ofNight = await this.#nextOfNight(now, this.#isProbing() ? 1 - due.length : NIGHT_CHATS_AT_ONCE);
    // What is finished must be gone, or it would be read once more.
    if (due.length + ofNight.length > 0) await this.#removeFinished();
    const read = (
      await Promise.all([
        ...due.map(([chat]) => this.#nextOfChat(chat)),
        ...ofNight.map((chat) => this.#nextOfQuiet(chat)),
      ])
    ).flat();
    // Whoever has linked another chat since has messages under way in a chain of that chat.
    const ofChats = read.filter(({ key }) => !this.#inHand.has(key));
    if (this.#lane.mode === 'some' || (this.#isProbing() && ofChats.length > 0)) return ofChats;
    const limit = Math.min(this.#share(PAGE), LARGEST_PAGE);
    const main = await readMain(this.#siteId, this.#isProbing() ? 1 : limit, this.#cursor);
    this.#cursor = main.at(-1)?.key ?? this.#cursor;
    return [...ofChats, ...main].filter(({ key }) => !this.#inHand.has(key));
  }

  async #nextOfChat(chat: string): Promise<WaitingMessage[]> {
    const messages = await readPaused(this.#siteId, chat, this.#isProbing() ? 1 : MAX_OF_CHAT);
    if (messages.length === 0) this.#adopt(await resumeChat(this.#lane, chat));
    return messages;
  }

  async #nextOfQuiet(chat: QuietChat): Promise<WaitingMessage[]> {
    const messages = await readPaused(this.#siteId, chat.chat, this.#isProbing() ? 1 : MAX_OF_CHAT);
    if (messages.length > 0) return messages;
    await endQuiet(chat);
    this.#quiet.delete(chat.chat);
    return [];
  }

  /**
   * The next chats whose night is over. All that wait are read one after the other; then the lane says when the first of
   * those that are left has its time.
   */
  async #nextOfNight(now: number, limit: number): Promise<QuietChat[]> {
    const { nightAt, nightParks } = this.#lane;
    if (nightAt === undefined || nightAt > now || limit <= 0) return [];
    this.#nightPass ??= { seen: nightParks, due: [], isRead: false };
    const pass = this.#nightPass;
    while (pass.due.length < limit && !pass.isRead) {
      const { chats, isLast } = await listQuietChats(this.#siteId, pass.after);
      for (const chat of chats) {
        this.#learnOf(chat);
        if (chat.until <= now && !this.#chains.has(chat.chat)) pass.due.push(chat);
        // It is looked at once more: nobody knows yet whether others of its messages wait.
        pass.earliest = Math.min(pass.earliest ?? chat.until, chat.until);
      }
      pass.after = chats.at(-1)?.chat;
      pass.isRead = isLast;
    }
    const next = pass.due.splice(0, limit);
    if (next.length === 0) {
      this.#nightPass = undefined;
      const isOver = pass.earliest === undefined || pass.earliest > now;
      if (isOver && this.#keepingQuiet === 0) await this.#endPass(pass);
    }
    return next;
  }

  /** Meanwhile no chat is put beside the lane: the lane would not say when that one has its time. */
  async #endPass({ earliest, seen }: NightPass): Promise<void> {
    this.#endingPass = setNight(this.#lane, earliest, seen);
    try {
      this.#adopt(await this.#endingPass);
    } finally {
      this.#endingPass = undefined;
    }
  }

  /** While the bot, or Telegram, did not work lately, one message shows whether it works again. */
  #isProbing(): boolean {
    return isTrouble(this.#lane.reason) && !this.#hasSent;
  }

  /** What a part of the messages of a second is; at least one. */
  #share(part: number): number {
    return Math.max(1, Math.floor(this.#perSecond * part));
  }

  /** Messages that are under way change the lane at the same time: the latest state counts. */
  #adopt(lane: HeldLane): void {
    if (lane.version > this.#lane.version) this.#lane = lane;
  }

  async #begin(page: WaitingMessage[]): Promise<void> {
    for (const { key } of page) this.#inHand.add(key);
    const notifications = page.map(({ body }) => JSON.parse(body) as Notification);
    const facts = await readDeliveryFacts(notifications);
    if (this.#isFirstPage)
      this.#measureAge(notifications.filter((each) => !this.#quiet.has(chatOf(each, facts))));
    this.#isFirstPage = false;
    const known = new KnownFacts(notifications, facts);
    this.#rateLimiter.learn(facts.rateLimits);
    await this.#learnQuiet(page, notifications, facts);
    for (const [index, message] of page.entries()) {
      const notification = notifications[index];
      if (!notification) continue;
      const item = { message, notification, chat: chatOf(notification, facts) };
      const length = this.#chains.get(item.chat)?.length ?? 0;
      if (length >= MAX_OF_CHAT) this.#chain(item, (mayGo) => this.#putAside(item, mayGo, known));
      else this.#chain(item, (mayGo) => this.#handle(item, mayGo, known));
    }
  }

  /** Which chats of messages that are among all others wait for the end of a night: after the messages were read. */
  async #learnQuiet(
    page: WaitingMessage[],
    notifications: Notification[],
    facts: DeliveryFacts,
  ): Promise<void> {
    const main = notifications.filter((_, index) => page[index] && isInMain(page[index]));
    // The lane may have been read before the first of them was put there.
    const mayWait = main.some(({ siteId, deliveryId }) => {
      const hours = facts.holders.get(deliveryId)?.quietHours ?? facts.sites.get(siteId)?.quietHours;
      return hours?.mode === 'after';
    });
    if (main.length === 0 || (this.#lane.nightAt === undefined && !mayWait)) return;
    const chats = main.map((notification) => chatOf(notification, facts));
    for (const quiet of (await readQuietChats(this.#siteId, chats)).values()) this.#learnOf(quiet);
  }

  /** What a message under way has written of its chat is newer. */
  #learnOf(quiet: QuietChat): void {
    if (!this.#chains.has(quiet.chat)) this.#quiet.set(quiet.chat, quiet);
  }

  /**
   * How long the oldest messages have waited: not those of a night, and not while the bot or Telegram does not work, which has
   * alarms of its own.
   */
  #measureAge(oldest: Notification[]): void {
    if (this.#lane.failures > 0 || oldest.length === 0) return;
    const age = Date.now() - Math.min(...oldest.map(({ acceptedAt }) => Date.parse(acceptedAt)));
    // The function that accepted the event may have a clock that is a little ahead of this one's.
    measure('WaitingAge', { siteId: this.#siteId }, Math.max(0, age));
  }

  /** The chat has many messages: the others need not wait for them. */
  async #putAside(item: Item, mayGo: boolean, known: KnownFacts): Promise<boolean> {
    if (this.#error || this.#stop) return false;
    return mayGo ? this.#holdChat(item, Date.now() + ASIDE) : this.#setBehind(item, known);
  }

  /** Each message to a chat waits for the one before it. */
  #chain({ chat }: Item, handle: (mayGo: boolean) => Promise<boolean>): void {
    const chain = this.#chains.get(chat) ?? { last: Promise.resolve(true), length: 0 };
    const last = chain.last.then(handle).catch((error: unknown) => {
      this.#error ??= error;
      return false;
    });
    this.#chains.set(chat, { last, length: chain.length + 1 });
    const ended = last.then(() => {
      this.#underWay.delete(ended);
      const { length, ...rest } = this.#chains.get(chat) ?? { last, length: 1 };
      if (length > 1) this.#chains.set(chat, { ...rest, length: length - 1 });
      else this.#chains.delete(chat);
    });
    this.#underWay.add(ended);
  }

  /** @returns whether the next message to the chat may be sent. */
  async #handle(item: Item, mayGo: boolean, known: KnownFacts): Promise<boolean> {
    const { message, chat } = item;
    const hasSlot = this.#countWithoutSlot();
    try {
      if (this.#error || this.#stop || !this.#hasTimeForOne()) return false;
      const isApart = this.#lane.paused[chat] !== undefined || this.#quiet.has(chat);
      if (!mayGo || (isInMain(message) && isApart)) return await this.#setBehind(item, known);
      if (this.#acknowledged.has(item.notification.deliveryId)) {
        dropDuplicate(item.notification);
        this.#finished.push(message);
        return true;
      }
      const action = await this.#actionWithSlot(item, known, hasSlot);
      if (action.kind === 'acknowledge') {
        this.#finished.push(message);
        if (!action.isOpen) {
          this.#acknowledged.add(item.notification.deliveryId);
          known.close(item.notification);
        }
        if (action.isUnrecorded) this.#unrecorded.add(message.key);
        if (action.isSent) this.#noteSuccess();
        return true;
      }
      if (action.reason === 'telegram-unreachable') this.#noteTrouble(item, action);
      // Also where the lane names a hundred chats already: one chat more must not hold up the others for its time.
      if (action.scope === 'night') return await this.#holdForNight(item, known, action);
      if (action.scope === 'chat') return await this.#holdChat(item, action.until, action.reason);
      this.#stop ??= action;
      return false;
    } finally {
      hasSlot();
    }
  }

  #noteSuccess(): void {
    this.#hasSent = true;
    this.#failedChats.clear();
  }

  /** If nothing can be sent to several chats, one after the other, then it is not a matter of one chat. */
  #noteTrouble({ chat }: Item, { reason, until }: Hold): void {
    this.#failedChats.add(chat);
    if (this.#failedChats.size >= CHATS_IN_TROUBLE) this.#stop ??= { reason, until };
  }

  /** Counts a message as one without a slot. @returns to be called when it has one, or needs none. */
  #countWithoutSlot(): () => void {
    let isCounted = true;
    this.#withoutSlot++;
    return () => {
      if (isCounted) this.#withoutSlot--;
      isCounted = false;
    };
  }

  /** Where the slots of the next seconds are taken, as by messages that went out before these had to wait: waits for them. */
  async #actionWithSlot(item: Item, known: KnownFacts, hasSlot: () => void): Promise<Action> {
    for (;;) {
      const action = await this.#actionFor(item, known, hasSlot);
      const isFull = action.kind === 'hold' && action.scope === 'bot' && action.reason === 'rate-limit';
      if (!isFull || action.until > Date.now() + NEAR_SLOT || !this.#mayGoOn()) return action;
      await sleep(action.until - Date.now());
    }
  }

  async #actionFor(
    { message, notification, chat }: Item,
    known: KnownFacts,
    hasSlot: () => void,
  ): Promise<Action> {
    const facts = known.of(notification);
    const attempt: Attempt = {
      ...facts,
      receives: Math.max(message.attempts, failuresOf(facts.earlier)) + 1,
      rateLimiter: {
        acquire: async (...request) => {
          const decision = await this.#rateLimiter.acquire(...request);
          hasSlot();
          return decision;
        },
        pause: (...request) => this.#rateLimiter.pause(...request),
      },
      // The lane is open already.
      reportSlowness: () => undefined,
      hasUrgentBehind: (until) => this.#hasUrgentBehind(message, chat, until),
      updateUser: (user) => known.keepUser(user),
      updateCard: (card) => known.keepCard(card),
      refresh: (until) => known.refresh(notification, until),
    };
    try {
      return await withDeadline(TIME_FOR_ONE_SEND, () => attemptDelivery(attempt));
    } catch (error) {
      const { siteId, deliveryId, event, eventId } = notification;
      log.error('delivery not finished', { siteId, deliveryId, event, eventId, error });
      if (error instanceof ServiceUnreachableError) throw error;
      // Something is wrong with this message: only its chat waits.
      const until = Date.now() + backoffSeconds(8) * 1_000;
      return { kind: 'hold', scope: 'chat', reason: 'telegram-unreachable', until };
    }
  }

  /** The messages to this chat wait apart from now on. */
  async #holdChat(item: Item, until: number, reason: Hold['reason'] = 'rate-limit'): Promise<boolean> {
    const { chat } = item;
    // A chat that moved from here to the lane could seem to wait nowhere.
    if (this.#quiet.has(chat)) await this.#keepQuiet(chat, until, reason);
    else this.#adopt(await pauseChat(this.#lane, chat, until));
    return this.#setAside(item);
  }

  /** The messages to this chat wait for the end of the night. */
  async #holdForNight(item: Item, known: KnownFacts, hold: Hold): Promise<boolean> {
    const { chat } = item;
    await this.#keepQuiet(chat, hold.until, hold.reason);
    if (this.#lane.paused[chat] !== undefined) this.#adopt(await resumeChat(this.#lane, chat));
    await this.#recordNight(item, known, hold);
    return this.#setAside(item);
  }

  /** It waits behind an earlier message to its chat. */
  async #setBehind(item: Item, known: KnownFacts): Promise<boolean> {
    const quiet = this.#quiet.get(item.chat);
    if (quiet?.reason !== 'quiet-hours' || quiet.until <= Date.now()) return this.#setAside(item);
    await this.#recordNight(item, known, quiet);
    // First there, then the time: the earlier message looks for it there.
    await this.#setAside(item);
    if (isUrgent(item.notification, quiet.until)) await this.#keepQuiet(item.chat, Date.now(), quiet.reason);
    return false;
  }

  async #keepQuiet(chat: string, until: number, reason: Hold['reason']): Promise<void> {
    while (this.#endingPass) await this.#endingPass.catch(() => undefined);
    this.#keepingQuiet++;
    try {
      // The lane first: it is not later than any of its chats.
      this.#adopt(await noteNight(this.#lane, until));
      const pass = this.#nightPass;
      if (pass) pass.earliest = Math.min(pass.earliest ?? until, until);
      const siteId = this.#siteId;
      await quietChatUntil({ siteId, chat, until, reason }, { isUntilThen: true });
      // Its version is not known, and not needed: it is read again before it is removed.
      this.#quiet.set(chat, { siteId, chat, until, reason, version: 0 });
    } finally {
      this.#keepingQuiet--;
    }
  }

  /** The log says until when a message waits for the end of the night. */
  async #recordNight(
    { message, notification }: Item,
    known: KnownFacts,
    { reason, until }: Pick<Hold, 'reason' | 'until'>,
  ): Promise<void> {
    if (notification.takesBack) return;
    const { earlier, notification: present } = known.of(notification);
    const result = { status: 'waiting' as const, reason, until: new Date(until).toISOString() };
    if (earlier?.status === 'waiting' && earlier.reason === reason && earlier.until === result.until) return;
    await recordResult({ notification: present, receives: message.attempts, earlier }, result);
  }

  async #hasUrgentBehind(message: WaitingMessage, chat: string, until: number): Promise<boolean> {
    for await (const { body } of waitingBehind(message, chat))
      if (isUrgent(JSON.parse(body) as Notification, until)) return true;
    return false;
  }

  /** It stays, or goes, where the messages to its paused chat wait. */
  async #setAside({ message, chat }: Item): Promise<boolean> {
    await moveToPaused(message, chat);
    this.#inHand.delete(message.key);
    return false;
  }

  /** Waits until the next page may be begun. */
  async #makeRoom(): Promise<void> {
    if (this.#finished.length >= REMOVED_AT_ONCE) await this.#removeFinished();
    const isFull = () =>
      this.#withoutSlot > this.#share(WITHOUT_SLOT) || this.#underWay.size > this.#share(UNDER_WAY);
    while (isFull() && this.#underWay.size > 0) await Promise.race([...this.#underWay, sleep(20)]);
    if (this.#isProbing()) await Promise.all(this.#underWay);
  }

  async #removeFinished(): Promise<void> {
    const finished = this.#finished;
    this.#finished = [];
    try {
      await removeWaiting(finished);
    } catch (error) {
      this.#finished.push(...finished);
      throw error;
    }
    for (const { key } of finished) {
      this.#inHand.delete(key);
      this.#unrecorded.delete(key);
    }
    this.#uncounted += finished.length;
    if (this.#uncounted < 10 * REMOVED_AT_ONCE) return;
    this.#adopt(await countDown(this.#lane, this.#uncounted));
    this.#uncounted = 0;
  }

  /**
   * Removes what is finished at the end of the run. Where a message was sent without a record, that is tried for as long as
   * the function may run: nothing else keeps the next run from sending it again.
   */
  async #removeLast(): Promise<void> {
    for (;;) {
      try {
        return await this.#removeFinished();
      } catch (error) {
        this.#error ??= error;
        const { size: messages } = this.#unrecorded;
        if (messages === 0) return;
        log.error('sent, but neither recorded nor removed', { siteId: this.#siteId, messages, error });
        if (timeLeft() <= REMOVED_AGAIN_AFTER) return;
        await sleep(REMOVED_AGAIN_AFTER);
      }
    }
  }

  /** Nothing is under way, and nothing was read. @returns whether the run is over. */
  async #isEmptyNow(): Promise<boolean> {
    await this.#removeFinished();
    this.#lane = await readHeld(this.#lane);
    const { mode, paused, nightAt } = this.#lane;
    // From the beginning: a message may have been parked in front of those that were read.
    this.#cursor = undefined;
    if (mode === 'all' && (await readMain(this.#siteId, 1)).length > 0) return false;
    const hasPaused = hasApart(this.#lane);
    if (mode === 'all' || !hasPaused) {
      if (!(await closeLane(this.#lane))) return false;
      this.#isClosed = !hasPaused;
      this.#lane = { ...this.#lane, mode: 'some', version: this.#lane.version + 1 };
    }
    return !timesOf({ paused, nightAt }).some((until) => until <= Date.now());
  }

  /** Says when the next run has something to do. */
  async #leave(): Promise<void> {
    for (;;) {
      const end = this.#endOf(this.#lane);
      if (await leaveLane(this.#lane, end))
        return sendTickets([this.#siteId], (end.nextAt - Date.now()) / 1_000);
      this.#lane = await readHeld(this.#lane);
    }
  }

  #endOf({ mode, paused, nightAt, failures: before }: HeldLane) {
    const now = Date.now();
    const failures = isTrouble(this.#stop?.reason) && !this.#hasSent ? before + 1 : 0;
    const pause = Math.min(backoffSeconds(failures), MAX_PAUSE_SECONDS) * 1_000;
    const done = this.#uncounted;
    if (this.#stop) {
      const until = failures > 0 ? Math.max(this.#stop.until, now + pause) : this.#stop.until;
      // Until it can be sent again, the later messages of all chats wait too, untried.
      return { nextAt: until, failures, done, isForAll: true, reason: this.#stop.reason };
    }
    const times = timesOf({ paused, nightAt });
    return {
      // A lane that names no chat any more is closed at once.
      nextAt: mode === 'all' || times.length === 0 ? now : Math.min(...times),
      failures: 0,
      done,
      isForAll: mode === 'all',
      reason: undefined,
    };
  }
}

import { randomUUID } from 'node:crypto';
import { inParallel } from '../aws/parallel.ts';
import { log } from '../observability/logger.ts';
import { count, measure } from '../observability/metrics.ts';
import { callDispatcher, KEPT_OPEN } from '../store/announce.ts';
import { readFacts } from '../store/facts.ts';
import {
  dueRows,
  nextDue,
  type OutgoingRow,
  putRows,
  removeRows,
  rowForNextTry,
  STREAMS,
  TOLD_WITHIN,
} from '../store/outgoing.ts';
import {
  type EndpointHealth,
  type HeldOutgoingLane,
  keepHealth,
  leaveOutgoingLane,
  type OutgoingEnd,
  takeOutgoingLane,
} from '../store/outgoing-lanes.ts';
import type { SiteWebhook } from '../store/site-webhook.ts';
import { findCurrentSite, type Site } from '../store/sites.ts';
import { CALL_TIME, callEndpoint, isTaken } from './call-endpoint.ts';
import {
  afterFailure,
  afterSuccess,
  healthOf,
  isGivenUp,
  isProbed,
  messagePause,
} from './endpoint-health.ts';
import { bodyOf, dataOf } from './payload.ts';
import { signedCall } from './secrets.ts';
import { switchOff } from './switch-off.ts';

/** A run tells for this long, in milliseconds; then it is the turn of other sites. */
const TURN = 20_000;
/** Longer than a turn, its last calls, and what is written after them. Milliseconds. */
const LEASE = 60_000;
/** A run begins no further call with less than this left, in milliseconds. */
const TIME_AFTER_CALLS = 5_000;
/** The rows that are read together. */
const PAGE = 25;
/**
 * No call of a page begins later than this after its first one, in milliseconds: an endpoint that is slow is told of people
 * before the rest of the page, too.
 */
const PAGE_TIME = 1_500;
/** The calls of one site at the same time: an endpoint that hangs takes no more than this. */
const PARALLEL_CALLS = 5;
/** A lane in which a row may be written soon is looked at this often, in milliseconds. */
const RECHECK_AFTER = 60_000;
/**
 * A row of what did not happen is dropped after this, in milliseconds: whoever wrote it and died has been forgotten by
 * then, and whoever goes on in its place writes a row anew.
 */
const HAPPENS_WITHIN = 5 * 60_000;
/** SQS delays a ticket by so much at most, in milliseconds: what is due later is found by the sweep. */
const LONGEST_TICKET = 15 * 60_000;
/** HTTP 410: the endpoint wants nothing more. */
const GONE = 410;

/**
 * Tells the endpoint of a site what there is to tell, those that are due first. Only one run at a time works on a site.
 *
 * @param remainingMilliseconds how long the function may still run.
 * @throws ServiceUnreachableError: the sweep has another run go on.
 */
export async function dispatchSite(siteId: string, remainingMilliseconds: () => number): Promise<void> {
  const now = Date.now();
  const lane = await takeOutgoingLane(siteId, randomUUID(), { now, until: now + LEASE });
  if (!lane) return;
  const site = await findCurrentSite(siteId);
  const run = new Dispatch(lane, site, remainingMilliseconds);
  await run.run();
}

/** A row, and what is told of it. */
interface Message {
  row: OutgoingRow;
  body: string;
}

class Dispatch {
  readonly #lane: HeldOutgoingLane;
  readonly #site: Site | undefined;
  /** Absent where nothing is told. */
  readonly #webhook: SiteWebhook | undefined;
  readonly #remainingMilliseconds: () => number;
  readonly #end = Date.now() + TURN;
  #health: EndpointHealth;
  /** The endpoint was switched off in this run. */
  #isOff = false;
  /** How many calls were taken. */
  #taken = 0;
  /** The endpoint itself has said when it wants the next call. */
  #isAskedToWait = false;
  /** The last page was the last one. */
  #isAllRead = false;
  /** No call of this page begins later, milliseconds since 1970. */
  #pageEnd = 0;
  /** Of the last page, something is left to be told. */
  #isCut = false;
  /** The last keys that were read, by stream. */
  readonly #read = new Map<string, string>();
  /** What is finished, and what is tried again: see `#save`. */
  #finished: OutgoingRow[] = [];
  #again: OutgoingRow[] = [];

  constructor(lane: HeldOutgoingLane, site: Site | undefined, remainingMilliseconds: () => number) {
    this.#lane = lane;
    this.#site = site;
    this.#webhook = site?.webhook?.problem ? undefined : site?.webhook;
    this.#remainingMilliseconds = remainingMilliseconds;
    this.#health = healthOf(lane);
  }

  async run(): Promise<void> {
    const webhook = this.#webhook;
    while (webhook && this.#mayGoOn()) {
      const rows = await this.#nextRows();
      this.#isAllRead = rows.length < PAGE;
      const messages = await this.#toTell(rows, webhook);
      const limit = isProbed(this.#health) ? 1 : PARALLEL_CALLS;
      this.#pageEnd = Date.now() + PAGE_TIME;
      this.#isCut = false;
      await inParallel(messages, limit, (message) => this.#tell(message, webhook));
      await this.#save();
      // The rest is found again: what was told is not there any more.
      if (this.#isCut) this.#read.clear();
      // Whoever came since then has left word.
      if (this.#isAllRead) break;
      // Nobody else writes the health of a lane that is held: a run that has lost it must stop.
      if (!(await keepHealth(this.#lane, this.#health))) return;
    }
    await this.#leave();
  }

  #mayGoOn(): boolean {
    const isInTime = Date.now() < this.#end && this.#remainingMilliseconds() > CALL_TIME + TIME_AFTER_CALLS;
    return isInTime && !this.#isOff && !this.#health.pausedUntil;
  }

  /** What people and the bot do comes first. */
  async #nextRows(): Promise<OutgoingRow[]> {
    const { siteId } = this.#lane;
    const rows: OutgoingRow[] = [];
    for (const stream of STREAMS) {
      if (rows.length === PAGE) break;
      const limit = PAGE - rows.length;
      const query = { siteId, stream, after: this.#read.get(stream), dueBy: Date.now(), limit };
      const found = await dueRows(query);
      const last = found.at(-1);
      if (last) this.#read.set(stream, last.key);
      rows.push(...found);
    }
    return rows;
  }

  /** The rows of what has happened. What did not happen, or is too old, is dropped; what may still happen stays. */
  async #toTell(rows: OutgoingRow[], { createdAt }: SiteWebhook): Promise<Message[]> {
    const { siteId } = this.#lane;
    const wanted = rows.flatMap(({ source }) =>
      source.kind === 'delivery' ? [{ siteId, deliveryId: source.deliveryId }] : [],
    );
    const { deliveries } = await readFacts({ deliveries: wanted });
    const now = Date.now();
    return rows.flatMap((row) => {
      const age = now - Date.parse(row.at);
      if (row.at < createdAt) return this.#drop(row);
      if (age > TOLD_WITHIN) return this.#giveUp(row);
      const data = dataOf(row, { bot: this.#site?.bot, deliveries });
      if (data) return [{ row, body: bodyOf(row.event, row.at, data) }];
      return age > HAPPENS_WITHIN ? this.#drop(row) : [];
    });
  }

  #drop(row: OutgoingRow): [] {
    this.#finished.push(row);
    return [];
  }

  #giveUp(row: OutgoingRow): [] {
    const { siteId, id, event, failures } = row;
    log.warn('webhook given up after a day', { siteId, id, event, failures });
    this.#health = { ...this.#health, dropped: this.#health.dropped + 1 };
    return this.#drop(row);
  }

  async #tell({ row, body }: Message, webhook: SiteWebhook): Promise<void> {
    if (!this.#mayGoOn() || Date.now() > this.#pageEnd) {
      this.#isAllRead = false;
      this.#isCut = true;
      return;
    }
    const { siteId, id, event } = row;
    const begun = Date.now();
    const takenBefore = this.#taken;
    const { retryAfter, ...result } = await callEndpoint(signedCall(siteId, webhook, { id, body }, begun));
    const now = Date.now();
    const isSuccess = isTaken(result);
    const { answer, ...shown } = result;
    const made = {
      ...{ at: new Date(begun).toISOString(), id, event, attempt: row.failures + 1 },
      ...shown,
      // What it says to what it has taken is of no use, and the lane is written with each run.
      ...(!isSuccess && answer && { answer }),
    };
    log.info('webhook called', {
      siteId,
      id,
      event,
      attempt: made.attempt,
      status: result.status,
      isSuccess,
    });
    count('WebhookCalls', { status: isSuccess ? 'taken' : 'failed', siteId });
    if (isSuccess) {
      const { pausedUntil } = this.#health;
      this.#taken += 1;
      this.#health = afterSuccess(this.#health, made);
      // This call was under way when another one was asked to wait.
      if (this.#isAskedToWait && pausedUntil) this.#health = { ...this.#health, pausedUntil };
      measure('WebhookAge', { siteId }, Math.max(0, now - Date.parse(row.at)));
      this.#finished.push(row);
      return;
    }
    this.#isAskedToWait ||= retryAfter !== undefined;
    const isAnswering = this.#taken > takenBefore;
    this.#health = afterFailure(this.#health, made, { now, retryAfter, isAnswering });
    if (result.status === GONE) return this.#switchOff(webhook, 'endpoint-gone');
    if (isGivenUp(this.#health)) return this.#switchOff(webhook, 'endpoint-failing');
    const next = now + messagePause(row.failures + 1);
    if (next - Date.parse(row.at) > TOLD_WITHIN) this.#giveUp(row);
    else this.#again.push(rowForNextTry(row, next));
    if (!this.#finished.includes(row)) this.#finished.push(row);
  }

  /** What waits stays until its day is over: whoever saves the webhook anew within it gets it. */
  async #switchOff(webhook: SiteWebhook, kind: 'endpoint-gone' | 'endpoint-failing'): Promise<void> {
    this.#isOff = true;
    await switchOff(this.#lane.siteId, webhook, kind);
  }

  /** First what is tried again, then the removal of what it replaces: what dies in between is told twice, with one id. */
  async #save(): Promise<void> {
    await putRows(this.#again);
    await removeRows(this.#finished);
    this.#again = [];
    this.#finished = [];
  }

  async #leave(): Promise<void> {
    const { siteId, ticketFor } = this.#lane;
    const { nextAt, ticketAt } = await this.#next();
    // The ticket of an earlier run for that time is still under way: each run that sent one anew would make more of them.
    const isNew = ticketAt !== undefined && new Date(ticketAt).toISOString() !== ticketFor;
    const end = { health: this.#health, nextAt, ticketAt };
    const isPaused = this.#health.pausedUntil !== undefined || this.#isOff;
    if (await leaveOutgoingLane(this.#lane, end, isPaused)) {
      if (isNew) await callDispatcher(siteId, ticketAt - Date.now());
      return;
    }
    // Somebody came meanwhile: there may be more. If it was another run that has taken the lane, it goes on.
    const now = Date.now();
    if (await leaveOutgoingLane(this.#lane, { ...end, nextAt: now, ticketAt: now }, true))
      await callDispatcher(siteId, 0);
  }

  /**
   * When somebody has to look at the lane, and for when a ticket has to be there. The sweep looks every minute: it serves
   * for what is not urgent.
   */
  async #next(): Promise<Pick<OutgoingEnd, 'nextAt' | 'ticketAt'>> {
    if (!this.#webhook || this.#isOff) return {};
    const now = Date.now();
    const due = await nextDue(this.#lane.siteId);
    const pausedUntil = Date.parse(this.#health.pausedUntil ?? '') || 0;
    // With time left, all that is due was read: what is still there waits for its record.
    const isRead = this.#isAllRead && pausedUntil === 0;
    const next =
      due !== undefined && (isRead ? Math.max(due, now + RECHECK_AFTER) : Math.max(due, pausedUntil, now));
    const isMarked = Date.parse(this.#lane.markedAt ?? '') > now - KEPT_OPEN;
    const recheckAt = isMarked && pausedUntil === 0 ? now + RECHECK_AFTER : Number.POSITIVE_INFINITY;
    if (next === false) return isMarked ? { nextAt: now + RECHECK_AFTER } : {};
    const isNear = next - now <= LONGEST_TICKET && !(isRead && due !== undefined && due <= now);
    return { nextAt: Math.min(next, recheckAt), ...(isNear && { ticketAt: next }) };
  }
}

/** One run of a poller: its time, what it has found out about sites, and what it puts off. */
import { isRefusedRequest } from '../aws/refused-request.ts';
import { ServiceUnreachableError } from '../domain/errors.ts';
import { log } from '../observability/logger.ts';
import { count } from '../observability/metrics.ts';
import type { DueKey } from '../store/schedule.ts';
import type { ScheduledEvent } from './scheduled-event.ts';

/**
 * Something that was due so long before a run was due in the run before as well, which may have ended because of it.
 * Milliseconds: a minute, and the inaccuracy of the scheduler.
 */
const LATE = 70_000;
/** A run with less time left stops, and the next run continues. Milliseconds. */
const LEAST_TIME = 15_000;
/** The part of the time before that is for suspects: see `Run.suspects`. */
const TIME_FOR_SUSPECTS = 5_000;
/** With less time left than this, no more keys are read: the rest is for those that were found. */
const TIME_FOR_DISPATCH = 25_000;
/** After so many requests in a row, for different sites, that a service did not serve, it is taken to be out of reach. */
const MOST_UNSERVED = 3;

export interface PollContext {
  /** Milliseconds since 1970. */
  now: () => number;
  /** The time that the function has left, in milliseconds. */
  remainingMilliseconds: () => number;
}

export interface PollSummary {
  /** How many items were dispatched, with all their recipients. */
  due: number;
  /** How late the oldest one was, in milliseconds. */
  latestMilliseconds: number;
  /** Whether the time was too short for all items. */
  isCutShort: boolean;
}

/** An item that is put off to a later part of the run. It is read again then. */
export interface PutOff {
  key: DueKey;
  /** Whether its attempt was written into it in this run. */
  hasBegun?: boolean;
}

export interface Run {
  scheduled: ScheduledEvent;
  /** What was due by then is dispatched; milliseconds since 1970. */
  begin: number;
  context: PollContext;
  summary: PollSummary;
  /** Sites of which something has failed: the rest of what is due for them waits for the next run. */
  skipped: Set<string>;
  /** For how long messages of each site were written in this round, in milliseconds. */
  used: Map<string, number>;
  /** Small items for which there was no time in this round, by site. */
  later: Map<string, DueKey[]>;
  /** Items that are dispatched page by page, by site: a site's turn is one page. */
  large: Map<string, { turns: number; items: PutOff[] }>;
  /** Items whose last attempt may have ended a run: they come last, and each alone. */
  suspects: (PutOff & { attempts: number })[];
  /** The error of the last request that a service did not serve, and how many these were in a row. */
  unserved: { inARow: number; error?: ServiceUnreachableError };
}

export function startRun(scheduled: ScheduledEvent, context: PollContext): Run {
  return {
    scheduled,
    begin: context.now(),
    context,
    summary: { due: 0, latestMilliseconds: 0, isCutShort: false },
    skipped: new Set(),
    used: new Map(),
    later: new Map(),
    large: new Map(),
    suspects: [],
    unserved: { inARow: 0 },
  };
}

/** Whether there is time for more, and the services answer. It is asked before each part of the work that is left. */
export function goesOn(run: Run, work: 'keys' | 'items' | 'suspects' = 'items'): boolean {
  if (isStopped(run)) return false;
  const reserved = {
    keys: TIME_FOR_DISPATCH,
    items: run.suspects.length > 0 ? TIME_FOR_SUSPECTS : 0,
    suspects: 0,
  };
  const hasTime = run.context.remainingMilliseconds() >= LEAST_TIME + reserved[work];
  if (!hasTime) run.summary.isCutShort = true;
  return hasTime;
}

/** Whether a service is out of reach. */
export function isStopped({ unserved }: Run): boolean {
  return unserved.inARow >= MOST_UNSERVED;
}

/** What was due before this time is late. ISO 8601 in UTC, with milliseconds. */
export function lateBefore({ begin }: Run): string {
  return new Date(begin - LATE).toISOString();
}

export function putOff(run: Run, item: PutOff): void {
  const { siteId } = item.key;
  const ofSite = run.large.get(siteId) ?? { turns: 0, items: [] };
  ofSite.items.push(item);
  run.large.set(siteId, ofSite);
}

/** Leaves a small item for a later round. */
export function leave(run: Run, key: DueKey): void {
  const ofSite = run.later.get(key.siteId) ?? [];
  ofSite.push(key);
  run.later.set(key.siteId, ofSite);
}

/**
 * Skips a site for the rest of the run. The first time, it is logged with the reason, and counted.
 *
 * @param fields what is known about the item that is the reason.
 */
export function skipSite(run: Run, siteId: string, fields: Record<string, unknown>): void {
  if (run.skipped.has(siteId)) return;
  run.skipped.add(siteId);
  const { event } = run.scheduled;
  count('SiteSkipped', { event, siteId });
  log.error('site skipped: what is due for it is tried again later', { ...fields, siteId, event });
}

/** Whether a service is out of reach, or too busy: whoever the request was for, they are not to blame. */
export function isOutage(error: unknown): error is ServiceUnreachableError {
  return error instanceof ServiceUnreachableError && !isRefusedRequest(error);
}

/** A service did not serve a request. */
export function noteUnserved(
  { unserved, scheduled }: Run,
  error: ServiceUnreachableError,
  siteId?: string,
): void {
  unserved.error = error;
  unserved.inARow += 1;
  log.warn('due items not dispatched: a service did not answer', { siteId, event: scheduled.event, error });
}

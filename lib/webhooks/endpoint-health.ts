/** When an endpoint is called again that does not take what it is told, and when it is given up. */
import type { EndpointHealth, OutgoingLane, WebhookTry } from '../store/outgoing-lanes.ts';

const SECOND = 1_000;
const MINUTE = 60 * SECOND;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

/** Each message by itself is tried again after these pauses, and from then on after the last one: for a day in all. */
const MESSAGE_PAUSES = [
  ...[5 * SECOND, 30 * SECOND, 2 * MINUTE, 5 * MINUTE, 15 * MINUTE, 30 * MINUTE],
  ...[HOUR, 2 * HOUR, 3 * HOUR, 4 * HOUR],
];

/** So many failures, one after the other, are not a matter of one message: nothing is sent for a time. */
const FAILURES_IN_A_ROW = 3;
/** Then one message shows whether it works again; if not, the next pause begins. */
const ENDPOINT_PAUSES = [
  5 * SECOND,
  15 * SECOND,
  MINUTE,
  2 * MINUTE,
  5 * MINUTE,
  10 * MINUTE,
  30 * MINUTE,
  HOUR,
];

/** For so long nothing was taken: the endpoint is switched off. The specification names "multiple days". */
const GIVEN_UP_AFTER = 5 * DAY;
/** Failures with more time between them say nothing of what was in between. */
const LONGEST_SILENCE = 3 * DAY;

/** The last tries that are kept. */
const MAX_TRIES_KEPT = 20;

const lastOf = (pauses: number[], index: number) => pauses[Math.min(index, pauses.length - 1)] ?? HOUR;

/** After how many milliseconds a message is tried again that has failed so often, from 1. */
export function messagePause(failures: number): number {
  return lastOf(MESSAGE_PAUSES, failures - 1);
}

export function healthOf(lane: OutgoingLane): EndpointHealth {
  const { failures = 0, pauses = 0, tries = [], dropped = 0, failingSince, lastFailureAt } = lane;
  return {
    ...{ failures, pauses, tries, dropped },
    ...(failingSince !== undefined && { failingSince }),
    ...(lastFailureAt !== undefined && { lastFailureAt }),
  };
}

/** Whether one message at a time is sent, to see whether it is taken. */
export function isProbed({ failures }: EndpointHealth): boolean {
  return failures > 0;
}

/** After a call that was taken. */
export function afterSuccess({ tries, dropped }: EndpointHealth, made: WebhookTry): EndpointHealth {
  return { failures: 0, pauses: 0, tries: withTry(tries, made), dropped };
}

interface Failure {
  /** Milliseconds since 1970. */
  now: number;
  /** After how many milliseconds the endpoint wants the next call. */
  retryAfter: number | undefined;
  /** It has taken another call while this one was under way. */
  isAnswering: boolean;
}

/** After a call that was not taken. */
export function afterFailure(
  before: EndpointHealth,
  made: WebhookTry,
  { now, retryAfter, isAnswering }: Failure,
): EndpointHealth {
  const tries = withTry(before.tries, made);
  // It is a matter of this message.
  if (isAnswering && retryAfter === undefined) return { ...before, tries };
  const failures = before.failures + 1;
  const isPaused = failures >= FAILURES_IN_A_ROW || retryAfter !== undefined;
  const at = new Date(now).toISOString();
  const { failingSince = at, lastFailureAt = at } = before;
  const wasSilent = Date.parse(lastFailureAt) < now - LONGEST_SILENCE;
  return {
    failures,
    // Calls that were under way at the same time begin no pause each.
    pauses: isPaused && !before.pausedUntil ? before.pauses + 1 : before.pauses,
    failingSince: wasSilent ? at : failingSince,
    lastFailureAt: at,
    ...(isPaused && {
      pausedUntil: before.pausedUntil ?? new Date(now + pauseOf(before, retryAfter)).toISOString(),
    }),
    tries,
    dropped: before.dropped,
  };
}

/** What the endpoint asks for is done up to the longest pause. */
function pauseOf({ pauses }: EndpointHealth, retryAfter: number | undefined): number {
  return Math.min(retryAfter ?? lastOf(ENDPOINT_PAUSES, pauses), HOUR);
}

/** Whether it has taken nothing for days. */
export function isGivenUp({ failingSince, lastFailureAt }: EndpointHealth): boolean {
  if (failingSince === undefined || lastFailureAt === undefined) return false;
  return Date.parse(lastFailureAt) - Date.parse(failingSince) >= GIVEN_UP_AFTER;
}

export function withTry(tries: WebhookTry[], made: WebhookTry): WebhookTry[] {
  return [made, ...tries].slice(0, MAX_TRIES_KEPT);
}

/** The lane of a site in the table `outgoing`: when its webhook has to be looked at, and how its endpoint behaves. */
import { conditionalUpdate, deleteItem, getItem, setFields } from '../aws/dynamodb.ts';
import { overdueSites, shardOf } from './shards.ts';

/** How one call of the endpoint went. */
export interface WebhookTry {
  /** ISO 8601. */
  at: string;
  /** The `webhook-id`. */
  id: string;
  event: string;
  /** From 1. */
  attempt: number;
  /** The HTTP status; absent where there was no answer. */
  status?: number;
  /** The beginning of the answer. */
  answer?: string;
  /** Why there was no answer. */
  error?: string;
  milliseconds: number;
}

/** How the endpoint behaves. */
export interface EndpointHealth {
  /** How many calls, one after the other, have failed. */
  failures: number;
  /** How many pauses, one after the other, have not helped. */
  pauses: number;
  /** The first and the last one of these failures, ISO 8601. */
  failingSince?: string;
  lastFailureAt?: string;
  /** Until then nothing is sent: ISO 8601. */
  pausedUntil?: string;
  /** The last tries, newest first. */
  tries: WebhookTry[];
  /** How many were given up after a day, since the webhook was made. */
  dropped: number;
}

export interface OutgoingLane extends Partial<EndpointHealth> {
  siteId: string;
  /** When it has to be looked at, ISO 8601; absent: nothing is there. */
  nextAt?: string;
  /** When somebody was about to write a row for the last time, ISO 8601: not before each, see `MARKED_FOR`. */
  markedAt?: string;
  /** Calls for a test, newest first. */
  tests?: WebhookTry[];
  lease?: string;
  /** ISO 8601. */
  leaseUntil?: string;
  /** Somebody came while it was held. */
  again?: true;
  /** A ticket for this time is in the queue. */
  ticketFor?: string;
}

/** A lane that this run holds. */
export interface HeldOutgoingLane extends OutgoingLane {
  lease: string;
}

/** No row has it. */
const KEY = 'lane';

function laneOf(siteId: string) {
  return ['OUTGOING_TABLE', { siteId, key: KEY }] as const;
}

export function readOutgoingLane(siteId: string): Promise<OutgoingLane | undefined> {
  return getItem<OutgoingLane>(...laneOf(siteId));
}

/**
 * Has a lane looked at by a time, if nobody does before, and if the endpoint is not paused.
 *
 * @param now, lookAt milliseconds since 1970.
 * @throws ServiceUnreachableError
 */
export async function markLane(siteId: string, now: number, lookAt: number): Promise<void> {
  const values = { ':now': new Date(now).toISOString(), ':shard': shardOf(siteId) };
  const ExpressionAttributeNames = { '#shard': 'shard' };
  const isLater = '(attribute_not_exists(nextAt) OR nextAt > :lookAt)';
  const isNotPaused = '(attribute_not_exists(pausedUntil) OR pausedUntil < :now)';
  const changed = await conditionalUpdate(...laneOf(siteId), {
    UpdateExpression: 'SET markedAt = :now, #shard = :shard, nextAt = :lookAt',
    ConditionExpression: `${isLater} AND ${isNotPaused}`,
    ExpressionAttributeNames,
    ExpressionAttributeValues: { ...values, ':lookAt': new Date(lookAt).toISOString() },
    ReturnValues: 'NONE',
  });
  if (changed) return;
  await conditionalUpdate(...laneOf(siteId), {
    // A run may have closed it in between.
    UpdateExpression: 'SET markedAt = :now, #shard = :shard, nextAt = if_not_exists(nextAt, :now)',
    ExpressionAttributeNames,
    ExpressionAttributeValues: values,
    ReturnValues: 'NONE',
  });
}

/**
 * The endpoint was saved: it is tried anew, at once, whatever it did before. A run that is under way loses the lane, so that
 * it keeps nothing of what it has found out about the former one.
 *
 * @throws ServiceUnreachableError
 */
export async function renewLane(siteId: string, now: number): Promise<void> {
  await conditionalUpdate(...laneOf(siteId), {
    UpdateExpression:
      'SET markedAt = :now, #shard = :shard, nextAt = :now ' +
      'REMOVE pausedUntil, failures, pauses, failingSince, lastFailureAt, #lease, leaseUntil, again',
    ExpressionAttributeNames: { '#lease': 'lease', '#shard': 'shard' },
    ExpressionAttributeValues: { ':now': new Date(now).toISOString(), ':shard': shardOf(siteId) },
    ReturnValues: 'NONE',
  });
}

/** The site has no webhook any more. @throws ServiceUnreachableError */
export async function removeLane(siteId: string): Promise<void> {
  await deleteItem(...laneOf(siteId));
}

/** Keeps the tests of the endpoint, unless its webhook was removed meanwhile. @throws ServiceUnreachableError */
export async function keepTests(siteId: string, tests: WebhookTry[]): Promise<void> {
  await conditionalUpdate(...laneOf(siteId), {
    UpdateExpression: 'SET tests = :tests',
    ConditionExpression: 'attribute_exists(siteId)',
    ExpressionAttributeValues: { ':tests': tests },
    ReturnValues: 'NONE',
  });
}

/**
 * Takes the lane of a site for one run. Where another one holds it, that one is told that somebody came.
 *
 * @param lease names the run, and differs each time.
 * @param times.until when the lease ends by itself. Milliseconds since 1970.
 * @returns `undefined` where nothing is to do: another run has it, the endpoint is paused, or nothing is there.
 */
export async function takeOutgoingLane(
  siteId: string,
  lease: string,
  times: { now: number; until: number },
): Promise<HeldOutgoingLane | undefined> {
  const now = new Date(times.now).toISOString();
  const isThere = 'attribute_exists(nextAt)';
  const isFree = '(attribute_not_exists(#lease) OR leaseUntil < :now)';
  const isNotPaused = '(attribute_not_exists(pausedUntil) OR pausedUntil <= :now)';
  const taken = await conditionalUpdate<HeldOutgoingLane>(...laneOf(siteId), {
    UpdateExpression: 'SET #lease = :lease, leaseUntil = :until, nextAt = :until REMOVE again',
    ConditionExpression: [isThere, isFree, isNotPaused].join(' AND '),
    ExpressionAttributeNames: { '#lease': 'lease' },
    ExpressionAttributeValues: {
      ':lease': lease,
      ':now': now,
      ':until': new Date(times.until).toISOString(),
    },
  });
  if (taken) return taken;
  await conditionalUpdate(...laneOf(siteId), {
    UpdateExpression: 'SET again = :true',
    ConditionExpression: 'attribute_exists(#lease) AND attribute_not_exists(again) AND leaseUntil >= :now',
    ExpressionAttributeNames: { '#lease': 'lease' },
    ExpressionAttributeValues: { ':true': true, ':now': now },
    ReturnValues: 'NONE',
  });
  return undefined;
}

/** Keeps how the endpoint behaves, while the run goes on. @returns whether the run still holds the lane. */
export function keepHealth(lane: HeldOutgoingLane, health: EndpointHealth): Promise<boolean> {
  return changeHeld(lane, fieldsOf(health));
}

/** @returns whether it was done: the run still holds the lane, and `condition` is true. */
async function changeHeld(
  { siteId, lease }: HeldOutgoingLane,
  fields: Record<string, unknown>,
  condition?: string,
): Promise<boolean> {
  const change = setFields(fields);
  const changed = await conditionalUpdate(...laneOf(siteId), {
    ...change,
    ConditionExpression: ['#held = :held', condition ?? []].flat().join(' AND '),
    ExpressionAttributeNames: { ...change.ExpressionAttributeNames, '#held': 'lease' },
    ExpressionAttributeValues: { ...change.ExpressionAttributeValues, ':held': lease },
    ReturnValues: 'NONE',
  });
  return changed !== undefined;
}

/** How a run leaves a lane. Milliseconds since 1970. */
export interface OutgoingEnd {
  health: EndpointHealth;
  /** When it has to be looked at; absent: nothing is there. */
  nextAt?: number | undefined;
  /** For when a ticket is in the queue. */
  ticketAt?: number | undefined;
}

/**
 * Gives the lane back.
 *
 * @param isFinal also where somebody came meanwhile.
 * @returns `false` where it is still held, since somebody came; also where another run has it.
 */
export function leaveOutgoingLane(
  lane: HeldOutgoingLane,
  { health, nextAt, ticketAt }: OutgoingEnd,
  isFinal: boolean,
): Promise<boolean> {
  const iso = (time: number | undefined) => (time === undefined ? undefined : new Date(time).toISOString());
  const fields = {
    ...fieldsOf(health),
    nextAt: iso(nextAt),
    ticketFor: iso(ticketAt),
    ...(nextAt === undefined && { shard: undefined }),
    ...{ lease: undefined, leaseUntil: undefined, again: undefined },
  };
  return changeHeld(lane, fields, isFinal ? undefined : 'attribute_not_exists(again)');
}

const HEALTH = [
  'failures',
  'pauses',
  'failingSince',
  'lastFailureAt',
  'pausedUntil',
  'tries',
  'dropped',
] as const satisfies (keyof EndpointHealth)[];

function fieldsOf(health: EndpointHealth) {
  return Object.fromEntries(HEALTH.map((field) => [field, health[field]]));
}

/** Lanes that somebody should have looked at by a time, the oldest of each shard first. */
export function overdueOutgoing(until: number): AsyncGenerator<{ siteId: string; nextAt: string }> {
  return overdueSites('OUTGOING_TABLE', until);
}

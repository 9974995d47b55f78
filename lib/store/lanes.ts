import type { ItemKey } from '../aws/batch-get.ts';
import { conditionalUpdate, deleteItem, getItem, putItem } from '../aws/dynamodb.ts';
import type { WaitReason } from './deliveries.ts';
import { changedByOthers, MAX_ROUNDS } from './rounds.ts';
import { overdueSites, shardOf } from './shards.ts';

/*
 * The *lane* of a site says which of its messages wait in the table `waiting`: all of them, or those of some chats. While
 * a message waits, later ones of its chat wait too: so none overtakes it. Without a lane nothing waits.
 *
 * The lane is opened before the first message is put into the table, and counted up after each. The drain, which alone
 * closes it, does so only if nobody has counted it up since before the drain found the table empty.
 */

/** The lane of a site. */
export interface Lane {
  siteId: string;
  /** Counts the changes. */
  version: number;
  /** `all`: every message of the site waits. `some`: those to the paused chats. */
  mode: 'all' | 'some';
  /** How many messages wait, approximately. */
  count: number;
  /** The chats whose messages wait apart from the others, and until when: milliseconds since 1970. */
  paused: Record<string, number>;
  /**
   * When the first of the chats that wait for the end of a night has its time, or something is to be looked at before:
   * milliseconds since 1970. Absent where no chat does. They have items of their own: quiet-chats.ts.
   */
  nightAt?: number;
  /** Counts the messages to such chats that were put into the table. */
  nightParks?: number;
  /** Why all of them wait, or waited when this was last found out. */
  reason?: WaitReason;
  /** How many runs of the drain, one after the other, have sent nothing because the bot or Telegram did not work. */
  failures: number;
  /** When the drain has something to do; while a drain runs, when its lease ends. ISO 8601 in UTC with milliseconds. */
  nextAt: string;
  /** The running drain. */
  lease?: string;
}

/** More paused chats than this, and all messages of the site wait: the lane is read with every message. */
const MAX_PAUSED_CHATS = 100;

/** No message has it: their keys begin with `m#` or `p#`. */
const KEY = 'lane';

/** The key of a site's lane. */
export function laneKey(siteId: string): ItemKey & { table: 'WAITING_TABLE' } {
  return { table: 'WAITING_TABLE', key: { siteId, key: KEY } };
}

/** The lane of a site; `undefined` where no message waits. @throws ServiceUnreachableError */
export async function readLane(siteId: string): Promise<Lane | undefined> {
  return getItem<Lane>('WAITING_TABLE', laneKey(siteId).key);
}

/** Messages that were put into the table, for their lane. */
export interface Parking {
  siteId: string;
  count: number;
  /** Set: all messages of the site wait from now on, for this reason. */
  reasonForAll: WaitReason | undefined;
  /** The chats to pause, and until when. */
  chats: Map<string, number>;
  /** When the first of those that wait for the end of a night has its time: milliseconds since 1970. */
  nightAt?: number | undefined;
  /** When the drain has something to do, in milliseconds since 1970. */
  nextAt: number;
}

/**
 * Opens the lane for messages that were put into the table, or counts it up where it is open.
 *
 * @param now milliseconds since 1970.
 * @returns for when the drain has to be told, in milliseconds since 1970; `undefined` where somebody else has told it to look
 * at this lane by then.
 * @throws ServiceUnreachableError
 */
export async function openLane(parking: Parking, now: number): Promise<number | undefined> {
  if (await countUp(parking)) return undefined;
  for (let round = 0; round < MAX_ROUNDS; round++) {
    const lane = await readLane(parking.siteId);
    const opened = withParking(lane, parking, now);
    if (!(await putLane(opened, lane))) continue;
    const isTold = isLeased(lane, now) || opened.nextAt === lane?.nextAt;
    return isTold ? undefined : Date.parse(opened.nextAt);
  }
  throw changedByOthers(`The lane of the site ${parking.siteId}`);
}

/** Whether a lane, as it was read, is open for such messages. */
export function isOpenFor(lane: Lane | undefined, { reasonForAll, chats }: Parking): boolean {
  if (!lane || reasonForAll) return lane?.mode === 'all' || (!reasonForAll && chats.size === 0);
  return [...chats.keys()].every((chat) => lane.paused[chat] !== undefined);
}

/** The usual case, with one write: the lane is open for these messages already. @returns `false` where it is not. */
async function countUp({ siteId, count, reasonForAll, chats, nightAt }: Parking): Promise<boolean> {
  const isForAll = reasonForAll !== undefined;
  const isNight = nightAt !== undefined;
  const names = [...chats.keys()].map((chat, index) => [`#chat${index}`, chat] as const);
  const paths = names.map(([name]) => `paused.${name}`);
  // Each change of a chat's time shows the drain that a message came in the meantime.
  const sets = paths.length === 0 ? '' : `SET ${paths.map((path) => `${path} = ${path} + :one`).join(', ')} `;
  const open = paths.map((path) => `attribute_exists(${path})`);
  if (isNight) open.push('nightAt <= :nightAt');
  const isOpen = isForAll ? '#mode = :all' : open.join(' AND ');
  const changed = await conditionalUpdate('WAITING_TABLE', laneKey(siteId).key, {
    UpdateExpression: `${sets}ADD version :one, #count :count${isNight ? ', nightParks :one' : ''}`,
    ConditionExpression: isOpen,
    ExpressionAttributeNames: {
      '#count': 'count',
      ...(isForAll ? { '#mode': 'mode' } : Object.fromEntries(names)),
    },
    ExpressionAttributeValues: {
      ':one': 1,
      ':count': count,
      ...(isForAll && { ':all': 'all' }),
      ...(isNight && { ':nightAt': nightAt }),
    },
    ReturnValues: 'NONE',
  });
  return changed !== undefined;
}

function withParking(lane: Lane | undefined, parking: Parking, now: number): Lane {
  const { siteId, count, reasonForAll, chats } = parking;
  const nightAt = earlierOf(lane?.nightAt, parking.nightAt);
  const nightParks = (lane?.nightParks ?? 0) + (parking.nightAt === undefined ? 0 : 1);
  const reason = lane?.mode === 'all' ? lane.reason : reasonForAll;
  const paused = { ...lane?.paused };
  for (const [chat, until] of chats) paused[chat] = paused[chat] === undefined ? until : paused[chat] + 1;
  const isFull = Object.keys(paused).length > MAX_PAUSED_CHATS;
  // From now on the messages of other chats wait too: not for the end of a pause, but until the drain has looked.
  const nextAt = new Date(isFull && lane?.mode !== 'all' ? now : parking.nextAt).toISOString();
  return {
    siteId,
    version: (lane?.version ?? 0) + 1,
    mode: reasonForAll || isFull || lane?.mode === 'all' ? 'all' : 'some',
    count: (lane?.count ?? 0) + count,
    paused,
    ...(nightAt !== undefined && { nightAt }),
    ...(nightParks > 0 && { nightParks }),
    ...(reason && { reason }),
    failures: lane?.failures ?? 0,
    // A running drain looks again before it ends.
    nextAt: lane && (isLeased(lane, now) || lane.nextAt < nextAt) ? lane.nextAt : nextAt,
    ...(lane?.lease !== undefined && { lease: lane.lease }),
  };
}

function earlierOf(...times: (number | undefined)[]): number | undefined {
  const known = times.filter((time) => time !== undefined);
  return known.length > 0 ? Math.min(...known) : undefined;
}

function isLeased(lane: Lane | undefined, now: number): boolean {
  return lane?.lease !== undefined && Date.parse(lane.nextAt) > now;
}

/** @returns whether it was written: nobody has changed it since it was read. */
function putLane(lane: Lane, before: Lane | undefined): Promise<boolean> {
  const { key } = laneKey(lane.siteId);
  return putItem(
    'WAITING_TABLE',
    { ...lane, ...key, shard: shardOf(lane.siteId) },
    {
      ConditionExpression: before ? 'version = :before' : 'attribute_not_exists(siteId)',
      ...(before && { ExpressionAttributeValues: { ':before': before.version } }),
    },
  );
}

/** Another drain has taken the lane, or it was closed: this one must stop. */
export class LeaseLostError extends Error {
  override readonly name = 'LeaseLostError';
}

/** A lane that this drain holds. */
export interface HeldLane extends Lane {
  lease: string;
}

/**
 * Takes the lane of a site for one drain.
 *
 * @param lease names the drain, and differs each time.
 * @param times.until when the lease ends by itself. Milliseconds since 1970.
 * @returns `undefined` where nothing waits, or where another drain holds the lane.
 */
export async function takeLane(
  siteId: string,
  lease: string,
  times: { now: number; until: number },
): Promise<HeldLane | undefined> {
  return conditionalUpdate<HeldLane>('WAITING_TABLE', laneKey(siteId).key, {
    UpdateExpression: 'SET #lease = :lease, nextAt = :until ADD version :one',
    ConditionExpression: 'attribute_exists(#mode) AND (attribute_not_exists(#lease) OR nextAt < :now)',
    ExpressionAttributeNames: { '#mode': 'mode', '#lease': 'lease' },
    ExpressionAttributeValues: {
      ':lease': lease,
      ':one': 1,
      ':now': new Date(times.now).toISOString(),
      ':until': new Date(times.until).toISOString(),
    },
  });
}

/** Has the messages to a chat wait apart from the others. @throws LeaseLostError */
export function pauseChat(lane: HeldLane, chat: string, until: number): Promise<HeldLane> {
  return changeHeld(lane, {
    UpdateExpression: 'SET paused.#chat = :until ADD version :one',
    ExpressionAttributeNames: { '#chat': chat },
    ExpressionAttributeValues: { ':until': until, ':one': 1 },
  });
}

/**
 * Ends the pause of a chat of which nothing waits apart any more.
 *
 * @returns the lane as it is now: with the chat, where a message was put there after `lane` was read.
 * @throws LeaseLostError
 */
export async function resumeChat(lane: HeldLane, chat: string): Promise<HeldLane> {
  const changed = await conditionalUpdate<HeldLane>('WAITING_TABLE', laneKey(lane.siteId).key, {
    UpdateExpression: 'REMOVE paused.#chat ADD version :one',
    ConditionExpression: '#lease = :lease AND paused.#chat = :seen',
    ExpressionAttributeNames: { '#chat': chat, '#lease': 'lease' },
    ExpressionAttributeValues: { ':one': 1, ':lease': lane.lease, ':seen': lane.paused[chat] },
  });
  return changed ?? readHeld(lane);
}

/** A chat waits for the end of a night, and is looked at then. @throws LeaseLostError */
export async function noteNight(lane: HeldLane, until: number): Promise<HeldLane> {
  if (lane.nightAt !== undefined && lane.nightAt <= until) return lane;
  const changed = await conditionalUpdate<HeldLane>('WAITING_TABLE', laneKey(lane.siteId).key, {
    UpdateExpression: 'SET nightAt = :until ADD version :one',
    ConditionExpression: '#lease = :lease AND (attribute_not_exists(nightAt) OR nightAt > :until)',
    ExpressionAttributeNames: { '#lease': 'lease' },
    ExpressionAttributeValues: { ':until': until, ':one': 1, ':lease': lane.lease },
  });
  return changed ?? readHeld(lane);
}

/**
 * All chats that wait for the end of a night were looked at.
 *
 * @param nightAt when the first of them has its time; `undefined` where none is left.
 * @param seen how many messages to them had been put into the table by then.
 * @returns the lane as it is now: with its former time, where one more was put there since.
 * @throws LeaseLostError
 */
export async function setNight(
  lane: HeldLane,
  nightAt: number | undefined,
  seen: number | undefined,
): Promise<HeldLane> {
  const changed = await conditionalUpdate<HeldLane>('WAITING_TABLE', laneKey(lane.siteId).key, {
    UpdateExpression: `${nightAt === undefined ? 'REMOVE nightAt' : 'SET nightAt = :nightAt'} ADD version :one`,
    ConditionExpression: `#lease = :lease AND ${seen === undefined ? 'attribute_not_exists(nightParks)' : 'nightParks = :seen'}`,
    ExpressionAttributeNames: { '#lease': 'lease' },
    ExpressionAttributeValues: {
      ':one': 1,
      ':lease': lane.lease,
      ...(nightAt !== undefined && { ':nightAt': nightAt }),
      ...(seen !== undefined && { ':seen': seen }),
    },
  });
  return changed ?? readHeld(lane);
}

/** Counts down the messages that don't wait any more. @throws LeaseLostError */
export function countDown(lane: HeldLane, count: number): Promise<HeldLane> {
  return changeHeld(lane, {
    UpdateExpression: 'ADD version :one, #count :count',
    ExpressionAttributeNames: { '#count': 'count' },
    ExpressionAttributeValues: { ':one': 1, ':count': -count },
  });
}

/**
 * Counts down messages that were removed beside the drain. To a running drain it looks like a message that was parked: it
 * reads the lane once more before it closes it.
 *
 * @throws ServiceUnreachableError
 */
export async function countRemoved(siteId: string, count: number): Promise<void> {
  await conditionalUpdate('WAITING_TABLE', laneKey(siteId).key, {
    UpdateExpression: 'ADD version :one, #count :count',
    ConditionExpression: 'attribute_exists(#mode)',
    ExpressionAttributeNames: { '#mode': 'mode', '#count': 'count' },
    ExpressionAttributeValues: { ':one': 1, ':count': -count },
    ReturnValues: 'NONE',
  });
}

async function changeHeld(
  lane: HeldLane,
  change: {
    UpdateExpression: string;
    ExpressionAttributeNames: Record<string, string>;
    ExpressionAttributeValues: Record<string, unknown>;
  },
): Promise<HeldLane> {
  const changed = await conditionalUpdate<HeldLane>('WAITING_TABLE', laneKey(lane.siteId).key, {
    ...change,
    ConditionExpression: '#lease = :lease',
    ExpressionAttributeNames: { ...change.ExpressionAttributeNames, '#lease': 'lease' },
    ExpressionAttributeValues: { ...change.ExpressionAttributeValues, ':lease': lane.lease },
  });
  if (!changed) throw new LeaseLostError(lane.siteId);
  return changed;
}

/** The lane as it is now. @throws LeaseLostError */
export async function readHeld({ siteId, lease }: HeldLane): Promise<HeldLane> {
  const lane = await readLane(siteId);
  if (lane?.lease !== lease) throw new LeaseLostError(siteId);
  return { ...lane, lease };
}

/** Whether messages to some chats wait apart from the others. */
export function hasApart({ paused, nightAt }: Pick<Lane, 'paused' | 'nightAt'>): boolean {
  return Object.keys(paused).length > 0 || nightAt !== undefined;
}

/**
 * Closes the lane as far as nothing waits: for all but the paused chats, or altogether where no chat is paused.
 *
 * @returns whether it was done: nobody has put a message into the table since `lane` was read.
 */
export async function closeLane(lane: HeldLane): Promise<boolean> {
  const { siteId, lease, version } = lane;
  const { key } = laneKey(siteId);
  const condition = {
    ConditionExpression: '#lease = :lease AND version = :version',
    ExpressionAttributeValues: { ':lease': lease, ':version': version },
  };
  if (!hasApart(lane))
    return deleteItem('WAITING_TABLE', key, {
      ...condition,
      ExpressionAttributeNames: { '#lease': 'lease' },
    });
  const changed = await conditionalUpdate('WAITING_TABLE', key, {
    ...condition,
    UpdateExpression: 'SET #mode = :some, version = :next',
    ExpressionAttributeNames: { '#mode': 'mode', '#lease': 'lease' },
    ExpressionAttributeValues: {
      ...condition.ExpressionAttributeValues,
      ':some': 'some',
      ':next': version + 1,
    },
    ReturnValues: 'NONE',
  });
  return changed !== undefined;
}

/** How a drain leaves a lane in which messages wait. */
export interface LaneEnd {
  /** When the next drain has something to do, in milliseconds since 1970. */
  nextAt: number;
  failures: number;
  /** Whether all messages of the site wait from now on, and why. */
  isForAll: boolean;
  reason: WaitReason | undefined;
  /** How many messages don't wait any more, and were not counted down yet. */
  done: number;
}

/**
 * Gives the lane back.
 *
 * @returns `false` where somebody has parked messages since `lane` was read, and there may be something to do earlier. A lane
 * for all messages can't be opened further.
 */
export async function leaveLane(
  lane: HeldLane,
  { nextAt, failures, isForAll, reason, done }: LaneEnd,
): Promise<boolean> {
  const isKnown = lane.mode === 'all' ? '#mode = :all' : 'version = :version';
  const mode = isForAll ? 'all' : 'some';
  const changed = await conditionalUpdate('WAITING_TABLE', laneKey(lane.siteId).key, {
    UpdateExpression: `SET nextAt = :nextAt, failures = :failures, #mode = :mode${
      reason ? ', #reason = :reason REMOVE' : ' REMOVE #reason,'
    } #lease ADD version :one, #count :count`,
    ConditionExpression: `#lease = :lease AND ${isKnown}`,
    ExpressionAttributeNames: {
      '#count': 'count',
      '#lease': 'lease',
      '#mode': 'mode',
      '#reason': 'reason',
    },
    ExpressionAttributeValues: {
      ...(reason && { ':reason': reason }),
      ':nextAt': new Date(nextAt).toISOString(),
      ':failures': failures,
      ':one': 1,
      ':count': -done,
      ':lease': lane.lease,
      ':mode': mode,
      ...(lane.mode === 'all' ? { ':all': 'all' } : { ':version': lane.version }),
    },
    ReturnValues: 'NONE',
  });
  return changed !== undefined;
}

/** Lanes that the drain should have looked at by a time, the oldest of each shard first. */
export function overdueLanes(until: number): AsyncGenerator<{ siteId: string; nextAt: string }> {
  return overdueSites('WAITING_TABLE', until);
}

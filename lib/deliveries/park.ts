import { inParallel, settleAll } from '../aws/parallel.ts';
import { log } from '../observability/logger.ts';
import type { WaitReason } from '../store/deliveries.ts';
import { isOpenFor, type Lane, openLane } from '../store/lanes.ts';
import { type NewlyWaiting, putWaiting } from '../store/waiting.ts';
import type { Notification } from './notification.ts';
import { recordResult } from './record.ts';
import type { Hold } from './retry.ts';
import { sendTickets } from './tickets.ts';

/** A message of the queue that can't be sent now. */
export interface ParkedMessage {
  notification: Notification;
  receives: number;
  /** The queue's number of the message. */
  sequenceNumber: string;
  /** Names the chat that it is for. */
  chat: string;
  /** Why it waits: its own reason, or that of an earlier message. */
  hold: Hold;
}

/** How many records are written at the same time. */
const PARALLEL_WRITES = 10;

/**
 * Parks messages: puts them into the table `waiting`, from which the drain sends them.
 *
 * Where the lane is not open for them, it is opened first; then the messages are put into the table, and then the lane is
 * counted up: a drain that has found the table empty in the meantime does not close it. What dies in between is received
 * again, and parked again in the same place.
 *
 * @param lanes of the sites, as they were read.
 * @throws ServiceUnreachableError: the messages stay in the queue.
 */
export async function park(messages: ParkedMessage[], lanes: Map<string, Lane>): Promise<void> {
  const bySite = Map.groupBy(messages, ({ notification }) => notification.siteId);
  await settleAll([...bySite].map(([siteId, ofSite]) => parkOfSite(siteId, ofSite, lanes.get(siteId))));
}

/** How long the drain waits until it tries a message of a site that was stopped, in milliseconds. */
const STOPPED_FOR = 5_000;

/**
 * Has all messages of a site wait from now on, until the drain finds that they can be sent.
 *
 * @throws ServiceUnreachableError
 */
export async function stopSite(siteId: string, reason: WaitReason): Promise<void> {
  const now = Date.now();
  const nextAt = now + STOPPED_FOR;
  const parking = { siteId, count: 0, reasonForAll: reason, chats: new Map<string, number>(), nextAt };
  const lookAt = await openLane(parking, now);
  if (lookAt !== undefined) await tellDrain(siteId, lookAt - now);
}

async function parkOfSite(siteId: string, messages: ParkedMessage[], lane: Lane | undefined): Promise<void> {
  const reasonForAll = messages.find(({ hold }) => hold.scope === 'bot')?.hold.reason;
  const isForAll = reasonForAll !== undefined;
  const untilOf = ({ hold }: ParkedMessage) => hold.until;
  const parking = {
    siteId,
    count: messages.length,
    reasonForAll,
    chats: isForAll ? new Map<string, number>() : new Map(messages.map((each) => [each.chat, untilOf(each)])),
    nextAt: Math.min(...messages.map(untilOf)),
  };
  const now = Date.now();
  const openedFor = isOpenFor(lane, parking) ? undefined : await openLane({ ...parking, count: 0 }, now);
  await putWaiting(messages.map((message) => toWaiting(message, isForAll)));
  const lookAt = (await openLane(parking, now)) ?? openedFor;
  if (lookAt !== undefined) await tellDrain(siteId, lookAt - now);
  await inParallel(messages, PARALLEL_WRITES, recordWaiting);
}

function toWaiting(
  { notification, receives, sequenceNumber, chat }: ParkedMessage,
  isForAll: boolean,
): NewlyWaiting {
  return {
    siteId: notification.siteId,
    deliveryId: notification.deliveryId,
    body: JSON.stringify(notification),
    attempts: receives,
    sequenceNumber,
    pausedChat: isForAll ? undefined : chat,
  };
}

async function tellDrain(siteId: string, milliseconds: number): Promise<void> {
  try {
    await sendTickets([siteId], milliseconds / 1_000);
  } catch (error) {
    // The sweep finds the lane within two minutes.
    log.warn('the drain was not told of waiting messages', { siteId, error });
  }
}

async function recordWaiting(message: ParkedMessage): Promise<void> {
  const { isRecorded, reason, until } = message.hold;
  if (isRecorded) return;
  try {
    await recordResult(message, { status: 'waiting', reason, until: new Date(until).toISOString() });
  } catch (error) {
    // It is parked: the log lacks a line until it is sent. A burst may be faster than the log can be written.
    const { siteId, deliveryId } = message.notification;
    log.warn('parked, but not recorded', { siteId, deliveryId, error });
  }
}

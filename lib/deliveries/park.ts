import { inParallel, settleAll } from '../aws/parallel.ts';
import { log } from '../observability/logger.ts';
import type { WaitReason } from '../store/deliveries.ts';
import { isOpenFor, type Lane, openLane, type Parking } from '../store/lanes.ts';
import { quietChatUntil } from '../store/quiet-chats.ts';
import { type NewlyWaiting, putWaiting } from '../store/waiting.ts';
import type { Notification } from './notification.ts';
import { type DeliveryResult, recordFirstResults, recordResult } from './record.ts';
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
  /** The queue has handed it out for the first time, and nothing is recorded of it. */
  isNew: boolean;
}

/** How many records are written at the same time. */
const PARALLEL_WRITES = 10;

/**
 * Parks messages: puts them into the table `waiting`, from which the drain sends them.
 *
 * Where the lane is not open for them, it is opened first; then the messages are put into the table, and then the lane is
 * counted up: a drain that has found the table empty in the meantime does not close it. What dies in between is received
 * again, and parked again in the same place. The log says that they wait before the drain can send them, or else with a
 * condition: it never says so afterwards.
 *
 * @param lanes of the sites, as they were read.
 * @throws ServiceUnreachableError: the messages stay in the queue.
 */
export async function park(messages: ParkedMessage[], lanes: Map<string, Lane>): Promise<void> {
  const now = Date.now();
  const bySite = Map.groupBy(messages, ({ notification }) => notification.siteId);
  const sites = [...bySite].map(([siteId, ofSite]) => parkingOf(siteId, ofSite, lanes.get(siteId)));
  const openedFor = await settleAll(
    sites.map(async ({ parking, isOpen }) => (isOpen ? undefined : openLane({ ...parking, count: 0 }, now))),
  );
  const { first = [], others = [] } = Object.groupBy(messages.filter(isUnrecorded), ({ isNew }) =>
    isNew ? 'first' : 'others',
  );
  await loggingFailure(first, () => recordFirstResults(first.map((each) => [each, resultOf(each)])));
  await putWaiting(sites.flatMap(({ parking, ofSite }) => ofSite.map((each) => toWaiting(each, parking))));
  await settleAll(sites.flatMap(quietChatsOf));
  await settleAll(sites.map(({ parking }, index) => countUp(parking, now, openedFor[index])));
  await inParallel(others, PARALLEL_WRITES, (each) =>
    loggingFailure([each], () => recordResult(each, resultOf(each))),
  );
}

/** The messages of one site, and how its lane changes for them. */
interface SiteParking {
  ofSite: ParkedMessage[];
  parking: Parking;
  /** The lane is open for them. */
  isOpen: boolean;
}

function parkingOf(siteId: string, ofSite: ParkedMessage[], lane: Lane | undefined): SiteParking {
  const reasonForAll = ofSite.find(({ hold }) => hold.scope === 'bot')?.hold.reason;
  const untilOf = ({ hold }: ParkedMessage) => hold.until;
  const apart = reasonForAll ? [] : ofSite;
  const ofNight = apart.filter(({ hold }) => hold.scope === 'night');
  const paused = apart.filter(({ hold }) => hold.scope === 'chat');
  const parking: Parking = {
    siteId,
    count: ofSite.length,
    reasonForAll,
    chats: new Map(paused.map((each) => [each.chat, untilOf(each)])),
    ...(ofNight.length > 0 && { nightAt: Math.min(...ofNight.map(untilOf)) }),
    // The drain takes the slots itself, as soon as they are near.
    nextAt: reasonForAll === 'rate-limit' ? Date.now() : Math.min(...ofSite.map(untilOf)),
  };
  return { ofSite, parking, isOpen: isOpenFor(lane, parking) };
}

/** The chats that wait for the end of a night from now on, or have one message more. */
function quietChatsOf({ ofSite, parking: { siteId, reasonForAll } }: SiteParking): Promise<void>[] {
  const ofNight = reasonForAll ? [] : ofSite.filter(({ hold }) => hold.scope === 'night');
  return [...Map.groupBy(ofNight, ({ chat }) => chat)].map(([chat, messages]) => {
    const urgent = messages.filter(({ hold }) => hold.isAtOnce);
    const { hold } = urgent[0] ?? messages[0] ?? {};
    if (!hold) return Promise.resolve();
    return quietChatUntil({ siteId, chat, ...hold }, { isUntilThen: hold.isAtOnce });
  });
}

/** Counts the lane up, and tells the drain. @param openedFor for when it has to be told since the lane was opened. */
async function countUp(parking: Parking, now: number, openedFor: number | undefined): Promise<void> {
  const lookAt = (await openLane(parking, now)) ?? openedFor;
  if (lookAt !== undefined) await tellDrain(parking.siteId, lookAt - now);
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
  const parking = { siteId, count: 0, reasonForAll: reason, chats: new Map(), nextAt };
  const lookAt = await openLane(parking, now);
  if (lookAt !== undefined) await tellDrain(siteId, lookAt - now);
}

function isUnrecorded({ hold }: ParkedMessage): boolean {
  return !hold.isRecorded;
}

function resultOf({ hold: { reason, until } }: ParkedMessage): DeliveryResult {
  return { status: 'waiting', reason, until: new Date(until).toISOString() };
}

function toWaiting(
  { notification, receives, sequenceNumber, chat }: ParkedMessage,
  { reasonForAll }: Parking,
): NewlyWaiting {
  return {
    siteId: notification.siteId,
    deliveryId: notification.deliveryId,
    body: JSON.stringify(notification),
    attempts: receives,
    sequenceNumber,
    pausedChat: reasonForAll ? undefined : chat,
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

/** They are parked all the same: the log lacks a line until they are sent. A burst may be faster than it can be written. */
async function loggingFailure(messages: ParkedMessage[], record: () => Promise<void>): Promise<void> {
  try {
    await record();
  } catch (error) {
    const [first] = messages;
    const { siteId, deliveryId } = first?.notification ?? {};
    log.warn('parked, but not recorded', { siteId, deliveryId, messages: messages.length, error });
  }
}

import type { SQSBatchResponse, SQSRecord } from 'aws-lambda';
import { log } from '../log.ts';
import { findDeliveriesAndUsers, userKey } from '../store/deliveries.ts';
import { type Attempt, attemptDelivery, type Verdict } from './attempt.ts';
import { backoffSeconds } from './backoff.ts';
import type { Notification } from './notification.ts';
import { type Deferral, deferMessages } from './queue.ts';

/** A message of the queue and the notification in it. */
interface Received {
  record: SQSRecord;
  notification: Notification;
}

/** Only our own functions write into the queue (IAM sees to it), so what is in it is a notification. */
function notificationIn(record: SQSRecord): Notification {
  return JSON.parse(record.body) as Notification;
}

/** A new send may take as long as a call to Telegram: with less time left than this, none is begun. Milliseconds. */
const TIME_FOR_ONE_SEND = 13_000;

/**
 * Sends a batch of the deliveries queue.
 *
 * Messages of one group (one user) go one after the other; where one has to come again, it takes the later ones of its
 * group along, so that none overtakes it. Groups don't wait for each other.
 *
 * @param remainingMilliseconds what the function has left; what can't be begun in time is given back.
 * @returns the messages that the queue shall keep. All others are done, whatever became of them: sent, refused for good,
 * or not wanted any more, each with its record.
 */
export async function deliverBatch(
  records: SQSRecord[],
  remainingMilliseconds: () => number,
): Promise<SQSBatchResponse> {
  const received = records.map((record) => ({ record, notification: notificationIn(record) }));
  const groups = [...Map.groupBy(received, ({ record }) => record.attributes.MessageGroupId ?? '').values()];
  const kept = await keptOf(received, groups, remainingMilliseconds);
  await giveBack(kept.map(({ deferral }) => deferral));
  return { batchItemFailures: kept.map(({ messageId }) => ({ itemIdentifier: messageId })) };
}

type Kept = { messageId: string; deferral: Deferral };

async function keptOf(received: Received[], groups: Received[][], remaining: () => number): Promise<Kept[]> {
  try {
    const known = await findDeliveriesAndUsers(received.map(({ notification }) => notification));
    return (await Promise.all(groups.map((group) => deliverGroup(group, known, remaining)))).flat();
  } catch (error) {
    // Nothing was sent: the first thing a batch does is to read, and groups catch what happens to them.
    log.error('batch not begun', { error, messages: received.length });
    return received.map(({ record }) => keep(record, backoffSeconds(receivesOf(record))));
  }
}

async function deliverGroup(
  group: Received[],
  { deliveries, users }: Awaited<ReturnType<typeof findDeliveriesAndUsers>>,
  remaining: () => number,
): Promise<Kept[]> {
  const done = new Set<string>();
  for (const [index, { record, notification }] of group.entries()) {
    if (done.has(notification.deliveryId)) continue;
    const verdict =
      remaining() < TIME_FOR_ONE_SEND
        ? ({ kind: 'again', seconds: 0 } as const)
        : await verdictOn({
            notification,
            receives: receivesOf(record),
            user: users.get(userKey(notification)),
            earlier: deliveries.get(notification.deliveryId),
          });
    if (verdict.kind === 'again')
      return group.slice(index).map(({ record }) => keep(record, verdict.seconds));
    done.add(notification.deliveryId);
  }
  return [];
}

async function verdictOn(attempt: Attempt): Promise<Verdict> {
  try {
    return await attemptDelivery(attempt);
  } catch (error) {
    const { siteId, deliveryId } = attempt.notification;
    log.error('delivery not finished', { siteId, deliveryId, error });
    return { kind: 'again', seconds: backoffSeconds(attempt.receives) };
  }
}

function keep(record: SQSRecord, seconds: number): Kept {
  return { messageId: record.messageId, deferral: { receiptHandle: record.receiptHandle, seconds } };
}

async function giveBack(deferrals: Deferral[]): Promise<void> {
  try {
    await deferMessages(deferrals);
  } catch (error) {
    // They come back after the queue's own visibility time-out: later than asked for, but they come.
    log.warn('messages not deferred', { error, messages: deferrals.length });
  }
}

function receivesOf(record: SQSRecord): number {
  return Number(record.attributes.ApproximateReceiveCount);
}

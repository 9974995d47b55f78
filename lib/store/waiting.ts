import { batchWrite, type Write } from '../aws/batch-write.ts';
import { deleteItem, queryPage } from '../aws/dynamodb.ts';
import { inParallel } from '../aws/parallel.ts';
import { countRemoved } from './lanes.ts';

/*
 * Messages that wait, by site. Those of a paused chat stand apart from the others, so that the drain never reads past them.
 * Within each of the two, the order is that in which the queue took them.
 */

/** A message that waits. */
export interface WaitingMessage {
  siteId: string;
  key: string;
  /** The body of the message in the queue. */
  body: string;
  /** How often it was tried, or handed out by the queue, until it was put here. */
  attempts: number;
  /** Seconds since 1970: a copy that a killed function has left behind disappears then. */
  expiresAt: number;
}

/** Longer than a message waits: a week. */
const KEPT_SECONDS = 14 * 24 * 3600;

/** SQS counts with up to 128 bits: https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/FIFO-key-terms.html */
const DIGITS = 39;

/** A message to put into the table. */
export interface NewlyWaiting extends Pick<WaitingMessage, 'siteId' | 'body' | 'attempts'> {
  /** The queue's number: it grows from message to message. */
  sequenceNumber: string;
  deliveryId: string;
  /** Set: it waits with the messages of this paused chat. */
  pausedChat: string | undefined;
}

/** Puts messages into the table; the same ones again change nothing. @throws ServiceUnreachableError */
export async function putWaiting(messages: NewlyWaiting[]): Promise<void> {
  const expiresAt = Math.floor(Date.now() / 1_000) + KEPT_SECONDS;
  const writes = messages.map(({ siteId, body, attempts, sequenceNumber, deliveryId, pausedChat }): Write => {
    const place = `${sequenceNumber.padStart(DIGITS, '0')}#${deliveryId}`;
    const key = `${pausedChat === undefined ? MAIN : prefixOf(pausedChat)}${place}`;
    return { put: { siteId, key, body, attempts, expiresAt } satisfies WaitingMessage };
  });
  await batchWrite('WAITING_TABLE', writes);
}

const MAIN = 'm#';
/** The place in the order: it ends each key, whatever stands before it. */
const PLACE = new RegExp(`\\d{${DIGITS}}#[^#]+$`);

function prefixOf(chat: string): string {
  return `p#${chat}#`;
}

/** The key of a message where those to a paused chat wait. */
function keyIn(chat: string, key: string): string {
  return `${prefixOf(chat)}${key.match(PLACE)?.[0]}`;
}

/** Whether a message waits among all others, and not with those of a paused chat. */
export function isInMain({ key }: Pick<WaitingMessage, 'key'>): boolean {
  return key.startsWith(MAIN);
}

/**
 * The oldest messages of a site, without those of paused chats.
 *
 * @param after the key of the last message that was read before.
 * @throws ServiceUnreachableError
 */
export function readMain(siteId: string, limit: number, after?: string): Promise<WaitingMessage[]> {
  return read(siteId, MAIN, limit, after);
}

/**
 * All messages to a paused chat that have a later place than another message, oldest first.
 *
 * @throws ServiceUnreachableError
 */
export async function* waitingBehind(
  { siteId, key }: Pick<WaitingMessage, 'siteId' | 'key'>,
  chat: string,
): AsyncGenerator<WaitingMessage> {
  let page: WaitingMessage[];
  let after: string | undefined = keyIn(chat, key);
  do {
    page = await read(siteId, prefixOf(chat), PAGE_OF_CHAT, after);
    yield* page;
    after = page.at(-1)?.key;
  } while (page.length === PAGE_OF_CHAT);
}

const PAGE_OF_CHAT = 100;

/** The oldest messages to a paused chat. @throws ServiceUnreachableError */
export function readPaused(siteId: string, chat: string, limit: number): Promise<WaitingMessage[]> {
  return read(siteId, prefixOf(chat), limit);
}

/**
 * The next waiting messages of a site: first those among all others, then those of paused chats.
 *
 * @param after the key of the last one that was read before.
 * @throws ServiceUnreachableError
 */
export async function listWaiting(
  siteId: string,
  limit: number,
  after = MAIN,
): Promise<{ messages: WaitingMessage[]; isLast: boolean }> {
  const { items, next } = await queryPage<WaitingMessage>('WAITING_TABLE', {
    // The lane comes before them.
    KeyConditionExpression: 'siteId = :siteId AND #key > :after',
    ExpressionAttributeNames: { '#key': 'key' },
    ExpressionAttributeValues: { ':siteId': siteId, ':after': after },
    Limit: limit,
  });
  return { messages: items, isLast: next === undefined };
}

async function read(
  siteId: string,
  prefix: string,
  Limit: number,
  after?: string,
): Promise<WaitingMessage[]> {
  const { items } = await queryPage<WaitingMessage>('WAITING_TABLE', {
    KeyConditionExpression: 'siteId = :siteId AND begins_with(#key, :prefix)',
    ExpressionAttributeNames: { '#key': 'key' },
    ExpressionAttributeValues: { ':siteId': siteId, ':prefix': prefix },
    ConsistentRead: true,
    Limit,
    ...(after !== undefined && { ExclusiveStartKey: { siteId, key: after } }),
  });
  return items;
}

/**
 * Moves a message to those of a paused chat, where it has the same place among them: from the others, or from those of a
 * chat that its user does not have any more. What dies in between leaves it in both: its delivery is recorded once.
 *
 * @throws ServiceUnreachableError
 */
export async function moveToPaused(message: WaitingMessage, chat: string): Promise<void> {
  const key = keyIn(chat, message.key);
  // It is there.
  if (key === message.key) return;
  await batchWrite('WAITING_TABLE', [{ put: { ...message, key } }]);
  await removeWaiting([message]);
}

/**
 * The messages of a site that name one of these users, wherever they wait. All of the site are read in pages, and DynamoDB
 * returns only those: most sites have none, and the callers are rare.
 *
 * @throws ServiceUnreachableError
 */
export async function* waitingFor(siteId: string, userIds: string[]): AsyncGenerator<WaitingMessage> {
  const names = userIds.map((_, index) => `:user${index}`);
  let from: Record<string, unknown> | undefined;
  do {
    const page = await queryPage<WaitingMessage>('WAITING_TABLE', {
      KeyConditionExpression: 'siteId = :siteId',
      FilterExpression: names.map((name) => `contains(body, ${name})`).join(' OR '),
      ExpressionAttributeValues: {
        ':siteId': siteId,
        // The body is JSON, as `park` writes it.
        ...Object.fromEntries(
          userIds.map((userId, index) => [`:user${index}`, `"userId":${JSON.stringify(userId)}`]),
        ),
      },
      ConsistentRead: true,
      ...(from && { ExclusiveStartKey: from }),
    });
    yield* page.items;
    from = page.next;
  } while (from);
}

/** How many messages are removed at the same time. */
const PARALLEL = 25;

/**
 * Removes messages beside the drain, which may send, move or remove them at the same moment, and counts the lane down by
 * those that were still there.
 *
 * @returns how many were still there.
 * @throws ServiceUnreachableError: a repeated call goes on.
 */
export async function withdrawWaiting(
  siteId: string,
  messages: Pick<WaitingMessage, 'siteId' | 'key'>[],
): Promise<number> {
  let removed = 0;
  try {
    await inParallel(messages, PARALLEL, async ({ key }) => {
      if (await deleteItem('WAITING_TABLE', { siteId, key })) removed += 1;
    });
  } finally {
    if (removed > 0) await countRemoved(siteId, removed);
  }
  return removed;
}

/** @throws ServiceUnreachableError */
export async function removeWaiting(messages: Pick<WaitingMessage, 'siteId' | 'key'>[]): Promise<void> {
  await batchWrite(
    'WAITING_TABLE',
    messages.map(({ siteId, key }) => ({ remove: { siteId, key } })),
  );
}

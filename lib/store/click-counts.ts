/*
 * How many messages were opened through a counted link, by the day of their first click and by event, without a person. They
 * are beside the counts of the log, in items of their own: a site that counts no clicks has none.
 *
 * The item of a day also names those that were added last. They are marked as noted before others are added: so each is
 * counted once, wherever a function dies, and however many of them run.
 */
import { conditionalUpdate, getItem, queryPage } from '../aws/dynamodb.ts';
import { KEPT_SECONDS } from './statistics.ts';

const PREFIX = 'clicks#';
const COUNT = 'n#';

interface ClickDay {
  siteId: string;
  key: string;
  /** How often some were added, and the ids of the deliveries that were added last. */
  round?: number;
  added?: string[];
  [count: `n#${string}`]: number;
}

/** A message that was opened. */
interface Clicked {
  deliveryId: string;
  event: string;
}

/** What was added last to a day. */
export interface LastAdded {
  round: number;
  /** The ids of deliveries. */
  added: string[];
}

/** @param day `YYYY-MM-DD`. @throws ServiceUnreachableError */
export async function lastAdded(siteId: string, day: string): Promise<LastAdded> {
  const item = await getItem<ClickDay>('STATISTICS_TABLE', { siteId, key: PREFIX + day });
  return { round: item?.round ?? 0, added: item?.added ?? [] };
}

/**
 * Adds messages to a day.
 *
 * @param last what `lastAdded` has said.
 * @returns whether they were added: not where somebody else has added some since.
 * @throws ServiceUnreachableError
 */
export async function addClicked(
  { siteId, day }: { siteId: string; day: string },
  clicked: Clicked[],
  { round }: LastAdded,
): Promise<boolean> {
  const counts = [...Map.groupBy(clicked, ({ event }) => event)];
  const added = await conditionalUpdate(
    'STATISTICS_TABLE',
    { siteId, key: PREFIX + day },
    {
      UpdateExpression: `SET added = :added, round = :next, expiresAt = :expiresAt ADD ${counts.map((_, index) => `#n${index} :n${index}`).join(', ')}`,
      ConditionExpression: round > 0 ? 'round = :round' : 'attribute_not_exists(round)',
      ExpressionAttributeNames: Object.fromEntries(
        counts.map(([event], index) => [`#n${index}`, COUNT + event]),
      ),
      ExpressionAttributeValues: {
        ':added': clicked.map(({ deliveryId }) => deliveryId),
        ':expiresAt': Math.floor(Date.parse(day) / 1_000) + KEPT_SECONDS,
        ':next': round + 1,
        ...(round > 0 && { ':round': round }),
        ...Object.fromEntries(counts.map(([, ofEvent], index) => [`:n${index}`, ofEvent.length])),
      },
      ReturnValues: 'NONE',
    },
  );
  return added !== undefined;
}

/** How many messages of an event were opened on a day. */
interface ClickCount {
  /** `YYYY-MM-DD`. */
  day: string;
  event: string;
  clicked: number;
}

/** The counts of the days from one to another, both included. @throws ServiceUnreachableError */
export async function* clickCounts(siteId: string, from: string, to: string): AsyncGenerator<ClickCount> {
  let start: Record<string, unknown> | undefined;
  do {
    const { items, next } = await queryPage<ClickDay>('STATISTICS_TABLE', {
      ConsistentRead: true,
      KeyConditionExpression: 'siteId = :siteId AND #key BETWEEN :from AND :to',
      ExpressionAttributeNames: { '#key': 'key' },
      ExpressionAttributeValues: { ':siteId': siteId, ':from': PREFIX + from, ':to': PREFIX + to },
      ...(start && { ExclusiveStartKey: start }),
    });
    for (const item of items)
      for (const [name, count] of Object.entries(item))
        if (name.startsWith(COUNT))
          yield {
            day: item.key.slice(PREFIX.length),
            event: name.slice(COUNT.length),
            clicked: Number(count),
          };
    start = next;
  } while (start);
}

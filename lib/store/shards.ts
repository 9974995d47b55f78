/** The index `by-next-time` of two tables: which sites have to be looked at. It has a few partitions, by the site. */
import { createHash } from 'node:crypto';
import { queryPage, type Table } from '../aws/dynamodb.ts';

const SHARDS = 4;

export function shardOf(siteId: string): string {
  return String((createHash('sha256').update(siteId).digest()[0] ?? 0) % SHARDS);
}

/** Sites that somebody should have looked at by a time, the oldest of each shard first. */
export async function* overdueSites(
  table: Table,
  until: number,
): AsyncGenerator<{ siteId: string; nextAt: string }> {
  for (let shard = 0; shard < SHARDS; shard++) {
    let from: Record<string, unknown> | undefined;
    do {
      const page = await queryPage<{ siteId: string; nextAt: string }>(table, {
        IndexName: 'by-next-time',
        KeyConditionExpression: '#shard = :shard AND nextAt <= :until',
        ExpressionAttributeNames: { '#shard': 'shard' },
        ExpressionAttributeValues: { ':shard': String(shard), ':until': new Date(until).toISOString() },
        ...(from && { ExclusiveStartKey: from }),
      });
      yield* page.items;
      from = page.next;
    } while (from);
  }
}

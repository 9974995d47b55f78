import { settleAll } from '../aws/parallel.ts';
import { type DueKey, readDue, type ScheduleKind, shardsOf } from '../store/schedule.ts';

/** Keys read from a shard in one request. Each has a few hundred bytes: a page costs four to eight read units. */
const PAGE = 250;

/** The state of reading one shard. */
interface Shard {
  name: string;
  read: DueKey[];
  next: Record<string, unknown> | undefined;
  isBegun: boolean;
}

/**
 * All items of a kind that are due by a given time, oldest first over all shards, in batches. They are read page by
 * page: a caller that stops early does not read the rest.
 *
 * @param until ISO 8601 in UTC, with milliseconds.
 */
export async function* dueOldestFirst(
  kind: ScheduleKind,
  until: string,
  batchSize: number,
): AsyncGenerator<DueKey[], void, undefined> {
  let shards: Shard[] = shardsOf(kind).map((name) => ({ name, read: [], next: undefined, isBegun: false }));
  let batch: DueKey[] = [];
  for (;;) {
    // The oldest item of all is known only when the oldest of each shard is known.
    await settleAll(shards.filter(({ read }) => read.length === 0).map((shard) => readOn(shard, until)));
    shards = shards.filter(({ read, next }) => read.length > 0 || next);
    if (shards.length === 0) break;
    while (shards.every(({ read, next }) => read.length > 0 || !next)) {
      const oldest = takeOldest(shards);
      if (!oldest) break;
      batch.push(oldest);
      if (batch.length < batchSize) continue;
      yield batch;
      batch = [];
    }
  }
  if (batch.length > 0) yield batch;
}

async function readOn(shard: Shard, until: string): Promise<void> {
  if (shard.isBegun && !shard.next) return;
  const { items, next } = await readDue(shard.name, until, PAGE, shard.next);
  shard.isBegun = true;
  shard.read = items;
  shard.next = next;
}

function takeOldest(shards: Shard[]): DueKey | undefined {
  let oldest: Shard | undefined;
  for (const shard of shards) {
    const [first] = shard.read;
    if (first && (!oldest?.read[0] || first.dueAt < oldest.read[0].dueAt)) oldest = shard;
  }
  return oldest?.read.shift();
}

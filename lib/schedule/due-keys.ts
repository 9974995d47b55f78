import { settleAll } from '../aws/parallel.ts';
import { type DueKey, readDue, type ScheduleKind, shardsOf } from '../store/schedule.ts';

/** Keys read from a shard in one request: about twenty read units. */
const PAGE = 1_000;
/** The share of a site: so many of its items are dispatched before it is the turn of the others. */
const TURN = 100;
/** How many keys of one site a run keeps: more than it can dispatch. The others are read again in the next run. */
const MOST_OF_SITE = 10_000;
/** With so many keys in memory, only one turn of each further site is kept. */
const MOST = 50_000;

/**
 * The keys of the items of a kind that are due by a given time, by site. All shards are read to their ends, whoever
 * fills them: what is due for one site is not found later because another one has more. If the time is too short for
 * that, what has become due last is read too.
 *
 * @param until ISO 8601 in UTC, with milliseconds.
 * @param hasTime `false`: no further page is read.
 */
export async function readDueKeys(
  kind: ScheduleKind,
  until: string,
  hasTime: () => boolean,
): Promise<Map<string, DueKey[]>> {
  const sites = new Map<string, DueKey[]>();
  let kept = 0;
  function keep(key: DueKey): void {
    const keys = sites.get(key.siteId) ?? [];
    if (keys.length >= (kept < MOST ? MOST_OF_SITE : TURN)) return;
    kept += 1;
    keys.push(key);
    sites.set(key.siteId, keys);
  }
  async function readShard(name: string): Promise<void> {
    let from: Record<string, unknown> | undefined;
    do {
      const { items, next } = await readDue(name, until, PAGE, from);
      items.forEach(keep);
      from = next;
    } while (from && hasTime());
    if (from) (await readDue(name, until, PAGE, undefined, 'newest first')).items.forEach(keep);
  }
  await settleAll(shardsOf(kind).map(readShard));
  return sites;
}

/** In a round every site has its turn. */
interface Round {
  /** What fell due since the last run. */
  inTime: DueKey[];
  /** It comes afterwards, and apart: an earlier run may have ended because of it. */
  late: DueKey[];
}

/**
 * Puts the keys in the order in which they are dispatched. A site with few items is before one with many.
 *
 * @param lateBefore what was due before this time is late; ISO 8601 in UTC, with milliseconds.
 */
export function inRounds(sites: Map<string, DueKey[]>, lateBefore: string): Round[] {
  const rounds: Round[] = [];
  const bySite = [...sites.values()].map((keys) => keys.toSorted(byTime));
  const fewFirst = bySite.toSorted(
    (one, other) => one.length - other.length || compare(one[0]?.dueAt, other[0]?.dueAt),
  );
  for (const oldestFirst of fewFirst) {
    const { inTime = [], late = [] } = Object.groupBy(oldestFirst, ({ dueAt }) =>
      dueAt < lateBefore ? 'late' : 'inTime',
    );
    const longest = Math.max(inTime.length, late.length);
    for (let start = 0, index = 0; start < longest; start += TURN, index += 1) {
      const round = rounds[index] ?? { inTime: [], late: [] };
      round.inTime.push(...inTime.slice(start, start + TURN));
      round.late.push(...late.slice(start, start + TURN));
      rounds[index] = round;
    }
  }
  return rounds;
}

const byTime = (one: DueKey, other: DueKey) => compare(one.dueAt, other.dueAt);

function compare(one = '', other = ''): number {
  return one === other ? 0 : one < other ? -1 : 1;
}

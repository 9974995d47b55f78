/** Evaluates the emulator's list of calls: the messages that arrived, twice or in the wrong order, and the speed. */
import type { Call } from './world.ts';

export interface Assessment {
  sent: number;
  lost: number;
  duplicated: number;
  outOfOrder: number;
  refused429: number;
  perSecond: number;
  /** The largest number of messages in any sliding second. */
  busiestSecond: number;
}

/** @param expected the texts that must arrive: `site user turn`, with rising turns for each user. */
export function assess(calls: Call[], expected: string[]): Assessment {
  const wanted = new Set(expected);
  const relevant = calls.filter(({ params }) => params.text !== undefined && wanted.has(params.text));
  const arrived = relevant.filter(({ status }) => status === 200);
  const times = arrived.map(({ time }) => Date.parse(time)).sort((one, other) => one - other);
  const counts = new Map<string, number>();
  for (const { params } of arrived) counts.set(params.text ?? '', (counts.get(params.text ?? '') ?? 0) + 1);
  const seconds = ((times.at(-1) ?? 0) - (times[0] ?? 0)) / 1_000;
  return {
    sent: arrived.length,
    lost: expected.filter((text) => !counts.has(text)).length,
    duplicated: [...counts.values()].reduce((sum, count) => sum + count - 1, 0),
    outOfOrder: countOutOfOrder(arrived),
    refused429: relevant.filter(({ status }) => status === 429).length,
    perSecond: (arrived.length - 1) / seconds,
    busiestSecond: busiestSecond(times),
  };
}

/** Messages that first arrived after a later turn of the same user. */
function countOutOfOrder(arrived: Call[]): number {
  const latest = new Map<string, number>();
  const seen = new Set<string>();
  let count = 0;
  for (const { params } of arrived.toSorted((one, other) => Date.parse(one.time) - Date.parse(other.time))) {
    const text = params.text ?? '';
    if (seen.has(text)) continue;
    seen.add(text);
    const [site, user, turn] = text.split(' ');
    const key = `${site} ${user}`;
    if (Number(turn) < (latest.get(key) ?? -1)) count++;
    latest.set(key, Math.max(Number(turn), latest.get(key) ?? -1));
  }
  return count;
}

function busiestSecond(times: number[]): number {
  let first = 0;
  let most = 0;
  for (const [index, time] of times.entries()) {
    while ((times[first] ?? 0) <= time - 1_000) first++;
    most = Math.max(most, index - first + 1);
  }
  return most;
}

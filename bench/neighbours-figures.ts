/** The figures of the benchmark of the neighbours: how a quiet shop fares. */
import { percentile } from './report.ts';

/** The limits, in milliseconds: of the 99th percentile, and of a reminder's lateness. */
const MAX_P99 = 2_000;
const MAX_LATENESS = 65_000;
/** The 99th percentile may be so many times what it is under the same load of quiet shops. */
const MAX_RATIO = 3;
/** The clock strikes every minute. Milliseconds. */
const MINUTE = 60_000;

/** A message that must arrive. */
export interface Expected {
  /** Its whole text, unique. */
  text: string;
  person: string;
  /** When it was reported, or when a reminder was due: milliseconds since 1970. */
  at: number;
  /** When it was accepted. A message that is reported later must arrive later. Absent: no order is promised. */
  acceptedAt?: number;
}

/** When each text arrived in a chat, in the order of arrival: milliseconds since 1970. */
export type Arrivals = Map<string, number[]>;

export interface Figures {
  events: number;
  /** Milliseconds from the report to the arrival. */
  p50: number;
  p99: number;
  /** How late the latest reminder is, in milliseconds; `NaN` without reminders. */
  lateness: number;
  lost: number;
  duplicated: number;
  outOfOrder: number;
}

/**
 * @param reminders messages that wait for their time.
 * @param strikes when the clock has started the pollers: milliseconds since 1970, rising.
 */
export function figuresOf(
  events: Expected[],
  reminders: Expected[],
  strikes: number[],
  arrivals: Arrivals,
): Figures {
  const all = [...events, ...reminders];
  const firstOf = ({ text }: Expected) => arrivals.get(text)?.[0];
  const tookOf = (expected: Expected) => (firstOf(expected) ?? Number.POSITIVE_INFINITY) - expected.at;
  const took = events.map(tookOf);
  const late = reminders.map((reminder) => latenessOf(reminder, firstOf(reminder), strikes));
  return {
    events: events.length,
    p50: percentile(took, 50),
    p99: percentile(took, 99),
    lateness: late.length === 0 ? Number.NaN : Math.max(...late),
    lost: all.filter((expected) => firstOf(expected) === undefined).length,
    duplicated: all.reduce((sum, { text }) => sum + Math.max(0, (arrivals.get(text)?.length ?? 0) - 1), 0),
    outOfOrder: countOutOfOrder(all, firstOf),
  };
}

/**
 * As if the reminder had been due right after the clock had struck: a minute, and the time from the next strike to the
 * arrival. So the benchmark need not wait for whole minutes.
 */
function latenessOf({ at }: Expected, arrivedAt: number | undefined, strikes: number[]): number {
  const strike = strikes.find((time) => time >= at);
  if (arrivedAt === undefined || strike === undefined) return Number.POSITIVE_INFINITY;
  return MINUTE + arrivedAt - strike;
}

/** Messages that arrived after one of the same person that was reported when they were accepted already. */
function countOutOfOrder(all: Expected[], arrivedAt: (expected: Expected) => number | undefined): number {
  const isOvertaken = (one: Expected, other: Expected) =>
    one.person === other.person &&
    one.acceptedAt !== undefined &&
    one.acceptedAt <= other.at &&
    (arrivedAt(one) ?? 0) > (arrivedAt(other) ?? Number.POSITIVE_INFINITY);
  return all.filter((one) => all.some((other) => isOvertaken(one, other))).length;
}

/** How much longer the slowest of a hundred takes than under the same load of quiet shops. */
export function ratioOf(attacked: Figures, baseline: Figures): number {
  return attacked.p99 / baseline.p99;
}

/**
 * The limits that are not kept, as sentences.
 *
 * @param baseline the same shop under the same load of quiet shops. Without it only what must hold in an outage too is
 * judged: nothing lost, everything in order.
 */
export function brokenLimits(attacked: Figures, baseline: Figures | undefined): string[] {
  const { p99, lateness, lost, outOfOrder } = attacked;
  const ratio = baseline && ratioOf(attacked, baseline);
  const broken: [boolean, string][] = [
    [lost > 0, `${lost} lost`],
    [outOfOrder > 0, `${outOfOrder} out of order`],
    [baseline !== undefined && !(p99 <= MAX_P99), `p99 over ${MAX_P99 / 1_000} s`],
    [ratio !== undefined && !(ratio <= MAX_RATIO), `p99 over ${MAX_RATIO} times that of the same load`],
    [baseline !== undefined && lateness > MAX_LATENESS, `a reminder over ${MAX_LATENESS / 1_000} s late`],
  ];
  return broken.filter(([isBroken]) => isBroken).map(([, sentence]) => sentence);
}

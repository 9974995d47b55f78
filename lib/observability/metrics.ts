import { recordMeasurement } from './telemetry.ts';

type Dimension = 'event' | 'reason' | 'class' | 'status';

interface Definition {
  unit: 'Count' | 'Milliseconds';
  /** By what it is told apart, beside the stage. Each set is a metric of its own for each combination of values. */
  by: readonly (readonly Dimension[])[];
}

/**
 * Everything that is measured. Dimensions have few values, all of them ours: CloudWatch bills each combination of values
 * as a metric, so a site or a user never is one.
 */
export const METRICS = {
  /** Events taken in. */
  Accepted: { unit: 'Count', by: [['event']] },
  /** Notifications put into the deliveries queue. */
  Queued: { unit: 'Count', by: [['event']] },
  /** Recipients whose notification waits for its time. */
  Scheduled: { unit: 'Count', by: [['event']] },
  /** Recipients who get nothing, decided when the event came in or when its message was to be sent. */
  Skipped: { unit: 'Count', by: [['event'], ['reason']] },
  /** Messages that Telegram took. */
  Sent: { unit: 'Count', by: [[], ['event']] },
  /** Messages given up, by what Telegram (or the way to it) asked for. */
  Failed: { unit: 'Count', by: [[], ['class']] },
  /** Attempts that will be repeated. */
  Retried: { unit: 'Count', by: [['class']] },
  /** Messages given back to the queue because the bot had no free slot, or was paused. */
  Deferred: { unit: 'Count', by: [[]] },
  /** Messages dropped because they were delivered, or given up for good, before. */
  DuplicatesDropped: { unit: 'Count', by: [[]] },
  /** From the event (or the moment when it fell due) to Telegram's yes. */
  AgeAtSending: { unit: 'Milliseconds', by: [[], ['event']] },
  /** Telegram's 429s, whatever was asked of it. */
  TooManyRequests: { unit: 'Count', by: [[]] },
  /** Bots whose token was found to be refused. */
  BotsUnauthorized: { unit: 'Count', by: [[]] },
  /** Runs of a clock that came to their end. */
  ClockRuns: { unit: 'Count', by: [['event']] },
  /** How long after its time an item was handed over. */
  DueLateness: { unit: 'Milliseconds', by: [['event']] },
  /** Requests answered with a problem, by HTTP status. */
  Refused: { unit: 'Count', by: [['status']] },
} as const satisfies Record<string, Definition>;

type MetricName = keyof typeof METRICS;

/** A value for every dimension of a metric; `siteId` is no dimension, and stands beside the metric. */
type About<Name extends MetricName> = {
  [Key in (typeof METRICS)[Name]['by'][number][number]]: string;
} & { siteId?: string };

/** Measures something once. It is written when the invocation ends. */
export function measure<Name extends MetricName>(name: Name, about: About<Name>, value: number): void {
  const { siteId, ...dimensions }: { siteId?: string; [dimension: string]: string | undefined } = about;
  recordMeasurement({
    name,
    ...METRICS[name],
    siteId,
    dimensions: dimensions as Record<string, string>,
    value,
  });
}

/** Counts something that has happened. */
export function count<Name extends MetricName>(name: Name, about: About<Name>, times = 1): void {
  if (times > 0) measure(name, about, times);
}

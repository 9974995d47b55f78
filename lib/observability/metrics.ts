import { recordMeasurement } from './telemetry.ts';

type Dimension = 'event' | 'reason' | 'class' | 'status';

interface Definition {
  unit: 'Count' | 'Milliseconds';
  /** Its sets of dimensions, beside the stage. CloudWatch keeps a metric for each combination of their values. */
  by: readonly (readonly Dimension[])[];
}

/**
 * Everything that is measured. Dimensions have few and known values, since CloudWatch bills each combination of values as
 * a metric: so a site or a user is never a dimension.
 */
export const METRICS = {
  /** Events that were accepted. */
  Accepted: { unit: 'Count', by: [['event']] },
  /** Notifications put into the deliveries queue. */
  Queued: { unit: 'Count', by: [['event']] },
  /** Recipients whose notification is scheduled for later. */
  Scheduled: { unit: 'Count', by: [['event']] },
  /** Recipients who get nothing, as found out when the event came or before its message was sent. */
  Skipped: { unit: 'Count', by: [['event'], ['reason']] },
  /** Messages that Telegram accepted. */
  Sent: { unit: 'Count', by: [[], ['event']] },
  /** Messages that will not be sent any more, by the class of the error. */
  Failed: { unit: 'Count', by: [[], ['class']] },
  /** Attempts that will be repeated. */
  Retried: { unit: 'Count', by: [['class']] },
  /** Messages that were put among the waiting ones, or wait there for longer, by the reason. */
  Waiting: { unit: 'Count', by: [[], ['reason']] },
  /** How long after its time the drain looks at a site's waiting messages. */
  DrainLateness: { unit: 'Milliseconds', by: [[]] },
  /** The age of the oldest waiting message of a site whose bot works, at the beginning of a run of the drain. */
  WaitingAge: { unit: 'Milliseconds', by: [[]] },
  /** How long after a change of a person, or the expiry of a link, a sweep finds that nobody has looked at it. */
  PeopleLateness: { unit: 'Milliseconds', by: [[]] },
  /** Messages dropped because they were sent, or had failed for good, before. */
  DuplicatesDropped: { unit: 'Count', by: [[]] },
  /** From the event (or the time for which it was scheduled) until Telegram accepted the message. */
  AgeAtSending: { unit: 'Milliseconds', by: [[], ['event']] },
  /** Answers 429 of Telegram, to any method. */
  TooManyRequests: { unit: 'Count', by: [[]] },
  /** Bots whose token Telegram has refused for the first time. */
  BotsUnauthorized: { unit: 'Count', by: [[]] },
  /** Completed runs of a poller, by its event; of the sweeps `drain-due`, `people-due` and `outgoing-due`; of the look at the `webhooks`; and of the `retention`. */
  ClockRuns: { unit: 'Count', by: [['event']] },
  /** What the retention has removed: people, chats, former ids. */
  Removed: { unit: 'Count', by: [['reason']] },
  /** How long after its due time an item was dispatched. */
  DueLateness: { unit: 'Milliseconds', by: [['event']] },
  /** Sites that a run of a poller has skipped, because an item of theirs can't be dispatched. The line has the site. */
  SiteSkipped: { unit: 'Count', by: [['event']] },
  /** Synthetic checks whose message was sent, and how long that took, from the event until Telegram accepted it. */
  ChecksPassed: { unit: 'Count', by: [[]] },
  CheckDuration: { unit: 'Milliseconds', by: [[]] },
  /** Calls of the shops' own systems: `taken` or `failed`. */
  WebhookCalls: { unit: 'Count', by: [['status']] },
  /** From what happened until the shop's system has taken it. */
  WebhookAge: { unit: 'Milliseconds', by: [[]] },
  /** How long after its time the dispatcher looks at a site's webhook. */
  WebhookLateness: { unit: 'Milliseconds', by: [[]] },
  /** Requests answered with an error, by HTTP status. */
  Refused: { unit: 'Count', by: [['status']] },
} as const satisfies Record<string, Definition>;

type MetricName = keyof typeof METRICS;

/** A value for every dimension of a metric. `siteId` is no dimension, but a property of the same line. */
type About<Name extends MetricName> = {
  [Key in (typeof METRICS)[Name]['by'][number][number]]: string;
} & { siteId?: string };

/** Records one value. It is written when the invocation ends. */
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

/** Counts something. */
export function count<Name extends MetricName>(name: Name, about: About<Name>, times = 1): void {
  if (times > 0) measure(name, about, times);
}

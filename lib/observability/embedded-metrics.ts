/** Metrics as log lines, in CloudWatch's embedded metric format. */

/** In CloudWatch, the name under which all of these metrics are found. */
const NAMESPACE = 'passweb-telegram';

/** The format's limit for the values of one metric in one line. */
const MAX_VALUES = 100;

/** One thing that was measured once. */
export interface Measurement {
  name: string;
  unit: 'Count' | 'Milliseconds';
  /** The sets of dimensions, beside the stage, under which CloudWatch shall keep it. */
  by: readonly (readonly string[])[];
  /** A value for each dimension in `by`. */
  dimensions: Record<string, string>;
  siteId: string | undefined;
  value: number;
}

/** A line in the making. A member of its root is one metric or one dimension, and can have but one meaning. */
interface MetricLine {
  dimensions: Record<string, string>;
  metrics: Map<string, { definition: Measurement; values: number[] }>;
  siteIds: Set<string | undefined>;
}

/**
 * Puts what an invocation has measured into as few lines as the format allows: one, unless a dimension had several values
 * (two reasons for skipping, say) or there are hundreds of times.
 *
 * @param facts go along as properties, to be searched for; `siteId` only where all of a line is of one site.
 * @param timestamp milliseconds since 1970.
 * @see https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/CloudWatch_Embedded_Metric_Format_Specification.html
 */
export function embeddedMetrics(measurements: Measurement[], facts: object, timestamp: number): object[] {
  const drafts: MetricLine[] = [];
  for (const measurement of measurements) {
    const draft = drafts.find((draft) => fits(draft, measurement)) ?? begin(drafts);
    add(draft, measurement);
  }
  return drafts.map((draft) => toDocument(draft, facts, timestamp));
}

function fits({ dimensions, metrics }: MetricLine, { name, unit, dimensions: wanted }: Measurement): boolean {
  const isAtOdds = Object.entries(wanted).some(([key, value]) => (dimensions[key] ?? value) !== value);
  return !isAtOdds && (unit === 'Count' || (metrics.get(name)?.values.length ?? 0) < MAX_VALUES);
}

function begin(drafts: MetricLine[]): MetricLine {
  const draft = { dimensions: {}, metrics: new Map(), siteIds: new Set<string | undefined>() };
  drafts.push(draft);
  return draft;
}

function add({ dimensions, metrics, siteIds }: MetricLine, measurement: Measurement): void {
  const { name, unit, value, siteId } = measurement;
  Object.assign(dimensions, measurement.dimensions);
  siteIds.add(siteId);
  const values = metrics.get(name)?.values ?? [];
  // Counts add up; of times each one counts, for the percentiles.
  const isSum = unit === 'Count' && values.length > 0;
  metrics.set(name, {
    definition: measurement,
    values: isSum ? [(values[0] ?? 0) + value] : [...values, value],
  });
}

function toDocument({ dimensions, metrics, siteIds }: MetricLine, facts: object, timestamp: number): object {
  const definitions = [...metrics.values()].map(({ definition }) => definition);
  // Metrics with the same sets of dimensions share a directive.
  const directives = Map.groupBy(definitions, ({ by }) => JSON.stringify(by));
  const [siteId] = siteIds;
  return {
    _aws: {
      Timestamp: timestamp,
      CloudWatchMetrics: [...directives.values()].map((group) => ({
        Namespace: NAMESPACE,
        Dimensions: group[0]?.by.map((set) => ['stage', ...set]),
        Metrics: group.map(({ name, unit }) => ({ Name: name, Unit: unit })),
      })),
    },
    ...facts,
    ...(siteIds.size === 1 && siteId !== undefined && { siteId }),
    // Watching must not be what stops a function: without a stage the metrics are of no use, and the messages go out.
    stage: process.env.STAGE ?? 'unknown',
    ...dimensions,
    ...Object.fromEntries(
      [...metrics].map(([name, { values }]) => [name, values.length === 1 ? values[0] : values]),
    ),
  };
}

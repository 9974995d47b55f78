/** Metrics as log lines, in CloudWatch's embedded metric format. */

/** The namespace of all metrics in CloudWatch. */
const NAMESPACE = 'passweb-telegram';

/** The format's limit for the values of one metric in one line. */
const MAX_VALUES = 100;

/** One measured value. */
export interface Measurement {
  name: string;
  unit: 'Count' | 'Milliseconds';
  /** The sets of dimensions, beside the stage, for which CloudWatch keeps it. */
  by: readonly (readonly string[])[];
  /** A value for each dimension in `by`. */
  dimensions: Record<string, string>;
  siteId: string | undefined;
  value: number;
}

/** A line that is being filled. In one line, a dimension can have only one value. */
interface MetricLine {
  dimensions: Record<string, string>;
  metrics: Map<string, { definition: Measurement; values: number[] }>;
  siteIds: Set<string | undefined>;
}

/**
 * Writes what an invocation has measured as few lines: one, unless a dimension has several values (two skip reasons, for
 * example) or there are more than 100 durations.
 *
 * @param facts become properties, by which lines can be searched. `siteId` is added where a line is about one site only.
 * @param timestamp milliseconds since 1970.
 * @see https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/CloudWatch_Embedded_Metric_Format_Specification.html
 */
export function embeddedMetrics(measurements: Measurement[], facts: object, timestamp: number): object[] {
  const lines: MetricLine[] = [];
  for (const measurement of measurements) {
    const line = lines.find((line) => fits(line, measurement)) ?? addLine(lines);
    add(line, measurement);
  }
  return lines.map((line) => toDocument(line, facts, timestamp));
}

function fits({ dimensions, metrics }: MetricLine, { name, unit, dimensions: wanted }: Measurement): boolean {
  const isOtherValue = Object.entries(wanted).some(([key, value]) => (dimensions[key] ?? value) !== value);
  return !isOtherValue && (unit === 'Count' || (metrics.get(name)?.values.length ?? 0) < MAX_VALUES);
}

function addLine(lines: MetricLine[]): MetricLine {
  const line = { dimensions: {}, metrics: new Map(), siteIds: new Set<string | undefined>() };
  lines.push(line);
  return line;
}

function add({ dimensions, metrics, siteIds }: MetricLine, measurement: Measurement): void {
  const { name, unit, value, siteId } = measurement;
  Object.assign(dimensions, measurement.dimensions);
  siteIds.add(siteId);
  const values = metrics.get(name)?.values ?? [];
  // Counts are added up. Durations are kept one by one, for percentiles.
  const isSum = unit === 'Count' && values.length > 0;
  metrics.set(name, {
    definition: measurement,
    values: isSum ? [(values[0] ?? 0) + value] : [...values, value],
  });
}

function toDocument({ dimensions, metrics, siteIds }: MetricLine, facts: object, timestamp: number): object {
  const definitions = [...metrics.values()].map(({ definition }) => definition);
  // Metrics with the same sets of dimensions are declared together.
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
    // A missing stage is no error here: metrics must not keep messages from being sent.
    stage: process.env.STAGE ?? 'unknown',
    ...dimensions,
    ...Object.fromEntries(
      [...metrics].map(([name, { values }]) => [name, values.length === 1 ? values[0] : values]),
    ),
  };
}

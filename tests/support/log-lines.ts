/** The output of functions during some work: log lines and metrics, as CloudWatch would get them. */
import { jest } from '@jest/globals';

export type Line = Record<string, unknown>;

/** A line in the embedded metric format. */
export interface MetricsLine extends Line {
  _aws: {
    Timestamp: number;
    CloudWatchMetrics: {
      Namespace: string;
      Dimensions: string[][];
      Metrics: { Name: string; Unit?: string }[];
    }[];
  };
}

export interface Written {
  /** Every line, unchanged. */
  text: string;
  entries: Line[];
  metrics: MetricsLine[];
}

/** @param level the value of `LOG_LEVEL` during the work. */
export async function writtenDuring(work: () => Promise<unknown>, level = 'info'): Promise<Written> {
  const before = process.env.LOG_LEVEL;
  process.env.LOG_LEVEL = level;
  const chunks: string[] = [];
  const spy = jest
    .spyOn(process.stdout, 'write')
    .mockImplementation((chunk) => chunks.push(String(chunk)) > 0);
  try {
    await work();
  } finally {
    spy.mockRestore();
    process.env.LOG_LEVEL = before;
  }
  return linesIn(chunks.join(''));
}

/** @throws SyntaxError if a line is not JSON. */
function linesIn(text: string): Written {
  const lines = text
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => JSON.parse(line) as Line);
  return {
    text,
    entries: lines.filter((line) => !('_aws' in line)),
    metrics: lines.filter((line): line is MetricsLine => '_aws' in line),
  };
}

/** The names of the CloudWatch metrics of a line: metric and dimensions, each once. */
export function seriesOf({
  _aws,
  ...root
}: MetricsLine): { name: string; dimensions: Record<string, string> }[] {
  return _aws.CloudWatchMetrics.flatMap(({ Dimensions, Metrics }) =>
    Metrics.flatMap(({ Name }) =>
      Dimensions.map((keys) => ({
        name: Name,
        dimensions: Object.fromEntries(keys.map((key) => [key, String(root[key])])),
      })),
    ),
  );
}

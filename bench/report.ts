/** Statistics for the benchmarks. */

export function median(values: number[]): number {
  return percentile(values, 50);
}

/** The value that `percent` per cent of the values do not exceed (nearest rank). */
export function percentile(values: number[], percent: number): number {
  const sorted = values.toSorted((one, other) => one - other);
  return sorted[Math.max(0, Math.ceil((percent / 100) * sorted.length) - 1)] ?? Number.NaN;
}

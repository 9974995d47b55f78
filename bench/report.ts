/** What benchmarks share: figures and progress. */

export function median(values: number[]): number {
  return percentile(values, 50);
}

/** The value that `percent` per cent of the values don't exceed (nearest rank). */
export function percentile(values: number[], percent: number): number {
  const sorted = values.toSorted((one, other) => one - other);
  return sorted[Math.max(0, Math.ceil((percent / 100) * sorted.length) - 1)] ?? Number.NaN;
}

const BAR_LENGTH = 40;

let lastFilled = -1;

/** A bar that grows in place on a terminal, and one line for each tenth elsewhere. */
export function printProgress(done: number, total: number, unit: string): void {
  const filled = Math.floor((done / total) * BAR_LENGTH);
  const bar = `[${'#'.repeat(filled)}${'.'.repeat(BAR_LENGTH - filled)}] ${done}/${total} ${unit}`;
  if (process.stderr.isTTY) process.stderr.write(`\r${bar}${done === total ? '\n' : ''}`);
  else if (filled % 4 === 0 && filled !== lastFilled) process.stderr.write(`${bar}\n`);
  lastFilled = filled;
}

/** For the benchmarks of the lists: how long each kind of page takes, beside a bare request. */
import { percentile } from './report.ts';
import { shown, timesOf } from './tables.ts';

/** The limit for the median of the slowest kind of page, in milliseconds. */
const MAX_MILLISECONDS = 100;

export interface Bare {
  /** Milliseconds. */
  times: number[];
  /** In the plural. */
  name: string;
  /** On a machine that is busy with other things, a page may take as long as so many of them. */
  most: number;
}

/**
 * Prints a line for each page, and ends the program with 1 if one takes too long.
 *
 * @param pages each with what answers how many rows it found.
 */
export async function comparePages(
  bare: Bare,
  pages: [name: string, page: () => Promise<number>][],
): Promise<void> {
  const row = (name: string, cells: unknown[]) =>
    console.log(`${name.padEnd(34)}${cells.map((cell) => String(cell).padStart(10)).join('')}`);
  row('page', ['found', 'p50', 'p95', 'ratio']);
  const bareMedian = percentile(bare.times, 50);
  let slowest = 0;
  for (const [name, page] of pages) {
    let found = 0;
    const times = await timesOf(async () => {
      found = await page();
    });
    const median = percentile(times, 50);
    slowest = Math.max(slowest, median);
    row(name, [found, shown(times, 50), shown(times, 95), (median / bareMedian).toFixed(1)]);
  }
  const isGood = slowest <= MAX_MILLISECONDS || slowest <= bare.most * bareMedian;
  console.log(
    `\n${isGood ? 'within' : 'BEYOND'} the floor: ${MAX_MILLISECONDS} ms for each page, or ${bare.most} ${bare.name} (p50)`,
  );
  if (!isGood) process.exitCode = 1;
}

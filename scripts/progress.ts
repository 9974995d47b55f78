/** Shows progress on the error output, so that results can be piped. */

const BAR_LENGTH = 40;

let lastFilled = -1;

/** A progress bar on a terminal; otherwise one line for each tenth. */
export function printProgress(done: number, total: number, unit: string): void {
  const filled = Math.floor((done / total) * BAR_LENGTH);
  const bar = `[${'#'.repeat(filled)}${'.'.repeat(BAR_LENGTH - filled)}] ${done}/${total} ${unit}`;
  if (process.stderr.isTTY) process.stderr.write(`\r${bar}${done === total ? '\n' : ''}`);
  else if (filled % 4 === 0 && filled !== lastFilled) process.stderr.write(`${bar}\n`);
  lastFilled = filled;
}

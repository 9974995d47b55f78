/** A process that is killed during its work: tests examine the state after a SIGKILL. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';

/**
 * Runs a script of `tests/` and kills it as soon as `held` resolves: see Tripwire.hold.
 *
 * @throws if the process ends before that.
 */
export async function runAndKill(
  script: string,
  environment: Record<string, string>,
  held: Promise<void>,
): Promise<void> {
  const child = spawn(process.execPath, [join(import.meta.dirname, '..', script)], {
    stdio: ['ignore', 'ignore', 'inherit'],
    env: { ...process.env, ...environment },
  });
  const ended = once(child, 'exit');
  await Promise.race([
    held,
    ended.then(([code]) => {
      throw new Error(`The process ended before it came so far, with ${code}.`);
    }),
  ]);
  child.kill('SIGKILL');
  await ended;
}

/** For the benchmarks of what reads and writes tables: the embedded AWS, in a process of its own. */
import { once } from 'node:events';
import { packageBundle } from '../scripts/programs.ts';
import { percentile } from './report.ts';
import type { ServiceOrder } from './services.ts';
import { startService } from './world.ts';

/** Works with empty tables. The clients of `lib` are made when it is loaded: `work` imports it. */
export async function withTables(work: () => Promise<void>): Promise<void> {
  await packageBundle('dev');
  await withService({ kind: 'aws', visibilitySeconds: 60 }, async (environment) => {
    Object.assign(process.env, environment, { LOG_LEVEL: process.env.LOG_LEVEL ?? 'off' });
    process.env.BOT_TOKEN_KEY ??= Buffer.alloc(32, 'demo').toString('base64');
    await work();
  });
}

/** Works beside a service, which ends with the work. */
export async function withService(
  order: ServiceOrder,
  work: (environment: Record<string, string>) => Promise<void>,
): Promise<void> {
  const { child, ready } = await startService(order);
  try {
    await work(ready.environment);
  } finally {
    const exited = once(child, 'exit');
    child.disconnect();
    await exited;
  }
}

const ROUNDS = 40;

/** Milliseconds of each of forty rounds, after some that are not counted. */
export async function timesOf(work: () => Promise<unknown>): Promise<number[]> {
  for (let round = 0; round < 5; round++) await work();
  const times: number[] = [];
  for (let round = 0; round < ROUNDS; round++) {
    const begun = performance.now();
    await work();
    times.push(performance.now() - begun);
  }
  return times;
}

export function shown(times: number[], percent: number): string {
  return `${percentile(times, percent).toFixed(1)} ms`;
}

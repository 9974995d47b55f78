/** The steps of the rehearsal: each is timed, printed, and named when it fails. */
import { setTimeout as sleep } from 'node:timers/promises';
import { inspect, isDeepStrictEqual } from 'node:util';
import { CannotStart } from './cannot-start.ts';
import { ending } from './ending.ts';

/** What was seen is not what has to be. */
export class Seen extends Error {
  override name = 'Seen';
}

/** A step has failed. The message has its name and what was seen. */
export class StepFailed extends Error {
  override name = 'StepFailed';
}

/** Runs a step. What it returns, if it is text, is printed behind its name. */
export type Step = <Result>(name: string, run: () => Promise<Result>) => Promise<Result>;

const started = performance.now();
const seconds = (since: number) => `${((performance.now() - since) / 1_000).toFixed(1)} s`;

/** @param lane is printed before each step: lanes run at the same time. */
export function stepsOf(lane: string): Step {
  return async (name, run) => {
    const begin = performance.now();
    try {
      const result = await run();
      ending.throwIfAborted();
      const told = typeof result === 'string' ? ` (${result})` : '';
      console.log(
        `${seconds(started).padStart(8)} ${seconds(begin).padStart(8)}  ${lane.padEnd(8)} ${name}${told}`,
      );
      return result;
    } catch (error) {
      if (error instanceof CannotStart) throw error;
      const seen = error instanceof Seen ? error.message : inspect(error);
      throw new StepFailed(`Failed after ${seconds(begin)}: ${lane && `${lane}, `}${name}\n${seen}`, {
        cause: error,
      });
    }
  };
}

export function total(): string {
  return seconds(started);
}

/** @param what what it is, such as "the status of the answer". */
export function expectEqual(what: string, seen: unknown, expected: unknown): void {
  if (!isDeepStrictEqual(seen, expected))
    throw new Seen(`${what}: ${inspect(seen)}, expected ${inspect(expected)}`);
}

export function expectMatch(what: string, seen: string, expected: RegExp): void {
  if (!expected.test(seen)) throw new Seen(`${what}: expected ${expected}, seen:\n${seen}`);
}

/**
 * Asks until there is a result.
 *
 * @param limit in seconds: far more than it should take.
 * @param seen what to tell when there is none.
 * @throws when the rehearsal ends.
 */
export async function until<Found>(
  what: string,
  limit: number,
  look: () => Promise<Found | undefined | false>,
  seen?: () => unknown,
): Promise<Found> {
  for (const end = Date.now() + limit * 1_000; ; await sleep(250, undefined, { signal: ending })) {
    const found = await look();
    if (found !== undefined && found !== false) return found;
    if (Date.now() < end) continue;
    const instead = seen && ` Seen: ${inspect(await seen(), { depth: 6 })}`;
    throw new Seen(`Waited ${limit} s in vain for ${what}.${instead ?? ''}`);
  }
}

/** Time that passes twenty times as fast, for our functions and the clients that they use. The network is real. */
import { jest } from '@jest/globals';

const realTimeout = setTimeout;
const realImmediate = setImmediate;

/** Simulated milliseconds that pass while our process does nothing for a moment. */
const STEP = 20;

/** So many turns of the event loop before the time moves on: whatever answers in this process gets its chance. */
const TURNS = 3;

interface Afterwards {
  /** Done as soon as the work has answered, in simulated time too. */
  answered?: () => Promise<unknown>;
  /** So many simulated milliseconds then go by, for whatever goes on in the background. */
  letPass?: number;
}

/**
 * What the work has left behind waits for the timers of this simulation, and is lost with them: only what passes before
 * its end shows it.
 *
 * @returns what the work answers, and how long it took in simulated milliseconds.
 */
export async function simulated<Result>(
  work: () => Promise<Result>,
  { answered, letPass = 0 }: Afterwards = {},
): Promise<{ result: Result; milliseconds: number }> {
  jest.useFakeTimers({ doNotFake: ['setImmediate', 'clearImmediate', 'nextTick', 'queueMicrotask'] });
  try {
    const begin = performance.now();
    const result = await ended(work());
    const milliseconds = performance.now() - begin;
    if (answered) await ended(answered());
    for (let passed = 0; passed < letPass; passed += STEP) await step();
    return { result, milliseconds };
  } finally {
    jest.useRealTimers();
  }
}

/** Time goes by until the work has ended. */
async function ended<Result>(work: Promise<Result>): Promise<Result> {
  let isDone = false;
  const running = work.finally(() => {
    isDone = true;
  });
  while (!isDone) await step();
  return running;
}

async function step(): Promise<void> {
  await new Promise((resolve) => realTimeout(resolve, 1));
  for (let turn = 0; turn < TURNS; turn++) await new Promise((resolve) => realImmediate(resolve));
  await jest.advanceTimersByTimeAsync(STEP);
}

/** Time that passes twenty times as fast, for our functions and the clients that they use. The network is real. */
import { jest } from '@jest/globals';

const realTimeout = setTimeout;
const realImmediate = setImmediate;

/** Simulated milliseconds that pass while our process does nothing for a moment. */
const STEP = 20;

/** So many turns of the event loop before the time moves on: whatever answers in this process gets its chance. */
const TURNS = 3;

/** @returns what the work answers, and how long it took in simulated milliseconds. */
export async function simulated<Result>(
  work: () => Promise<Result>,
): Promise<{ result: Result; milliseconds: number }> {
  jest.useFakeTimers({ doNotFake: ['setImmediate', 'clearImmediate', 'nextTick', 'queueMicrotask'] });
  try {
    const begin = performance.now();
    let isDone = false;
    const running = work().finally(() => {
      isDone = true;
    });
    while (!isDone) await step();
    return { result: await running, milliseconds: performance.now() - begin };
  } finally {
    jest.useRealTimers();
  }
}

/** Some time goes by, for whatever might go on in the background. */
export async function letPass(milliseconds: number): Promise<void> {
  jest.useFakeTimers({ doNotFake: ['setImmediate', 'clearImmediate', 'nextTick', 'queueMicrotask'] });
  try {
    for (let passed = 0; passed < milliseconds; passed += STEP) await step();
  } finally {
    jest.useRealTimers();
  }
}

async function step(): Promise<void> {
  await new Promise((resolve) => realTimeout(resolve, 1));
  for (let turn = 0; turn < TURNS; turn++) await new Promise((resolve) => realImmediate(resolve));
  await jest.advanceTimersByTimeAsync(STEP);
}

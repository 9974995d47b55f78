/** How often, and how long, the answer to one update waits for Telegram. */
import { expect, test } from '@jest/globals';
import { TelegramRefusalError } from '../../lib/telegram/client.ts';
import { RetryBudget } from '../../lib/telegram/retry-budget.ts';

const tooMany = (seconds: number) =>
  new TelegramRefusalError({
    code: 429,
    description: 'Too Many Requests',
    parameters: { retry_after: seconds },
  });

/** A budget, the pauses that it made, and a call that fails with these errors before it succeeds. */
function budgetFor(errors: Error[]) {
  const pauses: number[] = [];
  const left = [...errors];
  let calls = 0;
  return {
    budget: new RetryBudget(async (milliseconds) => pauses.push(milliseconds)),
    pauses,
    calls: () => calls,
    async call() {
      calls += 1;
      const error = left.shift();
      if (error) throw error;
    },
  };
}

test('a call that succeeds is made once', async () => {
  const { budget, call, calls, pauses } = budgetFor([]);
  await budget.run(call);
  expect([calls(), pauses]).toEqual([1, []]);
});

test('two seconds are waited for, twice', async () => {
  const { budget, call, calls, pauses } = budgetFor([tooMany(2), tooMany(1)]);
  await budget.run(call);
  expect([calls(), pauses]).toEqual([3, [2_000, 1_000]]);
});

test('three seconds are not', async () => {
  const error = tooMany(3);
  const { budget, call, calls, pauses } = budgetFor([error]);
  await expect(budget.run(call)).rejects.toBe(error);
  expect([calls(), pauses]).toEqual([1, []]);
});

test('a third pause is not made', async () => {
  const third = tooMany(1);
  const { budget, call, calls, pauses } = budgetFor([tooMany(1), tooMany(1), third]);
  await expect(budget.run(call)).rejects.toBe(third);
  expect([calls(), pauses]).toEqual([3, [1_000, 1_000]]);
});

test('all calls of one update share the two pauses', async () => {
  const { budget, call, pauses } = budgetFor([tooMany(1), tooMany(1)]);
  await budget.run(call);
  const error = tooMany(1);
  await expect(budget.run(() => Promise.reject(error))).rejects.toBe(error);
  expect(pauses).toEqual([1_000, 1_000]);
});

test('another error is not retried', async () => {
  const error = new Error('Bad Gateway');
  const { budget, call, calls } = budgetFor([error]);
  await expect(budget.run(call)).rejects.toBe(error);
  expect(calls()).toBe(1);
});

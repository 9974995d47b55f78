/**
 * Waits until all promises are settled, and only then fails with the first error: no work may continue in the
 * background after the function has answered.
 */
export async function settleAll<Value>(promises: Promise<Value>[]): Promise<Value[]> {
  const results = await Promise.allSettled(promises);
  return results.map((result) => {
    if (result.status === 'rejected') throw result.reason;
    return result.value;
  });
}

/**
 * Calls `work` with each value, at most `limit` at a time. After an error it starts no more calls, waits for those that
 * have started, and then fails with that error.
 */
export async function inParallel<Value>(
  values: Value[],
  limit: number,
  work: (value: Value) => Promise<void>,
): Promise<void> {
  const left = values.values();
  let hasFailed = false;
  async function worker(): Promise<void> {
    for (const value of left) {
      if (hasFailed) return;
      try {
        await work(value);
      } catch (error) {
        hasFailed = true;
        throw error;
      }
    }
  }
  await settleAll(Array.from({ length: Math.min(limit, values.length) }, worker));
}

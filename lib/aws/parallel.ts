/**
 * Waits until all are over, and only then fails with the first error: nothing goes on in the background after the answer.
 */
export async function settleAll<Value>(promises: Promise<Value>[]): Promise<Value[]> {
  const results = await Promise.allSettled(promises);
  return results.map((result) => {
    if (result.status === 'rejected') throw result.reason;
    return result.value;
  });
}

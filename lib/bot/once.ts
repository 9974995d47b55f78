import { BusyError } from '../domain/errors.ts';
import { log } from '../observability/logger.ts';
import { abandonOperation, beginOperation, completeOperation } from '../store/idempotency.ts';

/** Longer than the function may run: whoever has held a claim for this long is dead. */
const LEASE_SECONDS = 40;

/**
 * Does something once, however often it is asked for within the time. What fails is not done, and may be asked for
 * again. Only a death between the deed and the note of it lets the deed be repeated.
 *
 * @returns whether it was done now.
 * @throws BusyError while somebody else is doing it; ServiceUnreachableError; what the deed throws.
 */
export async function once(key: string, keptSeconds: number, deed: () => Promise<void>): Promise<boolean> {
  const claimed = await beginOperation(key, LEASE_SECONDS, keptSeconds);
  if (claimed === 'done') return false;
  if (claimed === 'busy') throw new BusyError('The same is being done right now.');
  try {
    await deed();
  } catch (error) {
    await abandonOperation(key).catch((failure: unknown) => {
      // The claim ends by itself: what comes again meanwhile is refused, and comes once more.
      log.warn('a claim was not given back', { error: failure });
    });
    throw error;
  }
  await completeOperation(key).catch((failure: unknown) => {
    // It is done all the same: to ask for it again would do it twice.
    log.warn('done, but not noted', { error: failure });
  });
  return true;
}

import { BusyError } from '../domain/errors.ts';
import { log } from '../observability/logger.ts';
import { type Again, abandonOperation, completeOperation, startOperation } from '../store/idempotency.ts';

/** Longer than the time-out of the function: a run that started longer ago than this has ended without completing. */
const LEASE_SECONDS = 40;

/**
 * Runs an operation once, however often it is asked for. An operation that throws is abandoned, and may run again. Only
 * where the function dies between the operation and the record of its completion, the operation runs twice.
 *
 * @param keptSeconds how long a completed operation is remembered.
 * @param operation is told when it was started for the first time (milliseconds since 1970), also where it was abandoned
 * then.
 * @param again an operation that may run again later.
 * @returns whether it was run now; `false` where it was completed before.
 * @throws BusyError while another run has started it; ServiceUnreachableError; what the operation throws.
 */
export async function once(
  key: string,
  keptSeconds: number,
  operation: (since: number) => Promise<void>,
  again?: Again,
): Promise<boolean> {
  const state = await startOperation(key, LEASE_SECONDS, keptSeconds, again);
  if (state.kind === 'completed') return false;
  if (state.kind === 'running') throw new BusyError('Another run has started the same operation.');
  try {
    await operation(state.since);
  } catch (error) {
    await abandonOperation(key).catch((failure: unknown) => {
      // Until the lease ends, Telegram's repetitions are refused with a 503, and come again.
      log.warn('operation failed and not abandoned', { error: failure });
    });
    throw error;
  }
  await completeOperation(key).catch((failure: unknown) => {
    // Not thrown: it has run, and the repetition would run it a second time.
    log.warn('operation not recorded as completed', { error: failure });
  });
  return true;
}

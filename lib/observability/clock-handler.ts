import { log } from './logger.ts';
import { count } from './metrics.ts';
import { withTelemetry } from './telemetry.ts';

/** What Lambda says of the running invocation. */
interface RemainingTime {
  getRemainingTimeInMillis(): number;
}

/**
 * The Lambda handler of a clock: a function that EventBridge Scheduler runs again and again.
 *
 * @param clock its name, as the alarms and the log have it.
 * @param run `remainingMilliseconds` tells the time that the function has left.
 */
export function clockHandler<Event>(
  clock: string,
  run: (event: Event, remainingMilliseconds: () => number) => Promise<unknown>,
): (event: Event, context: RemainingTime) => Promise<void> {
  return withTelemetry(async function runOnce(event: Event, context: RemainingTime): Promise<void> {
    try {
      await run(event, () => context.getRemainingTimeInMillis());
      // An alarm reports the absence of this metric: it means that the clock does not run.
      count('ClockRuns', { event: clock });
    } catch (error) {
      log.error('run of a clock failed: the next one goes on', { event: clock, error });
      // Lambda then counts an error, which raises an alarm.
      throw error;
    }
  });
}

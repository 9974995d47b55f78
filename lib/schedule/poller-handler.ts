import { log } from '../observability/logger.ts';
import { count } from '../observability/metrics.ts';
import { withTelemetry } from '../observability/telemetry.ts';
import { poll } from './poller.ts';
import type { ScheduledEvent } from './scheduled-event.ts';

/** The Lambda handler of a poller: EventBridge Scheduler runs it every minute. */
export function pollerHandler(
  scheduled: ScheduledEvent,
): (event: unknown, context: { getRemainingTimeInMillis(): number }) => Promise<void> {
  const { event } = scheduled;
  return withTelemetry(async function dispatchWhatIsDue(_event, context) {
    try {
      await poll(scheduled, {
        now: Date.now,
        remainingMilliseconds: () => context.getRemainingTimeInMillis(),
      });
      // An alarm reports the absence of this metric: it means that the poller does not run.
      count('ClockRuns', { event });
    } catch (error) {
      log.error('run of a poller failed: the next one goes on', { event, error });
      // Lambda then counts an error, which raises an alarm.
      throw error;
    }
  });
}

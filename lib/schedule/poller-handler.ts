import type { Context } from 'aws-lambda';
import type { EventFields } from '../events/definition.ts';
import { log } from '../observability/logger.ts';
import { count } from '../observability/metrics.ts';
import { withTelemetry } from '../observability/telemetry.ts';
import type { ScheduledEvent } from './kind.ts';
import { poll } from './poller.ts';

/** The Lambda handler of a clock: EventBridge Scheduler runs it every minute. */
export function pollerHandler<Event extends EventFields>(
  kind: ScheduledEvent<Event>,
): (event: unknown, context: Pick<Context, 'getRemainingTimeInMillis'>) => Promise<void> {
  const { name: event } = kind.definition;
  return withTelemetry(async function handOverWhatIsDue(_event, context) {
    try {
      await poll(kind, {
        now: Date.now,
        remainingMilliseconds: () => context.getRemainingTimeInMillis(),
      });
      // The heartbeat: where none comes, an alarm says that the clock stands still.
      count('ClockRuns', { event });
    } catch (error) {
      log.error('run of a clock failed: the next one goes on', { event, error });
      // So that Lambda counts it as an error, and an alarm can see it.
      throw error;
    }
  });
}

import type { Context } from 'aws-lambda';
import type { EventFields } from '../events/definition.ts';
import { log } from '../observability/logger.ts';
import { watched } from '../observability/telemetry.ts';
import { count } from '../observability/metrics.ts';
import { runDue } from './poller.ts';
import type { DueKind } from './kind.ts';

/** The Lambda handler of a clock: EventBridge Scheduler runs it every minute. */
export function dueHandler<Event extends EventFields>(
  kind: DueKind<Event>,
): (event: unknown, context: Pick<Context, 'getRemainingTimeInMillis'>) => Promise<void> {
  const { name: event } = kind.definition;
  return watched(async function handOverWhatIsDue(_event, context) {
    try {
      await runDue(kind, {
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

import { setTimeout as sleep } from 'node:timers/promises';
import { environment } from '../aws/environment.ts';
import { log } from '../observability/logger.ts';
import { count } from '../observability/metrics.ts';
import { withTelemetry } from '../observability/telemetry.ts';
import { runRetention } from './retention.ts';
import { readRetentionDays } from './retention-rules.ts';

/** The Lambda handler of the retention: EventBridge Scheduler runs it once a day. */
export const retentionHandler = withTelemetry(async function removeWhatIsNotNeeded(
  _event: unknown,
  context: { getRemainingTimeInMillis(): number },
): Promise<void> {
  try {
    await runRetention({
      now: Date.now(),
      retentionDays: readRetentionDays(environment('RETENTION_DAYS')),
      remainingMilliseconds: () => context.getRemainingTimeInMillis(),
      pause: sleep,
    });
    // An alarm reports the absence of this metric: it means that the retention does not run.
    count('ClockRuns', { event: 'retention' });
  } catch (error) {
    log.error('retention run failed: the next one goes on', { error });
    throw error;
  }
});

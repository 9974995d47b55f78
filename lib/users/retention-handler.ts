import { sleep } from '../aws/deadline.ts';
import { environment } from '../aws/environment.ts';
import { clockHandler } from '../observability/clock-handler.ts';
import { runRetention } from './retention.ts';
import { readRetentionDays } from './retention-rules.ts';

/** The Lambda handler of the retention: EventBridge Scheduler runs it once a day. */
export const retentionHandler = clockHandler<unknown>('retention', (_event, remainingMilliseconds) =>
  runRetention({
    now: Date.now(),
    retentionDays: readRetentionDays(environment('RETENTION_DAYS')),
    remainingMilliseconds,
    pause: sleep,
  }),
);

import { clockHandler } from '../observability/clock-handler.ts';
import { poll } from './poller.ts';
import type { ScheduledEvent } from './scheduled-event.ts';

/** The Lambda handler of a poller: EventBridge Scheduler runs it every minute. */
export function pollerHandler(scheduled: ScheduledEvent) {
  return clockHandler<unknown>(scheduled.event, (_event, remainingMilliseconds) =>
    poll(scheduled, { now: Date.now, remainingMilliseconds }),
  );
}

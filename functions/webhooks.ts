import { log } from '../lib/observability/logger.ts';
import { count } from '../lib/observability/metrics.ts';
import { withTelemetry } from '../lib/observability/telemetry.ts';
import { lookAtWebhooks } from '../lib/sites/look-at-webhooks.ts';
import { ownAddresses } from '../lib/sites/own-addresses.ts';

/**
 * Every hour: looks at the webhooks of the sites whose hour it is.
 *
 * @param event an `hour` (0 to 23, UTC) looks at the sites of that hour: for whoever makes a run good by hand.
 */
export const handler = withTelemetry(async function lookAtThisHour(
  { hour = new Date().getUTCHours() }: { hour?: number },
  context: { getRemainingTimeInMillis(): number },
): Promise<void> {
  try {
    await lookAtWebhooks({
      own: ownAddresses(),
      hour,
      now: Date.now,
      random: Math.random,
      remainingMilliseconds: () => context.getRemainingTimeInMillis(),
    });
    // An alarm reports the absence of this metric: it means that nobody looks at the webhooks.
    count('ClockRuns', { event: 'webhooks' });
  } catch (error) {
    log.error('run over the webhooks failed', { hour, error });
    // Lambda then repeats the run twice, and counts errors, which raise an alarm.
    throw error;
  }
});

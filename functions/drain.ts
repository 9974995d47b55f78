import type { Context, SQSEvent } from 'aws-lambda';
import { drainSite } from '../lib/deliveries/drain.ts';
import { SharedClock } from '../lib/deliveries/shared-clock.ts';
import { forEachTicket } from '../lib/observability/each-ticket.ts';
import { withTelemetry } from '../lib/observability/telemetry.ts';

const clock = new SharedClock();

const FAILED = 'waiting messages of a site not sent: another run goes on';

/** Receives tickets, and sends the waiting messages of the sites that they name, at the pace of their bots. */
export const handler = withTelemetry(async ({ Records }: SQSEvent, context: Context): Promise<void> => {
  clock.observe(Records);
  const remainingMilliseconds = () => context.getRemainingTimeInMillis();
  await forEachTicket(Records, FAILED, (siteId) => drainSite(siteId, { clock, remainingMilliseconds }));
});

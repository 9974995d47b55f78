import type { Context, SQSEvent } from 'aws-lambda';
import { forEachTicket } from '../lib/observability/each-ticket.ts';
import { withTelemetry } from '../lib/observability/telemetry.ts';
import { dispatchSite } from '../lib/webhooks/dispatch.ts';

const FAILED = 'webhook of a site not called: another run goes on';

/** Receives tickets, and tells the webhooks of the sites that they name what has happened. */
export const handler = withTelemetry(
  ({ Records }: SQSEvent, context: Context): Promise<void> =>
    forEachTicket(Records, FAILED, (siteId) =>
      dispatchSite(siteId, () => context.getRemainingTimeInMillis()),
    ),
);

import type { Context, SQSEvent, SQSRecord } from 'aws-lambda';
import { settleAll } from '../lib/aws/parallel.ts';
import { drainSite } from '../lib/deliveries/drain.ts';
import { SharedClock } from '../lib/deliveries/shared-clock.ts';
import { readTicket } from '../lib/deliveries/tickets.ts';
import { log } from '../lib/observability/logger.ts';
import { withTelemetry } from '../lib/observability/telemetry.ts';

const clock = new SharedClock();

/** Receives tickets, and sends the waiting messages of the sites that they name, at the pace of their bots. */
export const handler = withTelemetry(async ({ Records }: SQSEvent, context: Context): Promise<void> => {
  clock.observe(Records);
  const remainingMilliseconds = () => context.getRemainingTimeInMillis();
  const siteIds = Records.map(siteOf).filter((siteId) => siteId !== undefined);
  // A site that is named twice: the second run finds that the first one has it.
  await settleAll(
    siteIds.map((siteId) =>
      drainSite(siteId, { clock, remainingMilliseconds }).catch((error: unknown) => {
        // No other site is to wait for this one: the sweep has another run go on.
        log.error('waiting messages of a site not sent: another run goes on', { siteId, error });
      }),
    ),
  );
});

/** `undefined` for what is no ticket: no other site is to wait for it, and a lost ticket is sent anew. */
function siteOf({ body, messageId }: SQSRecord): string | undefined {
  const ticket = readTicket(body);
  if (!ticket) log.error('message is no ticket: dropped', { messageId });
  return ticket?.siteId;
}

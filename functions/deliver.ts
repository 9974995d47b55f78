import type { Context, SQSBatchResponse, SQSEvent } from 'aws-lambda';
import { deliverBatch } from '../lib/deliveries/deliver-batch.ts';
import { SharedClock } from '../lib/deliveries/shared-clock.ts';
import { withTelemetry } from '../lib/observability/telemetry.ts';

const clock = new SharedClock();

/** Receives notifications from `deliveries.fifo`, sends them to Telegram within its limits, and records the results. */
export const handler = withTelemetry(async (event: SQSEvent, context: Context): Promise<SQSBatchResponse> => {
  clock.observe(event.Records);
  return deliverBatch(event.Records, {
    clock,
    remainingMilliseconds: () => context.getRemainingTimeInMillis(),
  });
});

import type { Context, SQSBatchResponse, SQSEvent } from 'aws-lambda';
import { deliverBatch } from '../lib/delivery/deliver-batch.ts';

/** Takes notifications from `deliveries.fifo`, sends them to Telegram, records how it went. */
export const handler = (event: SQSEvent, context: Context): Promise<SQSBatchResponse> =>
  deliverBatch(event.Records, () => context.getRemainingTimeInMillis());

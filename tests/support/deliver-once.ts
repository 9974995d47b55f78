/** A process of its own that hands one batch (JSON in `SQS_EVENT`) to the function: it can be killed at any point. */
import type { Context, SQSEvent } from 'aws-lambda';
import { handler } from '../../functions/deliver.ts';

const event = JSON.parse(process.env.SQS_EVENT ?? '') as SQSEvent;
await handler(event, { getRemainingTimeInMillis: () => 30_000 } as Context);
// Connections that are kept open would keep the process: it is done.
process.exit(0);

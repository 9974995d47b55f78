/** A process that passes one batch (JSON in `SQS_EVENT`) to the function: it can be killed at any point. */
import { flushCompileCache } from 'node:module';
import type { Context, SQSEvent } from 'aws-lambda';
import { handler } from '../../functions/deliver.ts';

const event = JSON.parse(process.env.SQS_EVENT ?? '') as SQSEvent;
// What is killed keeps nothing at its end.
flushCompileCache();
await handler(event, { getRemainingTimeInMillis: () => 30_000 } as Context);
// Open connections would keep the process alive after its work.
process.exit(0);

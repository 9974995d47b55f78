/** A process that drains the waiting messages of `demo`: it can be killed at any point. */
import { flushCompileCache } from 'node:module';
import type { Context } from 'aws-lambda';
import { handler } from '../../functions/drain.ts';
import { ticketBatch } from './sqs-events.ts';

const context = { getRemainingTimeInMillis: () => 60_000 } as Context;
// What is killed keeps nothing at its end.
flushCompileCache();
await handler(ticketBatch('demo'), context);
// Open connections would keep the process alive after its work.
process.exit(0);

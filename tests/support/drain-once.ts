/** A process that drains the waiting messages of `demo`: it can be killed at any point. */
import type { Context, SQSEvent } from 'aws-lambda';
import { handler } from '../../functions/drain.ts';

const ticket = { messageId: 'ticket', body: JSON.stringify({ siteId: 'demo' }), attributes: {} };
const context = { getRemainingTimeInMillis: () => 60_000 } as Context;
await handler({ Records: [ticket] } as unknown as SQSEvent, context);
// Open connections would keep the process alive after its work.
process.exit(0);

/** A process of its own that hands one trigger (JSON in `TRIGGER`) to the function `EVENT`: it can be killed at any point. */
import { flushCompileCache } from 'node:module';
import type { SQSEvent } from 'aws-lambda';
import type { EventHandler } from '../../lib/events/handler.ts';
import { lambdaContext } from '../support/api-events.ts';

const { EVENT = '', TRIGGER = '' } = process.env;
const { handler } = (await import(`../../functions/${EVENT}.ts`)) as { handler: EventHandler };
// What is killed keeps nothing at its end.
flushCompileCache();
await handler(JSON.parse(TRIGGER) as SQSEvent, lambdaContext);
// Connections that are kept open would keep the process: it is done.
process.exit(0);

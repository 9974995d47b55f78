/** A process that passes one event (JSON in `EVENT`) to a function (`FUNCTION`): it can be killed at any point. */
import { flushCompileCache } from 'node:module';
import type { Context } from 'aws-lambda';

const { handler } = (await import(`../../functions/${process.env.FUNCTION}.ts`)) as {
  handler: (event: unknown, context: Context) => Promise<unknown>;
};
// What is killed keeps nothing at its end.
flushCompileCache();
await handler(JSON.parse(process.env.EVENT ?? ''), { getRemainingTimeInMillis: () => 29_000 } as Context);
// Open connections would keep the process alive after its work.
process.exit(0);

import { AsyncLocalStorage } from 'node:async_hooks';
import type { APIGatewayProxyEventV2, Context } from 'aws-lambda';
import { SITE_ID } from '../domain/ids.ts';
import { embeddedMetrics, type Measurement } from './embedded-metrics.ts';

/** What every line of an invocation says of it. Nothing that a caller may choose freely. */
interface InvocationFields {
  /** The name of the Lambda. */
  function: string | undefined;
  /** Lambda's id of the invocation. */
  requestId: string | undefined;
  /** API Gateway's id of the request: what its own log and the caller's answer call it. */
  apiRequestId?: string | undefined;
  siteId?: string;
  /** The event that the path names. */
  event?: string | undefined;
}

interface Invocation {
  facts: InvocationFields;
  measurements: Measurement[];
}

// Lambda runs one invocation at a time in a process; tests and the local run have several under way in one.
const invocations = new AsyncLocalStorage<Invocation>();

type LambdaHandler<Event, Result, Given> = (event: Event, context: Given) => Promise<Result>;

/**
 * Wraps the handler of a function: whatever is logged while it runs carries the ids of the invocation, and what was
 * measured is written when it ends, also where it throws.
 */
export function withTelemetry<Event, Result, Given extends Partial<Context>>(
  handler: LambdaHandler<Event, Result, Given>,
): LambdaHandler<Event, Result, Given> {
  return (event, context) => {
    const invocation = { facts: fieldsOf(event, context), measurements: [] };
    return invocations.run(invocation, async () => {
      try {
        return await handler(event, context);
      } finally {
        writeMetrics(invocation);
      }
    });
  };
}

/** What the lines of the running invocation have in common; nothing outside of one. */
export function invocationFields(): Partial<InvocationFields> {
  return invocations.getStore()?.facts ?? {};
}

/** Keeps a measurement until the invocation ends. Outside of one (scripts, the local run) there is nobody to watch. */
export function recordMeasurement(measurement: Measurement): void {
  invocations.getStore()?.measurements.push(measurement);
}

/** Metrics are no log lines: whoever wants fewer of those (`LOG_LEVEL`) still wants the alarms to work. */
function writeMetrics({ facts, measurements }: Invocation): void {
  if (process.env.LOG_LEVEL === 'off') return;
  for (const document of embeddedMetrics(measurements, facts, Date.now()))
    process.stdout.write(`${JSON.stringify(document)}\n`);
}

/** The ids of the invocation, and what the path names; of the path itself nothing is kept, since it names users. */
function fieldsOf(event: unknown, { functionName, awsRequestId }: Partial<Context>): InvocationFields {
  const { requestContext, routeKey, pathParameters } = (event ?? {}) as Partial<APIGatewayProxyEventV2>;
  const siteId = pathParameters?.siteId ?? '';
  return {
    function: functionName,
    requestId: awsRequestId,
    apiRequestId: requestContext?.requestId,
    // Whoever calls may write anything into the place of the site id: only what can be one is written.
    ...(SITE_ID.test(siteId) && { siteId }),
    event: routeKey?.match(/\/events\/([a-z-]+)/)?.[1],
  };
}

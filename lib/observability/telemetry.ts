import { AsyncLocalStorage } from 'node:async_hooks';
import { withDeadline } from '../aws/deadline.ts';
import { SITE_ID } from '../domain/site-id.ts';
import { embeddedMetrics, type Measurement } from './embedded-metrics.ts';

/** The fields of every log line of an invocation. None has a value that a caller can choose freely. */
interface InvocationFields {
  /** The name of the Lambda function. */
  function: string | undefined;
  /** Lambda's id of the invocation. */
  requestId: string | undefined;
  /** API Gateway's id of the request, which is also in its access log and in the answer. */
  apiRequestId?: string | undefined;
  siteId?: string;
  /** The event in the path. */
  event?: string | undefined;
}

interface Invocation {
  facts: InvocationFields;
  measurements: Measurement[];
}

// Lambda runs one invocation at a time in a process; tests and the local run may run several.
const invocations = new AsyncLocalStorage<Invocation>();

/** The context of an invocation, as far as functions read it. */
interface LambdaContext {
  functionName?: string;
  awsRequestId?: string;
  getRemainingTimeInMillis?(): number;
}

/** A request from API Gateway, as far as it is read here. Events of other sources have none of these fields. */
interface ApiRequest {
  requestContext?: { requestId?: string };
  routeKey?: string;
  pathParameters?: { siteId?: string };
}

type LambdaHandler<Event, Result, Given> = (event: Event, context: Given) => Promise<Result>;

/** So long before Lambda stops a function its calls end, and it answers what it can; milliseconds, and part of its time. */
const TIME_TO_ANSWER = 1_000;
const LARGEST_PART = 0.1;

/**
 * Wraps the handler of a function: log lines get the ids of the invocation, and what was measured is written when the
 * handler ends, also where it throws. All calls that it makes end before Lambda's time-out, and when it has answered.
 */
export function withTelemetry<Event, Result, Given extends LambdaContext>(
  handler: LambdaHandler<Event, Result, Given>,
): LambdaHandler<Event, Result, Given> {
  return (event, context) => {
    const invocation = { facts: fieldsOf(event, context), measurements: [] };
    return invocations.run(invocation, async () => {
      try {
        return await withDeadline(timeFor(context), () => handler(event, context));
      } finally {
        writeMetrics(invocation);
      }
    });
  };
}

/** How long the calls of an invocation may take, in milliseconds. */
function timeFor(context: LambdaContext): number {
  const remaining = context.getRemainingTimeInMillis?.() ?? Number.POSITIVE_INFINITY;
  return remaining - Math.min(TIME_TO_ANSWER, remaining * LARGEST_PART);
}

/** The fields of every log line of the running invocation; none outside of an invocation. */
export function invocationFields(): Partial<InvocationFields> {
  return invocations.getStore()?.facts ?? {};
}

/** Keeps a measurement until the invocation ends. Outside of one (scripts, the local run) it is dropped. */
export function recordMeasurement(measurement: Measurement): void {
  invocations.getStore()?.measurements.push(measurement);
}

/** Not limited by `LOG_LEVEL`, except `off`: with fewer log lines the alarms must work all the same. */
function writeMetrics({ facts, measurements }: Invocation): void {
  if (process.env.LOG_LEVEL === 'off') return;
  for (const document of embeddedMetrics(measurements, facts, Date.now()))
    process.stdout.write(`${JSON.stringify(document)}\n`);
}

/** The ids of the invocation and of the site. The path itself is not logged, since user ids are in it. */
function fieldsOf(event: unknown, { functionName, awsRequestId }: LambdaContext): InvocationFields {
  const { requestContext, routeKey, pathParameters } = (event ?? {}) as ApiRequest;
  const siteId = pathParameters?.siteId ?? '';
  return {
    function: functionName,
    requestId: awsRequestId,
    apiRequestId: requestContext?.requestId,
    // A caller may put anything into the path: only what can be a site id is logged.
    ...(SITE_ID.test(siteId) && { siteId }),
    event: routeKey?.match(/\/events\/([a-z-]+)/)?.[1],
  };
}

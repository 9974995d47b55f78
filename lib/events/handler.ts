import type { APIGatewayProxyEventV2, Context, SQSBatchResponse, SQSEvent } from 'aws-lambda';
import type { HttpResponse } from '../http/request.ts';
import { httpHandler, type Route } from '../http/route.ts';
import { withTelemetry } from '../observability/telemetry.ts';
import type { EventDefinition, EventFields } from './definition.ts';
import { reportRoute } from './http-adapter.ts';
import { queueAdapter } from './queue-adapter.ts';
import { type Accept, eventReport } from './report.ts';

/** The Lambda handler of an event: API Gateway and SQS both call it. */
export interface EventHandler {
  (request: APIGatewayProxyEventV2, context: Context): Promise<HttpResponse>;
  (batch: SQSEvent, context: Context): Promise<SQSBatchResponse>;
}

export interface EventOptions<Event extends EventFields> {
  /** How the event is handled; by default it is sent at once. */
  accept?: Accept<Event>;
  /** Further routes of the function. */
  routes?: readonly Route[];
}

/**
 * The function of an event. The event is reported over HTTPS or through its queue; while it is scheduled, further
 * routes can withdraw it.
 */
export function eventFunction<Event extends EventFields>(
  definition: EventDefinition<Event>,
  { accept, routes: others = [] }: EventOptions<Event> = {},
): { routes: readonly Route[]; handler: EventHandler } {
  const report = eventReport(definition, accept);
  const routes = [reportRoute(definition, report), ...others];
  const handleRequest = httpHandler(routes);
  const handleBatch = withTelemetry(queueAdapter(definition.name, report));

  function handler(request: APIGatewayProxyEventV2, context: Context): Promise<HttpResponse>;
  function handler(batch: SQSEvent, context: Context): Promise<SQSBatchResponse>;
  function handler(trigger: APIGatewayProxyEventV2 | SQSEvent, context: Context) {
    return 'Records' in trigger ? handleBatch(trigger, context) : handleRequest(trigger, context);
  }
  return { routes, handler };
}

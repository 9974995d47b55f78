import type {
  APIGatewayProxyEventV2,
  APIGatewayProxyStructuredResultV2,
  Context,
  SQSBatchResponse,
  SQSEvent,
} from 'aws-lambda';
import { withTelemetry } from '../observability/telemetry.ts';
import type { EventDefinition, EventFields } from './definition.ts';
import { type HttpAdapter, httpAdapter } from './http-adapter.ts';
import { queueAdapter } from './queue-adapter.ts';
import { type Accept, eventReport } from './report.ts';

/** The Lambda handler of an event: API Gateway and SQS both call it. */
export interface EventHandler {
  (request: APIGatewayProxyEventV2, context: Context): Promise<APIGatewayProxyStructuredResultV2>;
  (batch: SQSEvent, context: Context): Promise<SQSBatchResponse>;
}

export interface EventOptions<Event extends EventFields> {
  /** What is done with the event: sent at once, unless this says otherwise. */
  accept?: Accept<Event>;
  /** What takes the event back: DELETE on its path. */
  withdraw?: HttpAdapter;
}

/** The function of an event: reported over HTTPS or through its queue, taken back over HTTPS where it waits for its time. */
export function eventHandler<Event extends EventFields>(
  definition: EventDefinition<Event>,
  { accept, withdraw }: EventOptions<Event> = {},
): EventHandler {
  const report = eventReport(definition, accept);
  const throughHttp = httpAdapter(report);
  const throughQueue = queueAdapter(definition.name, report);

  return withTelemetry(async function handleEvent(
    trigger: APIGatewayProxyEventV2 | SQSEvent,
    context: Context,
  ) {
    if ('Records' in trigger) return throughQueue(trigger, context);
    const isWithdrawal = trigger.requestContext.http.method === 'DELETE';
    return withdraw && isWithdrawal ? withdraw(trigger, context) : throughHttp(trigger, context);
  }) as EventHandler;
}

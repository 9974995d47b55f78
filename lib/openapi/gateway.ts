/**
 * What API Gateway, or CloudFront, answers before a function sees a request, or in place of one that has failed: in English,
 * without a code. An HTTP API lets nobody change these answers.
 *
 * @see https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-throttling.html
 */
import * as z from 'zod/mini';
import { named, toSchema } from './components.ts';
import type { Json } from './json.ts';
import { text } from './schemas.ts';

const gatewayMessage = named('GatewayMessage', z.object({ message: text }), {
  description: 'The answer of the server in front of this API: treat it by its status',
});

/** By status: what it says, and what that means. */
const MESSAGES: Record<string, { message: string; description: string }> = {
  429: {
    message: 'Too Many Requests',
    description: 'More requests than this deployment takes: wait, and send the same request again',
  },
  500: {
    message: 'Internal Server Error',
    description: 'Something failed on our side: send the same request again',
  },
  503: {
    message: 'Service Unavailable',
    description: 'A service behind this one does not answer: send the same request again',
  },
};

/** The content of such an answer, beside that of our own; `undefined` where a status is always ours. */
export function gatewayContent(status: number | string): { [type: string]: Json } | undefined {
  const { message } = MESSAGES[status] ?? {};
  if (message === undefined) return undefined;
  return { 'application/json': { schema: toSchema(gatewayMessage), example: { message } } };
}

/** Answers that any operation may get from API Gateway, where it has none of its own with this status. */
export const GATEWAY_RESPONSES = { 429: 'Throttled', 500: 'Failed' } as const;

/** Their descriptions, by the name of their response in the components. */
export function gatewayComponents(): [name: string, response: Json][] {
  return Object.entries(GATEWAY_RESPONSES).map(([status, name]) => [
    name,
    { description: MESSAGES[status]?.description ?? '', content: gatewayContent(status) ?? {} },
  ]);
}

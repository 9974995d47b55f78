import * as z from 'zod/mini';
import {
  DEFAULT_LIMIT,
  LOGGED_EVENTS,
  MAX_LIMIT,
  unknownDelivery,
} from '../lib/deliveries/log-parameters.ts';
import { invalidParameters } from '../lib/http/problems.ts';
import { named } from '../lib/openapi/components.ts';
import { deliveryFields, deliverySample } from '../lib/openapi/delivery.ts';
import { operationsOf } from '../lib/openapi/operation.ts';
import { text } from '../lib/openapi/schemas.ts';
import { routes } from './deliveries.ts';

const deliveryAnswer = named('Delivery', z.object(deliveryFields), {
  properties: {
    test: "Whether it was a merchant's test of a template",
    templateId: 'Absent where no template was chosen',
    source: 'How the event came; absent in lines of the former release',
    dueAt: '`scheduled`: when it is due. `skipped`: when it would have been, had it not been ended before',
    reason: '`skipped`, `waiting`: why',
    until: '`waiting`: when it is looked at again',
    failure: 'What Telegram, or the way to it, said',
    attempts: 'How often it was taken from the queue, or tried',
  },
});
const pageAnswer = named(
  'Deliveries',
  z.object({ deliveries: z.array(deliveryAnswer), cursor: z.optional(text) }),
  { properties: { cursor: 'Absent on the last page' } },
);

const cursor = 'MjAyNi0xMS0yMlQxMDo0OTo1Mi4wMjJaIHdjWl9O';

export const docs = operationsOf(routes, {
  'GET /v1/sites/{siteId}/deliveries': {
    id: 'listDeliveries',
    tag: 'Log',
    summary: 'The log, newest first',
    description:
      'A page has at most `limit` deliveries. Where the answer has a `cursor`, there are more: ask again with it and the same parameters. New deliveries move no page. With `event` or `status` a page may be short, or empty, and still have a `cursor`. A delivery that is tried again moves to the time of its last attempt. Deliveries are kept 90 days. What is still to come is shown with `status=scheduled` only, in no order of time.',
    parameters: {
      userId: { description: 'Only those to this user', example: 'anna' },
      event: { description: `One of ${LOGGED_EVENTS.join(', ')}`, example: 'order-status' },
      status: { description: 'What became of it', example: 'failed' },
      from: {
        description: 'Only those recorded at this time or later',
        example: '2026-11-22T00:00:00+01:00',
      },
      to: { description: 'Only those recorded at this time or before', example: '2026-11-22T23:59:59+01:00' },
      cursor: { description: 'The `cursor` of the page before', example: cursor },
      limit: { description: `How many, 1 to ${MAX_LIMIT}; ${DEFAULT_LIMIT} without it`, example: '20' },
    },
    answers: [
      {
        status: 200,
        description: 'A page',
        schema: pageAnswer,
        example: { deliveries: [deliverySample], cursor },
      },
    ],
    problems: [
      invalidParameters([{ pointer: '/limit', detail: `Must be a whole number from 1 to ${MAX_LIMIT}.` }]),
    ],
  },
  'GET /v1/sites/{siteId}/deliveries/{deliveryId}': {
    id: 'getDelivery',
    tag: 'Log',
    summary: 'One delivery',
    answers: [{ status: 200, description: 'The delivery', schema: deliveryAnswer, example: deliverySample }],
    problems: [unknownDelivery()],
  },
});

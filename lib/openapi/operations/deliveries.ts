import * as z from 'zod/mini';
import {
  DEFAULT_LIMIT,
  invalidParameters,
  LOGGED_EVENTS,
  logParameters,
  MAX_LIMIT,
} from '../../deliveries/log-query.ts';
import { notFound } from '../../http/problem.ts';
import { deliveriesAnswer, deliveryAnswer } from '../answers.ts';
import type { Operation, Parameter } from '../operation.ts';

const delivery = {
  deliveryId: 'wcZ_NeggoodXsop_Ce6MtDk7gAm7q1ue',
  event: 'order-status',
  eventId: 'ordine-2026-0412-evaso',
  templateId: 'default-order-status',
  userId: 'anna',
  status: 'sent',
  recordedAt: '2026-11-22T10:49:52.022Z',
  attempts: 1,
  test: false,
  messageId: 318,
};

const { shape } = logParameters.def;

function parameter(name: keyof typeof shape, description: string, example: string): Parameter {
  return { name, description, schema: shape[name], example };
}

const common = { method: 'get', tag: 'Log', caller: 'site' } as const;

export const DELIVERY_OPERATIONS: Operation[] = [
  {
    ...common,
    path: '/v1/sites/{siteId}/deliveries',
    id: 'listDeliveries',
    summary: 'The log, newest first',
    description: `A page has at most \`limit\` deliveries. Where the answer has a \`cursor\`, there are more: ask again with it and the same parameters. New deliveries move no page. With \`event\` or \`status\` a page may be short, or empty, and still have a \`cursor\`. A delivery that is tried again moves to the time of its last attempt. Deliveries are kept 90 days.`,
    query: [
      parameter('userId', 'Only those to this user', 'anna'),
      parameter('event', `One of ${LOGGED_EVENTS.join(', ')}`, 'order-status'),
      parameter('status', 'What became of it', 'failed'),
      parameter('from', 'Only those recorded at this time or later', '2026-11-22T00:00:00+01:00'),
      parameter('to', 'Only those recorded at this time or before', '2026-11-22T23:59:59+01:00'),
      parameter('cursor', 'The `cursor` of the page before', 'MjAyNi0xMS0yMlQxMDo0OTo1Mi4wMjJaIHdjWl9O'),
      parameter('limit', `How many, 1 to ${MAX_LIMIT}; ${DEFAULT_LIMIT} without it`, '20'),
    ],
    answers: [
      {
        status: 200,
        description: 'A page',
        schema: deliveriesAnswer,
        example: { deliveries: [delivery], cursor: 'MjAyNi0xMS0yMlQxMDo0OTo1Mi4wMjJaIHdjWl9O' },
      },
    ],
    problems: [
      invalidParameters([{ pointer: '/limit', detail: `Must be a whole number from 1 to ${MAX_LIMIT}.` }]),
    ],
  },
  {
    ...common,
    path: '/v1/sites/{siteId}/deliveries/{deliveryId}',
    id: 'getDelivery',
    summary: 'One delivery',
    answers: [{ status: 200, description: 'The delivery', schema: deliveryAnswer, example: delivery }],
    problems: [
      notFound(
        'The log has no such delivery: it has not been tried yet, was of more than 90 days ago, or never was.',
      ),
    ],
  },
];

/** The description itself. */
export const DOCUMENT_OPERATION: Operation = {
  method: 'get',
  path: '/v1/openapi.json',
  id: 'getOpenApi',
  tag: 'Browser and Telegram',
  caller: 'everybody',
  summary: 'This document',
  answers: [
    {
      status: 200,
      description: 'OpenAPI 3.1',
      schema: z.looseObject({ openapi: z.string() }),
      example: { openapi: '3.1.1' },
    },
  ],
};

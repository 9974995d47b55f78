import * as z from 'zod/mini';
import { operationsOf } from '../lib/openapi/operation.ts';
import { CACHE_TAG, text } from '../lib/openapi/schemas.ts';
import { routes } from './openapi.ts';

export const docs = operationsOf(routes, {
  'GET /v1/openapi.json': {
    id: 'getOpenApi',
    tag: 'Browser and Telegram',
    summary: 'This document',
    answers: [
      {
        status: 200,
        description: 'OpenAPI 3.1',
        schema: z.looseObject({ openapi: text }),
        example: { openapi: '3.1.1' },
        headers: CACHE_TAG,
      },
    ],
  },
});

import * as z from 'zod/mini';
import { operationsOf } from '../lib/openapi/operation.ts';
import { routes } from './bot.ts';

export const docs = operationsOf(routes, {
  'POST /v1/telegram/{siteId}': {
    id: 'takeUpdate',
    tag: 'Browser and Telegram',
    summary: "Telegram's webhook",
    description: 'Takes an `Update` of the Bot API.',
    // Telegram documents the other fields of an update.
    body: z.looseObject({ update_id: z.int() }),
    examples: { update: { update_id: 1 } },
    wrong: [{ pointer: '/update_id', code: 'required', detail: 'This property is required.' }],
    answers: [{ status: 200, description: 'Taken' }],
  },
});

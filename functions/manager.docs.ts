import * as z from 'zod/mini';
import { operationsOf } from '../lib/openapi/operation.ts';
import { routes } from './manager.ts';

export const docs = operationsOf(routes, {
  'POST /v1/telegram/manager': {
    id: 'takeManagerUpdate',
    tag: 'Browser and Telegram',
    summary: "Telegram's webhook for the manager bot",
    description: 'Takes an `Update` of the Bot API. Without a manager bot everything is answered 401.',
    // Telegram documents the other fields of an update.
    body: z.looseObject({ update_id: z.int() }),
    examples: { update: { update_id: 1 } },
    wrong: [{ pointer: '/update_id', code: 'required', detail: 'This property is required.' }],
    answers: [{ status: 200, description: 'Taken' }],
  },
});

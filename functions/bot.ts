import { handleUpdate } from '../lib/bot/handle-update.ts';
import { httpHandler, route } from '../lib/http/route.ts';
import { updateBody } from '../lib/telegram/update-schema.ts';

/** Telegram's webhook. After any answer but a 200, Telegram sends the update again. */
export const routes = [
  route({
    method: 'POST',
    path: '/v1/telegram/{siteId}',
    caller: 'telegram',
    body: updateBody,
    consequence: { en: 'Nothing was sent', it: 'Non è stato inviato nulla' },
    async handle({ site, body }) {
      await handleUpdate(site, body);
      return { statusCode: 200 };
    },
  }),
] as const;

export const handler = httpHandler(routes);

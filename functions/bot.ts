import { handleUpdate } from '../lib/bot/handle-update.ts';
import { updateBody } from '../lib/bot/update-schema.ts';
import { httpHandler, route } from '../lib/http/route.ts';

/** Telegram's webhook. Any answer but a 200 makes Telegram send the update again. */
export const routes = [
  route({
    method: 'POST',
    path: '/v1/telegram/{siteId}',
    caller: 'telegram',
    body: updateBody,
    async handle({ site, body }) {
      await handleUpdate(site, body);
      return { statusCode: 200 };
    },
  }),
] as const;

export const handler = httpHandler(routes);

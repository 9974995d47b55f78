import { httpHandler, route } from '../lib/http/route.ts';
import { handleManagerUpdate } from '../lib/sites/managed/manager-updates.ts';
import { ownAddresses } from '../lib/sites/own-addresses.ts';
import { managerUpdateBody } from '../lib/telegram/update-schema.ts';

/** The webhook of the manager bot. After any answer but a 2xx, Telegram sends the update again. */
export const routes = [
  route({
    method: 'POST',
    path: '/v1/telegram/manager',
    caller: 'manager',
    body: managerUpdateBody,
    consequence: { en: 'Nothing was sent', it: 'Non è stato inviato nulla' },
    async handle({ body }) {
      await handleManagerUpdate(body, ownAddresses());
      return { statusCode: 200 };
    },
  }),
] as const;

export const handler = httpHandler(routes);

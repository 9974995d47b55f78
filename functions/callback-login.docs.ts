import { LINK_PAGES, linkParameter, page, redirect } from '../lib/openapi/browser.ts';
import { operationsOf } from '../lib/openapi/operation.ts';
import { routes } from './callback-login.ts';

export const docs = operationsOf(routes, {
  'GET /v1/sites/{siteId}/telegram/callbacklogin': {
    id: 'callbackLogin',
    tag: 'Browser and Telegram',
    summary: "Where Telegram's login widget sends the browser back",
    parameters: {
      link: linkParameter,
      id: {
        description: 'The number of the Telegram account',
        example: 1001,
        schema: { type: 'integer', format: 'int64', minimum: 1 },
      },
      auth_date: {
        description: 'When the person logged in: seconds since 1970',
        example: 1795338900,
        schema: { type: 'integer', format: 'int64', minimum: 0 },
      },
      hash: {
        description: "Telegram's signature of all the fields",
        example: 'c1f3d8c5a1a8ef3d8a3f6b5e2b6e0f7d9a1b2c3d4e5f60718293a4b5c6d7e8f9',
        schema: { type: 'string', pattern: '^[0-9a-f]{64}$' },
      },
    },
    answers: [
      redirect('Linked, now or by the same request before: on to the site', 'https://shop.example'),
      page(400, 'The login is not one that Telegram has signed for this bot, or it has expired'),
      ...LINK_PAGES,
    ],
  },
});

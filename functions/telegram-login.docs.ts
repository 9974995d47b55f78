import { LINK_PAGES, linkParameter, page, redirect } from '../lib/openapi/browser.ts';
import { operationsOf } from '../lib/openapi/operation.ts';
import { routes } from './telegram-login.ts';

const tag = 'Browser and Telegram';

export const docs = operationsOf(routes, {
  'GET /v1/sites/{siteId}/telegram/login': {
    id: 'beginTelegramLogin',
    tag,
    summary: 'Log In With Telegram: sends the browser to Telegram',
    parameters: { link: linkParameter },
    answers: [
      redirect('On to Telegram', 'https://oauth.telegram.org/auth?client_id=100&response_type=code'),
      ...LINK_PAGES,
    ],
  },
  'GET /v1/sites/{siteId}/telegram/login/callback': {
    id: 'endTelegramLogin',
    tag,
    summary: 'Log In With Telegram: takes the browser back',
    parameters: {
      state: {
        description: 'As it was sent',
        example: 'b0x3nUqfQ0s',
        schema: { type: 'string', maxLength: 512 },
      },
      code: {
        description: "Telegram's code; absent where the person did not agree",
        example: 'SplxlOBeZQQYbYS6WxSbIA',
        isOptional: true,
        schema: { type: 'string', maxLength: 512 },
      },
    },
    answers: [
      redirect('Linked: on to the site', 'https://shop.example'),
      page(400, 'The person did not agree at Telegram, or comes back too late, twice, or in another browser'),
      ...LINK_PAGES,
    ],
  },
});

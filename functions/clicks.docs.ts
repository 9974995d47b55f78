import { redirect } from '../lib/openapi/browser.ts';
import { operationsOf } from '../lib/openapi/operation.ts';
import { routes, unknownLink } from './clicks.ts';

export const docs = operationsOf(routes, {
  'GET /c/{code}': {
    id: 'openLink',
    tag: 'Browser and Telegram',
    summary: 'A link of a message: leads on to the shop, and counts that',
    description:
      'Links of messages lead here where the site has `countClicks`. The code is signed; it sets no cookie. Programs that look at links, such as for a preview, and `HEAD` are not counted. Where the message is not in the log any more, it leads to the home page of the shop; never to another host. A browser gets an error as a page.',
    answers: [redirect('On to the page of the shop', 'https://shop.example/ordini/2026-0412')],
    problems: [unknownLink()],
  },
});

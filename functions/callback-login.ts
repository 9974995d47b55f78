import { isHead } from '../lib/http/request.ts';
import { httpHandler, route } from '../lib/http/route.ts';
import { errorPages, PageError, readBrowserRequest } from '../lib/users/browser.ts';
import { redirectTo } from '../lib/users/page.ts';
import { linkByWidgetAndToken, wouldLink } from '../lib/users/widget-linking.ts';

/**
 * The address to which Telegram's login widget sends the browser back, with `link=TOKEN&id=…&hash=…`. Links the user of
 * the token and redirects to the site; the same request again is answered alike. A person who can't be linked gets a page
 * with the reason.
 */
export const routes = [
  route({
    method: 'GET',
    path: '/v1/sites/{siteId}/telegram/callbacklogin',
    caller: 'everybody',
    async handle({ request }) {
      const { site, query } = await readBrowserRequest(request);
      const { link = '', ...fields } = query;
      const login = { token: link, fields, now: Date.now() };
      const { kind } = await (isHead(request) ? wouldLink(site, login) : linkByWidgetAndToken(site, login));
      if (kind !== 'linked') throw new PageError(kind);
      return redirectTo(site.url);
    },
  }),
] as const;

export const handler = httpHandler(routes, errorPages());

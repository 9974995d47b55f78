import { isHead, originOf } from '../lib/http/request.ts';
import { httpHandler, route } from '../lib/http/route.ts';
import type { SiteWithBot } from '../lib/store/sites.ts';
import { errorPages, PageError, readBrowserRequest } from '../lib/users/browser.ts';
import { redirectTo } from '../lib/users/page.ts';
import { beginSignIn, checkSignIn, endSignIn } from '../lib/users/sign-in.ts';
import { cookieOf, cookiesOfNew, removed } from '../lib/users/sign-in-cookies.ts';

const path = '/v1/sites/{siteId}/telegram/login';

/** Log In With Telegram (OpenID Connect), off unless the site has a secret for it. */
export const routes = [
  route({
    method: 'GET',
    path,
    caller: 'everybody',
    // `?link=TOKEN` sends the browser to Telegram.
    async handle({ request }) {
      const { site, query } = await readBrowserRequest(request);
      requireLogin(site);
      const address = pathOf(site.siteId);
      const isKept = !isHead(request);
      const redirectUri = `${originOf(request)}${address}/callback`;
      const begun = await beginSignIn(site, query.link ?? '', redirectUri, { isKept });
      if (begun.kind !== 'begun') throw new PageError(begun.kind);
      return redirectTo(begun.url, isKept ? cookiesOfNew(begun.state, address, request) : []);
    },
  }),
  route({
    method: 'GET',
    path: `${path}/callback`,
    caller: 'everybody',
    // Links the user when the browser comes back, and redirects it to the site.
    async handle({ request }) {
      const { site, query } = await readBrowserRequest(request);
      const encryptedSecret = requireLogin(site);
      const { state = '', code } = query;
      // A login that was begun in one browser can't be completed in another person's.
      const cookie = cookieOf(state, request);
      if (!cookie) throw new PageError('refused');
      if (isHead(request)) {
        const { kind } = await checkSignIn(site, { state, code });
        if (kind !== 'open') throw new PageError(kind);
        return redirectTo(site.url);
      }
      const ended = await endSignIn(site, encryptedSecret, { state, code });
      const cookies = [removed(cookie, pathOf(site.siteId))];
      if (ended.kind !== 'linked') throw new PageError(ended.kind, { cookies });
      return redirectTo(site.url, cookies);
    },
  }),
] as const;

/** @returns the encrypted client secret of the site. @throws PageError */
function requireLogin({ telegramLogin }: SiteWithBot): string {
  if (!telegramLogin) throw new PageError('not-set-up');
  return telegramLogin.sealedClientSecret;
}

function pathOf(siteId: string): string {
  return path.replace('{siteId}', siteId);
}

export const handler = httpHandler(routes, errorPages());

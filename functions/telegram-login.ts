import { timingSafeEqual } from 'node:crypto';
import { NotFoundError } from '../lib/domain/errors.ts';
import { originOf } from '../lib/http/request.ts';
import { httpHandler, route } from '../lib/http/route.ts';
import type { SiteWithBot } from '../lib/store/sites.ts';
import { errorPages, PageError, readBrowserRequest } from '../lib/users/browser.ts';
import { redirectTo } from '../lib/users/page.ts';
import { beginSignIn, endSignIn, SIGN_IN_SECONDS } from '../lib/users/sign-in.ts';

const path = '/v1/sites/{siteId}/telegram/login';
const COOKIE = 'telegram-login';

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
      const callback = `${originOf(request)}${pathOf(site.siteId)}/callback`;
      const begun = await beginSignIn(site, query.link ?? '', callback);
      if (begun.kind !== 'begun') throw new PageError(begun.kind);
      return redirectTo(begun.url, [cookie(site.siteId, begun.state, SIGN_IN_SECONDS)]);
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
      if (!request.cookies?.some((given) => isSame(given, `${COOKIE}=${state}`)))
        throw new PageError('refused');
      const ended = await endSignIn(site, encryptedSecret, { state, code });
      if (ended.kind !== 'linked') throw new PageError(ended.kind);
      return redirectTo(site.url, [cookie(site.siteId, '', 0)]);
    },
  }),
] as const;

/** @returns the encrypted client secret of the site. */
function requireLogin({ telegramLogin }: SiteWithBot): string {
  if (!telegramLogin) throw loginNotSetUp();
  return telegramLogin.sealedClientSecret;
}

export function loginNotSetUp(): NotFoundError {
  return new NotFoundError('Log In With Telegram is not set up for this site.');
}

function pathOf(siteId: string): string {
  return path.replace('{siteId}', siteId);
}

function cookie(siteId: string, value: string, seconds: number): string {
  return `${COOKIE}=${value}; Path=${pathOf(siteId)}; Max-Age=${seconds}; HttpOnly; Secure; SameSite=Lax`;
}

function isSame(one: string, other: string): boolean {
  const [first, second] = [Buffer.from(one), Buffer.from(other)];
  return first.length === second.length && timingSafeEqual(first, second);
}

export const handler = httpHandler(routes, errorPages());

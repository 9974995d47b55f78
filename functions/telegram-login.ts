import { timingSafeEqual } from 'node:crypto';
import middy from '@middy/core';
import type { APIGatewayProxyStructuredResultV2 } from 'aws-lambda';
import { notFound } from '../lib/http/problem.ts';
import { refuse } from '../lib/http/problem-details.ts';
import type { HttpHandler } from '../lib/http/routes.ts';
import { withTelemetry } from '../lib/observability/telemetry.ts';
import { type BrowserRequest, browserSite, PageError, pagesForErrors } from '../lib/users/browser.ts';
import { redirectTo } from '../lib/users/page.ts';
import { beginSignIn, endSignIn, SIGN_IN_SECONDS } from '../lib/users/sign-in.ts';

type Answer = APIGatewayProxyStructuredResultV2;

const COOKIE = 'telegram-login';

/**
 * Log In With Telegram (OpenID Connect), off unless the site has a secret for it:
 * `GET /v1/sites/{siteId}/telegram/login?link=TOKEN` sends the browser to Telegram,
 * `GET /v1/sites/{siteId}/telegram/login/callback` takes it back, links, and sends it on to the site.
 */
async function logIn(request: BrowserRequest): Promise<Answer> {
  const { telegramLogin } = request.site;
  if (!telegramLogin)
    return refuse(notFound('Log In With Telegram is not set up for this site.').problem, request);
  return request.rawPath.endsWith('/callback')
    ? comeBack(request, telegramLogin.sealedClientSecret)
    : goToTelegram(request);
}

async function goToTelegram(request: BrowserRequest): Promise<Answer> {
  const { site, query } = request;
  const begun = await beginSignIn(
    site,
    query.link ?? '',
    `${originOf(request)}${pathOf(site.siteId)}/callback`,
  );
  if (begun.kind !== 'begun') throw new PageError(begun.kind);
  return redirectTo(begun.url, [cookie(site.siteId, begun.state, SIGN_IN_SECONDS)]);
}

async function comeBack(
  { site, query, cookies = [] }: BrowserRequest,
  sealedClientSecret: string,
): Promise<Answer> {
  const { state = '', code } = query;
  // Nobody can end in another person's browser what was begun in their own.
  if (!cookies.some((given) => isSame(given, `${COOKIE}=${state}`))) throw new PageError('refused');
  const ended = await endSignIn(site, sealedClientSecret, { state, code });
  if (ended.kind !== 'linked') throw new PageError(ended.kind);
  return redirectTo(site.url, [cookie(site.siteId, '', 0)]);
}

/** The address under which the browser knows this API. Telegram takes no other than those it was given. */
function originOf({ headers }: BrowserRequest): string {
  return `${headers['x-forwarded-proto'] ?? 'http'}://${headers.host ?? 'localhost'}`;
}

function pathOf(siteId: string): string {
  return `/v1/sites/${siteId}/telegram/login`;
}

function cookie(siteId: string, value: string, seconds: number): string {
  return `${COOKIE}=${value}; Path=${pathOf(siteId)}; Max-Age=${seconds}; HttpOnly; Secure; SameSite=Lax`;
}

function isSame(one: string, other: string): boolean {
  const [first, second] = [Buffer.from(one), Buffer.from(other)];
  return first.length === second.length && timingSafeEqual(first, second);
}

export const handler = withTelemetry(
  middy().use(pagesForErrors()).use(browserSite()).handler(logIn) as unknown as HttpHandler,
);

import type { MiddlewareObj } from '@middy/core';
import { NotFoundError } from '../domain/errors.ts';
import { SITE_ID } from '../domain/site-id.ts';
import { problemDetails } from '../http/error-middleware.ts';
import type { HttpRequest, HttpResponse } from '../http/request.ts';
import { log } from '../observability/logger.ts';
import { count } from '../observability/metrics.ts';
import { findSite, isActive, type SiteWithBot, sendingBot } from '../store/sites.ts';
import { checkLinkToken } from './link-token.ts';
import { linkingPage, type OpenLink, type PageKind } from './page.ts';

/** A request of a person's browser. */
interface BrowserRequest {
  site: SiteWithBot;
  /** The parameters of the query, decoded. One that is there twice is left out. */
  query: Readonly<Record<string, string>>;
}

/** The person could not be linked: the browser gets a page that says why, instead of a redirect. */
export class PageError extends Error {
  override readonly name = 'PageError';
  readonly kind: PageKind;
  /** Set in the browser with the page. */
  readonly cookies: string[];

  constructor(kind: PageKind, { cookies = [] }: { cookies?: string[] } = {}) {
    super(`Not linked: ${kind}`);
    this.kind = kind;
    this.cookies = cookies;
  }
}

/** The site of each request that is being answered: `onError` gets only the request, and its page names the site. */
const sites = new WeakMap<HttpRequest, SiteWithBot>();

/** Middleware that answers every error with a page that says what to do. It has to be the first. */
export function errorPages(): MiddlewareObj<HttpRequest, HttpResponse> {
  return {
    onError: async function answerWithPage(request) {
      const { error, event } = request;
      // There is no such path: no person is sent there.
      if (error instanceof NotFoundError) return problemDetails().onError?.(request);
      const { kind, cookies } =
        error instanceof PageError ? error : { kind: 'try-again' as const, cookies: [] };
      const site = sites.get(event);
      const openLink = site && LINK_HELPS.has(kind) ? await openLinkIn(event, site) : undefined;
      const page = linkingPage(kind, event.headers['accept-language'], site, openLink);
      const fields = { status: page.statusCode, route: event.routeKey, reason: kind };
      if (error instanceof PageError) log.info('not linked', fields);
      else log.error('linking failed', { ...fields, error });
      count('Refused', { status: String(page.statusCode) });
      request.response = { ...page, ...(cookies.length > 0 && { cookies }) };
    },
  };
}

/** Reads the query, and the site in the path, which must have a bot and be active. @throws PageError */
export async function readBrowserRequest(request: HttpRequest): Promise<BrowserRequest> {
  const siteId = request.pathParameters?.siteId ?? '';
  const site = SITE_ID.test(siteId) ? await findSite(siteId) : undefined;
  const bot = site && sendingBot(site);
  if (!bot) throw new PageError('unknown-site');
  const withBot = { ...site, bot };
  sites.set(request, withBot);
  if (!isActive(site)) throw new PageError('inactive');
  return { site: withBot, query: queryOf(request.rawQueryString) };
}

/** The pages of a login that did not work: with an open link the person can still be linked, in the bot. */
const LINK_HELPS: ReadonlySet<PageKind> = new Set([
  'malformed',
  'forged',
  'stale',
  'from-the-future',
  'refused',
  'not-set-up',
  'login-used',
]);

/** The link in the address, if it is still open. */
async function openLinkIn({ rawQueryString }: HttpRequest, site: SiteWithBot): Promise<OpenLink | undefined> {
  const { link: token = '' } = queryOf(rawQueryString);
  try {
    const { kind } = await checkLinkToken(site, token);
    return kind === 'open' ? { bot: site.bot, token } : undefined;
  } catch (error) {
    // The page says what it can.
    log.warn('link of a page not read', { siteId: site.siteId, error });
    return undefined;
  }
}

function queryOf(raw: string): Record<string, string> {
  const parameters = new URLSearchParams(raw);
  const query: Record<string, string> = Object.create(null);
  for (const name of new Set(parameters.keys())) {
    const [value = '', ...more] = parameters.getAll(name);
    if (more.length === 0) query[name] = value;
  }
  return query;
}

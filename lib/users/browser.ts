import type { MiddlewareObj } from '@middy/core';
import { NotFoundError } from '../domain/errors.ts';
import { SITE_ID } from '../domain/ids.ts';
import { problemDetails } from '../http/problem-details.ts';
import type { HttpRequest, HttpResponse } from '../http/request.ts';
import { log } from '../observability/logger.ts';
import { count } from '../observability/metrics.ts';
import { findSite, isActive, type Site, type SiteWithBot } from '../store/sites.ts';
import { linkingPage, type PageKind } from './page.ts';

/** What a person's browser asks for. */
interface BrowserRequest {
  site: SiteWithBot;
  /** The query as it was sent, decoded; a name that comes twice is not in it. */
  query: Readonly<Record<string, string>>;
}

/** Why a person's browser is shown a page instead of being sent on. Thrown anywhere below the browser's edge. */
export class PageError extends Error {
  override readonly name = 'PageError';
  readonly kind: PageKind;

  constructor(kind: PageKind, options?: { cause: unknown }) {
    super(`Not linked: ${kind}`, options);
    this.kind = kind;
  }
}

/** The sites that were found for requests that are still answered: the page of an error names them. */
const sites = new WeakMap<HttpRequest, Site>();

/** Middleware: whatever is thrown below becomes a page that says what to do. Goes first. */
export function errorPages(): MiddlewareObj<HttpRequest, HttpResponse> {
  return {
    onError: function answerWithPage(request) {
      const { error, event } = request;
      // Nobody comes here by mistake: who sees this has set up something else.
      if (error instanceof NotFoundError) return problemDetails().onError?.(request);
      const kind = error instanceof PageError ? error.kind : 'try-again';
      const page = linkingPage(kind, event.headers['accept-language'], sites.get(event));
      const fields = { status: page.statusCode, route: event.routeKey, reason: kind };
      if (error instanceof PageError) log.info('not linked', fields);
      else log.error('linking failed', { ...fields, error });
      count('Refused', { status: String(page.statusCode) });
      request.response = page;
    },
  };
}

/** Finds the site in the path, which must have a bot and be active, and reads the query. @throws PageError */
export async function readBrowserRequest(request: HttpRequest): Promise<BrowserRequest> {
  const siteId = request.pathParameters?.siteId ?? '';
  const site = SITE_ID.test(siteId) ? await findSite(siteId) : undefined;
  if (!site?.bot) throw new PageError('unknown-site');
  sites.set(request, site);
  if (!isActive(site)) throw new PageError('inactive');
  return { site: { ...site, bot: site.bot }, query: queryOf(request.rawQueryString) };
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

import type { MiddlewareObj } from '@middy/core';
import type { APIGatewayProxyEventV2, APIGatewayProxyStructuredResultV2 } from 'aws-lambda';
import { SITE_ID } from '../domain/ids.ts';
import type { SiteWithBot } from '../http/authenticate-telegram.ts';
import { log } from '../observability/logger.ts';
import { count } from '../observability/metrics.ts';
import { findSite, isActive } from '../store/sites.ts';
import { linkingPage, type PageKind } from './page.ts';

/** A request of a person's browser. */
export interface BrowserRequest extends APIGatewayProxyEventV2 {
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

/** Middleware: whatever is thrown below becomes a page that says what to do. Goes first. */
export function pagesForErrors(): MiddlewareObj<BrowserRequest, APIGatewayProxyStructuredResultV2> {
  return {
    onError: function answerWithPage(request) {
      const { error, event } = request;
      const kind = error instanceof PageError ? error.kind : 'try-again';
      const page = linkingPage(kind, event.headers['accept-language'], event.site);
      const facts = { status: page.statusCode, route: event.routeKey, reason: kind };
      if (error instanceof PageError) log.info('not linked', facts);
      else log.error('linking failed', { ...facts, error });
      count('Refused', { status: String(page.statusCode) });
      request.response = page;
    },
  };
}

/** Middleware: finds the site in the path, which must have a bot and be active, and reads the query. */
export function browserSite(): MiddlewareObj<BrowserRequest, APIGatewayProxyStructuredResultV2> {
  return {
    before: async function findBrowserSite({ event }) {
      const siteId = event.pathParameters?.siteId ?? '';
      const site = SITE_ID.test(siteId) ? await findSite(siteId) : undefined;
      if (!site?.bot) throw new PageError('unknown-site');
      event.site = { ...site, bot: site.bot };
      event.query = queryOf(event.rawQueryString);
      if (!isActive(site)) throw new PageError('inactive');
    },
  };
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

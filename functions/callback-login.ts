import middy from '@middy/core';
import type { APIGatewayProxyStructuredResultV2 } from 'aws-lambda';
import type { HttpHandler } from '../lib/http/routes.ts';
import { withTelemetry } from '../lib/observability/telemetry.ts';
import { type BrowserRequest, browserSite, PageError, pagesForErrors } from '../lib/users/browser.ts';
import { redirectTo } from '../lib/users/page.ts';
import { linkByWidgetAndToken } from '../lib/users/widget-linking.ts';

/**
 * `GET /v1/sites/{siteId}/telegram/callbacklogin?link=TOKEN&id=…&hash=…`: where Telegram's login widget sends the
 * browser back. Links the user of the token and goes on to the site; a person who can't be linked reads why.
 */
async function callBack({ site, query }: BrowserRequest): Promise<APIGatewayProxyStructuredResultV2> {
  const { link = '', ...fields } = query;
  const linking = await linkByWidgetAndToken(site, link, fields, Date.now());
  if (linking.kind !== 'linked') throw new PageError(linking.kind);
  return redirectTo(site.url);
}

export const handler = withTelemetry(
  middy().use(pagesForErrors()).use(browserSite()).handler(callBack) as unknown as HttpHandler,
);

import middy from '@middy/core';
import type { APIGatewayProxyStructuredResultV2 } from 'aws-lambda';
import { authenticateSite, type SiteRequest } from '../lib/http/authenticate-site.ts';
import { jsonAnswer } from '../lib/http/json-answer.ts';
import { type JsonRequest, jsonBody } from '../lib/http/json-body.ts';
import { originOf } from '../lib/http/origin.ts';
import { readFields } from '../lib/http/read-fields.ts';
import { type HttpHandler, routes } from '../lib/http/routes.ts';
import { saveBot } from '../lib/sites/save-bot.ts';
import { botSchema, nothingSchema } from '../lib/sites/schemas.ts';
import { checkIfMatch, siteAnswer } from '../lib/sites/site-request.ts';
import { testBot } from '../lib/sites/test-bot.ts';

type Answer = Promise<APIGatewayProxyStructuredResultV2>;

async function putBot(request: SiteRequest & JsonRequest): Answer {
  const given = readFields(botSchema, request.json);
  const site = await saveBot(request.site, given, {
    apiUrl: originOf(request),
    check: checkIfMatch(request),
  });
  return siteAnswer(200, site);
}

async function postTest(request: SiteRequest & JsonRequest): Answer {
  readFields(nothingSchema, request.json);
  return jsonAnswer(200, await testBot(request.site, originOf(request)));
}

const forSite = () => middy().use(authenticateSite({ isFresh: true }));
const asHandler = (handler: unknown) => handler as HttpHandler;

/** The bot of a site. A function of its own: no other of the merchant's may open bot tokens. */
export const handler = routes([
  {
    method: 'PUT',
    path: '/v1/sites/{siteId}/bot',
    handler: asHandler(forSite().use(jsonBody()).handler(putBot)),
  },
  {
    method: 'POST',
    path: '/v1/sites/{siteId}/bot/test',
    handler: asHandler(forSite().use(jsonBody({})).handler(postTest)),
  },
]);

import middy from '@middy/core';
import type { APIGatewayProxyEventV2, APIGatewayProxyStructuredResultV2 } from 'aws-lambda';
import { authenticatePlatform } from '../lib/http/authenticate-platform.ts';
import { authenticateSite, type SiteRequest } from '../lib/http/authenticate-site.ts';
import { jsonAnswer } from '../lib/http/json-answer.ts';
import { type JsonRequest, jsonBody } from '../lib/http/json-body.ts';
import { unauthorized } from '../lib/http/problem.ts';
import { readFields } from '../lib/http/read-fields.ts';
import { type HttpHandler, routes } from '../lib/http/routes.ts';
import { addKey, keyIdsOf, removeKey, unknownSite } from '../lib/sites/keys.ts';
import { putSite } from '../lib/sites/put-site.ts';
import { nothingSchema, settingsSchema, siteSchema } from '../lib/sites/schemas.ts';
import { settingsChange } from '../lib/sites/settings.ts';
import { checkIfMatch, siteAnswer, siteIdIn } from '../lib/sites/site-request.ts';
import { readSite, updateSite } from '../lib/store/sites.ts';

type Answer = Promise<APIGatewayProxyStructuredResultV2>;
type PlatformRequest = APIGatewayProxyEventV2 & JsonRequest;

// ---- the platform's part: it creates sites, switches their module, and changes their keys

async function putSiteRoute(request: PlatformRequest): Answer {
  const siteId = siteIdIn(request);
  const { site, key } = await putSite(siteId, readFields(siteSchema, request.json), checkIfMatch(request));
  if (!key) return siteAnswer(200, site);
  return siteAnswer(201, site, { siteKey: key.siteKey, keyId: key.keyId });
}

async function getKeys(request: APIGatewayProxyEventV2): Answer {
  const siteId = siteIdIn(request);
  const site = await readSite(siteId);
  if (!site) throw unknownSite(siteId);
  return jsonAnswer(200, { keys: keyIdsOf(site).map((keyId) => ({ keyId })) });
}

async function postKey(request: PlatformRequest): Answer {
  readFields(nothingSchema, request.json);
  const { siteKey, keyId } = await addKey(siteIdIn(request));
  return jsonAnswer(201, { siteKey, keyId });
}

async function deleteKey(request: APIGatewayProxyEventV2): Answer {
  await removeKey(siteIdIn(request), request.pathParameters?.keyId ?? '');
  return { statusCode: 204 };
}

// ---- the merchant's part: settings

async function getSettings({ site }: SiteRequest): Answer {
  return siteAnswer(200, site);
}

async function patchSettings(request: SiteRequest & JsonRequest): Answer {
  const patch = readFields(settingsSchema, request.json);
  const check = checkIfMatch(request);
  const site = await updateSite(request.site.siteId, (now) => {
    check(now);
    return settingsChange(now, patch);
  });
  if (!site) throw unauthorized();
  return siteAnswer(200, site);
}

const forPlatform = () => middy().use(authenticatePlatform());
const forSite = () => middy().use(authenticateSite({ isFresh: true }));
const asHandler = (handler: unknown) => handler as HttpHandler;

/** Sites, their keys and their settings. */
export const handler = routes([
  {
    method: 'PUT',
    path: '/v1/sites/{siteId}',
    handler: asHandler(forPlatform().use(jsonBody()).handler(putSiteRoute)),
  },
  { method: 'GET', path: '/v1/sites/{siteId}/keys', handler: asHandler(forPlatform().handler(getKeys)) },
  {
    method: 'POST',
    path: '/v1/sites/{siteId}/keys',
    handler: asHandler(forPlatform().use(jsonBody({})).handler(postKey)),
  },
  {
    method: 'DELETE',
    path: '/v1/sites/{siteId}/keys/{keyId}',
    handler: asHandler(forPlatform().handler(deleteKey)),
  },
  { method: 'GET', path: '/v1/sites/{siteId}', handler: asHandler(forSite().handler(getSettings)) },
  {
    method: 'PATCH',
    path: '/v1/sites/{siteId}',
    handler: asHandler(forSite().use(jsonBody()).handler(patchSettings)),
  },
]);

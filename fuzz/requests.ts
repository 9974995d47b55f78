/** HTTP requests to a route, and API Gateway's events for them. */
import type { APIGatewayProxyEventV2 } from 'aws-lambda';
import fc from 'fast-check';
import { apiEvent } from '../tests/support/api-events.ts';
import { bodiesOf } from './bodies.ts';
import { type Credential, credential, headers, query } from './parts.ts';
import {
  FOREIGN_SITE,
  type KnownSite,
  OWN_SITES,
  PLATFORM_KEY,
  SITE_KEYS,
  WEBHOOK_SECRETS,
} from './people.ts';
import { POOLS } from './pools.ts';
import type { HttpRoute } from './routes.ts';
import { text } from './values.ts';

export interface FuzzRequest {
  method: string;
  siteId: string;
  /** The path's other parameters. */
  ids: Record<string, string>;
  /** The whole path, for the route that gets all requests without another route. */
  path?: string;
  credential: Credential;
  headers: Record<string, string>;
  query: [string, string][];
  body?: string;
  isBase64Encoded: boolean;
  /** Whether the path is percent-decoded. */
  isPathDecoded: boolean;
}

const siteId = fc.oneof(
  { weight: 30, arbitrary: fc.constantFrom(...OWN_SITES) },
  { weight: 2, arbitrary: fc.constantFrom(FOREIGN_SITE, 'nuovo-1', 'nobody', 'DEMO', 'demo ', 'demo%00') },
  { weight: 1, arbitrary: text },
);

const OTHER_METHODS = ['GET', 'POST', 'PUT', 'PATCH', 'DELETE', 'HEAD', 'OPTIONS', 'TRACE', 'BREW', 'get'];

const anyPath = fc.oneof(
  fc
    .array(fc.oneof(text, fc.constantFrom('v1', 'sites', 'demo', 'events', '..', '.', '%2e%2e', '%zz')), {
      maxLength: 7,
    })
    .map((segments) => `/${segments.join('/')}`),
  fc.constantFrom(
    '/v1/sites/demo/events/order-status',
    '/v1/sites/altro/events/file-access',
    '//',
    '/v1/openapi.json/',
  ),
);

/** Requests, most of them nearly right. */
export function requestsTo(route: HttpRoute): fc.Arbitrary<FuzzRequest> {
  const body = route.bodies ? bodiesOf(route.bodies) : fc.constantFrom('', '{}', 'x', '{"a":1}');
  const ids = Object.fromEntries(route.parameters.map((name) => [name, idsFor(name)]));
  return fc.record(
    {
      method: otherMethodNowAndThen(route),
      siteId,
      ids: fc.record(ids),
      ...(route.path === undefined && { path: anyPath }),
      credential,
      headers,
      query: query(route),
      body,
      isBase64Encoded: fc.oneof(
        { weight: 9, arbitrary: fc.constant(false) },
        { weight: 1, arbitrary: fc.constant(true) },
      ),
      isPathDecoded: fc.boolean(),
    },
    {
      requiredKeys: [
        'method',
        'siteId',
        'ids',
        'credential',
        'headers',
        'query',
        'isBase64Encoded',
        'isPathDecoded',
        ...(route.bodies ? ['body' as const] : []),
      ],
    },
  ) as fc.Arbitrary<FuzzRequest>;
}

function otherMethodNowAndThen({ method }: HttpRoute): fc.Arbitrary<string> {
  const other = fc.constantFrom(...OTHER_METHODS);
  if (method === undefined) return other;
  return fc.oneof({ weight: 30, arbitrary: fc.constant(method) }, { weight: 1, arbitrary: other });
}

function idsFor(name: string): fc.Arbitrary<string> {
  const known = POOLS[name];
  return known ? fc.oneof({ weight: 4, arbitrary: known }, { weight: 1, arbitrary: text }) : text;
}

/** The site whose key the request has, `platform`, or `undefined` if its key opens nothing. */
function opensWhat({ credential, siteId }: FuzzRequest, { caller }: HttpRoute): string | undefined {
  const { key, isRightForm } = credential;
  if (!isRightForm || key === 'wrong' || key === 'none') return undefined;
  if (key !== 'own') return key;
  return caller === 'platform' ? 'platform' : ownSite(siteId);
}

/** Whether the request has the key or secret that the route needs. */
export function isAllowed(request: FuzzRequest, route: HttpRoute): boolean {
  const { caller } = route;
  if (caller === 'everybody') return true;
  const opened = opensWhat(request, route);
  if (caller === 'platform') return opened === 'platform';
  return opened === siteOf(request, route) || (caller === 'site-or-platform' && opened === 'platform');
}

/** The key of the foreign site is never used for its own paths: that would be a legitimate request of its merchant. */
function ownSite(siteId: string): KnownSite {
  return OWN_SITES.find((own) => own === siteId) ?? 'demo';
}

/** The site in the path. The platform may change any site, so its requests never change the foreign one. */
export function siteOf(request: FuzzRequest, route: HttpRoute): string {
  const isForeign = request.siteId === FOREIGN_SITE;
  const mayDoAll = [FOREIGN_SITE, 'platform'].includes(opensWhat(request, route) ?? '');
  return isForeign && mayDoAll ? 'demo' : request.siteId;
}

/** The request as a Lambda function receives it. */
export function toLambdaEvent(request: FuzzRequest, route: HttpRoute): APIGatewayProxyEventV2 {
  const siteId = siteOf(request, route);
  const path = pathOf(request, route, siteId);
  const { method, isBase64Encoded, query: pairs } = request;
  const { cookie, ...given } = request.headers;
  return apiEvent({
    method,
    path,
    routeKey: method === route.method ? route.routeKey : '$default',
    headers: { ...given, ...credentialHeader(request, route) },
    ...(cookie !== undefined && { cookies: cookie.split('; ') }),
    query: new URLSearchParams(pairs).toString(),
    ...(route.path !== undefined && {
      pathParameters: { ...(route.path.includes('{siteId}') && { siteId }), ...request.ids },
    }),
    body: bodyOf(request),
    isBase64Encoded,
  });
}

function bodyOf({ body, isBase64Encoded }: FuzzRequest): string | undefined {
  // In Latin-1, characters outside ASCII become bytes that are not UTF-8.
  return body !== undefined && isBase64Encoded ? Buffer.from(body, 'latin1').toString('base64') : body;
}

function pathOf({ path, ids, isPathDecoded }: FuzzRequest, route: HttpRoute, siteId: string): string {
  if (route.path === undefined) return path ?? '/';
  const values: Record<string, string> = { siteId, ...ids };
  const filled = (value: string) => (isPathDecoded ? value : encodeURIComponent(value.toWellFormed()));
  return route.path.replace(/\{(\w+)\}/g, (_, name: string) => filled(values[name] ?? ''));
}

function credentialHeader(request: FuzzRequest, route: HttpRoute): Record<string, string> {
  const { key, form, isRightForm } = request.credential;
  if (key === 'none') return {};
  const site = ownSite(request.siteId);
  if (route.caller === 'telegram') {
    const secret = key === 'own' ? WEBHOOK_SECRETS[site] : (WEBHOOK_SECRETS[key as KnownSite] ?? key);
    return { 'x-telegram-bot-api-secret-token': isRightForm ? secret : form.replace('KEY', `${secret} `) };
  }
  return { authorization: form.replace('KEY', keyText(key, site, route)) };
}

function keyText(key: Credential['key'], site: KnownSite, { caller }: HttpRoute): string {
  if (key === 'platform' || (key === 'own' && caller === 'platform')) return PLATFORM_KEY;
  return SITE_KEYS[key === 'own' ? site : (key as KnownSite)] ?? 'pwtg_wrong';
}

/** Values that can't be generated in advance: unique ids, tokens, signatures, the time. */
import { apiEvent } from '../tests/support/api-events.ts';
import { signed } from '../tests/users/widget-fields.ts';
import { tokenOf } from './people.ts';
import { NEW_CODE, NEW_EVENT_ID, NEW_LINK_TOKEN, NEW_STATE, NEW_UPDATE_ID, NOW, SIGNATURE } from './pools.ts';
import type { FuzzRequest } from './requests.ts';
import type { World } from './world.ts';

let lastId = 0;

/** The request with values in place of their markers. A second call gives new values: a new request. */
export async function withFreshValues(
  request: FuzzRequest,
  siteId: string,
  world: World,
): Promise<FuzzRequest> {
  lastId += 1;
  const text = JSON.stringify([request.body ?? null, request.query]);
  const values: Record<string, string> = {
    [NEW_EVENT_ID]: `fuzz-${lastId}`,
    [NOW]: String(Math.floor(Date.now() / 1000)),
  };
  if (text.includes(NEW_LINK_TOKEN)) values[NEW_LINK_TOKEN] = await world.newLinkToken(siteId);
  const headers = { ...request.headers };
  if (text.includes(NEW_STATE) && (siteId === 'demo' || siteId === 'strano')) {
    const login = await beginLogin(siteId, world);
    values[NEW_STATE] = login.state;
    values[NEW_CODE] = login.code;
    headers.cookie = login.cookie;
  }
  const filled = (value: string) =>
    Object.entries(values).reduce((so, [name, fresh]) => so.replaceAll(name, fresh), value);
  const query = request.query.map(([name, value]): [string, string] => [name, filled(value)]);
  const body =
    request.body && signedBody(filled(request.body).replace(String(NEW_UPDATE_ID), String(lastId)), siteId);
  return { ...request, headers, query: signedQuery(query, siteId), ...(body !== undefined && { body }) };
}

function signedBody(body: string, siteId: string): string {
  if (!body.includes(SIGNATURE)) return body;
  try {
    const { hash: _, ...fields } = JSON.parse(body);
    return JSON.stringify(signed(fields, tokenOf(siteId)));
  } catch {
    // A body that was broken on purpose has nothing to sign.
    return body;
  }
}

function signedQuery(query: [string, string][], siteId: string): [string, string][] {
  const others = query.filter(([name]) => name !== 'hash' && name !== 'link');
  const { hash } = signed(Object.fromEntries(others), tokenOf(siteId));
  return query.map(([name, value]) => [name, value === SIGNATURE ? hash : value]);
}

/** Like a browser: it is redirected to Telegram, and returns with a code. */
async function beginLogin(
  siteId: string,
  world: World,
): Promise<{ state: string; code: string; cookie: string }> {
  const event = apiEvent({
    path: `/v1/sites/${siteId}/telegram/login`,
    routeKey: 'GET /v1/sites/{siteId}/telegram/login',
    pathParameters: { siteId },
    query: { link: await world.newLinkToken(siteId) },
  });
  const { headers = {}, cookies = [] } = await world.call('telegram-login', event);
  const back = await fetch(String(headers.location), { redirect: 'manual' });
  const { searchParams } = new URL(back.headers.get('location') ?? '');
  return {
    state: searchParams.get('state') ?? '',
    code: searchParams.get('code') ?? '',
    cookie: cookies[0]?.split(';', 1)[0] ?? '',
  };
}

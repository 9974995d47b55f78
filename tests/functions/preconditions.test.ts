/** The conditions of a request: RFC 9110, section 13. What does not hold is answered 412, and nothing is changed. */
import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import { type App, startApp } from '../support/app.ts';
import { PLATFORM_KEY } from '../support/fixtures.ts';

let app: App;
beforeAll(async () => {
  app = await startApp({ telegram: 'emulator' });
});
afterAll(() => app.close());
beforeEach(() => app.reset());

const SITE = '/v1/sites/demo';
const TEMPLATE = `${SITE}/templates/default-order-status`;
const platform = { key: PLATFORM_KEY };
const renamed = { name: 'Un altro', url: 'https://altro.example', moduleActive: false };
const bot = { token: '200:nuovo', username: 'nuovo_bot' };
const template = {
  name: 'Altro',
  event: 'order-status',
  statuses: ['Nuovo'],
  text: { it: 'Ciao', en: 'Hello' },
};

const ifNoneMatch = (value: string) => ({ headers: { 'if-none-match': value } });
const etagOf = async (path: string) => String((await app.call('GET', path)).headers.etag);
const state = async () => {
  const { version: _, ...site } = await app.storedSite();
  return site;
};

/** Every change of something that is shown with an ETag: method, path, and what else the request has. */
const CHANGES: [string, string, object][] = [
  ['PUT', SITE, { ...platform, body: renamed }],
  ['PATCH', SITE, { body: { docuvision: true } }],
  ['PATCH', SITE, { ...platform, body: { moduleActive: false } }],
  ['DELETE', SITE, platform],
  ['PUT', `${SITE}/bot`, { body: bot }],
  ['PUT', TEMPLATE, { body: template }],
  ['DELETE', TEMPLATE, {}],
];

describe.each(CHANGES)('%s %s', (method, path, request) => {
  const shown = path === TEMPLATE ? TEMPLATE : SITE;

  test('If-None-Match: * on what exists: 412, and nothing is changed', async () => {
    const before = await state();
    const { status, json } = await app.call(method, path, { ...request, ...ifNoneMatch('*') });
    expect(status).toBe(412);
    expect(json.detail).toMatch(
      /^Nothing was changed, because "If-None-Match: \*" takes only what does not exist/,
    );
    expect(await state()).toEqual(before);
  });

  test('If-None-Match with the present ETag, strong or weak, alone or among others: 412', async () => {
    const before = await state();
    const etag = await etagOf(shown);
    for (const value of [etag, `W/${etag}`, `"other", ${etag}`]) {
      const { status, json } = await app.call(method, path, { ...request, ...ifNoneMatch(value) });
      expect(status).toBe(412);
      expect(json.detail).toContain('still in the version that If-None-Match names');
    }
    expect(await state()).toEqual(before);
  });

  test('If-None-Match with another ETag: it is done', async () => {
    const { status } = await app.call(method, path, { ...request, ...ifNoneMatch('"12345"') });
    expect([200, 204]).toContain(status);
  });

  test('a weak tag in If-Match never matches, and the answer says so', async () => {
    const before = await state();
    const etag = await etagOf(shown);
    const { status, json, headers } = await app.call(method, path, { ...request, ifMatch: `W/${etag}` });
    expect(status).toBe(412);
    expect(json.detail).toMatch(/weak ETag \(W\/"…"\).*never matches.*without W\//);
    expect(json.detail).not.toContain('Somebody else');
    expect(headers.etag).toBe(etag);
    expect(await state()).toEqual(before);
  });

  test('an older ETag in If-Match: 412', async () => {
    const { status } = await app.call(method, path, { ...request, ifMatch: '"12345"' });
    expect(status).toBe(412);
  });

  test('If-None-Match that is no tag: 400', async () => {
    const { status, json } = await app.call(method, path, { ...request, ...ifNoneMatch('5') });
    expect(status).toBe(400);
    expect(json.detail).toMatch(/^If-None-Match takes the ETag of an earlier answer/);
  });
});

test('If-None-Match: * makes what does not exist, once: also of several at the same instant', async () => {
  const path = '/v1/sites/nuovo-sito';
  const create = () => app.call('PUT', path, { ...platform, body: renamed, ...ifNoneMatch('*') });
  const answers = await Promise.all([create(), create(), create()]);
  expect(answers.map(({ status }) => status).sort()).toEqual([201, 412, 412]);
  expect((await create()).status).toBe(412);
  await app.call('DELETE', path, platform);
});

test('If-None-Match: * saves the first bot of a site, and no second one', async () => {
  const { bot: _, ...withoutBot } = app.site;
  await app.stack.putSite(withoutBot);
  (await import('../../lib/store/sites.ts')).clearSiteCache();
  const save = () => app.call('PUT', `${SITE}/bot`, { body: bot, ...ifNoneMatch('*') });
  expect((await save()).status).toBe(200);
  expect((await save()).status).toBe(412);
});

test('If-Match on a site that does not exist: 412 that says it', async () => {
  const { status, json } = await app.call('PUT', '/v1/sites/mai', {
    ...platform,
    body: renamed,
    ifMatch: '"1"',
  });
  expect(status).toBe(412);
  expect(json.detail).toContain('it does not exist');
});

test('a weak tag of an older version: both are said', async () => {
  const etag = await etagOf(SITE);
  await app.call('PATCH', SITE, { body: { docuvision: true } });
  const { json } = await app.call('PATCH', SITE, { body: { timeZone: 'UTC' }, ifMatch: `W/${etag}` });
  expect(json.detail).toMatch(/weak ETag.*Somebody else has changed it, too/);
  expect(json.errors).toEqual([
    { pointer: '/docuvision', detail: 'Somebody else has changed this: it is now true.' },
  ]);
});

describe.each([SITE, TEMPLATE])('GET %s', (path) => {
  test('If-None-Match with what the reader has: 304 without content', async () => {
    const etag = await etagOf(path);
    for (const value of [etag, `W/${etag}`, `"other", ${etag}`, '*']) {
      const { status, text, headers } = await app.call('GET', path, ifNoneMatch(value));
      expect({ status, text, headers }).toEqual({ status: 304, text: '', headers: { etag } });
    }
  });

  test('with another: the whole answer', async () => {
    expect((await app.call('GET', path, ifNoneMatch('"12345"'))).status).toBe(200);
  });

  test('only after the key: without one 401', async () => {
    expect((await app.call('GET', path, { key: null, ...ifNoneMatch('*') })).status).toBe(401);
  });
});

test('what has no ETag is answered whole', async () => {
  expect((await app.call('GET', `${SITE}/templates`, ifNoneMatch('*'))).status).toBe(200);
});

/** The conditions of a request: RFC 9110, section 13. What does not hold is answered 412, and nothing is changed. */
import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import { API } from '../support/api-events.ts';
import { type App, type CallOptions, startApp } from '../support/app.ts';
import { PLATFORM_KEY, SITE_KEY } from '../support/fixtures.ts';
import { packagedRoutes } from '../support/package.ts';
import { EVENTS, payload } from '../support/payloads.ts';
import { cartEvent, reminderEvent } from '../support/schedule.ts';
import { loginOf } from '../users/widget-fields.ts';

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

/** As the console's page sends it. */
const ofConsole = { key: null, headers: { 'x-console': '1', origin: API } };
const WEBHOOK = `${SITE}/webhook`;
const webhook = { url: 'https://gestionale.example/telegram', events: ['user.linked'] };

const ifNoneMatch = (value: string) => ({ headers: { 'if-none-match': value } });
const saveWebhook = async () => {
  expect((await app.call('PUT', WEBHOOK, { body: webhook })).status).toBe(201);
};
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
  ['PATCH', TEMPLATE, { body: { name: 'Altro' } }],
  ['POST', `${TEMPLATE}/restore`, { body: { default: true } }],
  ['DELETE', TEMPLATE, {}],
  ['PUT', WEBHOOK, { body: webhook }],
  ['DELETE', WEBHOOK, {}],
];

describe.each(CHANGES)('%s %s', (method, path, request) => {
  const shown = [TEMPLATE, WEBHOOK].find((each) => path.startsWith(each)) ?? SITE;
  if (path === WEBHOOK) beforeEach(saveWebhook);

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
    {
      pointer: '/docuvision',
      code: 'changed-meanwhile',
      detail: 'Somebody else has changed this: it is now true.',
    },
  ]);
});

describe.each([SITE, TEMPLATE, WEBHOOK])('GET %s', (path) => {
  if (path === WEBHOOK) beforeEach(saveWebhook);

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

/** Every change of something without an ETag: method, path, what else the request has, and whether a GET shows it. */
const UNTAGGED: [string, string, CallOptions, boolean][] = [
  ['PATCH', `${SITE}/users/anna`, { body: { language: 'en' } }, true],
  ['DELETE', `${SITE}/users/anna`, {}, true],
  ['POST', `${SITE}/keys`, platform, true],
  ['POST', `${SITE}/templates`, { body: template }, true],
  ['DELETE', `${SITE}/keys/0123456789abcdef`, platform, false],
  [
    'POST',
    `${SITE}/templates/preview`,
    { body: { event: 'order-status', text: { it: 'Ciao', en: 'Hi' } } },
    false,
  ],
  ['POST', `${TEMPLATE}/test`, { body: { userId: 'anna' } }, false],
  [
    'POST',
    `${SITE}/templates/test`,
    { body: { userId: 'anna', event: 'order-status', text: { it: 'Ciao', en: 'Hi' } } },
    false,
  ],
  ['POST', `${SITE}/bot/test`, {}, false],
  ['PUT', `${SITE}/bot/photo`, { body: { jpeg: '/9j/4AAQSkZJRg==' } }, false],
  // The deployment has no manager bot.
  ['POST', `${SITE}/bot/managed`, {}, false],
  ['DELETE', `${SITE}/bot/managed`, {}, false],
  ['POST', `${SITE}/bot/renew`, {}, false],
  [
    'POST',
    `${SITE}/users/import`,
    { body: { botId: '100', users: [{ userId: 'nuova', chatId: 5 }] } },
    false,
  ],
  ['POST', `${SITE}/users/anna/link`, {}, false],
  ['POST', `${SITE}/users/anna/telegram-login`, { body: loginOf(7901) }, false],
  ['POST', `${SITE}/users/anna/rename`, { body: { userId: 'anna-2' } }, false],
  ['DELETE', `${SITE}/users/anna/link`, {}, false],
  ...EVENTS.map((event): [string, string, CallOptions, boolean] => [
    'POST',
    `${SITE}/events/${event}`,
    { body: payload(event, { eventId: 'conditions' }) },
    false,
  ]),
  ['POST', `${SITE}/events/abandoned-cart`, { body: cartEvent({ eventId: 'conditions' }) }, false],
  ['POST', `${SITE}/events/activity-reminder`, { body: reminderEvent({ eventId: 'conditions' }) }, false],
  ['DELETE', `${SITE}/events/abandoned-cart/anna`, {}, false],
  ['DELETE', `${SITE}/events/activity-reminder/712`, {}, false],
  ['POST', `${SITE}/deliveries/mai-vista/resend`, {}, false],
  ['POST', `${WEBHOOK}/test`, {}, false],
  ['POST', `${SITE}/console-links`, platform, false],
  ['POST', '/console/session', { ...ofConsole, body: { siteId: 'demo', key: SITE_KEY } }, true],
  ['DELETE', '/console/session', ofConsole, true],
];

/** All that is stored, but for the site's limit of requests. */
const stored = async () => [
  await state(),
  await app.stack.items('UsersTable'),
  await app.stack.items('LinksTable'),
  await app.stack.items('ScheduleTable'),
  await app.stack.items('DeliveriesTable'),
  await app.takeQueued(),
];

test('every route that changes something is in one of the two lists', async () => {
  const changing = (await packagedRoutes())
    .map(({ routeKey }) => routeKey)
    // Telegram sends no conditions, and has its own key.
    .filter(
      (key) =>
        !/^(?:GET|HEAD) /.test(key) && !/\/telegram\/(?:\{siteId\}|manager)$/.test(key) && key !== '$default',
    );
  const tried = [...CHANGES, ...UNTAGGED].map(([method, path]) => app.eventFor(method, path).routeKey);
  expect([...new Set(tried)].sort()).toEqual(changing.sort());
});

describe.each(UNTAGGED)('%s %s, which has no ETag', (method, path, request, isShown) => {
  const refused = async (headers: Record<string, string>, status: number, words: RegExp) => {
    const before = await stored();
    const answer = await app.call(method, path, { ...request, headers: { ...request.headers, ...headers } });
    expect(answer.status).toBe(status);
    expect(answer.json.detail).toMatch(words);
    expect(await stored()).toEqual(before);
  };
  // What it then answers (the key or the chat may not be there) is its own matter.
  const isDone = async (headers: Record<string, string>) => {
    const { status } = await app.call(method, path, {
      ...request,
      headers: { ...request.headers, ...headers },
    });
    expect([200, 201, 202, 204, 404, 409]).toContain(status);
  };

  test('no ETag in If-Match is its own: 412', () =>
    refused(
      { 'if-match': '"nope"' },
      412,
      /^Nothing was changed, because If-Match takes only what has an ETag, and nothing at this path has one\./,
    ));
  test('a header that can’t be read: 400', () =>
    refused({ 'if-match': 'nope' }, 400, /^If-Match takes the ETag/));
  test('If-None-Match with an ETag: it is not that one', () => isDone({ 'if-none-match': '"nope"' }));
  if (isShown) {
    test('If-None-Match: * is for what does not exist: 412', () =>
      refused({ 'if-none-match': '*' }, 412, /takes only what does not exist yet, and it exists/));
    test('If-Match: * is for what exists', () => isDone({ 'if-match': '*' }));
  } else {
    test('nothing is shown there: If-Match: * does not hold, 412', () =>
      refused({ 'if-match': '*' }, 412, /nothing at this path has one/));
    test('and If-None-Match: * does', () => isDone({ 'if-none-match': '*' }));
  }
});

test('If-None-Match: * on a user who does not exist: the opt-out is kept', async () => {
  const optOut = { body: { optedOut: true, by: 'person' }, ...ifNoneMatch('*') };
  expect((await app.call('PATCH', `${SITE}/users/mai-vista`, optOut)).status).toBe(200);
  expect((await app.call('PATCH', `${SITE}/users/mai-vista`, optOut)).status).toBe(412);
});

test('If-Match: * on a user who does not exist: 412, and none is made', async () => {
  const optOut = { body: { optedOut: true, by: 'person' }, ifMatch: '*' };
  const { status, json } = await app.call('PATCH', `${SITE}/users/mai-visto`, optOut);
  expect(status).toBe(412);
  expect(json.detail).toContain('it does not exist');
  expect(await app.findUser('mai-visto')).toBeUndefined();
});

describe.each([SITE, TEMPLATE, WEBHOOK])('If-Match on GET %s', (path) => {
  if (path === WEBHOOK) beforeEach(saveWebhook);

  test('with its ETag, alone or among others: the whole answer', async () => {
    const etag = await etagOf(path);
    for (const ifMatch of [etag, `"other", ${etag}`, '*'])
      expect((await app.call('GET', path, { ifMatch })).status).toBe(200);
  });

  test('with another, or the same as a weak one: 412', async () => {
    for (const ifMatch of ['"12345"', `W/${await etagOf(path)}`])
      expect((await app.call('GET', path, { ifMatch })).status).toBe(412);
  });
});

test('GET of what has no ETag: no tag in If-Match is its own', async () => {
  expect((await app.call('GET', `${SITE}/users/anna`, { ifMatch: '"nope"' })).status).toBe(412);
  expect((await app.call('GET', `${SITE}/users/anna`, { ifMatch: '*' })).status).toBe(200);
  expect((await app.call('GET', `${SITE}/users/nobody`, { ifMatch: '"nope"' })).status).toBe(404);
});

describe('the form of the list (RFC 9110, section 5.6.1)', () => {
  test('empty elements do not count', async () => {
    const etag = await etagOf(SITE);
    for (const ifMatch of [`, ,${etag},,`, `,${etag}`, `${etag} , `, `\t${etag}\t,\t"1234"`])
      expect((await app.call('GET', SITE, { ifMatch })).status).toBe(200);
    const ifMatch = `, ,${etag},,`;
    expect((await app.call('PATCH', SITE, { body: { docuvision: true }, ifMatch })).status).toBe(200);
  });

  test.each(['', ',', ' , ', '"5-gzip"', '"05"', '"1.0"', '"x"', 'W/"x"'])(
    'no ETag that this API gives, %j: 412 that says so, and of nobody else',
    async (ifMatch) => {
      const before = await state();
      const { status, json } = await app.call('PATCH', SITE, { body: { docuvision: true }, ifMatch });
      expect(status).toBe(412);
      expect(json.detail).toMatch(/^Nothing was changed, because If-Match names no ETag that this API gives/);
      expect(await state()).toEqual(before);
    },
  );

  test.each(['5', "'5'", 'W/ "5"', 'w/"5"', '"5', '*, "5"', '"5" "6"'])(
    '%s can’t be read: 400',
    async (ifMatch) => {
      expect((await app.call('PATCH', SITE, { body: { docuvision: true }, ifMatch })).status).toBe(400);
      expect((await app.call('GET', SITE, ifNoneMatch(ifMatch))).status).toBe(400);
    },
  );
});

test('what has no ETag is answered whole', async () => {
  expect((await app.call('GET', `${SITE}/templates`, ifNoneMatch('*'))).status).toBe(200);
});

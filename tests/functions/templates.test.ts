/** The merchant's templates: create, read, replace, delete; two who change at once; another site's key. */
import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import { type App, startApp } from '../support/app.ts';
import { otherSite } from '../support/fixtures.ts';

let app: App;
beforeAll(async () => {
  app = await startApp();
  await app.stack.putSite(otherSite());
});
afterAll(() => app.close());
beforeEach(() => app.setSite({ templates: [] }));

const shipped = {
  name: 'Ordine evaso',
  event: 'order-status',
  statuses: ['Evaso', 'Bollato'],
  text: {
    it: 'Ciao{{#nome}} {{nome}}{{/nome}}, {{siglaDocumento}} è evaso',
    en: 'Hi{{#nome}} {{nome}}{{/nome}}, {{siglaDocumento}} was sent',
  },
  button: { it: "Vedi l'ordine" },
};
const create = async (changes: object = {}) => {
  const { status, json } = await app.call('POST', '/v1/sites/demo/templates', {
    body: { ...shipped, ...changes },
  });
  expect(status).toBe(201);
  return json;
};

describe('POST /templates', () => {
  test('creates a template, enabled, with an id and the time of its creation', async () => {
    const before = Date.now();
    const answer = await app.call('POST', '/v1/sites/demo/templates', { body: shipped });

    const { id, createdAt, ...rest } = answer.json;
    expect(answer.status).toBe(201);
    expect(rest).toEqual({ ...shipped, enabled: true });
    expect(id).toMatch(/^[\w-]{16}$/);
    expect(Date.parse(createdAt)).toBeGreaterThanOrEqual(before);
    expect(Date.parse(createdAt)).toBeLessThanOrEqual(Date.now());
    expect(answer.headers).toMatchObject({ location: `/v1/sites/demo/templates/${id}`, etag: '"1"' });
    expect(await app.call('GET', `/v1/sites/demo/templates/${id}`)).toMatchObject({
      status: 200,
      json: answer.json,
    });
  });

  test('takes an id, and refuses one that is taken', async () => {
    expect((await create({ id: 'evaso' })).id).toBe('evaso');
    const again = await app.call('POST', '/v1/sites/demo/templates', {
      body: { ...shipped, id: 'evaso', name: 'Due' },
    });

    expect(again).toMatchObject({ status: 409, json: { title: 'Conflict' } });
    expect((await app.call('GET', '/v1/sites/demo/templates')).json.templates).toMatchObject([
      { name: 'Ordine evaso' },
    ]);
  });

  test('empty lists and an empty button are as if they were not there', async () => {
    const { json } = await app.call('POST', '/v1/sites/demo/templates', {
      body: {
        ...shipped,
        event: 'message-sent',
        text: { it: 'a', en: 'b' },
        statuses: [],
        groups: [],
        button: {},
      },
    });
    expect(Object.keys(json).sort()).toEqual(['createdAt', 'enabled', 'event', 'id', 'name', 'text']);
  });

  test('keeps what it is given, character for character', async () => {
    const text = { it: ' <b>«Ciao»</b>\r\n\t{{nome}} 👋🏽 ', 'en-GB': 'Hello' };
    expect((await create({ text })).text).toEqual(text);
  });

  test('many at the same instant: all are there', async () => {
    await Promise.all([1, 2, 3, 4, 5].map((number) => create({ name: `Nome ${number}` })));

    const { json } = await app.call('GET', '/v1/sites/demo/templates');
    const names = json.templates.map(({ name }: { name: string }) => name).sort();
    expect(names).toEqual(['Nome 1', 'Nome 2', 'Nome 3', 'Nome 4', 'Nome 5']);
  });

  test('a site has room for 300 KB of templates', async () => {
    const text = `${'à'.repeat(4_000)}`;
    const big = { ...shipped, text: Object.fromEntries(['it', 'en', 'de', 'fr'].map((tag) => [tag, text])) };
    let answer = await app.call('POST', '/v1/sites/demo/templates', { body: big });
    for (let count = 1; answer.status === 201 && count < 20; count++) {
      answer = await app.call('POST', '/v1/sites/demo/templates', { body: big });
    }
    expect(answer).toMatchObject({ status: 409 });
    expect(answer.json.detail).toMatch(/room for 300 KB/);
    // 9 times 32 KB and a little fit; all of them are there.
    expect((await app.call('GET', '/v1/sites/demo/templates')).json.templates).toHaveLength(9);
  });
});

describe('PUT /templates/{templateId}', () => {
  test('replaces all but the id and the time of creation', async () => {
    const { id, createdAt } = await create();
    const wanted = { name: 'Letto', event: 'order-status', statuses: ['Nuovo'], text: { it: 'a', en: 'b' } };

    const answer = await app.call('PUT', `/v1/sites/demo/templates/${id}`, {
      body: { ...wanted, enabled: false },
    });

    expect(answer).toMatchObject({ status: 200, json: { ...wanted, id, createdAt, enabled: false } });
    expect(answer.json).not.toHaveProperty('button');
    expect(await app.call('GET', `/v1/sites/demo/templates/${id}`)).toMatchObject({ json: answer.json });
  });

  test('what was read may be sent back as it is, and changes nothing', async () => {
    const known = await create();
    const read = await app.call('GET', `/v1/sites/demo/templates/${known.id}`);
    const answer = await app.call('PUT', `/v1/sites/demo/templates/${known.id}`, { body: read.json });

    expect(answer).toMatchObject({ status: 200, json: known, headers: { etag: read.headers.etag } });
  });

  test('without "enabled" a template that is switched off stays so, with its text', async () => {
    const { id } = await create({ enabled: false });
    const { json } = await app.call('PUT', `/v1/sites/demo/templates/${id}`, { body: shipped });
    expect(json).toMatchObject({ enabled: false, text: shipped.text });
  });

  test('a template that becomes one for carts leaves older carts alone', async () => {
    await app.setSite({
      templates: [
        { ...shipped, id: 'vecchio', event: 'welcome', enabled: true, createdAt: '2020-01-01T00:00:00.000Z' },
      ],
    });
    const body = { name: 'Carrello', event: 'abandoned-cart', text: { it: 'a', en: 'b' } };
    const { json } = await app.call('PUT', '/v1/sites/demo/templates/vecchio', { body });
    expect(Date.parse(json.createdAt)).toBeGreaterThan(Date.parse('2026-01-01'));
  });

  test('two templates changed at the same instant: both changes hold', async () => {
    const [one, two] = [await create({ name: 'uno' }), await create({ name: 'due' })];
    await Promise.all([
      app.call('PUT', `/v1/sites/demo/templates/${one.id}`, { body: { ...shipped, name: 'uno cambiato' } }),
      app.call('PUT', `/v1/sites/demo/templates/${two.id}`, { body: { ...shipped, name: 'due cambiato' } }),
    ]);
    const { json } = await app.call('GET', '/v1/sites/demo/templates');
    expect(json.templates).toMatchObject([{ name: 'uno cambiato' }, { name: 'due cambiato' }]);
  });

  test('one that is not there is not made', async () => {
    const answer = await app.call('PUT', '/v1/sites/demo/templates/nessuno', { body: shipped });
    expect(answer).toMatchObject({ status: 404, json: { title: 'Not Found' } });
    expect((await app.storedSite()).templates).toEqual([]);
  });
});

describe('If-Match', () => {
  test('an editor who is late changes nothing, and is told what is different', async () => {
    const { id } = await create();
    const { headers } = await app.call('GET', `/v1/sites/demo/templates/${id}`);
    await app.call('PUT', `/v1/sites/demo/templates/${id}`, { body: { ...shipped, name: 'Di un altro' } });

    const mine = { ...shipped, statuses: ['Nuovo'] };
    const late = await app.call('PUT', `/v1/sites/demo/templates/${id}`, {
      body: mine,
      ifMatch: String(headers.etag),
    });

    expect(late).toMatchObject({ status: 412, json: { title: 'Precondition Failed' } });
    expect(late.json.errors.map(({ pointer }: { pointer: string }) => pointer)).toEqual([
      '/name',
      '/statuses',
    ]);
    const now = await app.call('GET', `/v1/sites/demo/templates/${id}`);
    expect(now).toMatchObject({ json: { name: 'Di un altro', statuses: shipped.statuses } });
    expect(late.headers.etag).toBe(now.headers.etag);
    const again = await app.call('PUT', `/v1/sites/demo/templates/${id}`, {
      body: mine,
      ifMatch: String(now.headers.etag),
    });
    expect(again).toMatchObject({ status: 200, json: { statuses: ['Nuovo'] } });
  });

  test('a change of another template is none of this one', async () => {
    const [one, two] = [await create(), await create()];
    const { headers } = await app.call('GET', `/v1/sites/demo/templates/${one.id}`);
    await app.call('PUT', `/v1/sites/demo/templates/${two.id}`, { body: { ...shipped, name: 'altro' } });

    const answer = await app.call('PUT', `/v1/sites/demo/templates/${one.id}`, {
      body: { ...shipped, name: 'mio' },
      ifMatch: String(headers.etag),
    });
    expect(answer.status).toBe(200);
  });

  test('of two with the same ETag one is refused', async () => {
    const { id } = await create();
    const { headers } = await app.call('GET', `/v1/sites/demo/templates/${id}`);
    const put = (name: string) =>
      app.call('PUT', `/v1/sites/demo/templates/${id}`, {
        body: { ...shipped, name },
        ifMatch: String(headers.etag),
      });

    const answers = await Promise.all([put('a'), put('b'), put('c')]);
    expect(answers.map(({ status }) => status).sort()).toEqual([200, 412, 412]);
  });

  test('holds for DELETE', async () => {
    const { id } = await create();
    const { headers } = await app.call('GET', `/v1/sites/demo/templates/${id}`);
    await app.call('PUT', `/v1/sites/demo/templates/${id}`, { body: { ...shipped, name: 'b' } });

    const late = await app.call('DELETE', `/v1/sites/demo/templates/${id}`, {
      ifMatch: String(headers.etag),
    });
    expect(late.status).toBe(412);
    expect((await app.call('GET', `/v1/sites/demo/templates/${id}`)).status).toBe(200);
  });

  test('the tag of a template that was deleted opens not the one made in its place', async () => {
    await create({ id: 'evaso' });
    const { headers } = await app.call('GET', '/v1/sites/demo/templates/evaso');
    await app.call('DELETE', '/v1/sites/demo/templates/evaso');
    await create({ id: 'evaso' });

    const late = await app.call('PUT', '/v1/sites/demo/templates/evaso', {
      body: shipped,
      ifMatch: String(headers.etag),
    });
    expect(late.status).toBe(412);
  });
});

describe('DELETE /templates/{templateId}', () => {
  test('takes one away and leaves the others', async () => {
    const [one, two] = [await create({ name: 'uno' }), await create({ name: 'due' })];

    expect(await app.call('DELETE', `/v1/sites/demo/templates/${one.id}`)).toMatchObject({
      status: 204,
      json: null,
    });

    const { warnings: _, ...kept } = two;
    expect((await app.call('GET', '/v1/sites/demo/templates')).json.templates).toEqual([kept]);
    for (const method of ['GET', 'DELETE']) {
      expect((await app.call(method, `/v1/sites/demo/templates/${one.id}`)).status).toBe(404);
    }
  });

  test('what is made anew with the same id was made now', async () => {
    await app.setSite({
      templates: [
        {
          ...shipped,
          id: 'carrello',
          event: 'welcome',
          enabled: true,
          createdAt: '2020-01-01T00:00:00.000Z',
        },
      ],
    });
    await app.call('DELETE', '/v1/sites/demo/templates/carrello');
    const { createdAt } = await create({ id: 'carrello' });
    expect(Date.parse(createdAt)).toBeGreaterThan(Date.parse('2026-01-01'));
  });
});

describe('who may', () => {
  const routes: [string, string, object | undefined][] = [
    ['GET', '/templates', undefined],
    ['POST', '/templates', shipped],
    ['POST', '/templates/preview', shipped],
    ['GET', '/templates/evaso', undefined],
    ['PUT', '/templates/evaso', shipped],
    ['DELETE', '/templates/evaso', undefined],
    ['POST', '/templates/evaso/test', { userId: 'anna' }],
  ];

  test.each(routes)("%s %s: a second site's key opens nothing", async (method, path, body) => {
    await create({ id: 'evaso' });
    for (const key of ['pwtg_altro', 'pwtg_wrong', null]) {
      expect((await app.call(method, `/v1/sites/demo${path}`, { key, body })).status).toBe(401);
    }
    expect((await app.storedSite()).templates).toMatchObject([{ id: 'evaso', name: shipped.name }]);
    expect(await app.stack.takeNotifications()).toEqual([]);
  });

  test.each(routes.filter(([, path]) => path.includes('evaso')))(
    '%s %s: what is not of this site is not found, though it is of another',
    async (method, path, body) => {
      await create({ id: 'evaso' });
      expect((await app.call(method, `/v1/sites/altro${path}`, { key: 'pwtg_altro', body })).status).toBe(
        404,
      );
      expect((await app.storedSite()).templates).toHaveLength(1);
    },
  );

  test('templates are written while the site is switched off, and kept', async () => {
    await app.setSite({ templates: [], active: false, moduleActive: false });
    const { id } = await create();
    expect(
      (await app.call('PUT', `/v1/sites/demo/templates/${id}`, { body: { ...shipped, name: 'b' } })).status,
    ).toBe(200);
  });

  test('no such path is answered in the way of this API', async () => {
    const answer = await app.invoke('templates', app.eventFor('PATCH', '/v1/sites/demo/templates'));
    expect(answer).toMatchObject({
      statusCode: 404,
      headers: { 'content-type': 'application/problem+json' },
    });
  });
});

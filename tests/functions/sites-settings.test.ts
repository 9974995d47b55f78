/** The merchant's settings: every field, partial updates, ETags, and who may touch them. */
import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import { type App, startApp } from '../support/app.ts';
import { PLATFORM_KEY } from '../support/fixtures.ts';

let app: App;
let key: string;
let path: string;
let count = 0;
beforeAll(async () => {
  app = await startApp({ telegram: 'emulator' });
});
afterAll(() => app.close());
beforeEach(async () => {
  count += 1;
  path = `/v1/sites/negozio-${count}`;
  key = await app.createSite(`negozio-${count}`);
});

const get = () => app.call('GET', path, { key });
const patch = (body: unknown, ifMatch?: string) =>
  app.call('PATCH', path, { key, body, ...(ifMatch !== undefined && { ifMatch }) });

describe('a change', () => {
  test.each<[object, object?]>([
    [{ active: false }],
    [{ languages: ['it'] }],
    [{ languages: ['de', 'fr-CH', 'it'], defaultLanguage: 'de' }],
    [{ languages: ['IT', 'en-gb', 'zh-hant-tw'] }, { languages: ['it', 'en-GB', 'zh-Hant-TW'] }],
    [{ defaultLanguage: 'EN' }, { defaultLanguage: 'en' }],
    [{ timeZone: 'America/Argentina/Buenos_Aires' }],
    [{ timeZone: 'europe/ROME' }, { timeZone: 'Europe/Rome' }],
    [{ timeZone: 'UTC' }],
    [{ abandonedCartHours: 0 }],
    [{ abandonedCartHours: 720 }],
    [{ abandonedCartHours: 0.25 }],
    [{ abandonedCartHours: 1e-200 }, { abandonedCartHours: 0 }],
    [{ telegramGroups: ['Agenti', 'Clienti VIP'] }],
    [{ docuvision: true }],
    [{ merchantContact: 'Scrivici a @bottega' }],
    [{ privacyUrl: 'https://bottega.example/privacy?lang=it' }],
    [{ privacyUrl: 'https://privacy.example/bottega' }],
    [
      { tone: 'lei' },
      {
        tone: 'lei',
        orderButton: { it: "Dettagli dell'ordine", en: 'View your order' },
        cartButton: { it: 'Il suo carrello', en: 'Complete your purchase' },
      },
    ],
    [{ tone: 'tu' }],
    [{ orderButton: { it: 'Segui {{siglaDocumento}}', 'de-CH': 'Zur Bestellung' } }],
    [{ cartButton: { en_gb: 'Back to your cart' } }, { cartButton: { 'en-GB': 'Back to your cart' } }],
    [{}],
  ])('to %j holds, and the rest stays', async (body, stored = body) => {
    const before = (await get()).json;
    const answer = await patch(body);
    expect(answer).toMatchObject({ status: 200, json: { ...before, ...stored } });
    expect((await get()).json).toEqual({ ...before, ...stored });
  });

  test('of the tone: buttons that the merchant has written stay', async () => {
    await patch({ orderButton: { it: 'Segui', en: 'View your order' } });
    expect((await patch({ tone: 'lei' })).json).toMatchObject({
      orderButton: { it: 'Segui', en: 'View your order' },
      cartButton: { it: 'Il suo carrello' },
    });
  });

  test('of the tone: a site of the former release says tu', async () => {
    const { tone, ...former } = await app.storedSite(`negozio-${count}`);
    expect(tone).toBe('tu');
    await app.stack.putSite(former);
    expect((await get()).json.tone).toBe('tu');
    expect((await patch({ tone: 'lei' })).json.tone).toBe('lei');
  });

  test('of the tone: the default templates that nobody has changed follow it, in the same change', async () => {
    const siteId = `negozio-${count}`;
    const templatesPath = `${path}/templates`;
    const texts = async () =>
      Object.fromEntries((await app.storedSite(siteId)).templates.map(({ id, text }) => [id, text.it]));
    const before = (await app.call('GET', `${templatesPath}/default-message-sent`, { key })).json;
    await app.call('PUT', `${templatesPath}/default-message-sent`, {
      key,
      body: { ...before, text: { ...before.text, it: 'Ciao!' } },
    });

    await patch({ tone: 'lei' });
    const formal = await texts();
    expect(formal['default-order-status']).toContain('il suo ordine');
    expect(formal['default-welcome']).toContain('Da ora riceverà qui');
    expect(formal['default-message-sent']).toBe('Ciao!');
    // Somebody who edits a template meanwhile is told.
    const stale = await app.call('PUT', `${templatesPath}/default-welcome`, {
      key,
      body: (await app.call('GET', `${templatesPath}/default-welcome`, { key })).json,
      ifMatch: '"0"',
    });
    expect(stale.status).toBe(412);

    await patch({ tone: 'tu' });
    expect((await texts())['default-order-status']).toContain('il tuo ordine');
  });

  test('takes the contact away with null', async () => {
    await patch({ merchantContact: '@bottega' });
    expect((await patch({ merchantContact: null })).json).not.toHaveProperty('merchantContact');
    expect((await get()).json).not.toHaveProperty('merchantContact');
  });

  test('takes the privacy page away with null', async () => {
    await patch({ privacyUrl: 'https://bottega.example/privacy' });
    expect((await patch({ privacyUrl: null })).json).not.toHaveProperty('privacyUrl');
    expect((await get()).json).not.toHaveProperty('privacyUrl');
  });

  test('that leaves no room for the templates which a site may have is refused for what it is', async () => {
    const siteId = `negozio-${count}`;
    const site = await app.storedSite(siteId);
    const [template] = site.templates;
    // As many bytes as templates may take: see `withinRoom` in lib/templates/api/templates.ts.
    const texts = Array.from({ length: 10 }, (_, index) => [`x-${index}`, 'x'.repeat(29_000)]);
    const large = { ...template, id: 'large', event: 'welcome' as const, text: Object.fromEntries(texts) };
    await app.stack.putSite({ ...site, templates: [large as (typeof site.templates)[number]] });

    const groups = (length: number) => Array.from({ length }, (_, index) => `${index}${'€'.repeat(250)}`);
    const refused = await patch({ telegramGroups: groups(200) });
    expect(refused).toMatchObject({ status: 400, json: { errors: [{ pointer: '/telegramGroups' }] } });
    expect(await patch({ telegramGroups: groups(80) })).toMatchObject({ status: 200 });
  });

  test('of two at the same instant, neither is lost', async () => {
    const changes = [{ active: false }, { docuvision: true }, { abandonedCartHours: 7 }, { timeZone: 'UTC' }];
    const answers = await Promise.all(changes.map((change) => patch(change)));
    expect(answers.map(({ status }) => status)).toEqual([200, 200, 200, 200]);
    expect((await get()).json).toMatchObject(Object.assign({}, ...changes));
  });
});

const zone = 'Must be the name of a time zone with its city, such as "Europe/Rome".';
const tag = 'Must be the BCP 47 tag of a real language, such as "it" or "en-GB".';
const privacy =
  'Must be the https address of the privacy page, such as "https://shop.example/privacy", without user name.';
describe('what is wrong is named, and changes nothing', () => {
  test.each<[object, string, string]>([
    [{ active: 'no' }, '/active', 'Must be true or false, not a string.'],
    [{ active: null }, '/active', 'Must be true or false, not null: leave it out.'],
    [{ languages: [] }, '/languages', 'Must have at least 1 entry.'],
    [{ languages: 'it' }, '/languages', 'Must be an array, not a string.'],
    [{ languages: ['it', 'italiano!'] }, '/languages/1', `${tag} Did you mean "it"?`],
    [{ languages: ['it', 'IT'] }, '/languages/1', '"it" is named twice.'],
    [
      { languages: ['en', 'de'] },
      '/languages',
      'Must contain the default language "it": to take that one out, set another default language with it.',
    ],
    [{ defaultLanguage: 'fr' }, '/defaultLanguage', 'Must be one of the languages of the site: "it", "en".'],
    [
      { languages: ['it', 'de'], defaultLanguage: 'en' },
      '/defaultLanguage',
      'Must be one of the languages of the site: "it", "de".',
    ],
    [{ timeZone: 'Rome' }, '/timeZone', zone],
    [{ timeZone: '+01:00' }, '/timeZone', zone],
    [{ timeZone: 'Europe/Roma' }, '/timeZone', zone],
    [{ timeZone: '' }, '/timeZone', zone],
    [{ timeZone: 1 }, '/timeZone', 'Must be a string, not a number.'],
    [{ abandonedCartHours: -0.1 }, '/abandonedCartHours', 'Must be at least 0.'],
    [{ abandonedCartHours: 720.5 }, '/abandonedCartHours', 'Must be at most 720.'],
    [{ abandonedCartHours: '3' }, '/abandonedCartHours', 'Must be a number, not a string.'],
    [{ privacyUrl: 'http://bottega.example/privacy' }, '/privacyUrl', privacy],
    [{ privacyUrl: 'bottega.example/privacy' }, '/privacyUrl', privacy],
    [{ privacyUrl: 'https://bottega.example@evil.example/' }, '/privacyUrl', privacy],
    [{ privacyUrl: 'javascript:alert(1)' }, '/privacyUrl', privacy],
    [{ privacyUrl: 7 }, '/privacyUrl', 'Must be a string, not a number.'],
    [{ telegramGroups: ['Agenti', ''] }, '/telegramGroups/1', 'Must not be empty.'],
    [{ telegramGroups: ['Agenti', 'Agenti'] }, '/telegramGroups/1', '"Agenti" is named twice.'],
    [{ tone: 'Lei' }, '/tone', 'Must be one of "tu", "lei". Did you mean "lei"?'],
    [{ tone: null }, '/tone', 'Must be one of "tu", "lei".'],
    [{ docuvision: 1 }, '/docuvision', 'Must be true or false, not a number.'],
    [{ merchantContact: 'x'.repeat(257) }, '/merchantContact', 'Must have at most 256 characters.'],
    [
      { timezone: 'UTC' },
      '/timezone',
      'Unknown property "timezone": it is refused so that a typing mistake does not pass unseen. Did you mean "timeZone"?',
    ],
    [
      { moduleActive: true },
      '/moduleActive',
      'Is switched with the key of the platform, not with one of the site.',
    ],
    [[], '', 'Must be an object, not an array.'],
  ])('%j', async (body, pointer, detail) => {
    const before = await get();
    // What is right beside it must not be changed either.
    const answer = await patch(Array.isArray(body) ? body : { docuvision: true, ...body });
    expect(answer).toMatchObject({ status: 400, json: { title: 'Bad Request' } });
    expect(answer.json.errors).toEqual([{ pointer, code: expect.any(String), detail }]);
    expect(answer.json.detail).toMatch(/^Nothing was changed: /);
    expect(await get()).toEqual(before);
  });

  test('a privacy page with a very long address', async () => {
    const answer = await patch({ privacyUrl: `https://bottega.example/${'a'.repeat(2048)}` });
    expect(answer.json.errors).toEqual([
      { pointer: '/privacyUrl', code: 'wrong-length', detail: 'Must have at most 2048 characters.' },
    ]);
  });

  test('all of it at once', async () => {
    const answer = await patch({ languages: ['it', 'x'], timeZone: 'Rome', abandonedCartHours: 721, x: 1 });
    expect(answer.json.errors.map(({ pointer }: { pointer: string }) => pointer).sort()).toEqual([
      '/abandonedCartHours',
      '/languages/1',
      '/timeZone',
      '/x',
    ]);
  });
});

describe('ETag and If-Match', () => {
  test('every answer carries the ETag; a change makes another one, a look or no change does not', async () => {
    const { etag } = (await get()).headers;
    expect(etag).toMatch(/^"\d+"$/);
    expect((await get()).headers.etag).toBe(etag);
    expect((await patch({ docuvision: false })).headers.etag).toBe(etag);
    const changed = (await patch({ docuvision: true })).headers.etag;
    expect(changed).not.toBe(etag);
    expect((await get()).headers.etag).toBe(changed);
  });

  test('of two editors, the second hears what the first has changed, and overwrites nothing', async () => {
    const seen = String((await get()).headers.etag);
    const first = await patch({ timeZone: 'UTC', languages: ['it'] }, seen);
    expect(first.status).toBe(200);

    const second = await patch({ timeZone: 'Europe/Paris', docuvision: true }, seen);

    expect(second).toMatchObject({ status: 412, headers: { etag: first.headers.etag } });
    expect(second.json).toMatchObject({ title: 'Precondition Failed', status: 412 });
    expect(second.json.errors).toEqual([
      {
        pointer: '/languages',
        code: 'changed-meanwhile',
        detail: 'Somebody else has changed this: it is now ["it"].',
      },
      {
        pointer: '/timeZone',
        code: 'changed-meanwhile',
        detail: 'Somebody else has changed this: it is now "UTC".',
      },
    ]);
    expect((await get()).json).toMatchObject({ timeZone: 'UTC', docuvision: false });

    const again = await patch({ timeZone: 'Europe/Paris', docuvision: true }, String(second.headers.etag));
    expect(again).toMatchObject({ status: 200, json: { timeZone: 'Europe/Paris', languages: ['it'] } });
  });

  test('of two editors at the same instant, one is refused', async () => {
    const seen = String((await get()).headers.etag);
    const answers = await Promise.all(['UTC', 'Europe/Paris'].map((timeZone) => patch({ timeZone }, seen)));
    expect(answers.map(({ status }) => status).sort()).toEqual([200, 412]);
  });

  test('the platform’s change counts, and obeys If-Match too', async () => {
    const seen = String((await get()).headers.etag);
    const body = { name: 'Altro nome', url: 'https://bottega.example', moduleActive: true };
    expect((await app.call('PUT', path, { key: PLATFORM_KEY, body, ifMatch: seen })).status).toBe(200);
    expect((await app.call('PUT', path, { key: PLATFORM_KEY, body, ifMatch: seen })).status).toBe(412);
    const refused = await patch({ active: false }, seen);
    expect(refused.json.errors).toEqual([
      {
        pointer: '/name',
        code: 'changed-meanwhile',
        detail: 'Somebody else has changed this: it is now "Altro nome".',
      },
    ]);
  });

  test('a change of what is not shown here (a key) is nobody’s conflict', async () => {
    const seen = String((await get()).headers.etag);
    await app.call('POST', `${path}/keys`, { key: PLATFORM_KEY });
    expect((await patch({ active: false }, seen)).status).toBe(200);
  });

  test.each<[string, number]>([
    ['*', 200],
    ['"not-ours"', 412],
    ['"999"', 412],
    ['', 412],
  ])('If-Match: %s gives %i', async (header, status) => {
    expect((await patch({ active: false }, header)).status).toBe(status);
  });

  test('weak tags match nothing, and one of several is enough', async () => {
    const { etag } = (await get()).headers;
    expect((await patch({ active: false }, `W/${etag}`)).status).toBe(412);
    expect((await patch({ active: false }, `"x", ${etag}`)).status).toBe(200);
  });

  test('a header that is no tag is refused in a sentence', async () => {
    const answer = await patch({ active: false }, '1');
    expect(answer.status).toBe(400);
    expect(answer.json.detail).toMatch(/^If-Match takes the ETag of an earlier answer/);
    expect((await get()).json.active).toBe(true);
  });

  test('a site that does not exist matches nothing', async () => {
    const body = { name: 'Mai', url: 'https://mai.example', moduleActive: true };
    const answer = await app.call('PUT', '/v1/sites/mai', { key: PLATFORM_KEY, body, ifMatch: '*' });
    expect(answer.status).toBe(412);
    await expect(app.storedSite('mai')).rejects.toThrow();
  });
});

describe('keys', () => {
  test.each<[string, string, string[]]>([
    // The platform's key has its own tests for these two: sites-module.test.ts.
    ['GET', '', []],
    ['PATCH', '', []],
    ['PUT', '/bot', [PLATFORM_KEY]],
    ['POST', '/bot/test', [PLATFORM_KEY]],
  ])('%s …%s opens to no other key', async (method, rest, more) => {
    const other = await app.createSite(`altro-${count}`);
    const before = await app.storedSite(path.slice('/v1/sites/'.length));
    const body = { active: false };
    for (const wrong of [other, ...more, 'pwtg_', key.slice(0, -1), undefined]) {
      const answer = await app.call(method, `${path}${rest}`, { body, key: wrong || null });
      expect(answer).toMatchObject({ status: 401, headers: { 'www-authenticate': 'Bearer' } });
    }
    expect(await app.call(method, `/v1/sites/nessuno${rest}`, { key, body })).toMatchObject({ status: 401 });
    expect(await app.storedSite(path.slice('/v1/sites/'.length))).toEqual(before);
  });

  test('settings can be seen and changed while the module is off', async () => {
    const body = { name: 'Bottega', url: 'https://bottega.example', moduleActive: false };
    await app.call('PUT', path, { key: PLATFORM_KEY, body });
    expect(await patch({ active: false })).toMatchObject({ status: 200, json: { moduleActive: false } });
  });
});

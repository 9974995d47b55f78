/** Every mistake in a template is found when it is made: where it is, in a sentence, and nothing is changed. */
import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import { type App, startApp } from '../support/app.ts';

let app: App;
beforeAll(async () => {
  app = await startApp();
});
afterAll(() => app.close());

const valid = {
  name: 'Ordine evaso',
  event: 'order-status',
  statuses: ['Evaso'],
  text: { it: 'Ciao {{nome}}', en: 'Hi {{nome}}' },
};
const known = { ...valid, id: 'noto', event: 'order-status' as const, enabled: true };
beforeEach(() => app.setSite({ templates: [known] }));

const it = (text: string) => ({ ...valid, text: { it: text, en: 'Hi' } });
const button = (text: string) => ({ ...valid, button: { it: text } });

test('a language of the site with an extension is called by its name', async () => {
  await app.setSite({ templates: [], languages: ['it', 'en', 'de-u-co-phonebk'] });
  const { status, json } = await app.call('POST', '/v1/sites/demo/templates', { body: valid });
  expect(status).toBe(400);
  expect(json.errors).toEqual([
    {
      pointer: '/text/de-u-co-phonebk',
      code: 'language-missing',
      detail: expect.stringMatching(/German \("de-u-co-phonebk"\)/),
    },
  ]);
});

const mistakes: [string, unknown, string, RegExp][] = [
  ['no name', { ...valid, name: undefined }, '/name', /required/],
  ['an empty name', { ...valid, name: '' }, '/name', /empty/],
  ['an unknown event', { ...valid, event: 'order-shipped' }, '/event', /Must be one of "order-status"/],
  ['an unknown property', { ...valid, enable: true }, '/enable', /Unknown property "enable"/],
  ['a wrong type', { ...valid, enabled: 'true' }, '/enabled', /true or false/],
  ['a text that is none', { ...valid, text: { it: 1, en: 'b' } }, '/text/it', /Must be a string/],
  ['no text at all', { ...valid, text: {} }, '/text', /at least one language/],
  ['a language without a text', { ...valid, text: { it: 'Ciao' } }, '/text/en', /English \("en"\)/],
  ['a blank text', it('  \n '), '/text/it', /empty/],
  [
    'a language that is none',
    { ...valid, text: { ...valid.text, italiano_it: 'Ciao' } },
    '/text/italiano_it',
    /BCP 47/,
  ],
  [
    'a language twice',
    { ...valid, text: { ...valid.text, IT: 'Ciao' } },
    '/text/IT',
    /same language as "it"/,
  ],
  [
    'a language that looks like a path',
    { ...valid, text: { ...valid.text, 'a/b~c': 'x' } },
    '/text/a~1b~0c',
    /BCP 47/,
  ],
  [
    'a misspelt placeholder',
    it('Ciao\n{{nome}} {{siglaDocumeto}}'),
    '/text/it',
    /no placeholder \{\{siglaDocumeto\}\}\. Did you mean \{\{siglaDocumento\}\}\? Placeholders that can be used here: nome, cognome, .*totaleOrdine.*Line 2, character 10/,
  ],
  ['a placeholder of another event', it('{{nomeFile}}'), '/text/it', /no value here\..*siglaDocumento/],
  ['a placeholder unescaped', it('{{{nome}}}'), '/text/it', /unescaped/],
  ['a placeholder that is not closed', it('è {{nome'), '/text/it', /not closed.*Line 1, character 3/],
  ['a section that is not closed', it('{{#nome}}Ciao'), '/text/it', /\{\{\/nome\}\} is missing/],
  ['a forbidden tag', it('<h1>Ciao</h1>'), '/text/it', /Unsupported start tag "h1" at byte offset 0/],
  [
    'a tag that is not closed',
    it('è <b>Ciao'),
    '/text/it',
    /Can't find end tag corresponding to start tag "b"/,
  ],
  ['tags that cross', it('<b>a<i>b</b></i>'), '/text/it', /expected "<\/i>", found "<\/b>"/],
  ['a placeholder inside a tag', it('<a {{nome}}="x">y</a>'), '/text/it', /inside an HTML tag/],
  [
    'too long even with empty values',
    it(`{{nome}}${'a'.repeat(4_096)}`),
    '/text/it',
    /too long: 4097 characters/,
  ],
  ['a text of 100 KB', it('<b></b>'.repeat(15_000)), '/text/it', /32768 bytes/],
  ['HTML in a button', button('<b>Vedi</b>'), '/button/it', /A button takes no HTML.*<b>/],
  ['an entity in a button', button('Ordine &amp; altro'), '/button/it', /A button takes no HTML/],
  [
    'a misspelt placeholder in a button',
    button('Vedi {{sigla}}'),
    '/button/it',
    /no placeholder \{\{sigla\}\}/,
  ],
  ['a blank button', button(' '), '/button/it', /empty/],
  ['a button that is too long', button('a'.repeat(65)), '/button/it', /65 characters.*64/],
  ['a button of no language', { ...valid, button: { x: 'Vedi' } }, '/button/x', /BCP 47/],
  [
    'order-status without statuses',
    { ...valid, statuses: undefined },
    '/statuses',
    /at least one order status/,
  ],
  [
    'order-status with an empty list of them',
    { ...valid, statuses: [] },
    '/statuses',
    /at least one order status/,
  ],
  ['a status twice', { ...valid, statuses: ['Evaso', ' EVASO'] }, '/statuses/1', /the same as "Evaso"/],
  ['an empty status', { ...valid, statuses: ['Evaso', ''] }, '/statuses/1', /empty/],
  [
    'statuses where there are none',
    { ...valid, event: 'message-sent' },
    '/statuses',
    /Only templates for order-status/,
  ],
  ['a group twice', { ...valid, groups: ['Agenti', 'Agenti'] }, '/groups/1', /same as "Agenti"/],
  [
    'an audience for an order',
    { ...valid, audience: 'creator' },
    '/audience',
    /Only templates for activity-status/,
  ],
  [
    'an audience that there is not',
    { ...valid, event: 'activity-status', statuses: [], audience: 'all' },
    '/audience',
    /"everybody", "creator", "recipients"/,
  ],
  [
    'a button for a welcome',
    { ...valid, event: 'welcome', statuses: [], button: { it: 'Vai' } },
    '/button',
    /no button/,
  ],
  ['an id with other characters', { ...valid, id: 'a b' }, '/id', /1 to 64 of the characters/],
  ['a time of creation', { ...valid, createdAt: '2020-01-01T00:00:00.000Z' }, '/createdAt', /leave it out/],
  ['a list', [valid], '', /an object/],
];

describe.each(mistakes)('%s', (_what, body, pointer, detail) => {
  test.each([
    ['POST', '/templates'],
    ['PUT', '/templates/noto'],
  ])('is refused by %s %s, and nothing is changed', async (method, path) => {
    const answer = await app.call(method, `/v1/sites/demo${path}`, { body });

    expect(answer.status).toBe(400);
    expect(answer.headers['content-type']).toBe('application/problem+json');
    expect(answer.json.detail).toMatch(/^Nothing was changed: /);
    expect(answer.json.errors).toContainEqual({
      pointer,
      code: expect.any(String),
      detail: expect.stringMatching(detail),
    });
    expect((await app.storedSite()).templates).toEqual([known]);
  });
});

test('all mistakes are named at once', async () => {
  const body = { ...valid, statuses: undefined, text: { it: '{{nme}}' }, button: { it: '<i>a</i>' } };
  const { json } = await app.call('POST', '/v1/sites/demo/templates', { body });
  const pointers = json.errors.map(({ pointer }: { pointer: string }) => pointer).sort();
  expect(pointers).toEqual(['/button/it', '/statuses', '/text/en', '/text/it']);
});

test('another id than the one in the path', async () => {
  const answer = await app.call('PUT', '/v1/sites/demo/templates/noto', { body: { ...valid, id: 'altro' } });
  expect(answer).toMatchObject({ status: 400, json: { errors: [{ pointer: '/id' }] } });
});

test('a text in "en" does for a site in "en-GB"', async () => {
  await app.setSite({ templates: [], languages: ['it', 'en-GB'] });
  expect((await app.call('POST', '/v1/sites/demo/templates', { body: valid })).status).toBe(201);
});

test('a text in a language that the site does not have yet is taken', async () => {
  const body = { ...valid, text: { ...valid.text, de: 'Hallo {{nome}}' } };
  expect((await app.call('POST', '/v1/sites/demo/templates', { body })).status).toBe(201);
});

test.each([
  ['no JSON', '{', 400],
  ['nothing', '', 400],
  ['more than 256 KB', JSON.stringify({ ...valid, name: 'a'.repeat(262_144) }), 413],
])('%s', async (_what, body, status) => {
  expect((await app.call('POST', '/v1/sites/demo/templates', { body })).status).toBe(status);
});

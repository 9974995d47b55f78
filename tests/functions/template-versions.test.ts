/** What a template was before, and how it comes back; changing some fields; drafts; what two templates both send. */
import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import { defaultTemplates } from '../../lib/templates/template-kinds.ts';
import { type App, startApp } from '../support/app.ts';
import { otherSite } from '../support/fixtures.ts';

let app: App;
beforeAll(async () => {
  app = await startApp();
  await app.stack.putSite(otherSite());
});
afterAll(() => app.close());
beforeEach(async () => {
  await app.stack.empty('TemplateVersionsTable');
  await app.setSite({ templates: [] });
});

const PATH = '/v1/sites/demo/templates';
const shipped = {
  id: 'evaso',
  name: 'Ordine evaso',
  event: 'order-status',
  enabled: true,
  statuses: ['Evaso'],
  text: { it: '{{siglaDocumento}} è evaso', en: '{{siglaDocumento}} was sent' },
  button: { it: "Vedi l'ordine", en: 'View your order' },
};
const call = (method: string, path: string, body?: object, more: object = {}) =>
  app.call(method, `${PATH}${path}`, { ...(body && { body }), ...more });
const create = async (changes: object = {}) => {
  const { status, json } = await call('POST', '', { ...shipped, ...changes });
  expect(status).toBe(201);
  return json;
};
const versions = async (id = 'evaso') => (await call('GET', `/${id}/versions`)).json.versions;
const names = async (id?: string) =>
  (await versions(id)).map(({ template }: { template: { name: string } }) => template.name);

describe('PATCH', () => {
  test('changes what it names, and nothing else', async () => {
    const { createdAt } = await create({ groups: ['Privati'] });

    const { status, json, headers } = await call('PATCH', '/evaso', { enabled: false });

    expect(status).toBe(200);
    expect(json).toEqual({ ...shipped, enabled: false, groups: ['Privati'], createdAt });
    expect(headers.etag).toBe('"2"');
    expect((await call('GET', '/evaso')).json).toEqual(json);
  });

  test('merges texts language by language; null removes what may be missing (RFC 7396)', async () => {
    await create({ groups: ['Privati'] });

    const patch = { text: { en: 'On its way' }, button: { en: null }, groups: null };
    const { json } = await call('PATCH', '/evaso', patch);

    expect(json.text).toEqual({ it: '{{siglaDocumento}} è evaso', en: 'On its way' });
    expect(json.button).toEqual({ it: "Vedi l'ordine" });
    expect(json).not.toHaveProperty('groups');
    expect((await call('PATCH', '/evaso', { button: null })).json).not.toHaveProperty('button');
  });

  test('the template must be right as a whole: a language of the site is not taken away', async () => {
    await create();
    const { status, json } = await call('PATCH', '/evaso', { text: { en: null } });
    expect(status).toBe(400);
    expect(json.errors).toMatchObject([{ pointer: '/text/en' }]);
    const other = await call('PATCH', '/evaso', { event: 'welcome' });
    expect(other.json.errors.map(({ pointer }: { pointer: string }) => pointer)).toContain('/statuses');
    expect(await names()).toEqual(['Ordine evaso']);
  });

  test('a language that the site has got since keeps nobody from a change; it is warned of', async () => {
    await create();
    await app.call('PATCH', '/v1/sites/demo', { body: { languages: ['it', 'en', 'de'] } });

    const { status, json } = await call('PATCH', '/evaso', { enabled: false });

    expect(status).toBe(200);
    expect(json.warnings).toMatchObject([{ pointer: '/text/de', code: 'language-missing' }]);
    const written = await call('PATCH', '/evaso', { text: { it: 'Partito' } });
    expect(written).toMatchObject({ status: 200, json: { text: { it: 'Partito' } } });
    expect(written.json.warnings).toMatchObject([{ pointer: '/text/de', code: 'language-missing' }]);
    // Once it is written it stays.
    expect((await call('PATCH', '/evaso', { text: { de: 'Unterwegs' } })).json).not.toHaveProperty(
      'warnings',
    );
    const taken = await call('PATCH', '/evaso', { text: { de: null } });
    expect(taken.json.errors).toMatchObject([{ pointer: '/text/de', code: 'language-missing' }]);
  });

  test.each(['name', 'event', 'enabled', 'text'])(
    'null for "%s", which every template has: 400',
    async (field) => {
      await create();
      const { status, json } = await call('PATCH', '/evaso', { [field]: null });
      expect([status, json.errors[0].pointer]).toEqual([400, `/${field}`]);
    },
  );

  test('nothing to change is no version; another id is refused', async () => {
    await create();
    expect((await call('PATCH', '/evaso', {})).headers.etag).toBe('"1"');
    expect((await call('PATCH', '/evaso', { name: 'Ordine evaso' })).headers.etag).toBe('"1"');
    expect((await call('PATCH', '/evaso', { id: 'altro' })).json.errors).toMatchObject([{ pointer: '/id' }]);
    expect(await versions()).toHaveLength(1);
  });

  test('an older ETag: 412 that says who has changed what, and what to do', async () => {
    await create();
    await call('PATCH', '/evaso', { name: 'Spedito' });

    const { status, json } = await call('PATCH', '/evaso', { name: 'Partito' }, { ifMatch: '"1"' });

    expect(status).toBe(412);
    expect(json.errors).toMatchObject([{ pointer: '/name' }]);
    // SHA-256 of "pwtg_demo", its first 8 digits.
    expect(json.errors[0].detail).toMatch(
      /last changed at 20.*with the key [0-9a-f]{8}\..*PATCH.*GET …\/versions/,
    );
    expect(await names()).toEqual(['Spedito', 'Ordine evaso']);
  });
});

describe('versions', () => {
  test('each change makes one, with when and by whom; its number is the ETag', async () => {
    const before = new Date().toISOString();
    await create();
    const { headers } = await call('PUT', '/evaso', { ...shipped, name: 'Spedito' });

    const [present, first] = await versions();

    expect(headers.etag).toBe(`"${present.version}"`);
    expect(present).toMatchObject({ version: 2, by: { caller: 'site' }, template: { name: 'Spedito' } });
    expect(first).toMatchObject({ version: 1, by: { caller: 'site' }, template: { ...shipped } });
    expect([before, first.at, present.at].toSorted()).toEqual([before, first.at, present.at]);
    expect(present.by.keyId).toMatch(/^[0-9a-f]{8}$/);
  });

  test('only the last 20 are kept, and the other template keeps its own', async () => {
    await create({ id: 'altro', statuses: ['Nuovo'] });
    await create();
    for (let number = 1; number <= 22; number++) await call('PATCH', '/evaso', { name: `Nome ${number}` });

    const all = await names();
    expect(all).toHaveLength(20);
    expect(all[0]).toBe('Nome 22');
    expect(all[19]).toBe('Nome 3');
    expect(await versions('altro')).toHaveLength(1);
    expect((await app.stack.items('TemplateVersionsTable')).length).toBeLessThanOrEqual(20);
  });

  test('a template of the former release: its first version is what was there', async () => {
    const { name, event, ...rest } = shipped;
    const former = { ...rest, name, event: 'order-status' as const, createdAt: '2026-10-01T08:00:00.000Z' };
    await app.setTemplates(former, { ...former, id: 'changed', version: 5 });

    expect(await versions()).toEqual([{ version: 0, at: former.createdAt, template: former }]);
    await call('PATCH', '/evaso', { name: 'Spedito' });
    await call('PATCH', '/changed', { name: 'Spedito' });

    expect((await versions())[1]).toEqual({ version: 0, at: former.createdAt, template: former });
    // When it was changed in the former release, nobody knows.
    expect((await versions('changed'))[1]).toEqual({ version: 5, template: { ...former, id: 'changed' } });
  });

  test('another tone changes default templates: their versions say it', async () => {
    await app.setTemplates(...defaultTemplates('tu'));
    const { status } = await app.call('PATCH', '/v1/sites/demo', { body: { tone: 'lei' } });
    expect(status).toBe(200);
    const [lei, tu] = await versions('default-welcome');
    expect(lei.template.text.it).toBe(
      defaultTemplates('lei').find(({ event }) => event === 'welcome')?.text.it,
    );
    expect(tu.template.text.it).toBe(
      defaultTemplates('tu').find(({ event }) => event === 'welcome')?.text.it,
    );
  });

  test("never another site's, and none of a template that never was", async () => {
    await create();
    const other = await app.call('GET', '/v1/sites/other/templates/evaso/versions', { key: 'pwtg_other' });
    expect([401, 404]).toContain(other.status);
    expect((await call('GET', '/mai/versions')).status).toBe(404);
    // "eva" is the beginning of "evaso".
    expect((await call('GET', '/eva/versions')).status).toBe(404);
  });
});

describe('restore', () => {
  test('an earlier version becomes the newest one; whether it is enabled stays as it is', async () => {
    await create();
    await call('PATCH', '/evaso', { text: { it: 'Partito' }, enabled: false });

    const { status, json, headers } = await call('POST', '/evaso/restore', { version: 1 });

    expect([status, headers.etag]).toEqual([200, '"3"']);
    expect(json).toMatchObject({ ...shipped, enabled: false });
    expect((await versions()).map(({ version }: { version: number }) => version)).toEqual([3, 2, 1]);
  });

  test('a deleted template is there again, as it was', async () => {
    const { createdAt: _, ...created } = await create();
    expect((await call('DELETE', '/evaso')).status).toBe(204);
    expect((await call('GET', '/evaso')).json.detail).toMatch(/deleted.*restore/);
    expect(await names()).toEqual(['Ordine evaso']);
    const [kept] = await app.stack.items('TemplateVersionsTable');
    // For a year, as the page says.
    expect(Number(kept?.expiresAt) * 1_000 - Date.now()).toBeGreaterThan(364 * 24 * 3_600_000);

    const { status, json } = await call('POST', '/evaso/restore', { version: 1 });

    expect(status).toBe(200);
    expect(json).toMatchObject(created);
    expect((await call('GET', '')).json.templates).toHaveLength(1);
    const [again] = await app.stack.items('TemplateVersionsTable');
    expect(again).not.toHaveProperty('expiresAt');
  });

  test('the default of a default template: its texts, name and statuses; groups and the switch stay', async () => {
    const wanted = defaultTemplates().find(({ id }) => id === 'default-order-status-evaso');
    if (!wanted) throw new Error('There is no such default.');
    await app.setTemplates({
      ...wanted,
      name: 'Mio',
      text: { it: 'Mio', de: 'Meins' },
      groups: ['Privati'],
      enabled: false,
    });

    const { json } = await call('POST', `/${wanted.id}/restore`, { default: true });

    expect(json).toMatchObject({
      name: wanted.name,
      statuses: wanted.statuses,
      enabled: false,
      groups: ['Privati'],
    });
    expect(json.text).toEqual({ ...wanted.text, de: 'Meins' });
  });

  test('in the tone of the site; of a template of their own, the text for its event and status', async () => {
    await app.setSite({ templates: [], tone: 'lei' });
    await create({ groups: ['Privati'] });
    const wanted = defaultTemplates('lei').find(({ id }) => id === 'default-order-status-evaso');
    const { json } = await call('POST', '/evaso/restore', { default: true });
    expect(json).toMatchObject({
      id: 'evaso',
      name: 'Ordine evaso',
      groups: ['Privati'],
      text: wanted?.text,
    });
  });

  test('no such default, no such version, both at once: said, and nothing is changed', async () => {
    await create({ statuses: ['In lavorazione'] });
    expect((await call('POST', '/evaso/restore', { default: true })).status).toBe(409);
    expect((await call('POST', '/evaso/restore', { version: 77 })).status).toBe(404);
    expect((await call('POST', '/mai/restore', { version: 1 })).status).toBe(404);
    for (const body of [
      {},
      { version: 1, default: true },
      { default: false },
      { version: -1 },
      { version: 1.5 },
    ])
      expect((await call('POST', '/evaso/restore', body)).status).toBe(400);
    expect(await versions()).toHaveLength(1);
  });

  test('If-Match: restored only over the version that was seen', async () => {
    await create();
    await call('PATCH', '/evaso', { name: 'Spedito' });
    const late = await call('POST', '/evaso/restore', { version: 1 }, { ifMatch: '"1"' });
    expect(late.status).toBe(412);
    expect((await call('POST', '/evaso/restore', { version: 1 }, { ifMatch: '"2"' })).status).toBe(200);
  });

  test('a deleted one that was enabled, where ten others are: 409', async () => {
    await create();
    await call('DELETE', '/evaso');
    for (let number = 0; number < 10; number++) await create({ id: `altro-${number}` });
    const { status, json } = await call('POST', '/evaso/restore', { version: 1 });
    expect([status, json.detail]).toEqual([409, expect.stringContaining('already has 10 enabled')]);
  });

  test('a version for another status, in which ten others are enabled: 409, and nothing is changed', async () => {
    await create();
    await call('PATCH', '/evaso', { statuses: ['Bollato'] });
    for (let number = 0; number < 10; number++) await create({ id: `altro-${number}` });

    const { status, json } = await call('POST', '/evaso/restore', { version: 1 });
    expect([status, json.code]).toEqual([409, 'too-many-enabled']);
    expect((await call('GET', '/evaso')).json.statuses).toEqual(['Bollato']);

    // One that is switched off sends nothing.
    await call('PATCH', '/evaso', { enabled: false });
    expect((await call('POST', '/evaso/restore', { version: 1 })).status).toBe(200);
  });

  test('of an activity, a version of the former release is for the creator, as it was', async () => {
    const former = { id: 'attivita', name: 'Attività', event: 'activity-status' as const, enabled: true };
    await app.setTemplates({ ...former, text: { it: 'Ciao', en: 'Hello' } });
    await call('PATCH', '/attivita', { name: 'Agenda' });

    expect((await versions('attivita'))[1].template.audience).toBe('creator');
    const { json } = await call('POST', '/attivita/restore', { version: 0 });

    expect(json).toMatchObject({ ...former, audience: 'creator' });
    expect(json).not.toHaveProperty('warnings');
  });

  test('texts of the former release, with their languages in another case, are not left beside the restored ones', async () => {
    const name = 'Benvenuto';
    const former = { id: 'default-welcome', name, event: 'welcome' as const, enabled: true };
    await app.setTemplates({ ...former, text: { IT: 'Ciao', En: 'Hello' } });
    const wanted = defaultTemplates().find(({ id }) => id === former.id);

    const { json } = await call('POST', '/default-welcome/restore', { default: true });
    expect(json.text).toEqual(wanted?.text);

    const restored = await call('POST', '/default-welcome/restore', { version: 0 });
    expect(restored.json.text).toEqual({ it: 'Ciao', en: 'Hello' });
  });

  test('a version without a language that the site has got since: restored, with a warning', async () => {
    await create();
    await call('PATCH', '/evaso', { name: 'Spedito', text: { de: 'Unterwegs' } });
    await app.call('PATCH', '/v1/sites/demo', { body: { languages: ['it', 'en', 'de'] } });

    const { status, json } = await call('POST', '/evaso/restore', { version: 1 });

    expect(status).toBe(200);
    expect(json.warnings).toMatchObject([{ pointer: '/text/de', code: 'language-missing' }]);
  });
});

describe('two templates that send the same to the same people', () => {
  const warnings = async (changes: object) =>
    ((await create({ id: 'nuovo', ...changes })).warnings ?? []).map(
      ({ pointer }: { pointer: string }) => pointer,
    );

  test.each([
    ['the same status, compared as people mean it', { statuses: ['  EVASO '] }, ['/enabled']],
    ['a common group', { groups: ['Privati', 'Aziende'] }, ['/groups']],
    ['another status', { statuses: ['Nuovo'] }, []],
    ['other groups', { groups: ['Aziende'] }, []],
    ['switched off', { enabled: false }, []],
  ])('%s', async (what, changes, pointers) => {
    await create({ ...(what.includes('group') && { groups: ['Privati'] }) });
    expect(await warnings(changes)).toEqual(pointers);
  });

  test('another event; the same template saved again', async () => {
    await create({ id: 'letto', event: 'message-read', statuses: [], text: { it: 'Letto', en: 'Read' } });
    expect(await warnings({})).toEqual([]);
    expect((await call('PUT', '/nuovo', shipped && { ...shipped, id: 'nuovo' })).json).not.toHaveProperty(
      'warnings',
    );
  });

  test('the sentence names the other one; PATCH that enables it and the preview warn too', async () => {
    await create();
    await create({ id: 'spento', enabled: false });
    const { json } = await call('PATCH', '/spento', { enabled: true });
    expect(json.warnings[0].detail).toMatch(
      /^"Ordine evaso" \(evaso\) is enabled too, for the status "Evaso"/,
    );
    const { id: _, ...draft } = shipped;
    expect((await call('POST', '/preview', draft)).json.warnings).toHaveLength(2);
  });
});

describe('the test of a draft', () => {
  test('goes to the person as it would be saved, and nothing is stored', async () => {
    const { id: _, ...draft } = shipped;
    const { status, json } = await call('POST', '/test', { ...draft, userId: 'anna' });

    expect(status).toBe(202);
    expect(json).toEqual({ userId: 'anna', status: 'queued', deliveryId: expect.any(String) });
    const [sent, ...others] = await app.takeQueued();
    expect(others).toEqual([]);
    expect(sent?.text).toContain('OC 2026/0412 è evaso');
    expect(sent).toMatchObject({ isTest: true, button: { text: "Vedi l'ordine" } });
    expect((await call('GET', '')).json.templates).toEqual([]);
  });

  test('with an id it is logged under that template; values, language and link are taken', async () => {
    const more = {
      userId: 'anna',
      language: 'en',
      values: { siglaDocumento: 'X 1' },
      url: 'https://shop.example/a',
    };
    const { json } = await call('POST', '/test', { ...shipped, ...more });
    expect(json.templateId).toBe('evaso');
    const [sent] = await app.takeQueued();
    expect(sent?.text).toContain('X 1 was sent');
    expect(sent?.button?.url).toBe('https://shop.example/a');
  });

  test('a wrong draft, or a person who gets nothing: 400, and nothing is sent', async () => {
    const wrong = await call('POST', '/test', { ...shipped, text: { it: '{{nom}}' }, userId: 'anna' });
    expect(wrong.json).toMatchObject({ status: 400, errors: [{ pointer: '/text/it' }] });
    expect(wrong.json.detail).toMatch(/^Nothing was sent/);
    const dario = await call('POST', '/test', { ...shipped, userId: 'dario' });
    expect(dario.json.errors).toMatchObject([{ pointer: '/userId' }]);
    expect(await app.takeQueued()).toEqual([]);
  });
});

describe('GET /v1/placeholders', () => {
  const read = async () => (await app.call('GET', '/v1/placeholders', { key: null })).json;

  test('every kind and every key of the manual, in Italian and English, without a key', async () => {
    const { kinds, placeholders } = await read();
    // PASSWEB.md, "The nine events" and "Placeholders".
    const order = kinds.find(({ kind }: { kind: string }) => kind === 'order-status');
    expect(order.name.it).toBe('Notifica Stato Ordine');
    expect(order.placeholders).toEqual(
      expect.arrayContaining(['nome', 'cognome', 'nominativo', 'urlSito', 'siglaDocumento', 'totaleOrdine']),
    );
    expect(order).toMatchObject({ event: 'order-status', hasStatuses: true, hasButton: true });
    expect(kinds).toHaveLength(11);
    expect(placeholders.map(({ key }: { key: string }) => key)).toEqual(
      expect.arrayContaining([
        'numeroArticoliCarrello',
        'dataAttivita',
        'vecchioStato',
        'nomeFile',
        'autore',
      ]),
    );
    for (const entry of [...kinds, ...placeholders])
      for (const words of [entry.name, entry.description])
        expect([words.it.length > 0, words.en.length > 0]).toEqual([true, true]);
  });

  test('examples as people read them', async () => {
    const { placeholders } = await read();
    const example = (key: string) => placeholders.find((entry: { key: string }) => entry.key === key).example;
    expect(example('totaleOrdine').it).toMatch(/^149,90\s€$/);
    expect(example('totaleOrdine').en).toBe('€149.90');
    expect(example('siglaDocumento')).toEqual({ it: 'OC 2026/0412', en: 'OC 2026/0412' });
  });
});

/** A text that reads badly to people for whom a value is missing is saved, with a warning that shows how it reads. */
import { afterAll, beforeAll, beforeEach, expect, test } from '@jest/globals';
import { type App, startApp } from '../support/app.ts';

let app: App;
beforeAll(async () => {
  app = await startApp();
});
afterAll(() => app.close());
beforeEach(() => app.setSite({ templates: [] }));

const path = '/v1/sites/demo/templates';
const template = (it: string, more: object = {}) => ({
  ...{ id: 't', name: 'Evaso', event: 'order-status', statuses: ['Evaso'] },
  text: { it, en: 'Order {{siglaDocumento}}' },
  ...more,
});
const create = (body: object) => app.call('POST', path, { body });
const replace = (body: object) => app.call('PUT', `${path}/t`, { body });
const preview = (body: object) => app.call('POST', `${path}/preview`, { body });

const warning = {
  pointer: '/text/it',
  code: 'value-may-be-missing',
  detail:
    '{{nome}} may have no value: many people have no first name, since they are companies. People then read: "Ciao, il tuo ordine OC 2026/0412 è pronto." If that does not read well, put all that belongs to the value into a section, with its space or its label: {{#nome}} {{nome}}{{/nome}}. (Line 1, character 6.)',
};
const bare = 'Ciao {{nome}}, il tuo ordine {{siglaDocumento}} è pronto.';
const guarded = 'Ciao{{#nome}} {{nome}}{{/nome}}, il tuo ordine {{siglaDocumento}} è pronto.';

test('where it is created, replaced and previewed; and it is saved', async () => {
  expect(await create(template(bare))).toMatchObject({ status: 201, json: { warnings: [warning] } });
  expect(await replace(template(bare, { name: 'x' }))).toMatchObject({
    status: 200,
    json: { warnings: [warning] },
  });
  expect(await preview(template(bare))).toMatchObject({ status: 200, json: { warnings: [warning] } });
  const { json } = await app.call('GET', `${path}/t`);
  expect(json.text.it).toBe(bare);
  expect(json).not.toHaveProperty('warnings');
});

test('the answer can be sent back as it is', async () => {
  const { json } = await create(template(bare));
  expect(await replace(json)).toMatchObject({ status: 200, json: { warnings: [warning] } });
});

test('without one there is nothing', async () => {
  for (const answer of [
    await create(template(guarded)),
    await replace(template(guarded)),
    await preview(template(guarded)),
  ])
    expect(answer.json).not.toHaveProperty('warnings');
});

test('the default templates cause none', async () => {
  await app.setSite();
  const { json } = await app.call('GET', path);
  for (const each of json.templates) {
    const answer = await app.call('PUT', `${path}/${each.id}`, { body: each });
    expect(answer.status).toBe(200);
    expect(answer.json).not.toHaveProperty('warnings');
  }
});

test.each<[string, object, [string, RegExp][]]>([
  [
    'a label',
    { event: 'message-sent', text: { it: 'x\nTesto: {{testoMessaggio}}', en: 'x' } },
    [['/text/it', /"Testo:".*\(Line 2, character 8\.\)/]],
  ],
  [
    'a subject, which may be empty',
    { event: 'message-sent', text: { it: 'x\nOggetto: {{oggettoMessaggio}}', en: 'x' } },
    [['/text/it', /"Oggetto:"/]],
  ],
  [
    'the subject of an activity',
    { event: 'activity-viewed', text: { it: 'x\nVista: {{oggettoAttivita}}', en: 'x' } },
    [['/text/it', /"Vista:"/]],
  ],
  ['a line of its own', { event: 'message-sent', text: { it: 'x\n{{testoMessaggio}}\ny', en: 'x' } }, []],
  [
    'the one who acted',
    { event: 'message-sent', text: { it: 'Scrive {{autore}}', en: 'x' } },
    [['/text/it', /"Scrive"/]],
  ],
  [
    'all names',
    { text: { it: '{{nominativo}}, ecco', en: 'x' } },
    [['/text/it', /of some people no name is known.*", ecco"/]],
  ],
  [
    'a section that keeps its label outside',
    { text: { it: 'Per: {{#nome}}{{nome}}{{/nome}}', en: 'x' } },
    [['/text/it', /"Per:"/]],
  ],
  [
    'brackets',
    { text: { it: 'Ordine ({{#nome}}{{nome}}{{/nome}}) pronto', en: 'x' } },
    [['/text/it', /"Ordine \(\) pronto"/]],
  ],
  ['English', { text: { it: 'x', en: 'Hello {{nome}}, x' } }, [['/text/en', /"Hello, x"/]]],
  ['a button', { button: { it: 'Ordine di {{nome}}' } }, [['/button/it', /"Ordine di"/]]],
  ['a value that is always there', { text: { it: 'Totale: {{totaleOrdine}}', en: 'x' } }, []],
])('%s', async (_what, changes, expected) => {
  const body = { ...template('x'), ...changes };
  const { statuses, ...others } = body;
  const { status, json } = await create(body.event === 'order-status' ? body : others);
  expect(status).toBe(201);
  expect(json.warnings ?? []).toEqual(
    expected.map(([pointer, detail]) => ({
      pointer,
      code: 'value-may-be-missing',
      detail: expect.stringMatching(detail),
    })),
  );
});

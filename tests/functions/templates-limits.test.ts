/** What one site may have of templates (docs/templates.md, "Limits"), and a site of the former release that has more. */
import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import { defaultTemplates } from '../../lib/templates/template-kinds.ts';
import { type App, startApp } from '../support/app.ts';
import { payloadForAll } from '../support/payloads.ts';

let app: App;
beforeAll(async () => {
  app = await startApp();
});
afterAll(() => app.close());
beforeEach(() => app.takeQueued());

const path = '/v1/sites/demo/templates';
const texts = { it: 'Ciao {{nome}}', en: 'Hi {{nome}}' };
const read = (id: string) => ({ id, name: id, event: 'message-read' as const, enabled: true, text: texts });
const order = (id: string, statuses: string[]) => ({ ...read(id), event: 'order-status' as const, statuses });
const many = <T>(count: number, make: (id: string) => T) =>
  Array.from({ length: count }, (_, index) => make(`t-${index}`));

const create = (body: object) => app.call('POST', path, { body });
const replace = (id: string, body: object) => app.call('PUT', `${path}/${id}`, { body });
const withoutId = ({ id: _, ...template }: ReturnType<typeof read>) => template;

describe('enabled templates', () => {
  test('ten of a kind, and no more', async () => {
    await app.setSite({ templates: many(9, read) });
    expect((await create(read('tenth'))).status).toBe(201);

    const refused = await create(withoutId(read('x')));

    expect(refused.status).toBe(400);
    expect(refused.json.errors).toEqual([
      {
        pointer: '/enabled',
        code: 'too-many-enabled',
        detail:
          'The site already has 10 enabled templates for message-read, and no more are sent: switch one of them off or delete it, or save this one with "enabled": false.',
      },
    ]);
    expect((await app.call('GET', path)).json.templates).toHaveLength(10);
    expect((await create({ ...read('off'), enabled: false })).status).toBe(201);
    expect((await create({ ...read('other'), event: 'message-sent' })).status).toBe(201);
    expect((await replace('off', read('off'))).json.errors).toMatchObject([{ pointer: '/enabled' }]);
    expect((await replace('other', read('other'))).json.errors).toMatchObject([{ pointer: '/enabled' }]);
    // One that is switched off makes room for another one.
    expect((await replace('t-3', { ...read('t-3'), enabled: false })).status).toBe(200);
    expect((await replace('off', read('off'))).status).toBe(200);
  });

  test('of order-status ten for each status, however it is written', async () => {
    await app.setSite({ templates: many(10, (id) => order(id, ['Evaso', ' nuovo'])).slice(0, 10) });

    const refused = await create(order('x', ['Sospeso', 'EVASO ', 'Nuovo']));

    expect(refused.status).toBe(400);
    expect(refused.json.errors.map(({ pointer }: { pointer: string }) => pointer)).toEqual([
      '/statuses/1',
      '/statuses/2',
    ]);
    expect(refused.json.errors[0].detail).toContain('the order status "EVASO"');
    expect(refused.json.errors[0].detail).toContain('leave this status out');
    expect((await create(order('x', ['Sospeso']))).status).toBe(201);
    expect((await replace('x', order('x', ['Sospeso', 'Evaso']))).json.errors).toMatchObject([
      { pointer: '/statuses/1' },
    ]);
  });

  test('of two that are saved at the same time only one is the tenth', async () => {
    await app.setSite({ templates: many(9, read) });

    const answers = await Promise.all(['a', 'b', 'c', 'd'].map((id) => create(read(id))));

    expect(answers.map(({ status }) => status).sort()).toEqual([201, 400, 400, 400]);
    expect((await app.call('GET', path)).json.templates).toHaveLength(10);
  });

  test('the default templates are within the limits, and nothing is beyond', async () => {
    await app.setSite({ templates: defaultTemplates() });
    expect((await app.call('GET', path)).json).not.toHaveProperty('beyondLimit');
    for (const { createdAt: _, ...template } of defaultTemplates()) {
      expect((await replace(template.id, template)).status).toBe(200);
    }
  });
});

describe('a site of the former release with 200 enabled templates of a kind', () => {
  beforeEach(() => app.setSite({ templates: many(200, (id) => ({ ...read(id), event: 'message-sent' })) }));
  const sent = (id: string) => ({ ...read(id), event: 'message-sent' });

  test('sends the first ten, to each recipient', async () => {
    const people = [{ id: 'anna' }, { id: 'bruno' }];

    const answer = await app.report('message-sent', payloadForAll('message-sent', people));

    const ids = many(10, (id) => id);
    expect(answer.json.notifications.map(({ templateId }: { templateId: string }) => templateId)).toEqual([
      ...ids,
      ...ids,
    ]);
    expect(await app.takeQueued()).toHaveLength(20);
  });

  test('is told which are beyond the limit', async () => {
    const { json } = await app.call('GET', path);
    expect(json.templates).toHaveLength(200);
    expect(json.beyondLimit).toEqual(many(200, (id) => id).slice(10));
  });

  test('can change, switch off and delete them, but add none', async () => {
    expect((await replace('t-150', { ...sent('t-150'), name: 'Altro' })).status).toBe(200);
    expect((await replace('t-3', { ...sent('t-3'), enabled: false })).status).toBe(200);
    expect((await replace('t-3', sent('t-3'))).json.errors).toMatchObject([{ pointer: '/enabled' }]);
    expect((await app.call('DELETE', `${path}/t-7`)).status).toBe(204);
    expect((await app.call('GET', path)).json.beyondLimit).toEqual(many(200, (id) => id).slice(12));
  });
});

describe('placeholders', () => {
  const repeated = (times: number) => ({ it: `${'{{nome}} '.repeat(times)}\n{{autore}}`, en: 'Hi' });

  test('one may be in a text twenty times', async () => {
    await app.setSite({ templates: [] });
    const { status } = await create({ ...read('x'), text: repeated(20) });
    expect(status).toBe(201);
  });

  test.each([
    ['saved', path],
    ['previewed', `${path}/preview`],
  ])('once more is refused where it is %s, with its place', async (_what, where) => {
    await app.setSite({ templates: [] });

    const { status, json } = await app.call('POST', where, { body: { ...read('x'), text: repeated(21) } });

    expect(status).toBe(400);
    expect(json.errors).toEqual([
      {
        pointer: '/text/it',
        code: 'invalid',
        detail:
          '{{nome}} is in the text more than 20 times: take out those from here on. (Line 1, character 181.)',
      },
    ]);
    expect((await app.call('GET', path)).json.templates).toEqual([]);
  });

  test('sections count for themselves, and buttons have the same limit', async () => {
    await app.setSite({ templates: [], languages: ['it'] });
    const text = { it: '{{#nome}}{{nome}} {{/nome}}'.repeat(20) };
    expect((await create({ ...read('a'), text })).status).toBe(201);
    const sections = { it: 'a{{#nome}}b{{/nome}}'.repeat(21) };
    expect((await create({ ...read('b'), text: sections })).json.errors).toMatchObject([
      { pointer: '/text/it', detail: expect.stringContaining('{{#nome}} is in the text more than 20 times') },
    ]);
    const button = { it: '{{nome}}'.repeat(21) };
    expect((await create({ ...read('c'), text, button })).json.errors).toMatchObject([
      { pointer: '/button/it' },
    ]);
  });

  test('a template of the former release that repeats one more often can be switched off, not rewritten', async () => {
    const known = { ...read('noto'), text: repeated(1_000) };
    await app.setSite({ templates: [known] });
    expect((await replace('noto', { ...known, enabled: false, name: 'Spento' })).status).toBe(200);
    const text = { ...known.text, en: 'Hello' };
    expect((await replace('noto', { ...known, text })).json.errors).toMatchObject([{ pointer: '/text/it' }]);
  });
});

test('a text in more than 50 languages is refused with one error', async () => {
  const letters = 'abcdefghijklmnopqrstuvwxyz';
  const tags = [...letters].flatMap((one) => [...letters].map((other) => one + other));
  const text = Object.fromEntries(tags.map((tag) => [tag, 'Ciao']));
  const { status, json } = await app.call('POST', `${path}/preview`, {
    body: { event: 'message-read', text },
  });
  expect(status).toBe(400);
  expect(json.errors).toEqual([
    {
      pointer: '/text',
      code: 'invalid',
      detail: 'A text in more than 50 languages: leave some of them out.',
    },
  ]);
});

test('of thousands of mistakes in a text the first twenty are named', async () => {
  const text = { it: '{{x}}'.repeat(5_000) };
  const { json } = await app.call('POST', `${path}/preview`, { body: { event: 'message-read', text } });
  expect(json.errors).toHaveLength(20);
});

/** A draft as its readers would get it, and a test of a template to one of them. */
import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import { htmlLength } from '../../lib/telegram/html/index.ts';
import { type App, startApp } from '../support/app.ts';

let app: App;
beforeAll(async () => {
  app = await startApp();
});
afterAll(() => app.close());
beforeEach(() => app.setSite());

const draft = {
  event: 'order-status',
  text: {
    it: '📦 <b>{{siglaDocumento}}</b>{{#nome}} per {{nome}}{{/nome}}: {{totaleOrdine}}',
    en: '{{siglaDocumento}} for {{nome}}: <i>{{totaleOrdine}}</i>',
  },
  button: { it: 'Vedi {{siglaDocumento}}' },
};
const preview = (changes: object = {}) =>
  app.call('POST', '/v1/sites/demo/templates/preview', { body: { ...draft, ...changes } });

describe('POST /templates/preview', () => {
  test('renders every language with sample values: HTML, plain text, entities, length, button', async () => {
    const values = {
      nome: 'Ugo',
      siglaDocumento: 'OC 7',
      totaleOrdine: { amount: '1234.5', currency: 'EUR' },
    };
    const { status, json } = await preview({ values });

    expect(status).toBe(200);
    const button = { text: 'Vedi OC 7', url: 'https://shop.example/ordini/84512' };
    expect(json.event).toBe('order-status');
    expect(json.values).toMatchObject({ ...values, cognome: 'Rossi', urlSito: 'https://shop.example' });
    expect(json.previews).toEqual({
      it: {
        textLanguage: 'it',
        html: '📦 <b>OC 7</b> per Ugo: 1.234,50\u00a0€',
        text: '📦 OC 7 per Ugo: 1.234,50\u00a0€',
        // UTF-16 units: the parcel takes two.
        entities: [{ type: 'bold', offset: 3, length: 4 }],
        length: 27,
        maxLength: 4096,
        shortened: false,
        button,
      },
      en: {
        textLanguage: 'en',
        html: 'OC 7 for Ugo: <i>€1,234.50</i>',
        text: 'OC 7 for Ugo: €1,234.50',
        entities: [{ type: 'italic', offset: 14, length: 9 }],
        length: 23,
        maxLength: 4096,
        shortened: false,
        // The draft's button is in Italian alone: below an English text it would be a second language.
        button: { ...button, text: 'View your order' },
      },
    });
  });

  test('shows a language without a text as its readers would get it', async () => {
    await app.setSite({ languages: ['it', 'en', 'de'], defaultLanguage: 'it' });
    const { json } = await preview({ text: { it: 'Ciao' } });
    expect(json.previews).toMatchObject({
      it: { textLanguage: 'it', text: 'Ciao' },
      en: { textLanguage: 'it', text: 'Ciao' },
      de: { textLanguage: 'it', text: 'Ciao' },
    });
  });

  test('null shows the message without a value', async () => {
    const { json } = await preview({ values: { nome: null } });
    expect(json.values).not.toHaveProperty('nome');
    expect(json.previews.it.text).toMatch(/^📦 OC 2026\/0412: /);
  });

  test('values are escaped, and cut where the message would be too long', async () => {
    const { json } = await preview({ values: { nome: `<b>&${'a'.repeat(5_000)}` } });
    expect(json.previews.it.html).toContain('per &lt;b&gt;&amp;aaa');
    expect(json.previews.it).toMatchObject({ shortened: true, maxLength: 4096 });
    expect(json.previews.it.length).toBeLessThanOrEqual(4096);
    expect(json.previews.it.length).toBeGreaterThan(4000);
  });

  test('takes a whole template too, and a link of the site', async () => {
    const { json: known } = await app.call('GET', '/v1/sites/demo/templates/default-order-status');
    const { status, json } = await preview({ ...known, url: 'https://shop.example/o/1' });
    expect(status).toBe(200);
    expect(json.values.statoDocumento).toBe('Confermato');
    expect(json.previews.it.button.url).toBe('https://shop.example/o/1');
  });

  test.each([
    ['a misspelt placeholder', { text: { it: '{{nme}}' } }, '/text/it', /Did you mean \{\{nome\}\}/],
    ['an unknown value', { values: { nme: 'x' } }, '/values/nme', /Unknown property "nme"/],
    [
      'a value of another type',
      { values: { totaleOrdine: '5' } },
      '/values/totaleOrdine',
      /Must be an object/,
    ],
    ["another shop's link", { url: 'https://evil.example/' }, '/url', /shop\.example/],
    ['no text', { text: {} }, '/text', /at least one language/],
    ['no event', { event: undefined }, '/event', /required/],
  ])('%s is refused', async (_what, changes, pointer, detail) => {
    const answer = await preview(changes);
    expect(answer.status).toBe(400);
    expect(answer.json.errors).toEqual([
      { pointer, code: expect.any(String), detail: expect.stringMatching(detail) },
    ]);
  });

  test('stores nothing and sends nothing', async () => {
    const before = await app.storedSite();
    await preview();
    expect(await app.storedSite()).toEqual(before);
    expect(await app.stack.takeNotifications()).toEqual([]);
  });
});

describe('POST /templates/{templateId}/test', () => {
  const test_ = (body: object, templateId = 'default-order-status') =>
    app.call('POST', `/v1/sites/demo/templates/${templateId}/test`, { body });

  test('queues the message for one user, with their names and language, marked as a test', async () => {
    const answer = await test_({ userId: 'bruno', values: { siglaDocumento: 'OC 1' } });

    expect(answer).toMatchObject({
      status: 202,
      json: { userId: 'bruno', templateId: 'default-order-status', status: 'queued' },
    });
    const queued = await app.stack.takeNotifications();
    expect(queued).toMatchObject([
      {
        deliveryId: answer.json.deliveryId,
        siteId: 'demo',
        userId: 'bruno',
        event: 'order-status',
        templateId: 'default-order-status',
        isTest: true,
        button: { text: 'View your order', url: 'https://shop.example/ordini/84512' },
      },
    ]);
    expect(queued[0]?.text).toContain('Hello Bruno');
    expect(queued[0]?.text).toContain('<b>OC 1</b>');
  });

  test.each([
    ['anna', '🧪 <i>Messaggio di prova, con dati di esempio</i>\n\n✅ Ciao Anna, il tuo ordine '],
    ['bruno', '🧪 <i>Test message, with sample data</i>\n\n✅ Hello Bruno, your order '],
  ])('says that it is a test, in the language of the message: %s', async (userId, beginning) => {
    await test_({ userId });
    const [queued] = await app.stack.takeNotifications();
    expect(queued?.text.slice(0, beginning.length)).toBe(beginning);
  });

  test('says so in every kind, also where the message is as long as it may be', async () => {
    const { templates } = await app.storedSite();
    for (const { id, event } of templates) {
      const long = 'x'.repeat(5_000);
      const values = event.startsWith('message')
        ? { testoMessaggio: long, oggettoMessaggio: long }
        : { nome: long };
      expect((await test_({ userId: 'anna', values }, id)).status).toBe(202);
      const [queued] = await app.stack.takeNotifications();
      expect(queued?.text).toMatch(/^🧪 <i>Messaggio di prova/);
      expect(htmlLength(queued?.text ?? '')).toBeLessThanOrEqual(4096);
    }
  });

  test('in a language that the bot does not speak, in the language of the person', async () => {
    const template = { name: 'x', event: 'message-read', text: { it: 'Ciao', en: 'Hello', de: 'Hallo' } };
    const { json } = await app.call('POST', '/v1/sites/demo/templates', { body: template });
    await test_({ userId: 'bruno', language: 'de' }, json.id);
    const [queued] = await app.stack.takeNotifications();
    expect(queued?.text).toBe('🧪 <i>Test message, with sample data</i>\n\nHallo');
  });

  test('sends again whenever it is asked for, also a template that is switched off', async () => {
    const { templates } = await app.storedSite();
    await app.setSite({ templates: templates.map((template) => ({ ...template, enabled: false })) });
    const answers = [await test_({ userId: 'anna' }), await test_({ userId: 'anna' })];
    expect(answers.map(({ status }) => status)).toEqual([202, 202]);
    expect(new Set(answers.map(({ json }) => json.deliveryId)).size).toBe(2);
    await app.stack.takeNotifications();
  });

  test.each([
    ['has not linked', 'dario', {}, /"dario" has not linked Telegram/],
    ['is not known', 'nessuno', {}, /"nessuno" has not linked Telegram/],
    ['has opted out', 'uscita', { chatId: 5, optedOut: true }, /opted out/],
    [
      'can not be reached',
      'bloccato',
      { chatId: 6, unreachable: { reason: 'x', since: 'y' } },
      /can not be reached/,
    ],
    ['has muted the event', 'muto', { chatId: 7, mutedEvents: ['order-status'] }, /muted/],
  ])('a user who %s', async (_what, userId, user, detail) => {
    if (Object.keys(user).length > 0) await app.stack.putUser({ siteId: 'demo', userId, ...user });
    const answer = await test_({ userId });
    expect(answer.status).toBe(400);
    expect(answer.json.errors).toEqual([
      { pointer: '/userId', code: 'cannot-receive', detail: expect.stringMatching(detail) },
    ]);
    expect(await app.stack.takeNotifications()).toEqual([]);
  });

  test.each([
    ['the module', { moduleActive: false }],
    ['the integration', { active: false }],
  ])('without %s nothing is sent', async (_what, changes) => {
    await app.setSite(changes);
    expect((await test_({ userId: 'anna' })).status).toBe(403);
    expect(await app.stack.takeNotifications()).toEqual([]);
  });

  test('without a bot, and with a template that is not there', async () => {
    expect((await test_({ userId: 'anna' }, 'nessuno')).status).toBe(404);
    const { bot: _, ...site } = await app.storedSite();
    await app.stack.putSite(site);
    expect(await test_({ userId: 'anna' })).toMatchObject({ status: 409, json: { title: 'Conflict' } });
  });
});

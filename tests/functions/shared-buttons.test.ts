/** The text of a button that all templates for orders share, and the one of those for carts (docs/templates.md, "Buttons"). */
import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import type { Template } from '../../lib/domain/templates.ts';
import type { Site } from '../../lib/store/sites.ts';
import { defaultButton } from '../../lib/templates/default-buttons.ts';
import { defaultTemplates } from '../../lib/templates/template-kinds.ts';
import { type App, startApp } from '../support/app.ts';
import { template } from '../support/fixtures.ts';
import { payload } from '../support/payloads.ts';

let app: App;
let count = 0;

beforeAll(async () => {
  app = await startApp();
});
afterAll(() => app.close());
beforeEach(async () => {
  await app.setSite();
  await app.takeQueued();
});

const patch = (body: object) => app.call('PATCH', '/v1/sites/demo', { body });

/** What stands on the button of an order's message; `undefined`: there is none. */
async function orderButton(language = 'it'): Promise<string | undefined> {
  const { status } = await app.report(
    'order-status',
    payload('order-status', { eventId: `order-${++count}`, language }),
  );
  expect(status).toBe(202);
  const [message, ...more] = await app.takeQueued();
  expect(more).toEqual([]);
  return message?.button?.text;
}

const order = (changes: Partial<Template> = {}) =>
  template('order-status', 'ordine', {
    statuses: ['Evaso'],
    text: { it: 'Ordine', en: 'Order', de: 'Auftrag' },
    ...changes,
  });

describe('a new site', () => {
  test('shares the default ones', async () => {
    const key = await app.createSite('bottone');
    const { json } = await app.call('GET', '/v1/sites/bottone', { key });
    expect(json).toMatchObject({
      orderButton: { it: "Vedi l'ordine", en: 'View your order' },
      cartButton: { it: "Completa l'acquisto", en: 'Complete your purchase' },
    });
    const { templates } = await app.storedSite('bottone');
    const kinds = new Set(templates.filter(({ button }) => !button).map(({ event }) => event));
    expect([...kinds].sort()).toEqual(['abandoned-cart', 'order-status', 'welcome']);
    expect([await orderButton(), await orderButton('en')]).toEqual(["Vedi l'ordine", 'View your order']);
  });

  test('has one text for all orders, with placeholders', async () => {
    expect((await patch({ orderButton: { it: 'Segui {{siglaDocumento}}', en: 'Follow it' } })).status).toBe(
      200,
    );
    expect(await orderButton()).toBe('Segui OC 2026/0412');
    expect(await orderButton('en')).toBe('Follow it');
  });

  test('null takes it away: a template without one of its own has no button', async () => {
    expect((await patch({ orderButton: null })).json).not.toHaveProperty('orderButton');
    expect(await orderButton()).toBeUndefined();
  });
});

describe('the text on a button, for each language', () => {
  test.each<[string, Template['button'], Site['orderButton'], string, string | undefined]>([
    ['that of the template', { it: 'Mio' }, { it: 'Di tutti' }, 'it', 'Mio'],
    ['that of all', { en: 'Mine' }, { it: 'Di tutti' }, 'it', 'Di tutti'],
    ['that of all, for a region of its language', undefined, { en: "Everybody's" }, 'en-GB', "Everybody's"],
    ['ours', { it: 'Mio' }, { it: 'Di tutti' }, 'en', 'View your order'],
    ['the host, where nobody has words', { it: 'Mio' }, { it: 'Di tutti' }, 'de', 'shop.example'],
    ['none', undefined, undefined, 'it', undefined],
  ])('%s', async (_which, own, shared, language, expected) => {
    await app.setSite({
      templates: [order(own && { button: own })],
      ...(shared && { orderButton: shared }),
      ...(!shared && { orderButton: {} }),
    });
    expect(await orderButton(language)).toBe(expected);
  });

  test('is shown by the preview, and is that of carts for carts', async () => {
    await patch({ orderButton: { it: 'Ordine' }, cartButton: { it: 'Carrello {{totaleCarrello}}' } });
    const preview = async (event: string, button?: object) => {
      const body = {
        event,
        statuses: event === 'order-status' ? ['Evaso'] : [],
        text: { it: 'Testo' },
        button,
      };
      return (await app.call('POST', '/v1/sites/demo/templates/preview', { body })).json.previews.it.button
        ?.text;
    };
    expect(await preview('order-status')).toBe('Ordine');
    expect(await preview('abandoned-cart')).toMatch(/^Carrello 89,50/);
    expect(await preview('abandoned-cart', { it: 'Mio' })).toBe('Mio');
    expect(await preview('activity-viewed')).toBeUndefined();
  });
});

describe('a site of the former release, whose templates have buttons of their own', () => {
  const former = (): Template[] =>
    defaultTemplates().map((each) => {
      const button = defaultButton(each.event, 'tu');
      return button ? { ...each, button } : each;
    });
  const formerSite = async (templates = former()) => {
    const { orderButton: _, cartButton: __, ...site } = app.site;
    await app.stack.putSite({ ...site, templates });
  };

  test('sends them as before, also after other settings have changed', async () => {
    await formerSite();
    await patch({ docuvision: true });
    expect((await app.storedSite()).templates).toEqual(former());
    expect(await orderButton()).toBe("Vedi l'ordine");
  });

  test('a template without one has none, as before', async () => {
    await formerSite([order()]);
    expect(await orderButton()).toBeUndefined();
  });

  test('the first shared text takes the place of our texts, and of none that the merchant wrote', async () => {
    const mine = order({ button: { it: 'Mio', en: 'View your order' } });
    await formerSite([...former(), mine]);
    await patch({ orderButton: { it: 'Segui' }, tone: 'lei' });
    const { templates } = await app.storedSite();
    const ofKind = (kind: string) => templates.filter(({ event }) => event === kind);
    expect(ofKind('order-status').map(({ button }) => button)).toEqual([
      ...former()
        .filter(({ event }) => event === 'order-status')
        .map(() => undefined),
      { it: 'Mio' },
    ]);
    expect(ofKind('abandoned-cart').map(({ button }) => button?.it)).toEqual(['Il suo carrello']);
    // Later a template may have the words of ours, if the merchant wants so.
    await app.stack.putSite({
      ...(await app.storedSite()),
      templates: [order({ button: { it: "Vedi l'ordine" } })],
    });
    await patch({ orderButton: { it: 'Seguilo' } });
    expect(await orderButton()).toBe("Vedi l'ordine");
  });
});

describe('what is refused', () => {
  test.each<[string, object, string, RegExp]>([
    ['HTML', { orderButton: { it: '<b>Vedi</b>' } }, '/orderButton/it', /takes no HTML/],
    [
      'a placeholder of another kind',
      { cartButton: { it: '{{siglaDocumento}}' } },
      '/cartButton/it',
      /has no value here\..*totaleCarrello/,
    ],
    ['a blank text', { orderButton: { it: 'Vedi', en: ' ' } }, '/orderButton/en', /empty/],
    ['65 characters', { orderButton: { it: 'x'.repeat(65) } }, '/orderButton/it', /too long/],
    ['no language', { orderButton: { xx: 'Vedi' } }, '/orderButton/xx', /real language/],
    ['no text at all', { orderButton: {} }, '/orderButton', /at least one language, or null/],
    ['a text without a language', { orderButton: 'Vedi' }, '/orderButton', /Must be/],
    [
      'more than a site has room for',
      {
        orderButton: {
          it: '{{siglaDocumento}}'.repeat(20),
          en: `${'{{#nome}}{{/nome}}'.repeat(20)}${'{{urlSito}}'.repeat(20)}`.padEnd(8_000),
        },
      },
      '/orderButton',
      /at most 8000 bytes/,
    ],
  ])('%s', async (_what, body, pointer, detail) => {
    const before = await app.storedSite();
    const answer = await patch({ docuvision: true, ...body });
    expect(answer).toMatchObject({
      status: 400,
      json: { errors: [{ pointer, detail: expect.stringMatching(detail) }] },
    });
    expect(await app.storedSite()).toEqual(before);
  });
});

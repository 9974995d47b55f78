/** The articles of an order in its message (docs/events.md, "Payloads"; docs/templates.md, "Placeholders"). */
import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import { parseHtml } from '../../lib/telegram/html/index.ts';
import { type App, startApp } from '../support/app.ts';
import { template } from '../support/fixtures.ts';
import { payload } from '../support/payloads.ts';

let app: App;
beforeAll(async () => {
  app = await startApp();
});
afterAll(() => app.close());
beforeEach(async () => {
  await listing('Evaso\n{{#elencoArticoli}}<b>Articoli</b>\n{{elencoArticoli}}{{/elencoArticoli}}\nGrazie');
  await app.takeQueued();
});

const listing = (it: string) =>
  app.setTemplates(template('order-status', 'evaso', { statuses: ['Evaso'], text: { it, en: it } }));

let count = 0;
const report = (lines: unknown, language = 'it') => {
  const { order, ...event } = payload('order-status', { eventId: `order-${++count}`, language });
  return app.report('order-status', { ...event, order: { ...(order as object), lines } });
};
async function textOf(lines: unknown, language?: string): Promise<string> {
  expect((await report(lines, language)).status).toBe(202);
  return (await app.takeQueued())[0]?.text ?? '';
}
const many = (length: number, name = 'Articolo con un nome come ce ne sono') =>
  Array.from({ length }, (_, index) => ({ name: `${name} ${index + 1}`, quantity: 1 }));

describe('the lines of an order', () => {
  test('are listed in the language of the message', async () => {
    const lines = [
      { name: 'Tenda & staffa', quantity: 1, total: { amount: '119.90', currency: 'EUR' } },
      { name: 'Tela <cerata>', quantity: 2.5, imageUrl: 'https://shop.example/tela.jpg' },
    ];
    expect(parseHtml(await textOf(lines)).text).toBe(
      'Evaso\nArticoli\n• 1 × Tenda & staffa: 119,90\u00a0€\n• 2,5 × Tela <cerata>\nGrazie',
    );
    expect(await textOf(lines, 'en')).toContain('€119.90\n• 2.5 × ');
  });

  test.each([['none'], ['an empty list']])('leave nothing behind where there is %s', async (what) => {
    expect(await textOf(what === 'none' ? undefined : [])).toBe('Evaso\nGrazie');
  });

  test('each stay on a line of their own', async () => {
    expect(await textOf([{ name: 'Tenda\n• 9 × Regalo', quantity: 1 }])).toContain(
      '• 1 × Tenda • 9 × Regalo\n',
    );
  });

  test('too many for a message: as many as there is room for, then how many more', async () => {
    const { text } = parseHtml(await textOf(many(200)));
    expect(text.length).toBeLessThanOrEqual(4096);
    expect(text.endsWith('\nGrazie')).toBe(true);
    const named = text.split('\n').filter((line) => line.startsWith('• ')).length;
    expect(text).toContain(
      `• 1 × Articolo con un nome come ce ne sono ${named}\ne altri ${200 - named} articoli\n`,
    );
    // One more would have no room.
    expect(text.length + '\n• 1 × Articolo con un nome come ce ne sono 100'.length).toBeGreaterThan(4096);
  });

  test('of a template that does not list them change nothing', async () => {
    await listing('Evaso {{siglaDocumento}}');
    expect(await textOf(many(500))).toBe(await textOf(undefined));
  });

  test.each<[string, object, string]>([
    ['no name', { quantity: 1 }, '/order/lines/0/name'],
    ['no quantity', { name: 'x' }, '/order/lines/0/quantity'],
    ['fewer than none', { name: 'x', quantity: -1 }, '/order/lines/0/quantity'],
    [
      'a picture elsewhere',
      { name: 'x', quantity: 1, imageUrl: 'https://cdn.example/x.jpg' },
      '/order/lines/0/imageUrl',
    ],
    ['a property that there is not', { name: 'x', quantity: 1, price: 3 }, '/order/lines/0/price'],
  ])('are refused with %s', async (_what, line, pointer) => {
    expect(await report([line])).toMatchObject({ status: 400, json: { errors: [{ pointer }] } });
  });

  test('are 500 at most', async () => {
    expect(await report(many(501, 'x'))).toMatchObject({
      status: 400,
      json: { errors: [{ pointer: '/order/lines' }] },
    });
  });
});

test('the preview shows a sample of them; a text that leaves them bare is saved with a warning', async () => {
  await app.setTemplates();
  const body = { event: 'order-status', statuses: ['Evaso'], text: { it: '{{elencoArticoli}}' } };
  const shown = await app.call('POST', '/v1/sites/demo/templates/preview', { body });
  expect(shown.json.previews.it.text).toMatch(/^• 1 × .*: 119,90\u00a0€\n• 2 × .*: 30,00\u00a0€$/);
  expect(shown.json.warnings).toMatchObject([{ pointer: '/text/it', code: 'value-may-be-missing' }]);
});

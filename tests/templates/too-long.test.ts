/** What is cut of a message that is too long, and what never is (docs/templates.md, "Length"). */
import { describe, expect, test } from '@jest/globals';
import type { PlaceholderValues } from '../../lib/templates/placeholders.ts';
import { renderMessage } from '../../lib/templates/render.ts';

function render(text: string, values: PlaceholderValues) {
  const template = { event: 'message-sent', text: { it: text } } as const;
  return renderMessage({ template, values, defaultLanguage: 'it', timeZone: 'Europe/Rome' });
}

test('exactly 4096 characters in 32,768 bytes are sent as they are', () => {
  const text = '<b>a</b>'.repeat(4_096);
  expect(Buffer.byteLength(text)).toBe(32_768);
  expect(render(text, {})).toEqual({ text, language: 'it', shortened: false });
});

test('of two values only the longer one is cut', () => {
  const { text, shortened } = render('{{nome}} {{testoMessaggio}}', {
    nome: 'x'.repeat(1_000),
    testoMessaggio: 'y'.repeat(5_000),
  });
  expect(text).toBe(`${'x'.repeat(1_000)} ${'y'.repeat(3_094)}…`);
  expect(shortened).toBe(true);
});

describe('never cut', () => {
  test('the address of the site', () => {
    const urlSito = `https://shop.example/${'x'.repeat(2_979)}`;
    const { text } = render('{{urlSito}} {{testoMessaggio}}', { urlSito, testoMessaggio: 'y'.repeat(3_000) });
    expect(text).toBe(`${urlSito} ${'y'.repeat(1_094)}…`);
  });

  test.each<[string, string, PlaceholderValues, number, RegExp]>([
    ['money', '{{totaleOrdine}}', { totaleOrdine: { amount: '149.90', currency: 'EUR' } }, 12, /149,90\s€$/],
    ['a count', '{{numeroArticoli}}', { numeroArticoli: 123_456_789 }, 15, /123\.456\.789$/],
    ['a date', '{{dataAttivita}}', { dataAttivita: '2026-11-22' }, 20, /22 novembre 2026$/],
  ])('%s', (_what, placeholder, values, room, whole) => {
    // Beside the value that may not be cut there is room for a few letters of the other.
    const written = `${'x'.repeat(4_096 - room)}{{siglaDocumento}}${placeholder}`;
    const { text } = render(written, { siglaDocumento: 'y'.repeat(50), ...values });
    expect(text.slice(-room)).toMatch(/^y+…/);
    expect(text.slice(-room)).toMatch(whole);
    expect(text).toHaveLength(4_096);
  });

  const address = `https://shop.example/${'x'.repeat(19_979)}`;
  test.each([
    ['in double quotes', '<a href="{{nome}}">qui</a> ', address],
    ['in single quotes', "<a href='{{nome}}'>qui</a> ", address],
    ['in double quotes, after a >', '<a href="https://shop.example/>{{nome}}">qui</a> ', 'x'.repeat(20_000)],
    ['in single quotes, after a >', "<a href='https://shop.example/>{{nome}}'>qui</a> ", 'x'.repeat(20_000)],
  ])('an address of a link %s', (_what, link, nome) => {
    const { text, shortened } = render(`${link}{{testoMessaggio}}`, {
      nome,
      testoMessaggio: 'y'.repeat(20_000),
    });
    expect(text).toContain(nome);
    expect(text.endsWith('y…')).toBe(true);
    expect(shortened).toBe(true);
  });
});

describe('values that are missing', () => {
  test.each(['numeroArticoli', 'totaleOrdine', 'dataAttivita', 'nome'])('{{%s}} is nothing', (key) => {
    expect(render(`a{{${key}}}b{{#${key}}}c{{/${key}}}`, {}).text).toBe('ab');
  });

  test('without any text there is no message', () => {
    const message = { values: {}, defaultLanguage: 'it', timeZone: 'Europe/Rome' };
    expect(renderMessage({ ...message, template: { event: 'message-sent', text: {} } })).toEqual({
      ...{ text: '', language: 'it', shortened: false },
    });
  });
});

describe('a button', () => {
  const buttonOf = (button: string, values: PlaceholderValues = {}) =>
    renderMessage({
      ...{ template: { event: 'message-sent', text: { it: 'Ciao' }, button: { it: button } }, values },
      ...{ defaultLanguage: 'it', timeZone: 'Europe/Rome', url: 'https://shop.example/' },
    }).button;

  test('is one line without needless blanks', () => {
    expect(buttonOf('Vedi  {{nome}}', { nome: 'a \n\n b' })).toMatchObject({ text: 'Vedi a b' });
  });

  test('that says nothing is none', () => {
    expect(buttonOf(' ')).toBeUndefined();
    expect(buttonOf('{{nome}}')).toBeUndefined();
  });
});

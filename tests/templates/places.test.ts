/** Values in their places: in text, in code, in the address of a link. */
import { describe, expect, test } from '@jest/globals';
import { normalizeText, parseHtml } from '../../lib/telegram/html/index.ts';
import type { PlaceholderValues } from '../../lib/templates/placeholders.ts';
import { renderMessage } from '../../lib/templates/render.ts';
import { findEntities } from '../../local/emulator/find-entities.ts';

function render(text: string, values: PlaceholderValues, button?: string) {
  return renderMessage({
    template: { event: 'message-sent', text: { it: text }, ...(button && { button: { it: button } }) },
    values: { urlSito: 'https://shop.example', ...values },
    defaultLanguage: 'it',
    timeZone: 'Europe/Rome',
    url: 'https://shop.example/m/1',
  });
}

/** The addresses of the links that the shop has made. */
function linksIn(html: string): string[] {
  return parseHtml(html).entities.flatMap((entity) => (entity.type === 'text_link' ? [entity.url] : []));
}

/** What Telegram finds by itself. */
function foundIn(html: string): string[] {
  const { text } = normalizeText(parseHtml(html));
  return findEntities(text).map(({ offset, length }) => text.slice(offset, offset + length));
}

// Unreserved characters stay, all others are percent-encoded: RFC 3986, sections 2.3 and 2.1.
describe('a value in the address of a link', () => {
  test.each<[place: string, href: string, value: string, address: string]>([
    [
      'the query',
      'https://shop.example/q?q={{oggettoMessaggio}}&p=1',
      'OC 2026/0412',
      'https://shop.example/q?q=OC%202026%2F0412&p=1',
    ],
    [
      'the query',
      'https://shop.example/q?q={{oggettoMessaggio}}&amp;p=1',
      'A&B=C#D?+',
      'https://shop.example/q?q=A%26B%3DC%23D%3F%2B&p=1',
    ],
    [
      'the query',
      'https://shop.example/?q={{oggettoMessaggio}}',
      'è "x" <y> 100%',
      'https://shop.example/?q=%C3%A8%20%22x%22%20%3Cy%3E%20100%25',
    ],
    [
      'the query',
      'https://shop.example/?q={{oggettoMessaggio}}',
      "l'a(b)*!",
      'https://shop.example/?q=l%27a%28b%29%2A%21',
    ],
    [
      'the path',
      'https://shop.example/d/{{oggettoMessaggio}}/x',
      'OC 1/2?#',
      'https://shop.example/d/OC%201%2F2%3F%23/x',
    ],
    [
      'the fragment',
      'https://shop.example/d#{{oggettoMessaggio}}',
      'a b#c',
      'https://shop.example/d#a%20b%23c',
    ],
    [
      'after the shop’s address',
      '{{urlSito}}/d?q={{oggettoMessaggio}}',
      'a&b',
      'https://shop.example/d?q=a%26b',
    ],
    [
      'the whole address',
      '{{oggettoMessaggio}}',
      'https://shop.example/a?b=c&d',
      'https://shop.example/a?b=c&d',
    ],
    ['the shop’s address', '{{urlSito}}', 'x', 'https://shop.example/'],
    [
      'the shop’s address in a query',
      'https://shop.example/?from={{urlSito}}',
      'x',
      'https://shop.example/?from=https%3A%2F%2Fshop.example',
    ],
    [
      'a file name',
      'https://shop.example/f/{{oggettoMessaggio}}',
      'listino.zip',
      'https://shop.example/f/listino.zip',
    ],
  ])('%s: %s with %j', (_place, href, value, address) => {
    expect(linksIn(render(`<a href="${href}">x</a>`, { oggettoMessaggio: value }).text)).toEqual([address]);
    expect(linksIn(render(`x <a href='${href}'>x</a>`, { oggettoMessaggio: value }).text)).toEqual([address]);
  });

  test('cannot lead to another host', () => {
    const { text } = render('<a href="https://{{oggettoMessaggio}}.shop.example/">x</a>', {
      oggettoMessaggio: 'evil.com/',
    });
    expect(text).toContain('https://evil.com%2F.shop.example/');
  });

  test('is the same in text, where Telegram makes the link', () => {
    const { text } = render(
      '{{urlSito}}/d?q={{oggettoMessaggio}} e https://shop.example/{{oggettoMessaggio}}.',
      {
        oggettoMessaggio: 'OC 1.zip',
      },
    );
    expect(foundIn(text)).toEqual(['https://shop.example/d?q=OC%201.zip', 'https://shop.example/OC%201.zip']);
  });

  test('that is too long for a message is left out', () => {
    const { text, shortened } = render('<a href="https://shop.example/?q={{testoMessaggio}}">x</a>', {
      testoMessaggio: 'è'.repeat(9000),
    });
    expect(shortened).toBe(true);
    expect(linksIn(text)).toEqual(['https://shop.example/?q=']);
  });
});

describe('in text', () => {
  test.each([
    'listino.zip',
    'n.ro 5',
    'pag.to',
    'Bianchi.srl',
    'c.so Roma',
    'vedi /stop',
    '@nome',
    '@nome_cognome',
    '#offerta',
    '$EUR',
    '127.0.0.1',
  ])('%s is no link, and looks the same', (value) => {
    const { text } = render('<b>{{oggettoMessaggio}}</b> {{autore}}', {
      oggettoMessaggio: value,
      autore: value,
    });
    expect(foundIn(text)).toEqual([]);
    expect(text.replaceAll('\u2060', '')).toBe(`<b>${value}</b> ${value}`);
  });

  test('an address that was written stays one in a text, and is none in a name', () => {
    const value = 'https://shop.example/a.zip?b=/stop, info@rossi.it';
    const { text } = render('{{testoMessaggio}}\n{{nome}} {{nomeFile}}', {
      testoMessaggio: value,
      nome: value,
      nomeFile: value,
    });
    expect(foundIn(text)).toEqual(['https://shop.example/a.zip?b=/stop', 'info@rossi.it']);
  });

  test('numbers and amounts are none', () => {
    const { text } = render('{{numeroArticoli}} {{totaleOrdine}}', {
      numeroArticoli: 1_200_100_150,
      totaleOrdine: { amount: '1200100150.00', currency: 'EUR' },
    });
    expect(foundIn(text)).toEqual([]);
  });

  test.each<[template: string, value: string]>([
    ['Ordine n.{{oggettoMessaggio}}', 'RO 5'],
    ['Ordine n.<b>{{oggettoMessaggio}}</b>', 'RO 5'],
    ['Grazie {{oggettoMessaggio}}.it va bene', 'Mario'],
    ['{{nome}}.{{oggettoMessaggio}}', 'to'],
    ['Ciao @{{oggettoMessaggio}}', 'nome_cognome'],
    ['Stato: /{{oggettoMessaggio}}', 'stop'],
  ])('%s makes no link with %s', (template, value) => {
    expect(foundIn(render(template, { oggettoMessaggio: value, nome: 'Anna' }).text)).toEqual([]);
  });

  test.each([
    ['Scrivi a {{nome}}@shop.example', 'anna@shop.example'],
    ['Scrivi a {{nome}}.{{cognome}}@shop.example', 'anna.rossi@shop.example'],
  ])('%s is the address that the shop wrote', (template, address) => {
    expect(foundIn(render(template, { nome: 'anna', cognome: 'rossi' }).text)).toEqual([address]);
  });
});

// Telegram makes no link there, and what stands there is copied.
test.each([
  '<code>{{nomeFile}}</code>',
  '<pre>{{nomeFile}}</pre>',
  '<a href="{{urlSito}}">{{nomeFile}}</a>',
  '<pre><code class="language-x">{{nomeFile}}</code></pre>',
])('%s has the value letter for letter', (template) => {
  const { text } = render(`${template} {{nomeFile}}`, { nomeFile: 'listino.zip' });
  expect(text).toBe(
    `${template.replace('{{nomeFile}}', 'listino.zip').replace('{{urlSito}}', 'https://shop.example')} listino\u2060.zip`,
  );
});

test('a button has it letter for letter too', () => {
  const { button } = render('x', { oggettoMessaggio: 'RO.zip' }, 'Apri n.{{oggettoMessaggio}}');
  expect(button?.text).toBe('Apri n.RO.zip');
});

/**
 * Words that look like addresses, mentions, commands or tags. What Telegram finds in a text is what tdlib finds: the
 * emulator's finder has passed tdlib's own tests.
 */
import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { escapeHtml, normalizeText, parseHtml, unlinked } from '../../lib/telegram/html/index.ts';
import { findEntities } from '../../local/emulator/find-entities.ts';

/** What Telegram finds in a value between these texts, after it has cleaned the message. */
function foundIn(value: string, before = '👤 ', after = '\n') {
  const html = `${before}<b>${escapeHtml(value)}</b>${after}.`;
  return findEntities(normalizeText(parseHtml(html)).text);
}

const LINKS = [
  ...['Bianchi.srl', 'www.rossi.it', 'listino.zip', 'n.ro 5', 'pag.to', 'Studio.AI', 'a.b.c.coop', 'è.it'],
  ...[
    'ROSSI.IT',
    'rossi.it/offerte?x=1#y',
    'rossi.it:8080',
    'xn--80afpi2a3c.xn--p1ai',
    '(rossi.it)',
    'rossi.it.',
  ],
  ...[
    'https://rossi.it',
    'http://rossi.xyzzy',
    'http://a.1b/c',
    'ftp://1a.b2',
    'tg://resolve?domain=x',
    'ton://x',
  ],
  ...['info@rossi.it', 'mario.bianchi@rossi.xyzzy', 'mailto:info@rossi.it', 'user:pw@rossi.it'],
  ...[
    '127.0.0.1',
    '10.0.0.1:80/x',
    '@nome_cognome',
    '(@nome_cognome)',
    '/stop',
    '-/stop',
    '/stop@demo_shop_bot',
  ],
  ...['#offerta', '#1a', '#·x', '$EUR', '$1INCH', 'rossi.it bianchi.srl @verdi_neri /start #x'],
];

test.each(LINKS)('%s: Telegram would make something of it, and makes nothing of the unlinked one', (text) => {
  expect(foundIn(text)).not.toEqual([]);
  expect(foundIn(unlinked(text))).toEqual([]);
});

test.each([
  ['what Telegram removes is between its letters', 'rossi.\u202eit'],
  ['a carriage return', 'rossi.\rit'],
  ['a ring', 'rossi.\u030ait'],
  ['a carriage return in a scheme', 'tg:\r//resolve'],
  ['before a mention', '\u2028@nome_cognome'],
  ['inside a mention', '@\u202dnome_cognome'],
])('%s', (_what, text) => {
  expect(foundIn(text)).not.toEqual([]);
  expect(foundIn(unlinked(text))).toEqual([]);
});

test('a control character joins no halves, whether Telegram removes it or makes it a blank', () => {
  expect(unlinked('rossi.\vit')).toBe('rossi. it');
});

describe('stays exactly as it is', () => {
  test.each([
    ...[
      'Rossi Costruzioni S.r.l.',
      'Rossi S.p.A.',
      '501.00012',
      'CLI/001',
      'A&B',
      'n. 5',
      'Sig. Rossi',
      'C#',
      '1.234,50',
    ],
    ...[
      '12:30',
      '12/05/2026',
      '#123',
      '$ 5',
      '$5',
      'a@b',
      '<b>A</b>',
      'e/o',
      '👨‍👩‍👧',
      'Łódź',
      'prima\nseconda',
      '',
      ' ',
    ],
  ])('%j', (text) => {
    expect(unlinked(text)).toBe(text);
  });
});

test('it looks the same: only invisible joiners are added', () => {
  for (const text of LINKS) expect(unlinked(text).replaceAll('\u2060', '')).toBe(text);
});

test('the joiners outlive what Telegram does with a text', () => {
  const text = unlinked('Bianchi.srl');
  expect(text).toBe('Bianchi\u2060.srl');
  expect(normalizeText(parseHtml(escapeHtml(text))).text).toBe(text);
});

/** Texts made of what matters to Telegram. */
const texts = fc
  .array(
    fc.oneof(
      fc.constantFrom(
        ...[
          '.',
          '..',
          '/',
          '//',
          '://',
          '@',
          '#',
          '$',
          ':',
          ' ',
          '\n',
          '\r',
          '\u200c',
          '\u200d',
          '\u202e',
          '\u030a',
        ],
        ...[
          'it',
          'srl',
          'zip',
          'com',
          'a',
          'B1',
          '1',
          '10',
          '255',
          'xn--',
          'p1ai',
          'http',
          'tg',
          'ton',
          'mailto:',
          'рф',
        ],
        ...[
          '_',
          '-',
          '·',
          '(',
          ')',
          "'",
          '?',
          'è',
          '\u2060',
          '\u00a0',
          'nome_cognome',
          'EUR',
          '1INCH',
          '𝐚',
          '\ud835',
        ],
      ),
      fc.string({ unit: 'binary', maxLength: 3 }),
    ),
    { maxLength: 14 },
  )
  .map((parts) => parts.join(''));

test('whatever a name is: Telegram finds nothing in it', () => {
  fc.assert(
    fc.property(texts, (text) => {
      expect(foundIn(unlinked(text))).toEqual([]);
    }),
    { numRuns: 20_000 },
  );
});

test('twice is once', () => {
  fc.assert(
    fc.property(texts, (text) => {
      expect(unlinked(unlinked(text))).toBe(unlinked(text));
    }),
    { numRuns: 5_000 },
  );
});

/**
 * Words that look like addresses, mentions, commands or tags. What Telegram finds in a text is what tdlib finds: the
 * emulator's finder has passed tdlib's own tests.
 */
import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import {
  escapeHtml,
  normalizeText,
  parseHtml,
  unlinked,
  unlinkedText,
} from '../../lib/telegram/html/index.ts';
import { FILE_ENDINGS } from '../../lib/telegram/html/unlinked.ts';
import { findEntities } from '../../local/emulator/find-entities.ts';
import { TOP_LEVEL_DOMAINS } from '../../local/emulator/top-level-domains.ts';
import * as tdlib from '../local/tdlib-entities.ts';

/** What Telegram finds in a value between these texts, after it has cleaned the message. */
function foundIn(value: string, before = '👤 ', after = '\n') {
  const html = `${before}<b>${escapeHtml(value)}</b>${after}.`;
  return findEntities(normalizeText(parseHtml(html)).text);
}

/** What leads somewhere else than to an address that was written as one, or to the menu of a number. */
function harmfulIn(value: string) {
  const html = escapeHtml(value);
  const { text } = normalizeText(parseHtml(`👤 ${html} .`));
  return findEntities(text)
    .map(({ type, offset, length }) => `${type} ${text.slice(offset, offset + length)}`)
    .filter((found) => !/^(?:url (?:https?:\/\/|www\.)|email |phone_number |bank_card_number )/i.test(found));
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
  ...['#offerta', '#1a', '#·x', '#᱀㐀', '$EUR', '$1INCH', 'rossi.it bianchi.srl @verdi_neri /start #x'],
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

test.each(
  [
    tdlib.MENTIONS,
    tdlib.COMMANDS,
    tdlib.HASHTAGS,
    tdlib.CASHTAGS,
    tdlib.APP_LINKS,
    tdlib.ADDRESSES,
    tdlib.EMAILS,
  ].flat(),
)("tdlib's own texts: %j", (text) => {
  expect(harmfulIn(unlinked(text))).toEqual([]);
});

test.each(FILE_ENDINGS)('.%s is no top-level domain of tdlib: such a file name stays as it is', (ending) => {
  expect(TOP_LEVEL_DOMAINS.has(ending)).toBe(false);
  for (const name of [`Listino 2026.${ending}`, `OFFERTA.${ending.toUpperCase()}`])
    expect(unlinked(name)).toBe(name);
});

test.each(['mario@rossi.pdf', 'http://rossi.pdf', 'fattura.pdf.zip', 'rossi.pdf.it', 'a.pdf-b.it'])(
  'an ending does not hide an address: %s',
  (text) => {
    expect(foundIn(unlinked(text))).toEqual([]);
    expect(foundIn(unlinkedText(`(${text}`)).map(({ type }) => type)).not.toContain('bot_command');
  },
);

describe('in a text that somebody wrote', () => {
  test.each([
    ['Scrivi a info@rossi.it.', 'info@rossi.it'],
    ['Info (info@rossi.it)?', 'info@rossi.it'],
    ['Vedi https://rossi.it/a-b?c=d.e&f#g, grazie', 'https://rossi.it/a-b?c=d.e&f#g'],
    ['Qui:https://rossi.it.', 'https://rossi.it'],
    ['<a href="https://rossi.it/x">x</a>', 'https://rossi.it/x'],
    ['https://it.wikipedia.org/wiki/Roma_(antica)', 'https://it.wikipedia.org/wiki/Roma_(antica)'],
    ['HTTP://ROSSI.IT:8080/@nome_cognome', 'HTTP://ROSSI.IT:8080/@nome_cognome'],
    ['Siamo su www.rossi.it/offerte.html!', 'www.rossi.it/offerte.html'],
    ['prima\nhttps://èrossi.xyzzy/x dopo', 'https://èrossi.xyzzy/x'],
  ])('%j: what was written as an address stays one', (text, address) => {
    expect(unlinkedText(text)).toBe(text);
    const found = findEntities(text).filter(({ type }) => type === 'url' || type === 'email');
    expect(found.map(({ offset, length }) => text.slice(offset, offset + length))).toEqual([address]);
  });

  test.each([
    ...[
      'listino.zip',
      'n.ro 5',
      'pag.to',
      'Bianchi.srl',
      'c.so Roma',
      'vedi /stop',
      '@nome',
      '@nome_cognome',
    ],
    ...[
      'www.rossi.xyzzy/@nome_cognome',
      'xhttps://rossi.it/x',
      'tg://resolve?domain=x',
      'a.it/https://b.it',
      'c@d.it/e',
    ],
    ...['https://rossi/@nome_cognome', 'https://rossi.it:99999/@nome_cognome', 'shttp://rossi.it/-/stop'],
  ])('%s: nothing is found that nobody wrote', (text) => {
    expect(harmfulIn(unlinkedText(text))).toEqual([]);
  });
});

describe('stays exactly as it is', () => {
  test.each([
    ...[
      'Rossi Costruzioni S.r.l.',
      'Rossi S.p.A.',
      '501.00012',
      '9.007.199.254.740.991',
      '999.999.999.999',
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
          'pdf',
          'www.',
          'https://rossi.it',
          'mario@rossi.it',
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
      const found = foundIn(unlinked(text)).filter(({ type }) => !type.endsWith('_number'));
      expect(found).toEqual([]);
    }),
    { numRuns: 20_000 },
  );
});

test('whatever a text is: Telegram finds nothing in it but what was written as an address', () => {
  fc.assert(
    fc.property(texts, (text) => {
      expect(harmfulIn(unlinkedText(text))).toEqual([]);
    }),
    { numRuns: 20_000 },
  );
});

test('twice is once', () => {
  fc.assert(
    fc.property(texts, (text) => {
      expect(unlinked(unlinked(text))).toBe(unlinked(text));
      expect(unlinkedText(unlinkedText(text))).toBe(unlinkedText(text));
    }),
    { numRuns: 5_000 },
  );
});

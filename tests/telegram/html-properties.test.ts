import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import {
  escapeHtml,
  htmlLength,
  normalizeText,
  parseHtml,
  shortenHtml,
  TelegramHtmlError,
  toPlainText,
} from '../../lib/telegram/html/index.ts';

const piece = fc.constantFrom(
  ...[
    '<',
    '>',
    '</',
    '</>',
    '&',
    '#',
    'x',
    ';',
    '"',
    "'",
    '=',
    ' ',
    '\n',
    '\0',
    'lt',
    '&lt',
    '&gt;',
    '&#65;',
  ],
  ...[
    '&#xd83d;',
    '😀',
    '\ud83d',
    'è',
    'e\u0300',
    '<b>',
    '</b>',
    '<i ',
    '</i>',
    '<a href="x.it">',
    '</a>',
    '<a>',
  ],
  ...[
    '<span class="tg-spoiler">',
    '</span>',
    '<pre>',
    '</pre>',
    '<code class="language-ts">',
    '</code>',
    '/',
  ],
);
const markup = fc.array(piece, { maxLength: 40 }).map((pieces) => pieces.join(''));
const anyString = fc.oneof(markup, fc.string({ unit: 'binary' }), fc.string());

const text = fc
  .array(
    fc.oneof(
      fc.constantFrom('&lt;', '&#128512;', '&', '&ltx', ' ', '\n', '🇮🇹', 'e\u0300', '👨‍👩‍👧'),
      fc.string(),
    ),
  )
  .map((parts) => parts.join('').replaceAll('<', '&lt;'));

const TAGS: [string, string][] = [
  ['<b>', '</b>'],
  ['<I x>', '</>'],
  ['<u>', '</u >'],
  ['<code class="language-ts">', '</code>'],
  ['<pre>', '</pre>'],
  ['<blockquote expandable>', '</blockquote>'],
  ['<a href="https://x.it/?a=1&amp;b">', '</a>'],
  ['<a>', '</a>'],
  ['<tg-emoji emoji-id="5">', '</tg-emoji>'],
  ['<tg-time unix="1647531900" format="r">', '</tg-time>'],
];

/** HTML that Telegram takes. */
const parseable = fc
  .letrec<{ nodes: string; node: string }>((tie) => ({
    nodes: fc.array(tie('node'), { maxLength: 5 }).map((nodes) => nodes.join('')),
    node: fc.oneof(
      { maxDepth: 4, withCrossShrink: true },
      text,
      fc.tuple(fc.constantFrom(...TAGS), tie('nodes')).map(([[open, close], inner]) => open + inner + close),
    ),
  }))
  .nodes.filter((html) => isParseable(html));

function isParseable(html: string): boolean {
  try {
    parseHtml(html);
    return true;
  } catch (error) {
    if (error instanceof TelegramHtmlError) {
      return false;
    }
    throw error;
  }
}

describe('for any string', () => {
  test('parseHtml returns or throws a TelegramHtmlError', () => {
    fc.assert(
      fc.property(anyString, (html) => {
        const isAccepted = isParseable(html);
        expect(typeof toPlainText(html)).toBe('string');
        if (isAccepted) {
          expect(toPlainText(html)).toBe(parseHtml(html).text);
        }
      }),
      { numRuns: 2000 },
    );
  });

  test('what is escaped comes back', () => {
    fc.assert(
      fc.property(anyString, (value) => {
        const expected = { text: value.toWellFormed(), entities: [] };
        expect(parseHtml(escapeHtml(value))).toEqual(expected);
      }),
      { numRuns: 1000 },
    );
  });
});

describe('for any HTML that Telegram takes', () => {
  test('entities lie in the text, in order', () => {
    fc.assert(
      fc.property(parseable, (html) => {
        const parsed = parseHtml(html);
        for (const { text, entities } of [parsed, normalizeText(parsed)]) {
          let previous = 0;
          for (const entity of entities) {
            expect(entity.offset).toBeGreaterThanOrEqual(previous);
            expect(entity.length).toBeGreaterThan(0);
            expect(entity.offset + entity.length).toBeLessThanOrEqual(text.length);
            previous = entity.offset;
          }
        }
      }),
    );
  });

  test('what is normal stays as it is', () => {
    fc.assert(
      fc.property(parseable, (html) => {
        const normal = normalizeText(parseHtml(html));
        expect(normalizeText(normal)).toEqual(normal);
      }),
    );
  });

  test('shortenHtml cuts nothing but the end', () => {
    fc.assert(
      fc.property(parseable, fc.nat(60), (html, maxLength) => {
        const original = parseHtml(html).text;
        const shortened = shortenHtml(html, maxLength);
        expect(htmlLength(shortened)).toBeLessThanOrEqual(maxLength);
        if (original.length <= maxLength) {
          expect(shortened).toBe(html);
        } else if (maxLength > 0) {
          const { text } = parseHtml(shortened);
          expect(text.endsWith('…')).toBe(true);
          expect(original.startsWith(text.slice(0, -1))).toBe(true);
          expect(text.isWellFormed()).toBe(true);
        }
      }),
      { numRuns: 1000 },
    );
  });

  test('shortenHtml leaves the formatting of what stays', () => {
    fc.assert(
      fc.property(parseable, fc.integer({ min: 1, max: 60 }), (html, maxLength) => {
        const shortened = parseHtml(shortenHtml(html, maxLength));
        const original = parseHtml(html);
        const places = new Set(original.entities.map(({ type, offset }) => `${type} ${offset}`));
        for (const { type, offset } of shortened.entities) {
          expect(places).toContain(`${type} ${offset}`);
        }
      }),
    );
  });
});

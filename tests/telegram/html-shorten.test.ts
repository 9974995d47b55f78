import { describe, expect, test } from '@jest/globals';
import {
  htmlLength,
  MAX_RAW_BYTES,
  MAX_TEXT_LENGTH,
  parseHtml,
  shortenHtml,
  TelegramHtmlError,
} from '../../lib/telegram/html/index.ts';

describe('shortenHtml', () => {
  test.each([
    ['abcdef', 6, 'abcdef'],
    ['abcdef', 5, 'abcd…'],
    ['abcdef', 1, '…'],
    ['abcdef', 0, ''],
    ['', 0, ''],
    ['<b>abcdef</b>', 4, '<b>abc…</b>'],
    ['<b>ab<i>cd</i>ef</b>', 4, '<b>ab<i>c…</i></b>'],
    ['<b>abc</b><i>def</i>', 4, '<b>abc</b>…'],
    ['<b>abc</b>def', 4, '<b>abc</b>…'],
    ['<b>abc</>def', 5, '<b>abc</>d…'],
    ['abc <b>def</b>', 5, 'abc…'],
    ['<a href="https://x.it/">abcdef</a>', 4, '<a href="https://x.it/">abc…</a>'],
    [
      '<pre><code class="language-ts">abcdef</code></pre>',
      4,
      '<pre><code class="language-ts">abc…</code></pre>',
    ],
    ['<blockquote expandable>abcdef</>', 4, '<blockquote expandable>abc…</blockquote>'],
  ])('%j to %j: %j', (html, maxLength, expected) => {
    expect(shortenHtml(html, maxLength)).toBe(expected);
  });

  test('a character reference stays whole', () => {
    expect(shortenHtml('a&lt;b&gt;c', 3)).toBe('a&lt;…');
    expect(shortenHtml('a&#128512;bc', 3)).toBe('a…');
    expect(shortenHtml('a&#128512;bc', 4)).toBe('a&#128512;…');
  });

  test('what was no character reference does not become one', () => {
    expect(shortenHtml('&ltxyz', 4)).toBe('&amp;lt…');
    expect(shortenHtml('&#12345678;', 5)).toBe('&amp;#12…');
  });

  test.each([
    ['a surrogate pair', 'ab😀cd', 4, 'ab…'],
    ['a letter and its accent', 'abe\u0300cd', 4, 'ab…'],
    ['a family', 'ab👨‍👩‍👧cd', 8, 'ab…'],
    ['a flag', 'ab🇮🇹cd', 5, 'ab…'],
    ['a line end', 'ab\r\ncd', 4, 'ab…'],
  ])('does not cut %s', (_what, html, maxLength, expected) => {
    expect(shortenHtml(html, maxLength)).toBe(expected);
  });

  test('cuts a character that is longer than anybody can see', () => {
    const shortened = shortenHtml(`a${'\u0301'.repeat(500)}`, 200);

    expect(htmlLength(shortened)).toBe(200);
  });

  test('what would become something else is left out as a whole', () => {
    expect(shortenHtml('ab<tg-emoji emoji-id="1">👍👍</tg-emoji>', 5)).toBe('ab…');
    expect(shortenHtml('ab<tg-time unix="1" format="r">un giorno</tg-time>', 5)).toBe('ab…');
    expect(shortenHtml('ab <b><a>https://x.it/ordini/12</a></b>', 20)).toBe('ab…');
  });

  test('keeps to the limit of the text without being told', () => {
    const shortened = shortenHtml(`<b>${'a'.repeat(5000)}</b>`);

    expect(shortened).toBe(`<b>${'a'.repeat(MAX_TEXT_LENGTH - 1)}…</b>`);
  });

  test('keeps to the limit of the source', () => {
    const html = '<a href="https://shop.example/?ordine=1">x</a>'.repeat(1000);
    const shortened = shortenHtml(html);

    expect(htmlLength(html)).toBe(1000);
    expect(Buffer.byteLength(shortened)).toBeLessThanOrEqual(MAX_RAW_BYTES);
    // One link more would be too much.
    expect(Buffer.byteLength(shortened)).toBeGreaterThan(MAX_RAW_BYTES - 60);
    expect(parseHtml(shortened).text).toMatch(/^x+…$/);
  });

  test('a source of tags alone that is too long comes down to the mark', () => {
    expect(shortenHtml(`<b>${'<i></i>'.repeat(5000)}a</b>`)).toBe('…');
  });

  test('refuses what Telegram refuses', () => {
    expect(() => shortenHtml('<p>abc</p>', 2)).toThrow(TelegramHtmlError);
  });
});

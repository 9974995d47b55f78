import { describe, expect, test } from '@jest/globals';
import { parseHtml, TelegramHtmlError } from '../../lib/telegram/html/index.ts';

function errorOf(html: string): TelegramHtmlError {
  try {
    parseHtml(html);
  } catch (error) {
    if (error instanceof TelegramHtmlError) {
      return error;
    }
    throw error;
  }
  throw new Error(`${html} was not refused`);
}

const INVALID_UNICODE =
  'Text contains invalid Unicode characters after decoding HTML entities, check for unmatched surrogate code units';

describe('what Telegram refuses', () => {
  // The facts of tdlib's own test of `parse_html` (`test/message_entities.cpp`).
  test.each([
    ['&#57311;', INVALID_UNICODE],
    ['&#xDFDF;', INVALID_UNICODE],
    ['&#xDFDF', INVALID_UNICODE],
    ['🏟 🏟&lt;<abacaba', 'Unclosed start tag at byte offset 13'],
    ['🏟 🏟&lt;<abac aba>', 'Unsupported start tag "abac" at byte offset 13'],
    ['🏟 🏟&lt;<abac>', 'Unsupported start tag "abac" at byte offset 13'],
    ['🏟 🏟&lt;<i   =aba>', 'Empty attribute name in the tag "i" at byte offset 13'],
    ['🏟 🏟&lt;<i    aba>', 'Can\'t find end tag corresponding to start tag "i"'],
    ['🏟 🏟&lt;<i    aba  =  ', 'Unclosed start tag "i" at byte offset 13'],
    ['🏟 🏟&lt;<i    aba  =  190azAz-.,', 'Unexpected end of name token at byte offset 27'],
    ['🏟 🏟&lt;<i    aba  =  "&lt;&gt;&quot;>', 'Unclosed start tag at byte offset 13'],
    ["🏟 🏟&lt;<i    aba  =  '&lt;&gt;&quot;>", 'Unclosed start tag at byte offset 13'],
    ['🏟 🏟&lt;</', 'Unexpected end tag at byte offset 13'],
    ['🏟 🏟&lt;<b></b></', 'Unexpected end tag at byte offset 20'],
    ['🏟 🏟&lt;<i>a</i   ', 'Unclosed end tag at byte offset 17'],
    ['🏟 🏟&lt;<i>a</em   >', 'Unmatched end tag at byte offset 17, expected "</i>", found "</em>"'],
  ])('%j', (html, reason) => {
    expect(errorOf(html).reason).toBe(reason);
  });

  test.each([
    ['<i', 'Unclosed start tag at byte offset 0'],
    ['<i ', 'Empty attribute name in the tag "i" at byte offset 0'],
    ['<i x', 'Unclosed start tag "i" at byte offset 0'],
    ['<i x ', 'Unclosed start tag "i" at byte offset 0'],
    ['<i x=', 'Unclosed start tag "i" at byte offset 0'],
    ['<i x=y', 'Unclosed start tag at byte offset 0'],
    ['<i x="y"', 'Unclosed start tag at byte offset 0'],
    ['<a href=https://x.it>x</a>', 'Unexpected end of name token at byte offset 8'],
    ['a < b', 'Unsupported start tag "" at byte offset 2'],
    ['<br/>', 'Unsupported start tag "br/" at byte offset 0'],
    ['<P>', 'Unsupported start tag "p" at byte offset 0'],
    ['<b/ >', 'Unsupported start tag "b/" at byte offset 0'],
    ['<i />', 'Empty attribute name in the tag "i" at byte offset 0'],
    ['<i "x">', 'Empty attribute name in the tag "i" at byte offset 0'],
    ['è<span>x</span>', 'Tag "span" must have class "tg-spoiler" at byte offset 2'],
    ['<span class="red">x</span>', 'Tag "span" must have class "tg-spoiler" at byte offset 0'],
    ['<b><i>x</b></i>', 'Unmatched end tag at byte offset 7, expected "</i>", found "</b>"'],
    ['<tg-emoji emoji-id="x">👍</tg-emoji>', 'Invalid custom emoji identifier specified'],
    ['<tg-emoji emoji-id="0">👍</tg-emoji>', 'Invalid custom emoji identifier specified'],
    ['<tg-emoji emoji-id="025">👍</tg-emoji>', 'Invalid custom emoji identifier specified'],
    ['<tg-emoji emoji-id="9223372036854775808">👍</tg-emoji>', 'Invalid custom emoji identifier specified'],
    ['<tg-emoji>👍</tg-emoji>', 'Invalid custom emoji identifier specified'],
    ['<tg-time unix="1647531900" format="x">x</tg-time>', 'Invalid date format used'],
    ['<tg-time unix="1647531900" format="rt">x</tg-time>', 'Invalid date format used'],
    ['&#55356;&#57311;', INVALID_UNICODE],
  ])('%j', (html, reason) => {
    expect(errorOf(html).reason).toBe(reason);
  });

  test('tells the answer of the Bot API, and the place', () => {
    const error = errorOf('perché <abac>');

    expect(error.description).toBe(
      'Bad Request: can\'t parse entities: Unsupported start tag "abac" at byte offset 8',
    );
    expect(error.message).toBe(error.description);
    expect(error.name).toBe('TelegramHtmlError');
    expect(error.byteOffset).toBe(8);
    expect(errorOf('à<b>').byteOffset).toBe(2);
    expect(errorOf('&#xDFDF;').byteOffset).toBeUndefined();
  });

  test('counts a lone surrogate as the three bytes of U+FFFD', () => {
    expect(errorOf('\ud83d<abac>').byteOffset).toBe(3);
  });

  test('U+0000 ends the HTML when it is in a tag', () => {
    expect(errorOf('<i\0>x</i>').reason).toBe('Unclosed start tag at byte offset 0');
    expect(errorOf('<i x="\0">x</i>').reason).toBe('Unclosed start tag at byte offset 0');
    expect(errorOf('<i>x</i\0>').reason).toBe('Unclosed end tag at byte offset 4');
    expect(parseHtml('a\0b').text).toBe('a\0b');
  });
});

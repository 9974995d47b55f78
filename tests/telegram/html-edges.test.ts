/** The edges of what Telegram takes (`parse_html`, `get_checked_link` and `parse_url` of tdlib). */
import { describe, expect, test } from '@jest/globals';
import { parseHtml, toPlainText } from '../../lib/telegram/html/index.ts';
import { checkLink, userIdOfLink } from '../../lib/telegram/html/links.ts';

describe('links', () => {
  test.each([
    ['http://[::1]/x', 'http://[::1]/x'],
    ['https://anna@shop.example/', 'https://anna@shop.example/'],
    ['shop.example:1', 'http://shop.example:1/'],
    ['shop.example:65535', 'http://shop.example:65535/'],
    ['shop.example/\t\u001f x', 'http://shop.example/%09%1F%20x'],
    ['shop.example/ftp://x', 'http://shop.example/ftp://x'],
    ['shop.example/tg:x', 'http://shop.example/tg:x'],
    ['shop.example/x \t\n\r\v\0', 'http://shop.example/x'],
    ['tg://resolve?x=http://a', 'tg://resolve?x=http://a'],
    ['tonsite://a.b-c_d/x', 'tonsite://a.b-c_d/x'],
    ['ton:transfer', 'ton://transfer/'],
  ])('%j leads to %j', (link, url) => {
    expect(checkLink(link)).toBe(url);
  });

  test.each([
    ...['', 'shop.example:x80', 'shop.example:80x', 'shop.example:-1', ':80', 'http://:80/'],
    ...['tg://[', 'tg://', 'tg://https://x', 'tg:http://x', 'TG:HTTP://x', 'tg://anna@resolve', 'tg://[::1]'],
    ...['a%2.example', 'a%.example', 'x[::1]', '[::1]x'],
    ...['tg://é', 'tg://xé', 'tg://éx', 'ton://a.b', 'tonsite://é.ton', 'tonsite://a.é', 'tonsite://a:80'],
  ])('%j leads nowhere', (link) => {
    expect(checkLink(link)).toBeUndefined();
  });

  test.each([
    ['tg:user?id=123456789', 123_456_789],
    ['tg://user?id=10', 10],
    ['tg://user?id=1099511627775', 1_099_511_627_775],
    ['tg://user?id=1099511627776', undefined],
    ['tg://user?id=0', undefined],
    ['tg://user?id=01', undefined],
    ['tg://user?id=x1', undefined],
    ['tg://user?id=1x', undefined],
    ['tg://user?id=1=2', undefined],
    ['tg://user?id=-1', undefined],
    ['tg://user?id=', undefined],
    ['tg://user?id', undefined],
    ['tg://user?x=1', undefined],
    ['tg://user?id=x&id=1', undefined],
    ['tg://users?id=1', undefined],
    ['https://shop.example/?tg://user?id=7', undefined],
    ['tg://user#?id=1', undefined],
  ])('the user of %j is %s', (link, userId) => {
    expect(userIdOfLink(link)).toBe(userId);
  });

  test('an a without an address leads to its own text alone', () => {
    const link = (url: string, offset: number, length: number) => ({
      type: 'text_link',
      offset,
      length,
      url,
    });
    expect(parseHtml('Ciao <a>shop.example</a>!').entities).toStrictEqual([
      link('http://shop.example/', 5, 12),
    ]);
    const longest = `shop.example/${'x'.repeat(4_083)}`;
    expect(parseHtml(`<a>${longest}</a>`).entities).toStrictEqual([link(`http://${longest}`, 0, 4_096)]);
    expect(parseHtml(`<a>${longest}x</a>`).entities).toStrictEqual([]);
  });

  test('one that leads nowhere is no entity', () => {
    expect(parseHtml('<a href="#">x</a>').entities).toStrictEqual([]);
    expect(parseHtml('<tg-time unix="0">x</tg-time>').entities).toStrictEqual([]);
  });
});

describe('code and its language', () => {
  const code = 'code class="language-ts"';

  test.each([
    [`<pre><${code}>ab</code></pre>`, [{ type: 'pre', offset: 0, length: 2, language: 'ts' }]],
    [`<${code}><pre>ab</pre></code>`, [{ type: 'pre', offset: 0, length: 2, language: 'ts' }]],
    [
      `<${code}>ab</code><pre>cd</pre>`,
      [
        { type: 'code', offset: 0, length: 2 },
        { type: 'pre', offset: 2, length: 2 },
      ],
    ],
    [
      `<b><${code}>ab</code></b>`,
      [
        { type: 'code', offset: 0, length: 2 },
        { type: 'bold', offset: 0, length: 2 },
      ],
    ],
    [
      '<a href="https://shop.example/"><pre>ab</pre></a>',
      [
        { type: 'pre', offset: 0, length: 2 },
        { type: 'text_link', offset: 0, length: 2, url: 'https://shop.example/' },
      ],
    ],
  ])('%s', (html, entities) => {
    expect(parseHtml(html).entities).toStrictEqual(entities);
  });
});

describe('tags', () => {
  test.each([' ', '\t', '\n', '\v', '\r'])('%j is a space in them', (space) => {
    const html = `<a${space}${space}href${space}=${space}'https://shop.example/'${space}>x</a${space}>`;
    expect(parseHtml(html).entities).toMatchObject([{ type: 'text_link', url: 'https://shop.example/' }]);
    expect(parseHtml(`<b${space}>x</b>`).entities).toMatchObject([{ type: 'bold' }]);
  });

  test.each(['\f', '\b', '\u000e', '\u001f', '!'])('%j is none', (character) => {
    expect(() => parseHtml(`<b${character}>x</b>`)).toThrow(
      `Unsupported start tag "b${character}" at byte offset 0`,
    );
  });

  test.each(['A', 'Z', 'a', 'z', '0', '9', '.', '-'])(
    '%s may stand in a value without quotes',
    (character) => {
      expect(parseHtml(`<b x=a${character}b>c</b>`).text).toBe('c');
    },
  );

  test.each(['@', '[', '`', '{', '/', ':', '_', '"', ','])('%s may not', (character) => {
    expect(() => parseHtml(`<b x=a${character}b>c</b>`)).toThrow('Unexpected end of name token');
  });

  test.each(['"', "'", '=', '/', '=='])('%s ends the name of an attribute', (character) => {
    expect(() => parseHtml(`<b ${character}y>a</b>`)).toThrow('Empty attribute name in the tag "b"');
  });
  test('a quote in the middle of a name ends it too', () => {
    expect(() => parseHtml(`<b x'y>a</b>`)).toThrow('Empty attribute name in the tag "b"');
    expect(() => parseHtml('<b x"y>a</b>')).toThrow('Empty attribute name in the tag "b"');
  });

  test('other classes are of no account', () => {
    expect(parseHtml('<pre><code class="unlanguage-ts">a</code></pre>').entities).toStrictEqual([
      { type: 'pre', offset: 0, length: 1 },
      { type: 'code', offset: 0, length: 1 },
    ]);
    expect(() => parseHtml('<span class="no-spoiler">a</span>')).toThrow(
      'Tag "span" must have class "tg-spoiler"',
    );
  });

  test('an attribute without a value takes none away', () => {
    expect(parseHtml('<a href="https://shop.example/" href>a</a>').entities).toMatchObject([
      { url: 'https://shop.example/' },
    ]);
  });

  test.each([
    ['<b><i>x</i>', 'b', 0],
    ['è<b><i>x', 'i', 5],
    ['<b>x</b><i>y', 'i', 8],
  ])('of %s the tag that is open is named, with its place in bytes', (html, tag, byteOffset) => {
    const reason = `Can't find end tag corresponding to start tag "${tag}"`;
    expect(() => parseHtml(html)).toThrow(expect.objectContaining({ reason, byteOffset }));
  });

  test.each(['1x', 'x1', '0', '-0', '', '9223372036854775808', '1 '])('%j is the id of no emoji', (id) => {
    expect(() => parseHtml(`<tg-emoji emoji-id="${id}">👍</tg-emoji>`)).toThrow(
      'Invalid custom emoji identifier specified',
    );
  });
  test.each(['1', '-1', '9223372036854775807'])('%s is the id of one', (id) => {
    expect(parseHtml(`<tg-emoji emoji-id="${id}">👍</tg-emoji>`).entities).toMatchObject([
      { custom_emoji_id: id },
    ]);
  });

  test('times are of 32 bits', () => {
    expect(parseHtml('<tg-time unix="2147483647">x</tg-time>').entities).toMatchObject([
      { type: 'date_time', unix_time: 2_147_483_647 },
    ]);
    expect(parseHtml('<tg-time unix="2147483648">x</tg-time>').entities).toStrictEqual([]);
  });
});

describe('character references', () => {
  test.each(['&#xd800;', '&#xdbff;', '&#xdc00;', '&#xdfff;'])('%s is half of a character', (reference) => {
    expect(() => parseHtml(reference)).toThrow('unmatched surrogate code units');
    expect(toPlainText(`<i>${reference}`)).toBe(reference);
  });

  test.each([
    ['&#xd7ff;', '\ud7ff'],
    ['&#xe000;', '\ue000'],
    ['&#x10fffe;', '\u{10fffe}'],
  ])('%s is a whole one', (reference, character) => {
    expect(parseHtml(reference).text).toBe(character);
  });
});

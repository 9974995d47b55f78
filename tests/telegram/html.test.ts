import { describe, expect, test } from '@jest/globals';
import { type MessageEntity, parseHtml } from '../../lib/telegram/html/index.ts';

// The facts of the first table, inputs and outcomes, are those of tdlib's own test of `parse_html`
// (`test/message_entities.cpp`).

type Extra = { url?: string; language?: string; custom_emoji_id?: string; user_id?: number };

function at(type: MessageEntity['type'], offset: number, length: number, extra: Extra = {}) {
  return { type, offset, length, ...extra };
}

const TELEGRAM_ORG = { url: 'http://telegram.org/' };

describe('what Telegram reads', () => {
  test.each<[string, string, ReturnType<typeof at>[]]>([
    ['', '', []],
    ['➡️ ➡️', '➡️ ➡️', []],
    ['&ge;&lt;&gt;&amp;&quot;&laquo;&raquo;&#12345678;', '&ge;<>&"&laquo;&raquo;&#12345678;', []],
    ['&Or;', '&Or;', []],
    ['➡️ ➡️<i>➡️ ➡️</i>', '➡️ ➡️➡️ ➡️', [at('italic', 5, 5)]],
    ['➡️ ➡️<em>➡️ ➡️</em>', '➡️ ➡️➡️ ➡️', [at('italic', 5, 5)]],
    ['➡️ ➡️<b>➡️ ➡️</b>', '➡️ ➡️➡️ ➡️', [at('bold', 5, 5)]],
    ['➡️ ➡️<strong>➡️ ➡️</strong>', '➡️ ➡️➡️ ➡️', [at('bold', 5, 5)]],
    ['➡️ ➡️<u>➡️ ➡️</u>', '➡️ ➡️➡️ ➡️', [at('underline', 5, 5)]],
    ['➡️ ➡️<ins>➡️ ➡️</ins>', '➡️ ➡️➡️ ➡️', [at('underline', 5, 5)]],
    ['➡️ ➡️<s>➡️ ➡️</s>', '➡️ ➡️➡️ ➡️', [at('strikethrough', 5, 5)]],
    ['➡️ ➡️<strike>➡️ ➡️</strike>', '➡️ ➡️➡️ ➡️', [at('strikethrough', 5, 5)]],
    ['➡️ ➡️<del>➡️ ➡️</del>', '➡️ ➡️➡️ ➡️', [at('strikethrough', 5, 5)]],
    ['➡️ ➡️<blockquote>➡️ ➡️</blockquote>', '➡️ ➡️➡️ ➡️', [at('blockquote', 5, 5)]],
    ['➡️ ➡️<i>➡️ ➡️</i><b>➡️ ➡️</b>', '➡️ ➡️➡️ ➡️➡️ ➡️', [at('italic', 5, 5), at('bold', 10, 5)]],
    ['🏟 🏟<i>🏟 &lt🏟</i>', '🏟 🏟🏟 <🏟', [at('italic', 5, 6)]],
    ['🏟 🏟<i>🏟 &gt;<b aba   =   caba>&lt🏟</b></i>', '🏟 🏟🏟 ><🏟', [at('italic', 5, 7), at('bold', 9, 3)]],
    ['🏟 🏟&lt;<i    aba  =  190azAz-.   >a</i>', '🏟 🏟<a', [at('italic', 6, 1)]],
    ['🏟 🏟&lt;<i    aba  =  190azAz-.>a</i>', '🏟 🏟<a', [at('italic', 6, 1)]],
    ['🏟 🏟&lt;<i    aba  =  "&lt;&gt;&quot;">a</i>', '🏟 🏟<a', [at('italic', 6, 1)]],
    ["🏟 🏟&lt;<i    aba  =  '&lt;&gt;&quot;'>a</i>", '🏟 🏟<a', [at('italic', 6, 1)]],
    ["🏟 🏟&lt;<i    aba  =  '&lt;&gt;&quot;'>a</>", '🏟 🏟<a', [at('italic', 6, 1)]],
    ['🏟 🏟&lt;<i>🏟 🏟&lt;</>', '🏟 🏟<🏟 🏟<', [at('italic', 6, 6)]],
    ['🏟 🏟&lt;<i>a</    >', '🏟 🏟<a', [at('italic', 6, 1)]],
    ['🏟 🏟&lt;<i>a</i   >', '🏟 🏟<a', [at('italic', 6, 1)]],
    ['🏟 🏟&lt;<b></b>', '🏟 🏟<', []],
    ['<i>\t</i>', '\t', [at('italic', 0, 1)]],
    ['<i>\r</i>', '\r', [at('italic', 0, 1)]],
    ['<i>\n</i>', '\n', [at('italic', 0, 1)]],
    [
      '➡️ ➡️<span class = "tg-spoiler">➡️ ➡️</span><b>➡️ ➡️</b>',
      '➡️ ➡️➡️ ➡️➡️ ➡️',
      [at('spoiler', 5, 5), at('bold', 10, 5)],
    ],
    ['🏟 🏟<span class="tg-spoiler">🏟 &lt🏟</span>', '🏟 🏟🏟 <🏟', [at('spoiler', 5, 6)]],
    [
      '🏟 🏟<tg-spoiler>🏟 &gt;<b aba   =   caba>&lt🏟</b></tg-spoiler>',
      '🏟 🏟🏟 ><🏟',
      [at('spoiler', 5, 7), at('bold', 9, 3)],
    ],
    ['<a href=telegram.org>\t</a>', '\t', [at('text_link', 0, 1, TELEGRAM_ORG)]],
    ['<a href=telegram.org>\n</a>', '\n', [at('text_link', 0, 1, TELEGRAM_ORG)]],
    [
      '<code><i><b> </b></i></code><i><b><code> </code></b></i>',
      '  ',
      [
        at('code', 0, 1),
        at('bold', 0, 1),
        at('italic', 0, 1),
        at('code', 1, 1),
        at('bold', 1, 1),
        at('italic', 1, 1),
      ],
    ],
    ['<i><b> </b> <code> </code></i>', '   ', [at('italic', 0, 3), at('bold', 0, 1), at('code', 2, 1)]],
    ['<a href  ="telegram.org"   > </a>', ' ', [at('text_link', 0, 1, TELEGRAM_ORG)]],
    ["<a   href=  'telegram.org'   > </a>", ' ', [at('text_link', 0, 1, TELEGRAM_ORG)]],
    [
      "<a   href=  'telegram.org?&lt;'   > </a>",
      ' ',
      [at('text_link', 0, 1, { url: 'http://telegram.org/?<' })],
    ],
    ['<a> </a>', ' ', []],
    ['<a>telegram.org </a>', 'telegram.org ', []],
    ['<a>telegram.org</a>', 'telegram.org', [at('text_link', 0, 12, TELEGRAM_ORG)]],
    [
      '<a>https://telegram.org/asdsa?asdasdwe#12e3we</a>',
      'https://telegram.org/asdsa?asdasdwe#12e3we',
      [at('text_link', 0, 42, { url: 'https://telegram.org/asdsa?asdasdwe#12e3we' })],
    ],
    ['🏟 🏟&lt;<pre  >🏟 🏟&lt;</>', '🏟 🏟<🏟 🏟<', [at('pre', 6, 6)]],
    ['🏟 🏟&lt;<code >🏟 🏟&lt;</>', '🏟 🏟<🏟 🏟<', [at('code', 6, 6)]],
    ['🏟 🏟&lt;<pre><code>🏟 🏟&lt;</code></>', '🏟 🏟<🏟 🏟<', [at('pre', 6, 6), at('code', 6, 6)]],
    [
      '🏟 🏟&lt;<pre><code class="language-">🏟 🏟&lt;</code></>',
      '🏟 🏟<🏟 🏟<',
      [at('pre', 6, 6), at('code', 6, 6)],
    ],
    [
      '🏟 🏟&lt;<pre><code class="language-fift">🏟 🏟&lt;</></>',
      '🏟 🏟<🏟 🏟<',
      [at('pre', 6, 6, { language: 'fift' })],
    ],
    [
      '🏟 🏟&lt;<code class="language-fift"><pre>🏟 🏟&lt;</></>',
      '🏟 🏟<🏟 🏟<',
      [at('pre', 6, 6, { language: 'fift' })],
    ],
    [
      '🏟 🏟&lt;<pre><code class="language-fift">🏟 🏟&lt;</> </>',
      '🏟 🏟<🏟 🏟< ',
      [at('pre', 6, 7), at('code', 6, 6)],
    ],
    [
      '🏟 🏟&lt;<pre> <code class="language-fift">🏟 🏟&lt;</></>',
      '🏟 🏟< 🏟 🏟<',
      [at('pre', 6, 7), at('code', 7, 6)],
    ],
    [
      '➡️ ➡️<tg-emoji emoji-id = "12345">➡️ ➡️</tg-emoji><b>➡️ ➡️</b>',
      '➡️ ➡️➡️ ➡️➡️ ➡️',
      [at('custom_emoji', 5, 5, { custom_emoji_id: '12345' }), at('bold', 10, 5)],
    ],
    [
      '🏟 🏟<b aba   =   caba><tg-emoji emoji-id="1">🏟</tg-emoji>1</b>',
      '🏟 🏟🏟1',
      [at('bold', 5, 3), at('custom_emoji', 5, 2, { custom_emoji_id: '1' })],
    ],
    [
      '<blockquote   cite="" askdlbas nasjdbaj nj12b3>a&lt;<pre  >b;</></>',
      'a<b;',
      [at('blockquote', 0, 4), at('pre', 2, 2)],
    ],
    [
      '<blockquote   expandable>a&lt;<pre  >b;</></>',
      'a<b;',
      [at('expandable_blockquote', 0, 4), at('pre', 2, 2)],
    ],
    [
      '<blockquote   expandable   asd>a&lt;<pre  >b;</></>',
      'a<b;',
      [at('expandable_blockquote', 0, 4), at('pre', 2, 2)],
    ],
    [
      '<blockquote   expandable=false>a&lt;<pre  >b;</></>',
      'a<b;',
      [at('expandable_blockquote', 0, 4), at('pre', 2, 2)],
    ],
  ])('%j', (html, text, entities) => {
    expect(parseHtml(html)).toEqual({ text, entities });
  });

  test.each([
    ['&nbsp;', '&nbsp;'],
    ['&LT;', '&LT;'],
    ['&ltx', '&ltx'],
    ['&lt1', '<1'],
    ['&ampamp;', '&ampamp;'],
    ['&amp;lt;', '&lt;'],
    ['&#65;&#x42;&#x63;', 'ABc'],
    ['&#65&#x42 ', 'AB '],
    ['&#0;', '&#0;'],
    ['&#;', '&#;'],
    ['&#x;', '&#x;'],
    ['&#X41;', '&#X41;'],
    ['&#x10fffe;', '\u{10fffe}'],
    ['&#x10ffff;', '&#x10ffff;'],
    ['&#1114111;', '&#1114111;'],
    ['&#0000065;', 'A'],
    ['&#00000065;', '&#00000065;'],
    ['&#x000041;', 'A'],
    ['&#x0000041;', '&#x0000041;'],
    ['&', '&'],
    ['a > b "c"', 'a > b "c"'],
    ['\ud83d', '\ufffd'],
  ])('character references: %j', (html, text) => {
    expect(parseHtml(html)).toEqual({ text, entities: [] });
  });

  test('tag names are read in any case, attribute names are not', () => {
    expect(parseHtml('<B>x</b><A HREF="x.it">y</a>')).toEqual({ text: 'xy', entities: [at('bold', 0, 1)] });
  });

  test('a bare attribute value is read in lower case, a quoted one as it is', () => {
    expect(parseHtml('<pre><code class=language-TS>x</></>').entities).toEqual([
      at('pre', 0, 1, { language: 'ts' }),
    ]);
    expect(parseHtml('<pre><code class="language-TS">x</></>').entities).toEqual([
      at('pre', 0, 1, { language: 'TS' }),
    ]);
  });

  test('a block of code has one language, the inner one', () => {
    const html = '<code class="language-a"><pre><code class="language-b">x</></></>';

    expect(parseHtml(html).entities).toEqual([at('pre', 0, 1, { language: 'b' }), at('code', 0, 1)]);
  });

  test('a block with a language comes before one without', () => {
    const html = '<pre><code class="language-ts"><b><pre>x</pre></b></code></pre>';

    expect(parseHtml(html).entities).toEqual([
      at('pre', 0, 1, { language: 'ts' }),
      at('pre', 0, 1),
      at('bold', 0, 1),
    ]);
  });

  test.each([
    ['', ''],
    ['r', 'r'],
    ['R', 'r'],
    ['wDT', 'wDT'],
    ['tDw', 'wDt'],
    ['dD', 'd'],
  ])('a date of format %j', (format, expected) => {
    expect(parseHtml(`<tg-time unix="1647531900" format="${format}">22:45</tg-time>`)).toEqual({
      text: '22:45',
      entities: [
        { type: 'date_time', offset: 0, length: 5, unix_time: 1_647_531_900, date_time_format: expected },
      ],
    });
  });

  test.each(['0', '-1', 'x', '', '2147483648'])('a date with the time %j is text alone', (unix) => {
    expect(parseHtml(`<tg-time unix="${unix}">mai</tg-time>`)).toEqual({ text: 'mai', entities: [] });
  });

  test('a date without a time is text alone', () => {
    expect(parseHtml('<tg-time>mai</tg-time>')).toEqual({ text: 'mai', entities: [] });
  });
});

import { describe, expect, test } from '@jest/globals';
import { escapeHtml, htmlLength, parseHtml, toPlainText } from '../../lib/telegram/html/index.ts';

describe('escapeHtml', () => {
  test('makes a value safe in text', () => {
    expect(escapeHtml(`<b> & "x" 'y'`)).toBe('&lt;b&gt; &amp; &quot;x&quot; &#39;y&#39;');
  });

  test.each(['"', "'"])('makes a value safe in an attribute between %s', (quote) => {
    const html = `<a href=${quote}https://x.it/?a=${escapeHtml(`"'<>&lt;`)}${quote}>x</a>`;

    expect(parseHtml(html).entities).toEqual([
      { type: 'text_link', offset: 0, length: 1, url: `https://x.it/?a="'<>&lt;` },
    ]);
  });
});

test('htmlLength counts UTF-16 units after parsing', () => {
  expect(htmlLength('<b>😀&amp;</b>è')).toBe(4);
});

describe('toPlainText', () => {
  test('is the text of HTML that Telegram takes', () => {
    expect(toPlainText('<b>Ordine</b> &lt;1&gt; <a href="https://x.it">qui</a>')).toBe('Ordine <1> qui');
  });

  test.each([
    ['<b>Ordine <i>1</b> &amp; 2', 'Ordine 1 & 2'],
    ['<p>Ordine</p> <b>1</b>', '<p>Ordine</p> 1'],
    ['2 < 3 <b>sì</b>', '2 < 3 sì'],
    ['<a href="https://x.it/?a>b">qui</a></b>', 'qui'],
    ['<a href="https://x.it>qui</a></b>', 'qui'],
    ['<B CLASS=x>a</B ></i>', 'a'],
    ['<b>a</></>', 'a'],
    ['<b>a', 'a'],
    ['a <b', 'a <b'],
    ['a <b c="', 'a <b c="'],
    ['<br>a<bold>b', '<br>a<bold>b'],
    ['&lt;b&gt; &nbsp; &#65; <i>', '<b> &nbsp; A '],
    ['&amp;lt; <i>', '&lt; '],
    ['&#55357; <i>', '&#55357; '],
    ['<tg-emoji emoji-id="x">👍</tg-emoji>', '👍'],
    ['<tg-time unix="1" format="x">ieri</tg-time>', 'ieri'],
    ['\ud83d<i>', '\ufffd'],
  ])('of %j, which Telegram refuses, is %j', (html, text) => {
    expect(() => parseHtml(html)).toThrow();
    expect(toPlainText(html)).toBe(text);
  });
});

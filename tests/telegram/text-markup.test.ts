/**
 * Values from web editors. What is expected is what a browser shows (HTML, "rendered text collection steps" of
 * `innerText`), with the marks of lists, lines between cells, texts of images and addresses of links besides.
 */
import { describe, expect, test } from '@jest/globals';
import { cleanText } from '../../lib/telegram/text/clean.ts';
import { readableName, readableText } from '../../lib/telegram/text/markup.ts';

const shown = (text: string, format?: 'html' | 'text') => cleanText(readableText(text, format));

describe('markup', () => {
  test.each([
    [
      'paragraphs, line breaks, list items, entities',
      '<p>Buongiorno,<br>il&nbsp;preventivo &egrave; pronto</p><ul><li>tende</li><li>posa</li></ul><p>Saluti</p>',
      'Buongiorno,\nil preventivo è pronto\n\n• tende\n• posa\n\nSaluti',
    ],
    ['line breaks of XHTML', 'uno<br />\ndue<br/>tre', 'uno\ndue\ntre'],
    ['white space of the source', '<p>\n  uno\n  due\t tre\n</p>\n<p>quattro</p>', 'uno due tre\n\nquattro'],
    [
      'lists in lists',
      '<ol><li>a<ul><li>b</li><li>c</li></ul></li><li>d</li></ol>',
      '1. a\n  • b\n  • c\n2. d',
    ],
    ['a list that begins with another number', '<ol start="4"><li>a<li>b</ol>', '4. a\n5. b'],
    ['paragraphs in list items', '<ul><li><p>a</p></li><li><p>b</p></li></ul>', '• a\n• b'],
    ['an empty list item', '<ul><li></li><li>a</li></ul>', '• a'],
    ['tables', '<table><tr><th>Articolo<th>Pezzi<tr><td>Tenda<td>2</table>', 'Articolo | Pezzi\nTenda | 2'],
    [
      'tables of Outlook',
      '<table><tr><td><p>Tenda</p></td><td><p>2</p></td></tr><tr><td><p>Posa</p></td><td><p>1</p></td></tr></table>',
      'Tenda | 2\nPosa | 1',
    ],
    [
      'tables for the layout',
      '<table><tr><td><div>a</div><div>b</div></td><td>c</td></tr></table>d',
      'a\nb\nc\nd',
    ],
    [
      'a link',
      'Vedi <a href="https://shop.example/p?a=1&amp;b=2">qui</a>.',
      'Vedi qui (https://shop.example/p?a=1&b=2).',
    ],
    [
      'a link with its address as text',
      '<a href="https://www.shop.example/">www.shop.example</a>',
      'www.shop.example',
    ],
    [
      'a link with a word that is no address by itself',
      '<a href="https://www.shop.example/">shop.example</a>',
      'shop.example (https://www.shop.example/)',
    ],
    [
      'a link of a picture, and what is beside it',
      'x<a href="https://shop.example"><img></a>Grazie',
      'x https://shop.example Grazie',
    ],
    [
      'links of pictures, side by side',
      '<a href="https://a.example/x"><img></a><a href="https://b.example/y"><img></a>',
      'https://a.example/x https://b.example/y',
    ],
    [
      'an address with words right beside it',
      'vedi<a href="https://shop.example">https://shop.example</a>fine',
      'vedi https://shop.example fine',
    ],
    [
      'an address at the end of a sentence',
      '<a href="https://shop.example">https://shop.example</a>.',
      'https://shop.example.',
    ],
    [
      'a table with empty cells',
      '<p>Intro</p><table><tr><td></td><td>Gen</td></tr><tr><td>Ricavi</td><td>10</td></tr><tr><td><br></td><td>30</td></tr><tr><td></td><td colspan=2>Totale 60</td></tr></table>',
      'Intro\n\nGen\nRicavi | 10\n30\nTotale 60',
    ],
    [
      'elements of HTML 5',
      'a<br><picture><source srcset="x"><img alt="b"></picture><noscript>c</noscript><video src="d"></video>',
      'a\nb',
    ],
    ['paragraphs that are not closed', 'Riga 1<p>Riga 2<p>Riga 3', 'Riga 1\n\nRiga 2\n\nRiga 3'],
    ['an emoji as the numbers of its halves', '<p>&#55357;&#56832; &#xD83D;&#xDE00; &#55357;</p>', '😀 😀'],
    ['a link that is not closed', '<a href="https://shop.example/1">uno', 'uno (https://shop.example/1)'],
    [
      'a link of blocks',
      '<a href="https://shop.example/1"><div>uno</div></a>due',
      'uno (https://shop.example/1)\ndue',
    ],
    ['a link for e-mail', '<a href="mailto:a@shop.example?subject=x">scrivi</a>', 'scrivi (a@shop.example)'],
    [
      'links to nowhere else',
      '<a href="#x">a</a> <a href="/y">b</a> <a href="javascript:z()">c</a>',
      'a b c',
    ],
    ['images', '<p><img src="x.png" alt="Il logo"> ciao</p>', 'Il logo ciao'],
    ['an image in a link', '<a href="https://shop.example/1"><img src=x></a>', 'https://shop.example/1'],
    [
      'style sheets, scripts, comments, the head',
      '<html><head><title>x</title></head><body><style>p{}</style>a<!-- b --><script>c("<p>")</script></body></html>',
      'a',
    ],
    [
      'Outlook',
      '<p class=MsoNormal>a<o:p></o:p></p><p class=MsoNormal><o:p>&nbsp;</o:p></p><!--[if gte mso 9]><xml>x</xml><![endif]--><p class=MsoNormal>b</p>',
      'a\n\nb',
    ],
    [
      'empty lines of Gmail',
      '<div>a</div><div><br></div><div>b</div><div>&nbsp;</div><div>c</div>',
      'a\n\nb\n\nc',
    ],
    ['a line break at the end of a paragraph', '<p>a<br></p><p>b</p>', 'a\n\nb'],
    ['preformatted text', '<pre>a\n  b</pre>c', 'a\n  b\nc'],
    ['tags that are not closed', '<p>uno<p>due <b>tre', 'uno\n\ndue tre'],
    ['inline tags in a text with lines', 'Ciao,\nè <b>pronto</b>\n\nSaluti', 'Ciao,\nè pronto\n\nSaluti'],
    ['characters of Windows by number', '<p>l&#146;ordine &#128;</p>', 'l’ordine €'],
    ['entities alone', 'caff&egrave; &amp;\nt&#232; &#x20ac;&apos;', "caffè &\ntè €'"],
    [
      'a text that was escaped once more',
      '&lt;p&gt;il&amp;nbsp;conto&lt;br&gt;&amp;egrave; qui&lt;/p&gt;',
      'il conto\nè qui',
    ],
    ['entities that were escaped once more', '<p>il&amp;nbsp;conto &amp;egrave;</p>', 'il conto è'],
    [
      'what is not markup in what is',
      '<p>a < 3 & b <rossi@shop.example> <nome></p>',
      'a < 3 & b <rossi@shop.example> <nome>',
    ],
  ])('%s', (_what, html, expected) => {
    expect(shown(html)).toBe(expected);
  });
});

test.each([
  'a < b & c > d',
  '<3',
  '</3',
  'x<y',
  'x<y>z',
  'AT&T',
  'R&D; Q&A',
  'a <b and c> d',
  'a<b>c',
  'x<p>y',
  'se a<b && c>d',
  '<nome> il <data>',
  'List<String>',
  'Rossi & C. <info@rossi.example>',
  '<https://shop.example>',
  'https://shop.example/?a=1&copy=2&lt=3&region=4',
  'a <!-- b',
  'a    b\n  c',
])('%s is surely no markup', (text) => {
  expect(shown(text)).toBe(text);
  expect(readableName(text)).toBe(text);
});

describe('the format', () => {
  test('text: nothing is markup', () => {
    expect(shown('<p>a &egrave; b</p>', 'text')).toBe('<p>a &egrave; b</p>');
  });

  test('html: everything is', () => {
    expect(shown('a\nb &copy 2026 <nome>c', 'html')).toBe('a b © 2026 c');
    expect(shown('&amp;egrave; &amp;lt;p&amp;gt;', 'html')).toBe('&egrave; &lt;p&gt;');
    expect(shown('x<y, 3 < 4, https://shop.example/?a=1&copy=2&region=3', 'html')).toBe(
      'x<y, 3 < 4, https://shop.example/?a=1&copy=2&region=3',
    );
  });
});

test('in a name only entities are decoded', () => {
  expect(readableName('Rossi &amp; Figli')).toBe('Rossi & Figli');
  expect(readableName('Rossi &amp;amp; Figli')).toBe('Rossi & Figli');
  expect(readableName('<b>Rossi</b>')).toBe('<b>Rossi</b>');
});

describe('a text that is as long as an event may have it', () => {
  // Patterns that look ahead, or a stack that is searched, would take minutes.
  test.each([
    '<b>',
    'x<p>',
    '<ul><li>',
    '<table><tr><td>',
    '<title>',
    '<a href="',
    '<b "',
    '<!--',
    '<!',
    '&',
    '<',
  ])('of %s is read in linear time', (piece) => {
    const text = `<p>${piece.repeat(200_000 / piece.length)}</i>`;
    const { user } = process.cpuUsage();
    for (const format of [undefined, 'html'] as const) shown(text, format);
    expect(process.cpuUsage().user - user).toBeLessThan(5_000_000);
  });

  test('of lists in lists keeps its items at the left', () => {
    expect(shown(`${'<ul><li>'.repeat(10_000)}a`)).toBe('• a');
    expect(readableText(`${'<ul><li>'.repeat(10_000)}a`)).toBe(`${'  '.repeat(4)}• a`);
  });
});

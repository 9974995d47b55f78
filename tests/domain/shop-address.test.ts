/** How the addresses of a shop that has moved are written. Expected values come from the issue, not from the code. */
import { describe, expect, test } from '@jest/globals';
import { currentLink, type ShopAddress, withCurrentAddresses } from '../../lib/domain/shop-address.ts';

const until = '2026-12-31T00:00:00.000Z';
const shop = (url: string, ...formers: string[]): ShopAddress => ({
  url,
  formerUrls: formers.map((former) => ({ url: former, until })),
});
const moved = shop('https://new.example', 'https://old.example');

/** Both functions write one link in the same way, and once more changes nothing. */
function expectLink(link: string, expected: string, address: ShopAddress): void {
  expect(currentLink(link, address)).toBe(expected);
  expect(withCurrentAddresses(link, address)).toBe(expected);
  expect(withCurrentAddresses(expected, address)).toBe(expected);
}

describe('from https://old.example to https://new.example', () => {
  test.each([
    ['https://old.example', 'https://new.example'],
    ['https://old.example/a?b#c', 'https://new.example/a?b#c'],
    ['https://old.example?b', 'https://new.example?b'],
    ['https://old.example#c', 'https://new.example#c'],
    ['HTTPS://OLD.Example/Ordini', 'https://new.example/Ordini'],
    ['https://area.old.example/a', 'https://area.new.example/a'],
    ['https://a.b.old.example/', 'https://a.b.new.example/'],
    ['https://old.example:443/a', 'https://new.example/a'],
    ['http://old.example/a', 'https://new.example/a'],
    ['https://old.example:8443/a', 'https://new.example:8443/a'],
    ['https://old.example/perché?q=è', 'https://new.example/perché?q=è'],
    ['https://old.example/a?next=https://old.example/b', 'https://new.example/a?next=https://old.example/b'],
  ])('%s becomes %s', (link, expected) => expectLink(link, expected, moved));

  test.each([
    'https://new.example/a',
    'https://area.new.example/a',
    'https://notold.example/a',
    'https://not-old.example/a',
    'https://old.example.evil.com/a',
    'https://old.example-evil.com/a',
    'https://old.example_evil.com/',
    'https://old.example%2eevil.com/',
    'https://old.example@evil.com/',
    'https://old.example:443@evil.com/',
    'https://old.example:secret@evil.com/',
    'https://anna@old.example/',
    'https://evil.com/old.example',
    'https://evil.com/a-old.example/',
    'https://evil.com/?next=https://old.example/',
    'https://evil.com/#old.example',
    'https://evil.com?old.example',
    'https://old.examples/',
    'https://old/',
    'ftp://old.example/a',
    'tg://resolve?domain=old.example',
    'javascript://old.example/%0aalert(1)',
    '//old.example/a',
  ])('%s stays', (link) => expectLink(link, link, moved));
});

describe('in a text', () => {
  test.each([
    [
      '<a href="https://old.example/a?x=1&amp;y=2">qui</a>',
      '<a href="https://new.example/a?x=1&amp;y=2">qui</a>',
    ],
    ["<a href='https://old.example'>qui</a>", "<a href='https://new.example'>qui</a>"],
    ['<a href="old.example/a">qui</a>', '<a href="new.example/a">qui</a>'],
    ['<a href=old.example>qui</a>', '<a href=new.example>qui</a>'],
    ['<b>https://old.example/a</b>', '<b>https://new.example/a</b>'],
    ['Visita https://old.example/a, poi altro.', 'Visita https://new.example/a, poi altro.'],
    ['old.example/a?b#c', 'new.example/a?b#c'],
    ['www.old.example/a', 'www.new.example/a'],
    ['(https://old.example)', '(https://new.example)'],
    ['Sito:https://old.example/a', 'Sito:https://new.example/a'],
    ['url=https://old.example/a', 'url=https://new.example/a'],
    ['- https://old.example\n-https://old.example', '- https://new.example\n-https://new.example'],
    ['&quot;https://old.example/a&quot;old.example/b', '&quot;https://new.example/a&quot;new.example/b'],
    ['&lt;https://old.example&gt;', '&lt;https://new.example&gt;'],
    [
      'https://old.example/a&amp;b=https://x.it &amp; ciao',
      'https://new.example/a&amp;b=https://x.it &amp; ciao',
    ],
    ['https://x.it,https://old.example', 'https://x.it,https://new.example'],
    ['«old.example/a»', '«new.example/a»'],
  ])('%s becomes %s', (text, expected) => {
    expect(withCurrentAddresses(text, moved)).toBe(expected);
    expect(withCurrentAddresses(expected, moved)).toBe(expected);
  });

  test.each([
    'Ci siamo trasferiti da old.example a new.example.',
    'www.old.example, «old.example»',
    'Scrivi a info@old.example',
    'info@my-old.example',
    '//my-old.example/a',
    '/a&quot;/old.example',
    'mailto:info@old.example',
    'notold.example',
    'old.example.evil.com',
    'il vecchio old example',
    'Perché no? 12.50 € alle 10:30',
    '@old',
    '',
  ])('%s stays', (text) => expect(withCurrentAddresses(text, moved)).toBe(text));

  test('a long text without blanks takes no long time', () => {
    for (const piece of ['a:', 'a.', 'a-', '/', 'https://', 'old.example', '&quot;', '@']) {
      const text = piece.repeat(20_000);
      expect(withCurrentAddresses(text, shop('https://new.example', 'https://other.example'))).toBe(text);
    }
  });
});

describe('other moves', () => {
  test.each<[string, ShopAddress, string, string]>([
    ['http to https', shop('https://a.it', 'http://a.it'), 'http://a.it/x', 'https://a.it/x'],
    ['http to https, subdomain', shop('https://a.it', 'http://a.it'), 'http://b.a.it/x', 'https://b.a.it/x'],
    ['http to https, already so', shop('https://a.it', 'http://a.it'), 'https://a.it/x', 'https://a.it/x'],
    [
      'http to https, other port',
      shop('https://a.it', 'http://a.it'),
      'http://a.it:81/x',
      'http://a.it:81/x',
    ],
    [
      'another port',
      shop('https://a.it:9443', 'https://a.it:8443'),
      'https://a.it:8443/x',
      'https://a.it:9443/x',
    ],
    [
      'another port, one of neither',
      shop('https://a.it:9443', 'https://a.it:8443'),
      'https://a.it/x',
      'https://a.it/x',
    ],
    ['from a port', shop('https://a.it', 'http://b.it:8080'), 'http://b.it:8080/x', 'https://a.it/x'],
    [
      'from a port, without it',
      shop('https://a.it', 'https://b.it:8443'),
      'https://b.it/x',
      'https://a.it/x',
    ],
    ['to a port', shop('https://a.it:8443', 'https://b.it'), 'https://b.it/x', 'https://a.it:8443/x'],
    ['to a port, bare', shop('https://a.it:8443', 'https://b.it'), 'b.it/x', 'a.it:8443/x'],
    ['to http', shop('http://a.it', 'https://b.it'), 'https://b.it/x', 'http://a.it/x'],
    ['to www', shop('https://www.a.it', 'https://a.it'), 'https://a.it/x', 'https://www.a.it/x'],
    [
      'to www, already there',
      shop('https://www.a.it', 'https://a.it'),
      'https://www.a.it/x',
      'https://www.a.it/x',
    ],
    [
      'to www, another subdomain',
      shop('https://www.a.it', 'https://a.it'),
      'https://b.a.it/x',
      'https://b.a.it/x',
    ],
    ['from www', shop('https://a.it', 'https://www.a.it'), 'https://www.a.it/x', 'https://a.it/x'],
    [
      'from www, another subdomain',
      shop('https://a.it', 'https://www.a.it'),
      'https://b.a.it/x',
      'https://b.a.it/x',
    ],
    ['twice', shop('https://c.it', 'https://b.it', 'https://a.it'), 'https://a.it/x', 'https://c.it/x'],
    [
      'from two hosts, one on the other',
      shop('https://c.it', 'https://a.it', 'https://b.a.it'),
      'https://b.a.it/',
      'https://c.it/',
    ],
    [
      'with a path',
      shop('https://b.it/negozio', 'https://a.it/shop'),
      'https://a.it/shop/1',
      'https://b.it/shop/1',
    ],
    ['from an accented host', shop('https://b.it', 'https://perù.it'), 'https://perù.it/x', 'https://b.it/x'],
    [
      'from its ASCII form',
      shop('https://b.it', 'https://perù.it'),
      'https://xn--per-6na.it/x',
      'https://b.it/x',
    ],
    ['to an accented host', shop('https://perù.it', 'https://b.it'), 'https://b.it/x', 'https://perù.it/x'],
    [
      'to a number',
      shop('http://127.0.0.1:3000', 'https://b.it'),
      'https://b.it/x',
      'http://127.0.0.1:3000/x',
    ],
    [
      'to a number, subdomain',
      shop('http://127.0.0.1:3000', 'https://b.it'),
      'https://c.b.it/x',
      'https://c.b.it/x',
    ],
    [
      'from localhost',
      shop('https://b.it', 'http://localhost:3000'),
      'http://localhost:3000/x',
      'https://b.it/x',
    ],
    ['from localhost, the word', shop('https://b.it', 'http://localhost'), 'localhost', 'localhost'],
    ['not at all', { url: 'https://a.it' }, 'https://b.it/x', 'https://b.it/x'],
  ])('%s', (_what, address, link, expected) => expectLink(link, expected, address));
});

test('of a link, only its own host is replaced, whatever its path holds', () => {
  const link = 'https://old.example/a"old.example';
  expect(currentLink(link, moved)).toBe('https://new.example/a"old.example');
});

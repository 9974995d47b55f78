import { describe, expect, test } from '@jest/globals';
import { parseHtml } from '../../lib/telegram/html/index.ts';

describe('links', () => {
  function urlOf(href: string) {
    const [entity] = parseHtml(`<a href="${href}">x</a>`).entities;
    return entity?.type === 'text_link' ? entity.url : undefined;
  }

  test.each([
    ['https://shop.example/ordini?id=1&amp;x=2#y', 'https://shop.example/ordini?id=1&x=2#y'],
    ['HTTPS://Shop.Example/Path', 'https://shop.example/Path'],
    ['shop.example', 'http://shop.example/'],
    ['shop.example?q', 'http://shop.example/?q'],
    ['shop.example/a b', 'http://shop.example/a%20b'],
    ['shop.example/a  ', 'http://shop.example/a'],
    ['http://user:pass@shop.example:8080/', 'http://user:pass@shop.example:8080/'],
    ['http://shop.example:0080', 'http://shop.example:80/'],
    ['http://[::1]:3000/x', 'http://[::1]:3000/x'],
    ['http://caffè.example', 'http://caffè.example/'],
    ['http://a%2fb.example', 'http://a%2fb.example/'],
    ['tg://resolve?domain=x', 'tg://resolve?domain=x'],
    ['TG:resolve?domain=x', 'tg://resolve?domain=x'],
    ['ton://transfer/x', 'ton://transfer/x'],
    ['tonsite://x.ton', 'tonsite://x.ton/'],
    ['tg://user?id=0', 'tg://user?id=0'],
    ['tg://user?id=1099511627776', 'tg://user?id=1099511627776'],
  ])('%j leads to %j', (href, url) => {
    expect(urlOf(href)).toBe(url);
  });

  test.each([
    'localhost',
    'http://localhost:3000',
    'javascript:alert(1)',
    'javascript://x.it/',
    'ftp://shop.example',
    'mailto:anna@shop.example@',
    'http://',
    'http://.',
    'http://shop.example:0',
    'http://shop.example:65536',
    'http://shop.example:',
    'http://a b.example',
    'http://a%zz.example',
    'http://[zz]/',
    'tg://http://x.it',
    'tg://x.y',
    'tg://x:80',
    '/ordini/1',
    '#',
  ])('%j leads nowhere, and its text stays', (href) => {
    expect(parseHtml(`<a href="${href}">x</a>`)).toEqual({ text: 'x', entities: [] });
  });

  test.each(['tg://user?id=7', 'TG:user?ID=7', 'tg://user/?x=1&amp;id=7#y'])('%j mentions a user', (href) => {
    expect(parseHtml(`<a href="${href}">Anna</a>`).entities).toEqual([
      { type: 'text_mention', offset: 0, length: 4, user_id: 7 },
    ]);
  });
});

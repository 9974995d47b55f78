import { describe, expect, test } from '@jest/globals';
import { linkOf } from '../../lib/http/schemas.ts';

const isTaken = (siteUrl: string, link: string) => linkOf(siteUrl).safeParse(link).success;

describe('linkOf a site at https://shop.example', () => {
  test.each([
    'https://shop.example',
    'https://shop.example/',
    'https://shop.example/ordini/84512',
    'https://shop.example?id=1',
    'https://shop.example#top',
    'https://shop.example/?next=https://evil.com/',
    'https://shop.example/#@evil.com',
    'https://shop.example/@evil.com',
    'https://shop.example:443/',
    'https://shop.example:8443/ordini',
    'https://www.shop.example/',
    'https://a.b.c.shop.example/',
    'https://SHOP.Example/Ordini',
    'HTTPS://shop.example/',
    'https://shop.example/perché?q=è',
    'https://shop.example/%E2%82%AC',
    'https://shop.example/a"b',
  ])('takes %s', (link) => {
    expect(isTaken('https://shop.example', link)).toBe(true);
  });

  test.each([
    ['another host', 'https://evil.com/'],
    ['a host that begins like it', 'https://shop.example.evil.com/'],
    ['a host that ends like it', 'https://evilshop.example/'],
    ['a host that ends like it, with a hyphen', 'https://my-shop.example/'],
    ['its parent', 'https://example/'],
    ['it as a user name', 'https://shop.example@evil.com/'],
    ['it as a user name with a port', 'https://shop.example:443@evil.com/'],
    ['it as a user name in a subdomain', 'https://a.shop.example:x@evil.com/'],
    ['a backslash, which some read as a slash', 'https://shop.example\\@evil.com/'],
    ['a backslash for a slash', 'https:\\\\shop.example\\'],
    ['a backslash before the host', 'https://evil.com\\.shop.example/'],
    ['no scheme', '//shop.example/'],
    ['no host', 'https:///ordini'],
    ['no slashes', 'https:shop.example/'],
    ['one slash', 'https:/shop.example/'],
    ['three slashes', 'https:///shop.example/'],
    ['a path alone', '/ordini/1'],
    ['a host alone', 'shop.example'],
    ['http', 'http://shop.example/'],
    ['javascript', 'javascript:alert(1)'],
    ['javascript that looks like it', 'javascript://shop.example/%0aalert(1)'],
    ['data', 'data:text/html,https://shop.example/'],
    ['tg', 'tg://resolve?domain=shop.example'],
    ['ftp', 'ftp://shop.example/'],
    ['a user', 'https://anna@shop.example/'],
    ['a user and a password', 'https://anna:secret@shop.example/'],
    ['an empty user', 'https://@shop.example/'],
    ['an empty user and password', 'https://:@shop.example/'],
    ['a blank in the host', 'https://shop .example/'],
    ['a blank before the host', 'https:// shop.example/'],
    ['a tab in the scheme', 'ht\ttps://shop.example/'],
    ['a line feed in the host', 'https://shop.\nexample/'],
    ['a line feed in the path', 'https://shop.example/\nX'],
    ['a no-break space in the host', 'https://shop.example\u00a0/'],
    ['a line separator', 'https://shop.example/\u2028X'],
    ['a NUL', 'https://shop.example/\u0000'],
    ['a control character', 'https://shop.example/\u0085'],
    ['half a character', 'https://shop.example/\ud83d'],
    ['a percent-encoded host', 'https://shop%2Eexample/'],
    ['a percent-encoded at sign', 'https://shop.example%40evil.com/'],
    ['a trailing dot', 'https://shop.example./'],
    ['a port that is none', 'https://shop.example:99999/'],
    ['a letter that looks like one of it', 'https://ѕhop.example/'],
    ['nothing', ''],
  ])('refuses %s', (_what, link) => {
    expect(isTaken('https://shop.example', link)).toBe(false);
  });
});

/** As browsers do (WHATWG URL, path percent-encode set); what stays is in the address already. */
test.each([
  [' https://shop.example/ ', 'https://shop.example/'],
  ['https://shop.example/a b', 'https://shop.example/a%20b'],
  ['https://shop.example/a\u00a0b', 'https://shop.example/a%C2%A0b'],
  ['https://shop.example?q=a b#c d', 'https://shop.example?q=a%20b#c%20d'],
  ['https://shop.example/a%20b+c', 'https://shop.example/a%20b+c'],
])('linkOf: %j is %s', (link, expected) => {
  expect(linkOf('https://shop.example').parse(link)).toBe(expected);
});

describe('linkOf a site that has moved', () => {
  const day = 24 * 3600 * 1000;
  const inDays = (days: number) => new Date(Date.now() + days * day).toISOString();
  const isTakenAfterMove = (link: string, formerUrl = 'https://old.example', until = inDays(1)) =>
    linkOf('https://shop.example', [{ url: formerUrl, until }]).safeParse(link).success;

  test.each([
    'https://shop.example/1',
    'https://old.example/1',
    'https://area.old.example/1',
    'https://old.example:8443/1',
  ])('takes %s', (link) => expect(isTakenAfterMove(link)).toBe(true));

  test.each([
    'https://notold.example/1',
    'https://old.example.evil.com/1',
    'https://old.example@evil.com/1',
    'https://example/1',
    'http://old.example/1',
    'http://shop.example/1',
  ])('refuses %s', (link) => expect(isTakenAfterMove(link)).toBe(false));

  test('takes the former host until its time is over', () => {
    expect(isTakenAfterMove('https://old.example/1', 'https://old.example', inDays(-1))).toBe(false);
    expect(isTakenAfterMove('https://shop.example/1', 'https://old.example', inDays(-1))).toBe(true);
  });

  test('takes http on a former host that had it', () => {
    expect(isTakenAfterMove('http://old.example/1', 'http://old.example')).toBe(true);
    expect(isTakenAfterMove('http://shop.example/1', 'http://old.example')).toBe(false);
  });

  test('names only the present host where it refuses', () => {
    const { error } = linkOf('https://shop.example', [
      { url: 'https://old.example', until: inDays(1) },
    ]).safeParse('https://evil.com/');
    expect(error?.issues[0]?.message).toMatchObject({
      en: expect.stringMatching(/link on shop\.example or/),
    });
    expect(error?.issues[0]?.message).toMatchObject({ en: expect.not.stringContaining('old.example') });
  });
});

describe('linkOf other sites', () => {
  test.each([
    ['https://shop.example/negozio', 'https://shop.example/altro', true],
    ['https://shop.example:8443', 'https://shop.example/', true],
    ['https://WWW.Shop.Example', 'https://www.shop.example/', true],
    ['https://perù.example', 'https://perù.example/1', true],
    ['https://perù.example', 'https://xn--per-6na.example/1', true],
    ['http://shop.example', 'http://shop.example/', true],
    ['http://shop.example', 'https://shop.example/', true],
    ['http://shop.example', 'http://evil.com/', false],
    ['http://localhost:3000', 'http://localhost:3000/1', true],
    ['http://127.0.0.1:3000', 'http://127.0.0.1:4000/', true],
    ['http://127.0.0.1:3000', 'http://127.0.0.2/', false],
    ['https://www.shop.example', 'https://shop.example/', true],
    ['https://www.shop.example', 'https://area.shop.example/', false],
    ['https://www.shop.example', 'https://example/', false],
    ['https://www.shop.example', 'https://evilwww.shop.example/', false],
  ])('of %s: %s is taken: %s', (siteUrl, link, expected) => {
    expect(isTaken(siteUrl, link)).toBe(expected);
  });
});

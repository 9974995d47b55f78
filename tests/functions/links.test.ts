/** Links of an event stay on the shop's own host: whoever holds a site key can send people nowhere else. */
import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import { type App, startApp } from '../support/app.ts';
import { changed, type EventKind, payload } from '../support/payloads.ts';

let app: App;
let count = 0;

beforeAll(async () => {
  app = await startApp();
});
afterAll(() => app.close());
beforeEach(() => app.takeQueued());

const places: [EventKind, string][] = [
  ['order-status', '/order/url'],
  ['message-sent', '/message/url'],
  ['message-read', '/message/url'],
  ['activity-status', '/activity/url'],
  ['activity-viewed', '/activity/url'],
  ['file-upload', '/file/url'],
  ['file-access', '/file/url'],
];

const reportWith = (event: EventKind, pointer: string, url: unknown) =>
  app.report(event, changed(payload(event, { eventId: `link-${++count}` }), pointer, url));

describe.each(places)('%s %s', (event, pointer) => {
  const sentence =
    'Must be an https link on shop.example or a subdomain of it, such as "https://shop.example/page": ' +
    'links to other hosts are refused.';

  test.each(['https://shop.example', 'https://www.shop.example/a?b=c&d=%20#e', 'https://shop.example:8443/'])(
    'takes %s',
    async (url) => {
      const answer = await reportWith(event, pointer, url);

      expect(answer.status).toBe(202);
      expect((await app.takeQueued())[0]?.button?.url).toBe(url);
    },
  );

  test.each([
    'https://evil.example/',
    'https://shop.example.evil.com/',
    'https://evilshop.example/',
    'https://shop.example@evil.com/',
    'https://shop.example\\@evil.com/',
    '//shop.example/',
    'javascript:alert(1)',
    'http://shop.example/',
    '/ordini/84512',
    'shop.example/ordini',
  ])('refuses %j', async (url) => {
    const answer = await reportWith(event, pointer, url);

    expect(answer.status).toBe(400);
    expect(answer.json.errors).toEqual([{ pointer, code: 'invalid', detail: sentence }]);
    expect(await app.takeQueued()).toEqual([]);
  });

  test('refuses a link over 2048 characters, and what is no text', async () => {
    const long = await reportWith(event, pointer, `https://shop.example/${'a'.repeat(2028)}`);
    expect(long.json.errors).toEqual([
      { pointer, code: 'wrong-length', detail: 'Must have at most 2048 characters.' },
    ]);
    const fits = await reportWith(event, pointer, `https://shop.example/${'a'.repeat(2027)}`);
    expect(fits.status).toBe(202);
    const number = await reportWith(event, pointer, 8);
    expect(number.json.errors).toEqual([
      { pointer, code: 'wrong-type', detail: 'Must be a string, not a number.' },
    ]);
  });
});

describe('a site whose own address', () => {
  const sentenceFor = async (url: string, link: string) => {
    await app.setSite({ url });
    const answer = await reportWith('order-status', '/order/url', link);
    return answer.status === 202 ? 'taken' : answer.json.errors[0].detail;
  };

  test('is http takes http and https', async () => {
    expect(await sentenceFor('http://old.example', 'http://old.example/1')).toBe('taken');
    expect(await sentenceFor('http://old.example', 'https://old.example/1')).toBe('taken');
    expect(await sentenceFor('http://old.example', 'ftp://old.example/1')).toBe(
      'Must be an https or http link on old.example or a subdomain of it, such as "http://old.example/page": ' +
        'links to other hosts are refused.',
    );
  });

  test('changed takes links of the new one at once, and none of the old one', async () => {
    expect(await sentenceFor('https://new.example', 'https://new.example/1')).toBe('taken');
    expect(await sentenceFor('https://new.example', 'https://shop.example/1')).toMatch(/on new\.example or/);
    expect(await sentenceFor('https://shop.example', 'https://shop.example/1')).toBe('taken');
  });

  test('is a subdomain does not reach up to its parent', async () => {
    expect(await sentenceFor('https://www.shop.example', 'https://www.shop.example/1')).toBe('taken');
    expect(await sentenceFor('https://area.shop.example', 'https://shop.example/1')).toMatch(/^Must be/);
    expect(await sentenceFor('https://www.shop.example', 'https://b2b.shop.example/1')).toMatch(/^Must be/);
  });
});

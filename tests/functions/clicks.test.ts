/** Counted links: from the message through `/c/…` to the shop, once for each person who opens them. */
import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import type { Notification } from '../../lib/deliveries/notification.ts';
import { API } from '../support/api-events.ts';
import { type App, startApp } from '../support/app.ts';
import { notification, record } from '../support/sqs-events.ts';

let app: App;
/** The requests to the tables. */
let requests: string[] = [];
beforeAll(async () => {
  app = await startApp({ telegram: 'emulator' });
  const { database } = await import('../../lib/aws/dynamodb.ts');
  database.middlewareStack.add(
    (next, { commandName = '' }) =>
      (args) => {
        requests.push(commandName);
        return next(args);
      },
    { step: 'initialize' },
  );
});
afterAll(() => app.close());
beforeEach(() => app.reset());

const ORDER = 'https://shop.example/ordini/1?da=telegram&x=1';
const PRIVACY = 'https://www.shop.example/privacy';
const TEXT = `Ordine <a href="${ORDER.replaceAll('&', '&amp;')}">OC 1</a>, <a href="${PRIVACY}">privacy</a>, <a href="https://altro.example/x">altro</a>, https://shop.example/scritto`;

const message = (changes: Partial<Notification> = {}): Notification =>
  notification({ text: TEXT, button: { text: 'Vedi', url: ORDER, style: 'primary' }, ...changes });

interface Sent {
  text: string;
  button: { text: string; url: string; style?: string } | undefined;
  links: string[];
}

async function deliver(...messages: Notification[]): Promise<Sent[]> {
  for (const each of messages) expect(await app.deliver([record(each)])).toEqual([]);
  const calls = (await app.telegram.calls('sendMessage')).filter(({ status }) => status === 200);
  return calls.map(({ params }) => {
    const text = String(params.text);
    const keyboard = (params.reply_markup as { inline_keyboard?: Sent['button'][][] } | undefined)
      ?.inline_keyboard;
    return {
      text,
      button: keyboard?.[0]?.[0],
      links: [...text.matchAll(/href="([^"]*)"/g)].map(([, link = '']) => link.replaceAll('&amp;', '&')),
    };
  });
}

const pathOf = (address = '') => address.replace(API, '');
const PHONE = {
  'user-agent': 'Mozilla/5.0 (Linux; Android 15; CUBOT X) AppleWebKit/537.36 Chrome/142.0 Mobile',
};
const open = (address: string | undefined, headers: Record<string, string> = PHONE, method = 'GET') =>
  app.call(method, pathOf(address), { key: null, headers });
const clicksOf = async (each: Notification) => {
  const found = (await app.findDelivery(each)) as { clicks?: number; clickedAt?: string } | undefined;
  return found && [found.clicks, found.clickedAt !== undefined];
};

describe('what is sent', () => {
  test('off, the real addresses; on, codes in the place of those that lead to the shop', async () => {
    const plain = message();
    const [off] = await deliver(plain);
    expect([off?.text, off?.button?.url]).toEqual([TEXT, ORDER]);
    expect(await app.findDelivery(plain)).not.toHaveProperty('links');

    await app.setSite({ countClicks: true });
    const counted = message({ eventId: 'e2', deliveryId: 'b'.repeat(32) });
    const [, on] = await deliver(counted);
    const code = new RegExp(`^${API}/c/[A-Za-z0-9_-]+$`);
    expect(on?.button).toEqual({ text: 'Vedi', style: 'primary', url: expect.stringMatching(code) });
    // The same page has the same code; another host stays, and what is written out.
    expect(on?.links).toEqual([on?.button?.url, expect.stringMatching(code), 'https://altro.example/x']);
    expect(on?.text).toContain('https://shop.example/scritto');
    expect(await app.findDelivery(counted)).toMatchObject({ status: 'sent', links: [ORDER, PRIVACY] });
  });

  test('no test of a template, and no more requests than without', async () => {
    const { findSite } = await import('../../lib/store/sites.ts');
    await deliver(message());
    const count = async (each: Notification) => {
      requests = [];
      const sent = await deliver(each);
      return { requests: [...requests], url: sent.at(-1)?.button?.url };
    };
    const off = await count(message({ deliveryId: 'a'.repeat(32), userId: 'bruno' }));
    await app.setSite({ countClicks: true });
    await findSite('demo');
    const on = await count(message({ deliveryId: 'b'.repeat(32), userId: 'carla' }));
    expect(on.url).toContain('/c/');
    // A slot that is missed on a busy machine is asked for again.
    expect(new Set(on.requests)).toEqual(new Set(off.requests));
    const test = await count(message({ deliveryId: 'c'.repeat(32), isTest: true }));
    expect(test.url).toBe(ORDER);
  });
});

describe('the real addresses stay in what is kept', () => {
  test('sent once more, a message has a code of its own', async () => {
    await app.setSite({ countClicks: true });
    const first = message({ deliveryId: 'b'.repeat(32) });
    const [sent] = await deliver(first);
    const { status } = await app.call('POST', `/v1/sites/demo/deliveries/${first.deliveryId}/resend`);
    expect(status).toBe(202);
    const [again] = await app.takeQueued();
    if (!again) throw new Error('Nothing is queued.');
    expect([again.button?.url, again.text]).toEqual([ORDER, TEXT]);

    const [, resent] = await deliver(again);
    expect(resent?.button?.url).toContain('/c/');
    expect(resent?.button?.url).not.toBe(sent?.button?.url);
    await open(resent?.button?.url);
    expect([await clicksOf(first), await clicksOf(again)]).toEqual([
      [undefined, false],
      [1, true],
    ]);
  });

  test('what was rendered before the shop moved leads to where it is now', async () => {
    const until = new Date(Date.now() + 86_400_000).toISOString();
    const formerUrls = [{ url: 'https://shop.example', until }];
    await app.setSite({ countClicks: true, url: 'https://nuovo.example', formerUrls });
    const moved = message({ deliveryId: 'b'.repeat(32) });
    const [sent] = await deliver(moved);
    expect((await open(sent?.button?.url)).headers.location).toBe(
      ORDER.replace('shop.example', 'nuovo.example'),
    );
  });

  test('at most ten links are counted, the button first', async () => {
    await app.setSite({ countClicks: true });
    const links = Array.from({ length: 12 }, (_, index) => `https://shop.example/p/${index}`);
    const text = links.map((link) => `<a href="${link}">x</a>`).join(' ');
    const [sent] = await deliver(message({ text, deliveryId: 'b'.repeat(32) }));
    expect(sent?.button?.url).toContain('/c/0');
    expect(sent?.links.map((link) => link.includes('/c/'))).toEqual([
      ...Array.from({ length: 9 }, () => true),
      ...Array.from({ length: 3 }, () => false),
    ]);
  });
});

test('the setting is off until it is set, and in the audit', async () => {
  const patch = (countClicks: unknown) => app.call('PATCH', '/v1/sites/demo', { body: { countClicks } });
  expect((await patch('sì')).json.errors).toMatchObject([{ pointer: '/countClicks' }]);
  expect((await patch(true)).json.countClicks).toBe(true);
  expect((await patch(false)).json.countClicks).toBe(false);
  const { json } = await app.call('GET', '/v1/sites/demo/audit');
  expect(json.entries[0].changes).toEqual([
    { action: 'setting-changed', field: 'countClicks', from: true, to: false },
  ]);
});

describe('who opens a link', () => {
  const counted = message({ deliveryId: 'b'.repeat(32) });
  let button: string | undefined;
  let privacy: string | undefined;
  beforeEach(async () => {
    await app.setSite({ countClicks: true });
    const [sent] = await deliver(counted);
    button = sent?.button?.url;
    privacy = sent?.links[1];
    requests = [];
  });

  test('comes to the page of the shop with one request, and is counted', async () => {
    const { status, headers, cookies } = await open(button);
    expect([status, headers.location, headers['cache-control'], headers['referrer-policy']]).toEqual([
      302,
      ORDER,
      'no-store',
      'no-referrer',
    ]);
    expect(cookies).toEqual([]);
    expect(requests).toEqual(['UpdateItemCommand']);
    expect(await clicksOf(counted)).toEqual([1, true]);

    const { clickedAt } = (await app.findDelivery(counted)) as unknown as { clickedAt: string };
    expect((await open(privacy)).headers.location).toBe(PRIVACY);
    expect(await app.findDelivery(counted)).toMatchObject({ clicks: 2, clickedAt, links: [ORDER, PRIVACY] });
    expect(requests.filter((name) => name === 'UpdateItemCommand')).toHaveLength(2);
  });

  test.each([
    ['Telegram', { 'user-agent': 'TelegramBot (like TwitterBot)' }],
    ['WhatsApp', { 'user-agent': 'WhatsApp/2.23.20.0' }],
    [
      'Facebook',
      { 'user-agent': 'facebookexternalhit/1.1 (+http://www.facebook.com/externalhit_uatext.php)' },
    ],
    ['Slack', { 'user-agent': 'Slackbot-LinkExpanding 1.0 (+https://api.slack.com/robots)' }],
    ['Skype', { 'user-agent': 'Mozilla/5.0 (Windows NT 6.1; WOW64) SkypeUriPreview Preview/0.5' }],
    ['Google', { 'user-agent': 'Mozilla/5.0 (compatible; Googlebot/2.1; +http://www.google.com/bot.html)' }],
    ['a scanner in Python', { 'user-agent': 'python-requests/2.32.3' }],
    ['a browser without a window', { 'user-agent': 'Mozilla/5.0 (X11; Linux x86_64) HeadlessChrome/142.0' }],
    ['a browser in advance', { ...PHONE, 'sec-purpose': 'prefetch;prerender' }],
    ['an older browser in advance', { ...PHONE, purpose: 'prefetch' }],
  ])('%s is led there, and not counted', async (_, headers) => {
    expect((await open(button, headers)).headers.location).toBe(ORDER);
    expect(await clicksOf(counted)).toEqual([undefined, false]);
  });

  test('HEAD changes nothing', async () => {
    const { status, headers } = await open(button, PHONE, 'HEAD');
    expect([status, headers.location]).toEqual([302, ORDER]);
    expect(await clicksOf(counted)).toEqual([undefined, false]);
  });

  test.each<[string, (path: string) => string]>([
    ['another signature', (path) => path.replace(/.(?=demo$)/, (last) => (last === 'A' ? 'B' : 'A'))],
    ['another link', (path) => path.replace('/c/0', '/c/1')],
    ['another shop', (path) => path.replace(/demo$/, 'altro')],
    ['another message', (path) => path.replace('b'.repeat(32), 'd'.repeat(32))],
    ['a part of it', (path) => path.slice(0, -1)],
    ['anything', () => '/c/abc'],
    ['a slash more', (path) => `${path}/`],
    ['an address', () => '/c/https:%2F%2Fevil.example'],
  ])('with %s: 404, without a request', async (_, change) => {
    const { status, json, headers } = await open(change(pathOf(button)));
    expect([status, json.code]).toEqual([404, expect.stringMatching(/unknown-link|no-such-path/)]);
    expect(headers).not.toHaveProperty('location');
    expect(requests).toEqual([]);
    expect(await clicksOf(counted)).toEqual([undefined, false]);
  });

  test('a person with a damaged link gets a page with the sentence, in their language', async () => {
    const browser = { ...PHONE, accept: 'text/html,application/xhtml+xml;q=0.9,*/*;q=0.8' };
    const italian = await open('/c/abc', { ...browser, 'accept-language': 'it-IT' });
    expect([italian.status, italian.headers['content-type']]).toEqual([404, 'text/html; charset=utf-8']);
    expect(italian.text).toMatch(/<html lang="it">[\s\S]*Questo link non è valido: ne manca una parte/);
    const english = await open('/c/abc', { ...browser, 'accept-language': 'en' });
    expect(english.text).toMatch(/<html lang="en">[\s\S]*This link is not valid/);
    expect((await open('/c/abc')).json.code).toBe('unknown-link');
  });

  test('after 90 days, or the erasure of the person: the home page, and nothing is written', async () => {
    await app.stack.empty('DeliveriesTable');
    await app.stack.put('SiteDirectoryTable', { part: 'sites', key: 'demo', url: 'https://shop.example' });

    const { status, headers } = await open(button);

    expect([status, headers.location]).toEqual([302, 'https://shop.example/']);
    expect(await app.stack.allDeliveries()).toEqual([]);
    await app.stack.empty('SiteDirectoryTable');
    expect((await open(button)).status).toBe(404);
  });

  test('the code stays valid while the key of the deployment changes, and no longer', async () => {
    const former = process.env.BOT_TOKEN_KEY;
    try {
      process.env.BOT_TOKEN_KEY = `${Buffer.alloc(32, 7).toString('base64')},${former}`;
      expect((await open(button)).status).toBe(302);
      process.env.BOT_TOKEN_KEY = Buffer.alloc(32, 7).toString('base64');
      expect((await open(button)).status).toBe(404);
    } finally {
      process.env.BOT_TOKEN_KEY = former;
    }
  });
});

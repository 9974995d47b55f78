/** A shop that moves to another domain: what the platform is told, which links are taken, and what people read. */
import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import type { Site } from '../../lib/store/sites.ts';
import { type App, startApp } from '../support/app.ts';
import { webhookOf } from '../support/bot-updates.ts';
import { ANNA, PLATFORM_KEY, template } from '../support/fixtures.ts';
import { cartEvent, pollDue, reminderEvent } from '../support/schedule.ts';
import { record } from '../support/sqs-events.ts';

let app: App;
beforeAll(async () => {
  app = await startApp({ telegram: 'emulator' });
});
afterAll(() => app.close());
beforeEach(() => app.reset());

const DAY = 24 * 3600 * 1000;
const put = (url: string, siteId = 'demo', more: object = {}) =>
  app.call('PUT', `/v1/sites/${siteId}`, {
    key: PLATFORM_KEY,
    body: { name: 'Demo Shop', url, moduleActive: true, ...more },
  });
const storedFormerUrls = async (siteId = 'demo') => (await app.storedSite(siteId)).formerUrls;
const formerHosts = async () => (await storedFormerUrls())?.map(({ url }) => url);

describe('PUT with another address', () => {
  test('keeps the former one for 90 days, and shows it', async () => {
    const before = Date.now();
    const answer = await put('https://new.example');

    expect(answer).toMatchObject({ status: 200, json: { url: 'https://new.example' } });
    const [former, ...others] = (await storedFormerUrls()) ?? [];
    expect(others).toEqual([]);
    expect(former?.url).toBe('https://shop.example');
    const until = Date.parse(former?.until ?? '');
    expect(until).toBeGreaterThanOrEqual(before + 90 * DAY);
    expect(until).toBeLessThanOrEqual(Date.now() + 90 * DAY);
    expect(answer.json.formerUrls).toEqual([former]);
    expect((await app.call('GET', '/v1/sites/demo')).json.formerUrls).toEqual([former]);
  });

  test.each(['https://shop.example/negozio', 'https://shop.example/', 'https://SHOP.example'])(
    'that is on the same host moves nothing: %s',
    async (url) => {
      const answer = await put(url);
      expect(answer).toMatchObject({ status: 200, json: { url } });
      expect(answer.json).not.toHaveProperty('reminders');
      expect(await storedFormerUrls()).toBeUndefined();
    },
  );

  test('repeated, keeps what is there and reminds of nothing', async () => {
    await put('https://new.example');
    const kept = await storedFormerUrls();
    const again = await put('https://new.example');
    expect(again.status).toBe(200);
    expect(again.json).not.toHaveProperty('reminders');
    expect(await storedFormerUrls()).toEqual(kept);
  });

  test('that is the former one again takes it off the list', async () => {
    await put('https://new.example');
    await put('https://shop.example');
    expect(await formerHosts()).toEqual(['https://new.example']);
    await put('https://new.example');
    expect(await formerHosts()).toEqual(['https://shop.example']);
  });

  test('another scheme or port counts as another address', async () => {
    await put('http://shop.example');
    await put('https://shop.example:8443');
    expect(await formerHosts()).toEqual(['http://shop.example', 'https://shop.example']);
  });

  test('keeps the last five', async () => {
    for (const number of [1, 2, 3, 4, 5, 6, 7]) await put(`https://n${number}.example`);
    expect(await formerHosts()).toEqual([6, 5, 4, 3, 2].map((number) => `https://n${number}.example`));
  });

  test('two at the same instant lose no former address', async () => {
    await Promise.all([put('https://a.example'), put('https://b.example')]);
    const { url } = await app.storedSite();
    const other = url === 'https://a.example' ? 'https://b.example' : 'https://a.example';
    expect(await formerHosts()).toEqual([other, 'https://shop.example']);
  });

  test('nobody else can add a former address', async () => {
    const body = { formerUrls: [{ url: 'https://evil.example', until: '2099-01-01T00:00:00Z' }] };
    const refusals = await Promise.all([
      app.call('PATCH', '/v1/sites/demo', { body }),
      app.call('PATCH', '/v1/sites/demo', { body: { url: 'https://evil.example' } }),
      app.call('PATCH', '/v1/sites/demo', { key: PLATFORM_KEY, body: { moduleActive: true, ...body } }),
      put('https://new.example', 'demo', body),
    ]);
    expect(refusals.map(({ status }) => status)).toEqual([400, 400, 400, 400]);
    expect(await storedFormerUrls()).toBeUndefined();
  });

  test('a new site has none', async () => {
    await app.createSite('nuovo');
    expect(await storedFormerUrls('nuovo')).toBeUndefined();
  });
});

describe('the answer reminds of what to change at @BotFather:', () => {
  const remindersAfter = async (changes: Partial<Site>, url = 'https://new.example') => {
    await app.setSite(changes);
    return (await put(url)).json.reminders;
  };
  const telegramLogin = { sealedClientSecret: 'sealed' };
  const widget = expect.stringMatching(/\/setdomain.*@demo_shop_bot.*new\.example/);
  const login = expect.stringMatching(/Log In With Telegram.*shop\.example.*https:\/\/new\.example/);

  test('the domain of the login widget', async () => {
    expect(await remindersAfter({})).toEqual([widget]);
  });

  test('the addresses of Log In With Telegram, where the site uses it', async () => {
    expect(await remindersAfter({ telegramLogin })).toEqual([widget, login]);
  });

  test('nothing, without a bot', async () => {
    await app.createSite('senza-bot');
    expect((await put('https://new.example', 'senza-bot')).json.reminders).toEqual([]);
  });

  test('from http to https, the widget’s domain stays', async () => {
    expect(await remindersAfter({ url: 'http://new.example' })).toEqual([]);
    expect(await remindersAfter({ url: 'http://new.example', telegramLogin })).toEqual([
      expect.stringMatching(/http:\/\/new\.example.*https:\/\/new\.example/),
    ]);
  });
});

let orders = 0;
const orderOf = (url: string, eventId = `ordine-${++orders}`) => ({
  eventId,
  order: {
    id: eventId,
    reference: 'OC 1',
    status: 'Evaso',
    itemCount: 1,
    total: { amount: '1.00', currency: 'EUR' },
    url,
  },
  holder: { id: 'anna' },
});
const TEXT =
  '{{nome}}: {{urlSito}}/conto, <a href="https://shop.example/x?a=1&amp;b=2">qui</a>, info@shop.example';
const orderTemplate = template('order-status', 'ordine', {
  statuses: ['Evaso'],
  text: { it: TEXT },
  button: { it: 'Vedi' },
});

describe('the links of events', () => {
  beforeEach(() => app.setTemplates(orderTemplate));

  test.each(['https://shop.example/1', 'https://area.shop.example/1', 'https://new.example/1'])(
    'may be on the former host, by HTTPS and by SQS: %s',
    async (url) => {
      await put('https://new.example');
      expect((await app.report('order-status', orderOf(url, `a-${url}`))).status).toBe(202);
      expect(await app.receive('order-status', [{ siteId: 'demo', ...orderOf(url, `b-${url}`) }])).toEqual(
        [],
      );
      expect(await app.takeQueued()).toHaveLength(2);
    },
  );

  test('may not be there once its time is over', async () => {
    await put('https://new.example');
    const [former] = (await storedFormerUrls()) ?? [];
    const over = new Date(Date.now() - 1).toISOString();
    const formerUrls = [{ url: former?.url ?? '', until: over }];
    await app.setSite({ templates: [orderTemplate], url: 'https://new.example', formerUrls });
    const answer = await app.report('order-status', orderOf('https://shop.example/1'));
    expect(answer).toMatchObject({ status: 400, json: { errors: [{ pointer: '/order/url' }] } });
    expect(answer.json.errors[0].detail).toContain('new.example');
  });

  test('of the preview and of a test too', async () => {
    await put('https://new.example');
    const draft = { event: 'order-status', text: { it: TEXT, en: TEXT }, button: { it: 'Vedi', en: 'See' } };
    const body = { ...draft, url: 'https://shop.example/1' };
    const { status, json } = await app.call('POST', '/v1/sites/demo/templates/preview', { body });
    expect(status).toBe(200);
    expect(json.previews.it.html).toBe(
      'Anna: https://new.example/conto, <a href="https://new.example/x?a=1&amp;b=2">qui</a>, info@shop.example',
    );
    expect(json.previews.it.button.url).toBe('https://new.example/1');
  });
});

describe('what people read is written with the new host', () => {
  const message = async () => (await app.telegram.messagesIn(ANNA)).at(-1);
  const buttonUrl = (found: Awaited<ReturnType<typeof message>>) =>
    found?.reply_markup?.inline_keyboard?.[0]?.[0]?.url;

  async function deliverQueued(): Promise<void> {
    const queued = await app.takeQueued();
    expect(await app.deliver(queued.map((each) => record(each)))).toEqual([]);
  }

  test('in a message that was queued before the move', async () => {
    await app.setTemplates(orderTemplate);
    await app.report('order-status', orderOf('https://area.shop.example/ordini/1?a=1#x'));
    await put('https://new.example');

    await deliverQueued();

    const sent = await message();
    expect(sent?.text).toBe('Anna: https://new.example/conto, qui, info@shop.example');
    expect(JSON.stringify(sent?.entities)).toContain('https://new.example/x?a=1&b=2');
    expect(buttonUrl(sent)).toBe('https://area.new.example/ordini/1?a=1#x');
  });

  test('also long after its time in events is over', async () => {
    const past = '2020-01-01T00:00:00.000Z';
    const templates = [orderTemplate];
    await app.setSite({ templates });
    await app.report('order-status', orderOf('https://shop.example/1'));
    const queued = await app.takeQueued();
    const moved = { url: 'https://new.example', formerUrls: [{ url: 'https://shop.example', until: past }] };
    await app.setSite({ templates, ...moved });
    await app.deliver(queued.map((each) => record(each)));
    expect(buttonUrl(await message())).toBe('https://new.example/1');
  });

  test('and stays within Telegram’s limit where the new host is longer', async () => {
    const text = { it: `${'x'.repeat(4_070)} {{urlSito}}` };
    await app.setTemplates(template('order-status', 'ordine', { statuses: ['Evaso'], text }));
    await app.report('order-status', orderOf('https://shop.example/1'));
    await put('https://a-very-much-longer-host.example');

    await deliverQueued();

    const sent = await message();
    expect(sent?.text?.length).toBeLessThanOrEqual(4_096);
    expect(sent?.text?.endsWith('…')).toBe(true);
    expect(await app.telegram.calls()).toHaveLength(1);
  });

  test('nothing that is not the shop’s: a message of a shop that never moved goes out as it is', async () => {
    await app.setTemplates(orderTemplate);
    await app.report('order-status', orderOf('https://shop.example/1'));
    await deliverQueued();
    expect(buttonUrl(await message())).toBe('https://shop.example/1');
  });

  test('in the answers of the bot, with the contact that the merchant has written', async () => {
    await app.setSite({ merchantContact: 'https://shop.example/contatti' });
    await put('https://new.example');
    await webhookOf(app).write(ANNA, 'Ciao');
    const said = (await app.telegram.textsIn(ANNA)).join();
    expect(said).toContain('https://new.example/contatti');
    expect(said).not.toContain('shop.example');
  });

  test('in a cart and in a reminder that waited for their time', async () => {
    const text = { it: '{{urlSito}}', en: '{{urlSito}}' };
    const button = { it: 'Vedi', en: 'See' };
    await app.setTemplates(
      template('abandoned-cart', 'carrello', { text, button }),
      template('activity-reminder', 'promemoria', { text, button }),
    );
    await app.report('abandoned-cart', cartEvent({ occurredAt: '2026-11-20T10:00:00+01:00' }));
    await app.report('activity-reminder', reminderEvent({ recipients: [{ id: 'anna' }] }));
    await put('https://new.example');

    await pollDue('abandoned-cart', '2026-11-20T13:00:00+01:00');
    await deliverQueued();
    expect(buttonUrl(await message())).toBe('https://new.example/carrello/30977');
    await pollDue('activity-reminder', '2027-03-15T08:31:00+01:00');
    await deliverQueued();
    expect(buttonUrl(await message())).toBe('https://new.example/agenda/720');
  });
});

/** The messages about one abandoned cart: who gets the later ones, what ends them, and what is taken back (docs/events.md). */
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import type { Notification } from '../../lib/deliveries/notification.ts';
import type { Template } from '../../lib/domain/templates.ts';
import type { Site } from '../../lib/store/sites.ts';
import { type App, startApp } from '../support/app.ts';
import { webhookOf } from '../support/bot-updates.ts';
import { endLater, later } from '../support/later.ts';
import { type Fields, payload } from '../support/payloads.ts';
import { cartEvent, pollDue } from '../support/schedule.ts';
import { notification, record } from '../support/sqs-events.ts';

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const ANNA = 1001;

let app: App;
let count = 0;
beforeAll(async () => {
  app = await startApp({ telegram: 'emulator', forDeliveries: true });
});
afterAll(() => app.close());
beforeEach(async () => {
  await app.reset();
  await app.setSite(SERIES);
});
afterEach(endLater);

const template = (id: string, changes: Partial<Template> = {}): Template => ({
  ...{ id, name: id, event: 'abandoned-cart', enabled: true, text: { it: id } },
  ...changes,
});
const ORDER: Template = {
  ...{ id: 'ordine', name: 'ordine', event: 'order-status', enabled: true, text: { it: 'ordine' } },
  statuses: ['Nuovo', 'Evaso'],
};
const TEMPLATES = [
  template('primo', { button: { it: 'Completa' } }),
  template('secondo', {
    ...{ step: 2, text: { it: 'secondo {{codiceCoupon}}' }, couponCode: 'TORNA10' },
    couponButton: { it: 'Copia {{codiceCoupon}}' },
  }),
  template('terzo', { step: 3 }),
  ORDER,
];
const SERIES: Partial<Site> = {
  abandonedCartHours: 1,
  cartSeries: { steps: [{ afterHours: 24 }, { afterHours: 72 }] },
  templates: TEMPLATES,
};

const newId = () => `serie-${++count}`;
const at = (milliseconds = 0) => new Date(Date.now() + milliseconds).toISOString();
const consent = (given: boolean, milliseconds = 0) => ({
  given,
  at: at(milliseconds),
  source: 'Registrazione',
});
const YES = () => ({ marketingConsent: consent(true, -HOUR) });

const cart = (user: Fields = {}, fields: Fields = {}, changes: Fields = {}) => {
  const body = cartEvent({ eventId: newId(), occurredAt: at(), ...changes });
  return app.report('abandoned-cart', {
    ...body,
    cart: { ...(body.cart as Fields), ...fields },
    user: { ...(body.user as Fields), ...user },
  });
};
const order = (changes: Fields = {}, status = 'Nuovo') => {
  const body = payload('order-status', { eventId: newId(), occurredAt: at(), ...changes });
  return app.report('order-status', {
    ...body,
    order: { ...(body.order as Fields), status },
    holder: { id: 'anna' },
  });
};
const NAMED = { cartId: '30977' };
const deliver = async (queued?: Notification[]) =>
  expect(await app.deliver((queued ?? (await app.takeQueued())).map((each) => record(each)))).toEqual([]);
/** The poller, and what it queues, after some time. */
async function due(hours: number): Promise<void> {
  later(hours * HOUR);
  await pollDue('abandoned-cart', Date.now());
  await deliver();
}
const shown = () => app.telegram.textsIn(ANNA);
const log = async (query = ''): Promise<Fields[]> =>
  (await app.call('GET', '/v1/sites/demo/deliveries', { query })).json.deliveries;
const reasons = async () => (await log('status=skipped')).map(({ reason }) => reason);

describe('the steps', () => {
  test('go out one after the other, hours after the cart was abandoned, to whoever has consented in the event', async () => {
    const { json } = await cart(YES());
    expect(Date.parse(json.notifications[0].dueAt) - Date.now()).toBeGreaterThan(0.9 * HOUR);
    await due(1.01);
    expect(await shown()).toEqual(['primo']);
    await due(22.9);
    expect(await shown()).toEqual(['primo']);
    await due(0.2);
    expect(await shown()).toEqual(['primo', 'secondo TORNA10']);
    await due(47.9);
    expect(await shown()).toEqual(['primo', 'secondo TORNA10', 'terzo']);
    await due(100);
    expect(await shown()).toHaveLength(3);
  });

  test('the coupon has a button that copies it, and the cart is filled where the button leads', async () => {
    await cart(YES(), { recoveryUrl: 'https://shop.example/carrello/30977/riprendi' });
    await due(1.01);
    await due(23);
    const [first, second] = await app.telegram.messagesIn(ANNA);
    expect(first?.reply_markup?.inline_keyboard).toEqual([
      [{ text: 'Completa', url: 'https://shop.example/carrello/30977/riprendi' }],
    ]);
    expect(second?.reply_markup?.inline_keyboard).toContainEqual([
      { text: 'Copia TORNA10', copy_text: { text: 'TORNA10' } },
    ]);
  });

  test('without consent only the first goes out, and the log says why', async () => {
    await cart();
    await due(1.01);
    await due(23);
    await due(48);
    expect(await shown()).toEqual(['primo']);
    expect(await reasons()).toEqual(['no-marketing-consent', 'no-marketing-consent']);
    const [line] = await log('status=skipped');
    expect(line?.step).toBe(3);
    expect(line?.message).toMatchObject({
      it: expect.stringContaining('consenso'),
      en: expect.stringContaining('consented'),
    });
  });

  test('the log and what is to come say which message is meant', async () => {
    await app.setSite({ ...SERIES, templates: [template('primo')] });
    await cart(YES());
    const scheduled = async () => {
      const { json } = await app.call('GET', '/v1/sites/demo/scheduled');
      return json.scheduled.map(({ kind, step }: Fields) => [kind, step]);
    };
    expect(await scheduled()).toEqual([['cart', undefined]]);
    await due(1.01);
    expect(await scheduled()).toEqual([['cart', 2]]);
    expect((await log('status=scheduled')).map(({ step }) => step)).toEqual([2]);
    await due(23);
    expect(await scheduled()).toEqual([['cart', 3]]);
    const [missing] = await log('status=skipped');
    expect(missing).toMatchObject({ reason: 'no-template', step: 2 });
    expect(missing?.message).toMatchObject({
      it: expect.stringContaining('nessun messaggio attivo per il secondo messaggio sul carrello'),
      en: expect.stringContaining('no template for the second message about the cart is enabled'),
    });
    await app.setSite({ ...SERIES, active: false });
    await due(48);
    await app.setSite(SERIES);
    const lines = await log('status=skipped');
    expect(lines.map(({ reason, step }) => [reason, step])).toContainEqual(['site-inactive', 3]);
  });

  test('where one was late, the next one does not follow at once', async () => {
    await cart(YES());
    await due(30);
    expect(await shown()).toEqual(['primo']);
    await due(11);
    expect(await shown()).toEqual(['primo']);
    await due(1);
    expect(await shown()).toEqual(['primo', 'secondo TORNA10']);
  });

  test('of steps that fall due in one night, the next one does not follow when the night ends', async () => {
    const hour = (hours: number) => new Date(Date.now() + hours * HOUR).toISOString().slice(11, 16);
    const quietHours = { from: hour(0.5), to: hour(12), mode: 'after' as const };
    const cartSeries = { steps: [{ afterHours: 4 }, { afterHours: 10 }] };
    await app.setSite({ ...SERIES, timeZone: 'UTC', quietHours, cartSeries });
    await cart(YES());
    for (const hours of [1.01, 3, 6]) await due(hours);
    expect(await shown()).toEqual([]);
    later(2 * HOUR);
    await app.drain();
    await due(0);
    expect(await shown()).toEqual(['primo']);
    // Half of the three hours between the two.
    await due(1.3);
    expect(await shown()).toEqual(['primo']);
    await due(0.3);
    expect(await shown()).toEqual(['primo', 'secondo TORNA10']);
  });

  test('a series that is switched off ends for the carts that wait', async () => {
    await cart(YES());
    await due(1.01);
    await app.setSite({ ...SERIES, cartSeries: undefined as never });
    await due(23);
    await app.setSite(SERIES);
    await due(48);
    expect(await shown()).toEqual(['primo']);
  });

  test('a site without a series has one message, whatever templates it has', async () => {
    await app.setSite({ ...SERIES, cartSeries: undefined as never });
    await cart(YES());
    await due(1.01);
    await due(23);
    await due(48);
    expect(await shown()).toEqual(['primo']);
    expect((await log()).map(({ step }) => step)).toEqual([undefined]);
  });
});

describe('consent', () => {
  const patch = (given: boolean, milliseconds = 0) =>
    app.call('PATCH', '/v1/sites/demo/users/anna', {
      body: { marketingConsent: consent(given, milliseconds) },
    });

  test('that is stored counts where the event says nothing', async () => {
    expect((await patch(true)).json.marketingConsent).toMatchObject({ given: true, source: 'Registrazione' });
    await cart();
    await due(1.01);
    await due(23);
    expect(await shown()).toEqual(['primo', 'secondo TORNA10']);
  });

  test('of an event is kept with the person, unless they have said something since', async () => {
    await cart(YES());
    expect((await app.findUser('anna'))?.marketingConsent).toMatchObject({ given: true });
    await patch(false);
    await cart({ marketingConsent: consent(true, -MINUTE) }, {}, { occurredAt: at(1) });
    expect((await app.findUser('anna'))?.marketingConsent).toMatchObject({ given: false });
  });

  test('withdrawn between two steps ends the advertising', async () => {
    await cart(YES());
    await due(1.01);
    await patch(false);
    await due(23);
    expect(await shown()).toEqual(['primo']);
    expect(await reasons()).toEqual(['no-marketing-consent']);
  });

  test('withdrawn while the message is in the queue: it is looked at right before it is sent', async () => {
    await cart(YES());
    await due(1.01);
    later(23 * HOUR);
    await pollDue('abandoned-cart', Date.now());
    await patch(false);
    await deliver();
    expect(await shown()).toEqual(['primo']);
    expect(await reasons()).toEqual(['no-marketing-consent']);
  });

  test('that comes late does not take back what was said since', async () => {
    await patch(true, -HOUR);
    await patch(false, -2 * HOUR);
    expect((await app.findUser('anna'))?.marketingConsent).toMatchObject({ given: true });
  });

  test('of a time to come counts as of now: it can be withdrawn', async () => {
    await patch(true, 1000 * HOUR);
    later(1000);
    await patch(false);
    expect((await app.findUser('anna'))?.marketingConsent).toMatchObject({ given: false });
  });
});

describe('the order', () => {
  test('ends the series, and the messages are taken back', async () => {
    await cart(YES());
    await due(1.01);
    await due(23);
    expect(await shown()).toHaveLength(2);
    later(10 * MINUTE);
    await order(NAMED);
    await deliver();
    expect(await shown()).toEqual(['ordine']);
    const lines = await log('status=sent');
    expect(lines.map(({ event, takenBackAt }) => [event, takenBackAt !== undefined])).toEqual([
      ['order-status', false],
      ['abandoned-cart', true],
      ['abandoned-cart', true],
    ]);
    expect(lines.at(-1)?.message).toMatchObject({ it: expect.stringContaining('ritirato') });
    await due(48);
    expect(await shown()).toEqual(['ordine']);
  });

  test('Telegram deletes no message after 48 hours: a neutral text without buttons stands in its place', async () => {
    await cart(YES());
    await due(1.01);
    await due(23);
    later(47 * HOUR);
    await order(NAMED);
    await deliver();
    const messages = await app.telegram.messagesIn(ANNA);
    expect(messages.map(({ text }) => text)).toEqual(['Questo messaggio non è più attuale.', 'ordine']);
    expect(messages[0]?.reply_markup).toBeUndefined();
    const [, second, first] = await log('status=sent');
    expect(second).not.toHaveProperty('takenBackAs');
    expect(second?.message).toMatchObject({ it: expect.stringContaining('ritirato dalla chat') });
    expect(first).toMatchObject({
      takenBackAs: 'edited',
      message: {
        it: expect.stringContaining('sostituito con un testo neutro'),
        en: expect.stringContaining('replaced by a neutral text'),
      },
    });
  });

  test('an order that is reported again takes nothing back again, and a later status neither', async () => {
    await cart(YES());
    await due(1.01);
    const once = { ...NAMED, eventId: newId(), occurredAt: at() };
    await order(once);
    await deliver();
    await order(once);
    await order(NAMED, 'Evaso');
    expect((await app.takeQueued()).filter(({ takesBack }) => takesBack)).toEqual([]);
  });

  test('the DELETE of a cart takes its messages back', async () => {
    await cart(YES());
    await due(1.01);
    await app.withdraw('abandoned-cart', 'anna');
    await deliver();
    expect(await shown()).toEqual([]);
  });

  test('what an earlier report of the same cart has sent is taken back too', async () => {
    await cart(YES());
    await due(1.01);
    await cart(YES());
    await due(1.01);
    expect(await shown()).toEqual(['primo', 'primo']);
    await order(NAMED);
    await deliver();
    expect(await shown()).toEqual(['ordine']);
  });

  test('what was sent about a cart that this one has replaced is taken back too, and does not count', async () => {
    await cart(YES(), { id: 'vecchio' });
    await due(1.01);
    await due(23);
    await cart(YES(), { id: 'mezzo' });
    await cart(YES());
    await due(1.01);
    expect(await shown()).toEqual(['primo', 'secondo TORNA10', 'primo']);
    await order(NAMED);
    await deliver();
    expect(await shown()).toEqual(['ordine']);
    const { json } = await app.call('GET', '/v1/sites/demo/statistics');
    expect(json.totals.recovered).toEqual({ 1: 1 });
  });

  test('a cart that was ordered itself is not taken back, nor asked for, with the next one', async () => {
    await cart(YES(), { id: 'vecchio' });
    await due(1.01);
    await order({ cartId: 'vecchio' });
    await deliver();
    later(MINUTE);
    await cart(YES());
    await due(1.01);
    await order(NAMED);
    const [taking] = (await app.takeQueued()).filter(({ takesBack }) => takesBack);
    expect(taking?.takesBack).not.toHaveProperty('replacedIds');
  });

  test('in the same batch as the message, which was in flight', async () => {
    await cart(YES());
    later(1.01 * HOUR);
    await pollDue('abandoned-cart', Date.now());
    const message = await app.takeQueued();
    const { site } = app;
    await order(NAMED);
    const taking = await app.takeQueued();
    // The message was looked at before the order was known.
    await app.stack.empty('ScheduleTable');
    await app.setSite(site);
    await deliver([...message, ...taking]);
    expect(await shown()).toEqual(['ordine']);
  });

  test('a bot without a token: what is taken back waits as messages do', async () => {
    await cart(YES());
    await due(1.01);
    const bot = app.site.bot;
    await app.setSite({ ...SERIES, bot: undefined as never });
    await order(NAMED);
    await deliver();
    expect(await shown()).toEqual(['primo']);
    expect((await log('status=waiting')).map(({ event }) => event)).toEqual(['order-status']);
    await app.setSite({ ...SERIES, ...(bot && { bot }) });
    await app.drainLater();
    expect(await shown()).toEqual(['ordine']);
  });

  test('at night, when messages of the chat wait: at once, and again behind them', async () => {
    await cart(YES());
    await due(1.01);
    const hour = (hours: number) => new Date(Date.now() + hours * HOUR).toISOString().slice(11, 16);
    const quietHours = { from: hour(-1), to: hour(6), mode: 'after' as const };
    await app.setSite({ ...SERIES, timeZone: 'UTC', quietHours });
    await deliver([notification({ text: 'altro' })]);
    expect(await shown()).toEqual(['primo']);
    await order(NAMED);
    await deliver();
    expect(await shown()).toEqual([]);
    expect((await log('status=waiting')).map(({ event }) => event)).toEqual(['order-status', 'order-status']);
    const { json } = await app.call('GET', '/v1/sites/demo/scheduled');
    expect(json.scheduled.map(({ event }: Fields) => event)).toEqual(['order-status', 'order-status']);
    later(7 * HOUR);
    await app.drain();
    expect(await shown()).toEqual(['altro', 'ordine']);
  });

  test('a message that Telegram neither deletes nor edits stays, and is not tried again', async () => {
    await cart(YES());
    await due(1.01);
    const refusal = (method: string, description: string) => {
      const body = { ok: false, error_code: 400, description };
      return app.telegram.fault({ method, times: 1, status: 400, body });
    };
    await refusal('deleteMessage', "Bad Request: message can't be deleted for everyone");
    await refusal('editMessageText', "Bad Request: message can't be edited");
    await order(NAMED);
    await deliver();
    expect(await shown()).toEqual(['primo', 'ordine']);
  });

  test('Telegram asks to wait: it waits, and is taken back then', async () => {
    await cart(YES());
    await due(1.01);
    const body = {
      ok: false,
      error_code: 429,
      description: 'Too Many Requests',
      parameters: { retry_after: 5 },
    };
    await app.telegram.fault({ method: 'deleteMessage', times: 1, status: 429, body });
    await order(NAMED);
    await deliver();
    expect(await shown()).toEqual(['primo']);
    later(6_000);
    await app.drainLater();
    expect(await shown()).toEqual(['ordine']);
  });

  test('Telegram fails in passing: it is tried for five minutes, then the confirmation comes all the same', async () => {
    await cart(YES());
    await due(1.01);
    const body = { ok: false, error_code: 500, description: 'Internal Server Error' };
    await app.telegram.fault({ method: 'deleteMessage', times: 100, status: 500, body });
    await order(NAMED);
    await deliver();
    await deliver([notification({ text: 'altro' })]);
    expect(await shown()).toEqual(['primo']);
    const words = (await log('status=waiting')).map(({ message }) => (message as Fields).it);
    expect(words.toSorted()).toEqual([
      expect.stringContaining('qualcosa che viene prima nella chat'),
      expect.stringContaining('Telegram non risponde'),
    ]);
    later(4 * MINUTE);
    await app.drainLater();
    expect(await shown()).toEqual(['primo']);
    later(1.1 * MINUTE);
    await app.drainLater();
    expect(await shown()).toEqual(['primo', 'ordine', 'altro']);
  });

  test('what another bot has sent is left alone', async () => {
    await cart(YES());
    await due(1.01);
    const { bot } = app.site;
    await app.setSite({ ...SERIES, ...(bot && { bot: { ...bot, id: '999' } }) });
    await order(NAMED);
    await deliver();
    expect(await shown()).toEqual(['primo']);
  });

  test('in each of the chats of a person', async () => {
    const chat = { linkedAt: '2026-01-01T00:00:00.000Z', botId: '100' };
    await app.setUser('anna', {
      chatId: 1001,
      ...chat,
      moreChats: [{ chatId: 1002, ...chat, ownIds: true }],
    });
    await cart(YES());
    await due(1.01);
    expect(await app.telegram.textsIn(1002)).toHaveLength(1);
    await order(NAMED);
    await deliver();
    expect(await app.telegram.textsIn(1001)).toEqual(['ordine']);
    expect((await app.telegram.textsIn(1002)).filter((text) => text.includes('primo'))).toEqual([]);
  });

  test('where the series is off, nothing is taken back', async () => {
    await app.setSite({ ...SERIES, cartSeries: undefined as never });
    await cart(YES());
    await due(1.01);
    await order(NAMED);
    await deliver();
    expect(await shown()).toEqual(['primo', 'ordine']);
  });
});

describe('what the merchant sets', () => {
  const patch = async (body: Fields) => {
    const { status, json } = await app.call('PATCH', '/v1/sites/demo', { body });
    return { status, places: json.errors?.map(({ pointer }: Fields) => pointer), site: json };
  };

  test('each message comes later than the one before, and there are three at most', async () => {
    expect((await patch({ cartSeries: { steps: [{ afterHours: 24 }] } })).site.cartSeries).toEqual({
      steps: [{ afterHours: 24 }],
    });
    expect((await patch({ cartSeries: null })).site).not.toHaveProperty('cartSeries');
    const wrong = async (body: Fields) => (await patch(body)).places;
    expect(await wrong({ abandonedCartHours: 1, cartSeries: { steps: [{ afterHours: 1 }] } })).toEqual([
      '/cartSeries/steps/0/afterHours',
    ]);
    expect(await wrong({ cartSeries: { steps: [{ afterHours: 24 }, { afterHours: 24 }] } })).toEqual([
      '/cartSeries/steps/1/afterHours',
    ]);
    expect(await wrong({ cartSeries: { steps: [] } })).toEqual(['/cartSeries/steps']);
    const three = [2, 3, 4].map((afterHours) => ({ afterHours }));
    expect(await wrong({ cartSeries: { steps: three } })).toEqual(['/cartSeries/steps']);
    await patch({ cartSeries: { steps: [{ afterHours: 24 }] } });
    expect(await wrong({ abandonedCartHours: 30 })).toEqual(['/abandonedCartHours']);
  });

  test.each<[string, Fields, string[]]>([
    ['a coupon in the first message', { couponCode: 'X' }, ['/couponCode']],
    ['a button without a code', { step: 2, couponButton: { it: 'Copia' } }, ['/couponCode']],
    ['a fourth message', { step: 4 }, ['/step']],
    ['a code that is too long', { step: 2, couponCode: 'X'.repeat(257) }, ['/couponCode']],
    [
      'a step of an order',
      { event: 'order-status', statuses: ['Nuovo'], step: 2, couponCode: 'X' },
      ['/step', '/couponCode'],
    ],
  ])('refuses %s', async (_, changes, places) => {
    const body = { name: 'prova', event: 'abandoned-cart', text: { it: 'a', en: 'b' }, ...changes };
    const { status, json } = await app.call('POST', '/v1/sites/demo/templates', { body });
    expect(status).toBe(400);
    expect(json.errors.map(({ pointer }: Fields) => pointer)).toEqual(places);
  });

  test('a message that the settings do not have can be saved, with a warning in both languages', async () => {
    await app.setSite({ ...SERIES, cartSeries: { steps: [{ afterHours: 24 }] }, templates: [] });
    const warnings = async (step: number, headers: Record<string, string> = {}) => {
      const body = { name: 'prova', event: 'abandoned-cart', step, text: { it: 'a', en: 'b' } };
      const { status, json } = await app.call('POST', '/v1/sites/demo/templates', { body, headers });
      return [status, json.warnings];
    };
    expect(await warnings(2)).toEqual([201, undefined]);
    expect(await warnings(3)).toEqual([
      201,
      [
        {
          ...{ pointer: '/step', code: 'step-not-set' },
          detail: expect.stringContaining('sends nothing yet'),
        },
      ],
    ]);
    expect(await warnings(3, { 'accept-language': 'it' })).toEqual([
      201,
      expect.arrayContaining([
        expect.objectContaining({ detail: expect.stringContaining('Per ora non invia nulla') }),
      ]),
    ]);
  });

  test('the coupon is in the preview and in the patch of a template, and the steps do not overlap', async () => {
    const body = {
      ...{ id: 'nuovo', name: 'prova', event: 'abandoned-cart', step: 2, couponCode: 'TORNA10' },
      text: { it: 'Codice {{codiceCoupon}}', en: 'Code {{codiceCoupon}}' },
      couponButton: { it: 'Copia', en: 'Copy' },
    };
    await app.setSite({ ...SERIES, templates: [template('primo')] });
    const created = await app.call('POST', '/v1/sites/demo/templates', { body });
    expect(created.json).toMatchObject({ step: 2, couponCode: 'TORNA10' });
    expect(created.json.warnings ?? []).toEqual([]);
    const { json } = await app.call('POST', '/v1/sites/demo/templates/preview', { body });
    expect(json.previews.it).toMatchObject({
      text: 'Codice TORNA10',
      moreButtons: [{ text: 'Copia', copyText: 'TORNA10' }],
    });
    const patched = await app.call('PATCH', '/v1/sites/demo/templates/nuovo', {
      body: { step: null, couponCode: null, couponButton: null },
    });
    for (const field of ['step', 'couponCode', 'couponButton'])
      expect(patched.json).not.toHaveProperty(field);
  });
});

describe('a person', () => {
  const marketingConsent = { given: true, at: '2026-10-01T10:00:00.000Z', source: 'Registrazione' };

  test('may be imported with the consent, which is in their export, follows a renaming and goes with them', async () => {
    const body = { botId: '100', users: [{ userId: 'elena', chatId: 4242, marketingConsent }] };
    expect((await app.call('POST', '/v1/sites/demo/users/import', { body })).status).toBe(200);
    const { json } = await app.call('GET', '/v1/sites/demo/users/elena/export');
    expect(json.user.marketingConsent).toEqual(marketingConsent);
    await app.call('POST', '/v1/sites/demo/users/elena/rename', { body: { userId: 'elena-2' } });
    expect((await app.call('GET', '/v1/sites/demo/users/elena-2')).json).toMatchObject({ marketingConsent });
    await app.call('DELETE', '/v1/sites/demo/users/elena-2');
    expect(await app.findUser('elena-2')).toBeUndefined();
  });

  test('links with the consent that the site had', async () => {
    const { json } = await app.call('POST', '/v1/sites/demo/users/dario/link', {
      body: { marketingConsent },
    });
    const exported = await app.call('GET', '/v1/sites/demo/users/dario/export');
    expect(exported.json.links[0].marketingConsent).toEqual(marketingConsent);
    await webhookOf(app).write(5005, `/start ${json.token}`);
    expect((await app.findUser('dario'))?.marketingConsent).toEqual(marketingConsent);
  });

  test('withdraws it in the settings of the bot, which show the button only then', async () => {
    const webhook = webhookOf(app);
    const buttons = async () =>
      ((await app.telegram.lastIn(ANNA)).reply_markup?.inline_keyboard ?? []).flat();
    await webhook.write(ANNA, '/impostazioni');
    expect((await buttons()).map(({ text }) => text)).not.toContain('🏷️ Non voglio più offerte');
    await app.call('PATCH', '/v1/sites/demo/users/anna', { body: { marketingConsent } });
    await webhook.write(ANNA, '/impostazioni');
    const button = (await buttons()).find(({ text }) => text === '🏷️ Non voglio più offerte');
    const { message_id: messageId } = await app.telegram.lastIn(ANNA);
    await webhook.pressButton(
      ANNA,
      messageId,
      String(button && 'callback_data' in button && button.callback_data),
    );
    expect((await app.findUser('anna'))?.marketingConsent).toMatchObject({ given: false, source: 'bot' });
    expect((await buttons()).map(({ text }) => text)).not.toContain('🏷️ Non voglio più offerte');
  });

  test.each<[string, Fields]>([
    ['/marketingConsent/at', { ...marketingConsent, at: 'ieri' }],
    ['/marketingConsent/source', { ...marketingConsent, source: '' }],
    ['/marketingConsent/given', { ...marketingConsent, given: 'si' }],
  ])('a wrong consent is refused: %s', async (pointer, wrong) => {
    const body = { marketingConsent: wrong };
    const { status, json } = await app.call('PATCH', '/v1/sites/demo/users/anna', { body });
    expect([status, json.errors.map((error: Fields) => error.pointer)]).toEqual([400, [pointer]]);
  });

  test('the time of a consent, which is required, is not to be left out', async () => {
    const body = { marketingConsent: { ...marketingConsent, at: '1970-01-01T00:00:00Z' } };
    const { json } = await app.call('PATCH', '/v1/sites/demo/users/anna', { body });
    expect(json.errors).toEqual([
      {
        pointer: '/marketingConsent/at',
        code: 'invalid',
        detail:
          'Must be in a year from 2000 to 2099: a consent counts only where it is known when it was given or withdrawn.',
      },
    ]);
  });
});

describe('the figures', () => {
  const recovered = async () => (await app.call('GET', '/v1/sites/demo/statistics')).json.totals.recovered;

  test('say after which message carts were ordered', async () => {
    await cart(YES());
    await due(1.01);
    await due(23);
    await order(NAMED);
    await deliver();
    expect(await recovered()).toEqual({ 2: 1 });
  });

  test('a cart that was ordered before any message, or withdrawn, is none', async () => {
    await cart(YES());
    await order(NAMED);
    await deliver();
    await cart(YES(), { id: 'altro' }, { occurredAt: at(1) });
    await due(1.01);
    await app.withdraw('abandoned-cart', 'anna');
    await deliver();
    expect(await shown()).toEqual(['ordine']);
    expect(await recovered()).toBeUndefined();
  });
});

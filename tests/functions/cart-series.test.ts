/** The messages about one abandoned cart: who gets the later ones, what ends them, and what is taken back (docs/events.md). */
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import type { Notification } from '../../lib/deliveries/notification.ts';
import type { Template } from '../../lib/domain/templates.ts';
import type { Site } from '../../lib/store/sites.ts';
import { type App, startApp } from '../support/app.ts';
import { endLater, later } from '../support/later.ts';
import { type Fields, payload } from '../support/payloads.ts';
import { cartEvent, pollDue } from '../support/schedule.ts';
import { record } from '../support/sqs-events.ts';

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
    expect(line?.message).toMatchObject({
      it: expect.stringContaining('consenso'),
      en: expect.stringContaining('consented'),
    });
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

  test('where the series is off, nothing is taken back, and no call is made for it', async () => {
    await app.setSite({ ...SERIES, cartSeries: undefined as never });
    await cart(YES());
    await due(1.01);
    await order(NAMED);
    await deliver();
    expect(await shown()).toEqual(['primo', 'ordine']);
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

/** What holds is what was said last: events that come late, twice, withdrawn, or while the site is off (docs/events.md). */
import { SendMessageCommand } from '@aws-sdk/client-sqs';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import type { Notification } from '../../lib/deliveries/notification.ts';
import { encryptToken } from '../../lib/telegram/token-encryption.ts';
import { type App, startApp } from '../support/app.ts';
import { endLater, later } from '../support/later.ts';
import { writtenDuring } from '../support/log-lines.ts';
import { type Fields, payload, payloadFor, payloadForAll } from '../support/payloads.ts';
import { cartEvent, pollDue, reminderEvent } from '../support/schedule.ts';
import { record } from '../support/sqs-events.ts';

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

let app: App;
let count = 0;

beforeAll(async () => {
  app = await startApp({ telegram: 'emulator', forDeliveries: true });
});
afterAll(() => app.close());
beforeEach(() => app.reset());
afterEach(endLater);

const newId = () => `said-${++count}`;
/** ISO 8601, so many milliseconds from now. */
const at = (milliseconds: number) => new Date(Date.now() + milliseconds).toISOString();
const ago = (milliseconds: number) => at(-milliseconds);
const first = async (answer: Promise<{ json: { notifications: Fields[] } }>) =>
  (await answer).json.notifications[0];
const SUPERSEDED = { status: 'skipped', reason: 'superseded' };

const cart = (changes: Fields = {}, id = '30977') => {
  const body = cartEvent({ eventId: newId(), ...changes });
  return app.report('abandoned-cart', { ...body, cart: { ...(body.cart as Fields), id } });
};
const order = (changes: Fields = {}, fields: Fields = {}) => {
  const body = payload('order-status', { eventId: newId(), ...changes });
  return app.report('order-status', { ...body, order: { ...(body.order as Fields), ...fields } });
};
const activity = (fields: Fields = {}) => ({
  ...{ id: '720', subject: 'Riunione', date: at(DAY), url: 'https://shop.example/agenda/720' },
  ...fields,
});
const status = (newStatus: string, changes: Fields = {}, fields: Fields = {}) =>
  app.report(
    'activity-status',
    payload('activity-status', { eventId: newId(), newStatus, activity: activity(fields), ...changes }),
  );
const reminder = (changes: Fields = {}, fields: Fields = {}) =>
  app.report('activity-reminder', {
    ...reminderEvent({ eventId: newId(), recipients: [{ id: 'anna' }], ...changes }),
    activity: activity(fields),
  });

/** Runs both pollers as late as it is then. @returns what they have queued. */
async function dueAfter(milliseconds: number): Promise<Notification[]> {
  const now = Date.now() + milliseconds;
  await pollDue('abandoned-cart', now);
  await pollDue('activity-reminder', now);
  const queued = await app.takeQueued();
  // Lines of the log for what was ended come through the queue too.
  return queued.filter(
    ({ event, skipped }) => !skipped && ['abandoned-cart', 'activity-reminder'].includes(event),
  );
}
const deliver = (queued: Notification[]) => app.deliver(queued.map((each) => record(each)));
const textsOfAnna = () => app.telegram.textsIn(1001);
const log = async (query: string) =>
  (await app.call('GET', '/v1/sites/demo/deliveries', { query })).json.deliveries;

describe('a: an order and its cart', () => {
  test('an order with cartId, then the older cart: superseded, no message', async () => {
    await order({ cartId: '30977', occurredAt: ago(HOUR) });
    expect(await first(cart({ occurredAt: ago(2 * HOUR) }))).toMatchObject(SUPERSEDED);
    expect(await dueAfter(4 * HOUR)).toEqual([]);
  });

  test('a cart without occurredAt never beats an order that names it', async () => {
    await order({ cartId: '30977', occurredAt: ago(3 * DAY) });
    expect(await first(cart())).toMatchObject(SUPERSEDED);
    expect(await first(cart({ user: { id: 'bruno' } }))).toMatchObject(SUPERSEDED);
  });

  test('a cart without a time, then an order of hours before that names it, by somebody else', async () => {
    await cart({ occurredAt: ago(MINUTE) }, 'another');
    await cart();
    await order({ cartId: '30977', holder: { id: 'bruno' }, occurredAt: ago(5 * HOUR) });
    expect(await dueAfter(4 * HOUR)).toEqual([]);
  });

  test('the cart reported again with a new eventId after its order', async () => {
    await cart({ occurredAt: ago(2 * HOUR) });
    await order({ cartId: '30977', occurredAt: ago(HOUR) });
    expect(await first(cart({ occurredAt: ago(2 * HOUR) }))).toMatchObject(SUPERSEDED);
    expect(await dueAfter(4 * HOUR)).toEqual([]);
  });

  test('a really newer cart counts, whoever was first', async () => {
    await order({ cartId: '30977', occurredAt: ago(2 * HOUR) });
    expect(await first(cart({ occurredAt: ago(HOUR) }))).toMatchObject({ status: 'scheduled' });
    // A later status of the same order says nothing new of the cart.
    await order({ cartId: '30977', occurredAt: ago(MINUTE) });
    expect(await dueAfter(4 * HOUR)).toMatchObject([{ event: 'abandoned-cart' }]);
  });

  test('an order of an hour before that is reported late leaves a really newer cart', async () => {
    await cart({ occurredAt: ago(HOUR) });
    await order({ cartId: '30977', occurredAt: ago(2 * HOUR) });
    expect(await dueAfter(4 * HOUR)).toHaveLength(1);
  });

  test('DELETE of a cart before its POST', async () => {
    await app.withdraw('abandoned-cart', 'anna');
    expect(await first(cart())).toMatchObject(SUPERSEDED);
    expect(await first(cart({ occurredAt: ago(MINUTE) }))).toMatchObject(SUPERSEDED);
    later(31 * MINUTE);
    expect(await first(cart())).toMatchObject({ status: 'scheduled' });
  });

  test('DELETE of a cart that waits, then a new one without a time: it was said last', async () => {
    later(0);
    await cart();
    await app.withdraw('abandoned-cart', 'anna');
    later(1_000);
    expect(await first(cart())).toMatchObject({ status: 'scheduled' });
    expect(await dueAfter(4 * HOUR)).toHaveLength(1);
  });

  test('an order of the holder without cartId, then carts without a time: the same superseded, another counts', async () => {
    later(0);
    await cart();
    later(1_000);
    await order();
    later(1_000);
    expect(await first(cart())).toMatchObject(SUPERSEDED);
    expect(await first(cart({}, 'another'))).toMatchObject({ status: 'scheduled' });
    expect(await dueAfter(4 * HOUR)).toHaveLength(1);
  });

  test('an order of the holder without cartId, reported after a cart without a time that was paid before', async () => {
    later(0);
    await cart();
    later(5 * MINUTE);
    await order({ occurredAt: ago(10 * MINUTE) });
    expect(await dueAfter(4 * HOUR)).toEqual([]);
  });
});

describe('an event without a time is reported again after another has taken its place', () => {
  test('a cart: superseded, and the other one stays', async () => {
    const former = cartEvent({ eventId: newId() });
    await app.report('abandoned-cart', former);
    await cart({}, 'another');
    await cart({}, 'a third');
    const { json } = await app.report('abandoned-cart', former);
    expect(json).toMatchObject({ repeated: true, notifications: [SUPERSEDED] });
    expect(await dueAfter(4 * HOUR)).toMatchObject([{ eventId: `said-${count}` }]);
  });

  test('a reminder: superseded, and the activity is not moved back', async () => {
    const former = { eventId: newId() };
    const formerDate = { date: at(DAY) };
    await reminder(former, formerDate);
    await reminder({}, { date: at(2 * DAY) });
    const { json } = await reminder(former, formerDate);
    expect(json).toMatchObject({ repeated: true, notifications: [SUPERSEDED] });
    expect(await dueAfter(DAY - HOUR + MINUTE)).toEqual([]);
    expect(await dueAfter(2 * DAY - HOUR + MINUTE)).toHaveLength(1);
  });
});

describe('b: an activity that is off before its reminder is registered', () => {
  test('activity-status Annullata first: superseded', async () => {
    await status('Annullata', { occurredAt: ago(HOUR) });
    expect(await first(reminder({ occurredAt: ago(2 * HOUR) }))).toMatchObject(SUPERSEDED);
    expect(await first(reminder())).toMatchObject(SUPERSEDED);
    expect(await dueAfter(DAY - HOUR + MINUTE)).toEqual([]);
  });

  test('activity-status Annullata first, then a registration that is really newer: it is sent', async () => {
    const date = at(30 * MINUTE);
    await status('Annullata', { occurredAt: ago(2 * HOUR) }, { date });
    await reminder({ occurredAt: ago(HOUR) }, { date });
    const queued = (await app.takeQueued()).filter(({ event }) => event === 'activity-reminder');
    await deliver(queued);
    expect(await textsOfAnna()).toHaveLength(1);
  });

  test('DELETE first: superseded', async () => {
    await app.withdraw('activity-reminder', '720');
    expect(await first(reminder({ occurredAt: ago(MINUTE) }))).toMatchObject(SUPERSEDED);
    expect(await first(reminder())).toMatchObject(SUPERSEDED);
  });

  test('registered anew after it was cancelled: it counts', async () => {
    await reminder();
    await app.withdraw('activity-reminder', '720');
    expect(await first(reminder())).toMatchObject({ status: 'scheduled' });
    expect(await dueAfter(DAY - HOUR + MINUTE)).toHaveLength(1);
  });

  test('a later status takes the end back', async () => {
    await status('Annullata', { occurredAt: ago(2 * HOUR) });
    await status('Pianificata', { occurredAt: ago(HOUR) });
    expect(await first(reminder())).toMatchObject({ status: 'scheduled' });
  });

  test('of two statuses of the same time the first, repeated, changes nothing', async () => {
    await reminder();
    const occurredAt = ago(MINUTE);
    const planned = { eventId: newId(), occurredAt };
    await status('Pianificata', planned);
    await status('Annullata', { occurredAt });
    await status('Pianificata', planned);
    expect(await first(reminder())).toMatchObject(SUPERSEDED);
    expect(await dueAfter(DAY - HOUR + MINUTE)).toEqual([]);
  });

  test('an older Annullata that comes after a newer status changes nothing', async () => {
    await status('Pianificata', { occurredAt: ago(HOUR) });
    await reminder({ occurredAt: ago(HOUR) });
    expect(await first(status('Annullata', { occurredAt: ago(2 * HOUR) }))).toMatchObject(SUPERSEDED);
    expect(await dueAfter(DAY - HOUR + MINUTE)).toHaveLength(1);
  });
});

describe.each([{ active: false }, { moduleActive: false }])('c: while the site is %j', (off) => {
  test('withdrawing a cart is taken', async () => {
    await cart();
    await app.setSite(off);
    expect((await app.withdraw('abandoned-cart', 'anna')).status).toBe(204);
    await app.setSite();
    expect(await dueAfter(4 * HOUR)).toEqual([]);
  });

  test('withdrawing a reminder is taken', async () => {
    await reminder();
    await app.setSite(off);
    expect((await app.withdraw('activity-reminder', '720')).status).toBe(204);
    await app.setSite();
    expect(await dueAfter(DAY - HOUR + MINUTE)).toEqual([]);
  });

  test('an order gets its 403, and is remembered: the cart is ended', async () => {
    await cart();
    await app.setSite(off);
    expect((await order({ cartId: '30977' })).status).toBe(403);
    await app.setSite();
    expect(await dueAfter(4 * HOUR)).toEqual([]);
  });

  test('an order through the queue is remembered too; so is Annullata', async () => {
    await cart();
    await reminder();
    await app.setSite(off);
    const paid = { ...payload('order-status', { eventId: newId() }), siteId: 'demo' };
    expect(await app.receive('order-status', [paid])).toEqual([]);
    expect((await status('Annullata')).status).toBe(403);
    await app.setSite();
    expect(await dueAfter(DAY - HOUR + MINUTE)).toEqual([]);
  });

  test('an event that can not be read gets its 403', async () => {
    await app.setSite(off);
    expect((await app.report('order-status', {})).status).toBe(403);
  });
});

describe('d: a message waits, and meanwhile', () => {
  const lateCart = () => cart({ occurredAt: ago(4 * HOUR) });

  test.each<[string, () => Promise<unknown>]>([
    ['the cart is ordered', () => order({ cartId: '30977' })],
    ['the cart is ordered by somebody else', () => order({ cartId: '30977', holder: { id: 'bruno' } })],
    ['its user orders', () => order()],
    ['the cart is withdrawn', () => app.withdraw('abandoned-cart', 'anna')],
    ['a newer cart is reported', () => cart({ occurredAt: ago(MINUTE) }, 'another')],
  ])('%s: dropped', async (_, happens) => {
    await lateCart();
    const waiting = await dueAfter(0);
    expect(waiting).toHaveLength(1);
    await happens();
    await deliver(waiting);
    expect(await textsOfAnna()).toEqual([]);
    expect(await app.findDelivery(waiting[0] as Notification)).toMatchObject(SUPERSEDED);
  });

  test.each<[string, () => Promise<unknown>]>([
    ['the activity is cancelled', () => status('Annullata')],
    ['the activity is done', () => status('Completata')],
    ['the reminder is withdrawn', () => app.withdraw('activity-reminder', '720')],
    ['the activity is moved', () => reminder({}, { date: at(2 * DAY) })],
  ])('%s: dropped', async (_, happens) => {
    await reminder({}, { date: at(30 * MINUTE) });
    const waiting = (await app.takeQueued()).filter(({ event }) => event === 'activity-reminder');
    expect(waiting).toHaveLength(1);
    await happens();
    await deliver(waiting);
    expect(await textsOfAnna()).toEqual([]);
    expect(await app.findDelivery(waiting[0] as Notification)).toMatchObject(SUPERSEDED);
  });

  test('of messages in the table `waiting` too', async () => {
    await lateCart();
    const waiting = await dueAfter(0);
    await app.telegram.fault({ status: 502, times: 1 });
    await deliver(waiting);
    expect(await app.stack.waiting()).toHaveLength(1);
    await order({ cartId: '30977' });
    await app.takeQueued();
    await app.drainLater();
    expect(await textsOfAnna()).toEqual([]);
  });

  /** What keeps a message back, and what lets it go on. */
  const WAYS: Record<string, { keep(waiting: Notification[]): Promise<unknown>; goOn(): Promise<unknown> }> =
    {
      'in the backlog': {
        async keep(waiting) {
          const slots = { nextSlot: Date.now() + MINUTE, pausedUntil: 0, chats: {} };
          await app.stack.putRateLimit({ botId: '100', version: 1, ...slots });
          await deliver(waiting);
        },
        goOn: () => app.drainLater(),
      },
      'without a token': {
        async keep(waiting) {
          const sealedToken = encryptToken('100:wrong', 'demo');
          await app.setSite({ bot: { id: '100', username: 'demo_shop_bot', sealedToken } });
          await deliver(waiting);
          await app.setSite();
        },
        goOn: () => app.drainLater(),
      },
      'in a pause': {
        async keep(waiting) {
          const pause = { parameters: { retry_after: 30 }, chatId: 1001, times: 1 };
          await app.telegram.refuse(429, 'Too Many Requests: retry after 30', pause);
          await deliver(waiting);
        },
        goOn: () => app.drainLater(),
      },
      'among the dead letters, and is redriven': {
        async keep(waiting) {
          for (const each of waiting) await toDeadLetters(each);
        },
        async goOn() {
          await redriveAll();
          await deliver(await app.takeQueued());
        },
      },
    };
  const urlOf = (queue: string) => app.stack.refs.get(queue) ?? '';
  const toDeadLetters = (waiting: Notification) =>
    app.stack.aws.sqs.send(
      new SendMessageCommand({
        QueueUrl: urlOf('DeliveriesDeadLetterQueue'),
        // The embedded SQS takes no emoji; our functions escape them.
        MessageBody: JSON.stringify({ ...waiting, text: 'ciao' }),
        MessageGroupId: 'demo#1001',
        MessageDeduplicationId: waiting.deliveryId,
      }),
    );
  async function redriveAll(): Promise<void> {
    const { redrive } = await import('../../lib/deliveries/redrive.ts');
    const [deadLettersUrl, deliveriesUrl] = [urlOf('DeliveriesDeadLetterQueue'), urlOf('DeliveriesQueue')];
    await redrive({ sqs: app.stack.aws.sqs, deadLettersUrl, deliveriesUrl, onProgress: () => undefined });
  }

  const waitingCart = async () => {
    await lateCart();
    return dueAfter(0);
  };
  const waitingReminder = async () => {
    await reminder({}, { date: at(30 * MINUTE) });
    return app.takeQueued();
  };
  type Case = [string, () => Promise<Notification[]>, () => unknown, string];
  const CASES: Case[] = [
    ['the cart is ordered', waitingCart, () => order({ cartId: '30977' }), 'superseded'],
    ['the cart is withdrawn', waitingCart, () => app.withdraw('abandoned-cart', 'anna'), 'superseded'],
    ['the activity is cancelled', waitingReminder, () => status('Annullata'), 'superseded'],
    ['the activity is past', waitingReminder, () => later(31 * MINUTE), 'past'],
    [
      'the reminder is withdrawn',
      waitingReminder,
      () => app.withdraw('activity-reminder', '720'),
      'superseded',
    ],
  ];

  describe.each(Object.entries(WAYS))('%s,', (_, { keep, goOn }) => {
    test.each(CASES)(
      '%s: looked at right before sending, and dropped',
      async (_what, queue, happens, reason) => {
        const waiting = await queue();
        expect(waiting).toHaveLength(1);
        await keep(waiting);
        await happens();
        await app.takeQueued();
        await goOn();
        expect(await textsOfAnna()).toEqual([]);
        expect(await app.findDelivery(waiting[0] as Notification)).toMatchObject({
          status: 'skipped',
          reason,
        });
      },
    );

    test.each([waitingCart, waitingReminder])('nothing happens: sent', async (queue) => {
      const waiting = await queue();
      await keep(waiting);
      expect(await textsOfAnna()).toEqual([]);
      await goOn();
      expect(await textsOfAnna()).toHaveLength(1);
    });
  });
});

describe('e: the poller runs late', () => {
  test.each<[string, string, number]>([
    ['the activity has begun', at(DAY), DAY + MINUTE],
    ['the activity is over', at(2 * DAY).slice(0, 10), 4 * DAY],
  ])('%s: past, not "in 30 minutes"', async (_, date, milliseconds) => {
    const eventId = newId();
    await reminder({ eventId, remindMinutesBefore: 30 }, { date });
    expect(await dueAfter(milliseconds)).toEqual([]);
    expect(await log('userId=anna&event=activity-reminder')).toMatchObject([
      { eventId, status: 'skipped', reason: 'past', source: 'https' },
    ]);
  });

  test('the activity is still to come: sent', async () => {
    await reminder({ remindMinutesBefore: 30 }, { date: at(DAY) });
    await deliver(await dueAfter(DAY - MINUTE));
    expect(await textsOfAnna()).toHaveLength(1);
  });
});

describe('f: an older status after a newer one', () => {
  test('of an order: superseded', async () => {
    expect(await first(order({ occurredAt: ago(HOUR) }, { status: 'Evaso' }))).toMatchObject({
      status: 'queued',
    });
    expect(await first(order({ occurredAt: ago(2 * HOUR) }, { status: 'Confermato' }))).toMatchObject(
      SUPERSEDED,
    );
  });

  test('of an order whose delivery waits: superseded', async () => {
    await order({ occurredAt: ago(2 * HOUR) }, { status: 'Confermato' });
    const waiting = await app.takeQueued();
    await order({ occurredAt: ago(HOUR) }, { status: 'Evaso' });
    await deliver([...waiting, ...(await app.takeQueued())]);
    expect(await textsOfAnna()).toHaveLength(1);
    expect((await textsOfAnna())[0]).toContain('Evaso');
  });

  test('of an activity: superseded, waiting or not', async () => {
    await status('Pianificata', { occurredAt: ago(2 * HOUR) });
    const waiting = await app.takeQueued();
    await status('Completata', { occurredAt: ago(HOUR) });
    expect(await first(status('Scaduta', { occurredAt: ago(90 * MINUTE) }))).toMatchObject(SUPERSEDED);
    await deliver(waiting);
    expect(await textsOfAnna()).toEqual([]);
  });

  test('an event without a time, repeated after a newer one, has the time of its first report', async () => {
    const body = payload('order-status', { eventId: newId() });
    await app.report('order-status', body);
    later(MINUTE);
    await order({}, { status: 'Annullato' });
    const waiting = await app.takeQueued();
    later(MINUTE);
    await app.report('order-status', body);
    await deliver(waiting.filter(({ text }) => text.includes('Annullato')));
    expect(await textsOfAnna()).toHaveLength(1);
  });

  test('another order is not concerned, and two of the same time are both told', async () => {
    const time = ago(HOUR);
    await order({ occurredAt: time });
    expect(await first(order({ occurredAt: ago(2 * HOUR) }, { id: 'another' }))).toMatchObject({
      status: 'queued',
    });
    expect(await first(order({ occurredAt: time }, { status: 'Fatturato' }))).toMatchObject({
      status: 'queued',
    });
  });
});

describe('g: an activity edited four times within its reminder window', () => {
  test('one reminder for each date and time', async () => {
    const date = at(30 * MINUTE);
    for (const subject of ['uno', 'due', 'tre', 'quattro']) await reminder({}, { date, subject });
    await deliver(await app.takeQueued());
    await deliver(await dueAfter(2 * MINUTE));
    expect(await textsOfAnna()).toHaveLength(1);
    await reminder({}, { date: at(45 * MINUTE) });
    await deliver(await app.takeQueued());
    later(2_000);
    expect(await textsOfAnna()).toHaveLength(2);
  });

  test('a series that recurs differently now: nobody is reminded twice of the same date and time', async () => {
    const date = at(30 * MINUTE);
    for (const frequency of ['weekly', 'daily']) {
      await reminder({ recurrence: { frequency } }, { date });
      await deliver(await app.takeQueued());
    }
    expect(await textsOfAnna()).toHaveLength(1);
  });

  test('withdrawn while it waited, and registered anew: the second one is sent where both are received together', async () => {
    const date = at(30 * MINUTE);
    await reminder({}, { date });
    await app.withdraw('activity-reminder', '720');
    await reminder({}, { date });
    await deliver(await app.takeQueued());
    expect(await textsOfAnna()).toHaveLength(1);
  });

  test('withdrawn while it waited, and registered anew: it is sent', async () => {
    const date = at(30 * MINUTE);
    await reminder({}, { date });
    const waiting = await app.takeQueued();
    await app.withdraw('activity-reminder', '720');
    await deliver(waiting);
    await reminder({}, { date });
    await deliver(await app.takeQueued());
    expect(await textsOfAnna()).toHaveLength(1);
  });
});

test('h: daily, reminded seven days before: at registration only the nearest, then each in its turn', async () => {
  const daily = { remindMinutesBefore: 7 * 24 * 60, recurrence: { frequency: 'daily' } };
  await reminder(daily, { date: at(HOUR) });
  expect((await app.takeQueued()).map(({ event }) => event)).toEqual(['activity-reminder']);
  for (const minutes of [1, 2, 30, 59]) expect(await dueAfter(minutes * MINUTE)).toEqual([]);
  // The one in seven days, and the day after that the one in eight.
  for (const days of [0, 1, 2]) expect(await dueAfter(days * DAY + HOUR + MINUTE)).toHaveLength(1);
});

describe('i: one occurrence of a series', () => {
  const weekly = { recurrence: { frequency: 'weekly' }, remindMinutesBefore: 60 };
  const date = () => at(DAY);
  const withdrawDate = (occurrence: string) =>
    app.call('DELETE', '/v1/sites/demo/events/activity-reminder/720', { query: { occurrence } });

  test('deleted, before or after the series is registered: that one only', async () => {
    const begin = date();
    await reminder(weekly, { date: begin });
    const next = new Date(Date.parse(begin) + 7 * DAY).toISOString();
    expect((await withdrawDate(begin)).status).toBe(204);
    expect(await dueAfter(DAY - HOUR + MINUTE)).toEqual([]);
    expect(await dueAfter(8 * DAY - HOUR + MINUTE)).toMatchObject([
      { eventId: expect.stringContaining(next) },
    ]);
  });

  test('deleted first', async () => {
    const begin = date();
    await withdrawDate(begin);
    await reminder(weekly, { date: begin });
    expect(await dueAfter(DAY - HOUR + MINUTE)).toEqual([]);
    expect(await dueAfter(8 * DAY - HOUR + MINUTE)).toHaveLength(1);
  });

  test('deleted while its reminder waits: dropped', async () => {
    const begin = at(30 * MINUTE);
    await reminder(weekly, { date: begin });
    const waiting = await app.takeQueued();
    await withdrawDate(begin.replace('Z', '+00:00'));
    await deliver(waiting);
    expect(await textsOfAnna()).toEqual([]);
  });

  test('Annullata cancels its own date only, where the activity repeats', async () => {
    const begin = date();
    await reminder(weekly, { date: begin });
    await status('Annullata', {}, { date: begin });
    expect(await dueAfter(DAY - HOUR + MINUTE)).toEqual([]);
    expect(await dueAfter(8 * DAY - HOUR + MINUTE)).toHaveLength(1);
  });

  test('an Annullata that is reported after a newer status of another date cancels its own date', async () => {
    const begin = date();
    await reminder({ ...weekly, occurredAt: ago(3 * HOUR) }, { date: begin });
    const next = new Date(Date.parse(begin) + 7 * DAY).toISOString();
    await status('Completata', { occurredAt: ago(HOUR) }, { date: begin });
    await status('Annullata', { occurredAt: ago(2 * HOUR) }, { date: next });
    expect(await dueAfter(DAY - HOUR + MINUTE)).toEqual([]);
    expect(await dueAfter(8 * DAY - HOUR + MINUTE)).toEqual([]);
    expect(await dueAfter(15 * DAY - HOUR + MINUTE)).toHaveLength(1);
  });

  test('a Pianificata that is reported after a newer status of another date takes back what was said of its own', async () => {
    const begin = date();
    await reminder({ ...weekly, occurredAt: ago(4 * HOUR) }, { date: begin });
    const next = new Date(Date.parse(begin) + 7 * DAY).toISOString();
    await status('Annullata', { occurredAt: ago(3 * HOUR) }, { date: begin });
    await status('Completata', { occurredAt: ago(HOUR) }, { date: next });
    await status('Pianificata', { occurredAt: ago(2 * HOUR) }, { date: begin });
    expect(await dueAfter(DAY - HOUR + MINUTE)).toHaveLength(1);
    expect(await dueAfter(8 * DAY - HOUR + MINUTE)).toEqual([]);
  });

  test('an Annullata that is reported after a newer status of the same date changes nothing', async () => {
    const begin = date();
    await reminder({ ...weekly, occurredAt: ago(3 * HOUR) }, { date: begin });
    await status('Pianificata', { occurredAt: ago(HOUR) }, { date: begin });
    await status('Annullata', { occurredAt: ago(2 * HOUR) }, { date: begin });
    expect(await dueAfter(DAY - HOUR + MINUTE)).toHaveLength(1);
  });

  test('Annullata of an activity that repeats no more ends its reminder', async () => {
    const begin = date();
    await reminder(weekly, { date: begin });
    await reminder({}, { date: begin });
    await status('Annullata', {}, { date: at(2 * DAY) });
    expect(await dueAfter(DAY - HOUR + MINUTE)).toEqual([]);
  });

  test('Annullata before the series is registered: its own date only', async () => {
    const begin = date();
    await status('Annullata', {}, { date: begin });
    await reminder(weekly, { date: begin });
    expect(await dueAfter(DAY - HOUR + MINUTE)).toEqual([]);
    expect(await dueAfter(8 * DAY - HOUR + MINUTE)).toHaveLength(1);
  });

  test('changing the series replaces all; editing its words does not', async () => {
    const begin = date();
    await reminder(weekly, { date: begin });
    await withdrawDate(begin);
    await reminder(weekly, { date: begin, subject: 'Altro' });
    expect(await dueAfter(DAY - HOUR + MINUTE)).toEqual([]);
    await reminder({ ...weekly, recurrence: { frequency: 'daily' } }, { date: begin });
    expect(await dueAfter(DAY - HOUR + MINUTE)).toHaveLength(1);
  });

  test('a date that is none: 400', async () => {
    const answer = await withdrawDate('domani');
    expect(answer.status).toBe(400);
    expect(answer.json.errors).toMatchObject([{ pointer: '/occurrence' }]);
  });
});

describe('s: the same eventId with other content', () => {
  test.each<[string, (changes: Fields) => ReturnType<typeof order>]>([
    ['an order', (changes) => order({ eventId: 'same order' }, changes)],
    ['a cart', (changes) => cart({ eventId: 'same cart' }, String(changes.status ?? 'a'))],
    [
      'a reminder',
      (changes) =>
        reminder(
          { eventId: 'same reminder' },
          { date: '2027-03-15T09:30:00+01:00', subject: String(changes.status ?? 'a') },
        ),
    ],
  ])('%s: 409 with a code; the same content is repeated: true', async (_, report) => {
    await report({});
    const again = await report({});
    expect(again.status).toBe(202);
    expect(again.json.repeated).toBe(true);
    const other = await report({ status: 'Fatturato' });
    expect(other.status).toBe(409);
    expect(other.json.code).toBe('event-id-reused');
  });

  test('a message that was delivered, and one that nobody got', async () => {
    for (const id of ['anna', 'dario']) {
      const eventId = `same message for ${id}`;
      const report = (subject: string) =>
        app.report('message-sent', {
          ...payloadForAll('message-sent', [{ id }], { eventId }),
          message: { id: '1', subject },
        });
      expect((await report('uno')).json.repeated).toBeUndefined();
      await deliver(await app.takeQueued());
      expect((await report('uno')).json.repeated).toBe(true);
      expect((await report('due')).status).toBe(409);
    }
  });

  test('an event of another kind may have the same id', async () => {
    const eventId = newId();
    for (const event of ['message-sent', 'message-read', 'file-upload', 'order-status'] as const)
      expect(await first(app.report(event, payloadFor(event, { id: 'dario' }, { eventId })))).toMatchObject({
        reason: 'not-linked',
      });
    expect(await first(cart({ eventId, user: { id: 'dario' } }))).toMatchObject({ status: 'scheduled' });
    expect(await log('userId=dario&status=skipped')).toHaveLength(4);
  });

  test('more recipients, and another occurredAt, may come under the same id', async () => {
    const report = (ids: string[], occurredAt: string) =>
      app.report(
        'message-sent',
        payloadForAll(
          'message-sent',
          ids.map((id) => ({ id })),
          { eventId: 'more', occurredAt },
        ),
      );
    await report(['anna'], ago(HOUR));
    await deliver(await app.takeQueued());
    const answer = await report(['anna', 'bruno'], ago(MINUTE));
    expect(answer.json).toMatchObject({
      repeated: true,
      notifications: [{ userId: 'anna' }, { userId: 'bruno' }],
    });
    expect(await app.takeQueued()).toMatchObject([{ userId: 'bruno' }]);
  });

  test('by SQS: taken, nothing is sent, and a line in the log says so', async () => {
    const eventId = newId();
    await order({ eventId });
    await deliver(await app.takeQueued());
    const body = payload('order-status', { eventId });
    const other = { ...body, order: { ...(body.order as Fields), status: 'Altro' }, siteId: 'demo' };
    const { entries } = await writtenDuring(async () => {
      expect(await app.receive('order-status', [other])).toEqual([]);
    });
    expect(await app.takeQueued()).toEqual([]);
    const refusal = { event: 'order-status', siteId: 'demo', reason: 'event-id-reused' };
    expect(entries).toContainEqual(
      expect.objectContaining({ ...refusal, detail: expect.stringContaining(eventId) }),
    );
  });
});

describe('w: every outcome stands in the log', () => {
  test('a skipped recipient, by HTTPS and by SQS, with reason and eventId', async () => {
    const eventId = newId();
    const bySqs = newId();
    await app.report('message-sent', payloadForAll('message-sent', [{ id: 'dario' }], { eventId }));
    const body = payloadForAll('message-sent', [{ id: 'dario' }], { eventId: bySqs });
    await app.receive('message-sent', [{ ...body, siteId: 'demo' }]);
    const lines = await log('userId=dario&status=skipped');
    expect(lines).toEqual(
      expect.arrayContaining([
        expect.objectContaining({ eventId, source: 'https', reason: 'not-linked', status: 'skipped' }),
        expect.objectContaining({ eventId: bySqs, source: 'sqs', reason: 'not-linked', status: 'skipped' }),
      ]),
    );
  });

  test('a skip is not final: the same event reported again is looked at again', async () => {
    const eventId = newId();
    const report = () =>
      app.report('message-sent', payloadForAll('message-sent', [{ id: 'latecomer' }], { eventId }));
    expect(await first(report())).toMatchObject({ reason: 'not-linked' });
    await app.setUser('latecomer', { chatId: 1001 });
    expect(await first(report())).toMatchObject({ status: 'queued' });
  });

  test('what is scheduled is read from the schedule, with dueAt', async () => {
    const eventId = newId();
    const answer = await first(cart({ eventId, occurredAt: ago(HOUR) }));
    const dueAt = at(2 * HOUR).slice(0, 16);
    expect(answer).toMatchObject({ status: 'scheduled', dueAt: expect.stringContaining(dueAt) });
    await reminder({ recipients: [{ id: 'anna' }, { id: 'bruno' }] });
    const lines = await log('status=scheduled');
    expect(lines).toMatchObject([
      { event: 'abandoned-cart', eventId, userId: 'anna', status: 'scheduled', source: 'https' },
      { event: 'activity-reminder', userId: 'anna' },
      { event: 'activity-reminder', userId: 'bruno' },
    ]);
    expect(lines[0].dueAt).toContain(dueAt);
    expect(await log('status=scheduled&userId=bruno')).toHaveLength(1);
  });

  describe('a date that is off is not shown as still to come', () => {
    const weekly = { recurrence: { frequency: 'weekly', count: 3 }, remindMinutesBefore: 60 };
    const withdraw = (occurrence: string) =>
      app.call('DELETE', '/v1/sites/demo/events/activity-reminder/720', { query: { occurrence } });
    const WEEK = 7 * DAY;
    const plus = (begin: string, milliseconds: number) =>
      new Date(Date.parse(begin) + milliseconds).toISOString();
    const dueTimes = async () => (await log('status=scheduled')).map((line: Fields) => String(line.dueAt));

    test.each<[string, (begin: string) => Promise<unknown>]>([
      ['DELETE …?occurrence=', (begin) => withdraw(begin)],
      ['Annullata', (begin) => status('Annullata', {}, { date: begin })],
    ])('%s: the next date, and after the last one nothing', async (_, takeOff) => {
      const begin = at(10 * DAY);
      await reminder(weekly, { date: begin });
      expect(await dueTimes()).toEqual([plus(begin, -HOUR)]);
      await takeOff(begin);
      expect(await dueTimes()).toEqual([plus(begin, WEEK - HOUR)]);
      await takeOff(plus(begin, 2 * WEEK));
      expect(await dueTimes()).toEqual([plus(begin, WEEK - HOUR)]);
      await takeOff(plus(begin, WEEK));
      expect(await dueTimes()).toEqual([]);
    });

    test('off before it is registered: the answer names the next date too', async () => {
      const begin = at(10 * DAY);
      await withdraw(begin);
      expect(await first(reminder({}, { date: begin }))).toMatchObject(SUPERSEDED);
      expect(await first(reminder(weekly, { date: begin }))).toMatchObject({ dueAt: plus(begin, -HOUR) });
      await withdraw(begin);
      const eventId = newId();
      for (const _ of ['registered', 'repeated'])
        expect(await first(reminder({ ...weekly, eventId }, { date: begin }))).toMatchObject({
          status: 'scheduled',
          dueAt: plus(begin, WEEK - HOUR),
        });
    });

    test('the only date of an activity', async () => {
      const begin = at(10 * DAY);
      await reminder({}, { date: begin });
      await withdraw(begin);
      expect(await dueTimes()).toEqual([]);
    });

    test('its line says when it was due', async () => {
      const begin = at(DAY);
      await reminder(weekly, { date: begin });
      await withdraw(begin);
      expect(await dueAfter(DAY - HOUR + MINUTE)).toEqual([]);
      expect(await log('event=activity-reminder')).toMatchObject([
        { ...SUPERSEDED, dueAt: plus(begin, -HOUR) },
      ]);
    });
  });

  test('page by page, in the middle of an activity too', async () => {
    await cart();
    await reminder({ recipients: [{ id: 'anna' }, { id: 'bruno' }, { id: 'carla' }] });
    const users: string[] = [];
    let cursor: string | undefined;
    do {
      const query = { status: 'scheduled', limit: '2', ...(cursor && { cursor }) };
      const { json } = await app.call('GET', '/v1/sites/demo/deliveries', { query });
      users.push(...json.deliveries.map(({ userId }: Fields) => userId));
      cursor = json.cursor;
    } while (cursor);
    expect(users).toEqual(['anna', 'anna', 'bruno', 'carla']);
  });

  test.each<[string, () => Promise<unknown>]>([
    ['an order', () => order({ cartId: '30977' })],
    ['DELETE', () => app.withdraw('abandoned-cart', 'anna')],
    ['a newer cart', () => cart()],
  ])('a cart that %s ends, with its dueAt', async (_, ends) => {
    const eventId = newId();
    await cart({ eventId });
    await ends();
    await deliver(await app.takeQueued());
    const line = (await log('userId=anna&event=abandoned-cart')).find(
      (each: Fields) => each.eventId === eventId,
    );
    expect(line).toMatchObject({ ...SUPERSEDED, source: 'https', dueAt: expect.any(String) });
  });

  test.each<[string, () => Promise<unknown>]>([
    ['Annullata', () => status('Annullata')],
    ['DELETE', () => app.withdraw('activity-reminder', '720')],
    ['a newer registration', () => reminder()],
  ])('a reminder that %s ends: a line for each of its people', async (_, ends) => {
    const eventId = newId();
    await reminder({ eventId, recipients: [{ id: 'anna' }, { id: 'bruno' }] });
    await ends();
    await deliver(await app.takeQueued());
    const lines = (await log('event=activity-reminder')).filter((each: Fields) => each.eventId === eventId);
    expect(lines.map(({ userId }: Fields) => userId).toSorted()).toEqual(['anna', 'bruno']);
    expect(lines[0]).toMatchObject(SUPERSEDED);
  });

  test('who gets nothing when a cart is due', async () => {
    const eventId = newId();
    await cart({ eventId, user: { id: 'dario' } });
    await dueAfter(4 * HOUR);
    expect(await log('userId=dario&event=abandoned-cart')).toMatchObject([
      { eventId, reason: 'not-linked', dueAt: expect.any(String) },
    ]);
  });
});

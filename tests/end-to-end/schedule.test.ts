/** What waits, in the whole local run: its pollers run every minute by themselves; here they are run by hand, through Lambda. */
import { afterAll, beforeAll, beforeEach, expect, test } from '@jest/globals';
import { type LocalRun, sample, startRun, until } from '../support/local-run.ts';

const ANNA = 1001;
const BRUNO = 1002;
const HOUR = 3_600_000;

let run: LocalRun;
beforeAll(async () => {
  run = await startRun();
});
afterAll(() => run?.stop());
beforeEach(() => run.emulator('reset', {}));

let count = 0;
const iso = (milliseconds: number) => new Date(milliseconds).toISOString();

/** A cart of bruno that is due after this long; the demo shop waits three hours. */
async function reportCart(dueIn: number, changes: object = {}) {
  const occurredAt = iso(Date.now() - 3 * HOUR + dueIn);
  return run.report('abandoned-cart', {
    ...(await sample('abandoned-cart')),
    eventId: `cart-${++count}`,
    occurredAt,
    ...changes,
  });
}

async function withdraw(path: string): Promise<number> {
  const headers = { authorization: 'Bearer pwtg_demo' };
  const answer = await fetch(`${run.api}/v1/sites/demo/events/${path}`, { method: 'DELETE', headers });
  return answer.status;
}

test('a cart arrives when its time has come, and its replacement once', async () => {
  const first = await reportCart(8_000);
  expect(first).toMatchObject({ status: 202, notifications: [{ userId: 'bruno', status: 'scheduled' }] });
  await reportCart(8_500);
  await run.runClock('abandoned-cart-due');
  expect(await run.messages(BRUNO)).toEqual([]);

  await until(async () => {
    await run.runClock('abandoned-cart-due');
    return (await run.messages(BRUNO)).length > 0;
  }, 'the cart');
  await run.runClock('abandoned-cart-due');
  const messages = await run.messages(BRUNO);
  expect(messages).toHaveLength(1);
  // The session that left the cart behind was in English.
  expect(messages[0]?.text).toMatch(/^🛒 Hello Bruno, your cart is still here/);
  expect(messages[0]?.reply_markup?.inline_keyboard[0]?.[0]).toEqual({
    text: 'Complete your purchase',
    url: 'https://shop.example/carrello/30977',
  });
});

test('a recovered cart never arrives, nor one that was ordered', async () => {
  await reportCart(0);
  expect(await withdraw('abandoned-cart/bruno')).toBe(204);
  await reportCart(0, {
    user: { id: 'anna' },
    cart: { ...((await sample('abandoned-cart')).cart as object), id: '2' },
  });
  const order = { ...(await sample('order-status')), eventId: `order-${++count}`, occurredAt: undefined };
  expect(await run.report('order-status', order)).toMatchObject({ status: 202 });
  await run.runClock('abandoned-cart-due');
  // What is reported later for the same people arrives after it: then a cart would be there.
  const message = {
    ...(await sample('message-sent')),
    eventId: `message-${++count}`,
    recipients: [{ id: 'anna' }, { id: 'bruno' }],
  };
  const answer = await run.report('message-sent', message);
  for (const { deliveryId } of answer.notifications) await run.deliveryOnce(deliveryId, 'sent');
  expect(await run.messages(BRUNO)).toHaveLength(1);
  expect(await run.messages(ANNA)).toHaveLength(2);
});

test('a reminder arrives in time, and one that is cancelled does not', async () => {
  const reminder = await sample('activity-reminder');
  const register = (id: string, date: string) =>
    run.report('activity-reminder', {
      ...reminder,
      eventId: `reminder-${++count}`,
      activity: { ...(reminder.activity as object), id, subject: `Riunione ${id}`, date },
    });
  // Time enough to cancel two of them before, also on a busy machine.
  const dueSoon = iso(Date.now() + HOUR + 15_000);
  expect(await register('1', dueSoon)).toMatchObject({ status: 202 });
  await register('2', dueSoon);
  await register('3', dueSoon);
  expect(await withdraw('activity-reminder/2')).toBe(204);
  const status = await sample('activity-status');
  // It recurs: a status is that of the date that it names.
  const cancelled = { ...(status.activity as object), id: '3', date: dueSoon };
  await run.report('activity-status', {
    ...status,
    eventId: `status-${++count}`,
    activity: cancelled,
    creator: { id: 'carla' },
  });

  await until(async () => {
    await run.runClock('activity-reminder-due');
    return (await run.messages(ANNA)).length > 0 && (await run.messages(BRUNO)).length > 0;
  }, 'the reminders');
  for (const chat of [ANNA, BRUNO]) {
    const texts = (await run.messages(chat)).map(({ text }) => text);
    expect(texts).toHaveLength(1);
    expect(texts[0]).toContain('Riunione 1');
  }
});

test('a reminder whose time has passed arrives at once', async () => {
  const reminder = await sample('activity-reminder');
  const activity = { ...(reminder.activity as object), date: iso(Date.now() + HOUR / 2) };
  const answer = await run.report('activity-reminder', { ...reminder, eventId: `late-${++count}`, activity });
  expect(answer.notifications.map(({ status }) => status)).toEqual(['queued', 'queued']);
  expect(await run.messagesOnce(ANNA, 1)).toHaveLength(1);
});

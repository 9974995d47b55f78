/**
 * The intake killed between any two of its side effects, and the event reported again (by its caller, or by the queue,
 * which gives out what was not finished): every recipient is notified once.
 */
import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import type { EventName } from '../../lib/domain/events.ts';
import { type App, startApp } from '../support/app.ts';
import { runAndKill } from '../support/killed-process.ts';
import { type Fields, payload, payloadFor, payloadForAll } from '../support/payloads.ts';
import { cartEvent, pollDue, reminderEvent } from '../support/schedule.ts';
import { eventBatch } from '../support/sqs-events.ts';
import { type SeenRequest, startTripwire, type Tripwire } from '../support/tripwire.ts';

let app: App;
/** What the killed process sees of the world. */
let dynamodb: Tripwire;
let sqs: Tripwire;
let queues: { deliveries: string; dead: string };
let count = 0;

beforeAll(async () => {
  app = await startApp({
    beforeLoading: async ({ aws, refs }) => {
      dynamodb = await startTripwire(`http://127.0.0.1:${aws.dynamodbPort}`);
      sqs = await startTripwire(`http://127.0.0.1:${aws.sqsPort}`);
      const path = (queue: string) => new URL(refs.get(queue) ?? '').pathname;
      queues = { deliveries: path('DeliveriesQueue'), dead: path('MessageSentDeadLetterQueue') };
      process.env.EVENT_QUEUE_URL = refs.get('MessageSentQueue');
      process.env.DEAD_LETTER_QUEUE_URL = refs.get('MessageSentDeadLetterQueue');
    },
  });
});
afterAll(async () => {
  await Promise.all([dynamodb.close(), sqs.close()]);
  await app.close();
});
beforeEach(() => app.reset());

type Step = [
  name: string,
  wire: () => Tripwire,
  what: 'request' | 'answer',
  fits: (request: SeenRequest) => boolean,
];

const database = () => dynamodb;
const queue = () => sqs;
const asks = (operation: string, ...words: string[]) => {
  return ({ operation: asked, body }: SeenRequest) =>
    asked.endsWith(`.${operation}`) && words.every((word) => body.includes(word));
};
/** The request of this kind that comes so late. */
const nth = (number: number, fits: (request: SeenRequest) => boolean) => {
  let seen = 0;
  return (request: SeenRequest) => fits(request) && ++seen === number;
};
const toQueue = asks('SendMessageBatch');
const toDeadLetters = asks('SendMessage');

async function kill(event: EventName, trigger: object, [, wire, what, fits]: Step): Promise<void> {
  const environment = {
    AWS_ENDPOINT_URL_DYNAMODB: dynamodb.url,
    AWS_ENDPOINT_URL_SQS: sqs.url,
    DELIVERIES_QUEUE_URL: `${sqs.url}${queues.deliveries}`,
    DEAD_LETTER_QUEUE_URL: `${sqs.url}${queues.dead}`,
    EVENT: event,
    TRIGGER: JSON.stringify(trigger),
  };
  await runAndKill('events/handle-once.ts', environment, wire().hold(what, fits));
}

/** Kills the function over the event, and reports the event again. */
async function killAndRepeat(event: EventName, body: Fields, step: Step) {
  await kill(event, app.eventFor('POST', `/v1/sites/demo/events/${event}`, { body }), step);
  const answer = await app.report(event, body);
  expect(answer.status).toBe(202);
  return answer.json.notifications;
}

const newId = () => `crash-${++count}`;
/** For whom something is in the queue. The lines of the log for what was ended come through it too. */
const queuedFor = async () =>
  (await app.takeQueued()).filter(({ skipped }) => !skipped).map(({ userId }) => userId);

describe('500 recipients', () => {
  const people = Array.from({ length: 500 }, (_, index) => `person-${String(index).padStart(3, '0')}`);
  beforeAll(async () => {
    for (const id of people) await app.setUser(id);
  });

  test.each<Step>([
    ['before they are read', database, 'request', asks('BatchGetItem', '-users')],
    ['before the queue gets the first ten', queue, 'request', toQueue],
    ['when the queue has the first ten', queue, 'answer', toQueue],
    ['when it has about half of them', queue, 'answer', nth(25, toQueue)],
    ['before it gets the last ten', queue, 'request', nth(50, toQueue)],
    ['when it has all, before the answer', queue, 'answer', nth(50, toQueue)],
  ])('killed %s: everybody once', async (...step) => {
    const body = payloadForAll(
      'message-sent',
      people.map((id) => ({ id })),
      { eventId: newId() },
    );
    const notifications = await killAndRepeat('message-sent', body, step);
    expect(notifications).toHaveLength(500);
    expect((await queuedFor()).toSorted()).toEqual(people);
  });
});

/** A write of what is remembered under a key. */
const remembers = (key: string) => asks('UpdateItem', '-schedule', `"${key}`);

describe('an order', () => {
  test.each<Step>([
    ['before it is remembered', database, 'request', remembers('order#')],
    ['when it is remembered', database, 'answer', remembers('order#')],
    ['before the queue gets the message', queue, 'request', toQueue],
    ['when the queue has the message', queue, 'answer', toQueue],
  ])('killed %s: its message once, with and without a time of its own', async (...step) => {
    for (const occurredAt of [undefined, '2026-11-20T10:00:00+01:00']) {
      const order = { ...(payload('order-status').order as Fields), id: newId() };
      const body = payload('order-status', { eventId: newId(), order, occurredAt });
      expect(await killAndRepeat('order-status', body, step)).toMatchObject([
        { userId: 'anna', status: 'queued' },
      ]);
      expect(await queuedFor()).toEqual(['anna']);
    }
  });

  test('killed when it is remembered, and repeated after a newer status: superseded', async () => {
    const body = payload('order-status', { eventId: newId() });
    await kill('order-status', app.eventFor('POST', '/v1/sites/demo/events/order-status', { body }), [
      ...(['remembered', database, 'answer', remembers('order#')] as const),
    ]);
    const order = { ...(body.order as Fields), status: 'Annullato' };
    await app.report('order-status', payload('order-status', { eventId: newId(), order }));
    expect((await app.report('order-status', body)).json).toMatchObject({
      repeated: true,
      notifications: [{ userId: 'anna', status: 'skipped', reason: 'superseded' }],
    });
    expect(await queuedFor()).toEqual(['anna']);
  });
});

describe('an order of a cart', () => {
  test.each<Step>([
    ['before the cart is read', database, 'request', asks('BatchGetItem', '-schedule')],
    ['before it is remembered that the cart was ordered', database, 'request', remembers('cart-id#')],
    ['when it is remembered that the cart was ordered', database, 'answer', remembers('cart-id#')],
    ['before the cart is ended', database, 'request', remembers('cart#')],
    ['when the cart is ended', database, 'answer', remembers('cart#')],
    ['before the queue gets the message', queue, 'request', toQueue],
    ['when the queue has the message', queue, 'answer', toQueue],
  ])('killed %s: the order once, the cart never', async (...step) => {
    await app.report(
      'abandoned-cart',
      cartEvent({ eventId: newId(), occurredAt: '2026-11-20T10:00:00+01:00' }),
    );
    const body = payload('order-status', { eventId: newId(), cartId: '30977' });
    expect(await killAndRepeat('order-status', body, step)).toMatchObject([
      { userId: 'anna', status: 'queued' },
    ]);
    expect(await queuedFor()).toEqual(['anna']);
    await pollDue('abandoned-cart', '2026-11-21T10:00:00+01:00');
    expect(await queuedFor()).toEqual([]);
  });
});

describe('an activity that is done', () => {
  test.each<Step>([
    ['before its reminder is cancelled', database, 'request', remembers('reminder#')],
    ['when its reminder is cancelled', database, 'answer', remembers('reminder#')],
    ['before the queue gets the message', queue, 'request', toQueue],
    ['when the queue has the message', queue, 'answer', toQueue],
  ])('killed %s: the status once, the reminder never', async (...step) => {
    await app.report('activity-reminder', reminderEvent({ eventId: newId() }, { id: '712' }));
    const body = payload('activity-status', { eventId: newId(), newStatus: 'Annullata' });
    expect(await killAndRepeat('activity-status', body, step)).toMatchObject([
      { userId: 'anna', status: 'queued' },
    ]);
    expect(await queuedFor()).toEqual(['anna']);
    await pollDue('activity-reminder', '2027-03-15T09:00:00+01:00');
    expect(await queuedFor()).toEqual([]);
  });
});

describe('a withdrawal', () => {
  const steps = (key: string): Step[] => [
    ['before it is remembered', database, 'request', remembers(key)],
    ['when it is remembered', database, 'answer', remembers(key)],
    ['before the log has its line', database, 'request', asks('BatchWriteItem', '-deliveries')],
    ['when the log has its line', database, 'answer', asks('BatchWriteItem', '-deliveries')],
  ];
  const killAndWithdraw = async (event: EventName, id: string, step: Step) => {
    await kill(event, app.eventFor('DELETE', `/v1/sites/demo/events/${event}/${id}`), step);
    expect((await app.withdraw(event, id)).status).toBe(204);
  };

  test.each(steps('cart#'))('of a cart, killed %s, and repeated: never sent', async (...step) => {
    const cart = (eventId: string) => cartEvent({ eventId, occurredAt: '2026-11-20T10:00:00+01:00' });
    await app.report('abandoned-cart', cart(newId()));
    await killAndWithdraw('abandoned-cart', 'anna', step);
    expect((await app.report('abandoned-cart', cart(newId()))).json.notifications).toMatchObject([
      { reason: 'superseded' },
    ]);
    await pollDue('abandoned-cart', '2026-11-21T10:00:00+01:00');
    expect(await queuedFor()).toEqual([]);
  });

  test.each(steps('reminder#'))('of a reminder, killed %s, and repeated: never sent', async (...step) => {
    await app.report('activity-reminder', reminderEvent({ eventId: newId() }));
    await killAndWithdraw('activity-reminder', '720', step);
    await pollDue('activity-reminder', '2027-03-15T09:00:00+01:00');
    expect(await queuedFor()).toEqual([]);
  });
});

describe('an abandoned cart', () => {
  test.each<Step>([
    ['before its owner is written', database, 'request', remembers('cart-id#')],
    ['when its owner is written', database, 'answer', remembers('cart-id#')],
    ['before it is registered', database, 'request', remembers('cart#')],
    ['when it is registered', database, 'answer', remembers('cart#')],
  ])('killed %s: sent once, when it is due', async (...step) => {
    const body = cartEvent({ eventId: newId(), occurredAt: '2026-11-20T10:00:00+01:00' });
    expect(await killAndRepeat('abandoned-cart', body, step)).toEqual([
      { userId: 'anna', status: 'scheduled', dueAt: '2026-11-20T12:00:00.000Z' },
    ]);
    await pollDue('abandoned-cart', '2026-11-21T10:00:00+01:00');
    expect(await queuedFor()).toEqual(['anna']);
  });
});

describe('a reminder that is late already', () => {
  test.each<Step>([
    ['before it is registered', database, 'request', remembers('reminder#')],
    ['when it is registered', database, 'answer', remembers('reminder#')],
    ['before the queue gets it', queue, 'request', toQueue],
    ['when the queue has it', queue, 'answer', toQueue],
    ['before it is written as dispatched', database, 'request', nth(2, remembers('reminder#'))],
    ['when it is written as dispatched', database, 'answer', nth(2, remembers('reminder#'))],
  ])('killed %s: sent once, and answered as if nothing had been', async (...step) => {
    const date = new Date(Date.now() + 30 * 60_000).toISOString();
    const body = reminderEvent({ eventId: newId() }, { id: newId(), date });
    expect(await killAndRepeat('activity-reminder', body, step)).toMatchObject([
      { userId: 'anna', status: 'queued' },
      { userId: 'bruno', status: 'queued' },
    ]);
    await pollDue('activity-reminder', Date.now() + 60_000);
    expect((await queuedFor()).toSorted()).toEqual(['anna', 'bruno']);
  });
});

describe('a batch of the queue: one for anna, one that can’t be read, one for bruno', () => {
  const takeDead = async () =>
    (await app.stack.takeMessages('MessageSentDeadLetterQueue')).map(({ Body }) => Body);

  test.each<[...Step, number]>([
    ['before the first is in the queue', queue, 'request', toQueue, 1],
    ['when the first is in the queue', queue, 'answer', toQueue, 1],
    ['before the second is in the dead letters', queue, 'request', toDeadLetters, 1],
    ['when the second is in the dead letters', queue, 'answer', toDeadLetters, 2],
    ['before the third is in the queue', queue, 'request', nth(2, toQueue), 2],
    ['when the third is in the queue', queue, 'answer', nth(2, toQueue), 2],
  ])('killed %s, and given out again: each once, and nothing is lost', async (...given) => {
    const [name, wire, what, fits, copies] = given;
    const message = (id: string) => payloadFor('message-sent', { id }, { eventId: newId(), siteId: 'demo' });
    const batch = eventBatch('message-sent', [message('anna'), 'unreadable', message('bruno')]);

    await kill('message-sent', batch, [name, wire, what, fits]);

    expect(await app.invoke('message-sent', batch)).toEqual({ batchItemFailures: [] });
    expect(await queuedFor()).toEqual(['anna', 'bruno']);
    expect(await takeDead()).toEqual(Array(copies).fill('unreadable'));
  });
});

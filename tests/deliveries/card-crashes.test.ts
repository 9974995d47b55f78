/**
 * Functions killed at every step at which the message of an order is changed, or another one takes its place. Afterwards the
 * order has one message, which shows the newest status.
 */
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import type { Notification } from '../../lib/deliveries/notification.ts';
import { type App, startApp } from '../support/app.ts';
import { ANNA } from '../support/fixtures.ts';
import { runAndKill } from '../support/killed-process.ts';
import { endLater, later } from '../support/later.ts';
import { cardTemplate, followed, reported } from '../support/order-cards.ts';
import { record } from '../support/sqs-events.ts';
import { type SeenRequest, startTripwire, type Tripwire } from '../support/tripwire.ts';

let app: App;
let dynamodb: Tripwire;
let telegram: Tripwire;
beforeAll(async () => {
  app = await startApp({ telegram: 'emulator' });
  dynamodb = await startTripwire(process.env.AWS_ENDPOINT_URL_DYNAMODB ?? '');
  telegram = await startTripwire(app.telegram.url);
});
afterAll(async () => {
  await Promise.all([dynamodb.close(), telegram.close()]);
  await app.close();
});
beforeEach(async () => {
  await app.reset();
  const statuses = ['Ricevuto', 'Pronto', 'Spedito'];
  await app.setTemplates(cardTemplate('order', statuses, { newMessageFor: ['Spedito'] }));
});
afterEach(endLater);

const asks = (operation: string, what: string) => (request: SeenRequest) =>
  request.operation.endsWith(`.${operation}`) && request.body.includes(what);
const anyCall = () => true;
const calls = (method: string) => (request: SeenRequest) => request.path.endsWith(`/${method}`);

type Moment = [string, () => Tripwire, 'request' | 'answer', (request: SeenRequest) => boolean];

/** A first status is shown; the function that delivers the next one is killed, and another one gets it again. */
async function killedAt(status: string, [, tripwire, what, fits]: Moment): Promise<Notification> {
  await followed(app, { status: 'Ricevuto' });
  await app.stack.empty('PacesTable');
  const [message] = await reported(app, { status });
  if (!message) throw new Error('Nothing was queued.');
  const environment = {
    AWS_ENDPOINT_URL_DYNAMODB: dynamodb.url,
    TELEGRAM_API_ROOT: telegram.url,
    SQS_EVENT: JSON.stringify({ Records: [record(message)] }),
  };
  await runAndKill('support/deliver-once.ts', environment, tripwire().hold(what, fits));
  later(60_000);
  expect(await app.deliver([record(message, 2)])).toEqual([]);
  return message;
}

const shown = () => app.telegram.textsIn(ANNA);

describe('a message that is changed', () => {
  const moments: Moment[] = [
    ['before it is noted', () => dynamodb, 'request', asks('UpdateItem', 'card#')],
    ['when it is noted', () => dynamodb, 'answer', asks('UpdateItem', 'card#')],
    ['before Telegram gets it', () => telegram, 'request', anyCall],
    ['when Telegram has changed it', () => telegram, 'answer', anyCall],
    ['before it is recorded', () => dynamodb, 'request', asks('PutItem', '-deliveries')],
    ['when it is recorded', () => dynamodb, 'answer', asks('PutItem', '-deliveries')],
  ];
  test.each(moments)('killed %s: one message, with the newest status', async (...moment) => {
    const message = await killedAt('Pronto', moment);

    expect(await shown()).toEqual(['Pronto']);
    expect(await app.findDelivery(message)).toMatchObject({ status: 'sent', edited: true });
    expect(await app.telegram.calls('sendMessage')).toHaveLength(1);
  });

  test('killed when it has deleted what could not be deleted before: nothing is left', async () => {
    const isNoted = asks('UpdateItem', 'messageId = :messageId');
    await followed(app, { status: 'Ricevuto' });
    await app.telegram.fault({ method: 'deleteMessage', status: 500, times: 2 });
    later(60_000);
    await followed(app, { status: 'Spedito' });
    later(60_000);
    expect(await shown()).toEqual(['Ricevuto', 'Spedito']);
    const message = await killedAt('Pronto', ['', () => dynamodb, 'request', isNoted]);

    expect(await shown()).toEqual(['Pronto']);
    expect(await app.findDelivery(message)).toMatchObject({ status: 'sent', edited: true });
  });

  test('killed when it is noted, and a newer status comes first: that one is shown', async () => {
    await followed(app, { status: 'Ricevuto' });
    await app.stack.empty('PacesTable');
    const [older] = await reported(app, { status: 'Pronto' });
    if (!older) throw new Error('Nothing was queued.');
    const environment = {
      AWS_ENDPOINT_URL_DYNAMODB: dynamodb.url,
      TELEGRAM_API_ROOT: telegram.url,
      SQS_EVENT: JSON.stringify({ Records: [record(older)] }),
    };
    await runAndKill('support/deliver-once.ts', environment, telegram.hold('request', anyCall));
    later(60_000);
    await followed(app, { status: 'Ricevuto' });
    later(60_000);
    expect(await app.deliver([record(older, 2)])).toEqual([]);

    expect(await shown()).toEqual(['Ricevuto']);
    expect(await app.findDelivery(older)).toMatchObject({ status: 'skipped', reason: 'superseded' });
  });
});

describe('a message that must ring, and is dropped', () => {
  const moments: Moment[] = [
    ['before it is noted that a sound is owed', () => dynamodb, 'request', asks('UpdateItem', 'card#')],
    ['when it is noted that a sound is owed', () => dynamodb, 'answer', asks('UpdateItem', 'card#')],
    ['before it is recorded', () => dynamodb, 'request', asks('PutItem', '-deliveries')],
    ['when it is recorded', () => dynamodb, 'answer', asks('PutItem', '-deliveries')],
  ];
  test.each(moments)('killed %s: the newer status rings, and only that', async (_, tripwire, what, fits) => {
    await followed(app, { status: 'Ricevuto' });
    await app.stack.empty('PacesTable');
    const [ringing] = await reported(app, { status: 'Spedito' });
    later(60_000);
    const [silent] = await reported(app, { status: 'Pronto' });
    if (!ringing || !silent) throw new Error('Nothing was queued.');
    const environment = {
      AWS_ENDPOINT_URL_DYNAMODB: dynamodb.url,
      TELEGRAM_API_ROOT: telegram.url,
      SQS_EVENT: JSON.stringify({ Records: [record(ringing)] }),
    };
    await runAndKill('support/deliver-once.ts', environment, tripwire().hold(what, fits));
    expect(await app.deliver([record(ringing, 2), record(silent)])).toEqual([]);
    later(60_000);
    expect(await app.deliver([record({ ...ringing, droppedAt: silent.acceptedAt }, 3)])).toEqual([]);
    await followed(app, { status: 'Ricevuto' });

    expect(await shown()).toEqual(['Ricevuto']);
    expect(await app.telegram.calls('sendMessage')).toHaveLength(2);
  });
});

describe('a message in the place of another one', () => {
  const moments: Moment[] = [
    ['before Telegram gets it', () => telegram, 'request', calls('sendMessage')],
    ['when it is remembered', () => dynamodb, 'answer', asks('UpdateItem', 'card#')],
    ['before the former one is deleted', () => telegram, 'request', calls('deleteMessage')],
    ['when the former one is deleted', () => telegram, 'answer', calls('deleteMessage')],
    ['before it is recorded', () => dynamodb, 'request', asks('PutItem', '-deliveries')],
    ['when it is recorded', () => dynamodb, 'answer', asks('PutItem', '-deliveries')],
  ];
  test.each(moments)('killed %s: sent once, and the only one', async (...moment) => {
    const message = await killedAt('Spedito', moment);

    expect(await shown()).toEqual(['Spedito']);
    expect(await app.findDelivery(message)).toMatchObject({ status: 'sent' });
    expect(await app.telegram.calls('sendMessage')).toHaveLength(2);
  });

  test('killed before it is remembered: the window, shown twice and never lost', async () => {
    const message = await killedAt('Spedito', ['', () => dynamodb, 'request', asks('UpdateItem', 'card#')]);

    expect(await shown()).toEqual(['Spedito', 'Spedito']);
    expect(await app.findDelivery(message)).toMatchObject({ status: 'sent' });
  });
});

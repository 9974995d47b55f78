/** The 202 answer to the letter, and the identity of a delivery. */
import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import { demoSite } from '../../local/demo.ts';
import { type App, startApp } from '../support/app.ts';
import { keyHash, SITE_KEY, template } from '../support/fixtures.ts';
import {
  EVENTS,
  type EventKind,
  type Fields,
  payload,
  payloadFor,
  payloadForAll,
} from '../support/payloads.ts';

let app: App;

beforeAll(async () => {
  app = await startApp();
});
afterAll(() => app.close());
beforeEach(async () => {
  await app.setSite();
  await app.takeQueued();
});

const deliveryIdFor = async (body: Fields, siteId = 'demo', key = SITE_KEY) => {
  const answer = await app.report('message-sent', body, { siteId, key });
  return String(answer.json.notifications[0].deliveryId);
};

const TEMPLATE_IDS: Partial<Record<EventKind, string>> = {
  'order-status': 'default-order-status-evaso',
  'file-access': 'default-file-download',
};

describe('202', () => {
  test.each(EVENTS)('%s says what became of its recipient and nothing else', async (event) => {
    const answer = await app.report(event, payload(event, { eventId: `answer ${event}` }));

    const templateId = TEMPLATE_IDS[event] ?? `default-${event}`;
    expect(answer.status).toBe(202);
    expect(answer.headers).toEqual({ 'content-type': 'application/json' });
    expect(answer.json).toEqual({
      eventId: `answer ${event}`,
      notifications: [
        { userId: 'anna', templateId, status: 'queued', deliveryId: expect.stringMatching(/^[\w-]{32}$/) },
      ],
    });
  });

  test('a skipped recipient has a reason, and neither a template nor a delivery', async () => {
    const answer = await app.report('order-status', payloadFor('order-status', { id: 'dario' }));

    expect(answer.json).toEqual({
      eventId: 'event-1',
      notifications: [{ userId: 'dario', status: 'skipped', reason: 'not-linked' }],
    });
  });

  test('queued and skipped recipients come in the order of the event', async () => {
    const people = ['dario', 'carla', 'nobody', 'anna', 'bruno'].map((id) => ({ id }));

    const answer = await app.report('message-sent', payloadForAll('message-sent', people));

    expect(answer.json.notifications).toMatchObject([
      { userId: 'dario', status: 'skipped', reason: 'not-linked' },
      { userId: 'carla', status: 'queued' },
      { userId: 'nobody', status: 'skipped', reason: 'not-linked' },
      { userId: 'anna', status: 'queued' },
      { userId: 'bruno', status: 'queued' },
    ]);
  });

  test('two templates are two entries', async () => {
    await app.setTemplates(template('message-sent', 'short'), template('message-sent', 'long'));

    const answer = await app.report('message-sent', payload('message-sent'));

    expect(answer.json.notifications).toMatchObject([
      { userId: 'anna', templateId: 'short', status: 'queued' },
      { userId: 'anna', templateId: 'long', status: 'queued' },
    ]);
  });

  test('occurredAt, the cart of an order and all that a person may have are taken', async () => {
    const person = {
      id: 'anna',
      firstName: 'Anna',
      lastName: 'Rossi',
      companyName: 'Rossi Tende srl',
      groups: ['Rivenditori'],
      language: 'it-IT',
      kind: 'customer',
    };
    // An order of its own: a later status of the one of the other tests is known.
    const order = { ...(payload('order-status').order as Fields), id: 'of november' };
    const changes = {
      ...{ eventId: 'all', occurredAt: '2026-11-20T18:00:00+01:00', order, cartId: '30977', holder: person },
    };

    const answer = await app.report('order-status', payload('order-status', changes));

    expect(answer.status).toBe(202);
    expect(answer.json.notifications).toMatchObject([{ userId: 'anna', status: 'queued' }]);
  });

  test.each(['customer', 'reserved-area', 'agent', 'administrator'])('kind %s is taken', async (kind) => {
    const answer = await app.report('message-read', payloadFor('message-read', { id: 'anna', kind }));
    expect(answer.status).toBe(202);
  });
});

describe('deliveryId', () => {
  const body = payload('message-sent', { eventId: 'delivery-id' });

  test('is the same for the same event reported again, which queues nothing again', async () => {
    const first = await deliveryIdFor(body);
    const again = await deliveryIdFor(body);

    expect(again).toBe(first);
    expect((await app.takeQueued()).map(({ deliveryId }) => deliveryId)).toEqual([first]);
  });

  test('is the same where the repeated event comes with another text', async () => {
    const again = payload('message-sent', { eventId: 'delivery-id', message: { id: '1', subject: 'Altro' } });
    expect(await deliveryIdFor(again)).toBe(await deliveryIdFor(body));
  });

  test('differs by event id', async () => {
    expect(await deliveryIdFor(payload('message-sent', { eventId: 'delivery-id-2' }))).not.toBe(
      await deliveryIdFor(body),
    );
  });

  test('differs by user', async () => {
    const forBruno = payloadFor('message-sent', { id: 'bruno' }, { eventId: 'delivery-id' });
    expect(await deliveryIdFor(forBruno)).not.toBe(await deliveryIdFor(body));
  });

  test('differs by template', async () => {
    const byDefault = await deliveryIdFor(body);
    await app.setTemplates(template('message-sent', 'other'));
    expect(await deliveryIdFor(body)).not.toBe(byDefault);
  });

  test('differs by site', async () => {
    await app.stack.putSite({ ...demoSite(), siteId: 'other', keyHashes: [keyHash('pwtg_other')] });
    await app.stack.putUser({ siteId: 'other', userId: 'anna', chatId: 8 });

    const ofOther = await deliveryIdFor(body, 'other', 'pwtg_other');

    expect(ofOther).not.toBe(await deliveryIdFor(body));
  });

  test('does not run user and event together: "a" + "bc" is not "ab" + "c"', async () => {
    await app.setUser('bc');
    await app.setUser('c');
    const one = payloadFor('message-sent', { id: 'bc' }, { eventId: 'a' });
    const other = payloadFor('message-sent', { id: 'c' }, { eventId: 'ab' });

    expect(await deliveryIdFor(one)).not.toBe(await deliveryIdFor(other));
  });
});

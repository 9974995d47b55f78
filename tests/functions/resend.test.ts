/** One message of the log once more: the same text, once for each wish, to whom it may still go. */
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import type { Notification } from '../../lib/deliveries/notification.ts';
import { type App, startApp } from '../support/app.ts';
import { otherSite } from '../support/fixtures.ts';
import { endLater, later } from '../support/later.ts';
import { payload, payloadForAll } from '../support/payloads.ts';
import { notification, record } from '../support/sqs-events.ts';

const DAY = 24 * 3_600_000;

let app: App;
beforeAll(async () => {
  app = await startApp({ telegram: 'emulator', forDeliveries: true });
});
afterAll(() => app.close());
beforeEach(() => app.reset());
afterEach(endLater);

const resend = (deliveryId: string, options: object = {}) =>
  app.call('POST', `/v1/sites/demo/deliveries/${deliveryId}/resend`, options);

async function deliverQueued(): Promise<Notification[]> {
  const queued = await app.takeQueued();
  for (const message of queued) await app.deliver([record(message)]);
  return queued;
}

async function sent(changes: Partial<Notification> = {}): Promise<Notification> {
  const message = notification(changes);
  await app.deliver([record(message)]);
  return message;
}

describe('a message that was sent', () => {
  test('is shown once more, with its button, and has a line of its own', async () => {
    const button = { text: 'Apri', url: 'https://shop.example/ordini/1' };
    const first = await sent({ text: 'Ordine <b>evaso</b>', button });
    const { status, json } = await resend(first.deliveryId);
    expect(status).toBe(202);
    expect(json).toEqual({
      deliveryId: expect.stringMatching(/^[\w-]{32}$/),
      resendOf: first.deliveryId,
      userId: 'anna',
      status: 'queued',
    });
    await deliverQueued();
    const [one, other] = await app.telegram.messagesIn(1001);
    expect(other).toMatchObject({
      text: one?.text,
      entities: one?.entities,
      reply_markup: one?.reply_markup,
    });
    const line = await app.call('GET', `/v1/sites/demo/deliveries/${json.deliveryId}`);
    expect(line.json).toMatchObject({ status: 'sent', resendOf: first.deliveryId, eventId: first.eventId });
  });

  test('takes no other text, and no other person', async () => {
    const { deliveryId } = await sent();
    const { status, json } = await resend(deliveryId, { body: { userId: 'bruno' } });
    expect(status).toBe(400);
    expect(json.errors).toMatchObject([{ pointer: '/userId', code: 'unknown-property' }]);
    expect(await app.takeQueued()).toEqual([]);
    expect((await resend(deliveryId, { body: {} })).status).toBe(202);
  });

  test('two wishes at once, or one after the other, are one: also where the first is not sent yet', async () => {
    const { deliveryId } = await sent();
    const [one, other] = await Promise.all([resend(deliveryId), resend(deliveryId)]);
    expect(other.json.deliveryId).toBe(one.json.deliveryId);
    await deliverQueued();
    const again = await resend(deliveryId);
    expect(again.json).toMatchObject({ deliveryId: one.json.deliveryId, repeated: true });
    expect(await app.takeQueued()).toEqual([]);
    expect(await app.telegram.textsIn(1001)).toHaveLength(2);
  });

  test('a minute later it is another wish, ten times; a resend may be named, too', async () => {
    const { deliveryId } = await sent();
    const ids: string[] = [];
    for (let number = 1; number <= 10; number++) {
      later(61_000);
      const { status, json } = await resend(ids.at(-1) ?? deliveryId);
      expect([status, json.resendOf]).toEqual([202, deliveryId]);
      ids.push(json.deliveryId);
      await deliverQueued();
    }
    expect(new Set(ids).size).toBe(10);
    later(61_000);
    expect(await resend(deliveryId)).toMatchObject({ status: 409, json: { code: 'too-many-resends' } });
    expect(await app.telegram.textsIn(1001)).toHaveLength(11);
  });

  test('can be sent for seven days, and the line says until when', async () => {
    const { deliveryId } = await sent();
    const { json } = await app.call('GET', `/v1/sites/demo/deliveries/${deliveryId}`);
    const today = new Date(new Date().toISOString().slice(0, 10)).getTime();
    expect(json.resendableUntil).toBe(new Date(today + 8 * DAY).toISOString());
    later(7 * DAY);
    expect((await resend(deliveryId)).status).toBe(202);
    await app.takeQueued();
    later(DAY);
    expect(await resend(deliveryId)).toMatchObject({ status: 410, json: { code: 'content-gone' } });
    const after = await app.call('GET', `/v1/sites/demo/deliveries/${deliveryId}`);
    expect(after.json).not.toHaveProperty('resendableUntil');
    expect(await app.takeQueued()).toEqual([]);
  });

  test('its text stands in no table, and without the key of its day nobody can read it', async () => {
    const { deliveryId } = await sent();
    const stored = JSON.stringify(await app.stack.items('DeliveriesTable'));
    expect(stored).not.toContain('parola-segreta');
    expect(
      Buffer.from((await app.stack.findDelivery('demo', deliveryId))?.kept?.sealed ?? []).length,
    ).toBeGreaterThan(50);
    await app.stack.empty('DeliveriesTable');
    const [key] = (JSON.parse(stored) as { deliveryId: string }[]).filter((item) =>
      item.deliveryId.startsWith('#'),
    );
    expect(key?.deliveryId).toMatch(/^#key \d{4}-\d\d-\d\d$/);
  });

  test('of another day or site opens with no other key', async () => {
    const { openContent } = await import('../../lib/deliveries/kept-content.ts');
    const [one, other] = [await sent(), await sent()];
    const kept = (await app.stack.findDelivery('demo', one.deliveryId))?.kept;
    expect(kept && (await openContent(one, kept))?.text).toBe(one.text);
    expect(kept && (await openContent(other, kept))).toBeUndefined();
    expect(kept && (await openContent({ ...one, siteId: 'altro' }, kept))).toBeUndefined();
  });

  test('goes to where the person is now', async () => {
    const { deliveryId } = await sent();
    await app.setUser('anna', { chatId: 1002 });
    expect((await resend(deliveryId)).status).toBe(202);
    await deliverQueued();
    expect(await app.telegram.textsIn(1002)).toHaveLength(1);
  });
});

describe('looked at again', () => {
  test.each<[string, object]>([
    ['opted-out', { optedOut: true }],
    ['muted', { mutedEvents: ['order-status'] }],
    ['unreachable', { unreachable: { reason: 'Forbidden', since: '2026-11-20T10:00:00.000Z' } }],
    ['not-linked', { chatId: undefined }],
  ])('%s: nothing is sent', async (code, changes) => {
    const { deliveryId } = await sent();
    await app.setUser('anna', changes);
    expect(await resend(deliveryId)).toMatchObject({ status: 409, json: { code } });
    expect(await app.takeQueued()).toEqual([]);
  });

  test('whoever opts out after the wish gets nothing, and it can be wished again when they are back', async () => {
    const { deliveryId } = await sent();
    const { json } = await resend(deliveryId);
    await app.setUser('anna', { optedOut: true });
    await deliverQueued();
    await app.setUser('anna');
    const line = await app.call('GET', `/v1/sites/demo/deliveries/${json.deliveryId}`);
    expect(line.json).toMatchObject({ status: 'skipped', reason: 'opted-out' });
    const again = await resend(deliveryId);
    expect(again.json).toEqual(json);
    await deliverQueued();
    expect(await app.telegram.textsIn(1001)).toHaveLength(2);
  });

  test('what has failed goes out when it can', async () => {
    await app.telegram.refuse(400, 'Bad Request: TOPIC_CLOSED', { times: 1 });
    const { deliveryId } = await sent();
    expect((await resend(deliveryId)).status).toBe(202);
    await deliverQueued();
    expect(await app.telegram.textsIn(1001)).toHaveLength(1);
  });

  test('of which something newer is known', async () => {
    const at = (minutesAgo: number) => new Date(Date.now() - minutesAgo * 60_000).toISOString();
    const report = async (status: string, minutesAgo: number) => {
      const event = payload('order-status', { eventId: `ordine-${status}`, occurredAt: at(minutesAgo) });
      const body = { ...event, order: { ...(event.order as object), status } };
      const { status: answer } = await app.call('POST', '/v1/sites/demo/events/order-status', { body });
      expect(answer).toBe(202);
      const [message] = await deliverQueued();
      return message?.deliveryId ?? '';
    };
    const former = await report('Confermato', 20);
    expect((await resend(former)).status).toBe(202);
    await deliverQueued();
    later(2 * 60_000);
    const latest = await report('Evaso', 10);
    expect(await resend(former)).toMatchObject({ status: 409, json: { code: 'superseded' } });
    expect(await app.takeQueued()).toEqual([]);
    expect((await resend(latest)).status).toBe(202);
  });

  test('what is over stays so', async () => {
    const { deliveryId } = await sent({ pastAt: new Date(Date.now() + 60_000).toISOString() });
    later(61_000);
    expect(await resend(deliveryId)).toMatchObject({ status: 409, json: { code: 'past' } });
  });
});

describe('refused', () => {
  test('where no message was made: a repeated event looks again', async () => {
    await app.report('message-sent', payloadForAll('message-sent', [{ id: 'dario' }]));
    const { json } = await app.call('GET', '/v1/sites/demo/deliveries', { query: { userId: 'dario' } });
    expect(await resend(json.deliveries[0].deliveryId)).toMatchObject({
      status: 409,
      json: { code: 'never-rendered' },
    });
  });

  test('while it waits, and for a test of a template', async () => {
    const line = { siteId: 'demo', event: 'order-status', eventId: 'e', userId: 'anna', attempts: 1 };
    const at = new Date().toISOString();
    const { recordFirst } = await import('../../lib/store/deliveries.ts');
    await recordFirst([
      { ...line, deliveryId: 'attende', recordedAt: at, status: 'waiting', reason: 'rate-limit', until: at },
      { ...line, deliveryId: 'prova', recordedAt: at, status: 'sent', messageId: 1, chatId: 1, isTest: true },
      { ...line, deliveryId: 'vecchia', recordedAt: at, status: 'sent', messageId: 1, chatId: 1 },
    ]);
    expect(await resend('attende')).toMatchObject({ status: 409, json: { code: 'delivery-not-finished' } });
    expect(await resend('prova')).toMatchObject({ status: 409, json: { code: 'test-message' } });
    // Of the former release nothing is kept.
    expect(await resend('vecchia')).toMatchObject({ status: 410, json: { code: 'content-gone' } });
  });

  test.each(['sconosciuta', 'è', '%23key%202026-11-29', 'x'.repeat(100)])(
    'an unknown delivery: %s',
    async (id) => {
      expect((await resend(encodeURI(id).replaceAll('%25', '%'))).status).toBe(404);
    },
  );

  test("another site's delivery, a wrong key, and a site that is off", async () => {
    const { deliveryId } = await sent();
    await app.stack.putSite(otherSite());
    const path = `/v1/sites/altro/deliveries/${deliveryId}/resend`;
    expect((await app.call('POST', path, { key: 'pwtg_altro' })).status).toBe(404);
    expect((await resend(deliveryId, { key: 'pwtg_altro' })).status).toBe(401);
    await app.setSite({ active: false });
    expect((await resend(deliveryId)).status).toBe(403);
    expect(await app.takeQueued()).toEqual([]);
  });

  test('where the person is erased: also one who comes back is somebody else', async () => {
    const { deliveryId } = await sent();
    expect((await app.call('DELETE', '/v1/sites/demo/users/anna')).status).toBe(200);
    await app.setUser('anna');
    expect((await resend(deliveryId)).status).toBe(404);
  });
});

test('without a key for its content a message is sent all the same', async () => {
  const { encryptToken } = await import('../../lib/telegram/token-encryption.ts');
  const day = new Date().toISOString().slice(0, 10);
  // One that was encrypted for another site can't be opened.
  const broken = { siteId: 'demo', deliveryId: `#key ${day}`, sealedKey: encryptToken('x', 'altro') };
  await app.stack.putDelivery(broken as never);
  const { deliveryId } = await sent();
  expect(await app.telegram.textsIn(1001)).toHaveLength(1);
  expect(await resend(deliveryId)).toMatchObject({ status: 410 });
});

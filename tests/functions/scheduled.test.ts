/** What is still to come: carts, reminders, and messages that wait, with why and until when. */
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import { cardKeyOf } from '../../lib/store/cards.ts';
import { erasedUser, newUser } from '../../lib/store/user.ts';
import { type App, startApp } from '../support/app.ts';
import { otherSite } from '../support/fixtures.ts';
import { endLater } from '../support/later.ts';
import { notification, record } from '../support/sqs-events.ts';

let app: App;
beforeAll(async () => {
  app = await startApp({ telegram: 'emulator', forDeliveries: true });
});
afterAll(() => app.close());
beforeEach(() => app.reset());
afterEach(endLater);

const HOUR = 3_600_000;
const inHours = (hours: number) => new Date(Date.now() + hours * HOUR).toISOString();

const list = (query: Record<string, string> = {}, options: object = {}) =>
  app.call('GET', '/v1/sites/demo/scheduled', { query, ...options });

const cart = (userId: string, changes: object = {}) => ({
  eventId: `carrello-${userId}`,
  occurredAt: inHours(0),
  cart: {
    id: `c/${userId}`,
    itemCount: 2.5,
    total: { amount: '89.00', currency: 'EUR' },
    url: 'https://shop.example/c',
  },
  user: { id: userId },
  ...changes,
});
const reminder = (id: string, recipients: object[], changes: object = {}) => ({
  eventId: `promemoria-${id}`,
  activity: { id, subject: 'Visita', date: inHours(48) },
  remindMinutesBefore: 60,
  recipients,
  ...changes,
});

interface Line {
  kind: string;
  id: string;
  userId: string;
}
const namesOf = (json: { scheduled: Line[] }) =>
  json.scheduled.map(({ kind, id, userId }) => `${kind} ${id} ${userId}`);

describe('GET /scheduled', () => {
  test('nothing: an empty list, without a cursor', async () => {
    expect(await list()).toMatchObject({ status: 200, json: { scheduled: [] } });
    expect((await list()).json).not.toHaveProperty('cursor');
  });

  test('however many messages of orders there are: they do not wait, and are not read', async () => {
    const cards = Array.from({ length: 900 }, (_, order) => cardKeyOf('demo', 1001, `order#${order}`));
    await app.stack.put('ScheduleTable', ...cards.map((key) => ({ ...key, userId: 'anna', messageId: 1 })));
    await app.call('POST', '/v1/sites/demo/events/abandoned-cart', { body: cart('anna') });
    const { json } = await list();
    expect(json.scheduled.map(({ id }: { id: string }) => id)).toEqual(['c/anna']);
    expect(json).not.toHaveProperty('cursor');
  });

  test('carts and reminders, with when, for whom, and of what', async () => {
    const person = { id: 'CLI/001', firstName: 'Zoe', lastName: 'Neri' };
    await app.report('abandoned-cart', cart('anna'));
    await app.report('activity-reminder', reminder('7', [{ id: 'bruno' }, person]));
    const { json } = await list();
    expect(json.scheduled).toEqual([
      {
        ...{ kind: 'cart', event: 'abandoned-cart', eventId: 'carrello-anna', id: 'c/anna', userId: 'anna' },
        ...{ userName: 'Anna Rossi', itemCount: 2.5, total: { amount: '89.00', currency: 'EUR' } },
        dueAt: expect.stringMatching(/Z$/),
        message: { it: expect.stringMatching(/^In programma/), en: expect.stringMatching(/^Scheduled/) },
      },
      expect.objectContaining({
        kind: 'reminder',
        id: '7',
        userId: 'bruno',
        userName: 'Bruno Bianchi',
        subject: 'Visita',
      }),
      // Nothing is stored of them but in the event.
      expect.objectContaining({ kind: 'reminder', id: '7', userId: 'CLI/001', userName: 'Zoe Neri' }),
    ]);
    const due = Date.parse(json.scheduled[1].dueAt) - Date.now();
    expect(Math.round(due / HOUR)).toBe(47);
  });

  test('messages of a bot without a token: why, and the template, never the text', async () => {
    await app.setSite({ bot: undefined });
    const { deliveryId, eventId } = notification({ templateId: 'default-order-status' });
    await app.deliver([
      record({ ...notification({ templateId: 'default-order-status' }), deliveryId, eventId }),
    ]);
    const { json, text } = await list();
    expect(json.scheduled).toEqual([
      {
        ...{ kind: 'message', event: 'order-status', eventId, id: deliveryId, userId: 'anna' },
        ...{
          userName: 'Anna Rossi',
          templateName: 'Notifica Stato Ordine: Confermato',
          reason: 'bot-missing',
        },
        dueAt: expect.stringMatching(/Z$/),
        message: { it: expect.stringContaining('non ha un bot'), en: expect.stringContaining('has no bot') },
      },
    ]);
    expect(text).not.toContain('parola-segreta');
  });

  test('messages of a chat that Telegram pauses, until when', async () => {
    await app.telegram.refuse(429, 'Too Many Requests: retry after 30', {
      times: 1,
      parameters: { retry_after: 30 },
    });
    const message = notification();
    await app.deliver([record(message)]);
    const { json } = await list();
    expect(json.scheduled).toMatchObject([
      { kind: 'message', id: message.deliveryId, reason: 'chat-paused' },
    ]);
    const seconds = (Date.parse(json.scheduled[0].dueAt) - Date.now()) / 1_000;
    expect(seconds).toBeGreaterThan(20);
    expect(seconds).toBeLessThan(32);
  });

  test('messages of somebody who was renamed, under the id and the name that they have now', async () => {
    await app.setSite({ bot: undefined });
    const message = notification();
    await app.deliver([record(message)]);
    await app.call('POST', '/v1/sites/demo/users/anna/rename', { body: { userId: 'anna-2' } });
    await app.call('POST', '/v1/sites/demo/users/anna-2/rename', { body: { userId: 'CLI/1' } });
    const line = { kind: 'message', id: message.deliveryId, userId: 'CLI/1', userName: 'Anna Rossi' };
    expect((await list()).json.scheduled).toMatchObject([line]);
    expect((await list({ userId: 'CLI/1' })).json.scheduled).toMatchObject([line]);
    expect((await list({ userId: 'anna' })).json.scheduled).toEqual([]);
  });

  test.each<[Record<string, string>, string[]]>([
    [{ userId: 'anna' }, ['cart c/anna anna', 'reminder 7 anna']],
    [{ event: 'activity-reminder' }, ['reminder 7 anna', 'reminder 7 bruno']],
    [{ event: 'abandoned-cart', userId: 'bruno' }, []],
    [{ event: 'order-status' }, []],
  ])('only what is asked for: %j', async (query, expected) => {
    await app.report('abandoned-cart', cart('anna'));
    await app.report('activity-reminder', reminder('7', [{ id: 'anna' }, { id: 'bruno' }]));
    expect(namesOf((await list(query)).json)).toEqual(expected);
  });

  test('pages have each line once, through carts, reminders and messages', async () => {
    for (const userId of ['anna', 'bruno', 'carla']) await app.report('abandoned-cart', cart(userId));
    await app.report('activity-reminder', reminder('7', [{ id: 'anna' }, { id: 'bruno' }, { id: 'carla' }]));
    await app.setSite({ bot: undefined });
    for (let number = 0; number < 5; number++) await app.deliver([record(notification())]);
    const whole = namesOf((await list()).json);
    expect(whole).toHaveLength(11);
    for (const limit of ['1', '2', '4', '5']) {
      const found: string[] = [];
      let cursor: string | undefined;
      do {
        const { json } = await list({ limit, ...(cursor && { cursor }) });
        expect(json.scheduled.length).toBeLessThanOrEqual(Number(limit));
        found.push(...namesOf(json));
        ({ cursor } = json);
      } while (cursor);
      expect(found).toEqual(whole);
    }
  });

  test('who is erased is not shown', async () => {
    await app.report('abandoned-cart', cart('anna'));
    const [item] = (await app.stack.items('ScheduleTable')).filter(({ key }) => key === 'cart#anna');
    await app.stack.putUser(erasedUser(newUser({ siteId: 'demo', userId: 'anna' })) as never);
    expect(item).toBeDefined();
    expect((await list()).json.scheduled).toEqual([]);
  });

  test.each<[Record<string, string>, string]>([
    [{ cursor: 'x' }, '/cursor'],
    [{ cursor: Buffer.from('0 order#1').toString('base64url') }, '/cursor'],
    [{ cursor: Buffer.from('0 lane').toString('base64url') }, '/cursor'],
    [{ event: 'cart' }, '/event'],
    [{ status: 'sent' }, '/status'],
    [{ limit: '0' }, '/limit'],
  ])('%j is refused', async (query, pointer) => {
    expect(await list(query)).toMatchObject({ status: 400, json: { errors: [{ pointer }] } });
  });

  test("another site's cursor leads to none of its lines, and its key opens nothing", async () => {
    await app.stack.putSite(otherSite());
    await app.report('abandoned-cart', cart('anna'));
    await app.report('abandoned-cart', cart('bruno'));
    const { json } = await list({ limit: '1' });
    const other = await app.call('GET', '/v1/sites/altro/scheduled', {
      key: 'pwtg_altro',
      query: { cursor: json.cursor },
    });
    expect(other).toMatchObject({ status: 200, json: { scheduled: [] } });
    expect((await list({}, { key: 'pwtg_altro' })).status).toBe(401);
  });
});

/** `DELETE …/users/{userId}`: all that is held about a person goes, in every table, and nothing of anybody else. */
import { DynamoDBDocumentClient, PutCommand } from '@aws-sdk/lib-dynamodb';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import type { Delivery } from '../../lib/store/deliveries.ts';
import { type App, startApp } from '../support/app.ts';
import { saysErased } from '../support/erased.ts';
import { details } from '../support/fixtures.ts';
import { loginOf } from '../users/widget-fields.ts';

let app: App;

beforeAll(async () => {
  app = await startApp({ telegram: 'server' });
});
afterAll(() => app.close());

const pathOf = (userId: string) => `/v1/sites/demo/users/${userId}`;
const erase = (userId: string) => app.call('DELETE', pathOf(userId));
const TABLES = ['UsersTable', 'LinksTable', 'ScheduleTable', 'DeliveriesTable'];
/** All that the tables hold of the demo site. */
async function everything(): Promise<string> {
  const items = (await Promise.all(TABLES.map((table) => app.stack.items(table)))).flat();
  return JSON.stringify(items.filter((item) => item.siteId !== 'altro' && !saysErased(item)));
}

async function put(table: string, Item: object): Promise<void> {
  const client = DynamoDBDocumentClient.from(app.stack.aws.dynamodb);
  await client.send(new PutCommand({ TableName: app.stack.refs.get(table), Item }));
}

/** Every kind of thing that is held about somebody. */
async function fill(userId: string, chatId: number): Promise<void> {
  const { linkChat } = await import('../../lib/users/link-chat.ts');
  const { recordDelivery } = await import('../../lib/store/deliveries.ts');
  const body = { firstName: `Nome-${userId}` };
  await app.call('POST', `${pathOf(userId)}/link`, { body });
  await app.call('POST', `${pathOf(userId)}/link`, { body });
  await app.call('POST', `${pathOf(userId)}/telegram-login`, { body: loginOf(chatId) });
  const given = details(userId, { firstName: `Nome-${userId}`, claimedAt: '2030-01-01T00:00:00.000Z' });
  await linkChat(app.site, given, { id: chatId, username: `tg-${userId}` }, 'deep-link', given.linkId);
  for (let number = 0; number < 30; number++) {
    await recordDelivery({
      siteId: 'demo',
      deliveryId: `${userId}-${number}`,
      event: 'order-status',
      eventId: `event-${number}`,
      templateId: 'default-order-status',
      userId,
      recordedAt: new Date(Date.UTC(2026, 10, 22, 10, number)).toISOString(),
      attempts: 1,
      status: 'sent',
      messageId: number,
      chatId,
    } as Delivery);
  }
  const registration = { siteId: 'demo', eventId: 'e', occurredAt: '2026-11-22T10:00:00.000Z' };
  const waiting = { ...registration, shard: 'cart-1', dueAt: '2027-01-01T00:00:00.000Z' };
  const cart = { eventId: 'e', cart: { id: 'c' }, user: { id: userId } };
  await put('ScheduleTable', { ...waiting, key: `cart#${userId}`, event: JSON.stringify(cart) });
  await put('ScheduleTable', { siteId: 'demo', key: `cart-id#c-${userId}`, userId });
}

const reminder = (key: string, event: object) =>
  put('ScheduleTable', {
    siteId: 'demo',
    key: `reminder#${key}`,
    eventId: key,
    occurredAt: '2026-11-22T10:00:00.000Z',
    shard: 'reminder-1',
    dueAt: '2027-01-01T00:00:00.000Z',
    event: JSON.stringify({ eventId: key, ...event }),
  });

test('everything, everywhere, and it says so', async () => {
  await fill('elena', 8001);
  await fill('elena2', 8002);
  const [elena, other] = [{ id: 'elena', firstName: 'Nome-elena' }, { id: 'elena2' }];
  await reminder('hers', { recipients: [elena] });
  await reminder('both', { recipients: [elena, other], creator: elena });
  await reminder('others', { recipients: [other], subject: 'Chiama elena' });
  await app.stack.putUser({ siteId: 'altro', userId: 'elena', firstName: 'Omonima' });

  const { status, json } = await erase('elena');

  expect(status).toBe(200);
  // Two link tokens, the claim to the chat, the login; two entries for the cart, and two reminders.
  expect(json).toEqual({
    userId: 'elena',
    erased: { users: 1, links: 4, scheduled: 4, waiting: 0, outgoing: 0, deliveries: 30 },
  });
  const left = await everything();
  expect(left.match(/"elena"|Nome-elena"|tg-elena"|\\nelena"|elena-\d|8001/g)).toBeNull();
  expect(await app.stack.findUser('altro', 'elena')).toMatchObject({ firstName: 'Omonima' });
  expect((await app.stack.items('DeliveriesTable')).length).toBe(30);
  expect(await app.findUser('elena2')).toMatchObject({ chatId: 8002 });
  const reminders = (await app.stack.items('ScheduleTable')).filter(({ key }) =>
    String(key).startsWith('reminder#'),
  );
  expect(reminders.map(({ event }) => JSON.parse(String(event)))).toEqual(
    expect.arrayContaining([
      { eventId: 'both', recipients: [other] },
      { eventId: 'others', recipients: [other], subject: 'Chiama elena' },
    ]),
  );
  expect(reminders).toHaveLength(2);
});

test('many times at the same time: it ends, and everything is gone', async () => {
  await fill('doppia', 9_101);
  const answers = await Promise.all(Array.from({ length: 8 }, () => erase('doppia')));
  expect(new Set(answers.map(({ status }) => status)).difference(new Set([200, 404]))).toEqual(new Set());
  expect(answers.map(({ status }) => status)).toContain(200);
  expect(await everything()).not.toContain('doppia');
});

test('404 once there is nothing left, and for who was never there', async () => {
  await fill('gino', 8003);
  expect((await erase('gino')).status).toBe(200);
  expect((await erase('gino')).status).toBe(404);
  expect((await erase('mai-visto')).status).toBe(404);
});

test('works while the site is switched off', async () => {
  await fill('ida', 8004);
  await app.setSite({ moduleActive: false, active: false });
  expect((await erase('ida')).status).toBe(200);
  await app.setSite();
});

test('a link that was handed out before is worth nothing afterwards', async () => {
  const { redeemLinkToken } = await import('../../lib/users/link-token.ts');
  const { json } = await app.call('POST', `${pathOf('lia')}/link`, { body: {} });
  expect((await erase('lia')).json.erased).toEqual({
    users: 0,
    links: 1,
    scheduled: 0,
    waiting: 0,
    outgoing: 0,
    deliveries: 0,
  });
  expect(await redeemLinkToken(app.site, json.token, 8005)).toEqual({ kind: 'unknown' });
});

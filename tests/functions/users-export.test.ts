/**
 * What is kept about a person: the export shows all of it and nothing of anybody else, and erasure leaves none of it, in
 * any table. One person with everything that can be kept.
 */
import { DynamoDBDocumentClient, PutCommand } from '@aws-sdk/lib-dynamodb';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { toPathId } from '../../lib/http/path-ids.ts';
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

const pathOf = (userId: string) => `/v1/sites/demo/users/${toPathId(userId)}`;
const TABLES = [
  ...['SitesTable', 'UsersTable', 'LinksTable', 'ScheduleTable'],
  ...['DeliveriesTable', 'WaitingTable', 'PacesTable', 'OutgoingTable'],
];
const tables = () => DynamoDBDocumentClient.from(app.stack.aws.dynamodb);

async function everything(): Promise<string> {
  const items = (await Promise.all(TABLES.map((table) => app.stack.items(table)))).flat();
  return JSON.stringify(items.filter((item) => !saysErased(item)));
}

async function put(table: string, Item: object): Promise<void> {
  await tables().send(new PutCommand({ TableName: app.stack.refs.get(table), Item }));
}

async function link(userId: string, chatId: number, name: string): Promise<void> {
  const { linkChat } = await import('../../lib/users/link-chat.ts');
  const given = details(userId, { firstName: name, claimedAt: new Date().toISOString() });
  await linkChat(app.site, given, { id: chatId, username: `tg_${name}` }, 'deep-link', given.linkId);
}

async function log(userId: string, count: number, chatId: number): Promise<void> {
  const { recordDelivery } = await import('../../lib/store/deliveries.ts');
  const about = { event: 'order-status', eventId: 'evento', templateId: 'default-order-status', attempts: 1 };
  for (let number = 0; number < count; number++) {
    const recordedAt = new Date(Date.UTC(2026, 10, 22, 10, 0, number)).toISOString();
    const deliveryId = `${userId}-${number}`.replace(/[^\w-]/g, '_');
    const sent = { status: 'sent', messageId: number, chatId };
    await recordDelivery({ siteId: 'demo', deliveryId, userId, recordedAt, ...about, ...sent } as Delivery);
  }
}

const waiting = {
  eventId: 'e',
  occurredAt: '2026-11-22T10:00:00.000Z',
  dueAt: '2027-01-01T00:00:00.000Z',
  occurrence: 0,
};

/** What the webhook of the site is still to be told of a person, after two tries in vain. */
function toldRow(userId: string, event: string, data: object) {
  const [id, dueAt] = [`msg_${userId}`, '2026-11-22T10:05:00.000Z'];
  return {
    ...{ siteId: 'demo', key: `a#${dueAt}#${id}`, id, event, at: waiting.occurredAt, failures: 2 },
    ...{ source: { kind: 'user', userId, data }, expiresAt: 1_800_000_000 },
  };
}

/** Marta with everything: two ids, two chats (one shared with Nino), links, a login, a cart, reminders, a log. */
async function marta(): Promise<void> {
  const old = pathOf('marta-vecchia');
  await link('marta-vecchia', 900100001, 'Marta');
  await link('marta-vecchia', 900100002, 'Marta');
  await link('marta-vecchia', 900100003, 'Marta');
  await app.call('DELETE', `${old}/link`, { query: { chat: '900100003' } });
  await link('nino', 900100002, 'Nino');
  await app.call('POST', `${old}/telegram-login`, { body: loginOf(900100001) });
  await app.call('POST', `${old}/rename`, { body: { userId: 'marta' } });
  await app.call('POST', `${pathOf('marta')}/link`, {
    body: { firstName: 'Marta', companyName: 'Marta S.r.l.' },
  });
  const { redeemLinkToken } = await import('../../lib/users/link-token.ts');
  await redeemLinkToken(app.site, await app.linkToken('marta', { firstName: 'Marta' }), 900100001);
  await app.call('PATCH', pathOf('marta'), { body: { mutedEvents: ['file-access'], lastName: 'Zanetti' } });
  await app.call('PATCH', pathOf('marta'), { body: { optedOut: true, by: 'shop' } });
  const [Marta, Nino] = [
    { id: 'marta', firstName: 'Marta' },
    { id: 'nino', firstName: 'Nino' },
  ];
  const cart = { eventId: 'e', cart: { id: 'c-1', itemCount: 2 }, user: Marta };
  await put('ScheduleTable', {
    ...waiting,
    siteId: 'demo',
    key: 'cart#marta',
    shard: 'cart-1',
    cartId: 'c-1',
    event: JSON.stringify(cart),
  });
  await put('ScheduleTable', { siteId: 'demo', key: 'cart-id#c-1', userId: 'marta' });
  const both = { activity: { id: '1', subject: 'Incontro' }, creator: Nino, recipients: [Marta, Nino] };
  await put('ScheduleTable', {
    ...waiting,
    siteId: 'demo',
    key: 'reminder#1',
    shard: 'reminder-1',
    event: JSON.stringify(both),
  });
  const others = { activity: { id: '2', subject: 'Chiamata' }, recipients: [Nino] };
  await put('ScheduleTable', {
    ...waiting,
    siteId: 'demo',
    key: 'reminder#2',
    shard: 'reminder-1',
    event: JSON.stringify(others),
  });
  for (const [key, userId, chatId] of [
    ['m#1', 'marta', 900100001],
    ['m#2', 'nino', 900100002],
  ] as const) {
    const message = {
      deliveryId: `w-${userId}`,
      userId,
      event: 'order-status',
      eventId: 'e',
      chatId,
    };
    const body = {
      ...message,
      siteId: 'demo',
      acceptedAt: waiting.occurredAt,
      text: `<b>Ordine</b> di ${userId}`,
    };
    await put('WaitingTable', { siteId: 'demo', key, body: JSON.stringify(body), attempts: 1 });
  }
  await put('OutgoingTable', toldRow('marta', 'user.opted-out', { by: 'shop', where: 'site' }));
  // It happened under the former id, and is told so.
  await put('OutgoingTable', toldRow('marta-vecchia', 'user.linked', { isFirst: true, by: 'deep-link' }));
  await put('OutgoingTable', toldRow('nino', 'user.linked', { isFirst: true, by: 'deep-link' }));
  await log('marta', 12, 900100001);
  await log('nino', 3, 900100002);
}

test('the export has all of it, and nothing of others; erasure leaves none of it', async () => {
  await marta();
  const before = await everything();
  expect(before).toMatch(/Marta/);
  const { status, json } = await app.call('GET', `${pathOf('marta')}/export`);
  expect(status).toBe(200);
  const at = expect.any(String);
  expect(json).toEqual({
    ...{ siteId: 'demo', userId: 'marta', exportedAt: at },
    user: {
      ...{ firstName: 'Marta', lastName: 'Zanetti', namesAt: at, mutedEvents: ['file-access'] },
      optedOut: true,
      optOuts: [{ by: 'shop', at, where: 'site' }],
      endedLinks: [at, at],
      endedStops: [],
      formerIds: ['marta-vecchia'],
    },
    chats: [
      {
        chatId: 900100001,
        botId: '100',
        linkedAt: at,
        linkedBy: 'login-widget',
        telegramUsername: at,
        resumedAt: at,
        stopped: false,
      },
      {
        chatId: 900100002,
        botId: '100',
        linkedAt: at,
        linkedBy: 'deep-link',
        telegramUsername: 'tg_Marta',
        resumedAt: at,
        stopped: false,
      },
    ],
    links: expect.arrayContaining([
      { createdAt: at, expiresAt: at, used: false, firstName: 'Marta', companyName: 'Marta S.r.l.' },
      { createdAt: at, expiresAt: at, used: true, usedAt: at, usedByChat: 900100001, firstName: 'Marta' },
    ]),
    logins: [{ usedAt: at, keptUntil: at }],
    scheduled: expect.arrayContaining([
      {
        key: 'cart#marta',
        dueAt: waiting.dueAt,
        event: { eventId: 'e', cart: { id: 'c-1', itemCount: 2 }, user: { id: 'marta', firstName: 'Marta' } },
      },
      { key: 'cart-id#c-1' },
      {
        key: 'reminder#1',
        dueAt: waiting.dueAt,
        event: {
          activity: { id: '1', subject: 'Incontro' },
          recipients: [{ id: 'marta', firstName: 'Marta' }],
        },
      },
    ]),
    waiting: [
      {
        ...{ deliveryId: 'w-marta', event: 'order-status', eventId: 'e', acceptedAt: waiting.occurredAt },
        ...{ chatId: 900100001, text: '<b>Ordine</b> di marta' },
      },
    ],
    outgoing: [
      {
        ...{ id: 'msg_marta', event: 'user.opted-out', at: waiting.occurredAt },
        ...{ dueAt: '2026-11-22T10:05:00.000Z', failures: 2, data: { by: 'shop', where: 'site' } },
      },
      {
        ...{ id: 'msg_marta-vecchia', event: 'user.linked', at: waiting.occurredAt },
        ...{ dueAt: '2026-11-22T10:05:00.000Z', failures: 2, data: { isFirst: true, by: 'deep-link' } },
      },
    ],
    deliveries: expect.any(Array),
  });
  expect(json.links).toHaveLength(2);
  expect(json.scheduled).toHaveLength(3);
  expect(json.deliveries).toHaveLength(12);
  expect(json.deliveries[0]).toMatchObject({ deliveryId: 'marta-11', chatId: 900100001, status: 'sent' });
  const text = JSON.stringify(json);
  // No other person, no hash, no secret, no link that could still be used.
  expect(text).not.toMatch(/nino|Nino|[0-9a-f]{64}|sealed|hash|token|#link-/i);

  // All that the erasure takes away was in the export: each of its items is counted there.
  const { erased } = (await app.call('DELETE', pathOf('marta'))).json;
  expect(erased).toEqual({
    users: 1,
    links: json.links.length + json.logins.length + json.chats.length,
    scheduled: json.scheduled.length,
    waiting: json.waiting.length,
    outgoing: json.outgoing.length,
    deliveries: json.deliveries.length,
  });
  expect((await everything()).match(/marta|Zanetti|900100001|900100003/gi)).toBeNull();
  expect((await app.call('GET', `${pathOf('marta')}/export`)).status).toBe(404);
  // Nino keeps what is his, in the shared chat too.
  const nino = (await app.call('GET', `${pathOf('nino')}/export`)).json;
  expect(nino).toMatchObject({ chats: [{ chatId: 900100002 }], user: { firstName: 'Nino' } });
  expect(nino.scheduled).toHaveLength(2);
  expect(nino.outgoing).toHaveLength(1);
  expect(nino.deliveries).toHaveLength(3);
});

test('a cart that was sent is remembered with the id of its user: it is shown, and erased', async () => {
  const ended = { siteId: 'demo', key: 'cart#carrello', eventId: 'e', occurredAt: waiting.occurredAt };
  await put('ScheduleTable', { ...ended, ending: 'handed-over' });
  const { json } = await app.call('GET', `${pathOf('carrello')}/export`);
  expect(json.scheduled).toEqual([{ key: 'cart#carrello' }]);
  expect((await app.call('DELETE', pathOf('carrello'))).json.erased.scheduled).toBe(1);
  expect((await app.call('GET', `${pathOf('carrello')}/export`)).status).toBe(404);
});

test('a former id that belongs to somebody else now is left alone', async () => {
  await link('primo', 9101, 'Primo');
  await app.call('POST', `${pathOf('primo')}/rename`, { body: { userId: 'secondo' } });
  await link('primo', 9102, 'Altro');
  await log('primo', 2, 9102);
  expect((await app.call('GET', `${pathOf('secondo')}/export`)).json.deliveries).toEqual([]);
  await app.call('DELETE', pathOf('secondo'));
  expect(await app.findUser('primo')).toMatchObject({ firstName: 'Altro', chatId: 9102 });
  expect((await app.call('GET', `${pathOf('primo')}/export`)).json.deliveries).toHaveLength(2);
  expect((await everything()).match(/secondo|9101/g)).toBeNull();
});

test('who was renamed half way is erased under both ids', async () => {
  await link('meta', 9201, 'Meta');
  const { findUserOrRenamed, putUser } = await import('../../lib/store/users.ts');
  const { addToChat } = await import('../../lib/store/chats.ts');
  const user = await findUserOrRenamed({ siteId: 'demo', userId: 'meta' });
  if (!user) throw new Error('not linked');
  // The function died before the former item was replaced by one that leads to the new id.
  await addToChat({ siteId: 'demo', chatId: 9201 }, 'intero');
  await putUser(
    { ...user, userId: 'intero', formerIds: ['meta'], renamedFrom: 'meta', version: 1 },
    undefined,
  );
  await app.call('DELETE', pathOf('intero'));
  expect((await everything()).match(/"meta"|intero|9201|"Meta"/g)).toBeNull();
});

test('a login whose link was refused is erased with the user whom it named', async () => {
  for (const chatId of [9301, 9302, 9303, 9304, 9305]) await link('piena', chatId, 'Piena');
  const refused = await app.call('POST', `${pathOf('piena')}/telegram-login`, { body: loginOf(9306) });
  expect(refused.status).toBe(409);
  await app.call('DELETE', pathOf('piena'));
  expect((await everything()).match(/piena/gi)).toBeNull();
});

test('also for somebody who has only a link, and while the site is off', async () => {
  await app.call('POST', `${pathOf('solo-link')}/link`, { body: { firstName: 'Sola' } });
  await app.setSite({ moduleActive: false, active: false });
  const { status, json } = await app.call('GET', `${pathOf('solo-link')}/export`);
  await app.setSite();
  expect(status).toBe(200);
  expect(json).not.toHaveProperty('user');
  expect(json).toMatchObject({ chats: [], links: [{ used: false, firstName: 'Sola' }], deliveries: [] });
});

test('404 for who is unknown, 400 for a cursor that is none, 401 without a key', async () => {
  expect((await app.call('GET', `${pathOf('mai-visto')}/export`)).status).toBe(404);
  expect((await app.call('GET', `${pathOf('anna')}/export`, { query: { cursor: 'no' } })).status).toBe(400);
  expect((await app.call('GET', `${pathOf('anna')}/export`, { key: null })).status).toBe(401);
});

test('a log that is too long for one answer goes on with its cursor', async () => {
  await link('lungo', 9401, 'Lungo');
  const item = {
    siteId: 'demo',
    userId: 'lungo',
    siteUser: 'demo\nlungo',
    event: 'order-status',
    eventId: 'x'.repeat(128),
  };
  const about = { templateId: 'default-order-status', attempts: 1, status: 'failed' };
  const failure = { class: 'refused', description: 'y'.repeat(400) };
  const at = (number: number) => new Date(Date.UTC(2026, 10, 1, 0, 0, number)).toISOString();
  const numbers = Array.from({ length: 4_600 }, (_, number) => number);
  const { inParallel } = await import('../../lib/aws/parallel.ts');
  await inParallel(numbers, 50, (number) =>
    put('DeliveriesTable', {
      ...item,
      ...about,
      failure,
      deliveryId: `lungo-${number}`,
      recordedAt: at(number),
    }),
  );
  const first = (await app.call('GET', `${pathOf('lungo')}/export`)).json;
  // Lambda's limit for an answer.
  expect(JSON.stringify(first).length).toBeLessThan(6_000_000);
  const second = (await app.call('GET', `${pathOf('lungo')}/export`, { query: { cursor: first.cursor } }))
    .json;
  expect(second).not.toHaveProperty('cursor');
  expect(second.chats).toEqual(first.chats);
  const ids = [...first.deliveries, ...second.deliveries].map(({ deliveryId }) => deliveryId);
  expect(ids).toEqual(numbers.toReversed().map((number) => `lungo-${number}`));
}, 120_000);

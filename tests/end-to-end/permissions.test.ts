/**
 * Least privilege, in both directions: in one local run every function does all that it ever does, and what it used of
 * DynamoDB and SQS is exactly what its role in the package allows.
 *
 * That nothing is missing is looked at by every end-to-end test: the local run refuses what a role does not allow.
 */

import { createHash } from 'node:crypto';
import { DeleteCommand, GetCommand, PutCommand, UpdateCommand } from '@aws-sdk/lib-dynamodb';
import { afterAll, afterEach, beforeAll, expect, test } from '@jest/globals';
import { EVENT_NAMES } from '../../lib/domain/events.ts';
import { STAFF_NOTICES } from '../../lib/domain/staff.ts';
import { WEBHOOK_EVENTS } from '../../lib/domain/webhook-events.ts';
import { digestKey } from '../../lib/store/digests.ts';
import { encryptToken } from '../../lib/telegram/token-encryption.ts';
import { DEMO_BOT_TOKEN_KEY, demoSite } from '../../local/demo.ts';
import type { PermissionState } from '../../local/iam/local-iam.ts';
import { isCalled, permissionsOf } from '../../local/iam/roles.ts';
import { type LocalRun, sample, startRun, until } from '../support/local-run.ts';
import { packagedTemplate } from '../support/package.ts';
import { EVENTS, payloadFor } from '../support/payloads.ts';
import { type Receiver, startReceiver } from '../support/receiver.ts';
import { eventBatch, notification, record, ticketBatch } from '../support/sqs-events.ts';
import { type IdentityProvider, startIdentityProvider } from '../users/identity-provider.ts';
import { loginOf, queryOf } from '../users/widget-fields.ts';

const ANNA = 1001;
/** In the chats of bruno and carla: whoever links there displaces somebody whom another hand has linked. */
const ILARIA = 1002;
const HUGO = 1003;
/** Nothing is ever delivered there: what goes wrong in this chat goes wrong for the bot itself. */
const STRANGER = 5002;
const FLORA = 5003;

const HOUR = 3_600_000;

let run: LocalRun;
let provider: IdentityProvider;
let receiver: Receiver;
beforeAll(async () => {
  receiver = await startReceiver();
  provider = await startIdentityProvider();
  run = await startRun({ environment: { TELEGRAM_OIDC_ISSUER: provider.url } });
});
afterAll(async () => {
  await run?.stop();
  await provider.close();
  await receiver.close();
});
afterEach(() => run.emulator('faults', undefined, 'DELETE'));

async function states(): Promise<PermissionState[]> {
  const answer = await fetch(`http://127.0.0.1:${run.process.ports.DYNAMODB_PORT}/permissions`);
  return (await answer.json()) as PermissionState[];
}

async function hasUsed(name: string, action: string, resource: string): Promise<boolean> {
  const isMeant = (permission: PermissionState) =>
    permission.function === name && permission.action === action && permission.resource.endsWith(resource);
  return (await states()).some((permission) => isMeant(permission) && permission.state === 'used');
}

/** Waits until a function has used a permission: after its answer, or where two of them meet. */
function used(name: string, action: string, resource: string): Promise<unknown> {
  return until(() => hasUsed(name, action, resource), `${name} to use ${action} on ${resource}`);
}

async function api(method: string, path: string, body?: unknown, key = 'pwtg_demo') {
  const answer = await fetch(`${run.api}/v1/${path}`, {
    method,
    headers: { authorization: `Bearer ${key}`, 'content-type': 'application/json' },
    ...(body !== undefined && { body: JSON.stringify(body) }),
    redirect: 'manual',
  });
  const text = await answer.text();
  if (answer.status >= 400) throw new Error(`${method} ${path}: ${answer.status} ${text}`);
  return { status: answer.status, headers: answer.headers, body: text ? JSON.parse(text) : undefined };
}

let events = 0;

async function report(event: string, changes: object = {}) {
  events += 1;
  const answer = await run.report(event, {
    ...(await sample(event)),
    // An older status than the last one would be superseded.
    ...(event.endsWith('-status') && { occurredAt: undefined }),
    eventId: `event-${events}`,
    ...changes,
  });
  expect(answer.status).toBe(202);
  return answer;
}

/** An activity of this id that takes place after so many milliseconds. */
async function activity(id: string, after: number) {
  const { activity } = await sample('activity-reminder');
  return { ...(activity as object), id, date: new Date(Date.now() + after).toISOString() };
}

const cartDueIn = (milliseconds: number) => ({
  occurredAt: new Date(Date.now() - 3 * HOUR + milliseconds).toISOString(),
});

const tokenFor = async (userId: string): Promise<string> =>
  (await api('POST', `sites/demo/users/${userId}/link`, { firstName: 'Elena' })).body.token;

const write = (chatId: number, text: string) =>
  run.emulator(`chats/${chatId}/send`, { text, from: { first_name: 'Elena' } });

const put = (table: string, Item: object) =>
  run.tables.send(new PutCommand({ TableName: `passweb-telegram-local-${table}`, Item }));

/** What the webhook is to be told of a person, some day. */
const toBeTold = (userId: string) =>
  put('outgoing', {
    ...{ siteId: 'demo', key: `a#2099-01-01T00:00:00.000Z#msg_${userId}`, at: '2020-01-01T00:00:00.000Z' },
    source: { kind: 'user', userId, data: {} },
  });

const faultOnce = (chatId: number, status: number, description: string, parameters?: object) =>
  run.emulator('faults', {
    method: 'sendMessage',
    chatId,
    times: 1,
    status,
    body: { ok: false, error_code: status, description, ...(parameters && { parameters }) },
  });

/** The message waits: its first attempt fails. What goes wrong next goes wrong for the drain. */
const faultBefore = (chatId: number) => faultOnce(chatId, 500, 'Internal Server Error');
const UPGRADED = 'Bad Request: group chat was upgraded to a supergroup chat';

/** A message to somebody waits, without a lane: nobody sends it. */
async function waits(userId: string): Promise<void> {
  const body = JSON.stringify(notification({ userId, acceptedAt: '2026-11-22T10:00:00.000Z' }));
  await put('waiting', { siteId: 'demo', key: `m#${userId}`, body, attempts: 1 });
}

/** The names of the demo people as they were before: the next event has newer ones. */
async function makeNamesOld(): Promise<void> {
  for (const userId of ['anna', 'bruno', 'carla'])
    await run.tables.send(
      new UpdateCommand({
        TableName: 'passweb-telegram-local-users',
        Key: { siteId: 'demo', userId },
        UpdateExpression: 'SET lastName = :old REMOVE namesAt',
        ExpressionAttributeValues: { ':old': 'Prima' },
      }),
    );
}

async function reportNewNames(event: string, changes?: object): Promise<void> {
  await makeNamesOld();
  await report(event, changes);
}

const SITES = '/passweb-telegram-local-sites';
const WEBHOOK = 'sites/demo/webhook';

/** From here on the shop's own system is told whatever happens. */
test('a webhook: saved, removed, tested, switched off, switched on', async () => {
  const save = () => api('PUT', WEBHOOK, { url: receiver.url, events: WEBHOOK_EVENTS });
  await save();
  await api('DELETE', WEBHOOK);
  await save();
  await api('GET', WEBHOOK);
  await api('POST', `${WEBHOOK}/test`);
  // It is told once in vain, and then that the shop wants nothing more.
  const answers = [500, 410];
  receiver.answer = (response) => response.writeHead(answers.shift() ?? 204).end();
  for (const userId of ['nessuno', 'nessun-altro'])
    await run.invoke('deliver', { Records: [record(notification({ userId }))] });
  await used('outgoing', 'dynamodb:UpdateItem', SITES);
  await save();
  await put('outgoing', { siteId: 'fermo', key: 'lane', shard: '0', nextAt: '2020-01-01T00:00:00.000Z' });
  await run.invoke('outgoing-due');
});

test('what can not be read, through the queue of every event', async () => {
  for (const event of EVENT_NAMES) await run.send(event, { siteId: 'demo', eventId: 'unreadable' });
  for (const event of EVENT_NAMES) await used(event, 'sqs:DeleteMessage', event);
  // Nobody knows the site: it may have been erased.
  for (const event of EVENT_NAMES) await run.send(event, { siteId: 'mai-vista', eventId: 'unknown' });
  for (const event of EVENT_NAMES)
    await used(event, 'dynamodb:GetItem', '/passweb-telegram-local-statements');
});

test('a wrong key, where the site has no small item yet', async () => {
  const refused = async (method: string, path: string) => {
    const Key = { siteId: 'demo#version' };
    await run.tables.send(new DeleteCommand({ TableName: 'passweb-telegram-local-sites', Key }));
    const headers = { authorization: 'Bearer wrong' };
    expect((await fetch(`${run.api}/v1/sites/demo/${path}`, { method, headers })).status).toBe(401);
  };
  for (const event of EVENT_NAMES) await refused('POST', `events/${event}`);
  await refused('GET', 'users/anna');
  await refused('GET', 'deliveries');
  await refused('POST', 'deliveries/x/resend');
});

test('events that are sent at once', async () => {
  for (const event of ['message-sent', 'message-read', 'activity-viewed', 'file-upload', 'file-access'])
    await reportNewNames(event);
});

test('events that wait: registered, reported again, withdrawn, ended by others, dispatched', async () => {
  // Its user may have been erased while it was in the queue.
  await run.send('abandoned-cart', {
    siteId: 'demo',
    ...(await sample('abandoned-cart')),
    eventId: 'queued',
  });
  await used('abandoned-cart', 'dynamodb:BatchGetItem', '/passweb-telegram-local-users');
  const { cart } = (await sample('abandoned-cart')) as unknown as { cart: object };
  const first = { eventId: 'cart', ...cartDueIn(HOUR) };
  await report('abandoned-cart', first);
  await report('abandoned-cart', first);
  await api('DELETE', 'sites/demo/events/abandoned-cart/bruno');
  await report('abandoned-cart', { ...cartDueIn(HOUR), user: { id: 'anna' } });
  await reportNewNames('order-status');
  // The second run remembers the site, and reads whether it was changed.
  for (let runs = 0; runs < 2; runs++) {
    for (const user of [{ id: 'carla', lastName: 'Verdi' }, { id: 'nessuno' }])
      await report('abandoned-cart', { ...cartDueIn(0), user, cart: { ...cart, id: `of ${user.id}` } });
    await makeNamesOld();
    await run.runClock('abandoned-cart-due');
  }
  // Reported again after it was dispatched: whoever was missed gets it now.
  const missed = { eventId: 'missed', ...cartDueIn(0), user: { id: 'carla', lastName: 'Verdi' } };
  await api('PATCH', 'sites/demo/users/carla', { optedOut: true });
  await report('abandoned-cart', missed);
  await run.runClock('abandoned-cart-due');
  await api('PATCH', 'sites/demo/users/carla', { optedOut: false });
  await makeNamesOld();
  await report('abandoned-cart', missed);

  const reminder = { eventId: 'reminder', activity: await activity('1', 2 * HOUR) };
  await report('activity-reminder', reminder);
  await report('activity-reminder', reminder);
  await api('DELETE', 'sites/demo/events/activity-reminder/1');
  const late = { eventId: 'late', activity: await activity('2', HOUR / 2) };
  await reportNewNames('activity-reminder', late);
  await report('activity-reminder', late);
  await report('activity-reminder', { activity: await activity('712', 2 * HOUR) });
  await reportNewNames('activity-status');
  await report('activity-reminder', { activity: await activity('3', HOUR + 4_000) });
  const recipients = [{ id: 'bruno', lastName: 'Bianchi' }, { id: 'nessuno' }];
  await report('activity-reminder', { activity: await activity('5', HOUR + 6_000), recipients });
  await makeNamesOld();
  let [more, dueAt] = [0, 0];
  await until(async () => {
    await run.runClock('activity-reminder-due');
    if (await hasUsed('activity-reminder-due', 'dynamodb:BatchGetItem', SITES)) return true;
    // On a busy machine both have come due together: one more, which comes due alone. Many would fill a page of the list.
    if (Date.now() < dueAt) return false;
    more += 1;
    dueAt = Date.now() + 2_000;
    await report('activity-reminder', { activity: await activity(`later-${more}`, HOUR + 2_000) });
    return false;
  }, 'the second reminder');
});

test('a series about a cart: consent to it; and the order, after which its message is taken back', async () => {
  await api('PATCH', 'sites/demo', { cartSeries: { steps: [{ afterHours: 24 }] } });
  const { cart } = (await sample('abandoned-cart')) as unknown as { cart: object };
  const { order } = (await sample('order-status')) as unknown as { order: object };
  const marketingConsent = { given: true, at: '2026-01-01T00:00:00Z', source: 'registrazione' };
  let carts = 0;
  // On a slow machine it may wait for its slot, so that the drain takes it back: then another one.
  await until(async () => {
    carts += 1;
    const id = `ordered-${carts}`;
    const user = { id: 'carla', marketingConsent };
    const { eventId } = await report('abandoned-cart', { ...cartDueIn(0), user, cart: { ...cart, id } });
    await run.runClock('abandoned-cart-due');
    const line = async () =>
      (await api('GET', `sites/demo/deliveries?eventId=${eventId}&status=sent`)).body.deliveries[0];
    await until(line, 'the message about the cart');
    await report('order-status', { order: { ...order, id }, holder: { id: 'carla' }, cartId: id });
    await until(async () => (await line())?.takenBackAt, 'the message to be taken back');
    return hasUsed('deliver', 'dynamodb:UpdateItem', '/passweb-telegram-local-deliveries');
  }, 'deliver to take a message back');
  await used('deliver', 'dynamodb:PutItem', '/passweb-telegram-local-statistics');
  await api('PATCH', 'sites/demo', { cartSeries: null });
});

test.each([
  ['file-upload', 'file-upload'],
  ['file-access', 'file-download'],
] as const)(
  'notices of %s that wait for others: collected, dispatched, found closed',
  async (event, kind) => {
    const templateId = `default-${kind}`;
    await api('PATCH', `sites/demo/templates/${templateId}`, { digestMinutes: 60 });
    const { folder, administrators } = (await sample(event)) as unknown as {
      folder: { name: string };
      administrators: { id: string }[];
    };
    const userId = administrators[0]?.id ?? '';
    const key = digestKey({ siteId: 'demo', userId, event, kind, templateId, folder: folder.name });
    const change = (UpdateExpression: string, value: unknown) =>
      run.tables.send(
        new UpdateCommand({
          TableName: 'passweb-telegram-local-schedule',
          Key: { ...key },
          UpdateExpression,
          ExpressionAttributeValues: { ':value': value },
        }),
      );
    // The second run remembers the site, and reads whether it was changed.
    for (let runs = 0; runs < 2; runs++) {
      await report(event);
      await report(event);
      await makeNamesOld();
      await change('SET dueAt = :value', '2020-01-01T00:00:00.000Z');
      await run.runClock('file-digest-due');
    }
    // As if a function had died over it: whoever comes next sends it.
    await report(event);
    await change('SET isClosed = :value', true);
    await report(event);
    await api('PATCH', `sites/demo/templates/${templateId}`, { digestMinutes: null });
  },
);

test('a bot that a person makes with the manager bot, its picture, another token for it', async () => {
  const SITE = 'sites/gestito';
  const body = { name: 'Gestito', url: 'https://gestito.example', moduleActive: true };
  const { siteKey } = (await api('PUT', SITE, body, 'platform-demo')).body;
  const call = (method: string, path: string, given?: object) =>
    api(method, `${SITE}/${path}`, given, siteKey);
  const state = async () => (await call('GET', 'bot/managed')).body.state;
  const make = async (username: string, replace: boolean) => {
    const { url } = (await call('POST', 'bot/managed', { replace })).body;
    await run.emulator('chats/5100/send', { text: url, from: { first_name: 'Gino' } });
    await until(async () => (await state()) === 'waiting-for-bot', 'the person');
    const bot = { manager: 'passweb_manager_bot', username, name: 'Gestito', from: 5100 };
    await run.emulator('newbot', bot);
    await until(async () => (await state()) === 'done', 'the bot');
  };
  await make('gestito_bot', false);
  await make('gestito_due_bot', true);
  // The same, where the function that takes the update has died: whoever looks goes on.
  await call('PUT', 'bot', { token: '200:nuovo', takeOver: true });
  const table = 'passweb-telegram-local-links';
  const { Attributes } = await run.tables.send(
    new UpdateCommand({
      TableName: table,
      Key: { token: 'managed#gestito' },
      UpdateExpression: 'SET replaces = :present REMOVE outcome',
      ExpressionAttributeValues: { ':present': '200' },
      ReturnValues: 'ALL_NEW',
    }),
  );
  const token = `managed-setup#gestito#${Attributes?.requestId}`;
  await run.tables.send(new DeleteCommand({ TableName: table, Key: { token } }));
  await until(async () => (await state()) === 'done', 'the bot once more');
  await call('POST', 'bot/renew');
  await call('PUT', 'bot/photo', { jpeg: '/9j/4AAQSkZJRg==' });
  await call('DELETE', 'bot/managed');
  await run.emulator('chats/5100/send', { text: 'Ciao', bot: 'passweb_manager_bot' });
  await used('manager', 'dynamodb:UpdateItem', '/passweb-telegram-local-links');
});

test('events that nobody gets: each has a line in the log', async () => {
  for (const event of EVENTS) await report(event, payloadFor(event, { id: 'nessuno' }));
});

test.each([
  ['order-status', 'order', 'order#contested'],
  ['activity-status', 'activity', 'reminder#contested'],
])('%s, of what others change each time between the reading and the writing', async (event, what, key) => {
  // A time of no type that can be compared: whatever was read, the write that depends on it is refused.
  await put('schedule', { siteId: 'demo', key, statusAt: [] });
  const { [what]: subject } = await sample(event);
  const changes = { [what]: { ...(subject as object), id: 'contested' }, occurredAt: undefined };
  const answer = await run.report(event, { ...(await sample(event)), ...changes, eventId: 'contested' });
  expect(answer.status).toBe(503);
  await used(event, 'dynamodb:GetItem', '/passweb-telegram-local-schedule');
});

test('the bot: a person who is known, a failure taken back, a link opened', async () => {
  await write(ANNA, '/stato');
  await used('bot', 'dynamodb:BatchGetItem', '/passweb-telegram-local-users');
  await faultOnce(STRANGER, 500, 'Internal Server Error');
  await write(STRANGER, '/start');
  await run.messagesOnce(STRANGER, 2);
  await write(5001, `/start ${await tokenFor('elena')}`);
  await until(async () => (await run.user('elena'))?.chatId === 5001, 'the link');
});

test('the bot: a person who unlinks, and whose data is erased', async () => {
  await write(FLORA, `/start ${await tokenFor('flora')}`);
  await run.messagesOnce(FLORA, 1);
  await report('activity-reminder', {
    activity: await activity('6', 2 * HOUR),
    recipients: [{ id: 'flora' }, { id: 'anna' }],
  });
  await waits('flora');
  await toBeTold('flora');
  await write(FLORA, '/scollega');
  const question = await until(
    async () => (await run.messages(FLORA)).find(({ text }) => text?.includes('scollegare')),
    'the question',
  );
  await run.emulator(`chats/${FLORA}/press`, { messageId: question.message_id, data: 'forget' });
  await until(async () => (await run.user('flora')) === undefined, 'the erasure');
});

test('logins in the browser, and by the site', async () => {
  const login = async (id: number) => {
    await run.emulator(`chats/${id}/allow`, { from: { first_name: 'Gaia' } });
    return loginOf(id);
  };
  await api('POST', 'sites/demo/users/gaia/telegram-login', await login(5101));
  // Whoever links takes their opt-out back.
  for (const userId of ['hugo', 'ilaria'])
    await api('PATCH', `sites/demo/users/${userId}`, { optedOut: true, by: 'person' });
  const query = queryOf(await tokenFor('hugo'), await login(HUGO));
  expect((await api('GET', `sites/demo/telegram/callbacklogin?${query}`)).status).toBe(302);

  process.env.BOT_TOKEN_KEY = DEMO_BOT_TOKEN_KEY;
  await run.tables.send(
    new UpdateCommand({
      TableName: 'passweb-telegram-local-sites',
      Key: { siteId: 'demo' },
      UpdateExpression: 'SET telegramLogin = :login',
      ExpressionAttributeValues: {
        ':login': { sealedClientSecret: encryptToken(provider.clientSecret, 'demo') },
      },
    }),
  );
  provider.person = { id: ILARIA, name: 'Ilaria' };
  await until(async () => {
    // The function may remember the site without it.
    const begun = await fetch(`${run.api}/v1/sites/demo/telegram/login?link=${await tokenFor('ilaria')}`, {
      redirect: 'manual',
    });
    if (begun.status !== 302) return false;
    const { headers } = await fetch(begun.headers.get('location') ?? '', { redirect: 'manual' });
    const cookie = begun.headers.getSetCookie()[0]?.split(';')[0] ?? '';
    const ended = await fetch(headers.get('location') ?? '', { headers: { cookie }, redirect: 'manual' });
    expect(ended.status).toBe(302);
    return true;
  }, 'Log In With Telegram');
});

test('a merchant: site, bot, templates, log, a user changed and erased', async () => {
  const site = { name: 'Nuovo', url: 'https://nuovo.example', moduleActive: true };
  const { body } = await api('PUT', 'sites/nuovo', site, 'platform-demo');
  await api('PATCH', 'sites/nuovo', { abandonedCartHours: 5 }, body.siteKey);
  await api('PUT', 'sites/nuovo/bot', { token: '200:nuovo', username: 'nuovo_bot' }, body.siteKey);

  const { templates } = (await api('GET', 'sites/demo/templates')).body;
  const { id, version, createdAt, ...template } = templates[0];
  await api('POST', 'sites/demo/templates', template);
  await api('POST', `sites/demo/templates/${id}/test`, { userId: 'anna' });
  await run.messagesOnce(ANNA, 1);

  const delivery = await until(
    async () => (await api('GET', 'sites/demo/deliveries?userId=anna')).body.deliveries[0],
    'a delivery in the log',
  );
  await api('GET', 'sites/demo/deliveries');
  await api('GET', 'sites/demo/deliveries?status=scheduled');
  // The id of a reminder's event has a "#", and the newest line may be one.
  await api('GET', `sites/demo/deliveries?eventId=${encodeURIComponent(delivery.eventId)}`);
  await api('GET', 'sites/demo/scheduled');
  await countOld('demo');
  await api('GET', 'sites/demo/statistics');
  await api('GET', `sites/demo/deliveries/${delivery.deliveryId}`);
  await api('GET', 'openapi.json');
  await changeTemplates();
  await searchSites();
  expect((await fetch(`${run.api}/v1/nothing`)).status).toBe(404);

  await api('GET', 'sites/demo/users/elena');
  await api('GET', 'sites/demo/users/elena/export');
  await api('PATCH', 'sites/demo/users/elena', { language: 'en' });
  const people = [{ userId: 'importata', chatId: 5009 }];
  await api('POST', 'sites/demo/users/import', { botId: '100', users: people });
  const elena = { id: 'elena' };
  await report('activity-reminder', {
    activity: await activity('4', 2 * HOUR),
    recipients: [elena, { id: 'anna' }],
  });
  const sent = await report('order-status', { holder: elena });
  await run.deliveryOnce(sent.notifications[0]?.deliveryId, 'sent');
  const again = await api('POST', `sites/demo/deliveries/${sent.notifications[0]?.deliveryId}/resend`);
  await run.deliveryOnce(again.body.deliveryId, 'sent');
  await report('abandoned-cart', { ...cartDueIn(HOUR), user: elena });
  await api('POST', 'sites/demo/users/elena/rename', { userId: 'elena-2' });
  await api('DELETE', 'sites/demo/users/elena-2/link?chat=5001');
  await waits('elena-2');
  await toBeTold('elena-2');
  await api('DELETE', 'sites/demo/users/elena-2');
});

/** More versions than are kept, and a template that goes and comes back. */
async function changeTemplates(): Promise<void> {
  const path = 'sites/demo/templates/default-welcome';
  for (let number = 0; number < 22; number++) await api('PATCH', path, { name: `Benvenuto ${number}` });
  await api('GET', `${path}/versions`);
  await api('POST', `${path}/restore`, { default: true });
  // A default text in another tone is one version more, of the function that changes settings.
  for (const tone of ['lei', 'tu']) await api('PATCH', 'sites/demo', { tone });
  const { versions } = (await api('GET', `${path}/versions`)).body;
  await api('DELETE', path);
  await api('POST', `${path}/restore`, { version: versions[0].version });
  await api('POST', 'sites/demo/templates/test', { userId: 'anna', ...versions[0].template });
  await api('GET', 'placeholders');
}

/** Also where the directory was never made, and where a change has died long ago. */
async function searchSites(): Promise<void> {
  const TableName = 'passweb-telegram-local-site-directory';
  await put('site-directory', { part: 'pending', key: 'demo\nx', siteId: 'demo', at: 0 });
  for (const search of [
    () => api('GET', 'sites?query=demo', undefined, 'platform-demo'),
    () => run.invoke('site-erasure'),
  ]) {
    await run.tables.send(new DeleteCommand({ TableName, Key: { part: 'progress', key: 'all' } }));
    await put('site-directory', { part: 'sites', key: 'sparito', siteId: 'sparito', words: ['sparito'] });
    await search();
  }
  await api('GET', 'sites/demo/audit');
  await api('GET', 'sites/demo/audit', undefined, 'platform-demo');
}
/** A line so old that it is counted for good. */
function countOld(siteId: string): Promise<unknown> {
  const recordedAt = new Date(Date.now() - HOUR).toISOString();
  return put('deliveries', {
    siteId,
    deliveryId: 'di-ieri',
    recordedAt,
    event: 'order-status',
    status: 'sent',
  });
}

test('somebody opens a link of a message, and so does a preview; and one whose line is gone', async () => {
  await api('PATCH', 'sites/demo', { countClicks: true });
  const { notifications } = await report('order-status');
  await run.deliveryOnce(notifications[0]?.deliveryId, 'sent');
  await api('PATCH', 'sites/demo', { countClicks: false });
  const chat = JSON.stringify(await run.messages(ANNA));
  const link = chat.match(/https?:[^"]*\/c\/[\w-]+/)?.[0] ?? '';
  const open = async (headers = {}) => (await fetch(link, { redirect: 'manual', headers })).status;
  expect([await open({ 'user-agent': 'WhatsApp/2' }), await open()]).toEqual([302, 302]);
  await run.invoke('clicks-due');
  await run.tables.send(
    new DeleteCommand({
      TableName: 'passweb-telegram-local-deliveries',
      Key: { siteId: 'demo', deliveryId: notifications[0]?.deliveryId },
    }),
  );
  expect(await open()).toBe(302);
});

test('the statistics of all sites', async () => {
  const [siteId, TableName] = ['contato', 'passweb-telegram-local-sites'];
  await put('sites', { siteId, timeZone: 'Europe/Rome' });
  await countOld(siteId);
  await run.invoke('statistics');
  await used('statistics', 'dynamodb:UpdateItem', '/passweb-telegram-local-statistics');
  await run.tables.send(new DeleteCommand({ TableName, Key: { siteId } }));
});

test('the staff of a shop: switched off, failures, renamed', async () => {
  process.env.BOT_TOKEN_KEY = DEMO_BOT_TOKEN_KEY;
  const [siteId, TableName] = ['personale', 'passweb-telegram-local-sites'];
  const keyHashes = [createHash('sha256').update(`pwtg_${siteId}`).digest('hex')];
  const at = new Date(Date.now() - HOUR).toISOString();
  const staff = [{ userId: 'gia', notices: [...STAFF_NOTICES] }];
  const news = { switchedOff: { at, by: 'shop' } };
  await put('users', { siteId, userId: 'gia', version: 1 });
  await put('sites', { ...demoSite(), ...news, siteId, keyHashes, staff });
  await put('statistics', { siteId, key: 'staff-failures', upTo: at });
  const failure = { class: 'refused', description: 'Bad Request' };
  const line = { siteId, deliveryId: 'fallito', event: 'order-status', status: 'failed', failure };
  await put('deliveries', { ...line, recordedAt: new Date(Date.now() - HOUR / 2).toISOString() });
  await run.invoke('statistics');
  await used('statistics', 'dynamodb:GetItem', '/passweb-telegram-local-statistics');
  await used('statistics', 'sqs:SendMessage', 'deliveries.fifo');
  await api('PATCH', `sites/${siteId}`, { staff }, `pwtg_${siteId}`);
  await api('PATCH', `sites/${siteId}`, { active: false }, `pwtg_${siteId}`);
  await used('sites', 'sqs:SendMessage', 'deliveries.fifo');
  await api('POST', `sites/${siteId}/users/gia/rename`, { userId: 'gia-2' }, `pwtg_${siteId}`);
  await used('people', 'dynamodb:UpdateItem', '/passweb-telegram-local-sites');
  await run.tables.send(new DeleteCommand({ TableName, Key: { siteId } }));
});

test('what is for somebody who was erased, and has a record: in the queue, and among the waiting ones', async () => {
  const acceptedAt = '2026-11-22T10:00:00.000Z';
  const messages = [1, 2].map(() => notification({ userId: 'elena-2', acceptedAt }));
  for (const { deliveryId } of messages)
    await put('deliveries', { siteId: 'demo', deliveryId, status: 'waiting' });
  const [first, second] = messages;
  await run.invoke('deliver', { Records: [record(first ?? notification())] });
  await used('deliver', 'dynamodb:DeleteItem', '/passweb-telegram-local-deliveries');
  await put('waiting', { siteId: 'demo', key: 'm#1', body: JSON.stringify(second), attempts: 1 });
  await put('waiting', {
    ...{ siteId: 'demo', key: 'lane', version: 1, mode: 'all', count: 1, paused: {}, failures: 0 },
    ...{ shard: '0', nextAt: '2020-01-01T00:00:00.000Z' },
  });
  await run.invoke('drain-due');
  await used('drain', 'dynamodb:DeleteItem', '/passweb-telegram-local-deliveries');
  await nothingWaits();
});

test('the list of people: made for the first time, by a request and by a sweep; and a change that is applied before', async () => {
  for (const siteId of ['terzo', 'quarto']) {
    const keyHashes = [createHash('sha256').update(`pwtg_${siteId}`).digest('hex')];
    await put('sites', { ...demoSite(), siteId, bot: undefined, keyHashes });
    const changedAt = new Date().toISOString();
    if (siteId === 'quarto') await put('users', { siteId, userId: 'ugo', version: 1, changedAt });
    else await put('users', { siteId, userId: 'ugo' });
    const link = { siteId, userId: 'ugo', siteUser: `${siteId}\nugo`, tokenHash: siteId };
    const times = { createdAt: changedAt, expires: Date.now() + HOUR };
    await put('links', { ...link, ...times, token: `token#${siteId}` });
  }
  const list = await api('GET', 'sites/terzo/users', undefined, 'pwtg_terzo');
  expect(list.body.users).toMatchObject([{ userId: 'ugo', state: 'pending' }]);
  await run.invoke('people-due');
  await used('people', 'dynamodb:GetItem', '/passweb-telegram-local-links');

  await api('PATCH', 'sites/demo/users/bruno', { lastName: 'Nuovo' });
  await api('GET', 'sites/demo/users?query=nuovo');
  await api('GET', 'sites/demo/users?state=linked');
});

test('the console: signed in and out, with a link and as the platform', async () => {
  const headers = { 'content-type': 'application/json', 'x-console': '1', origin: run.api };
  const signIn = async (body: object) => {
    const answer = await fetch(`${run.api}/console/session`, {
      method: 'POST',
      headers,
      body: JSON.stringify(body),
    });
    expect(answer.status).toBe(200);
    return answer.headers.getSetCookie()[0]?.split(';')[0] ?? '';
  };
  const { url } = (await api('POST', 'sites/demo/console-links', undefined, 'platform-demo')).body;
  const cookies = [await signIn({ token: url.split('=')[1] }), await signIn({ key: 'platform-demo' })];
  const session = { headers: { ...headers, cookie: cookies.join('; ') } };
  for (const path of ['/v1/sites/demo', '/v1/sites', '/console/session', '/console/'])
    expect((await fetch(`${run.api}${path}`, session)).status).toBe(200);
  const signOut = await fetch(`${run.api}/console/session`, { method: 'DELETE', ...session });
  expect(signOut.status).toBe(204);
  expect((await fetch(`${run.api}/v1/sites/demo`, session)).status).toBe(401);
});

test('people of a site whom another run looks after now', async () => {
  const counts = { linked: 0, pending: 0, 'not-linked': 0, 'opted-out': 0, unreachable: 0 };
  const journal = { holder: 'altri', until: Date.now() + 60_000, seq: 1, people: [], changes: [], todos: [] };
  await put('people', { siteId: 'nuovo', key: '#directory', seq: 1, counts, journal });
  await run.invoke('people', ticketBatch('nuovo'));
});

test('a site that is deleted: shut, and its rows erased', async () => {
  await api('DELETE', 'sites/nuovo', undefined, 'platform-demo');
  const headers = { authorization: 'Bearer platform-demo' };
  const unknown = await fetch(`${run.api}/v1/sites/mai-vista`, { method: 'DELETE', headers });
  expect(unknown.status).toBe(404);

  const [siteId, at] = ['chiuso', '2026-11-01T10:00:00.000Z'];
  const sealedToken = encryptToken('200:nuovo', siteId);
  await put('template-versions', { siteId, key: 'mio#1', template: {} });
  await put('sites', {
    siteId,
    version: 2,
    lastChange: { at, by: { caller: 'platform' }, changes: [{ action: 'site-deleted' }] },
    erasure: { at, bot: { id: '200', username: 'nuovo_bot', sealedToken } },
  });
  await put('statements', { siteId: '#sites', key: siteId, at });
  await put('users', { siteId, userId: 'ugo' });
  await put('people', { siteId, key: '#directory', seq: 1 });
  await put('links', { token: `chat#${siteId}#1`, siteId, chatId: 1, userIds: ['ugo'] });
  await put('schedule', { siteId, key: 'cart#ugo' });
  await put('waiting', { siteId, key: 'm#1', body: '{}' });
  await put('outgoing', { siteId, key: 'lane' });
  await put('deliveries', { siteId, deliveryId: 'x' });
  await put('statistics', { siteId, key: 'day#2026-11-01' });
  await put('statements', { siteId, key: 'erased#altro', at });
  // The request that shut it has died a moment ago.
  await put('site-directory', { part: 'pending', key: `${siteId}\nx`, siteId, at: Date.now() });
  await run.invoke('site-erasure');
  const look = new GetCommand({ TableName: 'passweb-telegram-local-sites', Key: { siteId } });
  expect((await run.tables.send(look)).Item).toBeUndefined();
});

test('the retention: people who are away, one of several chats, a site and a bot that are gone', async () => {
  const since = '2020-01-01T00:00:00.000Z';
  const unreachable = { reason: 'Forbidden: bot was blocked by the user', since };
  const user = (userId: string, changes: object) => put('users', { siteId: 'demo', userId, ...changes });
  const occurredAt = new Date().toISOString();
  const shown = {
    siteId: 'demo',
    occurredAt,
    occurrence: 0,
    shard: 'reminder-0',
    dueAt: '2031-01-01T00:00:00.000Z',
  };
  const waiting = (key: string, recipients: object[]) =>
    put('schedule', { ...shown, key, eventId: key, event: JSON.stringify({ recipients }) });
  // The chat of the first release: the index by chat knows it, and no item of its own.
  await user('via', { chatId: 7001, siteChat: 'demo#7001', unreachable, moreChats: [{ chatId: 7002 }] });
  // So old that nothing can come for it any more.
  await user('da-tempo', { renamed: { to: 'da-tempo', at: since, erased: true } });
  await user('lontana', { firstName: 'Lontana', unlinked: { reason: 'site', since } });
  await put('links', {
    token: 'token#x',
    siteId: 'demo',
    userId: 'lontana',
    siteUser: 'demo\nlontana',
    createdAt: since,
    expires: 1,
  });
  await put('deliveries', {
    siteId: 'demo',
    deliveryId: 'x',
    userId: 'lontana',
    siteUser: 'demo\nlontana',
    recordedAt: since,
  });
  await waiting('reminder#both', [{ id: 'lontana' }, { id: 'anna' }]);
  await waiting('reminder#hers', [{ id: 'lontana' }]);
  await waits('lontana');
  await toBeTold('lontana');
  await put('links', { token: 'chat#demo#7003', userIds: ['lontana', 'anna'], revision: 'x' });
  await put('paces', { botId: '999', version: 1, nextSlot: 1, chats: {}, pausedUntil: 0 });
  await run.invoke('retention');
  expect(await run.user('lontana')).toBeUndefined();
  expect(await run.user('via')).toMatchObject({ chatId: 7002 });
});

test('delivery: a chat that shuts or has moved, or takes nothing for now, and a token that Telegram refuses', async () => {
  await nothingWaits();
  // A chat of the former release, which only the index knows.
  await faultOnce(ANNA, 403, 'Forbidden: bot was blocked by the user');
  await report('order-status');
  await used('deliver', 'dynamodb:Query', '/passweb-telegram-local-users/index/by-chat');
  await used('deliver', 'dynamodb:PutItem', '/passweb-telegram-local-users');
  await faultOnce(ILARIA, 400, UPGRADED, { migrate_to_chat_id: STRANGER });
  await report('order-status', { holder: { id: 'ilaria' } });
  await used('deliver', 'dynamodb:DeleteItem', '/passweb-telegram-local-links');
  await until(async () => (await run.user('anna'))?.unreachable, 'Anna to be unreachable');
  const isFromBot = ({ from }: { from?: { is_bot?: boolean } }) => from?.is_bot === true;
  const answered = async (chatId: number) => (await run.messages(chatId)).filter(isFromBot).length;
  const before = await answered(ANNA);
  await write(ANNA, '/start');
  // What is reported before she is reachable is skipped; and the answer of the bot would meet the next fault.
  await until(async () => !(await run.user('anna'))?.unreachable, 'Anna to be reachable again');
  await until(async () => (await answered(ANNA)) > before, 'the answer of the bot');

  await nothingWaits();
  await faultOnce(ANNA, 429, 'Too Many Requests: retry after 8', { retry_after: 8 });
  await report('order-status');
  await used('deliver', 'dynamodb:GetItem', '/passweb-telegram-local-paces');
  await used('deliver', 'sqs:SendMessage', 'drain');
  // It waits behind the other one, which waits longer than a slow machine needs for this.
  await report('order-status');
  await used('deliver', 'dynamodb:UpdateItem', '/passweb-telegram-local-waiting');
  await nothingWaits();

  // DynamoDB refuses to read an empty key: the message is handed out again, as where the tables can't be reached.
  await run.invoke('deliver', { Records: [record(notification({ deliveryId: '' }))] });
  await used('deliver', 'sqs:ChangeMessageVisibility', 'deliveries.fifo');

  // On a slow machine a message may wait for its slot, so that the drain meets the fault: then another one.
  for (let isMet = false; !isMet; isMet = await hasUsed('deliver', 'dynamodb:UpdateItem', SITES)) {
    await nothingWaits();
    await faultOnce(ANNA, 401, 'Unauthorized');
    const { notifications } = await report('order-status');
    await run.deliveryOnce(notifications[0]?.deliveryId, 'sent');
  }
  // On a busy machine another message to this chat may meet the fault: then another one.
  for (let isMet = false; !isMet; isMet = await hasUsed('bot', 'dynamodb:UpdateItem', SITES)) {
    const before = await answered(STRANGER);
    await faultOnce(STRANGER, 401, 'Unauthorized');
    await write(STRANGER, '/start');
    await until(async () => (await answered(STRANGER)) > before, 'the answer to the stranger');
  }
  await nothingWaits();
});

test('a site over its limit: through the queues it gets its turn, over HTTPS it is refused', async () => {
  const TableName = 'passweb-telegram-local-paces';
  // What lies 25 seconds ahead is more than 5,000 requests at once.
  const overBy = (seconds: number) => {
    const takenUntil = Date.now() + (25 + seconds) * 1_000;
    return run.tables.send(new PutCommand({ TableName, Item: { botId: 'site#demo', takenUntil } }));
  };
  // More than a function lets a site do without asking, also one that has just asked for a hundred.
  const bodies = Array.from({ length: 160 }, () => ({ siteId: 'demo', eventId: 'unreadable' }));
  for (const event of EVENT_NAMES) {
    await overBy(200);
    await run.invoke(event, eventBatch(event, bodies));
    await used(event, 'sqs:ChangeMessageVisibility', event);
  }

  await overBy(3_600);
  for (const path of ['', '/templates', '/deliveries', '/users/nobody']) await untilRefused('GET', path);
  await untilRefused('POST', '/bot/test');
  await untilRefused('POST', '/webhook/test');
  await untilRefused('POST', '/deliveries/x/resend');
  await run.tables.send(new DeleteCommand({ TableName, Key: { botId: 'site#demo' } }));
});

/** Asks until the site has asked too much. */
function untilRefused(method: string, path: string): Promise<unknown> {
  return until(async () => {
    const headers = { authorization: 'Bearer pwtg_demo' };
    const { status, headers: answered } = await fetch(`${run.api}/v1/sites/demo${path}`, { method, headers });
    return status === 429 && answered.get('retry-after') === '5';
  }, `${method} ${path} to be refused`);
}

test('a message that is none of ours, in the queue of the deliveries', async () => {
  await run.send('deliveries.fifo', { of: 'somebody else' });
  await used('deliver', 'sqs:SendMessage', 'deliveries-dead.fifo');
});

let refusals = 0;

/** Telegram has refused the token of the bot, and takes it again: whoever sends the next message tells the staff. */
async function wasRefused(): Promise<void> {
  const since = '2026-11-22T09:00:00.000Z';
  const problem = { kind: 'bot-unauthorized', since, description: 'Unauthorized' };
  await run.tables.send(
    new UpdateCommand({
      TableName: 'passweb-telegram-local-sites',
      Key: { siteId: 'demo' },
      UpdateExpression: 'SET bot.problem = :problem',
      ExpressionAttributeValues: { ':problem': problem },
    }),
  );
  refusals += 1;
  // With a change by the merchant, all functions read the site again. Nobody of this name gets a message, which would tell too.
  const staff = [{ userId: `nessuno-${refusals}`, notices: ['bot-refused'] }];
  await api('PATCH', 'sites/demo', { staff });
}

test('a bot that works again, in the queue of the deliveries', async () => {
  // On a slow machine the message may wait for its slot, so that the drain tells: then another one.
  await until(async () => {
    await nothingWaits();
    await wasRefused();
    await run.invoke('deliver', { Records: [record(notification({ userId: 'anna' }))] });
    return hasUsed('deliver', 'sqs:SendMessage', 'deliveries.fifo');
  }, 'deliver to tell the staff');
});

/** A message that is the one of its order from then on. */
function ofOrder(order: string) {
  const about = [{ kind: 'status' as const, key: `order#${order}`, at: new Date().toISOString() }];
  return notification({ siteId: 'demo', userId: 'anna', chatId: ANNA, card: 'new', about });
}

test('the one message of an order, in the queue of the deliveries', async () => {
  const message = ofOrder('di deliver');
  await run.send('deliveries.fifo', message);
  await used('deliver', 'dynamodb:UpdateItem', '/passweb-telegram-local-schedule');
  await run.deliveryOnce(message.deliveryId, 'sent');
});

/** A message about a cart is to be taken back: the cart was ordered. */
async function ofOrderedCart(deliveryId: string) {
  const at = new Date().toISOString();
  const sent = { status: 'sent', chatId: ANNA, messageId: 999_999, botId: '100', step: 1 };
  const about = { userId: 'anna', event: 'abandoned-cart', eventId: deliveryId };
  await put('deliveries', { siteId: 'demo', deliveryId, ...about, ...sent, recordedAt: at });
  const takesBack = { deliveryIds: [deliveryId], recovered: { id: deliveryId, at } };
  return notification({ ...about, chatId: ANNA, text: '', takesBack });
}

test('the drain: the one message of an order, one to be taken back, a bot that works again; and which chats of those that wait for their turn wait for the end of a night', async () => {
  await wasRefused();
  const messages = [ofOrder('di drain'), await ofOrderedCart('di drain')];
  for (const [index, message] of messages.entries()) {
    const body = JSON.stringify(message);
    await put('waiting', { siteId: 'demo', key: `m#${'1'.repeat(39)}#${index}`, body, attempts: 1 });
  }
  await put('waiting', { siteId: 'demo', key: 'c#99', until: 1, reason: 'quiet-hours', version: 1 });
  await put('waiting', {
    ...{
      siteId: 'demo',
      key: 'lane',
      version: 1,
      mode: 'all',
      count: 2,
      paused: {},
      failures: 0,
      nightAt: 1,
    },
    ...{ shard: '0', nextAt: '2020-01-01T00:00:00.000Z' },
  });
  await run.invoke('drain-due');
  await used('drain', 'dynamodb:BatchGetItem', '/passweb-telegram-local-waiting');
  await used('drain', 'dynamodb:UpdateItem', '/passweb-telegram-local-schedule');
  await used('drain', 'dynamodb:UpdateItem', '/passweb-telegram-local-deliveries');
  await used('drain', 'dynamodb:PutItem', '/passweb-telegram-local-statistics');
  await used('drain', 'sqs:SendMessage', 'deliveries.fifo');
  await nothingWaits();
});

test('the drain: what waits meets the same errors; a ticket that was lost', async () => {
  const wait = async (userId: string, chatId: number) => {
    await put('users', { siteId: 'demo', userId, chatId, siteChat: `demo#${chatId}` });
    await faultBefore(chatId);
    return () => report('order-status', { holder: { id: userId } });
  };
  // The emulator knows none of these chats.
  await (await wait('sparita', 7010))();
  await used('drain', 'dynamodb:Query', '/passweb-telegram-local-users/index/by-chat');
  await used('drain', 'dynamodb:PutItem', '/passweb-telegram-local-users');

  const ofGroup = await wait('gruppo', -7011);
  await put('links', { token: 'chat#demo#-7011', siteId: 'demo', chatId: -7011, userIds: ['gruppo'] });
  await faultOnce(-7011, 400, UPGRADED, { migrate_to_chat_id: -7012 });
  await ofGroup();
  await used('drain', 'dynamodb:DeleteItem', '/passweb-telegram-local-links');

  await faultBefore(ANNA);
  await faultOnce(ANNA, 429, 'Too Many Requests: retry after 1', { retry_after: 1 });
  await report('order-status');
  await used('drain', 'dynamodb:GetItem', '/passweb-telegram-local-paces');
  await nothingWaits();

  await faultBefore(ANNA);
  await faultOnce(ANNA, 401, 'Unauthorized');
  await report('order-status');
  await used('drain', 'dynamodb:UpdateItem', '/passweb-telegram-local-sites');

  await put('waiting', {
    ...{ siteId: 'fermo', key: 'lane', version: 1, mode: 'all', count: 0, paused: {}, failures: 0 },
    ...{ shard: '0', nextAt: '2020-01-01T00:00:00.000Z' },
  });
  await run.invoke('drain-due');
  await used('drain-due', 'sqs:SendMessage', 'drain');
  await used('drain', 'dynamodb:DeleteItem', '/passweb-telegram-local-waiting');
  await nothingWaits();
});

/** Waits until the drain has sent all that waits: what comes next is tried by `deliver`. */
function nothingWaits(): Promise<unknown> {
  const Key = { siteId: 'demo', key: 'lane' };
  const look = new GetCommand({ TableName: 'passweb-telegram-local-waiting', Key, ConsistentRead: true });
  return until(
    async () => (await run.tables.send(look)).Item === undefined,
    'the waiting messages to be sent',
  );
}

test('the look at the webhooks: one that leads elsewhere is told of, one that is gone is set again', async () => {
  const leadTo = (url: string) =>
    fetch(`${run.telegram}/bot100:demo/setWebhook`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ url }),
    });
  await leadTo('https://else.example/hook');
  for (let hour = 0; hour < 24; hour++) await run.invoke('webhooks', { hour });
  await leadTo('https://other.example/hook');
  await api('POST', 'sites/demo/bot/test');
  await fetch(`${run.telegram}/bot100:demo/deleteWebhook`, { method: 'POST' });
  for (let hour = 0; hour < 24; hour++) await run.invoke('webhooks', { hour });
  const answer = await fetch(`${run.telegram}/bot100:demo/getWebhookInfo`, { method: 'POST' });
  // Where `npm start` had set it.
  const { result } = (await answer.json()) as { result: { url: string } };
  expect(result.url).toBe(`http://127.0.0.1:${run.process.ports.PORT}/v1/telegram/demo`);
});

test('every function has used exactly what its role allows', async () => {
  const template = await packagedTemplate();
  const allowed = Object.values(template.Resources)
    .filter(({ Type }) => Type === 'AWS::Lambda::Function')
    .flatMap(({ Properties }) => {
      const role = (Properties.Role as { 'Fn::GetAtt': [string] })['Fn::GetAtt'][0];
      const name = String(Properties.FunctionName).replace('passweb-telegram-test-', '');
      return permissionsOf(template, role, 'eu-south-1').map((permission) => ({
        function: name,
        ...permission,
      }));
    })
    .filter(isCalled)
    .map(describe);
  const calls = await states();
  const inState = (wanted: string) =>
    calls
      .filter(({ state }) => state === wanted)
      .map(describe)
      .sort();
  expect(allowed.length).toBeGreaterThan(0);
  expect({ missing: inState('missing'), unused: inState('unused') }).toEqual({ missing: [], unused: [] });
  expect(inState('used')).toEqual(allowed.sort());
});

/** One permission in a line. The package that the tests look at is of another stage than the run. */
function describe(permission: Omit<PermissionState, 'state'>): string {
  const { function: name, action, resource, keyEnd = '', attributes = [] } = permission;
  return `${name}: ${action} on ${resource}${keyEnd} ${attributes.join('+')}`.replace(
    'passweb-telegram-local-',
    'passweb-telegram-test-',
  );
}

/**
 * One run through everything that writes a log line or a metric, good and bad, through the exported handlers. All
 * personal or secret data in it has a mark, so that a test can search for it in the output.
 */
import { createServer } from 'node:http';
import { DynamoDBDocumentClient, ScanCommand, UpdateCommand } from '@aws-sdk/lib-dynamodb';
import type { APIGatewayProxyEventV2, SQSRecord } from 'aws-lambda';
import type { Notification } from '../../lib/deliveries/notification.ts';
import { encryptToken } from '../../lib/telegram/token-encryption.ts';
import { demoSite } from '../../local/demo.ts';
import { listen } from '../../local/ports.ts';
import { API, apiEvent } from './api-events.ts';
import { type App, startApp } from './app.ts';
import { SITE_KEY } from './fixtures.ts';
import { type Written, writtenDuring } from './log-lines.ts';
import { EVENTS, type Fields, payload, payloadFor } from './payloads.ts';
import { startReceiver } from './receiver.ts';
import { cartEvent, reminderEvent } from './schedule.ts';
import { eventBatch, notification, record, ticketBatch } from './sqs-events.ts';

/** Names, texts, subjects, user ids, queries and secrets begin with it, in every field. */
export const MARK = 'Segreto';
/** Other texts that must not be in a log: keys, tokens, the secret of a webhook, Telegram chats. */
export const SECRETS = ['pwtg_', '100:demo', '200:nuovo', 'webhook-secret', 'sealed', '"chatId"', '"userId"'];

const USER = `${MARK}-utente`;
const FREE_TEXTS = new Set([
  ...['firstName', 'lastName', 'companyName', 'subject', 'text', 'reference', 'name', 'oldStatus'],
]);

/** The payload with a mark in all texts and names that a person wrote or has, and in user ids. */
export function marked(value: unknown, key = ''): unknown {
  if (Array.isArray(value)) return value.map((item) => marked(item, key));
  if (typeof value === 'string') {
    if (FREE_TEXTS.has(key)) return `${MARK}-${key}`;
    return key === 'url' ? `${value}?chi=${MARK}-query` : value;
  }
  if (value === null || typeof value !== 'object') return value;
  const fields = Object.fromEntries(
    Object.entries(value).map(([name, inner]) => [name, marked(inner, name)]),
  );
  return 'firstName' in fields ? { ...fields, id: USER } : fields;
}

/** A handler as Lambda calls it. */
type Handler = (event: unknown, context: object) => Promise<unknown>;

export interface Day {
  app: App;
  /** Runs a function like Lambda, in its own invocation. Returns the id of the invocation. */
  invoke(name: string, event: unknown): Promise<string>;
  /** Reports an event and returns the id of the invocation. */
  report(event: string, body: unknown, changes?: Partial<APIGatewayProxyEventV2>): Promise<string>;
  close(): Promise<void>;
}

export async function beginDay(): Promise<Day> {
  // Telegram refuses only what the day says: a quick machine would send too much to one chat.
  const limits = { chatBurst: 1_000 };
  const app = await startApp({ telegram: 'emulator', limits, forDeliveries: true });
  const invoke = async (name: string, event: unknown) => {
    const { handler } = (await import(`../../functions/${name}.ts`)) as { handler: Handler };
    const awsRequestId = `invocation-${++lastId}`;
    const functionName = `passweb-telegram-test-${name}`;
    await handler(event, { functionName, awsRequestId, getRemainingTimeInMillis: () => 61_000 });
    return awsRequestId;
  };
  await meetMarkedUser(app);
  return {
    app,
    invoke,
    report: (event, body, changes = {}) =>
      invoke(event, request('POST', `/v1/sites/{siteId}/events/${event}`, { body, ...changes })),
    close: () => app.close(),
  };
}

let lastId = 0;

/** Writes a person with a mark in all names, in anna's chat. */
export async function meetMarkedUser({ stack }: App): Promise<void> {
  const anna = await stack.findUser('demo', 'anna');
  if (!anna) throw new Error('The demo has no anna.');
  await stack.putUser({ ...anna, userId: USER, firstName: `${MARK}-firstName` });
}

/** A request in API Gateway's form, with a mark in the path, the query, and the browser's name. */
function request(method: string, route: string, parts: Fields = {}): APIGatewayProxyEventV2 {
  const { body, headers, ...others } = parts as Fields & { headers?: Record<string, string> };
  const event = apiEvent({
    method,
    path: route.replace('{siteId}', 'demo').replace(/\{\w+\}/, `${MARK}-path`),
    routeKey: `${method} ${route}`,
    pathParameters: { siteId: 'demo' },
    query: { link: `${MARK}-link`, hash: `${MARK}-hash` },
    headers: { authorization: `Bearer ${SITE_KEY}`, 'user-agent': `${MARK}-agent`, ...headers },
    body,
  });
  event.requestContext.requestId = `api-${++lastId}`;
  event.requestContext.http.userAgent = `${MARK}-agent`;
  return { ...event, ...others };
}

/** Runs the whole day. Returns what was written during it. */
export async function liveThrough(day: Day, level = 'info'): Promise<Written> {
  return writtenDuring(async () => {
    await reportEvents(day);
    await takeFromQueues(day);
    await refuseRequests(day);
    await deliverEverything(day);
    await runClocks(day);
    await lookAtWebhooks(day);
    await tellShop(day);
    await runRetention(day);
    await eraseSite(day);
    await checkAll(day);
  }, level);
}

async function reportEvents({ app, report }: Day): Promise<void> {
  for (const event of EVENTS) await report(event, marked(payload(event, { eventId: `day-${event}` })));
  const unknown = payloadFor('message-sent', { id: `${MARK}-nessuno`, firstName: `${MARK}-firstName` });
  await report('message-sent', { ...unknown, eventId: 'day-unknown' });
  await report('abandoned-cart', marked(cartEvent({ eventId: 'day-cart' })));
  await report('activity-reminder', marked(reminderEvent({ eventId: 'day-reminder' })));
  await app.stack.takeNotifications();
}

/** Messages of the events' own queues: a good one, some that can't be read, one while a queue can't be reached. */
async function takeFromQueues({ app, invoke }: Day): Promise<void> {
  const body = { ...(marked(payload('message-sent', { eventId: 'day-queue' })) as Fields), siteId: 'demo' };
  process.env.EVENT_QUEUE_URL = app.stack.refs.get('MessageSentQueue');
  process.env.DEAD_LETTER_QUEUE_URL = app.stack.refs.get('MessageSentDeadLetterQueue');
  await invoke('message-sent', eventBatch('message-sent', [body, { ...body, [`${MARK}-property`]: 1 }]));
  await invoke('message-sent', eventBatch('message-sent', [`{"text": "${MARK}-text" oops}`]));
  const { DELIVERIES_QUEUE_URL } = process.env;
  process.env.DELIVERIES_QUEUE_URL = `${DELIVERIES_QUEUE_URL}-gone`;
  await invoke('message-sent', eventBatch('message-sent', [{ ...body, eventId: 'day-queue-gone' }]));
  process.env.DELIVERIES_QUEUE_URL = DELIVERIES_QUEUE_URL;
  await app.stack.takeNotifications();
}

async function refuseRequests({ app, report, invoke }: Day): Promise<void> {
  const body = marked(payload('message-sent')) as Fields;
  await report('message-sent', body, { headers: { authorization: `Bearer pwtg_${MARK}` } });
  await report('message-sent', `{"text": "${MARK}-text" oops}`);
  await report('message-sent', { ...body, [`${MARK}-property`]: 1 });
  await report('message-sent', body, { pathParameters: { siteId: `${MARK}-site` } });
  await invoke('not-found', { ...request('GET', `/v1/${MARK}-nowhere`), routeKey: '$default' });
  const userPath = '/v1/sites/{siteId}/users/{userId}';
  const user = { pathParameters: { siteId: 'demo', userId: USER } };
  await invoke(
    'users',
    request('GET', userPath, { pathParameters: { siteId: 'demo', userId: `${MARK}-chi` } }),
  );
  await invoke('users', request('PUT', userPath, user));
  const cart = '/v1/sites/{siteId}/events/abandoned-cart/{userId}';
  await invoke(
    'abandoned-cart',
    request('DELETE', cart, { pathParameters: { siteId: 'demo', userId: 'x' } }),
  );
  const signIn = (key: string) =>
    apiEvent({
      method: 'POST',
      path: '/console/session',
      routeKey: 'POST /console/session',
      headers: { 'x-console': '1', origin: API, 'user-agent': `${MARK}-agent` },
      body: { siteId: 'demo', key },
    });
  await invoke('console', signIn(SITE_KEY));
  await invoke('console', signIn(`pwtg_${MARK}`));
  await invoke('callback-login', request('GET', '/v1/sites/{siteId}/telegram/callbacklogin'));
  await invoke('telegram-login', request('GET', '/v1/sites/{siteId}/telegram/login'));
  const headers = { 'x-telegram-bot-api-secret-token': 'webhook-secret' };
  await invoke('bot', request('POST', '/v1/telegram/{siteId}', { headers, body: { text: `${MARK}-text` } }));
  await invoke('sites', request('PUT', '/v1/sites/{siteId}', { body: { name: `${MARK}-name` } }));
  await invoke(
    'templates',
    request('GET', '/v1/sites/{siteId}/templates', { headers: { authorization: 'x' } }),
  );
  await invoke(
    'deliveries',
    request('GET', '/v1/sites/{siteId}/deliveries', { headers: { authorization: 'x' } }),
  );
  await invoke('site-bot', request('PUT', '/v1/sites/{siteId}/bot', { headers: { authorization: 'x' } }));

  await app.setSite({ active: false });
  await report('message-sent', body);
  await app.setSite({ url: 'no address' });
  await report('message-sent', body);
  await app.setSite();
}

/** A message of the queue, for the person whose data is all marked. */
export function letter(changes: Partial<Notification> = {}): Notification {
  const button = { text: `${MARK}-button`, url: `https://shop.example/?chi=${MARK}-query` };
  return notification({ userId: USER, text: `${MARK}-text`, button, ...changes });
}

async function deliverEverything({ app, invoke }: Day): Promise<void> {
  const deliver = (...records: SQSRecord[]) => invoke('deliver', { Records: records });
  const drain = () => invoke('drain', ticketBatch('demo'));
  // A chat takes three messages at once: what it does not take for now would hold up what comes later in the day.
  const letChatsRest = () => app.stack.empty('PacesTable');
  const refuseOnce = (code: number, description: string, more = {}) =>
    app.telegram.refuse(code, description, { times: 1, ...more });

  const first = letter();
  await deliver(record(first));
  await deliver(record(first));
  await deliver(record(letter({ userId: `${MARK}-nessuno` })));
  await letChatsRest();
  // Telegram's error, as in the source of its server, which quotes the message.
  await refuseOnce(
    400,
    `Bad Request: can't parse entities: Unsupported start tag "${MARK}-tag" at byte offset 3`,
  );
  await deliver(record(letter()));
  const badUrl = `inline keyboard button URL 'https://x.example/?chi=${MARK}-query' is invalid: Wrong port number`;
  await refuseOnce(400, `Bad Request: ${badUrl}`);
  await deliver(record(letter()));
  await letChatsRest();
  await refuseOnce(400, `Bad Request: wrong something "${MARK}-text"`);
  await deliver(record(letter()));
  await refuseOnce(500, 'Internal Server Error');
  await deliver(record(letter()));
  await deliver(record(letter()));
  // Their ticket was lost.
  await app.stack.endPauses('demo', Date.now() - 60_000);
  await invoke('drain-due', {});
  await drain();
  await refuseOnce(401, 'Unauthorized');
  await deliver(record(letter()));
  await app.reset();
  await meetMarkedUser(app);
  await refuseOnce(429, 'Too Many Requests: retry after 60', { parameters: { retry_after: 60 } });
  await deliver(record(letter()));
  await deliver(record(letter()));
  await app.reset();
  await refuseOnce(403, 'Forbidden: bot was blocked by the user');
  await meetMarkedUser(app);
  await deliver(record(letter()));
}

/** Two notices of one folder that are due for a while, and one that can't be read any more. */
async function collectNotices({ app, report }: Pick<Day, 'app' | 'report'>): Promise<void> {
  const former = app.site;
  const templates = former.templates.map((each) => ({
    ...each,
    ...(each.event === 'file-download' && { digestMinutes: 1 }),
  }));
  await app.setSite({ ...former, templates });
  const access = (eventId: string, changes: Fields = {}) =>
    report(
      'file-access',
      marked(payload('file-access', { eventId, administrators: [{ id: 'bruno' }], ...changes })),
    );
  await access('day-collected');
  await access('day-collected-too');
  await makeDue(app, 'day-collected');
  await access('day-broken-notice', { administrators: [{ id: 'carla' }] });
  await makeDue(app, 'day-broken-notice');
  await spoil(app, 'day-broken-notice');
  await app.setSite(former);
}

/** Carts and reminders that are due for a while; one of each can't be read any more. */
async function runClocks({ app, report, invoke }: Day): Promise<void> {
  const occurredAt = new Date(Date.now() - 4 * 3_600_000).toISOString();
  await report('abandoned-cart', { ...cartEvent({ eventId: 'day-due', user: { id: 'bruno' } }), occurredAt });
  const other = cartEvent({ eventId: 'day-broken', user: { id: `${MARK}-altro` } });
  await report('abandoned-cart', { ...other, occurredAt });
  await spoil(app, 'day-broken');
  await invoke('abandoned-cart-due', {});

  await report('activity-reminder', marked(reminderEvent({ eventId: 'day-appointment' })));
  await makeDue(app, 'day-appointment');
  await report('activity-reminder', reminderEvent({ eventId: 'day-broken-reminder' }, { id: 'day-broken' }));
  await makeDue(app, 'day-broken-reminder');
  await spoil(app, 'day-broken-reminder');
  await invoke('activity-reminder-due', {});
  await collectNotices({ app, report });
  await invoke('file-digest-due', {});
  await invoke('statistics', {});
}

/** A webhook that is gone, another program's, another site's bot, one that Telegram does not tell about now, and a refused token. */
async function lookAtWebhooks({ app, invoke }: Day): Promise<void> {
  const lookAtAll = async () => {
    for (let hour = 0; hour < 24; hour++) await invoke('webhooks', { hour });
  };
  await lookAtAll();
  const sealedToken = encryptToken('100:demo', 'doppione');
  const bot = { id: '100', username: 'demo_shop_bot', sealedToken };
  await app.stack.putSite({ ...demoSite(), siteId: 'doppione', bot });
  await app.telegram.asBot('100:demo', 'setWebhook', { url: `https://else.example/${MARK}-path` });
  await lookAtAll();
  const fault = (code: number, description: string) =>
    app.telegram.fault({
      method: 'getWebhookInfo',
      status: code,
      body: { ok: false, error_code: code, description },
    });
  await fault(500, 'Internal Server Error');
  await lookAtAll();
  await app.telegram.clearFaults();
  await fault(401, 'Unauthorized');
  await lookAtAll();
  await app.telegram.clearFaults();
}

/** A shop's own system is told of two messages: it takes one of them. */
async function tellShop({ invoke }: Day): Promise<void> {
  process.env.WEBHOOK_LOOPBACK = 'allowed';
  const receiver = await startReceiver();
  const answers = [500, 204];
  receiver.answer = (response) => response.writeHead(answers.shift() ?? 204).end(`${MARK}-answer`);
  const body = { url: `${receiver.url}?key=${MARK}-query`, events: ['delivery.skipped'] };
  await invoke('webhook', request('PUT', '/v1/sites/{siteId}/webhook', { body }));
  const people = [1, 2].map((number) => `${MARK}-mai-visto-${number}`);
  await invoke('deliver', { Records: people.map((userId) => record(letter({ userId }))) });
  await invoke('outgoing', ticketBatch('demo'));
  await invoke('outgoing-due', {});
  await invoke('clicks', request('GET', '/c/{code}'));
  await invoke('clicks-due', {});
  await receiver.close();
}

/** Somebody who has been away for long goes, and somebody whose item is broken stays. */
async function runRetention({ app, invoke }: Day): Promise<void> {
  process.env.RETENTION_DAYS = '365';
  const unlinked = { reason: 'site' as const, since: '2020-01-01T00:00:00.000Z' };
  await app.stack.putUser({
    siteId: 'demo',
    userId: `${MARK}-via`,
    firstName: `${MARK}-firstName`,
    unlinked,
  });
  const moreChats = 7 as unknown as [];
  await app.stack.putUser({ siteId: 'demo', userId: `${MARK}-rotto`, chatId: 9, moreChats });
  await invoke('retention', {});
  // Whom nobody has looked at.
  await invoke('people-due', {});
  await invoke('people', ticketBatch('demo'));
}

/** A synthetic check that passes, and one that finds nobody. An API that always sends is enough: it is tested elsewhere. */
async function checkAll({ invoke }: Day): Promise<void> {
  const server = createServer(({ method }, response) => {
    const queued = { notifications: [{ status: 'queued', deliveryId: 'day-check' }] };
    const sent = { status: 'sent', recordedAt: new Date().toISOString() };
    response.writeHead(method === 'POST' ? 202 : 200).end(JSON.stringify(method === 'POST' ? queued : sent));
  });
  const API_URL = `http://127.0.0.1:${await listen(server, 0)}`;
  const check = { CHECK_SITE_ID: 'demo', CHECK_SITE_KEY: SITE_KEY, CHECK_USER_ID: USER };
  Object.assign(process.env, { API_URL, ...check });
  await invoke('synthetic-check', {});
  server.closeAllConnections();
  await new Promise((resolve) => server.close(resolve));
  await invoke('synthetic-check', {});
}

/** A site that was deleted a moment ago. */
async function eraseSite({ invoke }: Day): Promise<void> {
  const { shutSite } = await import('../../lib/store/sites.ts');
  const { beginSiteErasure } = await import('../../lib/store/statements.ts');
  const left = await shutSite('doppione');
  if (!left) throw new Error('There is no such site.');
  await beginSiteErasure('doppione', left.erasure.at);
  await invoke('site-erasure', {});
}

/** Half an event, which our code never writes. */
function spoil(app: App, eventId: string): Promise<void> {
  return changeWaiting(app, eventId, 'event', `{"user": ${MARK}-altro`);
}

function makeDue(app: App, eventId: string): Promise<void> {
  const aMinuteAgo = new Date(Date.now() - 60_000).toISOString();
  return changeWaiting(app, eventId, 'dueAt', aMinuteAgo);
}

async function changeWaiting({ stack }: App, eventId: string, field: string, value: string): Promise<void> {
  const tables = DynamoDBDocumentClient.from(stack.aws.dynamodb);
  const TableName = stack.refs.get('ScheduleTable');
  const { Items = [] } = await tables.send(new ScanCommand({ TableName }));
  const item = Items.find((item) => item.eventId === eventId);
  if (!item) throw new Error(`Nothing waits of ${eventId}.`);
  await tables.send(
    new UpdateCommand({
      TableName,
      Key: { siteId: item.siteId, key: item.key },
      UpdateExpression: 'SET #field = :value',
      ExpressionAttributeNames: { '#field': field },
      ExpressionAttributeValues: { ':value': value },
    }),
  );
}

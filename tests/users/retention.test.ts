/** A run of the retention against the tables: what goes, what stays, and how it goes on. */
import { DynamoDBDocumentClient, PutCommand } from '@aws-sdk/lib-dynamodb';
import { afterAll, beforeAll, beforeEach, expect, test } from '@jest/globals';
import type { Delivery } from '../../lib/store/deliveries.ts';
import type { StoredUser } from '../../lib/store/stored-user.ts';
import type { RetentionContext, RetentionSummary } from '../../lib/users/retention.ts';
import { type App, startApp } from '../support/app.ts';
import { saysErased } from '../support/erased.ts';
import { details } from '../support/fixtures.ts';
import { writtenDuring } from '../support/log-lines.ts';

const NOW = Date.parse('2028-01-10T01:23:00.000Z');
const daysAgo = (days: number) => new Date(NOW - days * 24 * 3_600_000).toISOString();
const unreachable = (days: number) => ({ reason: 'Forbidden: bot was blocked', since: daysAgo(days) });
const unlinked = (days: number) => ({ unlinked: { reason: 'site' as const, since: daysAgo(days) } });

let app: App;
beforeAll(async () => {
  app = await startApp();
});
afterAll(() => app.close());
beforeEach(async () => {
  for (const table of ['UsersTable', 'DeliveriesTable']) await app.stack.empty(table);
  await app.reset();
});

async function retain(changes: Partial<RetentionContext> = {}): Promise<RetentionSummary> {
  const { runRetention } = await import('../../lib/users/retention.ts');
  const pause = async () => {};
  return runRetention({
    now: NOW,
    retentionDays: 365,
    remainingMilliseconds: () => 900_000,
    pause,
    ...changes,
  });
}

async function put(table: string, Item: object): Promise<void> {
  const tables = DynamoDBDocumentClient.from(app.stack.aws.dynamodb);
  await tables.send(new PutCommand({ TableName: app.stack.refs.get(table), Item }));
}

/** A user linked to a chat, as linking writes it. */
async function linked(userId: string, chatId: number): Promise<void> {
  const { linkChat } = await import('../../lib/users/link-chat.ts');
  const given = details(userId, { firstName: `Nome-${userId}` });
  await linkChat(app.site, given, { id: chatId, username: `tg-${userId}` }, 'deep-link', given.linkId);
}

const stored = (userId: string) => app.findUser(userId) as Promise<StoredUser>;
const change = async (userId: string, changes: Partial<StoredUser>) =>
  app.stack.putUser({ ...(await stored(userId)), ...changes });

async function delivered(userId: string, siteId = 'demo'): Promise<void> {
  const { recordDelivery } = await import('../../lib/store/deliveries.ts');
  const about = { event: 'order-status', eventId: 'e', templateId: 't', attempts: 1 };
  const sent = { status: 'sent', messageId: 1, chatId: 1 };
  const recordedAt = '2026-11-22T10:00:00.000Z';
  await recordDelivery({
    siteId,
    deliveryId: `d-${userId}`,
    userId,
    recordedAt,
    ...about,
    ...sent,
  } as Delivery);
}

const reminder = (siteId: string, key: string, people: object) =>
  put('ScheduleTable', {
    ...{ siteId, key: `reminder#${key}`, eventId: key, occurrence: 0 },
    ...{ occurredAt: '2026-11-22T10:00:00.000Z', shard: 'reminder-3', dueAt: '2031-01-01T00:00:00.000Z' },
    event: JSON.stringify({ eventId: key, ...people }),
  });

/** All tables, as one text. */
async function everything(): Promise<string> {
  const tables = ['UsersTable', 'LinksTable', 'ScheduleTable', 'DeliveriesTable', 'PacesTable'];
  const items = (await Promise.all(tables.map((table) => app.stack.items(table)))).flat();
  return JSON.stringify(items.filter((item) => !saysErased(item)));
}

test('people who are away for too long: everything about them goes', async () => {
  await linked('elena', 8001);
  await linked('fabio', 8002);
  await linked('gina', 8002);
  await change('elena', { unreachable: unreachable(366) });
  await change('fabio', { unreachable: unreachable(366) });
  await delivered('elena');
  await reminder('demo', '1', { recipients: [{ id: 'elena', firstName: 'Nome-elena' }, { id: 'gina' }] });
  await app.setUser('ivo', {
    chatId: undefined,
    siteChat: undefined,
    firstName: 'Nome-ivo',
    ...unlinked(366),
  });
  await app.setUser('lia', {
    chatId: undefined,
    siteChat: undefined,
    firstName: 'Nome-lia',
    ...unlinked(300),
  });

  const summary = await retain();

  expect(summary).toMatchObject({ removed: { unreachable: 2, unlinked: 1 }, failed: 0, isCutShort: false });
  const left = await everything();
  expect(left.match(/elena|fabio|ivo"|8001/g)).toBeNull();
  expect(left).toMatch(/Nome-gina/);
  expect(left).toMatch(/Nome-lia/);
  const { findUsersOfChat } = await import('../../lib/store/chats.ts');
  const users = await findUsersOfChat({ siteId: 'demo', chatId: 8002 });
  expect(users.map(({ userId }) => userId)).toEqual(['gina']);
  expect(await retain()).toMatchObject({ removed: {}, failed: 0 });
});

test('an opt-out outlives the person: the id stays with it, and nothing else', async () => {
  await linked('elena', 8001);
  await change('elena', { unreachable: unreachable(366), stopped: { at: daysAgo(400) }, optedOut: true });
  await delivered('elena');
  expect(await retain()).toMatchObject({ removed: { unreachable: 1 } });
  await app.applyChanges();
  expect(await stored('elena')).toEqual({
    ...{ siteId: 'demo', userId: 'elena', version: expect.any(Number) },
    optOuts: { person: { at: daysAgo(400), where: 'bot' } },
    ...{ optedOut: true, optedOutBy: 'user', optedOutAt: daysAgo(400) },
    unlinked: { reason: 'unreachable', since: daysAgo(366) },
  });
  expect((await everything()).match(/8001|Nome-elena|d-elena|tg-elena/g)).toBeNull();
  expect(await retain()).toMatchObject({ removed: {} });
  expect((await app.call('GET', '/v1/sites/demo/users/elena')).json).toMatchObject({
    optedOut: true,
    optedOutBy: 'person',
  });
});

test('one chat of several that was not reached is unlinked, and the others stay', async () => {
  await linked('elena', 8001);
  await linked('elena', 8003);
  await change('elena', { unreachable: unreachable(366) });
  expect(await retain()).toMatchObject({ removed: { 'chat-unreachable': 1 } });
  expect(await stored('elena')).toMatchObject({ chatId: 8003, firstName: 'Nome-elena' });
  expect((await everything()).includes('8001')).toBe(false);
});

test('whoever was never linked is counted from the first run that sees them', async () => {
  await app.setUser('noto', { chatId: undefined, siteChat: undefined, firstName: 'Noto' });
  expect(await retain()).toMatchObject({ removed: {} });
  const since = new Date(NOW).toISOString();
  expect(await stored('noto')).toMatchObject({ firstName: 'Noto', unlinked: { reason: 'unknown', since } });
  const inAYear = NOW + 366 * 24 * 3_600_000;
  expect(await retain({ now: inAYear })).toMatchObject({ removed: { unlinked: expect.any(Number) } });
  expect(await app.findUser('noto')).toBeUndefined();
});

test('a person who has just asked for a link is waited for', async () => {
  await app.setUser('elena', { chatId: undefined, siteChat: undefined, ...unlinked(366) });
  const token = await app.linkToken('elena');
  const { findLinkToken } = await import('../../lib/store/links.ts');
  const { linkTokenHash } = await import('../../lib/users/link-token.ts');
  const isOpenUntil = (await findLinkToken(linkTokenHash(token)))?.expires ?? 0;
  const times = { now: isOpenUntil - 1, retentionDays: 30 };
  await change('elena', { unlinked: { reason: 'site', since: '2020-01-01T00:00:00.000Z' } });
  expect((await retain(times)).removed.unlinked).toBeUndefined();
  expect(await app.findUser('elena')).toBeDefined();
  expect((await retain({ ...times, now: isOpenUntil + 1 })).removed.unlinked).toBe(1);
});

test('a site that is gone: its people with their opt-outs, chats, log and reminders', async () => {
  await app.stack.putUser({
    siteId: 'sparito',
    userId: 'ugo',
    chatId: 9,
    siteChat: 'sparito#9',
    firstName: 'Ugo',
  });
  await put('LinksTable', { token: 'chat#sparito#9', userIds: ['ugo'], revision: 'r' });
  const optOut = { optedOut: true, optedOutBy: 'user' as const };
  await app.stack.putUser({ siteId: 'sparito', userId: 'vera', ...optOut });
  await app.stack.putUser({
    siteId: 'sparito',
    userId: 'zoe',
    version: 1,
    renamed: { to: 'ugo', at: daysAgo(1) },
  });
  await delivered('ugo', 'sparito');
  await reminder('sparito', '1', { recipients: [{ id: 'ugo' }] });
  await put('ScheduleTable', { siteId: 'sparito', key: 'cart-id#7', userId: 'ugo' });
  await reminder('vuoto', '1', { recipients: [{ id: 'ada' }] });
  await reminder('demo', '1', { recipients: [{ id: 'anna' }] });
  expect(await retain()).toMatchObject({ removed: { 'site-gone': 3 }, failed: 0 });
  const left = await everything();
  expect(left.match(/sparito|vuoto/g)).toBeNull();
  expect(left).toContain('reminder#1');
});

test('a former id is forgotten after 30 days, at the user too', async () => {
  await linked('elena', 8001);
  const rename = (from: string, to: string) =>
    app.call('POST', `/v1/sites/demo/users/${from}/rename`, { body: { userId: to } });
  await rename('elena', 'elena-2');
  await rename('elena-2', 'elena-3');
  const renamedAt = Date.parse((await stored('elena'))?.renamed?.at ?? '');
  const day = 24 * 3_600_000;
  expect((await retain({ now: renamedAt + 29 * day, retentionDays: 0 })).removed).toEqual({});
  expect((await retain({ now: renamedAt + 31 * day, retentionDays: 0 })).removed).toEqual({ 'former-id': 2 });
  expect(await app.findUser('elena')).toBeUndefined();
  expect(await app.findUser('elena-2')).toBeUndefined();
  const user = await stored('elena-3');
  expect(user).toMatchObject({ chatId: 8001 });
  expect(user).not.toHaveProperty('formerIds');
});

test('what a dead function has left: a chat that names users who do not have it', async () => {
  await linked('elena', 8001);
  await put('LinksTable', { token: 'chat#demo#8001', userIds: ['nessuno', 'elena', 'anna'], revision: 'r' });
  await put('LinksTable', { token: 'chat#demo#8009', userIds: ['nessuno'], revision: 'r' });
  await put('LinksTable', { token: 'chat#demo#8010', userId: 'nessuno', displaced: ['altro'] });
  const summary = await retain({ now: Date.now() });
  expect(summary.removed['chat-left-over']).toBe(3);
  const items = (await app.stack.items('LinksTable')).filter(({ token }) =>
    String(token).startsWith('chat#'),
  );
  expect(items.map(({ token, userIds }) => [token, userIds])).toEqual([['chat#demo#8001', ['elena']]]);
});

test('a name that was written a moment ago may belong to a link that is being made', async () => {
  const { addToChat } = await import('../../lib/store/chats.ts');
  await addToChat({ siteId: 'demo', chatId: 8001 }, 'elena');
  expect((await retain({ now: Date.now() })).removed).toEqual({});
  expect(await app.stack.items('LinksTable')).toMatchObject([
    { token: 'chat#demo#8001', userIds: ['elena'] },
  ]);
});

test('the rate limit of a bot that has not sent for a day, which names its last chats', async () => {
  const hour = 3_600_000;
  const state = { pausedUntil: 0, version: 3 };
  await put('PacesTable', {
    ...state,
    botId: '1',
    nextSlot: NOW - 25 * hour,
    chats: { 8001: NOW - 25 * hour },
  });
  await put('PacesTable', { ...state, botId: '2', nextSlot: NOW - 23 * hour, chats: {} });
  await put('PacesTable', { ...state, botId: '3', nextSlot: 0, chats: {}, pausedUntil: NOW + hour });
  // As the former release has written it.
  await put('PacesTable', { botId: '4', lineEnd: NOW - 25 * hour });
  expect(await retain()).toMatchObject({ removed: { 'bot-idle': 2 } });
  expect((await app.stack.items('PacesTable')).map(({ botId }) => botId).sort()).toEqual(['2', '3']);
});

test('a site that can not be read is not gone, and a broken item costs only itself', async () => {
  await app.setUser('ivo', {
    chatId: undefined,
    siteChat: undefined,
    firstName: 'Nome-ivo',
    ...unlinked(366),
  });
  await app.stack.putUser({ siteId: 'ignoto', userId: 'ada', firstName: 'Segreto', chatId: 5 });
  await app.stack.putUser({ siteId: 'demo', userId: 'rotto', moreChats: 7 as unknown as [] });
  const { SITES_TABLE } = process.env;
  const { findSite } = await import('../../lib/store/sites.ts');
  await findSite('demo');
  process.env.SITES_TABLE = `${SITES_TABLE}-gone`;
  try {
    const { entries, text } = await writtenDuring(async () => {
      expect(await retain()).toMatchObject({ removed: { unlinked: 1 }, failed: 2 });
    });
    expect(entries.map(({ message }) => message)).toContain('item not handled by the retention');
    expect(text).not.toMatch(/Segreto|Nome-ivo|"ada"/);
  } finally {
    process.env.SITES_TABLE = SITES_TABLE;
  }
  expect(await app.stack.findUser('ignoto', 'ada')).toBeDefined();
});

test('a run that has no time left stops, and the next one goes on where it was', async () => {
  for (let number = 0; number < 600; number++)
    await app.setUser(`u-${number}`, {
      chatId: undefined,
      siteChat: undefined,
      ...unlinked(number < 590 ? 1 : 366),
    });
  let looked = 0;
  const hasTimeFor = (items: number) => () => (looked++ < items ? 900_000 : 59_000);
  const first = await retain({ remainingMilliseconds: hasTimeFor(400) });
  expect(first).toMatchObject({ isCutShort: true });
  const [progress] = await app.stack.items('LinksTable');
  expect(progress).toMatchObject({ token: 'retention#progress', stage: 'users', from: { siteId: 'demo' } });

  const second = await retain();
  expect(second.isCutShort).toBe(false);
  // The page at which the first one stopped is read again.
  expect(first.seen + second.seen).toBeLessThan(604 + 250);
  expect((first.removed.unlinked ?? 0) + (second.removed.unlinked ?? 0)).toBe(10);
  expect(await app.stack.items('LinksTable')).toEqual([]);
});

test('it takes no more read units a second than it may', async () => {
  const pauses: number[] = [];
  await retain({
    pause: async (milliseconds) => {
      pauses.push(milliseconds);
    },
  });
  // Each page of each table has cost something, or nothing where it was empty.
  expect(pauses.length).toBeGreaterThanOrEqual(4);
  expect(pauses.every((milliseconds) => milliseconds >= 0)).toBe(true);
  expect(Math.max(...pauses)).toBeGreaterThan(0);
});

test('the function reads its parameter, and refuses a wrong one', async () => {
  await app.setUser('ivo', { chatId: undefined, siteChat: undefined, ...unlinked(4_000) });
  const context = { getRemainingTimeInMillis: () => 900_000 };
  process.env.RETENTION_DAYS = '30';
  await app.invoke('retention', {}, context);
  expect(await app.findUser('ivo')).toBeUndefined();
  process.env.RETENTION_DAYS = '7';
  await expect(app.invoke('retention', {}, context)).rejects.toThrow('retentionDays');
});

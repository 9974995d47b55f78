/** People who come over from another system with the same bot, through the handler that is deployed. */
import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import { toPathId } from '../../lib/http/path-ids.ts';
import type { StoredUser } from '../../lib/store/stored-user.ts';
import { type App, type CallOptions, startApp } from '../support/app.ts';
import { PLATFORM_KEY } from '../support/fixtures.ts';
import { type Gate, startGate } from '../support/gate.ts';

let app: App;
let tables: Gate;
let findUsersOfChat: typeof import('../../lib/store/chats.ts').findUsersOfChat;

beforeAll(async () => {
  app = await startApp({
    beforeLoading: async () => {
      tables = await startGate(process.env.AWS_ENDPOINT_URL_DYNAMODB ?? '');
      process.env.AWS_ENDPOINT_URL_DYNAMODB = tables.url;
    },
  });
  ({ findUsersOfChat } = await import('../../lib/store/chats.ts'));
});
afterAll(async () => {
  await app.close();
  await tables.close();
});
beforeEach(() => app.setSite());

interface Row {
  userId: string;
  status: string;
  reason?: string;
  detail?: string;
  errors?: { pointer: string; detail: string }[];
}

const send = (body: unknown, options: CallOptions = {}) =>
  // A busy machine needs longer for hundreds of rows than AWS does.
  app.call('POST', '/v1/sites/demo/users/import', {
    body,
    context: { getRemainingTimeInMillis: () => 300_000 },
    ...options,
  });

/** Imports rows with the site's bot. @returns the answer for each, without its sentence. */
async function importRows(...users: object[]): Promise<Row[]> {
  const { status, json } = await send({ botId: '100', users });
  expect(status).toBe(200);
  expect(json.results).toHaveLength(users.length);
  return json.results.map(({ detail, ...row }: Row) => {
    expect(typeof detail).toBe(row.status === 'refused' ? 'string' : 'undefined');
    return row;
  });
}

let lastNumber = 0;
/** A user id and a chat that no other test has. */
function somebody(): { userId: string; chatId: number } {
  lastNumber += 1;
  return { userId: `CLI/${lastNumber}`, chatId: 700_000 + lastNumber };
}

const stateOf = async (userId: string) =>
  (await app.call('GET', `/v1/sites/demo/users/${toPathId(userId)}`)).json;
const patch = (userId: string, body: unknown) =>
  app.call('PATCH', `/v1/sites/demo/users/${toPathId(userId)}`, { body });
const usersOf = async (chatId: number) =>
  (await findUsersOfChat({ siteId: 'demo', chatId })).map(({ userId }) => userId);
const chatsOf = async (userId: string): Promise<number[]> =>
  (await stateOf(userId)).chats.map(({ chatId }: { chatId: number }) => chatId);
/** Everything that is stored about users and chats. */
const everything = async () =>
  JSON.stringify([await app.stack.items('UsersTable'), await app.stack.items('LinksTable')]);

describe('a new person', () => {
  test('is linked with all that the row says, and told nothing', async () => {
    const { userId, chatId } = somebody();
    const row = { userId, chatId, firstName: 'Anna', lastName: 'Rossi', companyName: 'Rossi S.r.l.' };
    const rows = await importRows({ ...row, language: 'it', optedOut: true, mutedEvents: ['message-read'] });
    expect(rows).toEqual([{ userId, status: 'imported' }]);
    expect(await stateOf(userId)).toMatchObject({
      userId,
      linked: true,
      linkedBy: 'import',
      linkedAt: expect.any(String),
      chats: [{ chatId, linkedBy: 'import', stopped: false }],
      optedOut: true,
      optedOutBy: 'person',
      optedOutIn: 'import',
      mutedEvents: ['message-read'],
      language: 'it',
      firstName: 'Anna',
      lastName: 'Rossi',
      companyName: 'Rossi S.r.l.',
    });
    expect(await app.findUser(userId)).toMatchObject({ botId: '100' });
    expect(await usersOf(chatId)).toEqual([userId]);
    expect(await app.takeQueued()).toEqual([]);
  });

  test('gets the notifications of the next event', async () => {
    const { userId, chatId } = somebody();
    await importRows({ userId, chatId, language: 'it' });
    const { json } = await app.report('message-read', {
      eventId: `read-${userId}`,
      message: { id: 'm', subject: 'Fattura' },
      reader: { id: 'anna', firstName: 'Anna' },
      sender: { id: userId },
    });
    expect(json.notifications).toMatchObject([{ userId, status: 'queued' }]);
    expect(await app.takeQueued()).toMatchObject([{ userId, chatId }]);
  });

  test('the answer counts; the site may be switched off', async () => {
    await app.setSite({ active: false, moduleActive: false });
    const users = [somebody(), somebody(), { ...somebody(), chatId: 0 }];
    await importRows(...users.slice(0, 1));
    const { json } = await send({ botId: '100', users });
    expect(json.counts).toEqual({ imported: 1, unchanged: 1, refused: 1 });
  });
});

describe('the same again', () => {
  test('changes nothing, not even an attribute', async () => {
    const [one, other] = [somebody(), somebody()];
    const users = [
      { ...one, firstName: 'Anna', optedOut: true, mutedEvents: ['message-read', 'file-access'] },
      { ...one, chatId: other.chatId },
      { ...other, language: 'en', optedOut: false },
    ];
    await importRows(...users);
    const before = await everything();
    const again = await importRows(...users);
    expect(again.map(({ status }) => status)).toEqual(['unchanged', 'unchanged', 'unchanged']);
    expect(await everything()).toBe(before);
  });

  test('a row that says more adds it', async () => {
    const row = somebody();
    await importRows(row);
    const one = async (more: object) => (await importRows({ ...row, ...more }))[0]?.status;
    expect(await one({ firstName: 'Anna' })).toBe('imported');
    expect(await one({ firstName: 'Maria' })).toBe('unchanged');
    expect(await one({ language: 'en' })).toBe('imported');
    expect(await one({ mutedEvents: ['file-access'] })).toBe('imported');
    expect(await one({ mutedEvents: ['file-access', 'order-status'] })).toBe('imported');
    expect(await one({ optedOut: true })).toBe('imported');
    expect(await one({ optedOut: true })).toBe('unchanged');
    expect(await stateOf(row.userId)).toMatchObject({
      firstName: 'Anna',
      language: 'en',
      mutedEvents: ['file-access', 'order-status'],
      optedOut: true,
    });
  });
});

test('a chat whose item was lost names its users again', async () => {
  const [first, second] = [somebody(), somebody()];
  const rows = [first, { ...second, userId: first.userId }];
  await importRows(...rows);
  await app.stack.empty('LinksTable');
  // The index knows the first chat alone.
  expect(await usersOf(second.chatId)).toEqual([]);

  expect(await importRows(...rows)).toMatchObject([{ status: 'unchanged' }, { status: 'unchanged' }]);

  expect(await usersOf(first.chatId)).toEqual([first.userId]);
  expect(await usersOf(second.chatId)).toEqual([first.userId]);
});

describe('several chats, several users', () => {
  test('in one request, in the order of the rows', async () => {
    const [one, other, third] = [somebody(), somebody(), somebody()];
    await importRows(one, other, { ...one, chatId: other.chatId }, third, { ...third, chatId: one.chatId });
    expect(await chatsOf(one.userId)).toEqual([one.chatId, other.chatId]);
    expect(await chatsOf(third.userId)).toEqual([third.chatId, one.chatId]);
    expect((await usersOf(one.chatId)).sort()).toEqual([one.userId, third.userId].sort());
    expect((await usersOf(other.chatId)).sort()).toEqual([one.userId, other.userId].sort());
    // The deliveries to a further chat have ids of their own.
    expect(await app.findUser(one.userId)).toMatchObject({ moreChats: [{ ownIds: true }] });
    expect(await app.findUser(one.userId)).not.toHaveProperty('ownIds');
  });

  test('a sixth chat is refused, and what its row says with it', async () => {
    const { userId } = somebody();
    const chats = Array.from({ length: 6 }, () => somebody().chatId);
    const rows = await importRows(
      ...chats.map((chatId, index) => ({ userId, chatId, ...(index === 5 && { language: 'en' }) })),
    );
    expect(rows.slice(0, 5).map(({ status }) => status)).toEqual(Array(5).fill('imported'));
    expect(rows[5]).toEqual({ userId, status: 'refused', reason: 'too-many-chats' });
    expect(await chatsOf(userId)).toEqual(chats.slice(0, 5));
    expect(await stateOf(userId)).not.toHaveProperty('language');
    expect(await usersOf(chats[5] ?? 0)).toEqual([]);
  });

  test('the 21st user of a chat is refused; what else they have is imported', async () => {
    const { chatId } = somebody();
    const users = Array.from({ length: 22 }, () => somebody());
    const rows = await importRows(...users.map(({ userId }) => ({ userId, chatId })), ...users.slice(20));
    const refused = { status: 'refused', reason: 'too-many-users' };
    expect(rows.slice(19, 24)).toEqual([
      { userId: users[19]?.userId, status: 'imported' },
      { userId: users[20]?.userId, ...refused },
      { userId: users[21]?.userId, ...refused },
      { userId: users[20]?.userId, status: 'imported' },
      { userId: users[21]?.userId, status: 'imported' },
    ]);
    expect(await usersOf(chatId)).toHaveLength(20);
    expect(await importRows({ userId: users[21]?.userId, chatId })).toMatchObject([refused]);
  });

  test('two requests with the same people at the same time lose nothing', async () => {
    const { userId, chatId } = somebody();
    const others = [somebody(), somebody(), somebody()];
    await Promise.all([
      ...others.map((other) => importRows({ userId, chatId: other.chatId })),
      ...others.map((other) => importRows({ userId: other.userId, chatId })),
    ]);
    expect((await chatsOf(userId)).sort()).toEqual(others.map((other) => other.chatId));
    expect((await usersOf(chatId)).sort()).toEqual(others.map((other) => other.userId).sort());
  });
});

describe('nothing is taken back:', () => {
  const stopped = { at: '2026-11-01T10:00:00.000Z' };
  const unreachable = { reason: 'Forbidden: bot was blocked by the user', since: '2026-11-02T10:00:00.000Z' };
  const put = (user: Omit<StoredUser, 'siteId'>) =>
    app.stack.putUser({
      siteId: 'demo',
      version: 1,
      botId: '100',
      ...(user.chatId !== undefined && { siteChat: `demo#${user.chatId}` }),
      ...user,
    });

  test('a /stop, an unreachable chat, an opt-out, a mute', async () => {
    const row = somebody();
    await put({
      ...row,
      stopped,
      unreachable,
      mutedEvents: ['file-access'],
      optedOut: true,
      optOuts: { shop: { at: stopped.at, where: 'site' } },
    });
    expect(await importRows({ ...row, optedOut: false, mutedEvents: [] })).toMatchObject([
      { status: 'unchanged' },
    ]);
    expect(await stateOf(row.userId)).toMatchObject({
      chats: [{ chatId: row.chatId, stopped: true, stoppedAt: stopped.at, unreachable }],
      optedOut: true,
      mutedEvents: ['file-access'],
    });
    expect(await app.findUser(row.userId)).toMatchObject({ optOuts: { shop: { where: 'site' } } });
  });

  test('a /stop in all chats that a user has holds in the new one too', async () => {
    const row = somebody();
    await put({ ...row, stopped, optedOut: true, optedOutBy: 'user', optedOutAt: stopped.at });
    const { chatId } = somebody();
    await importRows({ ...row, chatId });
    expect(await stateOf(row.userId)).toMatchObject({
      optedOut: true,
      chats: [{ stopped: true }, { chatId, stopped: true, stoppedAt: stopped.at }],
    });
  });

  test('a /stop in a chat, and that it can’t be reached, hold for the user who gets it', async () => {
    const first = somebody();
    await put({ ...first, stopped, optedOut: true, optedOutBy: 'user', unreachable });
    const { userId } = somebody();
    await importRows({ userId, chatId: first.chatId });
    expect((await stateOf(userId)).chats).toMatchObject([{ stopped: true, unreachable }]);
    expect((await usersOf(first.chatId)).sort()).toEqual([first.userId, userId].sort());
  });

  test('names that were given with a time, and the language', async () => {
    const row = somebody();
    await importRows({ ...row, firstName: 'Anna', language: 'it' });
    await patch(row.userId, { firstName: null, companyName: 'Rossi S.r.l.' });
    expect(await importRows({ ...row, firstName: 'Anna', lastName: 'Rossi', language: 'en' })).toMatchObject([
      { status: 'unchanged' },
    ]);
    const state = await stateOf(row.userId);
    expect(state).toMatchObject({ companyName: 'Rossi S.r.l.', language: 'it' });
    expect(state).not.toHaveProperty('firstName');
  });

  test('the names of any event replace imported ones', async () => {
    const row = somebody();
    await importRows({ ...row, firstName: 'Ana' });
    await app.report('message-read', {
      eventId: `names-${row.userId}`,
      occurredAt: '2026-01-01T00:00:00Z',
      message: { id: 'm', subject: 'Fattura' },
      reader: { id: 'anna' },
      sender: { id: row.userId, firstName: 'Anna' },
    });
    expect(await stateOf(row.userId)).toMatchObject({ firstName: 'Anna' });
    await app.takeQueued();
  });

  test.each(['site', 'person', 'other-chat'] as const)('the end of all links (%s)', async (reason) => {
    const row = somebody();
    await put({ userId: row.userId, unlinked: { reason, since: stopped.at } });
    expect(await importRows(row)).toEqual([{ userId: row.userId, status: 'refused', reason: 'unlinked' }]);
    expect(await chatsOf(row.userId)).toEqual([]);
    expect(await usersOf(row.chatId)).toEqual([]);
  });

  test('the end of an imported link', async () => {
    const row = somebody();
    const { chatId } = somebody();
    await importRows(row, { ...row, chatId });
    const path = `/v1/sites/demo/users/${toPathId(row.userId)}/link`;
    expect((await app.call('DELETE', path, { query: `chat=${row.chatId}` })).status).toBe(204);
    expect(await importRows(row, { ...row, chatId })).toMatchObject([
      { status: 'refused', reason: 'unlinked' },
      { status: 'unchanged' },
    ]);
    expect(await chatsOf(row.userId)).toEqual([chatId]);
  });

  test('a chat that another user took in the former release is none that was ended', async () => {
    const row = somebody();
    await put({ userId: row.userId, unlinked: { reason: 'chat-taken', since: stopped.at } });
    expect(await importRows(row)).toMatchObject([{ status: 'imported' }]);
    expect(await stateOf(row.userId)).not.toHaveProperty('unlinked');
  });
});

describe('records of the former release', () => {
  /** As it wrote them: one chat in the item, no version; the links table may have no item for the chat. */
  async function formerUser(more: Partial<StoredUser> = {}) {
    const row = somebody();
    await app.stack.putUser({
      siteId: 'demo',
      ...row,
      siteChat: `demo#${row.chatId}`,
      linkedBy: 'deep-link',
      linkClaim: '2026-01-01T00:00:00.000Z#x',
      lastClaim: '2026-01-01T00:00:00.000Z#x',
      optedOut: false,
      firstName: 'Anna',
      ...more,
    });
    return row;
  }

  test('get a second chat, and keep what they have', async () => {
    const row = await formerUser();
    const { chatId } = somebody();
    expect(await importRows(row, { ...row, chatId, lastName: 'Rossi' })).toMatchObject([
      { status: 'unchanged' },
      { status: 'imported' },
    ]);
    expect(await stateOf(row.userId)).toMatchObject({
      chats: [{ chatId: row.chatId, linkedBy: 'deep-link' }, { chatId }],
      firstName: 'Anna',
      lastName: 'Rossi',
    });
  });

  test('are still users of their chat after it got another one', async () => {
    const row = await formerUser();
    const { userId } = somebody();
    await importRows({ userId, chatId: row.chatId });
    expect((await usersOf(row.chatId)).sort()).toEqual([row.userId, userId].sort());
  });

  test('their /stop stays an opt-out of the person', async () => {
    const row = await formerUser({ optedOut: true, optedOutBy: 'user' });
    await importRows({ ...row, lastName: 'Rossi' });
    expect(await stateOf(row.userId)).toMatchObject({ optedOut: true, optedOutBy: 'person' });
  });
});

test('a chat that was with the former bot is with the present one', async () => {
  const row = somebody();
  await importRows(row);
  await app.stack.putUser({ ...((await app.findUser(row.userId)) as StoredUser), botId: '99' });
  expect(await stateOf(row.userId)).toMatchObject({ linked: false });
  expect(await importRows(row)).toMatchObject([{ status: 'imported' }]);
  expect(await stateOf(row.userId)).toMatchObject({ linked: true });
});

test('an id that was given up by a renaming is refused: nobody is made from it', async () => {
  const row = somebody();
  const { userId: to } = somebody();
  await importRows(row);
  const path = `/v1/sites/demo/users/${toPathId(row.userId)}/rename`;
  expect((await app.call('POST', path, { body: { userId: to } })).status).toBe(204);
  const { json } = await send({ botId: '100', users: [row] });
  expect(json.results).toEqual([
    {
      userId: row.userId,
      status: 'refused',
      reason: 'renamed',
      detail: expect.stringContaining('another id'),
    },
  ]);
  expect(await importRows({ ...row, userId: to })).toMatchObject([{ status: 'unchanged' }]);
});

describe('wrong rows do not stop the others', () => {
  const chatId = 650_001;
  test.each<[string, object, string]>([
    ['no user id', { chatId }, '/userId'],
    ['a blank user id', { userId: ' ', chatId }, '/userId'],
    ['no chat', { userId: 'x' }, '/chatId'],
    ['the chat as text', { userId: 'x', chatId: '1001' }, '/chatId'],
    ['a group', { userId: 'x', chatId: -5001 }, '/chatId'],
    ['no chat at all', { userId: 'x', chatId: 0 }, '/chatId'],
    ['more than 52 bits', { userId: 'x', chatId: 2 ** 52 }, '/chatId'],
    ['a fraction', { userId: 'x', chatId: 1.5 }, '/chatId'],
    ['an unknown property', { userId: 'x', chatId, name: 'Anna' }, '/name'],
    ['a language that is none', { userId: 'x', chatId, language: 'italiano!' }, '/language'],
    ['an event that there is not', { userId: 'x', chatId, mutedEvents: ['welcome'] }, '/mutedEvents/0'],
    ['a text for a truth', { userId: 'x', chatId, optedOut: 'sì' }, '/optedOut'],
  ])('%s', async (_what, row, pointer) => {
    const good = somebody();
    const rows = await importRows(good, row, { ...somebody() });
    expect(rows.map(({ status }) => status)).toEqual(['imported', 'refused', 'imported']);
    expect(rows[1]).toMatchObject({ reason: 'invalid', errors: [{ pointer: `/users/1${pointer}` }] });
    expect(await stateOf('x')).toMatchObject({ status: 404 });
  });

  test('rows that are no objects', async () => {
    const { json } = await send({ botId: '100', users: [null, 7, 'anna', []] });
    expect(json.counts).toEqual({ imported: 0, unchanged: 0, refused: 4 });
    expect(json.results[1]).toMatchObject({ errors: [{ pointer: '/users/1' }] });
  });

  test('the largest number of a chat', async () => {
    expect(await importRows({ ...somebody(), chatId: 2 ** 52 - 1 })).toMatchObject([{ status: 'imported' }]);
  });

  test('a row with very many errors names the first', async () => {
    const [row] = await importRows({
      ...somebody(),
      ...Object.fromEntries(Array.from({ length: 5_000 }, (_, index) => [`x${index}`, 1])),
    });
    expect(row?.errors).toHaveLength(10);
  });
});

describe('wrong requests import nobody', () => {
  const users = [{ userId: 'y', chatId: 650_002 }];

  test.each<[string, unknown, string]>([
    ['no bot', { users }, '/botId'],
    ['a number for the bot', { botId: 100, users }, '/botId'],
    ['a token for the bot', { botId: '100:demo', users }, '/botId'],
    ['no people', { botId: '100', users: [] }, '/users'],
    ['too many', { botId: '100', users: Array(501).fill(users[0]) }, '/users'],
    ['an unknown property', { botId: '100', users, silent: true }, '/silent'],
    ['a list', users, ''],
  ])('400: %s', async (_what, body, pointer) => {
    const { status, json } = await send(body);
    expect(status).toBe(400);
    expect(json.detail).toMatch(/^Nobody was imported/);
    expect(json.errors[0].pointer).toBe(pointer);
    expect(JSON.stringify(json)).not.toContain('100:demo');
  });

  test('413: a body over 256 KB', async () => {
    const body = { botId: '100', users: [{ ...users[0], firstName: 'x'.repeat(256 * 1024) }] };
    expect((await send(body)).status).toBe(413);
  });

  test('409: another bot than the site’s, or none; in words that help', async () => {
    const other = await send({ botId: '200', users });
    expect(other.status).toBe(409);
    expect(other.json.detail).toMatch(/the bot 200, and the bot of this site is 100 \(@demo_shop_bot\)/);
    const { bot, ...site } = app.site;
    await app.stack.putSite(site);
    const none = await send({ botId: '100', users });
    expect(none.status).toBe(409);
    expect(none.json.detail).toMatch(/no bot yet/);
    expect(await stateOf('y')).toMatchObject({ status: 404 });
  });

  test('401 without a key of the site', async () => {
    expect((await send({ botId: '100', users }, { key: null })).status).toBe(401);
    expect((await send({ botId: '100', users }, { key: PLATFORM_KEY })).status).toBe(401);
  });
});

describe('a function that dies', () => {
  /** Two users of one chat, one of whom has a second chat; and a third person. */
  function scene() {
    const [one, other, third] = [somebody(), somebody(), somebody()];
    const users = [
      one,
      { ...one, chatId: other.chatId, optedOut: true },
      other,
      { ...third, language: 'en' },
    ];
    const expectWhole = async () => {
      expect(await chatsOf(one.userId)).toEqual([one.chatId, other.chatId]);
      expect(await stateOf(one.userId)).toMatchObject({ optedOutIn: 'import' });
      expect((await usersOf(other.chatId)).sort()).toEqual([one.userId, other.userId].sort());
      expect(await usersOf(third.chatId)).toEqual([third.userId]);
      expect(await stateOf(third.userId)).toMatchObject({ language: 'en' });
    };
    return { users, expectWhole };
  }

  /** Whoever has a chat is named by it: a `/stop` in it reaches all of them. */
  async function expectNamed(users: { userId: string; chatId: number }[]) {
    for (const { userId, chatId } of users) {
      const { chats = [] } = await stateOf(userId);
      const hasChat = chats.some((chat: { chatId: number }) => chat.chatId === chatId);
      expect((await usersOf(chatId)).includes(userId)).toBe(hasChat);
    }
  }

  test('between any two requests to the tables: the same request does the rest', async () => {
    const whole = scene();
    await tables.open();
    await authenticated();
    await tables.open();
    await importRows(...whole.users);
    const requests = tables.passed();
    await whole.expectWhole();
    expect(requests).toBeGreaterThan(8);

    for (let after = 0; after < requests; after++) {
      const broken = scene();
      tables.shutAfter(after);
      const { status, headers } = await send({ botId: '100', users: broken.users });
      await tables.open();
      expect(status).toBe(503);
      expect(headers).toHaveProperty('retry-after');
      await expectNamed(broken.users);
      await importRows(...broken.users);
      await broken.expectWhole();
      const again = await importRows(...broken.users);
      expect(new Set(again.map((row) => row.status))).toEqual(new Set(['unchanged']));
    }
  }, 120_000);

  test('where the answer to a request is lost', async () => {
    for (let lost = 1; lost <= 3; lost++) {
      const broken = scene();
      tables.loseAnswers(lost);
      if ((await send({ botId: '100', users: broken.users })).status !== 200)
        await importRows(...broken.users);
      await tables.open();
      await broken.expectWhole();
    }
  });
});

/** The small item of the site, which is made when its key is first checked, is there. */
const authenticated = () => app.call('GET', '/v1/sites/demo');

test('500 new people cost 3 requests to the tables each, and 11 reads; once more, 11 reads', async () => {
  const users = Array.from({ length: 500 }, () => ({ ...somebody(), firstName: 'Anna' }));
  const { clearAllowances } = await import('../../lib/http/request-limit.ts');
  clearAllowances();
  await app.stack.empty('PacesTable');
  await authenticated();
  await tables.open();
  await importRows(...users);
  // The site; the count of its requests, which so many rows need and two imports share; 10 reads of 100 items; for each row
  // a look into the index, the chat, the user; 10 reads of what the chats have become.
  expect(tables.passed()).toBe(1 + 1 + 10 + 500 * 3 + 10);
  await tables.open();
  await importRows(...users);
  expect(tables.passed()).toBe(1 + 10);
});

describe('an id that is used again', () => {
  test('does not get the chat of whoever had it before', async () => {
    const [former, fresh] = [somebody(), somebody()];
    await importRows(former);
    const path = `/v1/sites/demo/users/${toPathId(former.userId)}/rename`;
    expect((await app.call('POST', path, { body: { userId: fresh.userId } })).status).toBe(204);
    expect(await importRows(former)).toMatchObject([{ status: 'refused', reason: 'renamed' }]);
    await patch(former.userId, { optedOut: true, by: 'shop' });

    expect(await importRows(former)).toMatchObject([{ status: 'refused', reason: 'id-used-again' }]);
    expect(await chatsOf(former.userId)).toEqual([]);
  });
});

test('who never had a chat, or lost it to nobody, may have one', async () => {
  for (const reason of ['unknown', 'unreachable', 'chat-taken'] as const) {
    const row = somebody();
    const unlinked = { reason, since: '2026-01-01T00:00:00.000Z' };
    await app.stack.putUser({ siteId: 'demo', userId: row.userId, unlinked });
    expect(await importRows(row)).toMatchObject([{ status: 'imported' }]);
  }
});

test('/stop while the rows are imported holds for those who get the chat then', async () => {
  const { stopChat } = await import('../../lib/users/settings.ts');
  for (let round = 0; round < 4; round++) {
    const [owner, other] = [somebody(), somebody()];
    await importRows(owner);
    const chat = { siteId: 'demo', chatId: owner.chatId };
    const rows = [...Array.from({ length: 40 }, somebody), { ...other, chatId: owner.chatId }];
    const stop = async () => {
      await new Promise((resolve) => setTimeout(resolve, 10 * round));
      await stopChat(chat, await findUsersOfChat(chat), new Date().toISOString());
    };
    await Promise.all([importRows(...rows), stop()]);
    expect(await stateOf(other.userId)).toMatchObject({ chats: [{ stopped: true }] });
  }
});

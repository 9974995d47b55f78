/**
 * Restoring a table from a backup brings back no erased person and no taken-back consent: the tables are copied, people say
 * this and that, the old rows are put back, and the procedure of the runbook is run.
 */
import { BatchWriteCommand, DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import { type App, startApp } from '../support/app.ts';
import { saysErased } from '../support/erased.ts';
import { details, PLATFORM_KEY } from '../support/fixtures.ts';
import { type Gate, startGate } from '../support/gate.ts';
import { endLater, later } from '../support/later.ts';

const HOUR = 3_600_000;
const LOGICAL = {
  SITES_TABLE: 'SitesTable',
  USERS_TABLE: 'UsersTable',
  LINKS_TABLE: 'LinksTable',
  SCHEDULE_TABLE: 'ScheduleTable',
  DELIVERIES_TABLE: 'DeliveriesTable',
  WAITING_TABLE: 'WaitingTable',
  PACES_TABLE: 'PacesTable',
} as const;
type Restored = keyof typeof LOGICAL;
const ALL = Object.keys(LOGICAL) as Restored[];

let app: App;
let tables: Gate;
beforeAll(async () => {
  app = await startApp({
    telegram: 'server',
    beforeLoading: async () => {
      tables = await startGate(process.env.AWS_ENDPOINT_URL_DYNAMODB ?? '');
      process.env.AWS_ENDPOINT_URL_DYNAMODB = tables.url;
    },
  });
});
afterAll(async () => {
  await app.close();
  await tables.close();
});
beforeEach(async () => {
  await tables.open();
  for (const table of [...Object.values(LOGICAL), 'StatementsTable']) await app.stack.empty(table);
  await app.reset();
});
afterEach(endLater);

const now = () => new Date(Date.now()).toISOString();

interface Backup {
  time: string;
  rows: Map<Restored, Record<string, unknown>[]>;
}

/** As DynamoDB's point-in-time recovery: all tables as they are now. */
async function backUp(): Promise<Backup> {
  const rows = await Promise.all(
    ALL.map(async (table) => [table, await app.stack.items(LOGICAL[table])] as const),
  );
  const backup = { time: now(), rows: new Map(rows) };
  later(HOUR);
  return backup;
}

/** A table gets exactly the rows that it had. */
async function restore({ rows }: Backup, restored: Restored[] = ALL): Promise<void> {
  later(HOUR);
  const client = DynamoDBDocumentClient.from(app.stack.aws.dynamodb);
  for (const table of restored) {
    const name = app.stack.refs.get(LOGICAL[table]) ?? '';
    await app.stack.empty(LOGICAL[table]);
    const requests = (rows.get(table) ?? []).map((Item) => ({ PutRequest: { Item } }));
    for (let start = 0; start < requests.length; start += 25)
      await client.send(
        new BatchWriteCommand({ RequestItems: { [name]: requests.slice(start, start + 25) } }),
      );
  }
  const { clearSiteCache } = await import('../../lib/store/sites.ts');
  clearSiteCache();
}

async function replay({ time }: Backup, restored: Restored[] = ALL): Promise<void> {
  const { replaySiteErasures } = await import('../../lib/sites/replay-site-erasures.ts');
  const { replayStatements } = await import('../../lib/users/replay-statements.ts');
  await replaySiteErasures(time, restored);
  await replayStatements(time, restored);
}

async function link(userId: string, chatId: number): Promise<void> {
  const { linkChat } = await import('../../lib/users/link-chat.ts');
  const given = details(userId, { firstName: `Nome-${userId}`, claimedAt: now(), createdAt: now() });
  const linked = await linkChat(app.site, given, { id: chatId }, 'deep-link', given.linkId);
  expect(linked.kind).toBe('linked');
  later(1_000);
}

const path = (userId: string) => `/v1/sites/demo/users/${userId}`;
const call = async (method: string, userId: string, body?: object, more = '', query = '') => {
  const answer = await app.call(method, `${path(userId)}${more}`, { query, ...(body && { body }) });
  expect(answer.status).toBeLessThan(300);
  later(1_000);
  return answer.json;
};
const chat = (chatId: number) => ({ siteId: 'demo', chatId });
async function stop(chatId: number): Promise<void> {
  const { stopChat } = await import('../../lib/users/settings.ts');
  const { findUsersOfChat } = await import('../../lib/store/chats.ts');
  await stopChat(chat(chatId), await findUsersOfChat(chat(chatId)), new Date(Date.now()).toISOString());
  later(1_000);
}
async function resume(chatId: number): Promise<void> {
  const { resumeChat } = await import('../../lib/users/settings.ts');
  const { findUsersOfChat } = await import('../../lib/store/chats.ts');
  const at = new Date(Date.now()).toISOString();
  await resumeChat(chat(chatId), await findUsersOfChat(chat(chatId)), at, { withShop: true });
  later(1_000);
}
const state = async (userId: string) => (await app.call('GET', path(userId))).json;

/** A record and a scheduled reminder about somebody. */
async function fill(userId: string): Promise<void> {
  const { recordDelivery } = await import('../../lib/store/deliveries.ts');
  await recordDelivery({
    ...{ siteId: 'demo', deliveryId: `d-${userId}`, event: 'order-status', eventId: 'e', templateId: 't' },
    ...{ userId, recordedAt: now(), attempts: 1, status: 'skipped', reason: 'muted' },
  });
  const cart = { id: `c-${userId}`, itemCount: 1, total: { amount: '1.00', currency: 'EUR' } };
  const answer = await app.report('abandoned-cart', {
    eventId: `cart-${userId}`,
    cart: { ...cart, url: 'https://shop.example/carrello' },
    user: { id: userId },
  });
  expect(answer.status).toBe(202);
  await call('POST', userId, {}, '/link');
}

async function rowsNaming(text: string): Promise<string[]> {
  const items = await Promise.all(Object.values(LOGICAL).map((table) => app.stack.items(table)));
  return items
    .flat()
    .filter((item) => !saysErased(item))
    .map((item) => JSON.stringify(item))
    .filter((item) => new RegExp(`(?<!\\d)${text}(?!\\d)`).test(item));
}

describe('no erased person', () => {
  beforeEach(async () => {
    await link('elena', 8001);
    await fill('elena');
    await link('fabio', 8002);
    await fill('fabio');
  });

  test('after the whole is restored', async () => {
    const backup = await backUp();
    await call('DELETE', 'elena');
    await restore(backup);
    expect(await rowsNaming('elena')).not.toEqual([]);

    await replay(backup);

    expect(await rowsNaming('elena')).toEqual([]);
    expect(await state('fabio')).toMatchObject({ linked: true, optedOut: false });
    expect(await rowsNaming('d-fabio')).toHaveLength(1);
  });

  test.each<[string, Restored[]]>([
    ['the log alone', ['DELIVERIES_TABLE']],
    ['the users alone', ['USERS_TABLE']],
    ['users and links', ['USERS_TABLE', 'LINKS_TABLE']],
    ['the schedule alone', ['SCHEDULE_TABLE']],
  ])(
    'after %s is restored, and the person had linked anew: the new link stays where it was not lost',
    async (_, restored) => {
      const backup = await backUp();
      await call('DELETE', 'elena');
      await link('elena', 8003);
      await restore(backup, restored);

      await replay(backup, restored);

      const left = await rowsNaming('elena');
      expect(left.filter((item) => /d-elena|c-elena|\b8001\b|token#/.test(item))).toEqual([]);
      if (restored.includes('USERS_TABLE')) expect((await app.call('GET', path('elena'))).status).toBe(404);
      else expect(await state('elena')).toMatchObject({ linked: true, chats: [{ chatId: 8003 }] });
    },
  );

  test('one that was erased before the time of the backup, and has linked since, stays', async () => {
    await call('DELETE', 'elena');
    later(HOUR);
    await link('elena', 8003);
    const backup = await backUp();
    await restore(backup);
    await replay(backup);
    expect(await state('elena')).toMatchObject({ linked: true, chats: [{ chatId: 8003 }] });
  });

  test('a renamed person, erased under the new id', async () => {
    const backup = await backUp();
    await call('POST', 'elena', { userId: 'elena-2' }, '/rename');
    await call('DELETE', 'elena-2');
    await restore(backup);
    await replay(backup);
    expect(await rowsNaming('elena')).toEqual([]);
  });

  test('the procedure dies at every step: a repeated run does the rest', async () => {
    const backup = await backUp();
    await call('DELETE', 'elena');
    await call('POST', 'fabio', { userId: 'elena' }, '/rename');
    await stop(8002);
    await restore(backup);
    await tables.open();
    await replay(backup);
    const requests = tables.passed();
    expect(requests).toBeGreaterThan(10);
    for (let after = 0; after < requests; after += 3) {
      await restore(backup);
      tables.shutAfter(after);
      await replay(backup).catch(() => undefined);
      await tables.open();
      await replay(backup);
      expect(await rowsNaming('8001')).toEqual([]);
      expect(await rowsNaming('d-elena')).toEqual([]);
      expect(await rowsNaming('d-fabio')).toHaveLength(1);
      expect(await state('elena')).toMatchObject({
        optedOut: true,
        chats: [{ chatId: 8002, stopped: true }],
      });
    }
  }, 120_000);
});

describe('no taken-back consent: the last statement holds', () => {
  beforeEach(async () => {
    await link('elena', 8001);
    await link('elena', 8004);
  });

  test.each<[string, () => Promise<unknown>, object]>([
    ['/stop in one chat', () => stop(8001), { chats: [{ chatId: 8001, stopped: true }, { stopped: false }] }],
    [
      '/stop, and taken back',
      async () => {
        await stop(8001);
        await resume(8001);
      },
      { optedOut: false, chats: [{ stopped: false }, { stopped: false }] },
    ],
    [
      'an opt-out by the person on the site',
      () => call('PATCH', 'elena', { optedOut: true, by: 'person' }),
      { optedOut: true, optedOutBy: 'person' },
    ],
    [
      'an opt-out by the shop',
      () => call('PATCH', 'elena', { optedOut: true }),
      { optedOut: true, optedOutBy: 'shop' },
    ],
    [
      'opted out and in again on the site',
      async () => {
        await call('PATCH', 'elena', { optedOut: true, by: 'person' });
        await call('PATCH', 'elena', { optedOut: false, by: 'person' });
      },
      { optedOut: false },
    ],
    [
      'a muted event',
      () => call('PATCH', 'elena', { mutedEvents: ['file-upload'] }),
      { mutedEvents: ['file-upload'] },
    ],
    [
      'one chat unlinked',
      () => call('DELETE', 'elena', undefined, '/link', 'chat=8001'),
      { chats: [{ chatId: 8004 }] },
    ],
    ['all chats unlinked', () => call('DELETE', 'elena', undefined, '/link'), { linked: false, chats: [] }],
    [
      'unlinked and linked again',
      async () => {
        await call('DELETE', 'elena', undefined, '/link', 'chat=8001');
        await link('elena', 8001);
      },
      { chats: expect.arrayContaining([expect.objectContaining({ chatId: 8001 })]) },
    ],
  ])('%s', async (_, say, expected) => {
    const backup = await backUp();
    await say();
    const said = await state('elena');
    expect(said).toMatchObject(expected);
    await restore(backup);

    await replay(backup);

    expect(await state('elena')).toMatchObject(expected);
    expect((await state('elena')).optedOutAt).toBe(said.optedOutAt);
    // It may be repeated.
    await replay(backup);
    expect(await state('elena')).toMatchObject(expected);
    const { findUsersOfChat } = await import('../../lib/store/chats.ts');
    const there = (await findUsersOfChat(chat(8001))).map(({ userId }) => userId);
    expect(there).toEqual(
      (await state('elena')).chats.some((each: { chatId: number }) => each.chatId === 8001) ? ['elena'] : [],
    );
  });

  test('an opt-out from before, with which the backup was made, stays', async () => {
    await stop(8001);
    await stop(8004);
    const backup = await backUp();
    await restore(backup);
    await replay(backup);
    expect(await state('elena')).toMatchObject({ optedOut: true });
  });

  test('opted out by somebody who is in no backup yet', async () => {
    const backup = await backUp();
    await call('PATCH', 'nuova', { optedOut: true, by: 'person' });
    await restore(backup);
    await replay(backup);
    expect(await state('nuova')).toMatchObject({ optedOut: true, optedOutBy: 'person' });
  });

  test('a renamed person who has opted out under the new id', async () => {
    const backup = await backUp();
    await call('POST', 'elena', { userId: 'elena-2' }, '/rename');
    await call('PATCH', 'elena-2', { optedOut: true, by: 'person' });
    await restore(backup);
    await replay(backup);
    expect(await state('elena-2')).toMatchObject({
      optedOut: true,
      chats: [{ chatId: 8001 }, { chatId: 8004 }],
    });
    expect((await app.call('GET', path('elena'))).status).toBe(404);
  });

  test('a renamed person who had opted in again under the former id', async () => {
    await stop(8001);
    await stop(8004);
    const backup = await backUp();
    await resume(8001);
    await resume(8004);
    await call('POST', 'elena', { userId: 'elena-2' }, '/rename');
    await restore(backup);
    await replay(backup);
    expect(await state('elena-2')).toMatchObject({ optedOut: false });
    expect((await app.call('GET', path('elena'))).status).toBe(404);
  });

  test('a group that became a supergroup since is not lost: nobody has said anything', async () => {
    await link('gruppo', -5001);
    const backup = await backUp();
    const { moveChat } = await import('../../lib/store/reachability.ts');
    await moveChat(chat(-5001), -1005001);
    await call('PATCH', 'gruppo', { mutedEvents: ['file-upload'] });
    await restore(backup);
    await replay(backup);
    expect(await state('gruppo')).toMatchObject({ mutedEvents: ['file-upload'], chats: [{ chatId: -5001 }] });
  });

  test('a statement is on record before it has an effect: where the function dies in between, it was said all the same', async () => {
    const backup = await backUp();
    await tables.open();
    await call('PATCH', 'elena', { optedOut: true, by: 'person' });
    const requests = tables.passed();
    await call('PATCH', 'elena', { optedOut: false, by: 'person' });
    for (let after = 0; after < requests; after++) {
      tables.shutAfter(after);
      await app.call('PATCH', path('elena'), { body: { optedOut: true, by: 'person' } });
      await tables.open();
      const isOut = (await state('elena')).optedOut;
      await restore(backup);
      await replay(backup);
      if (isOut) expect(await state('elena')).toMatchObject({ optedOut: true });
      await call('PATCH', 'elena', { optedOut: false, by: 'person' });
    }
  });
});

describe('no deleted site', () => {
  const SHOP = 'bottega';
  const erase = async () => {
    expect((await app.call('DELETE', `/v1/sites/${SHOP}`, { key: PLATFORM_KEY })).status).toBe(204);
    later(HOUR);
  };
  async function run(): Promise<void> {
    const { eraseSites } = await import('../../lib/sites/erase-sites.ts');
    const { ownAddresses } = await import('../../lib/sites/own-addresses.ts');
    await eraseSites({ own: ownAddresses(), now: Date.now, remainingMilliseconds: () => 290_000 });
  }
  beforeEach(async () => {
    await app.createSite(SHOP);
    await app.stack.putUser({ siteId: SHOP, userId: 'ugo', chatId: 1, siteChat: `${SHOP}#1` });
  });

  test('after the whole is restored: shut anew, and erased', async () => {
    const backup = await backUp();
    await erase();
    await run();
    await restore(backup);
    expect(await app.stack.findSite(SHOP)).toBeDefined();

    await replay(backup);

    expect(await rowsNaming('"ugo"')).toEqual([]);
    expect((await app.call('GET', `/v1/sites/${SHOP}`, { key: PLATFORM_KEY })).status).toBe(404);
    later(HOUR);
    await run();
    expect(await rowsNaming(SHOP)).toEqual([]);
  });

  test('after its users were restored: they are erased, and not a site that has its id since', async () => {
    const backup = await backUp();
    await erase();
    await run();
    await app.createSite(SHOP);
    await restore(backup, ['USERS_TABLE']);

    await replay(backup, ['USERS_TABLE']);

    expect(await rowsNaming('"ugo"')).toEqual([]);
    expect((await app.call('GET', `/v1/sites/${SHOP}`, { key: PLATFORM_KEY })).status).toBe(200);
  });
});

test('who is erased leaves no choices on record, only the id', async () => {
  await link('elena', 8001);
  await stop(8001);
  await call('DELETE', 'elena');
  const statements = JSON.stringify(await app.stack.items('StatementsTable'));
  expect(statements).not.toMatch(/\b8001\b|Nome/);
  expect(await app.stack.items('StatementsTable')).toEqual([
    { siteId: 'demo', key: 'erased#elena', at: expect.any(String), expiresAt: expect.any(Number) },
  ]);
});

test('what an event or a delivery does to a user is no statement', async () => {
  await link('elena', 8001);
  await app.stack.empty('StatementsTable');
  const { markUnreachable } = await import('../../lib/store/reachability.ts');
  await markUnreachable(chat(8001), { reason: 'blocked', since: now(), botId: '100' });
  const { updateUser } = await import('../../lib/store/users.ts');
  await updateUser({ siteId: 'demo', userId: 'elena' }, (user) => ({ ...user, firstName: 'Altro' }));
  expect(await app.stack.items('StatementsTable')).toEqual([]);
});

import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, jest, test } from '@jest/globals';
import { toPathId } from '../../lib/http/path-ids.ts';
import { type App, startApp } from '../support/app.ts';

let app: App;
beforeAll(async () => {
  app = await startApp();
});
afterAll(() => app.close());
beforeEach(async () => {
  await app.stack.empty('UsersTable');
  await app.reset();
});

interface Listed {
  userId: string;
  state: string;
  [field: string]: unknown;
}
interface Answer {
  users: Listed[];
  counts: Record<string, number>;
  cursor?: string;
  updating?: boolean;
}

const path = '/v1/sites/demo/users';

async function list(parameters: Record<string, string> = {}): Promise<Answer> {
  const query = new URLSearchParams(parameters).toString();
  const answer = await app.call('GET', path, { query: parameters });
  expect({ query, status: answer.status }).toEqual({ query, status: 200 });
  return answer.json as Answer;
}
const idsOf = ({ users }: Answer) => users.map(({ userId }) => userId);
const patch = (userId: string, body: object) => app.call('PATCH', `${path}/${toPathId(userId)}`, { body });

const importPeople = (users: object[]) =>
  app.call('POST', `${path}/import`, { body: { botId: '100', users } });

test('people of an earlier release are listed, each with a state, and counted', async () => {
  const since = '2026-11-01T10:00:00.000Z';
  await app.setUser('bruno', { optedOut: true, optedOutBy: 'user', optedOutAt: since });
  await app.setUser('carla', { unreachable: { reason: 'Forbidden: bot was blocked by the user', since } });
  const answer = await list();
  expect(answer.users).toMatchObject([
    { userId: 'anna', state: 'linked', firstName: 'Anna', lastName: 'Rossi', language: 'it', chats: 1 },
    { userId: 'bruno', state: 'opted-out', optedOutBy: 'person', since },
    { userId: 'carla', state: 'unreachable', since },
    { userId: 'dario', state: 'not-linked', chats: 0 },
  ]);
  const counts = { linked: 1, pending: 0, 'not-linked': 1, 'opted-out': 1, unreachable: 1 };
  expect(answer.counts).toEqual(counts);
  expect(answer).not.toHaveProperty('updating');
  for (const { userId, state } of answer.users) {
    expect(idsOf(await list({ state }))).toEqual([userId]);
    expect((await list({ state })).counts).toEqual(counts);
  }
  expect((await list({ state: 'pending' })).users).toEqual([]);
});

test('one whose item is broken is left out, and costs the others nothing: neither the list nor the log', async () => {
  await app.stack.putUser({ siteId: 'demo', userId: 'rotto', moreChats: 7 as unknown as [] });
  expect(idsOf(await list())).toEqual(['anna', 'bruno', 'carla', 'dario']);
  expect(await list()).not.toHaveProperty('updating');
  const recordedAt = new Date().toISOString();
  const sent = { siteId: 'demo', event: 'message-sent', eventId: 'e-1', recordedAt, attempts: 1, chatId: 9 };
  for (const userId of ['rotto', 'anna'])
    await app.stack.putDelivery({
      ...sent,
      deliveryId: `consegna-${userId}`,
      userId,
      status: 'sent',
      messageId: 1,
    });
  const { status, json } = await app.call('GET', '/v1/sites/demo/deliveries');
  expect(status).toBe(200);
  const names = json.deliveries.map((line: { userName?: string }) => line.userName);
  expect(names).toEqual(expect.arrayContaining(['Anna Rossi', undefined]));
});

test('a site without people', async () => {
  await app.stack.empty('UsersTable');
  const answer = await list();
  expect(answer).toEqual({
    users: [],
    counts: { linked: 0, pending: 0, 'not-linked': 0, 'opted-out': 0, unreachable: 0 },
  });
});

describe('what has happened before the request is in it', () => {
  beforeEach(async () => {
    await list();
  });

  test('an opt-out and its taking back', async () => {
    await patch('anna', { optedOut: true });
    expect(await list({ state: 'opted-out' })).toMatchObject({
      users: [{ userId: 'anna', optedOutBy: 'shop', optedOutIn: 'site' }],
      counts: { linked: 2, 'opted-out': 1 },
    });
    await patch('anna', { optedOut: false });
    expect(await list({ state: 'opted-out' })).toMatchObject({
      users: [],
      counts: { linked: 3, 'opted-out': 0 },
    });
  });

  test('an unlinked chat', async () => {
    await app.call('DELETE', `${path}/anna/link`);
    expect(await list({ state: 'not-linked' })).toMatchObject({
      users: [{ userId: 'anna', since: expect.any(String) }, { userId: 'dario' }],
      counts: { linked: 2, 'not-linked': 2 },
    });
  });

  test('new names: the person is found by these, and not by the former ones any more', async () => {
    await patch('anna', { lastName: 'De Santis' });
    expect(idsOf(await list({ query: 'santis' }))).toEqual(['anna']);
    expect(idsOf(await list({ query: 'rossi' }))).toEqual([]);
    expect(idsOf(await list({ query: 'anna' }))).toEqual(['anna']);
  });

  test('names that an event has anew', async () => {
    const changed = { id: 'anna', firstName: 'Anna', lastName: 'Zanetti' };
    const message = { id: 'm1', subject: 'Offerta', text: 'Buongiorno' };
    const sent = { eventId: 'e1', message, sender: { id: 'carla' }, recipients: [changed] };
    await app.report('message-sent', sent);
    expect(idsOf(await list({ query: 'zanetti' }))).toEqual(['anna']);
    expect(idsOf(await list({ query: 'rossi' }))).toEqual([]);
  });

  test('another id', async () => {
    await app.call('POST', `${path}/anna/rename`, { body: { userId: 'CLI/001' } });
    expect(idsOf(await list())).toEqual(['bruno', 'carla', 'CLI/001', 'dario']);
    expect(await list({ query: 'rossi' })).toMatchObject({
      users: [{ userId: 'CLI/001', state: 'linked' }],
      counts: { linked: 3, 'not-linked': 1 },
    });
  });

  test('an erasure: nothing of the person is left in the directory', async () => {
    await app.linkToken('anna', { firstName: 'Anna-Maria' });
    await list();
    await app.call('DELETE', `${path}/anna`);
    expect(await list()).toMatchObject({ counts: { linked: 2, 'not-linked': 1 } });
    await app.applyChanges();
    expect(JSON.stringify(await app.stack.items('PeopleTable')).match(/anna|rossi/gi)).toBeNull();
  });

  test('people who are imported', async () => {
    const rows = Array.from({ length: 120 }, (_, index) => ({
      userId: `CLI/${String(index).padStart(3, '0')}`,
      chatId: 20_000 + index,
      companyName: `Ditta ${index} S.r.l.`,
      optedOut: index < 20,
    }));
    expect((await importPeople(rows)).status).toBe(200);
    await app.applyChanges();
    expect(await list({ query: 'cli/01', state: 'opted-out' })).toMatchObject({
      users: Array.from({ length: 10 }, (_, index) => ({ userId: `CLI/01${index}` })),
      counts: { linked: 103, 'opted-out': 20, 'not-linked': 1 },
    });
    expect((await list({ query: 'srl', limit: '100' })).users).toHaveLength(100);
  });
});

describe('pending', () => {
  const NOW = Date.now();
  afterEach(() => {
    jest.restoreAllMocks();
  });
  const at = (milliseconds: number) => jest.spyOn(Date, 'now').mockReturnValue(NOW + milliseconds);
  const link = (userId: string, body: object = {}) =>
    app.call('POST', `${path}/${toPathId(userId)}/link`, { body });

  test('whoever has a link that nobody has used, also somebody whom nobody knew, until it expires', async () => {
    await list();
    at(0);
    await link('dario', { expiresInHours: 1 });
    await link('CLI/007', { companyName: 'Bar Nuovo S.n.c.', expiresInHours: 2 });
    await link('anna');
    expect(await list({ state: 'pending' })).toMatchObject({
      users: [
        {
          userId: 'CLI/007',
          companyName: 'Bar Nuovo S.n.c.',
          expiresAt: new Date(NOW + 7_200_000).toISOString(),
        },
        { userId: 'dario', firstName: 'Dario', expiresAt: new Date(NOW + 3_600_000).toISOString() },
      ],
      counts: { linked: 3, pending: 2, 'not-linked': 0 },
    });
    expect(idsOf(await list({ query: 'snc' }))).toEqual(['CLI/007']);
    at(3_600_001);
    expect(await list({ state: 'pending' })).toMatchObject({
      users: [{ userId: 'CLI/007' }],
      counts: { linked: 3, pending: 1, 'not-linked': 1 },
    });
    expect(idsOf(await list({ state: 'not-linked' }))).toEqual(['dario']);
    at(7_200_001);
    expect(await list()).toMatchObject({ counts: { linked: 3, pending: 0, 'not-linked': 1 } });
    expect(idsOf(await list({ query: 'cli' }))).toEqual([]);
  });

  test('of two links the one that expires last counts', async () => {
    at(0);
    await link('dario', { expiresInHours: 5 });
    await link('dario', { expiresInHours: 1 });
    at(2 * 3_600_000);
    expect(await list()).toMatchObject({ counts: { pending: 1, 'not-linked': 0 } });
    at(5 * 3_600_000 + 1);
    expect(await list()).toMatchObject({ counts: { pending: 0, 'not-linked': 1 } });
  });

  test('not any more: all links were ended, or one was used', async () => {
    await link('CLI/007');
    const token = await app.linkToken('dario');
    expect(await list()).toMatchObject({ counts: { pending: 2 } });
    expect((await app.call('DELETE', `${path}/${toPathId('CLI/007')}/link`)).status).toBe(204);
    const { redeemLinkToken } = await import('../../lib/users/link-token.ts');
    const { linkChat } = await import('../../lib/users/link-chat.ts');
    const redeemed = await redeemLinkToken(app.site, token, 5_001);
    if (redeemed.kind !== 'redeemed') throw new Error(redeemed.kind);
    await linkChat(app.site, redeemed.details, { id: 5_001 }, 'deep-link', redeemed.details.linkId);
    expect(await list()).toMatchObject({ counts: { linked: 4, pending: 0, 'not-linked': 0 } });
  });

  test('an opt-out beats it; so do the chats of somebody who is linked already', async () => {
    await patch('dario', { optedOut: true });
    await link('dario');
    await link('anna');
    expect(await list()).toMatchObject({ counts: { linked: 3, pending: 0, 'opted-out': 1 } });
  });

  test('a link whose token is not written yet shows nobody, and shows them as soon as it is', async () => {
    const { noteLink } = await import('../../lib/store/directory.ts');
    const { putLinkToken } = await import('../../lib/store/links.ts');
    const times = { createdAt: new Date(NOW).toISOString(), expires: NOW + 3_600_000 };
    const made = { siteId: 'demo', userId: 'dario', tokenHash: 'a'.repeat(64), ...times };
    await noteLink(made);
    expect(await list()).toMatchObject({ counts: { pending: 0 } });
    await putLinkToken(made);
    expect(await list()).toMatchObject({ counts: { pending: 1 } });
  });
});

describe('search', () => {
  const names: Record<string, object> = {
    '501.00012': { companyName: "F.lli D'Angelo & C. S.n.c." },
    'CLI/001': { firstName: 'Nicolò', lastName: 'De Rossi' },
    'CLI/002': { firstName: "NICOLO'", lastName: 'ROSSI' },
    'cli/010': { firstName: 'Mario', lastName: 'Rossi-Bianchi' },
    'CLI/011': { firstName: 'Maria', lastName: 'Verdi', companyName: 'Rosticceria Mariani S.r.l.' },
    'ÀGE/1': { companyName: 'GEOM.BIANCHI' },
    rossella: { firstName: '★', companyName: '3M Italia' },
  };
  beforeEach(async () => {
    await app.stack.empty('UsersTable');
    for (const [userId, own] of Object.entries(names)) await app.setUser(userId, { ...own, chatId: 7 });
  });

  const searches: [string, string[]][] = [
    // The beginning of an id, in any case.
    ['CLI/0', ['CLI/001', 'CLI/002', 'cli/010', 'CLI/011']],
    ['cli/01', ['cli/010', 'CLI/011']],
    ['501.0', ['501.00012']],
    ['age', ['ÀGE/1']],
    // The beginning of a word, without accents.
    ['nicolò', ['CLI/001', 'CLI/002']],
    ['nicolo', ['CLI/001', 'CLI/002']],
    ["NICOLO'", ['CLI/001', 'CLI/002']],
    ['olo', []],
    // First who is found by the id, then by the words in their order; each once.
    ['ros', ['rossella', 'CLI/001', 'CLI/002', 'cli/010', 'CLI/011']],
    ['mari', ['CLI/011', 'cli/010']],
    // Several words, in any order.
    ['rossi nic', ['CLI/001', 'CLI/002']],
    ['de rossi', ['CLI/001']],
    ['  bianchi   mario ', ['cli/010']],
    ['rossi verdi', []],
    // Companies.
    ['srl', ['CLI/011']],
    ['S.R.L.', ['CLI/011']],
    ['angelo', ['501.00012']],
    ["d'angelo snc", ['501.00012']],
    ['d’angelo', ['501.00012']],
    ['dangelo', ['501.00012']],
    ['f.lli', ['501.00012']],
    ['bianchi', ['cli/010', 'ÀGE/1']],
    ['geom. bianchi', ['ÀGE/1']],
    ['3m', ['rossella']],
    // Blank: everybody, in the order of the ids.
    [' ', ['501.00012', 'ÀGE/1', 'CLI/001', 'CLI/002', 'cli/010', 'CLI/011', 'rossella']],
    // No word in it.
    ['&', []],
  ];

  test('by the beginning of an id or of words, as a merchant types them', async () => {
    const found: [string, string[]][] = [];
    for (const [query] of searches) found.push([query, idsOf(await list({ query }))]);
    expect(found).toEqual(searches);
  });

  test('page by page: nobody is missing, nobody twice', async () => {
    for (const query of ['ros', 'cli/0', '', 'rossi nic', 'mari']) {
      const all = idsOf(await list({ query }));
      const paged: string[] = [];
      let cursor: string | undefined;
      do {
        const page = await list({ query, limit: '1', ...(cursor && { cursor }) });
        expect(page.users.length).toBeLessThanOrEqual(1);
        paged.push(...idsOf(page));
        cursor = page.cursor;
      } while (cursor);
      expect(paged).toEqual(all);
    }
  });

  test('a state beside it', async () => {
    await patch('CLI/002', { optedOut: true });
    expect(idsOf(await list({ query: 'rossi', state: 'linked' }))).toEqual(['CLI/001', 'cli/010']);
    expect(idsOf(await list({ query: 'rossi', state: 'opted-out' }))).toEqual(['CLI/002']);
  });

  test('a cursor of another search, and one that is none, are refused', async () => {
    const { cursor = '' } = await list({ query: 'ros', limit: '1' });
    for (const parameters of [
      { query: 'mari', cursor },
      { query: 'ros', cursor: 'bm9uc2Vuc2U' },
    ]) {
      const answer = await app.call('GET', path, { query: parameters });
      expect(answer).toMatchObject({ status: 400, json: { errors: [{ pointer: '/cursor' }] } });
    }
  });

  test.each<Record<string, string>>([{ limit: '0' }, { limit: '101' }, { state: 'blocked' }, { Query: 'x' }])(
    'wrong parameters are refused: %j',
    async (query) => {
      expect((await app.call('GET', path, { query })).status).toBe(400);
    },
  );
});

test('the bot of the site is another one: until they start it, nobody is linked', async () => {
  await list();
  const bot = { ...app.site.bot, id: '200' } as NonNullable<typeof app.site.bot>;
  await app.setSite({ bot });
  expect(await list()).toMatchObject({ counts: { linked: 0, 'not-linked': 4 } });
  await app.setSite();
  expect(await list()).toMatchObject({ counts: { linked: 3, 'not-linked': 1 } });
});

test("another site's key and list: nobody of this one", async () => {
  await list();
  const key = await app.createSite('bottega');
  expect((await app.call('GET', path, { key })).status).toBe(401);
  const other = await app.call('GET', '/v1/sites/bottega/users', { key });
  expect(other).toMatchObject({ status: 200, json: { users: [], counts: { linked: 0 } } });
});

test('ids that begin alike, however long: a search reads no more than a part of them for a page', async () => {
  const { batchWrite } = await import('../../lib/aws/batch-write.ts');
  const { wordKey } = await import('../../lib/store/directory.ts');
  await list();
  const beginning = 'x'.repeat(60);
  const rows = Array.from({ length: 1_300 }, (_, index) => {
    const userId = `${beginning}${String(index).padStart(5, '0')}`;
    // As of a word, but for what a key begins with.
    const key = wordKey(beginning.slice(0, 40), userId).replace(/^word/, 'id');
    return { siteId: 'demo', key, userId, state: 'not-linked', siteState: 'demo#not-linked', words: [] };
  });
  await batchWrite(
    'PEOPLE_TABLE',
    rows.map((put) => ({ put })),
  );
  const first = await list({ query: `${beginning}01299` });
  expect(first.users).toEqual([]);
  expect(idsOf(await list({ query: `${beginning}01299`, cursor: first.cursor ?? '' }))).toEqual([
    `${beginning}01299`,
  ]);
  expect(idsOf(await list({ query: `${beginning}00003` }))).toEqual([`${beginning}00003`]);
});

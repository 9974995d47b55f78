/** The directory of people: each step dies at every request to the tables, and what goes on after it makes it whole. */
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from '@jest/globals';
import type { DirectoryRow } from '../../lib/store/directory.ts';
import type { ToldChanges } from '../../lib/store/person-changes.ts';
import type { StoredUser } from '../../lib/store/stored-user.ts';
import { type App, startApp } from '../support/app.ts';
import { details } from '../support/fixtures.ts';
import { type Gate, startGate } from '../support/gate.ts';
import { endLater, later } from '../support/later.ts';

let app: App;
let tables: Gate;
let lib: Awaited<ReturnType<typeof load>>;

async function load() {
  return {
    ...(await import('../../lib/users/keep-directory.ts')),
    ...(await import('../../lib/users/serve-people.ts')),
    ...(await import('../../lib/users/sweep-people.ts')),
    ...(await import('../../lib/users/link-chat.ts')),
    ...(await import('../../lib/users/rename.ts')),
    ...(await import('../../lib/users/settings.ts')),
    ...(await import('../../lib/users/ask-for-directories.ts')),
    ...(await import('../../lib/users/change-user.ts')),
    ...(await import('../../lib/store/chats.ts')),
    ...(await import('../../lib/store/directory.ts')),
    ...(await import('../../lib/store/erase.ts')),
    ...(await import('../../lib/store/reachability.ts')),
    ...(await import('../../lib/store/users.ts')),
  };
}

beforeAll(async () => {
  app = await startApp({
    telegram: 'server',
    beforeLoading: async () => {
      tables = await startGate(process.env.AWS_ENDPOINT_URL_DYNAMODB ?? '');
      process.env.AWS_ENDPOINT_URL_DYNAMODB = tables.url;
    },
  });
  lib = await load();
});
afterAll(async () => {
  await app.close();
  await tables.close();
});
afterEach(endLater);

const siteId = 'demo';
const now = () => new Date(Date.now()).toISOString();
let told: ToldChanges[] = [];
/** As a counter does it that is to be exact: kept with the last number that it has counted. */
let counter = { seq: 0, linked: 0 };

const listener = async (batch: ToldChanges) => {
  told.push(structuredClone(batch));
  if (batch.seq <= counter.seq) return;
  const linked = batch.changes.filter((change) => change.kind === 'linked' && change.isFirst).length;
  counter = { seq: batch.seq, linked: counter.linked + linked };
};
const serve = (userIds?: string[]) =>
  lib.servePeople([{ siteId, ...(userIds && { userIds }) }], [listener], 60_000);
const kindsOf = (userId: string) => {
  const changes = told.flatMap((batch) => batch.changes).filter((change) => change.userId === userId);
  return [...new Map(changes.map((change) => [change.id, change.kind])).values()];
};

let lastPerson = 0;
async function newPerson(): Promise<string> {
  lastPerson += 1;
  const userId = `persona-${lastPerson}`;
  const given = details(userId, { lastName: `Cognome${lastPerson}` });
  await lib.linkChat(app.site, given, { id: 30_000 + lastPerson }, 'deep-link', given.linkId);
  return userId;
}

/** The rows, the counts and the marks are what the users are. */
async function expectWhole(): Promise<void> {
  const users = (await app.stack.items('UsersTable')) as unknown as StoredUser[];
  const items = (await app.stack.items('PeopleTable')) as unknown as DirectoryRow[];
  const rows = items.filter(({ key }) => key.startsWith('id#'));
  const present = users.filter(({ renamed }) => !renamed);
  expect(rows.map(({ userId }) => userId).sort()).toEqual(present.map(({ userId }) => userId).sort());
  const stateOf = ({ optedOut, chatId, unreachable }: StoredUser) =>
    optedOut ? 'opted-out' : chatId === undefined ? 'not-linked' : unreachable ? 'unreachable' : 'linked';
  for (const user of present) {
    const row = rows.find(({ userId }) => userId === user.userId);
    expect(row).toMatchObject({ state: stateOf(user), ...(user.lastName && { lastName: user.lastName }) });
    const words = items.filter(({ key, userId }) => key.startsWith('word#') && userId === user.userId);
    const names = [user.firstName, user.lastName].flatMap((name) => name?.toLowerCase() ?? []).sort();
    expect(words.map(({ key }) => key.slice('word#'.length).split('\n')[0])).toEqual(names);
  }
  const { counts } = (await lib.readDirectory(siteId)) ?? {};
  const states = Object.groupBy(rows, ({ state }) => state);
  expect(counts).toEqual(
    Object.fromEntries(
      Object.keys(counts ?? {}).map((state) => [state, states[state as 'linked']?.length ?? 0]),
    ),
  );
  expect(users.filter(({ changedAt, changes }) => changedAt || changes)).toEqual([]);
  expect(items.filter(({ key }) => /^(told|todo)#/.test(key))).toEqual([]);
  expect(await lib.readDirectory(siteId)).not.toHaveProperty('journal');
}

beforeEach(async () => {
  await tables.open();
  await app.reset();
  told = [];
  counter = { seq: 0, linked: 0 };
});

test('a run that dies at any request: the next one makes it whole, and tells each change', async () => {
  await serve();
  const first = await newPerson();
  await tables.open();
  await serve();
  const requests = tables.passed();
  await expectWhole();
  expect(kindsOf(first)).toEqual(['linked']);
  for (let after = 0; after < requests; after++) {
    const [stopped, erased] = [await newPerson(), await newPerson()];
    const chat = { siteId, chatId: 30_000 + lastPerson - 1 };
    await serve();
    await lib.stopChat(chat, await lib.findUsersOfChat(chat), now());
    await lib.changeUser({ siteId, userId: stopped }, { lastName: `Altro${after}` }, now());
    await lib.eraseUser({ siteId, userId: erased });
    tables.shutAfter(after);
    await serve();
    await tables.open();
    // Nobody takes over what somebody may still be writing.
    later(25_000);
    await serve();
    await expectWhole();
    expect(kindsOf(stopped)).toEqual(['linked', 'opted-out']);
    expect(kindsOf(erased)).toEqual(['linked', 'erased']);
  }
  // Told again here and there, and yet counted once.
  expect(counter.linked).toBe(1 + 2 * requests);
});

test('changes while a run works on the person are applied too', async () => {
  await serve();
  const userId = await newPerson();
  await serve([userId]);
  // Two changes, of which a run has seen the first alone.
  await lib.changeUser({ siteId, userId }, { optedOut: true }, now());
  const user = await lib.findUser(siteId, userId);
  await lib.changeUser({ siteId, userId }, { optedOut: false }, now());
  const changeIds = user?.toApply?.changes.map(({ id }) => id) ?? [];
  expect(changeIds).toHaveLength(1);
  await lib.markApplied({ siteId, userId }, { version: user?.version ?? 0, changeIds });
  const { toApply } = (await lib.findUser(siteId, userId)) ?? {};
  expect(toApply?.changes.map(({ kind }) => kind)).toEqual(['opted-in']);
  // Only the directory had to know of the first: the rest has to be looked at all the same.
  await serve();
  await expectWhole();
});

test('many runs at the same time: exact counts, everything told', async () => {
  await serve();
  const people: string[] = [];
  for (let person = 0; person < 12; person++) people.push(await newPerson());
  await Promise.all([serve(people), serve(), serve(people.slice(3)), serve()]);
  later(25_000);
  await serve();
  await expectWhole();
  expect(people.map(kindsOf)).toEqual(people.map(() => ['linked']));
  expect(counter.linked).toBe(12);
});

test('a listener that fails is told the same again, and no later change before it', async () => {
  await serve();
  const first = await newPerson();
  const failing = async () => {
    throw new Error('out of order');
  };
  await lib.servePeople([{ siteId }], [listener, failing], 60_000);
  const second = await newPerson();
  await lib.servePeople([{ siteId }], [failing, listener], 60_000);
  expect(kindsOf(first)).toEqual(['linked']);
  expect(kindsOf(second)).toEqual([]);
  await serve();
  expect([kindsOf(first), kindsOf(second)]).toEqual([['linked'], ['linked']]);
  expect(counter.linked).toBe(2);
  await expectWhole();
});

test('what happens to a person, in order: a block, a return, another id', async () => {
  await serve();
  const userId = await newPerson();
  const chat = { siteId, chatId: 30_000 + lastPerson };
  const since = new Date(Date.now() + 10_000).toISOString();
  await lib.markUnreachable(chat, { reason: 'Forbidden: bot was blocked by the user', since, botId: '100' });
  await lib.markReachable(chat, '100');
  await lib.renameUser({ siteId, userId }, `${userId}-nuovo`);
  await serve();
  expect(kindsOf(userId)).toEqual(['linked', 'unreachable', 'reachable']);
  expect(kindsOf(`${userId}-nuovo`)).toEqual(['renamed']);
  await expectWhole();
});

test('the sweep finds what nobody was told of: changes, and links that have expired', async () => {
  await serve();
  await app.stack.takeMessages('PeopleQueue');
  await lib.sweepPeople(Date.now());
  expect(await app.stack.takeMessages('PeopleQueue')).toEqual([]);
  await app.setUser('anna', { changedAt: now(), version: 1 });
  await lib.sweepPeople(Date.now());
  const tickets = async () =>
    (await app.stack.takeMessages('PeopleQueue')).map(({ Body = '' }) => JSON.parse(Body));
  expect(await tickets()).toEqual([{ siteId }]);
  await serve();
  await app.linkToken('dario');
  await serve();
  await app.stack.takeMessages('PeopleQueue');
  await lib.sweepPeople(Date.now());
  expect(await tickets()).toEqual([]);
  await lib.sweepPeople(Date.now() + 25 * 3_600_000);
  expect(await tickets()).toEqual([{ siteId }]);
});

test('after a table was restored the directory is made anew: without those who are not there any more', async () => {
  const userId = await newPerson();
  await serve();
  await app.stack.empty('UsersTable');
  await app.setUser('anna', { lastName: 'Zeni' });
  await lib.askForDirectories(['USERS_TABLE']);
  await serve();
  await expectWhole();
  const { counts } = (await lib.readDirectory(siteId)) ?? {};
  expect(counts).toMatchObject({ linked: 1, 'not-linked': 0 });
  expect(JSON.stringify(await app.stack.items('PeopleTable'))).not.toContain(userId);
});

test('an erased site leaves no rows, and nothing makes new ones', async () => {
  await serve();
  expect((await app.stack.items('PeopleTable')).length).toBeGreaterThan(0);
  const { eraseRows } = await import('../../lib/store/site-rows.ts');
  await eraseRows('PEOPLE_TABLE', siteId);
  await app.stack.empty('SitesTable');
  const { clearSiteCache } = await import('../../lib/store/sites.ts');
  clearSiteCache();
  await serve();
  expect(await app.stack.items('PeopleTable')).toEqual([]);
});

/**
 * The retention and a person who comes back at the same moment. Whatever comes first, and between whichever requests: who
 * has linked is linked, and their chat names them.
 */
import { DynamoDBDocumentClient, PutCommand } from '@aws-sdk/lib-dynamodb';
import { afterAll, beforeAll, beforeEach, expect, jest, test } from '@jest/globals';
import type { User } from '../../lib/store/user.ts';
import type { RetentionSummary } from '../../lib/users/retention.ts';
import { type App, startApp } from '../support/app.ts';
import { details } from '../support/fixtures.ts';

jest.setTimeout(120_000);

const CHAT = 8001;
const OTHER_CHAT = 8002;
const since = '2020-01-01T00:00:00.000Z';

let app: App;
beforeAll(async () => {
  app = await startApp();
});
afterAll(() => app.close());
beforeEach(async () => {
  for (const table of ['UsersTable', 'DeliveriesTable']) await app.stack.empty(table);
  await app.reset();
  await app.stack.empty('UsersTable');
});

async function link(chatId: number): Promise<void> {
  const { linkChat } = await import('../../lib/users/link-chat.ts');
  // However slow the machine is: a run that begins a second after the claim has erased whom the link was for.
  const claimedAt = new Date(Date.now() + 60_000).toISOString();
  const given = details('elena', { firstName: 'Elena', claimedAt });
  const linked = await linkChat(app.site, given, { id: chatId }, 'deep-link', given.linkId);
  expect(linked.kind).toBe('linked');
}

/** Somebody whom Telegram has not reached for years, linked when no function of today was running. */
async function absentPerson(): Promise<void> {
  await app.stack.putUser({
    ...{ siteId: 'demo', userId: 'elena', version: 4, firstName: 'Vecchio nome' },
    ...{ chatId: CHAT, siteChat: `demo#${CHAT}`, unreachable: { reason: 'blocked', since } },
  });
  // Somebody else has the chat too: so its item stays, and says who has it.
  await app.stack.putUser({ siteId: 'demo', userId: 'altra', chatId: CHAT, siteChat: `demo#${CHAT}` });
  const changedAt = Date.now() - 3_600_000;
  const chat = { token: `chat#demo#${CHAT}`, siteId: 'demo', chatId: CHAT, userIds: ['altra', 'elena'] };
  await DynamoDBDocumentClient.from(app.stack.aws.dynamodb).send(
    new PutCommand({
      TableName: app.stack.refs.get('LinksTable'),
      Item: { ...chat, revision: 'before', changedAt },
    }),
  );
}

async function retain(): Promise<RetentionSummary> {
  const { runRetention } = await import('../../lib/users/retention.ts');
  const pause = async () => {};
  return runRetention({ now: Date.now(), retentionDays: 365, remainingMilliseconds: () => 900_000, pause });
}

/** Runs `meanwhile` right before the request to the tables with this number. Returns how many requests were made. */
async function interrupted(
  run: () => Promise<unknown>,
  number: number,
  meanwhile: () => Promise<unknown>,
): Promise<number> {
  const { database } = await import('../../lib/aws/dynamodb.ts');
  const send = database.send.bind(database) as (command: unknown) => Promise<unknown>;
  let requests = 0;
  let isInside = false;
  const spy = jest.spyOn(database, 'send').mockImplementation((async (command: unknown) => {
    if (!isInside && requests++ === number) {
      isInside = true;
      await meanwhile();
      isInside = false;
    }
    return send(command);
  }) as typeof database.send);
  try {
    await run();
  } finally {
    spy.mockRestore();
  }
  return requests;
}

async function expectLinked(chatId: number): Promise<User> {
  const { findUser } = await import('../../lib/store/users.ts');
  const { findUsersOfChat } = await import('../../lib/store/chats.ts');
  const user = await findUser('demo', 'elena');
  const links = user?.chats.filter((each) => each.chatId === chatId);
  expect(links).toEqual([expect.objectContaining({ chatId, linkedBy: 'deep-link' })]);
  expect(links?.[0]).not.toHaveProperty('unreachable');
  const users = await findUsersOfChat({ siteId: 'demo', chatId });
  expect(users.map(({ userId }) => userId)).toContain('elena');
  return user as User;
}

test.each([
  ['the same chat', CHAT],
  ['another chat', OTHER_CHAT],
])('a link to %s, between any two requests of the run', async (_, chatId) => {
  await absentPerson();
  const requests = await interrupted(retain, -1, async () => {});
  expect(requests).toBeGreaterThan(10);
  expect(await app.findUser('elena')).toBeUndefined();

  for (let number = 0; number < requests; number++) {
    await app.stack.empty('UsersTable');
    await app.stack.empty('LinksTable');
    await absentPerson();
    // A site that is remembered saves a request: then the link comes after the run.
    if ((await interrupted(retain, number, () => link(chatId))) <= number) await link(chatId);
    const user = await expectLinked(chatId);
    expect(user.firstName).toBe('Elena');
    expect(user.optOuts).toEqual({});
  }
});

test('a whole run between any two requests of a link', async () => {
  await absentPerson();
  const requests = await interrupted(
    () => link(CHAT),
    -1,
    async () => {},
  );
  for (let number = 0; number < requests; number++) {
    await app.stack.empty('UsersTable');
    await app.stack.empty('LinksTable');
    await absentPerson();
    if ((await interrupted(() => link(CHAT), number, retain)) <= number) await retain();
    await expectLinked(CHAT);
  }
});

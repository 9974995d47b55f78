/** A link that dies between any two of its steps: repeated, it is as if nothing had happened. */
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { type App, startApp } from '../support/app.ts';
import { details } from '../support/fixtures.ts';
import { type Gate, startGate } from '../support/gate.ts';

let app: App;
let tables: Gate;
let queue: Gate;
let linkChat: typeof import('../../lib/users/link-chat.ts').linkChat;
let findUser: typeof import('../../lib/store/users.ts').findUser;
let findUsersOfChat: typeof import('../../lib/store/chats.ts').findUsersOfChat;

beforeAll(async () => {
  app = await startApp({
    telegram: 'server',
    beforeLoading: async () => {
      tables = await startGate(process.env.AWS_ENDPOINT_URL_DYNAMODB ?? '');
      queue = await startGate(process.env.AWS_ENDPOINT_URL_SQS ?? '');
      process.env.AWS_ENDPOINT_URL_DYNAMODB = tables.url;
      process.env.AWS_ENDPOINT_URL_SQS = queue.url;
      const address = new URL(process.env.DELIVERIES_QUEUE_URL ?? '');
      address.port = new URL(queue.url).port;
      process.env.DELIVERIES_QUEUE_URL = address.href;
    },
  });
  ({ linkChat } = await import('../../lib/users/link-chat.ts'));
  ({ findUser } = await import('../../lib/store/users.ts'));
  ({ findUsersOfChat } = await import('../../lib/store/chats.ts'));
});
afterAll(async () => {
  await app.close();
  await tables.close();
  await queue.close();
});

let lastScene = 0;

/** A user with a chat is about to get a second one, which serves another user already. */
async function scene() {
  lastScene += 1;
  const names = { owner: `owner-${lastScene}`, other: `other-${lastScene}` };
  const [first, shared] = [10_000 + lastScene * 2, 10_001 + lastScene * 2];
  const former = details(names.owner);
  await linkChat(app.site, former, { id: first }, 'deep-link', former.linkId);
  const of = details(names.other);
  await linkChat(app.site, of, { id: shared }, 'deep-link', of.linkId);
  await app.takeQueued();
  const given = details(names.owner, { language: 'it' });
  const link = () => linkChat(app.site, given, { id: shared }, 'oidc', given.linkId);
  return { ...names, first, shared, given, link };
}

async function expectLinked({ owner, other, first, shared, given }: Awaited<ReturnType<typeof scene>>) {
  const user = await findUser('demo', owner);
  expect(user?.chats).toMatchObject([
    { chatId: first },
    { chatId: shared, linkedBy: 'oidc', linkedAt: given.claimedAt, ownIds: true },
  ]);
  const users = await findUsersOfChat({ siteId: 'demo', chatId: shared });
  expect(users.map(({ userId }) => userId)).toEqual([other, owner]);
  const queued = await app.takeQueued();
  expect(queued.map(({ eventId, chatId }) => [eventId, chatId]).sort()).toEqual([
    [`welcome-${given.linkId}`, first],
    [`welcome-${given.linkId}`, shared],
  ]);
}

test('at every request to the tables', async () => {
  const whole = await scene();
  await tables.open();
  await whole.link();
  const requests = tables.passed();
  await expectLinked(whole);
  expect(requests).toBeGreaterThan(3);

  for (let after = 0; after < requests; after++) {
    const broken = await scene();
    tables.shutAfter(after);
    await expect(broken.link()).rejects.toMatchObject({ name: 'ServiceUnreachableError' });
    await tables.open();
    // The chat names whoever may have it: a `/stop` in it reaches all of them.
    const linked = await findUser('demo', broken.owner);
    const hasChat = linked?.chats.some(({ chatId }) => chatId === broken.shared);
    const users = await findUsersOfChat({ siteId: 'demo', chatId: broken.shared });
    expect(users.some(({ userId }) => userId === broken.owner)).toBe(hasChat);
    await broken.link();
    await expectLinked(broken);
  }
});

test('where the answer to a request is lost', async () => {
  for (let lost = 1; lost <= 3; lost++) {
    const broken = await scene();
    tables.loseAnswers(lost);
    await broken.link().catch(() => broken.link());
    await expectLinked(broken);
  }
});

test('before the welcome is queued', async () => {
  const broken = await scene();
  await queue.shut();
  await expect(broken.link()).rejects.toMatchObject({ name: 'ServiceUnreachableError' });
  await queue.open();
  await broken.link();
  await expectLinked(broken);
});

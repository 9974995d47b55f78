/** A link that dies between any two of its steps: repeated, it is as if nothing had happened. */
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { type App, startApp } from '../support/app.ts';
import { details } from '../support/fixtures.ts';
import { type Gate, startGate } from '../support/gate.ts';

let app: App;
let tables: Gate;
let queue: Gate;
let linkChat: typeof import('../../lib/users/link-chat.ts').linkChat;
let findUserByChat: typeof import('../../lib/users/settings.ts').findUserByChat;

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
  ({ findUserByChat } = await import('../../lib/users/settings.ts'));
});
afterAll(async () => {
  await app.close();
  await tables.close();
  await queue.close();
});

let lastScene = 0;

/** A user with a chat is about to take the chat of another user. */
async function scene() {
  lastScene += 1;
  const names = { mover: `mover-${lastScene}`, loser: `loser-${lastScene}` };
  const [former, taken] = [10_000 + lastScene * 2, 10_001 + lastScene * 2];
  const first = details(names.mover);
  await linkChat(app.site, first, { id: former }, 'deep-link', first.linkId);
  const other = details(names.loser, { firstName: 'Perdente' });
  await linkChat(app.site, other, { id: taken }, 'deep-link', other.linkId);
  await app.takeQueued();
  app.botServer.requests.length = 0;
  const given = details(names.mover, { language: 'it' });
  const link = () => linkChat(app.site, given, { id: taken }, 'oidc', given.linkId);
  return { ...names, former, taken, given, link };
}

async function expectMoved({ mover, loser, former, taken, given }: Awaited<ReturnType<typeof scene>>) {
  const user = await app.findUser(mover);
  expect(user).toMatchObject({ chatId: taken, linkedBy: 'oidc', linkedAt: given.claimedAt });
  expect(user).not.toHaveProperty('pendingLink');
  expect(user).not.toHaveProperty('movedFrom');
  expect(await app.findUser(loser)).not.toHaveProperty('chatId');
  expect(await app.findUser(loser)).toMatchObject({ unlinked: { reason: 'chat-taken' } });
  expect(await findUserByChat('demo', taken)).toMatchObject({ userId: mover });
  expect(await findUserByChat('demo', former)).toBeUndefined();
  const welcomes = await app.takeQueued();
  expect(welcomes.map(({ eventId, userId }) => [eventId, userId])).toEqual([
    [`welcome-${given.linkId}`, mover],
  ]);
  expect(welcomes[0]?.text).toContain('Perdente');
  expect(new Set(app.botServer.requests.map(({ chat_id }) => chat_id))).toEqual(new Set([former]));
}

test('at every request to the tables', async () => {
  const whole = await scene();
  await tables.open();
  await whole.link();
  const requests = tables.passed();
  await expectMoved(whole);
  expect(requests).toBeGreaterThan(8);

  for (let after = 0; after < requests; after++) {
    const broken = await scene();
    tables.shutAfter(after);
    await expect(broken.link()).rejects.toMatchObject({ name: 'ServiceUnreachableError' });
    await tables.open();
    // Whoever had the chat has it until they have lost it: it serves somebody, or nobody, and never two.
    const served = await Promise.all([broken.mover, broken.loser].map((name) => app.findUser(name)));
    expect(served.filter((user) => user?.chatId === broken.taken).length).toBeLessThanOrEqual(1);
    await broken.link();
    await expectMoved(broken);
  }
});

test('where the answer to a request is lost', async () => {
  for (let lost = 1; lost <= 3; lost++) {
    const broken = await scene();
    tables.loseAnswers(lost);
    await broken.link().catch(() => broken.link());
    await expectMoved(broken);
  }
});

test('before the welcome is queued', async () => {
  const broken = await scene();
  await queue.shut();
  await expect(broken.link()).rejects.toMatchObject({ name: 'ServiceUnreachableError' });
  await queue.open();
  await broken.link();
  await expectMoved(broken);
});

/** Errors of the chat: every answer that says that a chat can't be reached any more. */
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import { type App, startApp } from '../support/app.ts';
import { GROUP } from '../support/fixtures.ts';
import { payload } from '../support/payloads.ts';
import { notification, record } from '../support/sqs-events.ts';

let app: App;
beforeAll(async () => {
  app = await startApp({ telegram: 'emulator', forDeliveries: true });
});
afterAll(() => app.close());
beforeEach(() => app.reset());
/** What all tests of this file have recorded. */
let recorded = '';
afterEach(async () => {
  recorded += JSON.stringify(await app.stack.allDeliveries());
});

const UNREACHABLE: [number, string][] = [
  [403, 'Forbidden: bot was blocked by the user'],
  [403, 'Forbidden: user is deactivated'],
  [403, "Forbidden: bot can't initiate conversation with a user"],
  [403, "Forbidden: bot can't send messages to bots"],
  [403, "Forbidden: the bot can't send messages to the bot"],
  [403, 'Forbidden: bot was kicked from the group chat'],
  [403, 'Forbidden: bot was kicked from the supergroup chat'],
  [403, 'Forbidden: bot was kicked from the channel chat'],
  [403, 'Forbidden: bot is not a member of the group chat'],
  [403, 'Forbidden: bot is not a member of the supergroup chat'],
  [403, 'Forbidden: bot is not a member of the channel chat'],
  [403, 'Forbidden: the group chat was deleted'],
  [403, 'Forbidden: words that Telegram has not used before'],
  [400, 'Bad Request: chat not found'],
  [400, 'Bad Request: PEER_ID_INVALID'],
  [400, 'Bad Request: not enough rights to send text messages to the chat'],
  [400, 'Bad Request: have no rights to send a message'],
  [400, 'Bad Request: CHAT_WRITE_FORBIDDEN'],
];

describe.each(UNREACHABLE)('%d %s', (code, description) => {
  test('marks the user, and skips what comes later in the same batch', async () => {
    await app.telegram.refuse(code, description, { times: 1 });
    const [first, second] = [notification(), notification()];
    const [toBruno] = [notification({ userId: 'bruno' })];
    const before = Date.now();

    const retried = await app.deliver([record(first), record(second)]);
    await app.deliver([record(toBruno)]);

    expect(retried).toEqual([]);
    expect(await app.findDelivery(first)).toMatchObject({
      status: 'failed',
      failure: { class: 'unreachable', description },
    });
    expect(await app.findDelivery(second)).toMatchObject({ status: 'skipped', reason: 'unreachable' });
    const anna = await app.stack.findUser('demo', 'anna');
    expect(anna?.unreachable?.reason).toBe(description);
    expect(Date.parse(anna?.unreachable?.since ?? '')).toBeGreaterThanOrEqual(before);
    expect(anna?.chatId).toBe(1001);
    expect(await app.telegram.textsIn(1001)).toEqual([]);
    expect(await app.findDelivery(toBruno)).toMatchObject({ status: 'sent' });
  });
});

describe('as Telegram behaves of itself', () => {
  test('a person who blocked the bot', async () => {
    await app.telegram.block(1001);
    const message = notification();

    expect(await app.deliver([record(message)])).toEqual([]);

    expect(await app.findDelivery(message)).toMatchObject({
      status: 'failed',
      failure: { class: 'unreachable', description: 'Forbidden: bot was blocked by the user' },
    });
  });

  test('a group that the bot was thrown out of', async () => {
    await app.telegram.block(GROUP);
    const message = notification({ userId: 'gruppo' });

    await app.deliver([record(message)]);

    expect(await app.stack.findUser('demo', 'gruppo')).toMatchObject({
      unreachable: { reason: 'Forbidden: bot was kicked from the group chat' },
    });
  });

  test('a chat id that is nobody’s', async () => {
    await app.stack.putUser({ siteId: 'demo', userId: 'nessuno', chatId: 99 });
    const message = notification({ userId: 'nessuno' });

    await app.deliver([record(message)]);

    expect(await app.findDelivery(message)).toMatchObject({
      failure: { class: 'unreachable', description: 'Bad Request: chat not found' },
    });
  });
});

test('a later event for that user is answered with "skipped, unreachable"', async () => {
  const report = async (eventId: string) =>
    (await app.report('order-status', payload('order-status', { eventId }))).json.notifications;
  expect(await report('before')).toMatchObject([{ userId: 'anna', status: 'queued' }]);
  await app.telegram.block(1001);
  await app.deliver([record(notification())]);

  expect(await report('after')).toEqual([{ userId: 'anna', status: 'skipped', reason: 'unreachable' }]);
});

test('who linked another chat while the refusal was under way is not marked', async () => {
  await app.telegram.refuse(403, 'Forbidden: bot was blocked by the user', { times: 1, delayMs: 300 });
  const delivering = app.deliver([record(notification())]);
  const asked = async () => (await app.telegram.calls()).length > 0;
  while (!(await asked())) await new Promise((resolve) => setTimeout(resolve, 10));
  await app.stack.putUser({ siteId: 'demo', userId: 'anna', chatId: 1002 });
  await delivering;

  expect(await app.stack.findUser('demo', 'anna')).toEqual({
    siteId: 'demo',
    userId: 'anna',
    chatId: 1002,
  });
});

test('no record holds the text of a message', () => {
  expect(recorded).toContain('unreachable');
  expect(recorded).not.toContain('parola-segreta');
});

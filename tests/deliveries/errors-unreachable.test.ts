/** Errors of the chat: every answer that says that a chat can't be reached any more. */
import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import type { APIGatewayProxyEventV2, APIGatewayProxyStructuredResultV2, Context } from 'aws-lambda';
import { payload } from '../support/payloads.ts';
import { groupUser, notification, openPostOffice, type PostOffice, record } from '../support/post-office.ts';
import { eventRequest, jsonOf, lambdaContext } from '../support/requests.ts';

let office: PostOffice;
beforeAll(async () => {
  office = await openPostOffice();
});
afterAll(() => office.close());
beforeEach(() => office.reset());

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
    await office.refuse(code, description, { times: 1 });
    const [first, second] = [notification(), notification()];
    const [toBruno] = [notification({ userId: 'bruno' })];
    const before = Date.now();

    const retried = await office.deliver([record(first), record(second)]);
    await office.deliver([record(toBruno)]);

    expect(retried).toEqual([]);
    expect(await office.recordOf(first)).toMatchObject({
      status: 'failed',
      failure: { class: 'unreachable', description },
    });
    expect(await office.recordOf(second)).toMatchObject({ status: 'skipped', reason: 'unreachable' });
    const anna = await office.stack.findUser('demo', 'anna');
    expect(anna?.unreachable?.reason).toBe(description);
    expect(Date.parse(anna?.unreachable?.since ?? '')).toBeGreaterThanOrEqual(before);
    expect(anna?.chatId).toBe(1001);
    expect(await office.textsIn(1001)).toEqual([]);
    expect(await office.recordOf(toBruno)).toMatchObject({ status: 'sent' });
  });
});

describe('as Telegram behaves of itself', () => {
  test('a person who blocked the bot', async () => {
    await office.control('chats/1001/block');
    const message = notification();

    expect(await office.deliver([record(message)])).toEqual([]);

    expect(await office.recordOf(message)).toMatchObject({
      status: 'failed',
      failure: { class: 'unreachable', description: 'Forbidden: bot was blocked by the user' },
    });
  });

  test('a group that the bot was thrown out of', async () => {
    await office.control(`chats/${groupUser.chatId}/block`);
    const message = notification({ userId: 'gruppo' });

    await office.deliver([record(message)]);

    expect(await office.stack.findUser('demo', 'gruppo')).toMatchObject({
      unreachable: { reason: 'Forbidden: bot was kicked from the group chat' },
    });
  });

  test('a chat id that is nobody’s', async () => {
    await office.setUser({ siteId: 'demo', userId: 'nessuno', chatId: 99 });
    const message = notification({ userId: 'nessuno' });

    await office.deliver([record(message)]);

    expect(await office.recordOf(message)).toMatchObject({
      failure: { class: 'unreachable', description: 'Bad Request: chat not found' },
    });
  });
});

test('a later event for that user is answered with "skipped, unreachable"', async () => {
  const { handler } = (await import('../../functions/order-status.ts')) as {
    handler: (event: APIGatewayProxyEventV2, context: Context) => Promise<APIGatewayProxyStructuredResultV2>;
  };
  const report = async (eventId: string) => {
    const body = payload('order-status', { eventId });
    return jsonOf(await handler(eventRequest('order-status', { body }), lambdaContext)).notifications;
  };
  expect(await report('before')).toMatchObject([{ userId: 'anna', status: 'queued' }]);
  await office.control('chats/1001/block');
  await office.deliver([record(notification())]);

  expect(await report('after')).toEqual([{ userId: 'anna', status: 'skipped', reason: 'unreachable' }]);
});

test('who linked another chat while the refusal was under way is not marked', async () => {
  await office.refuse(403, 'Forbidden: bot was blocked by the user', { times: 1, delayMs: 300 });
  const delivering = office.deliver([record(notification())]);
  const asked = async () => (await office.calls()).length > 0;
  while (!(await asked())) await new Promise((resolve) => setTimeout(resolve, 10));
  await office.setUser({ siteId: 'demo', userId: 'anna', chatId: 1002 });
  await delivering;

  expect(await office.stack.findUser('demo', 'anna')).toEqual({
    siteId: 'demo',
    userId: 'anna',
    chatId: 1002,
  });
});

test('no record holds the text of a message', async () => {
  const all = JSON.stringify(await office.stack.allDeliveries());
  expect(all).toContain('unreachable');
  expect(all).not.toContain('parola-segreta');
});

/** The limits of one delivery, each just inside and just outside: how long it waits, how often it is changed and retried. */
import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import { type App, startApp } from '../support/app.ts';
import { GROUP, SUPERGROUP } from '../support/fixtures.ts';
import { notification } from '../support/sqs-events.ts';
import { attempt } from './attempts.ts';

let app: App;
beforeAll(async () => {
  app = await startApp({ telegram: 'emulator', forDeliveries: true });
});
afterAll(() => app.close());
beforeEach(() => app.reset());

describe('a chat that is limited is waited for in the function', () => {
  const limited = (milliseconds: number) => ({ kind: 'chat-limited' as const, milliseconds });

  test.each([[[1_100]], [[600, 500]]])('%j ms: then the message is sent', async (waits) => {
    const started = performance.now();

    const { action } = await attempt(app, notification(), { decisions: waits.map(limited) });

    expect(action).toEqual({ kind: 'acknowledge' });
    expect(performance.now() - started).toBeGreaterThan(1_090);
    expect(await app.telegram.textsIn(1001)).toHaveLength(1);
  });

  test.each([
    [[1_101], 2],
    [[600, 501], 1],
    [[2_000], 2],
    [[2_001], 3],
  ])('%j ms: the message is deferred by %d s', async (waits, seconds) => {
    const message = notification();

    const { action } = await attempt(app, message, { decisions: waits.map(limited) });

    expect(action).toEqual({ kind: 'retry', seconds });
    expect(await app.telegram.calls()).toEqual([]);
    expect(await app.findDelivery(message)).toBeUndefined();
  });
});

describe('a message that Telegram refuses each time for another reason', () => {
  /** A group that becomes another one, and so on: each time the message is changed. */
  async function migrate(chats: number[]): Promise<void> {
    for (const [index, chatId] of chats.slice(0, -1).entries())
      await app.telegram.refuse(400, 'Bad Request: group chat was upgraded to a supergroup chat', {
        chatId,
        parameters: { migrate_to_chat_id: chats[index + 1] },
      });
  }

  test('is sent after five changes', async () => {
    await migrate([GROUP, -61, -62, -63, -64, SUPERGROUP]);
    const message = notification({ userId: 'gruppo' });

    expect((await attempt(app, message)).action).toEqual({ kind: 'acknowledge' });

    expect(await app.telegram.textsIn(SUPERGROUP)).toHaveLength(1);
  });

  test('is retried later after six', async () => {
    await migrate([GROUP, -61, -62, -63, -64, -65, SUPERGROUP]);
    const message = notification({ userId: 'gruppo' });

    expect((await attempt(app, message)).action).toMatchObject({ kind: 'retry' });

    expect(await app.telegram.calls()).toHaveLength(6);
    expect(await app.findDelivery(message)).toMatchObject({
      status: 'retrying',
      failure: { class: 'refused', description: expect.stringContaining('another reason each time') },
    });
  });
});

describe('a bot without a free slot', () => {
  const deferred = { kind: 'deferred' as const, seconds: 5 };

  test('on the 11th receive the message is retried without a record', async () => {
    const message = notification();

    const { action } = await attempt(app, message, { decisions: [deferred], receives: 11 });

    expect(action).toEqual({ kind: 'retry', seconds: 5 });
    expect(await app.findDelivery(message)).toBeUndefined();
  });

  test('on the 12th it goes to the dead letters, and the record says so', async () => {
    const message = notification();

    const { action } = await attempt(app, message, { decisions: [deferred], receives: 12 });

    expect(action).toEqual({ kind: 'retry', seconds: 5 });
    expect(await app.findDelivery(message)).toMatchObject({
      status: 'failed',
      isDead: true,
      attempts: 12,
      failure: {
        class: 'postponed',
        description: 'The bot was paused, or had no free slot, each time.',
      },
    });
  });
});

describe('a bot whose token is refused', () => {
  const deferred = { kind: 'deferred' as const, seconds: 5, isTokenRefused: true };

  test('is paused for ten seconds, and the message retried after them', async () => {
    await app.telegram.refuse(401, 'Unauthorized', { times: 1 });

    const { action, pauses } = await attempt(app, notification());

    expect(pauses).toEqual([[10, { forToken: true }]]);
    expect(action).toEqual({ kind: 'retry', seconds: 10 });
  });

  test('while it is paused, its messages are retried less and less often', async () => {
    const secondsAt = async (receives: number) => {
      const { action } = await attempt(app, notification(), { decisions: [deferred], receives });
      return action.kind === 'retry' ? action.seconds : Number.NaN;
    };

    expect(await secondsAt(1)).toBe(5);
    // 128 seconds, of which up to a half is taken off.
    expect(await secondsAt(7)).toBeGreaterThanOrEqual(64);
    expect(await secondsAt(7)).toBeLessThanOrEqual(128);
  });

  test('on the 12th receive a message is requeued', async () => {
    const message = notification();

    const { action } = await attempt(app, message, { decisions: [deferred], receives: 12 });

    expect(action).toEqual({ kind: 'requeue' });
    expect(await app.findDelivery(message)).toMatchObject({
      status: 'retrying',
      failure: { class: 'bot-unauthorized', description: 'The bot has no working token.' },
    });
  });
});

describe('a 429', () => {
  test.each([
    [37, 37],
    [1, 2],
  ])('with a backlog of %d s: the message is retried after %d s at most', async (backlogSeconds, longest) => {
    await app.telegram.refuse(429, 'Too Many Requests', { times: 1, parameters: { retry_after: 30 } });

    const { action, pauses } = await attempt(app, notification(), { backlogSeconds });

    expect(pauses).toEqual([[30, undefined]]);
    expect(action.kind === 'retry' && action.seconds).toBeLessThanOrEqual(longest);
    expect(action.kind === 'retry' && action.seconds).toBeGreaterThanOrEqual(backlogSeconds);
  });
});

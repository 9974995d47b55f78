/** The limits of one delivery, each just inside and just outside: how long it waits, how often it is changed. */
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

const SENT = { kind: 'acknowledge', isSent: true };
const MINUTE = 60_000;
const WEEK = 7 * 24 * 60 * MINUTE;

/** A message of an event that was accepted so long ago. */
const accepted = (milliseconds: number) =>
  notification({ acceptedAt: new Date(Date.now() - milliseconds).toISOString() });

describe('a chat that is limited is waited for in the function', () => {
  const limited = (milliseconds: number) => ({ kind: 'chat-limited' as const, milliseconds });

  test.each([[[1_100]], [[600, 500]]])('%j ms: then the message is sent', async (waits) => {
    const started = performance.now();

    const { action } = await attempt(app, notification(), { decisions: waits.map(limited) });

    expect(action).toEqual(SENT);
    expect(performance.now() - started).toBeGreaterThan(1_090);
    expect(await app.telegram.textsIn(1001)).toHaveLength(1);
  });

  test.each([[[1_101]], [[600, 501]], [[2_001]]])('%j ms: the messages to the chat wait', async (waits) => {
    const message = notification();
    const before = Date.now();

    const { action } = await attempt(app, message, { decisions: waits.map(limited) });

    expect(action).toEqual({ kind: 'hold', scope: 'chat', reason: 'rate-limit', until: expect.any(Number) });
    const until = action.kind === 'hold' ? action.until : 0;
    expect(until).toBeGreaterThanOrEqual(before + (waits.at(-1) ?? 0));
    expect(until).toBeLessThanOrEqual(Date.now() + (waits.at(-1) ?? 0));
    expect(await app.telegram.calls()).toEqual([]);
    // It is recorded where it is parked.
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

    expect((await attempt(app, message)).action).toEqual(SENT);

    expect(await app.telegram.textsIn(SUPERGROUP)).toHaveLength(1);
  });

  test('has failed after six', async () => {
    await migrate([GROUP, -61, -62, -63, -64, -65, SUPERGROUP]);
    const message = notification({ userId: 'gruppo' });

    expect((await attempt(app, message)).action).toEqual({ kind: 'acknowledge' });

    expect(await app.telegram.calls()).toHaveLength(6);
    expect(await app.findDelivery(message)).toMatchObject({
      status: 'failed',
      failure: { class: 'refused', description: expect.stringContaining('another reason each time') },
    });
  });
});

describe('a bot without a free slot', () => {
  const far = (isPaused: boolean) => ({ kind: 'far' as const, freeAt: Date.now() + 5_000, isPaused });

  test.each([
    ['with a backlog', false, 'rate-limit'],
    ['that Telegram has paused', true, 'bot-paused'],
  ])('%s: all its messages wait until it has one', async (_, isPaused, reason) => {
    const message = notification();
    const decision = far(isPaused);

    const { action } = await attempt(app, message, { decisions: [decision] });

    expect(action).toEqual({ kind: 'hold', scope: 'bot', reason, until: decision.freeAt });
    expect(await app.findDelivery(message)).toBeUndefined();
  });

  test('after almost a week the message still waits', async () => {
    const { action } = await attempt(app, accepted(WEEK - MINUTE), { decisions: [far(false)] });

    expect(action).toMatchObject({ kind: 'hold', reason: 'rate-limit' });
  });

  test('after a week it does not, and the record says why', async () => {
    const message = accepted(WEEK);

    const { action } = await attempt(app, message, { decisions: [far(false)] });

    expect(action).toEqual({ kind: 'acknowledge' });
    expect(await app.findDelivery(message)).toMatchObject({
      status: 'failed',
      failure: {
        class: 'rate-limit',
        description: 'It has waited for a week, and is not tried any more.',
      },
    });
  });
});

describe('a bot whose token is refused', () => {
  test('all its messages wait for ten seconds, and nobody is paused', async () => {
    await app.telegram.refuse(401, 'Unauthorized', { times: 1 });
    const message = notification();
    const before = Date.now();

    const { action, pauses } = await attempt(app, message);

    expect(pauses).toEqual([]);
    expect(action).toMatchObject({ kind: 'hold', scope: 'bot', reason: 'bot-unauthorized' });
    const until = action.kind === 'hold' ? action.until : 0;
    expect(until).toBeGreaterThanOrEqual(before + 10_000);
    expect(until).toBeLessThanOrEqual(Date.now() + 10_000);
    expect(await app.findDelivery(message)).toMatchObject({
      ...{ status: 'waiting', reason: 'bot-unauthorized', until: new Date(until).toISOString() },
      failure: { class: 'bot-unauthorized', description: 'Unauthorized' },
    });
  });

  test('after a week the message has failed with what Telegram said', async () => {
    await app.telegram.refuse(401, 'Unauthorized', { times: 1 });
    const message = accepted(WEEK);

    expect((await attempt(app, message)).action).toEqual({ kind: 'acknowledge' });

    expect(await app.findDelivery(message)).toMatchObject({
      status: 'failed',
      failure: { class: 'bot-unauthorized', description: 'Unauthorized' },
    });
  });
});

describe('a 429', () => {
  test.each([
    ['of one chat', 'chat' as const, 'chat-paused'],
    ['of the bot', 'bot' as const, 'bot-paused'],
  ])('%s: its messages wait until the pause is over', async (_, scope, reason) => {
    await app.telegram.refuse(429, 'Too Many Requests', { times: 1, parameters: { retry_after: 30 } });
    const message = notification();
    const until = Date.now() + 30_000;

    const { action, pauses } = await attempt(app, message, { pausing: { scope, until } });

    expect(pauses).toEqual([[1001, 30]]);
    expect(action).toEqual({ kind: 'hold', scope, reason, until, isRecorded: true });
    expect(await app.findDelivery(message)).toMatchObject({
      ...{ status: 'waiting', reason, until: new Date(until).toISOString() },
      failure: { class: 'wait', description: 'Too Many Requests' },
    });
  });
});

describe('a fault of Telegram’s', () => {
  test.each([
    ['before a week has passed: retried', WEEK - MINUTE, { kind: 'hold' }, 'retrying'],
    ['after a week: given up', WEEK, { kind: 'acknowledge' }, 'failed'],
  ])('%s', async (_, milliseconds, action, status) => {
    await app.telegram.fault({ status: 502, times: 1 });
    const message = accepted(milliseconds);

    expect((await attempt(app, message)).action).toMatchObject(action);

    expect(await app.findDelivery(message)).toMatchObject({
      status,
      failure: { class: 'retry', description: 'Bad Gateway' },
    });
  });
});

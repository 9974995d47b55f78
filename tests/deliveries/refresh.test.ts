/** A user who opts out, or a site that is switched off, while a message waits: the message is not sent. */
import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import type { Decision } from '../../lib/deliveries/rate-limiter.ts';
import { demoSite, demoUsers } from '../../local/demo.ts';
import { type App, startApp } from '../support/app.ts';
import { notification, record } from '../support/sqs-events.ts';
import { attempt, factsOf } from './attempts.ts';

let app: App;
beforeAll(async () => {
  app = await startApp({ telegram: 'emulator', forDeliveries: true });
});
afterAll(() => app.close());
beforeEach(() => app.reset());

const anna = (changes: object) => {
  const user = demoUsers().find(({ userId }) => userId === 'anna');
  if (!user) throw new Error('The demo has no anna.');
  return app.stack.putUser({ ...user, ...changes });
};
let versions = 0;
/** As a merchant changes it: the function that sends remembers the site as it was. */
const changeSite = (changes: object) => app.stack.putSite({ ...demoSite(), ...changes, version: ++versions });

const CHANGES: [string, string, () => Promise<void>][] = [
  ['opted out', 'opted-out', () => anna({ optedOut: true })],
  ['muted the event', 'muted', () => anna({ mutedEvents: ['order-status'] })],
  ['blocked the bot', 'unreachable', () => anna({ unreachable: { reason: 'blocked', since: '2026-11-25' } })],
  ['unlinked', 'not-linked', () => app.stack.putUser({ siteId: 'demo', userId: 'anna' })],
  ['site was switched off', 'site-inactive', () => changeSite({ active: false })],
  ['site lost the module', 'site-inactive', () => changeSite({ moduleActive: false })],
];

describe('in the queue', () => {
  test.each(CHANGES)('whose person or site %s: dropped, with the reason %s', async (_, reason, change) => {
    await app.deliver([record(notification())]);
    const message = notification();
    await change();

    expect(await app.deliver([record(message)])).toEqual([]);

    expect(await app.telegram.textsIn(1001)).toHaveLength(1);
    expect(await app.findDelivery(message)).toMatchObject({ status: 'skipped', reason });
  });
});

describe('in the table, behind one that Telegram did not take', () => {
  test.each(CHANGES)('whose person or site %s: dropped, with the reason %s', async (_, reason, change) => {
    await app.telegram.fault({ status: 500, chatId: 1001, times: 1 });
    const messages = [notification(), notification()];
    expect(await app.deliver(messages.map((message) => record(message)))).toEqual([]);
    await change();

    await app.drainLater();

    expect(await app.telegram.textsIn(1001)).toEqual([]);
    for (const message of messages)
      expect(await app.findDelivery(message)).toMatchObject({ status: 'skipped', reason });
    expect(await app.stack.waiting()).toEqual([]);
  });
});

/** The chat takes the message in a moment. */
const LIMITED: Decision = { kind: 'chat-limited', milliseconds: 1 };

describe('in the function, because its chat is limited', () => {
  test.each(CHANGES)('whose person or site %s: dropped, with the reason %s', async (_, reason, change) => {
    const message = notification();

    const { action, asked } = await attempt(app, message, {
      decisions: [LIMITED],
      beforeDecision: change,
    });

    expect(action).toEqual({ kind: 'acknowledge' });
    expect(asked).toBe(1);
    expect(await app.telegram.textsIn(1001)).toEqual([]);
    expect(await app.findDelivery(message)).toMatchObject({ status: 'skipped', reason });
  });
});

test('a user who linked another chat while a message waited gets it there', async () => {
  const message = notification();
  const before = await factsOf(app, message);
  await anna({ chatId: 1002, siteChat: 'demo#1002' });

  await attempt(app, message, { decisions: [LIMITED] }, before);

  expect([await app.telegram.textsIn(1001), await app.telegram.textsIn(1002)]).toEqual([
    [],
    [expect.any(String)],
  ]);
});

test('a user who started the new bot gets the message from it, although the old site is in the cache', async () => {
  const { encryptToken } = await import('../../lib/telegram/token-encryption.ts');
  await app.deliver([record(notification())]);
  const bot = { id: '200', username: 'nuovo_bot', sealedToken: encryptToken('200:nuovo', 'demo') };
  await changeSite({ bot });
  await anna({ chatId: 2001, siteChat: 'demo#2001', botId: '200' });

  expect(await app.deliver([record(notification())])).toEqual([]);

  expect(await app.telegram.calls()).toMatchObject([{}, { username: 'nuovo_bot' }]);
});

describe('a user who links another chat while messages wait for the former one', () => {
  beforeEach(async () => {
    await app.telegram.fault({ status: 500, chatId: 1001, times: 1 });
    const messages = ['uno', 'due'].map((text) => notification({ text }));
    expect(await app.deliver(messages.map((message) => record(message)))).toEqual([]);
    await anna({ chatId: 1002, siteChat: 'demo#1002' });
  });

  test('gets them there, once', async () => {
    await app.telegram.fault({ chatId: 1002, delayMs: 300 });

    await app.drainLater();

    expect(await app.telegram.textsIn(1002)).toEqual(['uno', 'due']);
    expect(await app.stack.waiting()).toEqual([]);
    expect(await app.stack.lane()).toBeUndefined();
  });

  test('gets them there after the pause of that chat', async () => {
    const parameters = { retry_after: 60 };
    await app.telegram.refuse(429, 'Too Many Requests: retry after 60', {
      chatId: 1002,
      times: 1,
      parameters,
    });

    await app.drainLater();

    expect(await app.telegram.calls()).toHaveLength(2);
    // They wait with the other messages to that chat: otherwise the drain would look at them again and again.
    expect(Object.keys((await app.stack.lane())?.paused ?? {})).toEqual(['1002']);
    await app.drainLater();
    expect(await app.telegram.textsIn(1002)).toEqual(['uno', 'due']);
  });
});

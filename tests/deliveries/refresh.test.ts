/** Who opts out, and which site is switched off, while a message waits: it is not sent any more. */
import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import type { Permission, RateLimiter } from '../../lib/deliveries/rate-limiter.ts';
import { demoSite, demoUsers } from '../../local/demo.ts';
import { type App, startApp } from '../support/app.ts';
import { notification, record } from '../support/sqs-events.ts';

let app: App;
let lib: typeof import('../../lib/deliveries/attempt.ts') & typeof import('../../lib/deliveries/facts.ts');
beforeAll(async () => {
  app = await startApp({ telegram: 'emulator', forDeliveries: true });
  lib = {
    ...(await import('../../lib/deliveries/attempt.ts')),
    ...(await import('../../lib/deliveries/facts.ts')),
  };
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

describe('in the function, because its chat has had its share', () => {
  test.each(CHANGES)('whose person or site %s: dropped, with the reason %s', async (_, reason, change) => {
    const message = notification();
    const permits: Permission[] = [{ kind: 'chat-full', milliseconds: 1 }, { kind: 'now' }];
    const limiter: Pick<RateLimiter, 'acquire'> = {
      async acquire() {
        if (permits.length === 2) await change();
        return permits.shift() ?? { kind: 'now' };
      },
    };
    const look = async () => lib.factsOf(await lib.readDeliveryFacts([message]), message);

    const verdict = await lib.attemptDelivery({
      notification: message,
      receives: 1,
      ...(await look()),
      // Of a rate limiter an attempt that goes well uses this alone.
      rateLimiter: limiter as RateLimiter,
      updateUser: () => undefined,
      refresh: look,
    });

    expect(verdict).toEqual({ kind: 'done' });
    expect(permits).toEqual([{ kind: 'now' }]);
    expect(await app.telegram.textsIn(1001)).toEqual([]);
    expect(await app.findDelivery(message)).toMatchObject({ status: 'skipped', reason });
  });
});

test('whoever has linked another chat while a message waited is reached there', async () => {
  const message = notification();
  const permits: Permission[] = [{ kind: 'chat-full', milliseconds: 1 }];
  const limiter: Pick<RateLimiter, 'acquire'> = { acquire: async () => permits.shift() ?? { kind: 'now' } };
  const look = async () => lib.factsOf(await lib.readDeliveryFacts([message]), message);
  const before = await look();
  await anna({ chatId: 1002, siteChat: 'demo#1002' });

  await lib.attemptDelivery({
    notification: message,
    receives: 1,
    ...before,
    rateLimiter: limiter as RateLimiter,
    updateUser: () => undefined,
    refresh: look,
  });

  expect([await app.telegram.textsIn(1001), await app.telegram.textsIn(1002)]).toEqual([
    [],
    [expect.any(String)],
  ]);
});

test('whoever went over to the new bot is reached by it, whatever is remembered of the site', async () => {
  const { encryptToken } = await import('../../lib/telegram/token-encryption.ts');
  await app.deliver([record(notification())]);
  const bot = { id: '200', username: 'nuovo_bot', sealedToken: encryptToken('200:nuovo', 'demo') };
  await changeSite({ bot });
  await anna({ chatId: 2001, siteChat: 'demo#2001', botId: '200' });

  expect(await app.deliver([record(notification())])).toEqual([]);

  expect(await app.telegram.calls()).toMatchObject([{}, { username: 'nuovo_bot' }]);
});

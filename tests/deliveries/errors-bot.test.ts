/** Errors of a bot: only the bot whose token is refused stops; its messages wait, and are sent with a new token. */

import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import { SharedClock } from '../../lib/deliveries/shared-clock.ts';
import { encryptToken } from '../../lib/telegram/token-encryption.ts';
import { demoSite } from '../../local/demo.ts';
import { type App, startApp } from '../support/app.ts';
import { UGO } from '../support/fixtures.ts';
import { notification, record } from '../support/sqs-events.ts';

let app: App;
beforeAll(async () => {
  app = await startApp({ telegram: 'emulator', forDeliveries: true });
});
afterAll(() => app.close());
beforeEach(() => app.reset());

/** As `PUT …/bot` does: another function saves it, so what this one remembers of the site is old. */
let versions = 0;

async function saveToken(token: string): Promise<void> {
  const bot = { id: '100', username: 'demo_shop_bot', sealedToken: encryptToken(token, 'demo') };
  // As every change of a site does, it counts its version up.
  await app.stack.putSite({ ...demoSite(), bot, version: ++versions });
}

const BOT_UNAUTHORIZED: [number, string][] = [
  [401, 'Unauthorized'],
  [404, 'Not Found'],
  [421, 'Misdirected Request: the bot is served elsewhere'],
  [400, 'Bad Request: Logged out'],
  [400, 'Bad Request: FROZEN_METHOD_INVALID'],
  [420, 'FROZEN_METHOD_INVALID'],
];

describe.each(BOT_UNAUTHORIZED)('%d %s', (code, description) => {
  test('the message is retried, the site says why, the other bot goes on, a new token sends', async () => {
    await app.telegram.refuse(code, description, { chatId: 1001 });
    const [message, toUgo] = [
      notification({ text: 'Ciao' }),
      notification({ siteId: 'altro', userId: 'ugo' }),
    ];
    const before = Date.now();

    expect(await app.deliver([record(message), record(toUgo)])).toEqual([message.deliveryId]);

    expect(await app.telegram.textsIn(UGO)).toHaveLength(1);
    const recorded = await app.findDelivery(message);
    expect(recorded).toMatchObject({
      status: 'retrying',
      failure: { class: 'bot-unauthorized', description },
    });
    expect(recorded).toHaveProperty('nextAttemptAt', expect.stringMatching(/Z$/));
    const problem = (await app.stack.findSite('demo'))?.bot?.problem;
    expect(problem).toMatchObject({ kind: 'bot-unauthorized', description });
    expect(Date.parse(problem?.since ?? '')).toBeGreaterThanOrEqual(before);
    expect((await app.stack.findSite('altro'))?.bot).not.toHaveProperty('problem');
    expect((await app.stack.findUser('demo', 'anna'))?.unreachable).toBeUndefined();

    await app.telegram.clearFaults();
    await saveToken('100:demo');
    expect(await app.deliver([record(message, 2)])).toEqual([]);

    expect(await app.telegram.textsIn(1001)).toEqual(['Ciao']);
    expect(await app.findDelivery(message)).toMatchObject({ status: 'sent', attempts: 2 });
  });
});

describe('a token revoked at @BotFather', () => {
  beforeEach(() => app.setSite({ bot: { ...botOf(), sealedToken: encryptToken('100:revoked', 'demo') } }));

  test('while it is refused, Telegram is not asked for every message', async () => {
    const [first, second] = [notification(), notification({ userId: 'bruno' })];

    expect(await app.deliver([record(first)])).toEqual([first.deliveryId]);
    expect(await app.deliver([record(first, 2), record(second)])).toEqual([
      first.deliveryId,
      second.deliveryId,
    ]);

    expect(await app.telegram.calls()).toHaveLength(1);
  });

  test('the first refusal is the one whose time and words the site keeps', async () => {
    await app.deliver([record(notification())]);
    const problem = (await app.stack.findSite('demo'))?.bot?.problem;
    await app.telegram.reset();
    await app.telegram.refuse(404, 'Not Found');
    await saveProblemAgain();

    expect((await app.stack.findSite('demo'))?.bot?.problem).toEqual(problem);
  });

  test('a new token is used at once, although the site was read a moment ago', async () => {
    const message = notification();
    await app.deliver([record(message)]);
    // Paused: it is retried, and the site with the old token is in the cache.
    expect(await app.deliver([record(message, 2)])).toEqual([message.deliveryId]);
    await saveToken('100:demo');

    expect(await app.deliver([record(message, 3)])).toEqual([]);

    expect(await app.telegram.textsIn(1001)).toHaveLength(1);
  });

  test('a token that is saved as the refusal comes in is not blamed', async () => {
    await app.telegram.fault({ delayMs: 300, status: 401, times: 1 });
    const delivering = app.deliver([record(notification())]);
    while ((await app.telegram.calls()).length === 0) await new Promise((resolve) => setTimeout(resolve, 10));
    await saveToken('100:demo');
    await delivering;

    expect((await app.stack.findSite('demo'))?.bot).not.toHaveProperty('problem');
  });
});

describe('the problem that the site shows', () => {
  test('is cleared by the first message that goes out', async () => {
    const problem = {
      kind: 'bot-unauthorized' as const,
      since: '2026-11-22T10:00:00.000Z',
      description: 'Unauthorized',
    };
    await app.setSite({ bot: { ...botOf(), problem } });

    await app.deliver([record(notification())]);

    expect((await app.stack.findSite('demo'))?.bot).toEqual({
      id: '100',
      username: 'demo_shop_bot',
      sealedToken: expect.any(String),
    });
  });
});

describe('a message of a bot without a working token, on its last receive', () => {
  beforeEach(async () => {
    await app.setSite({ bot: { ...botOf(), sealedToken: encryptToken('100:revoked', 'demo') } });
    await app.stack.takeNotifications();
  });

  test('is requeued, and the later ones of its user behind it', async () => {
    const [first, second, third] = [notification(), notification(), notification()];

    expect(await app.deliver([record(first, 12), record(second, 12), record(third, 12)])).toEqual([]);

    const requeued = await app.stack.takeNotifications();
    expect(requeued).toEqual([first, second, third]);
    expect(await app.findDelivery(first)).toMatchObject({
      status: 'retrying',
      failure: { class: 'bot-unauthorized' },
    });
    await saveToken('100:demo');
    expect(await app.deliver(requeued.map((notification) => record(notification)))).toEqual([]);
    expect(await app.telegram.textsIn(1001)).toHaveLength(3);
  });

  test('is also requeued if another message caused the pause', async () => {
    const [first, second] = [notification(), notification({ userId: 'bruno' })];
    await app.deliver([record(first)]);

    expect(await app.deliver([record(second, 12)])).toEqual([]);

    expect(await app.stack.takeNotifications()).toEqual([second]);
    expect(await app.findDelivery(second)).toMatchObject({ failure: { class: 'bot-unauthorized' } });
  });

  test('after a week goes to the dead letters, and the record says so', async () => {
    const acceptedAt = new Date(Date.now() - 7 * 24 * 3_600_000 - 1).toISOString();
    const message = notification({ acceptedAt });

    expect(await app.deliver([record(message, 12)])).toEqual([message.deliveryId]);

    expect(await app.findDelivery(message)).toMatchObject({ status: 'failed', isDead: true });
    expect(await app.stack.takeNotifications()).toEqual([]);
  });

  test('is retried where it can’t be requeued', async () => {
    const message = notification();
    const { DELIVERIES_QUEUE_URL } = process.env;
    process.env.DELIVERIES_QUEUE_URL = `${DELIVERIES_QUEUE_URL}-gone`;
    const retried = await app.deliver([record(message, 12)]);
    process.env.DELIVERIES_QUEUE_URL = DELIVERIES_QUEUE_URL;
    expect(retried).toEqual([message.deliveryId]);
  });
});

test('while a token is refused, the rate limiter says so to the messages that wait', async () => {
  await app.setSite({ bot: { ...botOf(), sealedToken: encryptToken('100:revoked', 'demo') } });
  await app.deliver([record(notification())]);
  const state = await app.stack.findRateLimit('100');
  const site = await app.stack.findSite('demo');
  if (!state || !site?.bot) throw new Error('There is no state.');
  const { RateLimiter, rateLimitedBot } = await import('../../lib/deliveries/rate-limiter.ts');
  const rateLimiter = new RateLimiter(new SharedClock(), new Map([['100', state]]));

  expect(await rateLimiter.acquire(rateLimitedBot({ ...site, bot: site.bot }), 1002, true)).toMatchObject({
    kind: 'deferred',
    isTokenRefused: true,
  });
});

test('a message of a site without a bot is retried', async () => {
  const { bot: _, ...withoutBot } = demoSite();
  await app.stack.putSite(withoutBot);
  const { clearSiteCache } = await import('../../lib/store/sites.ts');
  clearSiteCache();
  const message = notification();

  expect(await app.deliver([record(message)])).toEqual([message.deliveryId]);

  expect(await app.findDelivery(message)).toMatchObject({
    status: 'retrying',
    failure: { class: 'bot-missing' },
  });
});

function botOf() {
  return { id: '100', username: 'demo_shop_bot', sealedToken: encryptToken('100:demo', 'demo') };
}

async function saveProblemAgain(): Promise<void> {
  const { markBotUnauthorized } = await import('../../lib/store/bot-problem.ts');
  const site = await app.stack.findSite('demo');
  if (site) await markBotUnauthorized(site, 'Not Found');
}

/** Errors of a bot: only the bot whose token is refused stops; its messages wait, and are sent with a new token. */

import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import { MAX_RECEIVES } from '../../lib/deliveries/retry.ts';
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

const WEEK = 7 * 24 * 3_600_000;

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
  test('the message waits, the site says why, the other bot goes on, a new token sends', async () => {
    await app.telegram.refuse(code, description, { chatId: 1001 });
    const [message, toUgo] = [
      notification({ text: 'Ciao' }),
      notification({ siteId: 'altro', userId: 'ugo' }),
    ];
    const before = Date.now();

    expect(await app.deliver([record(message), record(toUgo)])).toEqual([]);

    expect(await app.telegram.textsIn(UGO)).toHaveLength(1);
    expect(await app.stack.waitingNotifications()).toEqual([message]);
    expect(await app.findDelivery(message)).toMatchObject({
      status: 'waiting',
      reason: 'bot-unauthorized',
      until: expect.stringMatching(/Z$/),
      failure: { class: 'bot-unauthorized', description },
    });
    const problem = (await app.stack.findSite('demo'))?.bot?.problem;
    expect(problem).toMatchObject({ kind: 'bot-unauthorized', description });
    expect(Date.parse(problem?.since ?? '')).toBeGreaterThanOrEqual(before);
    expect((await app.stack.findSite('altro'))?.bot).not.toHaveProperty('problem');
    expect(await app.stack.lane('altro')).toBeUndefined();
    expect((await app.stack.findUser('demo', 'anna'))?.unreachable).toBeUndefined();

    await app.telegram.clearFaults();
    await saveToken('100:demo');
    await app.drain();

    expect(await app.telegram.textsIn(1001)).toEqual(['Ciao']);
    expect(await app.findDelivery(message)).toMatchObject({ status: 'sent', attempts: 2 });
    expect(await app.stack.waiting()).toEqual([]);
  });
});

describe('a token revoked at @BotFather', () => {
  beforeEach(() => app.setSite({ bot: { ...botOf(), sealedToken: encryptToken('100:revoked', 'demo') } }));

  test('while it is refused, Telegram is not asked for every message', async () => {
    const [first, second] = [notification(), notification({ userId: 'bruno' })];

    expect(await app.deliver([record(first)])).toEqual([]);
    expect(await app.deliver([record(second)])).toEqual([]);

    expect(await app.telegram.calls()).toHaveLength(1);
    expect(await app.stack.waitingNotifications()).toEqual([first, second]);
    expect(await app.findDelivery(second)).toMatchObject({ status: 'waiting' });
  });

  test('a run of the drain after one that has sent nothing tries one message', async () => {
    const userIds = ['anna', 'bruno', 'carla'];
    await app.deliver(userIds.map((userId) => record(notification({ userId }))));
    await app.drain();
    const before = (await app.telegram.calls()).length;

    await app.drain();

    expect(await app.telegram.calls()).toHaveLength(before + 1);
    expect(await app.stack.waiting()).toHaveLength(3);
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
    const [first, second] = [notification({ text: 'uno' }), notification({ text: 'due' })];
    await app.deliver([record(first)]);
    // It waits untried, and the site with the old token is in the cache.
    await app.deliver([record(second)]);
    await app.drain();
    await saveToken('100:demo');

    await app.drain();

    expect(await app.telegram.textsIn(1001)).toEqual(['uno', 'due']);
    expect(await app.stack.lane()).toBeUndefined();
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

describe('messages of a bot without a working token', () => {
  beforeEach(() => app.setSite({ bot: { ...botOf(), sealedToken: encryptToken('100:revoked', 'demo') } }));

  test('wait in their order, whatever the number of their receives, and go out with a new token', async () => {
    const messages = ['uno', 'due', 'tre'].map((text) => notification({ text }));

    expect(await app.deliver(messages.map((message) => record(message, MAX_RECEIVES)))).toEqual([]);

    expect(await app.stack.waitingNotifications()).toEqual(messages);
    await saveToken('100:demo');
    await app.drain();
    expect(await app.telegram.textsIn(1001)).toEqual(['uno', 'due', 'tre']);
  });

  test('that come while others wait go out behind them', async () => {
    const [first, second] = [notification({ text: 'uno' }), notification({ text: 'due' })];
    await app.deliver([record(first)]);
    await saveToken('100:demo');

    // The token works again, but the first one is still waiting.
    expect(await app.deliver([record(second)])).toEqual([]);
    expect(await app.telegram.textsIn(1001)).toEqual([]);
    await app.drain();

    expect(await app.telegram.textsIn(1001)).toEqual(['uno', 'due']);
  });

  test('have failed after a week, and the record says so', async () => {
    const acceptedAt = new Date(Date.now() - WEEK).toISOString();
    const message = notification({ acceptedAt });

    expect(await app.deliver([record(message)])).toEqual([]);

    expect(await app.findDelivery(message)).toMatchObject({
      status: 'failed',
      failure: { class: 'bot-unauthorized' },
    });
    expect(await app.findDelivery(message)).not.toHaveProperty('isDead');
    expect(await app.stack.waiting()).toEqual([]);
  });

  test('that have waited for a week in the table have failed too', async () => {
    const message = notification();
    await app.deliver([record(message)]);
    await app.stack.ageWaiting(WEEK);

    await app.drainLater();

    expect(await app.findDelivery(message)).toMatchObject({
      status: 'failed',
      failure: { class: 'bot-unauthorized' },
    });
    expect(await app.stack.waiting()).toEqual([]);
    expect(await app.stack.lane()).toBeUndefined();
  });

  test('wait also where the drain can’t be told, and go out when it looks at them', async () => {
    const message = notification();
    const { DRAIN_QUEUE_URL } = process.env;
    process.env.DRAIN_QUEUE_URL = `${DRAIN_QUEUE_URL}-gone`;
    const retried = await app.deliver([record(message)]);
    process.env.DRAIN_QUEUE_URL = DRAIN_QUEUE_URL;

    expect(retried).toEqual([]);
    expect(await app.stack.waitingNotifications()).toEqual([message]);
    await saveToken('100:demo');
    await app.drain();
    expect(await app.findDelivery(message)).toMatchObject({ status: 'sent' });
  });
});

test('a message of a site without a bot waits, and goes out when it has one', async () => {
  const { bot: _, ...withoutBot } = demoSite();
  await app.stack.putSite(withoutBot);
  const { clearSiteCache } = await import('../../lib/store/sites.ts');
  clearSiteCache();
  const message = notification();

  expect(await app.deliver([record(message)])).toEqual([]);

  expect(await app.findDelivery(message)).toMatchObject({ status: 'waiting', reason: 'bot-missing' });
  await saveToken('100:demo');
  await app.drain();
  expect(await app.findDelivery(message)).toMatchObject({ status: 'sent' });
});

function botOf() {
  return { id: '100', username: 'demo_shop_bot', sealedToken: encryptToken('100:demo', 'demo') };
}

async function saveProblemAgain(): Promise<void> {
  const { markBotUnauthorized } = await import('../../lib/store/bot-problem.ts');
  const site = await app.stack.findSite('demo');
  if (site) await markBotUnauthorized(site, 'Not Found');
}

/** Messages that can't be sent now wait in a table, in order; the drain sends them, and holds up nobody else. */
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import type { Notification } from '../../lib/deliveries/notification.ts';
import { encryptToken } from '../../lib/telegram/token-encryption.ts';
import { demoSite } from '../../local/demo.ts';
import { type App, startApp } from '../support/app.ts';
import { CHATS, GROUP, SUPERGROUP, UGO } from '../support/fixtures.ts';
import { endLater, later } from '../support/later.ts';
import { notification, record } from '../support/sqs-events.ts';

let app: App;
beforeAll(async () => {
  app = await startApp({ telegram: 'emulator', forDeliveries: true, chats: [...CHATS, ...CROWD] });
});
afterAll(() => app.close());
beforeEach(() => app.reset());
afterEach(endLater);

const ANNA = 1001;
const BRUNO = 1002;
const HOUR = 3_600_000;
/** More chats than a lane may name. */
const CROWD = Array.from({ length: 101 }, (_, index) => ({
  botToken: '100:demo',
  chatId: 7_000 + index,
  user: { id: 7_000 + index, first_name: 'Gente' },
}));

const texts = (count: number, userId = 'anna') =>
  Array.from({ length: count }, (_, index) => notification({ userId, text: `${userId} ${index + 1}` }));

/** The queue hands the messages out, ten at a time: none of them comes again. */
async function deliver(messages: Notification[]): Promise<void> {
  for (let start = 0; start < messages.length; start += 10) {
    const batch = messages.slice(start, start + 10).map((message) => record(message));
    expect(await app.deliver(batch)).toEqual([]);
  }
}

const drain = (siteId?: string, remainingMilliseconds?: number) => app.drain(siteId, remainingMilliseconds);
const laneOf = () => app.stack.lane();
const waitingKeys = async () => (await app.stack.waiting()).map(({ key }) => key);

/** The drain runs until nothing waits; the time in between passes at once. */
async function drainAll(): Promise<void> {
  for (let run = 0; (await waitingKeys()).length > 0; run++) {
    if (run > 40) throw new Error(`It still waits: ${JSON.stringify(await laneOf())}`);
    await drain();
    later(1_000);
  }
}

const statusOf = async (message: Notification) => (await app.findDelivery(message))?.status;

describe('a burst that is faster than the bot', () => {
  test('waits in the table, is recorded as waiting, and goes out in order without a refusal', async () => {
    const people = ['anna', 'bruno', 'carla'];
    const messages = Array.from({ length: 6 }, (_, turn) =>
      people.map((userId) => notification({ userId, text: `${userId} ${turn}` })),
    ).flat();
    await app.setSite({ messagesPerSecond: 2 });

    await deliver(messages);

    const lane = await laneOf();
    expect(lane).toMatchObject({ mode: 'all', paused: {} });
    const waiting = await waitingKeys();
    expect(lane?.count).toBe(waiting.length);
    expect(waiting.length).toBeGreaterThan(10);
    const last = messages.at(-1) ?? notification();
    expect(await app.findDelivery(last)).toMatchObject({
      status: 'waiting',
      reason: 'rate-limit',
      until: expect.stringMatching(/Z$/),
    });

    await app.setSite({ messagesPerSecond: 30 });
    await drainAll();

    expect(await laneOf()).toBeUndefined();
    for (const [index, chatId] of [ANNA, BRUNO, 1003].entries()) {
      const expected = [0, 1, 2, 3, 4, 5].map((turn) => `${people[index]} ${turn}`);
      expect(await app.telegram.textsIn(chatId)).toEqual(expected);
    }
    expect((await app.telegram.calls('sendMessage')).filter(({ status }) => status !== 200)).toEqual([]);
    for (const message of messages) expect(await statusOf(message)).toBe('sent');
  });

  test('a new message waits behind them, although the bot has a slot', async () => {
    await app.setSite({ messagesPerSecond: 1 });
    // So many that the last ones wait however slow the machine is: what has its slot within two seconds does not.
    const messages = texts(10);
    await deliver(messages);
    await app.setSite({ messagesPerSecond: 30 });
    later(15_000);
    const newest = notification({ text: 'the newest' });

    await deliver([newest]);

    expect(await app.telegram.textsIn(ANNA)).not.toContain('the newest');
    await drainAll();
    expect(await app.telegram.textsIn(ANNA)).toEqual([...messages.map(({ text }) => text), 'the newest']);
  });

  test('a message of another shop does not wait', async () => {
    await app.setSite({ messagesPerSecond: 1 });
    await deliver(texts(5));

    await deliver([notification({ siteId: 'altro', userId: 'ugo', text: 'subito' })]);

    expect(await app.telegram.textsIn(UGO)).toEqual(['subito']);
  });

  test('the drain is told when the first ones are parked, and not with each one more', async () => {
    // Those of other tests, whose time may not have come yet.
    later(HOUR);
    await app.stack.takeMessages('DrainQueue');
    await app.setSite({ messagesPerSecond: 1 });

    await deliver(texts(20));
    later(20_000);

    const tickets = await app.stack.takeMessages('DrainQueue');
    expect(tickets.map(({ Body = '' }) => JSON.parse(Body))).toEqual([{ siteId: 'demo' }]);
  });
});

describe('a 429', () => {
  const tooMany = (retryAfter: number, chatId: number) =>
    app.telegram.refuse(429, `Too Many Requests: retry after ${retryAfter}`, {
      parameters: { retry_after: retryAfter },
      chatId,
      times: 1,
    });

  test('pauses its chat for its time, and nobody else', async () => {
    await tooMany(900, ANNA);
    const [first, second] = texts(2);
    if (!first || !second) throw new Error('Two were made.');

    await deliver([first, second]);
    await deliver([notification({ userId: 'bruno', text: 'ciao' })]);

    expect(await app.telegram.textsIn(BRUNO)).toEqual(['ciao']);
    expect(await laneOf()).toMatchObject({ mode: 'some', paused: { [ANNA]: expect.any(Number) } });
    expect(await app.findDelivery(first)).toMatchObject({
      status: 'waiting',
      reason: 'chat-paused',
      failure: { class: 'wait', description: 'Too Many Requests: retry after 900' },
    });
    expect(await statusOf(second)).toBe('waiting');

    await drain();
    expect(await app.telegram.textsIn(ANNA)).toEqual([]);
    later(800_000);
    await drain();
    expect(await app.telegram.textsIn(ANNA)).toEqual([]);
    later(101_000);
    await drain();
    expect(await app.telegram.textsIn(ANNA)).toEqual(['anna 1', 'anna 2']);
    expect(await laneOf()).toBeUndefined();
  });

  test('of a second chat in the same seconds pauses the bot', async () => {
    await tooMany(600, ANNA);
    await tooMany(600, BRUNO);
    await deliver([notification({ text: 'a' })]);
    await deliver([notification({ userId: 'bruno', text: 'b' })]);

    await deliver([notification({ userId: 'carla', text: 'c' })]);

    expect(await app.telegram.textsIn(1003)).toEqual([]);
    expect(await laneOf()).toMatchObject({ mode: 'all' });
    later(601_000);
    await drainAll();
    for (const [chatId, text] of [[ANNA, 'a'] as const, [BRUNO, 'b'] as const, [1003, 'c'] as const])
      expect(await app.telegram.textsIn(chatId)).toEqual([text]);
  });

  test('of a chat whose messages wait already leaves those to others in their places', async () => {
    await app.setSite({ messagesPerSecond: 1 });
    const ofAnna = texts(3);
    const ofBruno = texts(3, 'bruno');
    await deliver([...ofAnna, ...ofBruno]);
    await app.setSite({ messagesPerSecond: 30 });
    const sentBefore = (await app.telegram.textsIn(ANNA)).length;
    await tooMany(60, ANNA);
    later(10_000);

    await drain();

    expect(await app.telegram.textsIn(BRUNO)).toEqual(['bruno 1', 'bruno 2', 'bruno 3']);
    expect(await app.telegram.textsIn(ANNA)).toHaveLength(sentBefore);
    expect(await waitingKeys()).toEqual(Array(3 - sentBefore).fill(expect.stringMatching(/^p#1001#/)));
    const newest = notification({ text: 'anna 4' });
    await deliver([newest]);
    later(61_000);
    await drainAll();
    expect(await app.telegram.textsIn(ANNA)).toEqual(['anna 1', 'anna 2', 'anna 3', 'anna 4']);
  });
});

describe('a hundred paused chats, and one more', () => {
  beforeEach(async () => {
    const { openLane } = await import('../../lib/store/lanes.ts');
    const until = Date.now() + 2 * HOUR;
    const chats = new Map(CROWD.slice(0, 100).map(({ chatId }) => [String(chatId), until]));
    await openLane({ siteId: 'demo', count: 0, reasonForAll: undefined, chats, nextAt: until }, Date.now());
    // So that none of them counts as finished.
    const { putWaiting } = await import('../../lib/store/waiting.ts');
    await putWaiting(
      [...chats.keys()].map((chat, index) => {
        const { deliveryId, ...rest } = notification({ userId: `p${index}`, chatId: Number(chat) });
        const body = JSON.stringify({ deliveryId, ...rest });
        return { siteId: 'demo', body, attempts: 1, sequenceNumber: '1', deliveryId, pausedChat: chat };
      }),
    );
    await app.setUser('p100', { chatId: 7_100 });
    const body = { ok: false, error_code: 429, description: 'Too Many Requests: retry after 7200' };
    await app.telegram.fault({
      ...{ method: 'sendMessage', chatId: 7_100, status: 429, times: 1 },
      body: { ...body, parameters: { retry_after: 7_200 } },
    });
    await deliver([notification({ userId: 'p100', chatId: 7_100 })]);
  });

  test('do not hold up the others of the shop', async () => {
    await deliver([notification({ userId: 'bruno', text: 'ciao' })]);

    expect(Date.parse((await laneOf())?.nextAt ?? '')).toBeLessThanOrEqual(Date.now());
    await drain();

    expect(await app.telegram.textsIn(BRUNO)).toEqual(['ciao']);
  });
});

test('a group becomes a supergroup while its messages wait: they keep their order', async () => {
  const toGroup = (text: string, chatId = GROUP) => notification({ userId: 'gruppo', chatId, text });
  const tooMany = { ok: false, error_code: 429, description: 'Too Many Requests: retry after 60' };
  const body = { ...tooMany, parameters: { retry_after: 60 } };
  await app.telegram.fault({ method: 'sendMessage', chatId: GROUP, status: 429, body, times: 1 });
  await deliver(['g1', 'g2', 'g3'].map((text) => toGroup(text)));
  await app.telegram.refuse(400, 'Bad Request: group chat was upgraded to a supergroup chat', {
    parameters: { migrate_to_chat_id: SUPERGROUP },
    chatId: GROUP,
  });
  later(61_000);
  await drain();

  await deliver([toGroup('g4', SUPERGROUP)]);

  for (let run = 0; (await waitingKeys()).length > 0 && run < 20; run++) {
    later(4_000);
    await drain();
  }
  expect(await app.telegram.textsIn(SUPERGROUP)).toEqual(['g1', 'g2', 'g3', 'g4']);
});

test('one chat with many messages does not hold up the others of its shop', async () => {
  await app.setSite({ messagesPerSecond: 1 });
  await deliver([...texts(25), notification({ userId: 'bruno', text: 'ciao' })]);
  await app.setSite({ messagesPerSecond: 30 });
  later(30_000);
  const draining = drain();

  const started = performance.now();
  while ((await app.telegram.textsIn(BRUNO)).length === 0 && performance.now() - started < 20_000)
    await new Promise((resolve) => setTimeout(resolve, 20));

  expect((await app.telegram.textsIn(ANNA)).length).toBeLessThan(20);
  await draining;
  await drainAll();
  expect(await app.telegram.textsIn(ANNA)).toEqual(texts(25).map((_, index) => `anna ${index + 1}`));
});

describe('a bot without a working token', () => {
  const botWith = (token: string) => ({
    id: '100',
    username: 'demo_shop_bot',
    sealedToken: encryptToken(token, 'demo'),
  });

  test('its messages wait, Telegram is asked less and less, and the new token sends them in order', async () => {
    await app.setSite({ bot: botWith('100:revoked') });
    const messages = texts(3);
    await deliver(messages);
    expect(await app.telegram.calls()).toHaveLength(1);
    expect(await app.findDelivery(messages[0] ?? notification())).toMatchObject({
      status: 'waiting',
      reason: 'bot-unauthorized',
      failure: { class: 'bot-unauthorized', description: 'Unauthorized' },
    });

    const pauses: number[] = [];
    for (let run = 0; run < 12; run++) {
      await drain();
      const pause = Date.parse((await laneOf())?.nextAt ?? '') - Date.now();
      pauses.push(pause);
      later(pause + 1);
    }

    // One question for each run, and at most five minutes between two.
    expect(await app.telegram.calls()).toHaveLength(13);
    expect(Math.max(...pauses)).toBeLessThanOrEqual(300_000);
    expect(Math.min(...pauses.slice(-3))).toBeGreaterThanOrEqual(150_000);
    await app.setSite({ bot: botWith('100:demo') });
    await drain();
    expect(await app.telegram.textsIn(ANNA)).toEqual(['anna 1', 'anna 2', 'anna 3']);
    expect(await laneOf()).toBeUndefined();
  });

  test('a site without a bot: as soon as it has one', async () => {
    const { bot: _, ...withoutBot } = demoSite();
    await app.stack.putSite(withoutBot);
    (await import('../../lib/store/sites.ts')).clearSiteCache();
    await deliver(texts(2));
    expect(await laneOf()).toMatchObject({ mode: 'all', count: 2 });

    await app.setSite();
    await drain();

    expect(await app.telegram.textsIn(ANNA)).toEqual(['anna 1', 'anna 2']);
  });

  test('what has waited for a week is given up', async () => {
    await app.setSite({ bot: botWith('100:revoked') });
    const messages = texts(2);
    await deliver(messages);
    later(7 * 24 * HOUR);

    await drain();

    for (const message of messages)
      expect(await app.findDelivery(message)).toMatchObject({ status: 'failed' });
    expect(await laneOf()).toBeUndefined();
  });
});

describe('while it waits', () => {
  beforeEach(async () => {
    await app.setSite({ messagesPerSecond: 1 });
    await deliver(texts(4, 'bruno'));
  });

  test.each<[string, () => Promise<unknown>, object]>([
    [
      'the person opts out',
      () => app.setUser('anna', { optedOut: true }),
      { status: 'skipped', reason: 'opted-out' },
    ],
    [
      'the person is unlinked',
      () => app.setUser('anna', { chatId: undefined }),
      { status: 'skipped', reason: 'not-linked' },
    ],
    [
      'the shop is switched off',
      () => app.setSite({ active: false }),
      { status: 'skipped', reason: 'site-inactive' },
    ],
  ])('%s: it is not sent', async (_, change, expected) => {
    const message = notification();
    await deliver([message]);
    await change();
    later(10_000);

    await drainAll();

    expect(await app.findDelivery(message)).toMatchObject(expected);
    expect(await app.telegram.textsIn(ANNA)).toEqual([]);
  });

  test('what it announces becomes past: it is not sent', async () => {
    const pastAt = new Date(Date.now() + 60_000).toISOString();
    const past = notification({ pastAt });
    const ahead = notification({ pastAt: '2099-01-01T00:00:00.000Z' });
    await deliver([past, ahead]);
    later(61_000);

    await drainAll();

    expect(await app.findDelivery(past)).toMatchObject({ status: 'skipped', reason: 'past' });
    expect(await app.findDelivery(ahead)).toMatchObject({ status: 'sent' });
  });

  test('it was sent by a function that died before it could say so: not a second time', async () => {
    const message = notification({ text: 'una volta' });
    await deliver([message]);
    const { recordDelivery } = await import('../../lib/store/deliveries.ts');
    const { siteId, deliveryId, userId, event, eventId, templateId } = message;
    const ids = { siteId, deliveryId, userId, event, eventId, templateId };
    const recordedAt = new Date().toISOString();
    await recordDelivery({ ...ids, recordedAt, attempts: 1, status: 'sent', messageId: 1, chatId: ANNA });
    later(10_000);

    await drainAll();

    expect(await app.telegram.textsIn(ANNA)).toEqual([]);
  });
});

test('while Telegram takes long to answer, the other messages of the bot wait, and keep no function busy', async () => {
  await app.telegram.fault({ method: 'sendMessage', chatId: ANNA, delayMs: 3_000, times: 1 });
  await app.stack.takeMessages('DrainQueue');
  const hanging = deliver([notification({ text: 'lento' })]);
  while ((await laneOf()) === undefined) await new Promise((resolve) => setTimeout(resolve, 50));

  const other = notification({ userId: 'bruno', text: 'ciao' });
  await deliver([other]);

  expect(await app.telegram.calls('sendMessage')).toHaveLength(1);
  expect(await app.findDelivery(other)).toMatchObject({ status: 'waiting', reason: 'telegram-unreachable' });
  await deliver([notification({ siteId: 'altro', userId: 'ugo', text: 'subito' })]);
  expect(await app.telegram.textsIn(UGO)).toEqual(['subito']);
  await hanging;
  // It was only slow: the drain is told at once.
  expect((await app.stack.takeMessages('DrainQueue')).length).toBeGreaterThan(0);
  await drainAll();
  expect(await app.telegram.textsIn(ANNA)).toEqual(['lento']);
  expect(await app.telegram.textsIn(BRUNO)).toEqual(['ciao']);
});

describe('Telegram is out of reach for six hours', () => {
  test('afterwards everything goes out by itself, in order, within minutes', async () => {
    const people = ['anna', 'bruno', 'carla'];
    await app.telegram.fault({ method: 'sendMessage', status: 502 });
    const sent: Notification[] = [];
    const begun = Date.now();
    let round = 0;
    // Often enough to reach the longest pauses.
    while (Date.now() - begun < 6 * HOUR) {
      const batch = people.map((userId) => notification({ userId, text: `${userId} ${round}` }));
      sent.push(...batch);
      await deliver(batch);
      await drain();
      later(HOUR / 2);
      round++;
    }
    const asked = (await app.telegram.calls('sendMessage')).length;
    expect(asked).toBeLessThan(round * 4);

    await app.telegram.clearFaults();
    let minutes = 0;
    while ((await waitingKeys()).length > 0 && minutes < 30) {
      later(60_000);
      await drain();
      minutes++;
    }

    // No chat is asked later than a quarter of an hour after its last failure.
    expect(minutes).toBeLessThanOrEqual(16);
    for (const [index, chatId] of [ANNA, BRUNO, 1003].entries()) {
      const expected = Array.from({ length: round }, (_, turn) => `${people[index]} ${turn}`);
      expect(await app.telegram.textsIn(chatId)).toEqual(expected);
    }
    for (const message of sent) expect(await statusOf(message)).toBe('sent');
    expect(await laneOf()).toBeUndefined();
  });
});

test('a message that nobody can read holds up its chat only', async () => {
  await app.setSite({ messagesPerSecond: 1 });
  const [poison, behind] = texts(2);
  if (!poison || !behind) throw new Error('Two were made.');
  await deliver([...texts(2, 'carla'), poison, behind, notification({ userId: 'bruno', text: 'ciao' })]);
  const { putWaiting } = await import('../../lib/store/waiting.ts');
  const [key = ''] = (await waitingKeys()).filter((key) => key.includes(poison.deliveryId));
  await putWaiting([
    {
      siteId: 'demo',
      body: JSON.stringify({ ...poison, text: null }),
      attempts: 1,
      sequenceNumber: key.slice(2).split('#')[0] ?? '',
      deliveryId: poison.deliveryId,
      pausedChat: undefined,
    },
  ]);
  await app.setSite({ messagesPerSecond: 30 });
  later(10_000);

  await drain();

  expect(await app.telegram.textsIn(BRUNO)).toEqual(['ciao']);
});

describe('runs of the drain', () => {
  test('two at the same time: one of them works', async () => {
    await app.setSite({ messagesPerSecond: 1 });
    await deliver(texts(8));
    await app.setSite({ messagesPerSecond: 30 });
    later(20_000);

    for (let run = 0; (await waitingKeys()).length > 0 && run < 20; run++) {
      await Promise.all([drain(), drain(), drain()]);
      later(1_000);
    }

    expect(await app.telegram.textsIn(ANNA)).toEqual(texts(8).map((_, index) => `anna ${index + 1}`));
  });

  test('one whose time is over goes on in the next one, which has its ticket', async () => {
    await app.setSite({ messagesPerSecond: 1 });
    await deliver(texts(8));
    await app.stack.takeMessages('DrainQueue');

    await drain('demo', 20_000);

    expect((await waitingKeys()).length).toBeGreaterThan(0);
    expect(await laneOf()).not.toHaveProperty('lease');
    const tickets = await app.stack.takeMessages('DrainQueue');
    expect(tickets.length).toBeGreaterThan(0);
  });

  test('a lost ticket: the sweep finds the site', async () => {
    await app.setSite({ messagesPerSecond: 1 });
    await deliver(texts(8));
    later(60_000);
    await app.stack.takeMessages('DrainQueue');

    await app.invoke('drain-due', {} as never);

    expect(await app.stack.takeMessages('DrainQueue')).toHaveLength(1);
  });

  test('a site without waiting messages is left alone', async () => {
    await drain();
    expect(await app.telegram.calls()).toEqual([]);
    expect(await app.stack.items('WaitingTable')).toEqual([]);
  });
});

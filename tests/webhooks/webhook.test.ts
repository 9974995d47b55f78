/** The webhook of a site, from its own door to a receiver that checks with the library of Standard Webhooks. */
import type { ServerResponse } from 'node:http';
import { setTimeout as sleep } from 'node:timers/promises';
import { PurgeQueueCommand } from '@aws-sdk/client-sqs';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, jest, test } from '@jest/globals';
import { WEBHOOK_EVENTS } from '../../lib/domain/webhook-events.ts';
import type { OutgoingLane } from '../../lib/store/outgoing-lanes.ts';
import type { SiteWebhook } from '../../lib/store/site-webhook.ts';
import { type App, startApp } from '../support/app.ts';
import { ANNA, otherSite } from '../support/fixtures.ts';
import { writtenDuring } from '../support/log-lines.ts';
import { payloadFor } from '../support/payloads.ts';
import { type Receiver, startReceiver } from '../support/receiver.ts';
import { notification, record, ticketBatch } from '../support/sqs-events.ts';

const HOUR = 3_600_000;
const PATH = '/v1/sites/demo/webhook';

let app: App;
beforeAll(async () => {
  process.env.WEBHOOK_LOOPBACK = 'allowed';
  app = await startApp({ telegram: 'server', forDeliveries: true });
});
afterAll(async () => {
  delete process.env.WEBHOOK_LOOPBACK;
  await app.close();
});

let receiver: Receiver;
beforeEach(async () => {
  await app.reset();
  // Those that are delayed, too.
  const QueueUrl = app.stack.refs.get('OutgoingQueue');
  await app.stack.aws.sqs.send(new PurgeQueueCommand({ QueueUrl }));
  receiver = await startReceiver();
});
afterEach(async () => {
  jest.useRealTimers();
  await receiver.close();
});

/** Saves the webhook of the demo site. The receiver knows its secret from then on. */
async function save(body: object = {}) {
  const answer = await app.call('PUT', PATH, {
    body: { url: receiver.url, events: [...WEBHOOK_EVENTS], ...body },
  });
  if (answer.json.secret) receiver.secrets = [answer.json.secret];
  return answer;
}

const show = async () => (await app.call('GET', PATH)).json;
const dispatch = (...siteIds: string[]) =>
  app.invoke('outgoing', ticketBatch(...(siteIds.length > 0 ? siteIds : ['demo'])));
const rows = async () =>
  (await app.stack.items('OutgoingTable')).filter(({ key }) => key !== 'lane') as {
    key: string;
    at: string;
  }[];
const lane = async () =>
  (await app.stack.items('OutgoingTable')).find(({ key, siteId }) => key === 'lane' && siteId === 'demo') as
    | OutgoingLane
    | undefined;
const deliver = (...userIds: string[]) =>
  app.deliver(userIds.map((userId) => record(notification({ userId, eventId: `to ${userId}` }))));
const types = () => receiver.received.map(({ type }) => type);

/** Lets so much time pass, for our code. Timers and connections go on as ever. */
function pass(milliseconds: number): void {
  jest.useFakeTimers({ doNotFake: NOT_FAKED, now: Date.now() + milliseconds });
}
const NOT_FAKED = [
  ...(['nextTick', 'setImmediate', 'clearImmediate', 'setInterval', 'clearInterval'] as const),
  ...(['setTimeout', 'clearTimeout', 'queueMicrotask', 'performance', 'hrtime'] as const),
];

describe('saving', () => {
  test('the first time makes it, and shows its secret, which is never shown again, nor kept as it is', async () => {
    const made = await save({ events: ['user.linked'] });
    expect(made.status).toBe(201);
    expect(made.json).toMatchObject({ url: receiver.url, events: ['user.linked'] });
    // 24 to 64 bytes, says the specification.
    expect(Buffer.from(made.json.secret.replace('whsec_', ''), 'base64')).toHaveLength(32);
    const shown = await show();
    expect(JSON.stringify(shown)).not.toContain('whsec_');
    const site = JSON.stringify(await app.storedSite());
    expect(site).not.toContain(made.json.secret.slice(6));
    expect((await app.call('GET', '/v1/sites/demo')).text).not.toContain('whsec_');
  });

  test('again makes a new secret; the former one is valid for a day, and calls are signed with both', async () => {
    const first = (await save()).json.secret;
    const answer = await save({ events: ['user.opted-out'] });
    expect(answer.status).toBe(200);
    const second = answer.json.secret;
    expect(second).not.toBe(first);
    for (const secret of [first, second]) {
      receiver.secrets = [secret];
      await app.call('POST', `${PATH}/test`);
    }
    expect(receiver.received).toHaveLength(2);
    expect(receiver.received[0]?.headers['webhook-signature']?.split(' ')).toHaveLength(2);

    pass(24 * HOUR + 1_000);
    receiver.secrets = [second];
    await app.call('POST', `${PATH}/test`);
    expect(receiver.received[2]?.headers['webhook-signature']?.split(' ')).toHaveLength(1);
    expect((await show()).secrets).toHaveLength(1);
  });

  test('at most four secrets are valid: a fifth ends the oldest, and the answer shows those that are left', async () => {
    const made: string[] = [];
    const shown: { createdAt: string; validUntil?: string }[][] = [];
    for (let times = 0; times < 5; times++) {
      pass(1_000);
      const { json } = await save();
      made.push(json.secret);
      shown.push(json.secrets);
    }
    expect(shown.map((secrets) => secrets.length)).toEqual([1, 2, 3, 4, 4]);
    expect(shown[4]?.slice(1).map(({ createdAt }) => createdAt)).toEqual(
      shown[3]?.slice(0, 3).map(({ createdAt }) => createdAt),
    );
    for (const secret of made) {
      receiver.secrets = [secret];
      await app.call('POST', `${PATH}/test`);
    }
    // The first one is the one that is not right any more.
    expect([receiver.refused.length, receiver.received.length]).toEqual([1, 4]);
    expect(receiver.received[0]?.headers['webhook-signature']?.split(' ')).toHaveLength(4);
  });

  test('with keepSecret only the address and the events change', async () => {
    const { secret } = (await save()).json;
    const kept = await app.call('PUT', PATH, {
      body: { url: receiver.url, events: ['user.linked'], keepSecret: true },
    });
    expect(kept.status).toBe(200);
    expect(kept.json).not.toHaveProperty('secret');
    receiver.secrets = [secret];
    expect((await app.call('POST', `${PATH}/test`)).json.taken).toBe(true);
    expect(receiver.received).toHaveLength(1);
  });

  test.each([
    [{ url: 'https://10.0.0.1/' }, '/url'],
    [{ url: 'http://shop.example/' }, '/url'],
    [{ events: [] }, '/events'],
    [{ events: ['user.linked', 'user.linked'] }, '/events'],
    [{ events: ['user.deleted'] }, '/events/0'],
    [{ secret: 'whsec_mine' }, '/secret'],
  ])('%j is refused', async (body, pointer) => {
    const { status, json } = await save(body);
    expect([status, json.errors[0].pointer]).toEqual([400, pointer]);
    expect((await app.call('GET', PATH)).status).toBe(404);
  });

  test('a secret is of no use at another site, nor as another secret of this one', async () => {
    await save();
    const { webhook } = await app.storedSite();
    const { decryptToken } = await import('../../lib/telegram/token-encryption.ts');
    expect(() => decryptToken(webhook?.secrets[0]?.sealed ?? '', 'demo')).toThrow();
    await app.stack.putSite({ ...otherSite(), ...(webhook && { webhook }) });
    const answer = await app.call('POST', '/v1/sites/altro/webhook/test', { key: 'pwtg_altro' });
    expect(answer.status).toBe(500);
    expect(receiver.connections()).toBe(0);
  });

  test('a new deployment key: the secrets are encrypted with it, and stay what they are', async () => {
    await save();
    const former = process.env.BOT_TOKEN_KEY ?? '';
    try {
      const newKey = Buffer.alloc(32, 7).toString('base64');
      process.env.BOT_TOKEN_KEY = `${newKey},${former}`;
      const { reencryptSecrets } = await import('../../lib/sites/reencrypt.ts');
      await reencryptSecrets('demo');
      process.env.BOT_TOKEN_KEY = newKey;
      expect((await app.call('POST', `${PATH}/test`)).json.taken).toBe(true);
      expect(receiver.received).toHaveLength(1);
    } finally {
      process.env.BOT_TOKEN_KEY = former;
    }
  });

  test('removed: nothing more is told, what waits neither; without one it is 404, and removing it 204', async () => {
    await save();
    await deliver('anna');
    expect(await rows()).toHaveLength(1);
    expect((await app.call('DELETE', PATH)).status).toBe(204);
    expect((await app.call('DELETE', PATH)).status).toBe(204);
    expect((await app.call('GET', PATH)).status).toBe(404);
    expect((await app.call('POST', `${PATH}/test`)).status).toBe(404);
    await deliver('bruno');
    await dispatch();
    pass(1_000);
    await save();
    await dispatch();
    expect(receiver.received).toEqual([]);
  });

  test('removed while a test is under way: nothing of it is kept', async () => {
    await save();
    receiver.answer = (response) =>
      void app.call('DELETE', PATH).then(() => response.writeHead(500).end('who are you'));
    expect((await app.call('POST', `${PATH}/test`)).json).toMatchObject({ taken: false, status: 500 });
    expect(await app.stack.items('OutgoingTable')).toEqual([]);
    expect((await save()).json.tries).toEqual([]);
  });

  test("another site's key opens nothing", async () => {
    for (const method of ['GET', 'PUT', 'DELETE'])
      expect((await app.call(method, PATH, { key: 'pwtg_altro', body: {} })).status).toBe(401);
  });
});

describe('two who change it', () => {
  const etag = async () => String((await app.call('GET', PATH)).headers.etag);
  const put = (url: string, headers: Record<string, string> = {}) =>
    app.call('PUT', PATH, { body: { url, events: ['user.linked'], keepSecret: true }, headers });

  test('the slower one is refused, and told what is there now; nothing of the quicker one is lost', async () => {
    const { headers } = await save({ events: ['user.linked'] });
    const first = String(headers.etag);
    expect(first).toMatch(/^"\d+"$/);
    expect(await etag()).toBe(first);
    const quicker = await put('https://uno.example/', { 'if-match': first });
    expect(quicker.status).toBe(200);
    const slower = await put('https://due.example/', { 'if-match': first });
    expect(slower.status).toBe(412);
    expect(slower.json).toMatchObject({
      code: 'changed-meanwhile',
      errors: [
        {
          pointer: '/url',
          code: 'changed-meanwhile',
          detail: 'Somebody else has changed this: it is now "https://uno.example/".',
        },
      ],
    });
    expect(slower.headers.etag).toBe(quicker.headers.etag);
    const refused = await app.call('DELETE', PATH, { ifMatch: first });
    expect([refused.status, refused.json.code]).toEqual([412, 'changed-meanwhile']);
    expect((await show()).url).toBe('https://uno.example/');
    expect((await put('https://due.example/', { 'if-match': await etag() })).status).toBe(200);
    expect((await app.call('DELETE', PATH, { ifMatch: await etag() })).status).toBe(204);
  });

  test('without a condition the last one wins, as ever', async () => {
    await save();
    await put('https://uno.example/');
    expect((await put('https://due.example/')).status).toBe(200);
    expect((await show()).url).toBe('https://due.example/');
  });

  test('at the same instant: only one of them', async () => {
    const made = await Promise.all(
      [1, 2, 3].map(() => put('https://uno.example/', { 'if-none-match': '*' })),
    );
    expect(made.map(({ status }) => status).sort()).toEqual([201, 412, 412]);
    const known = await etag();
    const changed = await Promise.all([1, 2].map(() => put('https://due.example/', { 'if-match': known })));
    expect(changed.map(({ status }) => status).sort()).toEqual([200, 412]);
  });

  test('one that was removed, and made anew: no former ETag is its own', async () => {
    await save();
    const former = await etag();
    await app.call('DELETE', PATH);
    expect((await put('https://uno.example/', { 'if-match': former })).json.code).toBe('must-exist');
    await save();
    expect((await put('https://uno.example/', { 'if-match': former })).json.code).toBe('changed-meanwhile');
  });

  test('what its endpoint does changes no ETag: calls, pauses, being switched off; nor does a new key', async () => {
    await save();
    const before = await etag();
    receiver.answer = (response) => response.writeHead(500, { 'retry-after': '60' }).end();
    await deliver('anna');
    await dispatch();
    expect(await show()).toMatchObject({ pausedUntil: expect.any(String), tries: [{ status: 500 }] });
    expect(await etag()).toBe(before);
    await app.call('POST', `${PATH}/test`);
    const { reencryptSecrets } = await import('../../lib/sites/reencrypt.ts');
    await reencryptSecrets('demo');
    receiver.answer = (response) => response.writeHead(410).end();
    pass(61_000);
    await dispatch();
    expect((await show()).problem.kind).toBe('endpoint-gone');
    expect(await etag()).toBe(before);
    expect((await put(receiver.url, { 'if-match': before })).status).toBe(200);
    expect(await etag()).not.toBe(before);
  });

  test('a webhook that the former release has saved has an ETag, too', async () => {
    await save();
    const site = await app.storedSite();
    const { version: _, ...former } = site.webhook ?? {};
    await app.stack.putSite({ ...site, webhook: former as SiteWebhook });
    const first = await etag();
    expect(first).toMatch(/^"\d+"$/);
    expect((await put('https://uno.example/', { 'if-match': first })).status).toBe(200);
    expect((await put('https://due.example/', { 'if-match': first })).status).toBe(412);
  });
});

test('a test: signed, called once, shown with its answer', async () => {
  await save();
  receiver.answer = (response) => response.writeHead(503).end('down for maintenance');
  const { json } = await app.call('POST', `${PATH}/test`);
  expect(json).toMatchObject({ taken: false, status: 503, answer: 'down for maintenance', attempt: 1 });
  expect(receiver.received).toMatchObject([{ type: 'webhook.test', data: { siteId: 'demo' } }]);
  expect((await show()).tries).toMatchObject([{ id: json.id, event: 'webhook.test', status: 503 }]);
});

describe('what is told', () => {
  test('a message that was sent, with its record, and no text of it', async () => {
    await save();
    await deliver('anna');
    await dispatch();
    expect(receiver.received).toMatchObject([
      {
        type: 'delivery.sent',
        data: { siteId: 'demo', userId: 'anna', eventId: 'to anna', status: 'sent', messageId: 1 },
      },
    ]);
    const [told] = receiver.received;
    expect(told?.timestamp).toBe(told?.data.recordedAt);
    expect(Object.keys(JSON.parse(told?.body ?? ''))).toEqual(['type', 'timestamp', 'data']);
    expect(await rows()).toEqual([]);
  });

  test('one that was given up, and one that was skipped before it was sent', async () => {
    await save();
    app.botServer.answerWith((_, response) =>
      response
        .writeHead(400)
        .end(JSON.stringify({ ok: false, error_code: 400, description: 'Bad Request: chat not found' })),
    );
    await deliver('anna', 'dario');
    await dispatch();
    expect(types().sort()).toEqual(['delivery.failed', 'delivery.skipped']);
    expect(receiver.received.find(({ type }) => type === 'delivery.skipped')?.data.reason).toBe('not-linked');
    const { answerOk } = await import('../support/bot-server.ts');
    answerOk(app.botServer);
  });

  test('whoever gets nothing of an event, however it came', async () => {
    await save();
    await app.report('message-sent', payloadFor('message-sent', { id: 'nessuno' }));
    await app.receive('message-read', [
      { siteId: 'demo', ...payloadFor('message-read', { id: 'nessuno' }), eventId: 'queued' },
    ]);
    await dispatch();
    expect(receiver.received.map(({ data }) => [data.event, data.source, data.reason])).toEqual([
      ['message-sent', 'https', 'not-linked'],
      ['message-read', 'sqs', 'not-linked'],
    ]);
  });

  test('only what is wanted', async () => {
    await save({ events: ['delivery.failed'] });
    await deliver('anna');
    expect(await rows()).toEqual([]);
  });

  test('a token that Telegram refuses: once', async () => {
    await save();
    const refuse = JSON.stringify({ ok: false, error_code: 401, description: 'Unauthorized' });
    app.botServer.answerWith((_, response) => response.writeHead(401).end(refuse));
    await deliver('anna');
    await deliver('bruno');
    await dispatch();
    expect(receiver.received).toMatchObject([
      {
        type: 'bot.problem',
        data: {
          siteId: 'demo',
          bot: { id: '100', username: 'demo_shop_bot' },
          problem: { kind: 'bot-unauthorized', description: 'Unauthorized' },
        },
      },
    ]);
    const { answerOk } = await import('../support/bot-server.ts');
    answerOk(app.botServer);
  });

  test('a bot that another site has taken over: to the one that has lost it', async () => {
    await save();
    const { recordBotTakenOver } = await import('../../lib/store/bot-problem.ts');
    const { bot } = await app.storedSite();
    if (bot) await recordBotTakenOver({ siteId: 'demo', bot });
    await dispatch();
    expect(receiver.received).toMatchObject([
      { type: 'bot.problem', data: { problem: { kind: 'bot-taken-over' } } },
    ]);
  });

  test('not a problem that was not recorded: another token was saved meanwhile', async () => {
    await save();
    const { markBotUnauthorized } = await import('../../lib/store/bot-problem.ts');
    const { bot } = await app.storedSite();
    if (bot)
      await markBotUnauthorized({ siteId: 'demo', bot: { ...bot, sealedToken: 'former' } }, 'Unauthorized');
    pass(6 * 60_000);
    await dispatch();
    expect(receiver.received).toEqual([]);
    expect(await rows()).toEqual([]);
  });

  test('not a message to somebody who was erased since', async () => {
    await save();
    await deliver('anna', 'bruno');
    expect((await app.call('DELETE', '/v1/sites/demo/users/anna')).json.erased.deliveries).toBe(1);
    pass(6 * 60_000);
    await dispatch();
    expect(receiver.received.map(({ data }) => data.userId)).toEqual(['bruno']);
    expect(await rows()).toEqual([]);
  });

  test('a site without a webhook: no row, no lane, no ticket', async () => {
    await deliver('anna', 'dario');
    await app.report('message-sent', payloadFor('message-sent', { id: 'nessuno' }));
    expect(await app.stack.items('OutgoingTable')).toEqual([]);
    expect(await app.stack.takeMessages('OutgoingQueue')).toEqual([]);
  });
});

test('what can not be told keeps no record of a sent message waiting', async () => {
  await save();
  const { OUTGOING_TABLE } = process.env;
  process.env.OUTGOING_TABLE = `${OUTGOING_TABLE}-gone`;
  const { entries } = await writtenDuring(async () => {
    await deliver('anna');
  });
  process.env.OUTGOING_TABLE = OUTGOING_TABLE;
  // The second try is without it.
  const tries = entries.filter(({ message }) => message === 'sent, but not recorded');
  expect(tries).toHaveLength(1);
  expect(await app.stack.items('DeliveriesTable')).toContainEqual(
    expect.objectContaining({ userId: 'anna', status: 'sent' }),
  );
});

describe('an endpoint that does not take it', () => {
  test('is tried again with growing pauses, for a day; the id stays, the time and the signature are new', async () => {
    await save();
    receiver.answer = (response) => response.writeHead(500).end('no');
    await deliver('anna');
    const begin = Date.now();
    const times: number[] = [];
    // Whoever looks at it each half minute, as the sweep does, and at its tickets.
    for (let now = begin; now < begin + 26 * HOUR && ((await rows()).length > 0 || now === begin); ) {
      const before = receiver.received.length;
      await dispatch();
      if (receiver.received.length > before) times.push(now - begin);
      const { nextAt, pausedUntil } = (await lane()) ?? {};
      const next = Math.max(Date.parse(nextAt ?? ''), Date.parse(pausedUntil ?? '') || 0);
      if (Number.isNaN(next)) break;
      pass(Math.max(1_000, next - now));
      now = Date.now();
    }
    expect(times[0]).toBe(0);
    expect(times.length).toBeGreaterThan(8);
    expect(times.at(-1)).toBeGreaterThan(12 * HOUR);
    expect(times.at(-1)).toBeLessThanOrEqual(24 * HOUR);
    const pauses = times.slice(1).map((time, index) => time - (times[index] ?? 0));
    expect(pauses.slice(0, 3).every((pause) => pause < 5 * 60_000)).toBe(true);
    expect(pauses.at(-1)).toBeGreaterThan(HOUR);
    expect(new Set(receiver.received.map(({ id }) => id)).size).toBe(1);
    expect(new Set(receiver.received.map(({ headers }) => headers['webhook-timestamp'])).size).toBe(
      times.length,
    );
    expect(await rows()).toEqual([]);
    expect(await show()).toMatchObject({ dropped: 1 });
  });

  test('shows its last tries, with status, answer and how often', async () => {
    await save();
    receiver.answer = (response) => response.writeHead(500).end('Internal Server Error');
    await deliver('anna');
    await dispatch();
    pass(6_000);
    receiver.answer = (response) => response.writeHead(204).end();
    await dispatch();
    const { tries } = await show();
    expect(tries).toMatchObject([
      { event: 'delivery.sent', attempt: 2, status: 204 },
      { event: 'delivery.sent', attempt: 1, status: 500, answer: 'Internal Server Error' },
    ]);
    expect(tries[0].id).toBe(tries[1].id);
  });

  test('that was killed, and comes back, gets all of it', async () => {
    await save();
    await receiver.close();
    await deliver('anna', 'bruno', 'carla');
    await dispatch();
    expect(await rows()).toHaveLength(3);
    expect((await show()).tries[0]).toMatchObject({ error: expect.stringContaining('ECONNREFUSED') });
    const { secrets, port } = receiver;
    receiver = await startReceiver(port);
    receiver.secrets = secrets;
    for (let looks = 0; looks < 4; looks++) {
      pass(45_000);
      await dispatch();
    }
    expect(receiver.received.map(({ data }) => data.userId).sort()).toEqual(['anna', 'bruno', 'carla']);
  });

  test('with much to tell is not called for each: after a few failures it is paused', async () => {
    await save();
    receiver.answer = (response) => response.writeHead(500).end();
    const people = Array.from({ length: 40 }, (_, index) => `nessuno-${index}`);
    for (let start = 0; start < people.length; start += 10) await deliver(...people.slice(start, start + 10));
    await dispatch();
    // Five at the same time, and one more after each of the first two failures.
    expect(receiver.received.length).toBeLessThanOrEqual(7);
    const before = receiver.received.length;
    await dispatch();
    expect(receiver.received).toHaveLength(before);
    pass(60_000);
    await dispatch();
    // One shows whether it works again.
    expect(receiver.received).toHaveLength(before + 1);
    receiver.answer = (response) => response.writeHead(204).end();
    pass(20 * 60_000);
    await dispatch();
    expect(new Set(receiver.received.map(({ data }) => data.userId)).size).toBe(40);
  });

  test.each([
    ['seconds', () => '120'],
    ['a date', () => new Date(Date.now() + 120_000).toUTCString()],
  ])(
    'that says when to come again is left alone until then, and no longer: Retry-After as %s',
    async (_, value) => {
      await save();
      receiver.answer = (response) => response.writeHead(429, { 'retry-after': value() }).end();
      await deliver('anna');
      await dispatch();
      expect(receiver.received).toHaveLength(1);
      const { pausedUntil } = await show();
      expect(Math.abs(Date.parse(pausedUntil) - Date.now() - 120_000)).toBeLessThan(10_000);
      receiver.answer = (response) => response.writeHead(204).end();
      await deliver('bruno');
      pass(100_000);
      await dispatch();
      expect(receiver.received).toHaveLength(1);
      pass(30_000);
      await dispatch();
      expect(
        receiver.received
          .slice(1)
          .map(({ data }) => data.userId)
          .sort(),
      ).toEqual(['anna', 'bruno']);
    },
  );

  test('that asks for days, or for nonsense, is asked again within an hour', async () => {
    await save();
    for (const value of ['864000', 'soon', '-5', '1e9']) {
      receiver.answer = (response) => response.writeHead(503, { 'retry-after': value }).end();
      await deliver('anna');
      await dispatch();
      const { pausedUntil } = await show();
      expect(Date.parse(pausedUntil ?? new Date().toISOString()) - Date.now()).toBeLessThanOrEqual(HOUR);
      pass(HOUR + 60_000);
    }
  });

  describe('of the calls that it has at the same time', () => {
    const people = Array.from({ length: 10 }, (_, index) => `nessuno-${index}`);
    /** Answers the first five calls when all are there, one after the other; then the others. */
    function answerFirst(statuses: number[], headers: Record<string, string> = {}): void {
      const held: ServerResponse[] = [];
      let calls = 0;
      let isFree = false;
      const take = (response: ServerResponse) => void response.writeHead(204).end();
      receiver.answer = async (response) => {
        if (isFree) {
          take(response);
          return;
        }
        held.push(response);
        calls += 1;
        if (calls !== statuses.length) return;
        for (const status of statuses) {
          held.shift()?.writeHead(status, headers).end();
          // So that this one is worked on before the next.
          await sleep(20);
        }
        isFree = true;
        held.forEach(take);
      };
    }

    test.each([
      ['before', [204, 500, 500, 500, 500]],
      ['after', [500, 500, 500, 500, 204]],
      ['among', [500, 500, 204, 500, 500]],
    ])(
      'takes one, %s the others fail: it is not paused, and the rest is told at once',
      async (_, statuses) => {
        await save();
        await deliver(...people);
        answerFirst(statuses);
        await dispatch();
        expect(new Set(receiver.received.map(({ data }) => data.userId)).size).toBe(10);
        expect(await show()).not.toHaveProperty('pausedUntil');
        expect(await rows()).toHaveLength(4);
      },
    );

    test('asks for a pause with one, and takes the others: it gets the pause', async () => {
      await save();
      await deliver(...people);
      answerFirst([429, 204, 204, 204, 204], { 'retry-after': '120' });
      await dispatch();
      const { pausedUntil } = await show();
      expect(Date.parse(pausedUntil)).toBeGreaterThan(Date.now() + 60_000);
      const before = receiver.received.length;
      await dispatch();
      expect(receiver.received).toHaveLength(before);
      pass(130_000);
      await dispatch();
      expect(await rows()).toEqual([]);
    });
  });

  test('that does not take one message takes the others all the same', async () => {
    await save();
    receiver.answer = (response) => {
      const isPoison = receiver.received.at(-1)?.data.userId === 'anna';
      response.writeHead(isPoison ? 500 : 204).end();
    };
    await deliver('anna', 'bruno', 'carla');
    await dispatch();
    pass(10_000);
    await dispatch();
    expect(await rows()).toHaveLength(1);
    expect(new Set(receiver.received.map(({ data }) => data.userId)).size).toBe(3);
  });

  test('that answers 410 is switched off at once; saved again, it gets what still waits', async () => {
    await save();
    receiver.answer = (response) => response.writeHead(410).end();
    await deliver('anna');
    await dispatch();
    expect(await show()).toMatchObject({ problem: { kind: 'endpoint-gone' } });
    await deliver('bruno');
    await dispatch();
    expect(receiver.received).toHaveLength(1);
    receiver.answer = (response) => response.writeHead(204).end();
    await save();
    expect(await show()).not.toHaveProperty('problem');
    await dispatch();
    // Nothing was written while it was off.
    expect(receiver.received.map(({ data }) => data.userId)).toEqual(['anna', 'anna']);
  });

  test('that takes nothing for five days is switched off, with a problem', async () => {
    await save();
    receiver.answer = (response) => response.writeHead(500).end();
    for (let day = 0; day < 7 && !(await show()).problem; day++) {
      await app.deliver([record(notification({ userId: 'anna', eventId: `day ${day}` }))]);
      await dispatch();
      pass(24 * HOUR + 60_000);
    }
    expect(await show()).toMatchObject({ problem: { kind: 'endpoint-failing' } });
    await deliver('bruno');
    expect((await rows()).length).toBeLessThanOrEqual(1);
  });

  test('that hangs does not keep another shop waiting', async () => {
    await save();
    const other = await startReceiver();
    await app.stack.putSite(otherSite());
    const { json } = await app.call('PUT', '/v1/sites/altro/webhook', {
      key: 'pwtg_altro',
      body: { url: other.url, events: [...WEBHOOK_EVENTS] },
    });
    other.secrets = [json.secret];
    const released = Promise.withResolvers<void>();
    receiver.answer = (response) => void released.promise.then(() => response.writeHead(204).end());
    await deliver('anna');
    await app.deliver([record(notification({ siteId: 'altro', userId: 'ugo' }))]);
    const hanging = dispatch('demo', 'altro');
    while (other.received.length === 0) await new Promise((resolve) => setTimeout(resolve, 10));
    released.resolve();
    await hanging;
    expect(other.received).toMatchObject([{ type: 'delivery.sent', data: { siteId: 'altro' } }]);
    await other.close();
  });
});

describe('nothing is lost, and nothing told that did not happen', () => {
  test('a row without its record: it is told as soon as the record is there, and dropped after minutes', async () => {
    await save();
    const { announce } = await import('../../lib/store/announce.ts');
    const at = new Date(Date.now()).toISOString();
    const delivery = {
      siteId: 'demo',
      deliveryId: 'later',
      event: 'message-sent',
      eventId: '1',
      userId: 'anna',
    };
    const happening = { siteId: 'demo', event: 'delivery.sent' as const, at };
    for (const deliveryId of ['later', 'never'])
      await announce([{ ...happening, source: { kind: 'delivery', deliveryId }, identity: [deliveryId] }]);
    await dispatch();
    expect(receiver.received).toEqual([]);
    await app.stack.putDelivery({
      ...delivery,
      ...{ status: 'sent', messageId: 1, chatId: ANNA, recordedAt: at, attempts: 1 },
    });
    await dispatch();
    expect(receiver.received).toMatchObject([{ type: 'delivery.sent', data: { deliveryId: 'later' } }]);
    expect(await rows()).toHaveLength(1);
    pass(6 * 60_000);
    await dispatch();
    expect(await rows()).toEqual([]);
  });

  test('a ticket that is lost: the sweep sends it anew', async () => {
    await save();
    await deliver('anna');
    pass(60_000);
    await app.stack.takeMessages('OutgoingQueue');
    await app.invoke('outgoing-due', {});
    const tickets = await app.stack.takeMessages('OutgoingQueue');
    expect(tickets.map(({ Body }) => Body)).toEqual(['{"siteId":"demo"}']);
  });

  test('a run that dies after a call: the same is told again, with the same id', async () => {
    await save();
    await deliver('anna');
    const held = await rows();
    await dispatch();
    // As the run left it that died before it removed the row, and the lane with its lease.
    const { putItem } = await import('../../lib/aws/dynamodb.ts');
    for (const row of held) await putItem('OUTGOING_TABLE', row);
    await putItem('OUTGOING_TABLE', {
      ...(await lane()),
      ...{ lease: 'dead', leaseUntil: new Date(Date.now() + 60_000).toISOString() },
      nextAt: new Date(Date.now() + 60_000).toISOString(),
    });
    await dispatch();
    expect(receiver.received).toHaveLength(1);
    pass(61_000);
    await dispatch();
    expect(receiver.received).toHaveLength(2);
    expect(receiver.received[0]?.id).toBe(receiver.received[1]?.id);
  });

  test('two runs at once: only one of them tells', async () => {
    await save();
    await deliver('anna', 'bruno', 'carla');
    await Promise.all([dispatch(), dispatch(), dispatch()]);
    expect(receiver.received).toHaveLength(3);
  });

  test('whoever comes while a run is ending has another one begin', async () => {
    await save();
    await deliver('anna');
    await app.stack.takeMessages('OutgoingQueue');
    receiver.answer = (response) => void dispatch().then(() => response.writeHead(204).end());
    await dispatch();
    const tickets = await app.stack.takeMessages('OutgoingQueue');
    expect(tickets).toHaveLength(1);
  });

  test('a lane without rows stays open for as long as somebody may still write one, and is closed then', async () => {
    await save();
    await deliver('anna');
    await dispatch();
    expect(await lane()).toHaveProperty('nextAt');
    pass(6 * 60_000);
    await dispatch();
    expect(await lane()).not.toHaveProperty('nextAt');
    await deliver('bruno');
    expect(await lane()).toHaveProperty('nextAt');
  });

  test('an erased site: nothing of it is left', async () => {
    await save();
    await deliver('anna');
    const { eraseRows } = await import('../../lib/store/site-rows.ts');
    await eraseRows('OUTGOING_TABLE', 'demo');
    expect(await app.stack.items('OutgoingTable')).toEqual([]);
  });
});

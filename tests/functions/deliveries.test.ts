/** The log: by time, user, event and status; pages that stay while new deliveries arrive; one site's alone. */
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import type { Delivery } from '../../lib/store/deliveries.ts';
import { type App, startApp } from '../support/app.ts';
import { otherSite } from '../support/fixtures.ts';

let app: App;
let recordDelivery: typeof import('../../lib/store/deliveries.ts').recordDelivery;

const minute = (number: number) => new Date(Date.UTC(2026, 10, 22, 10, number)).toISOString();

function sent(number: number, changes: object = {}): Delivery {
  return {
    siteId: 'demo',
    deliveryId: `consegna-${number}`,
    event: 'order-status',
    eventId: `evento-${number}`,
    templateId: 'default-order-status',
    userId: 'anna',
    recordedAt: minute(number),
    attempts: 1,
    status: 'sent',
    messageId: number,
    chatId: 1001,
    ...changes,
  } as Delivery;
}

const failure = { class: 'unreachable', description: 'Forbidden: bot was blocked by the user' };
const DELIVERIES: Delivery[] = [
  sent(0),
  sent(1, { userId: 'bruno', event: 'message-sent' }),
  sent(2, { status: 'skipped', reason: 'opted-out', messageId: undefined, chatId: undefined }),
  sent(3, { status: 'failed', failure, messageId: undefined, chatId: undefined }),
  // Three at the same instant.
  sent(4, { recordedAt: minute(4) }),
  sent(5, { recordedAt: minute(4), userId: 'bruno' }),
  sent(6, { recordedAt: minute(4) }),
  sent(7, { isTest: true }),
  sent(8, { status: 'retrying', failure, failures: 2, nextAttemptAt: minute(9), attempts: 2 }),
  { ...sent(9), siteId: 'altro', deliveryId: 'di-un-altro' },
];

beforeAll(async () => {
  app = await startApp();
  ({ recordDelivery } = await import('../../lib/store/deliveries.ts'));
  await app.stack.putSite(otherSite());
  for (const delivery of DELIVERIES) await recordDelivery(delivery);
});
afterAll(() => app.close());

const list = (query: Record<string, string> = {}) => app.call('GET', '/v1/sites/demo/deliveries', { query });
const numbersOf = (json: { deliveries: { deliveryId: string }[] }) =>
  json.deliveries.map(({ deliveryId }) => Number(deliveryId.replace('consegna-', '')));

async function pages(query: Record<string, string>, between: () => Promise<void> = async () => undefined) {
  const found: number[][] = [];
  let cursor: string | undefined;
  do {
    const { status, json } = await list({ ...query, ...(cursor && { cursor }) });
    expect(status).toBe(200);
    found.push(numbersOf(json));
    cursor = json.cursor;
    await between();
  } while (cursor && found.length < 30);
  return found;
}

describe('GET /deliveries', () => {
  test('is newest first, and of this site alone', async () => {
    const { status, json } = await list();
    expect(status).toBe(200);
    const numbers = numbersOf(json);
    expect(numbers.slice(0, 2)).toEqual([8, 7]);
    expect(numbers.slice(2, 5).sort()).toEqual([4, 5, 6]);
    expect(numbers.slice(5)).toEqual([3, 2, 1, 0]);
    expect(json).not.toHaveProperty('cursor');
  });

  test('says of each what became of it, and nothing of the text or the chat', async () => {
    const { json } = await list({ to: minute(3) });
    // The names and the words are those of log.test.ts.
    const lines = json.deliveries.map(
      ({ userName: _, templateName: __, message: ___, ...line }: Record<string, unknown>) => line,
    );
    const common = {
      event: 'order-status',
      templateId: 'default-order-status',
      userId: 'anna',
      attempts: 1,
      test: false,
    };
    expect(lines).toEqual([
      {
        ...common,
        deliveryId: 'consegna-3',
        eventId: 'evento-3',
        recordedAt: minute(3),
        status: 'failed',
        failure,
      },
      {
        ...common,
        deliveryId: 'consegna-2',
        eventId: 'evento-2',
        recordedAt: minute(2),
        status: 'skipped',
        reason: 'opted-out',
      },
      {
        ...common,
        deliveryId: 'consegna-1',
        eventId: 'evento-1',
        recordedAt: minute(1),
        status: 'sent',
        userId: 'bruno',
        event: 'message-sent',
        messageId: 1,
      },
      {
        ...common,
        deliveryId: 'consegna-0',
        eventId: 'evento-0',
        recordedAt: minute(0),
        status: 'sent',
        messageId: 0,
      },
    ]);
  });

  test.each<[string, Record<string, string>, number[]]>([
    ['a user', { userId: 'bruno' }, [1, 5]],
    ['an event', { event: 'message-sent' }, [1]],
    ['a status', { status: 'failed' }, [3]],
    ['another status', { status: 'retrying' }, [8]],
    ['a user and a status', { userId: 'anna', status: 'skipped' }, [2]],
    ['a user and an event', { userId: 'anna', event: 'message-sent' }, []],
    ['from a time on', { from: minute(7) }, [7, 8]],
    ['up to a time', { to: minute(1) }, [0, 1]],
    ['between two times, both included', { from: minute(1), to: minute(3) }, [1, 2, 3]],
    ['a user between two times', { userId: 'anna', from: minute(2), to: minute(4) }, [2, 3, 4, 6]],
    ['times with an offset', { from: '2026-11-22T11:07:00+01:00' }, [7, 8]],
    ['an offset whose + became a space', { from: '2026-11-22T11:07:00 01:00' }, [7, 8]],
    ['a time in another form of ISO 8601', { from: '2026-11-22T11:07+01' }, [7, 8]],
    ['its offset whose + became a space', { from: '2026-11-22T11:07 0100' }, [7, 8]],
    ['an unknown user', { userId: 'nessuno' }, []],
  ])('by %s', async (_what, query, expected) => {
    const { status, json } = await list(query);
    expect(status).toBe(200);
    expect(numbersOf(json).sort()).toEqual(expected);
  });

  test.each<[string, Record<string, string>]>([
    ['all', {}],
    ['of a user', { userId: 'anna' }],
    ['of a status', { status: 'sent' }],
    ['in a time', { from: minute(1), to: minute(7) }],
  ])('pages of one, two and three: %s, each once, none left out', async (_what, query) => {
    const whole = numbersOf((await list(query)).json);
    for (const limit of ['1', '2', '3']) {
      const found = await pages({ ...query, limit });
      expect(found.flat()).toEqual(whole);
      for (const page of found.slice(0, -1)) expect(page).toHaveLength(Number(limit));
    }
  });

  test('pages stay while new deliveries arrive', async () => {
    const whole = numbersOf((await list()).json);
    let number = 20;
    const found = await pages({ limit: '2' }, async () => {
      await recordDelivery(sent(number));
      number += 1;
    });
    expect(found.flat()).toEqual(whole);
    expect(numbersOf((await list({ from: minute(20) })).json)).toHaveLength(found.length);
  });

  test.each<[string, Record<string, string>, string]>([
    ['an unknown parameter', { statu: 'sent' }, '/statu'],
    ['an unknown event', { event: 'order' }, '/event'],
    ['an unknown status', { status: 'ok' }, '/status'],
    ['a time that is none', { from: 'yesterday' }, '/from'],
    ['a time without offset', { to: '2026-11-22T10:00:00' }, '/to'],
    ['times the wrong way round', { from: minute(5), to: minute(1) }, '/from'],
    ['a limit of 0', { limit: '0' }, '/limit'],
    ['a limit of 101', { limit: '101' }, '/limit'],
    ['a limit that is none', { limit: 'many' }, '/limit'],
    ['an empty user', { userId: '' }, '/userId'],
    ['a cursor that is none', { cursor: 'x' }, '/cursor'],
    ['a cursor of other signs', { cursor: 'ä!' }, '/cursor'],
  ])('%s is refused', async (_what, query, pointer) => {
    const { status, json } = await list(query);
    expect(status).toBe(400);
    expect(json.errors).toEqual([
      { pointer, code: expect.any(String), detail: expect.stringMatching(/.{15}/) },
    ]);
  });

  test('a cursor with other times than those it was made with is refused', async () => {
    const { json } = await list({ limit: '1' });
    const answer = await list({ limit: '1', cursor: json.cursor, to: minute(1) });
    expect(answer).toMatchObject({ status: 400, json: { errors: [{ pointer: '/cursor' }] } });
  });

  test("another site's cursor leads into no other site's log", async () => {
    await recordDelivery({ ...sent(30), siteId: 'altro', deliveryId: 'altro-30' });
    const { json } = await list({ limit: '1' });
    const answer = await app.call('GET', '/v1/sites/altro/deliveries', {
      key: 'pwtg_altro',
      query: { cursor: json.cursor },
    });
    expect(answer.status).toBe(200);
    for (const { deliveryId } of answer.json.deliveries) expect(deliveryId).toMatch(/altro/);
  });
});

describe('GET /deliveries/{deliveryId}', () => {
  test('one by its id', async () => {
    expect(await app.call('GET', '/v1/sites/demo/deliveries/consegna-7')).toMatchObject({
      status: 200,
      json: { deliveryId: 'consegna-7', test: true },
    });
    expect((await app.call('GET', '/v1/sites/demo/deliveries/consegna-8')).json).toMatchObject({
      status: 'retrying',
      attempts: 2,
      nextAttemptAt: minute(9),
    });
  });

  test.each([
    ['longer than a key of DynamoDB', 'x'.repeat(1_025)],
    ['of characters that no id has', 'è'.repeat(64)],
  ])('an id %s is unknown like any other', async (_, id) => {
    expect(await app.call('GET', `/v1/sites/demo/deliveries/${id}`)).toMatchObject({ status: 404 });
  });

  test("never another site's", async () => {
    expect((await app.call('GET', '/v1/sites/demo/deliveries/di-un-altro')).status).toBe(404);
    expect(
      (await app.call('GET', '/v1/sites/altro/deliveries/di-un-altro', { key: 'pwtg_altro' })).status,
    ).toBe(200);
    expect(
      (await app.call('GET', '/v1/sites/altro/deliveries/consegna-7', { key: 'pwtg_altro' })).status,
    ).toBe(404);
  });

  test.each(['/deliveries', '/deliveries/consegna-7'])('%s: no other key opens it', async (path) => {
    for (const key of ['pwtg_altro', 'wrong', null]) {
      expect((await app.call('GET', `/v1/sites/demo${path}`, { key })).status).toBe(401);
    }
  });
});

describe('a parameter that is there more than once is named, also where a route has no such parameter', () => {
  test.each([
    ['/deliveries', 'userId=anna&userId=bruno', ['/userId']],
    ['/deliveries', 'userId=anna&limit=5&userId=anna&limit=6', ['/userId', '/limit']],
    ['/deliveries', 'userI%64=anna&userId=bruno', ['/userId']],
    ['/deliveries', 'x=1&x=2', ['/x']],
    ['/users/anna/export', 'cursor=a&cursor=b', ['/cursor']],
  ])('%s?%s: 400', async (path, query, pointers) => {
    const { status, json } = await app.call('GET', `/v1/sites/demo${path}`, { query });
    expect(status).toBe(400);
    expect(json.errors).toEqual(
      pointers.map((pointer) => ({
        pointer,
        code: 'repeated-parameter',
        detail: 'Is there more than once: give it once.',
      })),
    );
  });

  test('of a change as well: no link is ended', async () => {
    const query = 'chat=1001&chat=1002';
    expect((await app.call('DELETE', '/v1/sites/demo/users/anna/link', { query })).status).toBe(400);
  });

  test('a comma in a value is none', async () => {
    expect((await list({ userId: 'anna,bruno' })).status).toBe(200);
  });
});

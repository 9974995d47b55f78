/** DynamoDB or SQS out of reach: 503 and nothing half done; the same request, repeated, queues everything once. */
import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import { type App, startApp } from '../support/app.ts';
import { type Gate, startGates } from '../support/gate.ts';
import { writtenDuring } from '../support/log-lines.ts';
import { EVENTS, payload, payloadForAll } from '../support/payloads.ts';

let app: App;
let dynamodb: Gate;
let sqs: Gate;

beforeAll(async () => {
  app = await startApp({
    beforeLoading: async (stack) => {
      ({ dynamodb, sqs } = await startGates(stack));
    },
  });
  for (let index = 0; index < 150; index++) await app.setUser(`user-${index}`);
});
afterAll(async () => {
  await Promise.all([dynamodb.close(), sqs.close()]);
  await app.close();
});
beforeEach(async () => {
  await Promise.all([dynamodb.open(), sqs.open()]);
  await app.setSite();
  await app.takeQueued();
});

const people = (count: number) => Array.from({ length: count }, (_, index) => ({ id: `user-${index}` }));
const messageTo = (count: number, eventId: string) =>
  payloadForAll('message-sent', people(count), { eventId });
const queuedUsers = async () => (await app.takeQueued()).map(({ userId }) => userId).sort();
const ids = (count: number) =>
  people(count)
    .map(({ id }) => id)
    .sort();

async function expect503(report: ReturnType<App['report']>): Promise<void> {
  const start = performance.now();
  const answer = await report;

  expect(answer.status).toBe(503);
  expect(answer.headers).toMatchObject({ 'content-type': 'application/problem+json', 'retry-after': '5' });
  expect(answer.json).toEqual({
    type: 'about:blank',
    title: 'Service Unavailable',
    status: 503,
    code: 'service-unavailable',
    detail:
      'A service behind this one does not answer now. Send the same request again: nothing goes out twice.',
  });
  expect(performance.now() - start).toBeLessThan(5_000);
}

describe.each(EVENTS)('%s', (event) => {
  test('answers 503 while DynamoDB is away, then queues once', async () => {
    const body = payload(event, { eventId: `no database ${event}` });
    await dynamodb.shut();
    await expect503(app.report(event, body));
    expect(await app.takeQueued()).toEqual([]);

    await dynamodb.open();
    expect((await app.report(event, body)).status).toBe(202);
    expect(await queuedUsers()).toEqual(['anna']);
  });

  test('answers 503 while SQS is away, then queues once', async () => {
    const body = payload(event, { eventId: `no queue ${event}` });
    await sqs.shut();
    await expect503(app.report(event, body));

    await sqs.open();
    expect(await app.takeQueued()).toEqual([]);
    expect((await app.report(event, body)).status).toBe(202);
    expect((await app.report(event, body)).status).toBe(202);
    expect(await queuedUsers()).toEqual(['anna']);
  });
});

describe('DynamoDB', () => {
  test('away once the site is remembered: users can not be read, so nothing is queued', async () => {
    expect((await app.report('message-sent', messageTo(1, 'remembered'))).status).toBe(202);
    await app.takeQueued();
    await dynamodb.shut();

    await expect503(app.report('message-sent', messageTo(3, 'remembered-2')));
    expect(await app.takeQueued()).toEqual([]);
  });

  test('away for half of the users: none is queued', async () => {
    // The site, then the first of two requests for a hundred users each.
    dynamodb.shutAfter(2);
    await expect503(app.report('message-sent', messageTo(150, 'half the users')));
    expect(await app.takeQueued()).toEqual([]);

    await dynamodb.open();
    expect((await app.report('message-sent', messageTo(150, 'half the users'))).status).toBe(202);
    expect(await queuedUsers()).toEqual(ids(150));
  });

  test('losing one answer is not noticed', async () => {
    dynamodb.loseAnswers(1);
    expect((await app.report('message-sent', messageTo(3, 'lost read'))).status).toBe(202);
    expect(await queuedUsers()).toEqual(ids(3));
  });

  test.each([
    [500, 'com.amazonaws.dynamodb.v20120810#InternalServerError'],
    [400, 'com.amazonaws.dynamodb.v20120810#ProvisionedThroughputExceededException'],
    [400, 'com.amazon.coral.service#ThrottlingException'],
  ])('answering %d %s', async (status, type) => {
    dynamodb.answerWith(status, JSON.stringify({ __type: type, message: 'not now' }));
    await expect503(app.report('message-sent', messageTo(1, 'refused read')));
  });

  test('an unknown site is not told from one that can not be read', async () => {
    await dynamodb.shut();
    await expect503(app.report('message-sent', messageTo(1, 'x'), { siteId: 'nowhere' }));
    await expect503(app.report('message-sent', messageTo(1, 'x'), { key: 'pwtg_wrong' }));
  });

  test('is not needed to refuse who shows no key', async () => {
    await dynamodb.shut();
    expect((await app.report('message-sent', '{}', { key: null })).status).toBe(401);
  });
});

describe('SQS', () => {
  test('away after the first ten of thirty: the repeated event adds the missing twenty and no other', async () => {
    sqs.shutAfter(1);
    await expect503(app.report('message-sent', messageTo(30, 'first ten')));
    expect(sqs.passed()).toBe(1);

    await sqs.open();
    expect((await app.report('message-sent', messageTo(30, 'first ten'))).status).toBe(202);
    expect(await queuedUsers()).toEqual(ids(30));
  });

  test('losing its answer: the message is there, once', async () => {
    sqs.loseAnswers(1);
    expect((await app.report('message-sent', messageTo(10, 'lost answer'))).status).toBe(202);
    expect(sqs.passed()).toBeGreaterThan(1);
    expect(await queuedUsers()).toEqual(ids(10));
  });

  test('is not asked for what is not sent', async () => {
    await sqs.shut();
    const answer = await app.report('message-sent', payloadForAll('message-sent', [{ id: 'dario' }]));
    expect(answer.status).toBe(202);
  });

  test('refusing one message of ten: it is sent again alone, and then all of them by the caller', async () => {
    const Failed = [{ Id: '0', SenderFault: false, Code: 'InternalError', Message: 'not now' }];
    sqs.answerWith(200, JSON.stringify({ Successful: [], Failed }));
    await expect503(app.report('message-sent', messageTo(10, 'refused message')));

    await sqs.open();
    expect((await app.report('message-sent', messageTo(10, 'refused message'))).status).toBe(202);
    expect(await queuedUsers()).toEqual(ids(10));
  });
});

test('the log says which service and why, and never the key or what was in the event', async () => {
  const { entries, text } = await writtenDuring(async () => {
    await sqs.shut();
    await app.report('order-status', payload('order-status', { eventId: 'logged' }));
    await sqs.open();
    await dynamodb.shut();
    await app.report('order-status', payload('order-status', { eventId: 'logged' }));
    await dynamodb.open();
    await app.report('order-status', payload('order-status', { eventId: 'logged' }));
    await app.report('order-status', payload('order-status'), { key: 'pwtg_wrong' });
    await app.report('order-status', '{"Rossi": ');
  });

  const error = { message: expect.stringContaining('ECONNREFUSED') };
  expect(entries).toMatchObject([
    { level: 'error', message: 'service unreachable', service: 'SQS', error },
    { level: 'error', message: 'service unreachable', service: 'DynamoDB', error },
    {
      level: 'info',
      message: 'event accepted',
      siteId: 'demo',
      event: 'order-status',
      eventId: 'logged',
      queued: 1,
    },
    { level: 'info', message: 'request refused', status: 401 },
    { level: 'info', message: 'request refused', status: 400 },
  ]);
  expect(text).not.toMatch(/pwtg_|bearer|Rossi|149\.90|OC 2026/i);
});

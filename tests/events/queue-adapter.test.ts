/** The queue adapter of the events: messages of a queue, with the siteId beside the rest. */
import { SendMessageCommand } from '@aws-sdk/client-sqs';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import { demoSite } from '../../local/demo.ts';
import { type App, startApp } from '../support/app.ts';
import { type Gate, startGates } from '../support/gate.ts';
import { changed, EVENTS, payload, payloadFor } from '../support/payloads.ts';
import { eventBatch } from '../support/sqs-events.ts';

let app: App;
let dynamodb: Gate;
let sqs: Gate;
let count = 0;

beforeAll(async () => {
  app = await startApp({
    beforeLoading: async (stack) => {
      ({ dynamodb, sqs } = await startGates(stack));
    },
  });
});
afterAll(async () => {
  await Promise.all([dynamodb.close(), sqs.close()]);
  await app.close();
});
beforeEach(async () => {
  await Promise.all([dynamodb.open(), sqs.open()]);
  await app.setSite();
  await app.takeQueued();
  await takeDead();
});

const newId = () => `queued-${++count}`;
const queuedFor = async () => (await app.takeQueued()).map(({ userId }) => userId);

interface DeadLetter {
  body: string | undefined;
  reason: string | undefined;
  messageId: string | undefined;
}

async function takeDead(): Promise<DeadLetter[]> {
  const messages = await app.stack.takeMessages('MessageSentDeadLetterQueue');
  return messages.map(({ Body, MessageAttributes: attributes }) => ({
    body: Body,
    reason: attributes?.reason?.StringValue,
    messageId: attributes?.messageId?.StringValue,
  }));
}

describe.each(EVENTS)('%s', (event) => {
  test('does the same as over HTTPS', async () => {
    const [one, other] = [newId(), newId()];
    await app.report(event, payload(event, { eventId: one }));
    const [overHttps] = await app.takeQueued();

    expect(await app.receive(event, [payload(event, { eventId: other, siteId: 'demo' })])).toEqual([]);

    const [throughQueue, ...more] = await app.takeQueued();
    expect(more).toEqual([]);
    expect(throughQueue).toMatchObject({ eventId: other, userId: 'anna', siteId: 'demo', event });
    expect(throughQueue?.text).toBe(overHttps?.text);
  });

  test('through both adapters, in either order and several times: one event', async () => {
    const body = payload(event, { eventId: newId() });
    const message = { ...body, siteId: 'demo' };

    const [answer] = await Promise.all([app.report(event, body), app.receive(event, [message, message])]);
    const again = await app.report(event, body);

    // Which of them came first, and so whether one is repeated, nobody knows.
    expect(again.json.notifications).toEqual(answer?.json.notifications);
    expect(await queuedFor()).toEqual(['anna']);
  });
});

test.each([{}, { MessageGroupId: 'demo' }])(
  'sent with %j: a queue takes it, and it is the same event',
  async (group) => {
    const QueueUrl = app.stack.refs.get('MessageSentQueue');
    const MessageBody = JSON.stringify({ ...payload('message-sent', { eventId: newId() }), siteId: 'demo' });
    await app.stack.aws.sqs.send(new SendMessageCommand({ QueueUrl, MessageBody, ...group }));
    const [message, ...more] = await app.stack.takeMessages('MessageSentQueue');
    expect(more).toEqual([]);
    expect(await app.receive('message-sent', [message?.Body])).toEqual([]);
    expect(await queuedFor()).toEqual(['anna']);
  },
);

describe('what can’t be read as an event', () => {
  const valid = (changes: object = {}) => ({
    ...payload('message-sent', { eventId: newId() }),
    siteId: 'demo',
    ...changes,
  });
  const NO_SITE = '/siteId: There is no such site.';
  const NO_SITE_ID = '/siteId: Must be the id of a site.';

  test.each<[string, () => unknown, string | RegExp]>([
    ['no JSON', () => 'Ciao', /^The body is not JSON: /],
    ['a list', () => [valid()], /^\/0: The event is here/],
    ['a number', () => 7, 'The message is not a JSON object.'],
    ['null', () => 'null', 'The message is not a JSON object.'],
    ['without siteId', () => valid({ siteId: undefined }), NO_SITE_ID],
    ['with a siteId that is no text', () => valid({ siteId: 5 }), NO_SITE_ID],
    ['with a siteId that no site can have', () => valid({ siteId: '../demo' }), NO_SITE_ID],
    ['of a site that nobody knows', () => valid({ siteId: 'nobody' }), NO_SITE],
    ['of the prototype', () => valid({ siteId: '__proto__' }), NO_SITE_ID],
    ['without sender', () => valid({ sender: undefined }), '/sender: This property is required.'],
    [
      'with two wrong places',
      () => changed(valid({ eventId: '' }), '/message/subject', 5),
      /^\/eventId: Must not be empty\.\n\/message\/subject: Must be a string, not a number\.$/,
    ],
    ['with an unknown property', () => valid({ recipiente: [] }), /^\/recipiente: Unknown property/],
    [
      'with a foreign link',
      () => changed(valid(), '/message/url', 'https://evil.example/'),
      /^\/message\/url: /,
    ],
    [
      'with a name that SQS does not take',
      () => JSON.stringify(valid({ name: 1 })).replace('"name"', '"a\\u0001\\ufffe\\ud800"'),
      /^\/a\ufffd{3}: Unknown property/,
    ],
    ['over 256 KB', () => valid({ note: 'x'.repeat(256 * 1024) }), /^The body is over 256 KB/],
    ['padded to 1 MiB', () => JSON.stringify(valid()).padEnd(1_048_376), /^The body is over 256 KB/],
  ])('%s: goes to the dead letters with the reason, and its neighbours go on', async (_, broken, reason) => {
    const message = broken();
    const body = typeof message === 'string' ? message : JSON.stringify(message);

    expect(await app.receive('message-sent', [valid(), message, valid()])).toEqual([]);

    expect(await queuedFor()).toEqual(['anna', 'anna']);
    const [dead, ...more] = await takeDead();
    expect(more).toEqual([]);
    expect(dead?.body).toBe(body);
    expect(dead?.reason).toEqual(typeof reason === 'string' ? reason : expect.stringMatching(reason));
    expect(dead?.messageId).toMatch(/^message-\d+$/);
  });

  test('a message of exactly 1 MiB has no room for a reason: it goes there all the same', async () => {
    const body = JSON.stringify(valid()).padEnd(1_048_576);
    expect(await app.receive('message-sent', [body, valid()])).toEqual([]);
    expect(await queuedFor()).toEqual(['anna']);
    expect(await takeDead()).toEqual([{ body, reason: undefined, messageId: undefined }]);
  });

  test('a message that is larger than an event may be is refused by the queue: its sender knows it', async () => {
    const send = (bytes: number) => {
      const MessageBody = JSON.stringify(valid()).padEnd(bytes);
      const QueueUrl = app.stack.refs.get('MessageSentQueue');
      return app.stack.aws.sqs.send(new SendMessageCommand({ QueueUrl, MessageBody }));
    };
    await expect(send(1_048_576)).rejects.toThrow(/must be shorter than/i);
    await expect(send(263_169)).rejects.toThrow(/must be shorter than/i);
    await send(262_144);
    const [message] = await app.stack.takeMessages('MessageSentQueue');
    expect(await app.receive('message-sent', [message?.Body])).toEqual([]);
    expect(await queuedFor()).toEqual(['anna']);
  });

  test('stays in its own queue where the dead letters are out of reach, and its neighbours go on', async () => {
    const neighbour = valid();
    // The neighbour is in the queue already: its message is not needed, the one to the dead letters is the first.
    await app.receive('message-sent', [neighbour]);
    await sqs.shut();
    expect(await app.receive('message-sent', ['Ciao'])).toEqual([0]);
    await sqs.open();
    expect(await takeDead()).toEqual([]);
  });

  test('says no more than a thousand characters of it', async () => {
    const names = Array.from({ length: 90 }, (_, index) => [`${index}${'è'.repeat(50)}`, 1]);
    await app.receive('message-sent', [valid(Object.fromEntries(names))]);
    const [dead] = await takeDead();
    expect(dead?.reason).toHaveLength(1_000);
  });
});

describe('attributes that a sender has given its message say nothing of when an event was reported', () => {
  const ours = 'passweb-telegram-sent-at';
  const inAnHour = String(Date.now() + 3_600_000);
  test.each([
    ['sentAt', '2026-11-29T12:00:00Z'],
    ['sentAt', 'junk'],
    ['sentAt', '4102444800000'],
    ['sentAt', '1795954445'],
    // Our own name, with what can't be true.
    [ours, '2026-11-29T12:00:00Z'],
    [ours, 'junk'],
    [ours, ''],
    [ours, '4102444800000'],
    [ours, inAnHour],
    [ours, '1795954445'],
    [ours, '-1'],
    [ours, '1e12'],
  ])('%s: %s', async (name, stringValue) => {
    const order = (status: string) => {
      const event = payload('order-status', { eventId: newId() });
      return changed(
        changed(event, '/order/id', `attribute-${name}-${stringValue}`),
        '/order/status',
        status,
      );
    };
    const said = async () => (await app.takeQueued()).map(({ event }) => event);
    await app.report('order-status', order('Confermato'));
    expect(await said()).toEqual(['order-status']);

    const batch = eventBatch('order-status', [{ ...order('Evaso'), siteId: 'demo' }]);
    for (const record of batch.Records)
      record.messageAttributes = { [name]: { dataType: 'String', stringValue } };
    expect(await app.invoke('order-status', batch)).toEqual({ batchItemFailures: [] });
    expect(await said()).toEqual(['order-status']);

    await app.report('order-status', order('Confermato'));
    expect(await said()).toEqual(['order-status']);
  });
});

describe('a site that is off', () => {
  test.each([{ moduleActive: false }, { active: false }])('%j: its events are dropped', async (changes) => {
    await app.setSite(changes);
    const message = { ...payload('message-sent', { eventId: newId() }), siteId: 'demo' };

    expect(await app.receive('message-sent', [message])).toEqual([]);

    expect(await app.takeQueued()).toEqual([]);
    expect(await takeDead()).toEqual([]);
  });

  test('and was switched on just now: they are taken, whatever is remembered of it', async () => {
    const message = () => ({ ...payload('message-sent', { eventId: newId() }), siteId: 'demo' });
    await app.setSite({ active: false });
    await app.receive('message-sent', [message()]);
    await app.stack.putSite(demoSite());

    await app.receive('message-sent', [message()]);

    expect(await queuedFor()).toEqual(['anna']);
  });
});

describe('what is not the fault of the message', () => {
  const messages = (length: number) =>
    Array.from({ length }, () => ({ ...payload('message-sent', { eventId: newId() }), siteId: 'demo' }));

  test('tables out of reach: all come again, and each goes out once', async () => {
    const batch = messages(3);
    await dynamodb.shut();
    expect(await app.receive('message-sent', batch)).toEqual([0, 1, 2]);
    await dynamodb.open();
    expect(await app.receive('message-sent', batch)).toEqual([]);
    expect(await queuedFor()).toEqual(['anna', 'anna', 'anna']);
  });

  test('the queue out of reach after the first: that one is done, the others come again', async () => {
    const batch = messages(3);
    await app.receive('message-sent', messages(1));
    await app.takeQueued();
    sqs.shutAfter(1);
    expect(await app.receive('message-sent', batch)).toEqual([1, 2]);
    await sqs.open();
    expect(await app.receive('message-sent', batch.slice(1))).toEqual([]);
    expect(await queuedFor()).toEqual(['anna', 'anna', 'anna']);
  });

  test('no time left: given back untried', async () => {
    expect(await app.receive('message-sent', messages(2), 7_999)).toEqual([0, 1]);
    expect(await app.takeQueued()).toEqual([]);
  });
});

test('a site’s message reaches nobody of another site', async () => {
  await app.stack.putSite({ ...demoSite(), siteId: 'altro' });
  const message = payloadFor('message-sent', { id: 'anna' }, { eventId: newId(), siteId: 'altro' });
  expect(await app.receive('message-sent', [message])).toEqual([]);
  expect(await app.takeQueued()).toEqual([]);
});

/** Events that came into a queue through SNS or EventBridge, in their envelopes as AWS documents them. */
import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import { EVENT_NAMES, type EventName } from '../../lib/domain/events.ts';
import { eventIn } from '../../lib/events/envelope.ts';
import { type App, startApp } from '../support/app.ts';
import { type EventKind, type Fields, payload } from '../support/payloads.ts';
import { cartEvent, reminderEvent } from '../support/schedule.ts';

let app: App;
let count = 0;
beforeAll(async () => {
  app = await startApp();
  process.env.DEAD_LETTER_QUEUE_URL = app.stack.refs.get('OrderStatusDeadLetterQueue');
});
afterAll(() => app.close());
beforeEach(() => app.takeQueued());

function eventFor(event: EventName): Fields {
  const more = { eventId: `enveloped-${++count}`, siteId: 'demo' };
  if (event === 'abandoned-cart') return cartEvent(more);
  return event === 'activity-reminder' ? reminderEvent(more) : payload(event as EventKind, more);
}

/** https://docs.aws.amazon.com/sns/latest/dg/http-notification-json.html */
const ofSns = (message: unknown, changes: object = {}) => ({
  Type: 'Notification',
  MessageId: '22b80b92-fdea-4c2c-8f9d-bdfb0c7bf324',
  TopicArn: 'arn:aws:sns:us-west-2:123456789012:MyTopic',
  Subject: 'My First Message',
  Message: typeof message === 'string' ? message : JSON.stringify(message),
  Timestamp: '2012-05-02T00:54:06.655Z',
  SignatureVersion: '1',
  Signature: 'EXAMPLEw6JRN...',
  SigningCertURL:
    'https://sns.us-west-2.amazonaws.com/SimpleNotificationService-f3ecfb7224c7233fe7bb5f59f96de52f.pem',
  UnsubscribeURL: 'https://sns.us-west-2.amazonaws.com/?Action=Unsubscribe',
  ...changes,
});

/** https://docs.aws.amazon.com/eventbridge/latest/ref/overiew-event-structure.html */
const ofEventBridge = (detail: unknown) => ({
  version: '0',
  id: '6a7e8feb-b491-4cf7-a9f1-bf3703467718',
  'detail-type': 'Order status',
  source: 'passweb',
  account: '111122223333',
  time: '2017-12-22T18:43:48Z',
  region: 'us-west-1',
  resources: [],
  detail,
});

const ENVELOPES: [string, (event: Fields) => object][] = [
  ['SNS', ofSns],
  ['EventBridge', ofEventBridge],
  ['EventBridge, SNS', (event) => ofSns(ofEventBridge(event))],
  [
    'SNS with attributes',
    (event) => ofSns(event, { MessageAttributes: { a: { Type: 'String', Value: 'b' } } }),
  ],
];

/** What became of the event: by HTTPS, a repetition of one that the queue has brought. */
async function wasTaken(event: EventName, { siteId: _, ...body }: Fields): Promise<boolean> {
  const { status, json } = await app.report(event, body);
  return status === 202 && json.repeated === true;
}

describe.each(EVENT_NAMES)('%s', (event) => {
  test.each(ENVELOPES)('in the envelope of %s: it is opened', async (_, enveloped) => {
    const body = eventFor(event);
    expect(await app.receive(event, [enveloped(body)])).toEqual([]);
    const queued = await app.takeQueued();
    if (event === 'abandoned-cart' || event === 'activity-reminder')
      expect(await wasTaken(event, body)).toBe(true);
    else expect(queued).toMatchObject([{ eventId: body.eventId, userId: 'anna' }]);
    expect(await app.stack.takeMessages('OrderStatusDeadLetterQueue')).toEqual([]);
  });
});

const TWICE = /^The event is JSON in a text: it was serialised twice\. .* InputPath to \$\.detail\.$/;
const at = (place: string) =>
  new RegExp(
    `^${place}: The event is here\\. Send only it, .*RawMessageDelivery.*\\$\\.detail.*<\\$\\.body>`,
  );

describe('an event in something else: dead letter, with its place and the settings that help', () => {
  const text = () => JSON.stringify(eventFor('order-status'));
  const sqsRecord = () => ({ messageId: '1', body: text(), eventSource: 'aws:sqs' });
  test.each<[string, () => unknown, RegExp]>([
    ['serialised twice', () => JSON.stringify(text()), TWICE],
    ['three times', () => JSON.stringify(JSON.stringify(text())), TWICE],
    ['a list', () => [eventFor('order-status')], at('/0')],
    // https://docs.aws.amazon.com/lambda/latest/dg/with-sns.html
    [
      'what SNS gives a function',
      () => ({ Records: [{ EventSource: 'aws:sns', Sns: ofSns(eventFor('order-status')) }] }),
      at('/Records/0/Sns/Message'),
    ],
    ['what SQS gives a function', () => ({ Records: [sqsRecord()] }), at('/Records/0/body')],
    ['a batch of EventBridge Pipes', () => [sqsRecord()], at('/0/body')],
    ['one record of EventBridge Pipes', sqsRecord, at('/body')],
    // https://github.com/cloudevents/spec/blob/v1.0.2/cloudevents/formats/json-format.md
    [
      'a CloudEvent',
      () => ({ specversion: '1.0', type: 'x', source: '/p', id: '1', data: eventFor('order-status') }),
      at('/data'),
    ],
    // https://docs.aws.amazon.com/lambda/latest/dg/invocation-async-retain-records.html
    [
      'a Lambda destination',
      () => ({ version: '1.0', requestContext: {}, requestPayload: eventFor('order-status') }),
      at('/requestPayload'),
    ],
    ['a request of API Gateway', () => ({ version: '2.0', headers: {}, body: text() }), at('/body')],
    ['one without siteId', () => ({ data: { ...eventFor('order-status'), siteId: undefined } }), at('/data')],
  ])('%s', async (_, make, reason) => {
    const message = make();
    const body = typeof message === 'string' ? message : JSON.stringify(message);
    expect(await app.receive('order-status', [body])).toEqual([]);
    expect(await app.takeQueued()).toEqual([]);
    const [dead] = await app.stack.takeMessages('OrderStatusDeadLetterQueue');
    expect(dead?.Body).toBe(body);
    expect(dead?.MessageAttributes?.reason?.StringValue).toMatch(reason);
  });

  test.each([
    ['many values', JSON.stringify(Array.from({ length: 100_000 }, () => 1))],
    ['many texts', JSON.stringify(Array.from({ length: 900 }, () => `[${'1,'.repeat(100)}`))],
    ['deep ones', `${'['.repeat(50_000)}${']'.repeat(50_000)}`],
  ])('no event in %s: no more is looked for than helps', async (_, body) => {
    expect(await app.receive('order-status', [body])).toEqual([]);
    const [dead] = await app.stack.takeMessages('OrderStatusDeadLetterQueue');
    expect(dead?.MessageAttributes?.reason?.StringValue).toMatch(/^(?:The |\/siteId: )/);
  });
});

describe('what is in it can’t be read as an event: dead letter, in its envelope, with the reason', () => {
  const order = () => eventFor('order-status');
  test.each<[string, () => object, string | RegExp]>([
    ['no JSON', () => ofSns('Ciao'), /^The body is not JSON/],
    ['a text', () => ofSns('"Ciao"'), 'The message is not a JSON object.'],
    ['a list', () => ofEventBridge([1]), 'The message is not a JSON object.'],
    ['nothing', () => ofEventBridge(undefined), 'The message is not a JSON object.'],
    [
      'without siteId, from SNS',
      () => ofSns({ ...order(), siteId: undefined }),
      '/siteId: Must be the id of a site. It belongs into the event itself: its envelope was opened.',
    ],
    [
      'without siteId, from EventBridge',
      () => ofEventBridge({ ...order(), siteId: undefined }),
      /It belongs into the event itself/,
    ],
    ['in a text of SNS, serialised twice', () => ofSns(JSON.stringify(JSON.stringify(order()))), TWICE],
    ['in a text of EventBridge', () => ofEventBridge(JSON.stringify(order())), TWICE],
    ['in a list of EventBridge', () => ofEventBridge([order()]), at('/0')],
    ['with a wrong place', () => ofEventBridge({ ...order(), eventId: '' }), '/eventId: Must not be empty.'],
    [
      'a subscription that is to be confirmed',
      () =>
        ofSns('You have chosen to subscribe', {
          Type: 'SubscriptionConfirmation',
          SubscribeURL: 'https://x',
        }),
      /to confirm the subscription of this queue, open its SubscribeURL/,
    ],
    [
      'a subscription that has ended: nothing is to be opened',
      () => ofSns('You have chosen', { Type: 'UnsubscribeConfirmation', SubscribeURL: 'https://x' }),
      /has ended\. Its SubscribeURL would subscribe the queue again\.$/,
    ],
    ['of SNS, of a kind that there is not yet', () => ofSns('x', { Type: 'New' }), /no notification\.$/],
  ])('%s', async (_, make, reason) => {
    const message = make();
    expect(await app.receive('order-status', [message])).toEqual([]);
    expect(await app.takeQueued()).toEqual([]);
    const [dead] = await app.stack.takeMessages('OrderStatusDeadLetterQueue');
    expect(dead?.Body).toBe(JSON.stringify(message));
    const said = dead?.MessageAttributes?.reason?.StringValue;
    expect(said).toEqual(typeof reason === 'string' ? reason : expect.stringMatching(reason));
  });
});

test('envelopes in envelopes, as many as a message can hold, end no function', async () => {
  const levels = 6_000;
  const body = `${'{"detail-type":"","source":"","detail":'.repeat(levels)}1${'}'.repeat(levels)}`;
  expect(await app.receive('order-status', [body])).toEqual([]);
  const [dead] = await app.stack.takeMessages('OrderStatusDeadLetterQueue');
  expect(dead?.MessageAttributes?.reason?.StringValue).toBe('The message is not a JSON object.');
});

test('what is looked at has an end, also where texts are opened beyond it', () => {
  const text = JSON.stringify(JSON.stringify('x'));
  const event = { eventId: 'e' };
  expect(eventIn([event])).toBe('/0');
  // With the text in the text there is no room left, by one.
  expect(eventIn([text, { event, last: 0 }, ...Array(997).fill(0)])).toBeUndefined();
});

test('an event of ours is no envelope, whatever else it has', async () => {
  const message = { ...eventFor('order-status'), Type: 'Notification', TopicArn: 'x', Message: '{}' };
  await app.receive('order-status', [message]);
  const [dead] = await app.stack.takeMessages('OrderStatusDeadLetterQueue');
  expect(dead?.MessageAttributes?.reason?.StringValue).toMatch(/^\/Type: Unknown property/m);
});

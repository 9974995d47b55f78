/** A run repeats what the queue has forgotten (it knows a message for five minutes): `deliver` sends it once all the same. */
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import type { Notification } from '../../lib/deliveries/notification.ts';
import { type App, startApp } from '../support/app.ts';
import { ANNA } from '../support/fixtures.ts';
import { type Gate, startGate } from '../support/gate.ts';
import { cartEvent, pollDue } from '../support/schedule.ts';
import { record } from '../support/sqs-events.ts';
import { startTripwire, type Tripwire } from '../support/tripwire.ts';

const DUE = Date.parse('2026-11-20T13:00:00+01:00');

let app: App;
let dynamodb: Gate;
let sqs: Tripwire;
beforeAll(async () => {
  app = await startApp({
    telegram: 'emulator',
    forDeliveries: true,
    beforeLoading: async ({ aws, refs }) => {
      dynamodb = await startGate(`http://127.0.0.1:${aws.dynamodbPort}`);
      sqs = await startTripwire(`http://127.0.0.1:${aws.sqsPort}`);
      const queue = new URL(refs.get('DeliveriesQueue') ?? '').pathname;
      Object.assign(process.env, {
        AWS_ENDPOINT_URL_DYNAMODB: dynamodb.url,
        AWS_ENDPOINT_URL_SQS: sqs.url,
        DELIVERIES_QUEUE_URL: `${sqs.url}${queue}`,
      });
    },
  });
});
afterAll(async () => {
  await Promise.all([dynamodb.close(), sqs.close()]);
  await app.close();
});

/** The notifications that a step sent to the queue, whether the queue took them or knew them. */
async function sentDuring(step: () => Promise<unknown>): Promise<Notification[]> {
  sqs.seen.length = 0;
  await step();
  const requests = sqs.seen.filter(({ operation }) => operation.endsWith('.SendMessageBatch'));
  const entries = requests.flatMap(({ body }) => JSON.parse(body).Entries as { MessageBody: string }[]);
  return entries.map(({ MessageBody }) => JSON.parse(MessageBody));
}

test('what was delivered before the run could write it down is not sent again, ten minutes later', async () => {
  const runAt = (at: number) => pollDue('abandoned-cart', at);
  const body = cartEvent({ occurredAt: '2026-11-20T10:00:00+01:00' });
  const { json } = await app.report('abandoned-cart', body);
  expect(json.notifications[0].status).toBe('scheduled');

  // Eight shards, the items, the users: the item itself can't be written any more.
  dynamodb.shutAfter(10);
  const first = await sentDuring(() => expect(runAt(DUE)).rejects.toThrow('DynamoDB'));
  await dynamodb.open();
  expect(first).toHaveLength(1);
  expect(await app.deliver(first.map((notification) => record(notification)))).toEqual([]);
  expect(await app.telegram.textsIn(ANNA)).toHaveLength(1);

  expect(await sentDuring(() => runAt(DUE + 10 * 60_000))).toEqual([]);
  expect(await sentDuring(() => runAt(DUE + 11 * 60_000))).toEqual([]);
});

/** A run repeats what the queue has forgotten (it knows a message for five minutes): `deliver` sends it once all the same. */
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import type { APIGatewayProxyEventV2 } from 'aws-lambda';
import type { Notification } from '../../lib/deliveries/notification.ts';
import { cartEvent } from '../support/agenda.ts';
import { type Gate, startGate } from '../support/gate.ts';
import { openPostOffice, type PostOffice, record } from '../support/post-office.ts';
import { eventRequest, jsonOf, lambdaContext } from '../support/requests.ts';
import { startTripwire, type Tripwire } from '../support/tripwire.ts';

const ANNA = 1001;
const DUE = Date.parse('2026-11-20T13:00:00+01:00');

let office: PostOffice;
let dynamodb: Gate;
let sqs: Tripwire;
beforeAll(async () => {
  office = await openPostOffice(async ({ aws, refs }) => {
    dynamodb = await startGate(`http://127.0.0.1:${aws.dynamodbPort}`);
    sqs = await startTripwire(`http://127.0.0.1:${aws.sqsPort}`);
    const queue = new URL(refs.get('DeliveriesQueue') ?? '').pathname;
    Object.assign(process.env, {
      AWS_ENDPOINT_URL_DYNAMODB: dynamodb.url,
      AWS_ENDPOINT_URL_SQS: sqs.url,
      DELIVERIES_QUEUE_URL: `${sqs.url}${queue}`,
    });
  });
});
afterAll(async () => {
  await Promise.all([dynamodb.close(), sqs.close()]);
  await office.close();
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
  const { handler } = await import('../../functions/abandoned-cart.ts');
  const { dueCarts } = await import('../../lib/schedule/carts.ts');
  const { poll } = await import('../../lib/schedule/poller.ts');
  const runAt = (at: number) => poll(dueCarts, { now: () => at, remainingMilliseconds: () => 60_000 });
  const body = cartEvent({ occurredAt: '2026-11-20T10:00:00+01:00' });
  const request: APIGatewayProxyEventV2 = eventRequest('abandoned-cart', { body });
  expect(jsonOf(await handler(request, lambdaContext)).notifications[0].status).toBe('scheduled');

  // Eight shards, the items, the users: the item itself can't be written any more.
  dynamodb.shutAfter(10);
  const first = await sentDuring(() => expect(runAt(DUE)).rejects.toThrow('DynamoDB'));
  await dynamodb.open();
  expect(first).toHaveLength(1);
  expect(await office.deliver(first.map((notification) => record(notification)))).toEqual([]);
  expect(await office.textsIn(ANNA)).toHaveLength(1);

  expect(await sentDuring(() => runAt(DUE + 10 * 60_000))).toEqual([]);
  expect(await sentDuring(() => runAt(DUE + 11 * 60_000))).toEqual([]);
});

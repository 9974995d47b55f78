/** The bill of a month, against one reckoned by hand. */
import { expect, test } from '@jest/globals';
import { billFor, deliveryBills, memoryBills } from '../../bench/cost.ts';
import type { Played } from '../../bench/scenes.ts';

const nothing = {
  calls: new Map(),
  sqsCalls: 0,
  telegramCalls: 0,
  units: { read: 0, write: 0, indexWrite: 0 },
  sqsBytes: 0,
  telegramBytes: 0,
  logBytes: 0,
};
const event = { ...nothing, sqsCalls: 1, units: { read: 5, write: 0, indexWrite: 0 } };
const delivery = { ...nothing, units: { read: 3, write: 2, indexWrite: 2 } };
const poller = { ...nothing, units: { read: 4, write: 0, indexWrite: 0 } };
const played = {
  recordBytes: 400,
  scenes: {
    ...{ coldEvent: event, coldDelivery: delivery, tenRecipients: event, tenDeliveries: delivery },
    idlePoller: poller,
  },
} as unknown as Played;
const deployment = {
  memory: () => 0.5,
  pollers: 2,
  fifoQueues: 1,
  queues: 0,
  alarms: 10,
  kmsKeys: 1,
  dashboards: 1,
};

test('a million notifications, each alone', () => {
  const bill = billFor(1_000_000, 'singly', played, deployment);
  expect(bill).toMatchObject({
    // 1 million requests at 1.00.
    'API Gateway': 1,
    // 8 units each, and 4 in each of 2 x 43,800 runs: 8.3504 million at 0.125.
    'DynamoDB reads': expect.closeTo(1.0438, 4),
    // 4 units each, at 0.625.
    'DynamoDB writes': 2.5,
    // 3 million records of 500 bytes: 1.5 GB at 3 x 0.25 + 0.20.
    'DynamoDB storage': expect.closeTo(1.425, 4),
    // Sent, received and deleted, and 15 empty receives in each of 43,800 minutes: 3.657 million at 0.50.
    SQS: expect.closeTo(1.8285, 4),
    // 87,600 runs at 1.00 a million, a secret at 0.40, 10 alarms at 0.10, a KMS key at 1.00, a dashboard at 3.00.
    'Scheduler, keys, alarms': expect.closeTo(5.4876, 4),
  });
});

test('a million messages that had to wait are paid for twice: when they are put away, and when they are sent', () => {
  const tenDeliveries = { ...nothing, units: { read: 40, write: 11, indexWrite: 20 }, logBytes: 3_500 };
  const tenParked = { ...nothing, units: { read: 50, write: 30, indexWrite: 20 }, logBytes: 1_500 };
  const drained = {
    ...nothing,
    sqsCalls: 1,
    units: { read: 400, write: 200, indexWrite: 200 },
    logBytes: 9_500,
  };
  const scenes = { tenDeliveries, tenParked, drained } as unknown as Played['scenes'];
  const { atOnce, waiting } = deliveryBills(1_000_000, { scenes }, deployment);
  expect(atOnce).toEqual({
    // 100,000 runs at 0.20 a million, of 0.8 s with half a gigabyte: 40,000 gigabyte-seconds at 0.0000133334.
    Lambda: expect.closeTo(0.5533, 4),
    // 4 million at 0.125.
    'DynamoDB reads': expect.closeTo(0.5, 4),
    // 3.1 million at 0.625.
    'DynamoDB writes': expect.closeTo(1.9375, 4),
    // 200,000 at 0.50 a million.
    SQS: expect.closeTo(0.1, 4),
    // 400 MB at 0.53 a GB.
    'CloudWatch logs': expect.closeTo(0.212, 4),
    // A twentieth of 100,000 at 5.00 a million.
    'X-Ray': expect.closeTo(0.025, 4),
  });
  expect(waiting).toEqual({
    // 110,000 runs; 5,000 and 17,500 gigabyte-seconds.
    Lambda: expect.closeTo(0.322, 4),
    // 5 and 4 million.
    'DynamoDB reads': expect.closeTo(1.125, 4),
    // 5 and 4 million.
    'DynamoDB writes': expect.closeTo(5.625, 4),
    // 200,000 at 0.50, and 40,000 at 0.40 a million.
    SQS: expect.closeTo(0.116, 4),
    // 200 and 100 MB.
    'CloudWatch logs': expect.closeTo(0.159, 4),
    // A twentieth of 110,000.
    'X-Ray': expect.closeTo(0.0275, 4),
  });
});

test('ten at once take a tenth of the requests', () => {
  const idle = { ...deployment, pollers: 0, fifoQueues: 0 };
  const singly = billFor(1_000_000, 'singly', played, idle);
  const inTens = billFor(1_000_000, 'in tens', played, idle);
  for (const name of ['API Gateway', 'DynamoDB reads', 'DynamoDB writes', 'SQS'])
    expect(inTens[name]).toBeCloseTo((singly[name] ?? 0) / 10, 6);
});

test('a million orders that are remembered: one unit read with the event and one with the message, one written', () => {
  const remembering = { ...nothing, units: { read: 6, write: 1, indexWrite: 0 } };
  const scenes = {
    ...{ 'message-sent': event, 'order-status': remembering },
    ...{ namedCart: remembering, 'activity-status': remembering },
  };
  const memoryBytes = { order: 250, cart: 250, activity: 500 };
  const { order, namedCart, activity } = memoryBills(1_000_000, {
    ...{ scenes, memoryBytes, recordBytes: 400 },
  } as unknown as Played);
  expect(order).toEqual({
    // 2 million at 0.125.
    'DynamoDB reads': expect.closeTo(0.25, 4),
    // A million at 0.625.
    'DynamoDB writes': expect.closeTo(0.625, 4),
    // 3 million items of 350 bytes: 1.05 GB at 0.25 + 0.20.
    'DynamoDB storage': expect.closeTo(0.4725, 4),
  });
  // Two items; one of 600 bytes.
  expect(namedCart['DynamoDB storage']).toBeCloseTo(0.945, 4);
  expect(activity['DynamoDB storage']).toBeCloseTo(0.81, 4);
});

/**
 * The cost of a month: the calls, units and bytes that scenes.ts counts, times the list prices of prices.ts. Values
 * that can't be counted here are assumed, and named below. docs/deploy.md explains the formula.
 */
import type { Resources } from '../local/resources.ts';
import { PRICES } from './prices.ts';
import type { Measured, Played } from './scenes.ts';

/** The messages that one run of the drain sends, in its scene. */
export const DRAINED = 100;

/** Values that a benchmark on one machine can't measure. */
const ASSUMED = {
  /** The run time of functions on AWS, in milliseconds. */
  eventMilliseconds: 40,
  /** A call to Telegram, the wait for its slot, and the record. */
  deliveryMilliseconds: 400,
  /** Ten of them, in parallel, with slots 35 ms apart. */
  tenDeliveriesMilliseconds: 800,
  /** The reads and writes by which ten messages are put among the waiting ones. */
  tenParkedMilliseconds: 100,
  /** A drain that works on one site only, at 28.6 messages a second. */
  drainedMilliseconds: 35 * DRAINED,
  pollerMilliseconds: 60,
  /** START, END and REPORT, and CloudWatch's overhead for each line. */
  platformLogBytes: 500,
  /** HTTP headers and TLS of one call to Telegram, or of one answer of the API. */
  envelopeBytes: 1_000,
  /** Five pollers that wait 20 seconds each: Lambda's receives from an empty queue. */
  emptyReceivesPerMinute: 15,
  /** X-Ray's default rule: one request a second, and this share of the others. */
  tracedShare: 0.05,
};

const MINUTES = 43_800;
const SECONDS = MINUTES * 60;
const MILLION = 1_000_000;
const GIGABYTE = 1_000_000_000;
/** Deliveries are kept 90 days, so three months of them are stored. */
const MONTHS_KEPT = 3;
const LOG_MONTHS_KEPT = 1;
/** DynamoDB's overhead for each stored item. */
const ITEM_OVERHEAD_BYTES = 100;
/** The deliveries table and its two indexes, which hold whole items. */
const COPIES = 3;

export interface Deployment {
  /** Gigabytes of memory of a function, by its name. */
  memory(name: string): number;
  pollers: number;
  fifoQueues: number;
  queues: number;
  alarms: number;
  kmsKeys: number;
  dashboards: number;
}

/** The parts of the packaged template that are paid for even if unused. */
export function deploymentOf(resources: Resources): Deployment {
  const ofType = (type: string) => Object.values(resources).filter(({ Type }) => Type === type);
  const sources = ofType('AWS::Lambda::EventSourceMapping').map(
    ({ Properties }) => Properties.EventSourceArn as { 'Fn::GetAtt': [string, string] },
  );
  const isFifo = (source: { 'Fn::GetAtt': [string, string] }) =>
    resources[source['Fn::GetAtt'][0]]?.Properties.FifoQueue === true;
  return {
    memory(name) {
      const found = ofType('AWS::Lambda::Function').find(({ Properties }) =>
        String(Properties.FunctionName).endsWith(`-${name}`),
      );
      if (!found) throw new Error(`The package has no function ${name}.`);
      return Number(found.Properties.MemorySize) / 1024;
    },
    // What runs once an hour or once a day costs next to nothing: docs/deploy.md has it.
    pollers: ofType('AWS::Scheduler::Schedule').filter(
      ({ Properties }) => Properties.ScheduleExpression === 'rate(1 minute)',
    ).length,
    fifoQueues: sources.filter(isFifo).length,
    queues: sources.filter((source) => !isFifo(source)).length,
    // Without that of the synthetic check, which is off.
    alarms: ofType('AWS::CloudWatch::Alarm').filter(({ Condition }) => Condition === undefined).length,
    kmsKeys: ofType('AWS::KMS::Key').length,
    dashboards: ofType('AWS::CloudWatch::Dashboard').length,
  };
}

/** Dollars a month, by purpose. */
export type Bill = Record<string, number>;

/**
 * How notifications are grouped. `singly`: each has an event and a delivery of its own, with nothing cached, which is
 * the most expensive case. `in tens`: ten in one event, and in one batch of deliveries.
 */
export type Way = 'singly' | 'in tens';

/** The cost of a month with this number of notifications. */
export function billFor(
  notifications: number,
  way: Way,
  { scenes, recordBytes }: Played,
  deployment: Deployment,
): Bill {
  const isInTens = way === 'in tens';
  const times = notifications / (isInTens ? 10 : 1);
  const event = isInTens ? scenes.tenRecipients : scenes.coldEvent;
  const delivery = isInTens ? scenes.tenDeliveries : scenes.coldDelivery;
  const deliveryMilliseconds = isInTens ? ASSUMED.tenDeliveriesMilliseconds : ASSUMED.deliveryMilliseconds;
  const pollerRuns = deployment.pollers * MINUTES;
  const gigabyteSeconds =
    (times * ASSUMED.eventMilliseconds * deployment.memory(isInTens ? 'message-sent' : 'order-status') +
      times * deliveryMilliseconds * deployment.memory('deliver') +
      pollerRuns * ASSUMED.pollerMilliseconds * deployment.memory('abandoned-cart-due')) /
    1_000;
  const sum = (of: (scene: Measured) => number) =>
    times * (of(event) + of(delivery)) + pollerRuns * of(scenes.idlePoller);
  const readUnits = sum(({ units }) => units.read);
  const writeUnits = sum(({ units }) => units.write + units.indexWrite);
  const logBytes = sum(({ logBytes }) => logBytes + ASSUMED.platformLogBytes);
  const sentBytes =
    times * (event.telegramBytes + delivery.telegramBytes) + (notifications + times) * ASSUMED.envelopeBytes;
  // In addition to the functions' requests, Lambda receives and deletes each batch.
  const fifoRequests = sum(({ sqsCalls }) => sqsCalls) + times * 2 + emptyReceives(deployment.fifoQueues);
  const storedBytes = notifications * MONTHS_KEPT * (recordBytes + ITEM_OVERHEAD_BYTES);
  const { perMillion, perGigabyte, perGigabyteMonth, perMonth } = PRICES;
  return {
    'API Gateway': (times / MILLION) * perMillion.httpRequest,
    Lambda:
      ((times * 2 + pollerRuns) / MILLION) * perMillion.lambdaRequest +
      gigabyteSeconds * PRICES.lambdaGigabyteSecond,
    'DynamoDB reads': (readUnits / MILLION) * perMillion.readUnit,
    'DynamoDB writes': (writeUnits / MILLION) * perMillion.writeUnit,
    'DynamoDB storage':
      (storedBytes / GIGABYTE) * (COPIES * perGigabyteMonth.table + perGigabyteMonth.pointInTimeRecovery),
    SQS:
      (fifoRequests / MILLION) * perMillion.sqsFifoRequest +
      (emptyReceives(deployment.queues) / MILLION) * perMillion.sqsRequest,
    'CloudWatch logs':
      (logBytes / GIGABYTE) * (perGigabyte.logIngested + LOG_MONTHS_KEPT * perGigabyteMonth.logStored),
    'X-Ray': ((traced(times) * 2 + traced(pollerRuns)) / MILLION) * perMillion.traceRecorded,
    'Data sent out': (sentBytes / GIGABYTE) * perGigabyte.sentOut,
    'Scheduler, keys, alarms':
      (pollerRuns / MILLION) * perMillion.scheduledRun +
      perMonth.secret +
      deployment.alarms * perMonth.alarm +
      deployment.kmsKeys * perMonth.kmsKey +
      deployment.dashboards * perMonth.dashboard,
  };
}

/** The cost from the queue to the chat, of so many messages in batches of ten: those that are sent at once, and those that wait. */
export function deliveryBills(
  messages: number,
  { scenes }: Pick<Played, 'scenes'>,
  { memory }: Pick<Deployment, 'memory'>,
): { atOnce: Bill; waiting: Bill } {
  const { sqsFifoRequest, sqsRequest } = PRICES.perMillion;
  // Lambda receives and deletes each batch; a run of the drain sends the ticket for the next one.
  const fifo = (scene: Measured) => (2 + scene.sqsCalls) * sqsFifoRequest;
  const standard = (scene: Measured) => (3 + scene.sqsCalls) * sqsRequest;
  const sent = {
    times: messages / 10,
    scene: scenes.tenDeliveries,
    milliseconds: ASSUMED.tenDeliveriesMilliseconds,
  };
  const parked = {
    times: messages / 10,
    scene: scenes.tenParked,
    milliseconds: ASSUMED.tenParkedMilliseconds,
  };
  const drained = {
    times: messages / DRAINED,
    scene: scenes.drained,
    milliseconds: ASSUMED.drainedMilliseconds,
  };
  return {
    atOnce: billOf([{ ...sent, memory: memory('deliver'), sqs: fifo(sent.scene) }]),
    waiting: billOf([
      { ...parked, memory: memory('deliver'), sqs: fifo(parked.scene) },
      { ...drained, memory: memory('drain'), sqs: standard(drained.scene) },
    ]),
  };
}

/** Runs of a function. */
interface Runs {
  times: number;
  scene: Measured;
  milliseconds: number;
  /** Gigabytes. */
  memory: number;
  /** Dollars for the requests to SQS of a million runs. */
  sqs: number;
}

function billOf(runs: Runs[]): Bill {
  const { perMillion, perGigabyte, perGigabyteMonth } = PRICES;
  const millions = (of: (run: Runs) => number) =>
    runs.reduce((sum, run) => sum + (run.times / MILLION) * of(run), 0);
  const logPrice = perGigabyte.logIngested + LOG_MONTHS_KEPT * perGigabyteMonth.logStored;
  return {
    Lambda: millions(
      ({ milliseconds, memory }) =>
        perMillion.lambdaRequest + milliseconds * memory * 1_000 * PRICES.lambdaGigabyteSecond,
    ),
    'DynamoDB reads': millions(({ scene }) => scene.units.read * perMillion.readUnit),
    'DynamoDB writes': millions(
      ({ scene }) => (scene.units.write + scene.units.indexWrite) * perMillion.writeUnit,
    ),
    SQS: millions(({ sqs }) => sqs),
    'CloudWatch logs': millions(
      ({ scene }) => ((scene.logBytes + ASSUMED.platformLogBytes) * MILLION * logPrice) / GIGABYTE,
    ),
    'X-Ray': millions(() => ASSUMED.tracedShare * perMillion.traceRecorded),
  };
}

function emptyReceives(queues: number): number {
  return queues * ASSUMED.emptyReceivesPerMinute * MINUTES;
}

/** The number of traced requests of a function, if they are spread evenly over the month. */
function traced(requests: number): number {
  const atOnce = Math.min(requests, SECONDS);
  return atOnce + (requests - atOnce) * ASSUMED.tracedShare;
}

/**
 * What it costs a month to remember so many statuses of orders, of orders that name a cart, and of activities: the items
 * are written with the event, and read with it and with its message. Each is of another order or activity.
 */
export function memoryBills(
  count: number,
  { scenes, memoryBytes }: Played,
): Record<'order' | 'namedCart' | 'activity', Bill> {
  const { perMillion, perGigabyteMonth } = PRICES;
  const plain = scenes['message-sent'].units;
  const millions = count / MILLION;
  const storedBytes = (items: number[]) =>
    items.reduce((sum, bytes) => sum + bytes + ITEM_OVERHEAD_BYTES, 0) * count * MONTHS_KEPT;
  const billOf = ({ units }: Measured, items: number[]): Bill => ({
    // The message reads one unit too: the order, or the activity, that it speaks of.
    'DynamoDB reads': (units.read - plain.read + 1) * perMillion.readUnit * millions,
    'DynamoDB writes': (units.write - plain.write) * perMillion.writeUnit * millions,
    'DynamoDB storage':
      (storedBytes(items) / GIGABYTE) * (perGigabyteMonth.table + perGigabyteMonth.pointInTimeRecovery),
  });
  const { order, cart, activity } = memoryBytes;
  return {
    order: billOf(scenes['order-status'], [order]),
    namedCart: billOf(scenes.namedCart, [order, cart]),
    activity: billOf(scenes['activity-status'], [activity]),
  };
}

export function total(bill: Bill): number {
  return Object.values(bill).reduce((sum, dollars) => sum + dollars, 0);
}

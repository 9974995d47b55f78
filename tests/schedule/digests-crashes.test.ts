/**
 * Notices that are collected while functions die, or do the same at the same moment: each is told once, in one message.
 */
import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import type { Notification } from '../../lib/deliveries/notification.ts';
import type { Template } from '../../lib/domain/templates.ts';
import { type App, startApp } from '../support/app.ts';
import { template } from '../support/fixtures.ts';
import { type Gate, startGate } from '../support/gate.ts';
import { runAndKill } from '../support/killed-process.ts';
import type { Fields } from '../support/payloads.ts';
import { downloadEvent, pollDue } from '../support/schedule.ts';
import { record } from '../support/sqs-events.ts';
import { type SeenRequest, startTripwire, type Tripwire } from '../support/tripwire.ts';

let app: App;
/** What the killed process sees of the world. */
let dynamodb: Tripwire;
let sqs: Tripwire;
/** What this process sees of it. */
let gate: Gate;
let queuePath: string;

beforeAll(async () => {
  app = await startApp({
    telegram: 'emulator',
    beforeLoading: async ({ aws, refs }) => {
      dynamodb = await startTripwire(`http://127.0.0.1:${aws.dynamodbPort}`);
      sqs = await startTripwire(`http://127.0.0.1:${aws.sqsPort}`);
      gate = await startGate(`http://127.0.0.1:${aws.dynamodbPort}`);
      queuePath = new URL(refs.get('DeliveriesQueue') ?? '').pathname;
      process.env.AWS_ENDPOINT_URL_DYNAMODB = gate.url;
    },
  });
});
afterAll(async () => {
  await Promise.all([dynamodb.close(), sqs.close(), gate.close()]);
  await app.close();
});

const collecting: Template = {
  ...template('file-download', 'scaricati'),
  text: { it: '{{elencoFile}}' },
  digestMinutes: 10,
};
/** The queue takes a message of the same event only once in five minutes, also in another test. */
let turn = 0;

beforeEach(async () => {
  turn += 1;
  await gate.open();
  await app.reset();
  await app.setTemplates(collecting);
});

const download = (name: string, changes: Fields = {}) =>
  app.report('file-access', downloadEvent(name, { eventId: `${turn} ${name}`, ...changes }));
const minutesOn = (minutes: number) => Date.now() + minutes * 60_000;
const waiting = async () =>
  (await app.stack.items('ScheduleTable')).filter(({ shard }) => shard !== undefined);
const namesIn = ({ text }: Pick<Notification, 'text'>) =>
  text.split('\n').map((line) => line.replace('• ', ''));
const asks = (operation: string, table: string) => (request: SeenRequest) =>
  request.operation.endsWith(`.${operation}`) && request.body.includes(`-${table}"`);
const nth = (fits: (request: SeenRequest) => boolean, number: number) => {
  let seen = 0;
  return (request: SeenRequest) => fits(request) && ++seen === number;
};
/** Has them delivered, and says which files anna was told of. */
async function told(): Promise<string[]> {
  const queued = await app.takeQueued();
  await app.deliver(queued.map((notification) => record(notification)));
  return (await app.telegram.textsIn(1001)).flatMap((text) => namesIn({ text }));
}

type Step = [string, () => Tripwire, 'request' | 'answer', (request: SeenRequest) => boolean];
const tables = () => dynamodb;
const queue = () => sqs;
const change = asks('UpdateItem', 'schedule');
const line = asks('BatchWriteItem', 'deliveries');
const send = (request: SeenRequest) => request.operation.endsWith('.SendMessageBatch');

const STEPS: [string, () => Tripwire, 'request' | 'answer', () => Step[3]][] = [
  ['before it is closed', tables, 'request', () => change],
  ['when it is closed', tables, 'answer', () => change],
  ['before the people are read', tables, 'request', () => asks('BatchGetItem', 'users')],
  ['before the message is in the queue', queue, 'request', () => send],
  ['when the message is in the queue', queue, 'answer', () => send],
  ['before the lines are in the log', tables, 'request', () => line],
  ['when the lines are in the log', tables, 'answer', () => line],
  ['before it is ended', tables, 'request', () => nth(change, 2)],
  ['when it is ended', tables, 'answer', () => nth(change, 2)],
];

describe('the poller is killed', () => {
  test.each(STEPS)(
    '%s: each notice is told once, and what comes meanwhile too',
    async (_name, wire, what, fits) => {
      await download('A.pdf');
      await download('B.pdf');
      const environment = {
        AWS_ENDPOINT_URL_DYNAMODB: dynamodb.url,
        AWS_ENDPOINT_URL_SQS: sqs.url,
        DELIVERIES_QUEUE_URL: `${sqs.url}${queuePath}`,
        ...{ EVENT: 'file-digest', AT: String(minutesOn(11)) },
      };
      await runAndKill('schedule/poll-once.ts', environment, wire().hold(what, fits()));
      // One is reported again, and another one for the first time, before anybody has gone on.
      expect((await download('A.pdf')).json).toMatchObject({ repeated: true });
      expect((await download('C.pdf')).status).toBe(202);
      for (const minutes of [12, 24, 36]) await pollDue('file-digest', minutesOn(minutes));
      expect((await told()).toSorted()).toEqual(['A.pdf', 'B.pdf', 'C.pdf']);
      expect(await waiting()).toEqual([]);
      // Nor are they told later.
      for (const name of ['A.pdf', 'B.pdf', 'C.pdf']) await download(name);
      await pollDue('file-digest', minutesOn(60));
      expect(await app.takeQueued()).toEqual([]);
    },
  );
});

describe('a report that is cut off', () => {
  test('before the notice is written: 503, and accepted when it is repeated', async () => {
    await download('first', { administrators: [{ id: 'bruno' }] });
    gate.shutAfter(1);
    expect((await download('A.pdf')).status).toBe(503);
    await gate.open();
    expect((await download('A.pdf')).json.notifications).toMatchObject([{ status: 'scheduled' }]);
    await pollDue('file-digest', minutesOn(11));
    expect(await told()).toEqual(['A.pdf']);
  });

  test('when it is written, before the answer: it is there once', async () => {
    await download('A.pdf');
    gate.loseAnswers(1, 1);
    expect((await download('B.pdf')).json.notifications).toMatchObject([{ status: 'scheduled' }]);
    await pollDue('file-digest', minutesOn(11));
    expect(await told()).toEqual(['A.pdf', 'B.pdf']);
  });
});

test('the queue does not answer: nothing is lost, and what is reported meanwhile is told too', async () => {
  await download('A.pdf');
  await download('B.pdf');
  const url = process.env.DELIVERIES_QUEUE_URL;
  process.env.DELIVERIES_QUEUE_URL = url?.replace(/[^/]+$/, 'no-such-queue.fifo');
  await expect(pollDue('file-digest', minutesOn(11))).rejects.toThrow();
  // It stays closed: this one can't be in it.
  process.env.DELIVERIES_QUEUE_URL = url;
  await download('C.pdf');
  for (const minutes of [12, 24]) await pollDue('file-digest', minutesOn(minutes));
  expect((await told()).toSorted()).toEqual(['A.pdf', 'B.pdf', 'C.pdf']);
});

test('many functions at the same moment as the pollers: each notice is told once', async () => {
  const names = Array.from({ length: 60 }, (_, index) => `${index}.pdf`);
  const reports: Promise<unknown>[] = [];
  const polls: Promise<unknown>[] = [];
  for (const [index, name] of names.entries()) {
    // Every report is made twice.
    reports.push(download(name), download(name));
    if (index % 6 === 5) {
      polls.push(pollDue('file-digest', minutesOn(20)), pollDue('file-digest', minutesOn(20)));
      await reports.at(-index);
    }
  }
  await Promise.all([...reports, ...polls]);
  for (const minutes of [40, 60, 80]) await pollDue('file-digest', minutesOn(minutes));
  const queued = await app.takeQueued();
  const toldOf = queued.flatMap(namesIn);
  expect(toldOf.toSorted()).toEqual(names.toSorted());
  expect(new Set(queued.map(({ deliveryId }) => deliveryId)).size).toBe(queued.length);
  expect(await waiting()).toEqual([]);
});

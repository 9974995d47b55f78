/**
 * The queue of an event over hours: what a message goes through while a service is out of reach, while its function dies
 * on it, and while its site sends too much. SQS and its time are simulated here, by its documentation: a message that is
 * neither deleted nor deferred is visible again after the queue's visibility timeout, and a message that was received
 * `maxReceiveCount` times goes to the dead letters instead of being received again.
 */
import { ChangeMessageVisibilityBatchCommand, SendMessageCommand } from '@aws-sdk/client-sqs';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, jest, test } from '@jest/globals';
import type { Context, SQSRecord } from 'aws-lambda';
import { ServiceUnreachableError } from '../../lib/domain/errors.ts';
import type { EventReport } from '../../lib/events/report.ts';
import { packagedResources } from '../support/package.ts';
import { eventBatch } from '../support/sqs-events.ts';
import { type Stack, startStack } from '../support/stack.ts';
import { site } from './reports.ts';

process.env.LOG_LEVEL = 'off';
process.env.EVENT_QUEUE_URL = 'https://sqs.example/message-sent';
process.env.DEAD_LETTER_QUEUE_URL = 'https://sqs.example/message-sent-dead';

const START = Date.parse('2026-11-28T10:00:00Z');
const MINUTE = 60_000;
const HOUR = 60 * MINUTE;

let visibilityTimeout: number;
let maxReceives: number;
let now = START;
let stack: Stack;
let sqs: typeof import('../../lib/aws/sqs.ts')['sqs'];
let queueAdapter: typeof import('../../lib/events/queue-adapter.ts')['queueAdapter'];
let clearAllowances: () => void;

beforeAll(async () => {
  stack = await startStack();
  await stack.putSite(site);
  await stack.putSite({ ...site, siteId: 'altro' });
  ({ sqs } = await import('../../lib/aws/sqs.ts'));
  ({ queueAdapter } = await import('../../lib/events/queue-adapter.ts'));
  ({ clearAllowances } = await import('../../lib/http/request-limit.ts'));
  const { MessageSentQueue } = await packagedResources();
  visibilityTimeout = Number(MessageSentQueue?.Properties.VisibilityTimeout) * 1_000;
  const policy = MessageSentQueue?.Properties.RedrivePolicy as { maxReceiveCount: number };
  maxReceives = policy.maxReceiveCount;
});

afterAll(() => stack.close());

interface Waiting {
  record: SQSRecord;
  receives: number;
  visibleAt: number;
}

let waiting: Waiting[];
/** The bodies of those that SQS, or the function, moved to the dead letters. */
let dead: string[];
/** What was reported: the event, and minutes since the start. */
let reported: { eventId: string; minutes: number }[];

beforeEach(async () => {
  now = START;
  await stack.empty('PacesTable');
  jest.spyOn(Date, 'now').mockImplementation(() => now);
  clearAllowances();
  waiting = [];
  dead = [];
  reported = [];
  jest.spyOn(sqs, 'send').mockImplementation((async (command: unknown) => {
    if (command instanceof ChangeMessageVisibilityBatchCommand) {
      expect(command.input.QueueUrl).toBe(process.env.EVENT_QUEUE_URL);
      for (const { ReceiptHandle, VisibilityTimeout = 0 } of command.input.Entries ?? []) {
        const message = waiting.find(({ record }) => record.receiptHandle === ReceiptHandle);
        if (message) message.visibleAt = now + VisibilityTimeout * 1_000;
      }
      return {};
    }
    if (command instanceof SendMessageCommand) {
      expect(command.input.QueueUrl).toBe(process.env.DEAD_LETTER_QUEUE_URL);
      dead.push(command.input.MessageBody ?? '');
      return {};
    }
    throw new Error('Nothing else is asked of SQS here.');
  }) as never);
});
afterEach(() => {
  jest.restoreAllMocks();
});

function put(eventId: string, siteId = 'demo'): void {
  const [record] = eventBatch('message-sent', [{ siteId, eventId }]).Records;
  if (record) waiting.push({ record, receives: 0, visibleAt: now });
}

const note = (eventId: string) => reported.push({ eventId, minutes: (now - START) / MINUTE });
const idIn = (payload: unknown) => (payload as { eventId: string }).eventId;

/** The function has died: it never answers. */
class Died extends Error {}

/**
 * Lets time pass until nothing waits.
 *
 * @param most the longest time, in milliseconds.
 */
async function run(work: (eventId: string) => void, most: number): Promise<void> {
  let hasDied = false;
  const report: EventReport['report'] = async (payload) => {
    try {
      work(idIn(payload));
    } catch (error) {
      if (!(error instanceof Died)) throw error;
      hasDied = true;
      await new Promise(() => undefined);
    }
    return { eventId: idIn(payload), notifications: [] };
  };
  const takeBatch = queueAdapter('message-sent', { report, remember: async () => undefined });
  for (;;) {
    if (now > START + most) throw new Error(`${waiting.length} messages wait for ever.`);
    for (const { record } of waiting.filter(
      ({ receives, visibleAt }) => visibleAt <= now && receives >= maxReceives,
    )) {
      dead.push(record.body);
      remove(record.messageId);
    }
    if (waiting.length === 0) return;
    const batch = waiting.filter(({ visibleAt }) => visibleAt <= now).slice(0, 10);
    if (batch.length === 0) {
      now = Math.min(...waiting.map(({ visibleAt }) => visibleAt));
      continue;
    }
    for (const message of batch) {
      message.receives += 1;
      message.visibleAt = now + visibilityTimeout;
      message.record.attributes.ApproximateReceiveCount = String(message.receives);
    }
    hasDied = false;
    const context = { getRemainingTimeInMillis: () => 20_000 } as Context;
    const working = takeBatch({ Records: batch.map(({ record }) => record) }, context);
    const died = (async () => {
      while (!hasDied) await new Promise(setImmediate);
      return undefined;
    })();
    const answer = await Promise.race([working.finally(() => (hasDied = true)), died]);
    if (!answer) continue;
    const kept = new Set(answer.batchItemFailures.map(({ itemIdentifier }) => itemIdentifier));
    for (const { record } of batch) if (!kept.has(record.messageId)) remove(record.messageId);
  }
}

function remove(messageId: string): void {
  waiting = waiting.filter(({ record }) => record.messageId !== messageId);
}

describe.each(['DynamoDB', 'SQS'] as const)('%s is out of reach for six hours', (service) => {
  const work = (eventId: string) => {
    if (now < START + 6 * HOUR) throw new ServiceUnreachableError(service, { cause: 'outage' });
    note(eventId);
  };

  test('everything goes out by itself within a quarter of an hour afterwards, once, and in order', async () => {
    const ids = Array.from({ length: 40 }, (_, index) => `event-${index}`);
    for (const id of ids) put(id);

    await run(work, 24 * HOUR);

    expect(dead).toEqual([]);
    expect(reported.map(({ eventId }) => eventId)).toEqual(ids);
    for (const { minutes } of reported) expect(minutes).toBeLessThanOrEqual(360 + 16);
  });

  test('also what has lost half of its receives to throttled functions', async () => {
    put('one');
    const [message] = waiting;
    if (message) message.receives = maxReceives / 2;

    await run(work, 24 * HOUR);

    expect(dead).toEqual([]);
    expect(reported).toHaveLength(1);
  });

  test('what is received asks little meanwhile: forty receives in six hours', async () => {
    put('one');
    let tries = 0;
    await run((eventId) => {
      tries += 1;
      work(eventId);
    }, 24 * HOUR);
    expect(tries).toBeLessThanOrEqual(40);
  });
});

describe('a message on which the function dies', () => {
  test('goes to the dead letters by itself', async () => {
    put('poison');
    await run(() => {
      throw new Died();
    }, 24 * HOUR);
    expect(dead).toEqual([expect.stringContaining('poison')]);
  });

  test('costs the other sites of its batch a few minutes at most, and its own site not its messages', async () => {
    put('poison');
    for (let number = 0; number < 8; number++) put(`other-${number}`, 'altro');
    put('own');
    await run((eventId) => {
      if (eventId === 'poison') throw new Died();
      note(eventId);
    }, 24 * HOUR);

    // At first sight: what was accepted and not acknowledged comes again, and repeats nothing.
    const times = new Map(reported.toReversed().map(({ eventId, minutes }) => [eventId, minutes]));
    expect(dead).toEqual([expect.stringContaining('poison')]);
    for (let number = 0; number < 8; number++) expect(times.get(`other-${number}`)).toBeLessThanOrEqual(8);
    expect(times.has('own')).toBe(true);
  });
});

test('a message on which the function fails each time goes to the dead letters within the hour, its neighbours go on', async () => {
  put('poison');
  put('neighbour');
  await run((eventId) => {
    if (eventId === 'poison') throw new TypeError('Cannot read properties of undefined');
    note(eventId);
  }, 24 * HOUR);
  expect(reported).toEqual([{ eventId: 'neighbour', minutes: 0 }]);
  expect(dead).toEqual([expect.stringContaining('poison')]);
  expect(now - START).toBeLessThanOrEqual(HOUR);
});

test('a site that sends 6,000 events at once: a thousand wait for their turn, once, in order; the quiet site behind them does not', async () => {
  for (let number = 0; number < 6_000; number++) put(`event-${number}`);
  put('quiet', 'altro');

  await run(note, HOUR);

  expect(dead).toEqual([]);
  expect(reported).toHaveLength(6_001);
  const secondsOf = new Map(reported.map(({ eventId, minutes }) => [eventId, minutes * 60]));
  expect(secondsOf.get('quiet')).toBe(0);
  const seconds = [...secondsOf.values()];
  expect(seconds.filter((second) => second === 0).length).toBeGreaterThanOrEqual(5_000);
  // A thousand, at 200 a second.
  expect(Math.max(...seconds)).toBe(5);
  const own = reported.filter(({ eventId }) => eventId !== 'quiet').map(({ eventId }) => eventId);
  expect(own).toEqual(Array.from({ length: 6_000 }, (_, number) => `event-${number}`));
});

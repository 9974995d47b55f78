/** The record of a delivery, its line in the log, and its metrics: never with the text of the message. */
import { afterEach, beforeEach, describe, expect, jest, test } from '@jest/globals';
import { type DeliveryResult, recordResult } from '../../lib/deliveries/record.ts';
import { ServiceUnreachableError } from '../../lib/domain/errors.ts';
import { withTelemetry } from '../../lib/observability/telemetry.ts';
import { type FakeAws, fakeAws } from '../support/fake-aws.ts';
import { notification } from '../support/sqs-events.ts';
import { logLines } from '../support/written-lines.ts';

const NOW = Date.parse('2026-11-22T10:00:00.000Z');
const failure = {
  class: 'unparsable',
  description: `can't parse entities: Unsupported start tag "parola-segreta"`,
};
const message = notification({
  acceptedAt: '2026-11-22T09:59:57.500Z',
  eventId: 'e-1',
  text: 'parola-segreta',
});
const { deliveryId } = message;

let aws: FakeAws;
let lines: () => Record<string, unknown>[];
beforeEach(() => {
  aws = fakeAws();
  lines = logLines();
  // Only the clock stands still: what waits, waits.
  jest.useFakeTimers({ now: NOW, doNotFake: ['setTimeout', 'setImmediate', 'nextTick', 'queueMicrotask'] });
});
afterEach(() => {
  jest.useRealTimers();
  jest.restoreAllMocks();
});

/** Records a result in an invocation of its own. */
const record = (result: DeliveryResult, changes: Partial<typeof message> = {}) =>
  withTelemetry(async () => recordResult({ notification: { ...message, ...changes }, receives: 3 }, result))(
    {},
    {},
  );

const logged = () => lines().filter((line) => 'level' in line);
const measured = (name: string) => lines().filter((line) => name in line);

const sent: DeliveryResult = { status: 'sent', messageId: 7, chatId: 1001 };

describe('the record', () => {
  test('holds what the log of the site shows, and how long it is kept', async () => {
    await record(sent);
    expect(aws.put).toEqual([
      {
        table: 'DELIVERIES_TABLE',
        item: {
          ...{ siteId: 'demo', deliveryId, event: 'order-status', eventId: 'e-1' },
          ...{ templateId: 'order-status', userId: 'anna', recordedAt: '2026-11-22T10:00:00.000Z' },
          ...{ attempts: 3, status: 'sent', messageId: 7, chatId: 1001 },
          ...{ siteUser: 'demo\nanna', expiresAt: Date.parse('2027-02-20T10:00:00.000Z') / 1_000 },
        },
      },
    ]);
  });

  test('says of a test that it was one', async () => {
    await record(sent, { isTest: true });
    expect(aws.put[0]?.item).toMatchObject({ isTest: true });
  });

  test('is never with the text, nor is the log', async () => {
    await record(sent);
    expect(JSON.stringify([aws.put, lines()])).not.toContain('parola-segreta');
  });
});

describe('a record that can’t be written', () => {
  /** The first writes are refused, as by a DynamoDB that does not answer. */
  const failing = (times: number) => {
    aws.refuses = () => {
      if (aws.put.length <= times) throw new Error('ECONNREFUSED');
      return false;
    };
  };
  const tries = () => logged().filter(({ message }) => message === 'sent, but not recorded');

  test('of a message that was sent is written again', async () => {
    failing(1);
    await record(sent);
    expect(aws.put).toHaveLength(2);
    expect(aws.put[1]).toEqual(aws.put[0]);
    expect(tries()).toMatchObject([{ siteId: 'demo', deliveryId, messageId: 7, round: 1, level: 'error' }]);
    expect(logged().map(({ message }) => message)).toContain('sent');
  });

  test('after four tries the message counts as sent: a second message would be worse than a missing line', async () => {
    failing(4);
    await expect(record(sent)).resolves.toBeUndefined();
    expect(aws.put).toHaveLength(4);
    expect(tries().map(({ round }) => round)).toEqual([1, 2, 3, 4]);
  });

  test('of a message that was not sent has it retried', async () => {
    failing(1);
    await expect(record({ status: 'skipped', reason: 'muted' })).rejects.toThrow(ServiceUnreachableError);
    expect(aws.put).toHaveLength(1);
    expect(logged()).toEqual([]);
    expect(measured('Skipped')).toEqual([]);
  });
});

describe('the log and the metrics', () => {
  const ids = {
    siteId: 'demo',
    deliveryId,
    event: 'order-status',
    eventId: 'e-1',
    templateId: 'order-status',
  };

  test('sent, with its age', async () => {
    await record(sent);
    expect(logged()).toMatchObject([
      { level: 'info', message: 'sent', ...ids, attempts: 3, ageMilliseconds: 2_500 },
    ]);
    expect(logged()[0]).not.toHaveProperty('fault');
    expect(logged()[0]).not.toHaveProperty('userId');
    expect(measured('Sent')).toMatchObject([{ siteId: 'demo', event: 'order-status', Sent: 1 }]);
    expect(measured('AgeAtSending')).toMatchObject([{ AgeAtSending: 2_500 }]);
  });

  test('sent with a change: the log names the fault, without what Telegram quotes of the text', async () => {
    await record({ ...sent, failure });
    const [line] = logged();
    expect(line).toMatchObject({ message: 'sent', fault: { class: 'unparsable' } });
    expect(JSON.stringify(line)).not.toContain('parola-segreta');
  });

  test('a clock that is behind makes no age below zero', async () => {
    await record(sent, { acceptedAt: '2026-11-22T10:00:01.000Z' });
    expect(logged()).toMatchObject([{ ageMilliseconds: 0 }]);
  });

  test('skipped, with its reason', async () => {
    await record({ status: 'skipped', reason: 'muted' });
    expect(logged()).toMatchObject([{ level: 'info', message: 'skipped', ...ids, reason: 'muted' }]);
    expect(measured('Skipped')).toMatchObject([{ event: 'order-status', reason: 'muted', Skipped: 1 }]);
    expect(measured('Sent')).toEqual([]);
  });

  test('failed, with the class of its error', async () => {
    await record({ status: 'failed', failure });
    expect(logged()).toMatchObject([{ level: 'warn', message: 'failed', ...ids, class: 'unparsable' }]);
    expect(JSON.stringify(logged())).not.toContain('parola-segreta');
    expect(logged()[0]).not.toHaveProperty('isDead');
    expect(measured('Failed')).toMatchObject([{ class: 'unparsable', Failed: 1 }]);
  });

  test('failed for good: a dead letter', async () => {
    await record({ status: 'failed', failure, isDead: true });
    expect(logged()).toMatchObject([{ message: 'failed', isDead: true }]);
  });

  test('retried', async () => {
    await record({ status: 'retrying', failure, failures: 2, nextAttemptAt: '2026-11-22T10:00:04.000Z' });
    expect(logged()).toMatchObject([{ level: 'warn', message: 'retrying', ...ids, class: 'unparsable' }]);
    expect(measured('Retried')).toMatchObject([{ class: 'unparsable', Retried: 1 }]);
    expect(measured('Failed')).toEqual([]);
  });

  test('waiting, with its reason; the log names no user', async () => {
    await record({ status: 'waiting', reason: 'rate-limit', until: '2026-11-22T10:00:04.000Z' });
    expect(logged()).toMatchObject([
      { level: 'info', message: 'waiting', ...ids, attempts: 3, reason: 'rate-limit' },
    ]);
    expect(logged()[0]).not.toHaveProperty('userId');
    expect(measured('Waiting')).toMatchObject([{ siteId: 'demo', reason: 'rate-limit', Waiting: 1 }]);
    expect(measured('Retried')).toEqual([]);
  });

  test('waiting, since Telegram has said so: without what it quotes of the text', async () => {
    const until = '2026-11-22T10:00:04.000Z';
    await record({ status: 'waiting', reason: 'bot-unauthorized', until, failure });
    expect(logged()).toMatchObject([{ message: 'waiting', reason: 'bot-unauthorized', class: 'unparsable' }]);
    expect(JSON.stringify(logged())).not.toContain('parola-segreta');
  });
});

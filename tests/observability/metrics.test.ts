/** Lines in the embedded metric format: as CloudWatch's specification has them, few, and with the right figures. */
import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import { embeddedMetrics, type Measurement } from '../../lib/observability/embedded-metrics.ts';
import { METRICS } from '../../lib/observability/metrics.ts';
import { beginDay, type Day, liveThrough, marked } from '../support/eventful-day.ts';
import { type MetricsLine, seriesOf, type Written, writtenDuring } from '../support/log-lines.ts';
import { type Fields, payload, payloadForAll } from '../support/payloads.ts';
import { notification, record, ticketBatch } from '../support/sqs-events.ts';

const AT = Date.parse('2026-11-22T10:00:00Z');
const FACTS = { function: 'passweb-telegram-prod-deliver', requestId: 'r-1' };

const sent = (event: string, siteId: string): Measurement => ({
  ...{ name: 'Sent', unit: 'Count', by: [[], ['event']], dimensions: { event }, siteId, value: 1 },
});
const age = (event: string, value: number): Measurement => ({
  ...{ name: 'Age', unit: 'Milliseconds', by: [['event']], dimensions: { event }, siteId: 'demo', value },
});
const failed = (kind: string): Measurement => ({
  ...{
    name: 'Failed',
    unit: 'Count',
    by: [[], ['class']],
    dimensions: { class: kind },
    siteId: 'demo',
    value: 1,
  },
});
const documents = (...measurements: Measurement[]) =>
  embeddedMetrics(measurements, FACTS, AT) as MetricsLine[];

/**
 * What the specification asks of a line.
 *
 * @see https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/CloudWatch_Embedded_Metric_Format_Specification.html
 */
function expectToBeValid(line: MetricsLine): void {
  const { _aws, ...root } = line;
  expect(Object.keys(_aws).sort()).toEqual(['CloudWatchMetrics', 'Timestamp']);
  expect(Number.isInteger(_aws.Timestamp)).toBe(true);
  expect(_aws.CloudWatchMetrics.length).toBeGreaterThan(0);
  for (const { Namespace, Dimensions, Metrics } of _aws.CloudWatchMetrics) {
    expect(Namespace).toMatch(/^.{1,255}$/);
    expect(Dimensions.length).toBeGreaterThan(0);
    for (const keys of Dimensions) {
      expect(keys.length).toBeLessThanOrEqual(9);
      for (const key of keys) expect(root[key]).toEqual(expect.stringMatching(/^.{1,255}$/));
    }
    expect(Metrics.length).toBeLessThanOrEqual(100);
    for (const { Name, Unit } of Metrics) {
      const values = [root[Name]].flat();
      expect(values.length).toBeLessThanOrEqual(100);
      for (const value of values) expect(Number.isFinite(value)).toBe(true);
      expect(['Count', 'Milliseconds']).toContain(Unit);
    }
  }
}

describe('a line', () => {
  beforeAll(() => {
    process.env.STAGE = 'prod';
  });

  test('holds all that has the same dimensions: counts added up, times one by one', () => {
    expect(
      documents(
        sent('order-status', 'demo'),
        age('order-status', 812),
        sent('order-status', 'demo'),
        age('order-status', 90),
      ),
    ).toEqual([
      {
        _aws: {
          Timestamp: 1_795_341_600_000,
          CloudWatchMetrics: [
            {
              Namespace: 'passweb-telegram',
              Dimensions: [['stage'], ['stage', 'event']],
              Metrics: [{ Name: 'Sent', Unit: 'Count' }],
            },
            {
              Namespace: 'passweb-telegram',
              Dimensions: [['stage', 'event']],
              Metrics: [{ Name: 'Age', Unit: 'Milliseconds' }],
            },
          ],
        },
        function: 'passweb-telegram-prod-deliver',
        requestId: 'r-1',
        siteId: 'demo',
        stage: 'prod',
        event: 'order-status',
        Sent: 2,
        Age: [812, 90],
      },
    ]);
  });

  test('takes another value of a dimension to another line, and what has none of it to the first', () => {
    const lines = documents(
      failed('retry'),
      failed('refused'),
      sent('order-status', 'demo'),
      failed('retry'),
    );
    expect(lines).toMatchObject([
      { class: 'retry', Failed: 2, event: 'order-status', Sent: 1 },
      { class: 'refused', Failed: 1 },
    ]);
    expect(lines[1]).not.toHaveProperty('Sent');
  });

  test('names the site where there is but one', () => {
    const [line] = documents(sent('order-status', 'demo'), sent('order-status', 'altro'));
    expect(line).toMatchObject({ Sent: 2 });
    expect(line).not.toHaveProperty('siteId');
  });

  test('holds no more than a hundred times', () => {
    const lines = documents(...Array.from({ length: 250 }, (_, index) => age('order-status', index)));
    expect(lines.map(({ Age }) => (Age as number[]).length)).toEqual([100, 100, 50]);
    expect(lines.flatMap(({ Age }) => Age)).toEqual(Array.from({ length: 250 }, (_, index) => index));
    for (const line of lines) expectToBeValid(line);
  });

  test('is not written where nothing was measured', () => {
    expect(documents()).toEqual([]);
  });
});

describe('on a day on which everything happens', () => {
  let day: Day;
  let written: Written;

  beforeAll(async () => {
    day = await beginDay();
    written = await liveThrough(day);
  });
  afterAll(() => day.close());

  /** What CloudWatch would have added up. */
  function total(lines: MetricsLine[], name: string, dimensions: Record<string, string> = {}): number {
    const fits = (line: MetricsLine) =>
      Object.entries(dimensions).every(([key, value]) => line[key] === value);
    return lines
      .filter((line) => name in line && fits(line))
      .flatMap((line) => [line[name]].flat() as number[])
      .reduce((sum, value) => sum + value, 0);
  }

  test('every line is valid', () => {
    expect(written.metrics.length).toBeGreaterThan(30);
    for (const line of written.metrics) expectToBeValid(line);
  });

  test('every metric is written, under the dimensions that are said of it, and no other is', () => {
    const told = Object.entries(METRICS).flatMap(([name, { by }]) =>
      by.map((keys) => `${name} by ${['stage', ...keys].join()}`),
    );
    const series = written.metrics.flatMap(seriesOf);
    const emitted = new Set(
      series.map(({ name, dimensions }) => `${name} by ${Object.keys(dimensions).join()}`),
    );
    expect([...emitted].sort()).toEqual(told.sort());
  });

  test('no site, person, event id or delivery is a dimension', () => {
    const keys = new Set(
      written.metrics.flatMap(seriesOf).flatMap(({ dimensions }) => Object.keys(dimensions)),
    );
    expect([...keys].sort()).toEqual(['class', 'event', 'reason', 'stage', 'status']);
  });

  test('the figures are those of the log', () => {
    const logged = (message: string) => written.entries.filter((entry) => entry.message === message).length;
    expect(total(written.metrics, 'Accepted')).toBe(logged('event accepted'));
    expect(total(written.metrics, 'Sent')).toBe(logged('sent'));
    expect(total(written.metrics, 'Failed')).toBe(logged('failed'));
    expect(total(written.metrics, 'Retried', { class: 'retry' })).toBe(
      written.entries.filter((entry) => entry.message === 'retrying' && entry.class === 'retry').length,
    );
    expect(total(written.metrics, 'Waiting')).toBe(logged('waiting'));
    expect(total(written.metrics, 'DrainLateness')).toBeGreaterThanOrEqual(60_000);
    expect(total(written.metrics, 'DuplicatesDropped')).toBe(1);
    expect(total(written.metrics, 'TooManyRequests')).toBe(1);
    // Once by a message, and at both shops by the look at their webhooks.
    expect(total(written.metrics, 'BotsUnauthorized')).toBe(3);
    expect(total(written.metrics, 'ClockRuns', { event: 'abandoned-cart' })).toBe(1);
    expect(total(written.metrics, 'ClockRuns', { event: 'activity-reminder' })).toBe(1);
    expect(total(written.metrics, 'ClockRuns', { event: 'drain-due' })).toBe(1);
    expect(total(written.metrics, 'ClockRuns', { event: 'retention' })).toBe(1);
    expect(total(written.metrics, 'ClockRuns', { event: 'site-erasure' })).toBe(1);
    expect(total(written.metrics, 'Removed', { reason: 'unlinked' })).toBe(1);
    const refused = ['request refused', 'unexpected error', 'not linked', 'event refused'];
    const refusals = refused.reduce((sum, message) => sum + logged(message), 0);
    expect(total(written.metrics, 'Refused')).toBe(refusals);
  });

  test('a cart that fell due an hour ago is an hour late, within the time that this test takes', () => {
    const lateness = total(written.metrics, 'DueLateness', { event: 'abandoned-cart' });
    expect(lateness).toBeGreaterThanOrEqual(3_600_000);
    expect(lateness).toBeLessThan(3_600_000 + 10 * 60_000);
  });

  test('an event with many recipients makes one line, and one more for each further reason', async () => {
    const { app, report } = day;
    await app.reset();
    await app.stack.putUser({ siteId: 'demo', userId: 'off', chatId: 5, optedOut: true });
    const recipients = ['anna', 'bruno', 'carla', 'dario', 'nessuno', 'off'].map((id) => ({ id }));
    const body = payloadForAll('message-sent', recipients, { eventId: 'many' });
    const { metrics } = await writtenDuring(() => report('message-sent', body));
    expect(metrics).toMatchObject([
      { event: 'message-sent', siteId: 'demo', Accepted: 1, Queued: 3, reason: 'not-linked', Skipped: 2 },
      { event: 'message-sent', siteId: 'demo', reason: 'opted-out', Skipped: 1 },
    ]);
  });

  test('a batch of ten messages of one event makes one line', async () => {
    const { app, invoke } = day;
    await app.reset();
    const people = ['anna', 'bruno', 'carla'];
    const records = people.map((userId) => record(notification({ userId })));
    const { metrics } = await writtenDuring(() => invoke('deliver', { Records: records }));
    expect(metrics).toMatchObject([{ event: 'order-status', Sent: 3, AgeAtSending: expect.any(Array) }]);
  });

  test('what a function has measured before it broke down is written all the same', async () => {
    const { withTelemetry } = await import('../../lib/observability/telemetry.ts');
    const { count } = await import('../../lib/observability/metrics.ts');
    const breaksDown = withTelemetry(async () => {
      count('DuplicatesDropped', {});
      throw new Error('out of luck');
    });
    const { metrics } = await writtenDuring(() =>
      expect(breaksDown({}, { awsRequestId: 'r-2' })).rejects.toThrow('out of luck'),
    );
    expect(metrics).toMatchObject([{ DuplicatesDropped: 1, requestId: 'r-2' }]);
  });

  test('a bot that is refused again is no news', async () => {
    const { app, invoke } = day;
    await app.reset();
    const refusedAttempt = async () => {
      await app.telegram.refuse(401, 'Unauthorized', { times: 1 });
      return writtenDuring(() => invoke('deliver', { Records: [record(notification())] }));
    };
    const first = await refusedAttempt();
    const bot = await botOf(app);
    // Without the pause that the first refusal made.
    await app.reset();
    await app.setSite({ bot });
    const second = await refusedAttempt();
    const figures = ({ metrics }: Written) => [
      total(metrics, 'Waiting', { reason: 'bot-unauthorized' }),
      total(metrics, 'BotsUnauthorized'),
    ];
    expect([figures(first), figures(second)]).toEqual([
      [1, 1],
      [1, 0],
    ]);
  });

  describe('the age of the oldest waiting message', () => {
    const TWO_HOURS = 2 * 3_600_000;

    beforeEach(() => day.app.reset());

    /** Two hours pass, and the drain looks again. */
    async function drainLater(): Promise<Written> {
      const { app, invoke } = day;
      await app.stack.ageWaiting(TWO_HOURS);
      await app.stack.endPauses();
      return writtenDuring(() => invoke('drain', ticketBatch('demo')));
    }

    test('is measured where the bot works', async () => {
      const { app, invoke } = day;
      const parameters = { retry_after: 60 };
      await app.telegram.refuse(429, 'Too Many Requests: retry after 60', { times: 1, parameters });
      await invoke('deliver', { Records: [record(notification())] });
      const { metrics } = await drainLater();
      const age = total(metrics, 'WaitingAge');
      expect(age).toBeGreaterThanOrEqual(TWO_HOURS);
      expect(age).toBeLessThan(TWO_HOURS + 10 * 60_000);
      expect(total(metrics, 'Sent')).toBe(1);
    });

    test('is not where it does not: that has an alarm of its own', async () => {
      const { app, invoke } = day;
      await app.telegram.refuse(401, 'Unauthorized', { times: 3 });
      await invoke('deliver', { Records: [record(notification())] });
      await drainLater();
      const { metrics } = await drainLater();
      expect(total(metrics, 'Waiting', { reason: 'bot-unauthorized' })).toBe(1);
      expect(total(metrics, 'WaitingAge')).toBe(0);
    });
  });

  async function botOf({ stack }: Day['app']) {
    const site = await stack.findSite('demo');
    if (!site?.bot) throw new Error('The demo has no bot.');
    return site.bot;
  }

  test('what carries a mark elsewhere is the same event', async () => {
    const body = marked(payload('file-upload', { eventId: 'marked' })) as Fields;
    const { metrics } = await writtenDuring(() => day.report('file-upload', body));
    expect(metrics).toMatchObject([{ event: 'file-upload', Accepted: 1 }]);
  });
});

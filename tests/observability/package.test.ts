/** Alarms and dashboard as they are deployed: they look at what there is, and lead to a page that says what to do. */
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { METRICS } from '../../lib/observability/metrics.ts';
import type { Resource } from '../../local/resources.ts';
import { beginDay, type Day, liveThrough } from '../support/eventful-day.ts';
import { seriesOf } from '../support/log-lines.ts';
import { indexesOf, packagedResources } from '../support/package.ts';

/** A metric that an alarm or a graph refers to. A dimension without a value: whatever there is. */
interface Reference {
  namespace: string;
  name: string;
  dimensions: Record<string, unknown>;
}

interface MetricQuery {
  Id: string;
  Expression?: string;
  ReturnData: boolean;
  MetricStat?: { Period: number; Metric: Stat };
}
interface Stat {
  Namespace: string;
  MetricName: string;
  Dimensions: { Name: string; Value: unknown }[];
}

const OURS = 'passweb-telegram';

/** What AWS measures of its services, out of its documentation; and whose names its dimensions hold. */
const OF_AWS: Record<string, { names: string[]; dimensions: Record<string, string> }> = {
  'AWS/SQS': {
    names: [
      'ApproximateNumberOfMessagesVisible',
      'ApproximateNumberOfMessagesNotVisible',
      'NumberOfMessagesReceived',
      'ApproximateAgeOfOldestMessage',
    ],
    dimensions: { QueueName: 'AWS::SQS::Queue' },
  },
  'AWS/Lambda': {
    names: ['Errors', 'Throttles', 'Duration', 'ConcurrentExecutions'],
    dimensions: { FunctionName: 'AWS::Lambda::Function' },
  },
  'AWS/ApiGateway': {
    names: ['Count', '4xx', '5xx', 'Latency'],
    dimensions: { ApiId: 'AWS::ApiGatewayV2::Api' },
  },
  // For a table without its indexes. For an index, its name is a second dimension:
  // https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/metrics-dimensions.html
  'AWS/DynamoDB': {
    names: ['ReadThrottleEvents', 'WriteThrottleEvents'],
    dimensions: { TableName: 'AWS::DynamoDB::Table' },
  },
};

let resources: Record<string, Resource>;
let headings: string[];
let day: Day;
/** What the code really writes: metrics with dimensions and values. */
let emitted: Reference[];

beforeAll(async () => {
  resources = await packagedResources();
  const runbook = await readFile(join(process.cwd(), 'docs/runbook.md'), 'utf8');
  headings = [...runbook.matchAll(/^## (.+)$/gm)].map(([, heading]) => heading ?? '');
  day = await beginDay();
  const { metrics } = await liveThrough(day);
  emitted = metrics.flatMap(seriesOf).map((series) => ({ namespace: OURS, ...series }));
});
afterAll(() => day.close());

const ofType = (type: string) => Object.entries(resources).filter(([, { Type }]) => Type === type);
const alarms = () => ofType('AWS::CloudWatch::Alarm').map(([, { Properties }]) => Properties);

/** The metrics of an alarm; one that is only there on a condition, too. */
function queriesOf(alarm: Record<string, unknown>): MetricQuery[] {
  const items = (alarm.Metrics ?? []) as (MetricQuery | { 'Fn::If': [string, MetricQuery, unknown] })[];
  return items.map((item) => ('Fn::If' in item ? item['Fn::If'][1] : item));
}

function referencesOf(alarm: Record<string, unknown>): Reference[] {
  const stats = queriesOf(alarm).flatMap(({ MetricStat }) => MetricStat?.Metric ?? []);
  if (alarm.MetricName !== undefined) stats.push(alarm as unknown as Stat);
  return stats.map(({ Namespace, MetricName, Dimensions }) => ({
    namespace: Namespace,
    name: MetricName,
    dimensions: Object.fromEntries(Dimensions.map(({ Name, Value }) => [Name, Value])),
  }));
}

interface Widget {
  type: string;
  x: number;
  y: number;
  width: number;
  height: number;
  properties: { title: string; alarms?: string[]; metrics?: (string | { expression?: string })[][] };
}

function dashboard(): { text: string; widgets: Widget[] } {
  const { Properties = {} } = resources.Dashboard ?? {};
  const [body, { SyntheticCheckAlarmEntry: entry }] = (
    Properties.DashboardBody as {
      'Fn::Sub': [
        string,
        { SyntheticCheckAlarmEntry: { 'Fn::If': [string, { 'Fn::Join': [string, unknown[]] }] } },
      ];
    }
  )['Fn::Sub'];
  // The alarm that is only there on a condition, too.
  const parts = entry['Fn::If'][1]['Fn::Join'][1].map((part) =>
    typeof part === 'string' ? part : `\${${logicalIdIn(part)}.Arn}`,
  );
  const text = body.replace(`\${SyntheticCheckAlarmEntry}`, parts.join(''));
  return { text, widgets: JSON.parse(text).widgets };
}

function graphed(): Reference[] {
  return dashboard().widgets.flatMap(({ properties }) => (properties.metrics ?? []).map(toReference));
}

/** `[namespace, name, dimension, value, …, options]`, or a search in its own words. */
function toReference(metric: (string | { expression?: string })[]): Reference {
  const options = metric.find((part) => typeof part === 'object');
  if (options?.expression) return toSearched(options.expression);
  const [namespace = '', name = '', ...pairs] = metric.filter((part) => typeof part === 'string');
  const dimensions: Record<string, unknown> = {};
  for (let index = 0; index < pairs.length; index += 2) dimensions[pairs[index] ?? ''] = pairs[index + 1];
  return { namespace, name, dimensions };
}

function toSearched(expression: string): Reference {
  const [, namespace = '', keys = '', name = '', terms = ''] =
    expression.match(/^SEARCH\('\{"?([^,"]+)"?,([^}]+)\} MetricName="(\w+)" ([^']+)', '\w+', \d+\)$/) ?? [];
  const dimensions: Record<string, unknown> = Object.fromEntries(
    keys.split(',').map((key) => [key, undefined]),
  );
  for (const [, key = '', value] of terms.matchAll(/(\w+)="([^"]+)"/g)) dimensions[key] = value;
  return { namespace, name, dimensions };
}

/** Whether the code writes it: same name, the very same dimensions, and the values that are asked for. */
function isEmitted({ name, dimensions }: Reference): boolean {
  const keys = Object.keys(dimensions).sort().join();
  return emitted.some(
    (series) =>
      series.name === name &&
      Object.keys(series.dimensions).sort().join() === keys &&
      Object.entries(dimensions).every(
        ([key, value]) => value === undefined || series.dimensions[key] === value,
      ),
  );
}

/** The logical id behind `Ref`, `Fn::GetAtt` or, in a `Fn::Sub`, `${…}`. */
function logicalIdIn(value: unknown): string {
  if (typeof value === 'string') return value.match(/^\$\{(\w+)(?:\.\w+)?\}$/)?.[1] ?? '';
  const { Ref, 'Fn::GetAtt': attribute } = value as { Ref?: string; 'Fn::GetAtt'?: string[] };
  return Ref ?? attribute?.[0] ?? '';
}

function expectToExist(references: Reference[]): void {
  for (const reference of references.filter(({ namespace }) => namespace === OURS))
    expect([reference, isEmitted(reference)]).toEqual([reference, true]);
  for (const reference of references.filter(({ namespace }) => namespace !== OURS)) {
    const { namespace, name } = reference;
    const { GlobalSecondaryIndexName: index, ...dimensions } = reference.dimensions;
    expect(OF_AWS[namespace]?.names).toContain(name);
    expect(Object.keys(dimensions)).toEqual(Object.keys(OF_AWS[namespace]?.dimensions ?? {}));
    if (index !== undefined) expect(indexesOf(resources[logicalIdIn(dimensions.TableName)])).toContain(index);
    for (const [key, value] of Object.entries(dimensions))
      if (value !== undefined)
        expect([value, resources[logicalIdIn(value)]?.Type]).toEqual([
          value,
          OF_AWS[namespace]?.dimensions[key],
        ]);
  }
}

describe('alarms', () => {
  test('each says what it means and names a section of the runbook that is there', () => {
    expect(alarms().length).toBeGreaterThan(15);
    for (const { AlarmDescription } of alarms()) {
      const [, sentence = '', section] =
        String(AlarmDescription).match(/^(.{20,}\.) docs\/runbook\.md, "(.+)"$/) ?? [];
      expect([AlarmDescription, sentence.length > 20]).toEqual([AlarmDescription, true]);
      expect(headings).toContain(section);
    }
  });

  test('each tells the topic, when it goes off and when it is over', () => {
    for (const alarm of alarms())
      expect(alarm).toMatchObject({
        AlarmActions: [{ Ref: 'AlarmTopic' }],
        OKActions: [{ Ref: 'AlarmTopic' }],
      });
    expect(resources.AlarmTopic?.Properties.KmsMasterKeyId).toEqual({ Ref: 'AlarmKey' });
  });

  test('each looks at metrics that are really written, with those very dimensions', () => {
    for (const alarm of alarms()) {
      const references = referencesOf(alarm);
      expect(references.length).toBeGreaterThan(0);
      expectToExist(references);
    }
  });

  test('each can be made: ten metrics at the most, one result, known names in its expression', () => {
    for (const alarm of alarms().filter(({ Metrics }) => Metrics)) {
      const queries = queriesOf(alarm);
      const ids = queries.filter(({ MetricStat }) => MetricStat).map(({ Id }) => Id);
      expect(ids.length).toBeLessThanOrEqual(10);
      expect(new Set(ids).size).toBe(ids.length);
      for (const id of ids) expect(id).toMatch(/^[a-z]\w*$/);
      const results = queries.filter(({ ReturnData }) => ReturnData);
      expect(results).toHaveLength(1);
      const named = String(results[0]?.Expression).match(/\b[a-z]\w*\b/g) ?? [];
      for (const id of named) expect(ids).toContain(id);
      const periods = queries.flatMap(({ MetricStat }) => MetricStat?.Period ?? []);
      expect(new Set(periods).size).toBe(1);
    }
  });

  test('every dead-letter queue is looked at', () => {
    const dead = ofType('AWS::SQS::Queue').flatMap(([, { Properties }]) => {
      const { deadLetterTargetArn } = (Properties.RedrivePolicy ?? {}) as { deadLetterTargetArn?: unknown };
      return deadLetterTargetArn ? logicalIdIn(deadLetterTargetArn) : [];
    });
    expect(dead).toContain('DeliveriesDeadLetterQueue');
    const alarmedQueues = referencesOf(resources.DeadLettersAlarm?.Properties ?? {}).map(({ dimensions }) =>
      logicalIdIn(dimensions.QueueName),
    );
    expect(alarmedQueues.sort()).toEqual(dead.sort());
  });

  test('the errors of every function are looked at', () => {
    const errors = alarms()
      .flatMap(referencesOf)
      .filter(({ namespace, name }) => namespace === 'AWS/Lambda' && name === 'Errors')
      .map(({ dimensions }) => logicalIdIn(dimensions.FunctionName));
    expect(errors.sort()).toEqual(
      ofType('AWS::Lambda::Function')
        .map(([logicalId]) => logicalId)
        .sort(),
    );
  });

  test.each(['ReadThrottleEvents', 'WriteThrottleEvents'])(
    '%s of every table, and of every index, are looked at',
    (metric) => {
      const tables = ofType('AWS::DynamoDB::Table').map(([logicalId]) => logicalId);
      const indexes = tables.flatMap((table) =>
        indexesOf(resources[table]).map((index) => `${table}/${index}`),
      );
      expect(indexes).toContain('WaitingTable/by-next-time');
      const alarmed = alarms()
        .flatMap(referencesOf)
        .filter(({ name }) => name === metric)
        .map(({ dimensions: { TableName, GlobalSecondaryIndexName: index } }) =>
          [logicalIdIn(TableName), index].filter((part) => part !== undefined).join('/'),
        );
      expect(alarmed.sort()).toEqual([...tables, ...indexes].sort());
    },
  );

  test('the throttles of every function that takes events in, or of which some are reserved, are looked at', () => {
    const throttles = alarms()
      .flatMap(referencesOf)
      .filter(({ name }) => name === 'Throttles')
      .map(({ dimensions }) => logicalIdIn(dimensions.FunctionName));
    const eventFunctions = referencesOf(resources.EventErrorsAlarm?.Properties ?? {}).map(({ dimensions }) =>
      logicalIdIn(dimensions.FunctionName),
    );
    const reserved = ofType('AWS::Lambda::Function')
      .filter(([, { Properties }]) => Properties.ReservedConcurrentExecutions !== undefined)
      .map(([logicalId]) => logicalId);
    expect(reserved.length).toBeGreaterThan(0);
    expect(throttles.sort()).toEqual([...eventFunctions, ...reserved].sort());
  });

  test('more than 60,000 messages in flight are one: at 120,000 a FIFO queue gives out no more', () => {
    expect(resources.InFlightAlarm?.Properties).toMatchObject({
      MetricName: 'ApproximateNumberOfMessagesNotVisible',
      Dimensions: [{ Name: 'QueueName', Value: { 'Fn::GetAtt': ['DeliveriesQueue', 'QueueName'] } }],
      ComparisonOperator: 'GreaterThanThreshold',
      Threshold: 60_000,
      Statistic: 'Maximum',
    });
  });

  test.each([
    ['DrainLateness', []],
    ['WaitingAge', []],
    ['SiteSkipped', ['abandoned-cart', 'activity-reminder', 'file-digest']],
  ])('%s is looked at', (metric, events: string[]) => {
    const references = alarms()
      .flatMap(referencesOf)
      .filter(({ name }) => name === metric);
    expect(references.length).toBeGreaterThan(0);
    expect(references.flatMap(({ dimensions }) => dimensions.event ?? [])).toEqual(events);
  });

  test.each(['abandoned-cart', 'activity-reminder', 'file-digest', 'drain-due', 'people-due', 'webhooks'])(
    'silence of the clock of %s is an alarm',
    (event) => {
      const ofClock = alarms().filter((alarm) =>
        referencesOf(alarm).some(
          ({ name, dimensions }) => name === 'ClockRuns' && dimensions.event === event,
        ),
      );
      expect(ofClock).toMatchObject([
        {
          TreatMissingData: 'breaching',
          ComparisonOperator: 'LessThanThreshold',
          Threshold: 1,
          Statistic: 'Sum',
        },
      ]);
    },
  );

  test('silence of anything else is none, but of the synthetic check', () => {
    for (const alarm of alarms())
      if (alarm.TreatMissingData !== 'notBreaching')
        expect(referencesOf(alarm)).toMatchObject([
          { name: expect.stringMatching(/^(ClockRuns|ChecksPassed)$/) },
        ]);
  });
});

describe('the dashboard', () => {
  test('shows metrics that are really written', () => {
    expect(graphed().length).toBeGreaterThan(30);
    expectToExist(graphed());
  });

  test('shows every metric of ours, and every alarm', () => {
    const shown = new Set(graphed().map(({ name }) => name));
    expect(Object.keys(METRICS).filter((name) => !shown.has(name))).toEqual([]);
    const listed = dashboard().widgets.flatMap(({ properties }) => properties.alarms ?? []);
    expect(listed.map(logicalIdIn).sort()).toEqual(
      ofType('AWS::CloudWatch::Alarm')
        .map(([logicalId]) => logicalId)
        .sort(),
    );
  });

  test('refers to nothing that is not in the template', () => {
    const names = [...dashboard().text.matchAll(/\$\{([^}.]+)[^}]*\}/g)].map(([, name]) => name ?? '');
    expect(names.filter((name) => !name.startsWith('AWS::') && !resources[name])).toEqual([]);
  });

  test('has its graphs side by side, none on top of another', () => {
    const { widgets } = dashboard();
    const cells = widgets.flatMap(({ x, y, width, height }) =>
      Array.from(
        { length: width * height },
        (_, cell) => `${x + (cell % width)},${y + Math.floor(cell / width)}`,
      ),
    );
    expect(new Set(cells).size).toBe(cells.length);
    for (const { x, width } of widgets) expect(x + width).toBeLessThanOrEqual(24);
  });
});

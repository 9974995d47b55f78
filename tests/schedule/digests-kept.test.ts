/** What is kept of notices that wait for others: what shows it, what ends it, and what it costs. */
import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import { logFile } from '../../lib/deliveries/log-csv.ts';
import type { Template } from '../../lib/domain/templates.ts';
import { deliveryWords } from '../../lib/i18n/delivery-words.ts';
import { type App, startApp } from '../support/app.ts';
import { template } from '../support/fixtures.ts';
import { type Gate, startGate } from '../support/gate.ts';
import type { Fields } from '../support/payloads.ts';
import { downloadEvent, pollDue } from '../support/schedule.ts';
import { record } from '../support/sqs-events.ts';

let app: App;
let dynamodb: Gate;

beforeAll(async () => {
  app = await startApp({
    telegram: 'emulator',
    beforeLoading: async ({ aws }) => {
      dynamodb = await startGate(`http://127.0.0.1:${aws.dynamodbPort}`);
      process.env.AWS_ENDPOINT_URL_DYNAMODB = dynamodb.url;
    },
  });
});
afterAll(async () => {
  await dynamodb.close();
  await app.close();
});

const { digestMinutes, ...plain }: Template = {
  ...template('file-download', 'scaricati'),
  text: { it: '{{numeroFile}}: {{nomeFile}}' },
  digestMinutes: 10,
};
const collecting = { ...plain, digestMinutes: digestMinutes ?? 0 };
/** The queue takes a message of the same event only once in five minutes, also in another test. */
let turn = 0;

beforeEach(async () => {
  turn += 1;
  await app.reset();
  await app.setTemplates(collecting);
});

/** A line of the log. */
const view = {
  ...{ deliveryId: 'd', event: 'file-access', eventId: 'e', userId: 'anna', attempts: 0, test: false },
  recordedAt: '2026-11-30T20:00:00.000Z',
};
const idOf = (name: string) => `${turn} ${name}`;
const download = (name: string, changes: Fields = {}) =>
  app.report('file-access', downloadEvent(name, { eventId: idOf(name), ...changes }));
const poll = () => pollDue('file-digest', Date.now() + 11 * 60_000);
const log = async (): Promise<Fields[]> =>
  (await app.call('GET', '/v1/sites/demo/deliveries')).json.deliveries;
const items = async () => app.stack.items('ScheduleTable');
async function deliver(): Promise<void> {
  const queued = await app.takeQueued();
  expect(await app.deliver(queued.map((notification) => record(notification)))).toEqual([]);
}

test('the log says of each notice that it is to come, then that it is in a message, which says how many it collects', async () => {
  await download('A.pdf');
  await download('B.pdf');
  const { json } = await app.call('GET', '/v1/sites/demo/deliveries', { query: { status: 'scheduled' } });
  const scheduled = {
    ...{ event: 'file-access', userId: 'anna', status: 'scheduled', templateName: 'scaricati' },
    message: { it: 'In programma: parte all’ora indicata, insieme ad altri avvisi della stessa cartella.' },
  };
  expect(json.deliveries).toMatchObject([
    { ...scheduled, eventId: idOf('A.pdf') },
    { ...scheduled, eventId: idOf('B.pdf') },
  ]);
  expect(await log()).toEqual([]);

  await poll();
  await deliver();
  const lines = await log();
  const [sent] = lines.filter(({ status }) => status === 'sent');
  expect(sent).toMatchObject({
    ...{ eventId: idOf('A.pdf'), templateId: 'scaricati', collected: 2 },
    message: { it: 'Inviato: è nella chat. Raccoglie 2 avvisi della stessa cartella.' },
  });
  const others = lines.filter((line) => line !== sent);
  expect(others.map(({ eventId }) => eventId).toSorted()).toEqual([idOf('A.pdf'), idOf('B.pdf')]);
  for (const line of others)
    expect(line).toMatchObject({
      ...{ status: 'skipped', reason: 'in-digest', digestId: sent?.deliveryId, userId: 'anna' },
      message: { it: expect.stringMatching(/insieme ad altri avvisi della stessa cartella/) },
    });
  // Those that were to come have the ids that they have now.
  const ids = (all: Fields[]) => all.map(({ deliveryId }) => deliveryId).toSorted();
  expect(ids(others)).toEqual(ids(json.deliveries));
});

test('in a file each of them is collected, and not unsent', () => {
  const line = { ...view, status: 'skipped' as const, reason: 'in-digest' };
  const { text } = logFile([{ ...line, message: deliveryWords(line) }], {
    language: 'it',
    timeZone: 'Europe/Rome',
    hasClicks: false,
  });
  expect(text).toContain(';"Raccolto";');
  expect(text).not.toContain('Non inviato');
});

test('the statistics count the message, and nothing else', async () => {
  await download('A.pdf');
  await download('B.pdf');
  await poll();
  await deliver();
  const { statisticsOf } = await import('../../lib/deliveries/statistics.ts');
  const { totals } = await statisticsOf(
    { siteId: 'demo', timeZone: 'Europe/Rome' },
    {},
    Date.now() + 600_000,
  );
  expect(totals).toMatchObject({ sent: 1, failed: 0, skipped: {} });
});

test('a notice that is in a message is not sent again by itself: that message is', async () => {
  await download('A.pdf');
  await download('B.pdf');
  await poll();
  await deliver();
  const lines = await log();
  const [notice] = lines.filter(({ reason }) => reason === 'in-digest');
  const path = (id: unknown) => `/v1/sites/demo/deliveries/${id}/resend`;
  expect(await app.call('POST', path(notice?.deliveryId))).toMatchObject({
    status: 409,
    json: { code: 'in-digest' },
  });
  expect((await app.call('POST', path(notice?.digestId))).status).toBe(202);
});

test('who opts out while the message is in the queue does not get it', async () => {
  await download('A.pdf');
  await download('B.pdf');
  await poll();
  await app.call('PATCH', '/v1/sites/demo/users/anna', { body: { optedOut: true } });
  await deliver();
  expect(await app.telegram.messagesIn(1001)).toEqual([]);
  expect((await log()).map(({ reason }) => reason).toSorted()).toEqual([
    'in-digest',
    'in-digest',
    'opted-out',
  ]);
});

test('what waits is listed: the folder, and how many there are', async () => {
  await download('A.pdf');
  await download('B.pdf');
  await download('C.pdf', { folder: { name: 'Contratti' } });
  const { json } = await app.call('GET', '/v1/sites/demo/scheduled');
  const listed = json.scheduled.map(({ folder, notices, ...line }: Fields) => [folder, notices, line]);
  const line = { kind: 'digest', event: 'file-access', userId: 'anna', templateName: 'scaricati' };
  expect(
    listed.toSorted((one: string[], other: string[]) => ((one[0] ?? '') < (other[0] ?? '') ? -1 : 1)),
  ).toEqual([
    ['Contratti', 1, expect.objectContaining({ ...line, eventId: idOf('C.pdf') })],
    ['Listini', 2, expect.objectContaining({ ...line, eventId: idOf('A.pdf') })],
  ]);
  const other = await app.call('GET', '/v1/sites/demo/scheduled', { query: { userId: 'bruno' } });
  expect(other.json.scheduled).toEqual([]);
});

describe('of a person', () => {
  test('the export shows what waits for them', async () => {
    await download('A.pdf');
    const { json } = await app.call('GET', '/v1/sites/demo/users/anna/export');
    expect(json.scheduled).toMatchObject([
      {
        key: expect.stringMatching(/^bundle#anna#/),
        dueAt: expect.any(String),
        event: {
          ...{ digest: 'file-access', user: { id: 'anna' }, folder: 'Listini' },
          notices: [{ eventId: idOf('A.pdf'), file: { name: 'A.pdf' } }],
        },
      },
    ]);
  });

  test('nobody else is in it', async () => {
    await download('A.pdf');
    const { text } = await app.call('GET', '/v1/sites/demo/users/anna/export');
    expect(text).not.toContain('Verdi');
  });

  test('erased: nothing stays, and nothing is sent; so also after it was dispatched', async () => {
    await download('A.pdf');
    await download('B.pdf', { administrators: [{ id: 'anna' }, { id: 'bruno' }] });
    await app.call('DELETE', '/v1/sites/demo/users/anna');
    await poll();
    expect((await app.takeQueued()).map(({ userId }) => userId)).toEqual(['bruno']);
    expect(JSON.stringify(await items())).not.toContain('anna');

    await app.call('DELETE', '/v1/sites/demo/users/bruno');
    expect(await items()).toEqual([]);
  });

  test('renamed: what waits is theirs under the new id', async () => {
    await download('A.pdf');
    await download('B.pdf');
    await app.call('POST', '/v1/sites/demo/users/anna/rename', { body: { userId: 'anna-2' } });
    await poll();
    expect(await app.takeQueued()).toMatchObject([{ userId: 'anna-2', text: '2: A.pdf e B.pdf' }]);
  });
});

test('of a site that is gone nothing is sent', async () => {
  await download('A.pdf');
  const { eraseScheduleOf } = await import('../../lib/store/erase.ts');
  await eraseScheduleOf('demo');
  expect(await items()).toEqual([]);
});

describe('what it costs in requests to AWS', () => {
  /** To the tables, and messages to the queue. */
  async function requests(work: () => Promise<unknown>): Promise<[toTables: number, queued: number]> {
    await app.takeQueued();
    await dynamodb.open();
    await work();
    return [dynamodb.passed(), (await app.takeQueued()).length];
  }
  /** What was read of the site once is known. */
  const warmUp = () => download('first', { administrators: [{ id: 'bruno' }] });

  test('without it, what it was: one read, and the queue', async () => {
    await app.setTemplates(plain);
    await warmUp();
    expect(await requests(() => download('A.pdf'))).toEqual([1, 1]);
  });

  test('with it: one read and one write for each notice', async () => {
    await warmUp();
    expect(await requests(() => download('A.pdf'))).toEqual([2, 0]);
    expect(await requests(() => download('B.pdf'))).toEqual([2, 0]);
    // Reported again: the read shows it.
    expect(await requests(() => download('B.pdf'))).toEqual([1, 0]);
  });
});

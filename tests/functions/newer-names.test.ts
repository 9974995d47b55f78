/** The names of a newer event replace the stored ones; those of an older event, or of one without names, do not. */
import { afterAll, beforeAll, beforeEach, expect, test } from '@jest/globals';
import { type App, startApp } from '../support/app.ts';

let app: App;
beforeAll(async () => {
  app = await startApp({ telegram: 'server' });
});
afterAll(() => app.close());
beforeEach(() => app.reset());

let lastEvent = 0;
async function report(occurredAt: string | undefined, names: object, id = 'anna'): Promise<void> {
  lastEvent += 1;
  const { status } = await app.report('message-sent', {
    ...{ eventId: `names-${lastEvent}`, message: { id: '1', subject: 'x' }, sender: { id: 's' } },
    ...(occurredAt && { occurredAt }),
    recipients: [{ id, ...names }],
  });
  expect(status).toBe(202);
}
const nameOf = async (userId = 'anna') => {
  const { json } = await app.call('GET', `/v1/sites/demo/users/${userId}`);
  return [json.firstName, json.lastName, json.companyName];
};

test('a newer event renames, all names at once', async () => {
  await report('2026-11-20T10:00:00+01:00', { companyName: 'Rossi & C. S.n.c.' });
  expect(await nameOf()).toEqual([undefined, undefined, 'Rossi & C. S.n.c.']);
});

test('an older event, that comes later, does not', async () => {
  await report('2026-11-20T10:00:00+01:00', { companyName: 'Nuova' });
  await report('2026-11-20T10:00:00+02:00', { companyName: 'Vecchia' });
  expect(await nameOf()).toEqual([undefined, undefined, 'Nuova']);
  await report(undefined, { companyName: 'Adesso' });
  expect(await nameOf()).toEqual([undefined, undefined, 'Adesso']);
});

test('an event without names, or with blank ones, changes nothing', async () => {
  await report(undefined, {});
  await report(undefined, { firstName: ' ', companyName: '' });
  expect(await nameOf()).toEqual(['Anna', 'Rossi', undefined]);
});

test('a correction by the site is newer than the events before it', async () => {
  await app.call('PATCH', '/v1/sites/demo/users/anna', { body: { lastName: 'Rossini' } });
  await report('2026-11-20T10:00:00+01:00', { firstName: 'Anna', lastName: 'Rosi' });
  expect(await nameOf()).toEqual(['Anna', 'Rossini', undefined]);
});

test('an event from the future is of now', async () => {
  await report('2099-01-01T00:00:00Z', { companyName: 'Del futuro' });
  await report(undefined, { companyName: 'Di adesso' });
  expect(await nameOf()).toEqual([undefined, undefined, 'Di adesso']);
});

test('a message that is sent later has the corrected name', async () => {
  const activity = { id: '1', subject: 'x', date: new Date(Date.now() + 7_200_000).toISOString() };
  const reminder = {
    eventId: 'promemoria',
    activity,
    remindMinutesBefore: 119,
    recipients: [{ id: 'anna', firstName: 'Vecchia' }],
  };
  await app.report('activity-reminder', reminder);
  await app.call('PATCH', '/v1/sites/demo/users/anna', { body: { firstName: 'Corretta', lastName: null } });
  const [item] = (await app.stack.items('ScheduleTable')).filter(({ shard }) => shard);
  const { DynamoDBDocumentClient, PutCommand } = await import('@aws-sdk/lib-dynamodb');
  await DynamoDBDocumentClient.from(app.stack.aws.dynamodb).send(
    new PutCommand({
      TableName: app.stack.refs.get('ScheduleTable'),
      Item: { ...item, dueAt: new Date(Date.now() - 1_000).toISOString() },
    }),
  );
  await app.invoke('activity-reminder-due', {});
  expect((await app.takeQueued()).map(({ text }) => text).join()).toContain('Corretta');
  expect(await nameOf()).toEqual(['Corretta', undefined, undefined]);
});

test('people whom nobody has linked or named here do not come to be by it', async () => {
  await report(undefined, { firstName: 'Mai' }, 'mai-visto');
  expect((await app.call('GET', '/v1/sites/demo/users/mai-visto')).status).toBe(404);
});

test('also where nothing is sent, and where the poller of carts finds the event later', async () => {
  await app.setUser('anna', { optedOut: true, optedOutBy: 'site' });
  await report(undefined, { firstName: 'Anna', lastName: 'Neri' });
  expect(await nameOf()).toEqual(['Anna', 'Neri', undefined]);
});

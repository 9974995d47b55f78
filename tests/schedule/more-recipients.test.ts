/** A reminder that is reported again with further recipients: they are reminded with the others. */
import { afterAll, beforeAll, beforeEach, expect, test } from '@jest/globals';
import { type App, startApp } from '../support/app.ts';
import { pollDue, reminderEvent } from '../support/schedule.ts';

let app: App;
beforeAll(async () => {
  app = await startApp();
});
afterAll(() => app.close());
// The queue takes the same delivery once in five minutes.
let turn = 0;
beforeEach(async () => {
  turn += 1;
  await app.reset();
});

const DATE = '2027-03-15T09:30:00+01:00';
const DUE = '2027-03-15T08:30:00+01:00';
const [anna, bruno, carla] = ['anna', 'bruno', 'carla'].map((id) => ({ id }));

const report = (recipients: unknown[], changes: object = {}) =>
  app.report(
    'activity-reminder',
    reminderEvent(
      { eventId: `event ${turn}`, recipients, ...changes },
      { id: `activity ${turn}`, date: DATE },
    ),
  );
const statuses = ({ json }: Awaited<ReturnType<typeof report>>) =>
  (json.notifications as Record<string, string>[]).map(({ userId, status, dueAt }) =>
    [userId, status, ...(dueAt ? [dueAt] : [])].join(' '),
  );
const whoAreReminded = async () => (await app.takeQueued()).map(({ userId }) => userId).toSorted();

test('while it waits: they are reminded too, and the answer is true', async () => {
  await report([anna]);
  const again = await report([anna, bruno]);
  expect(statuses(again)).toEqual([
    'anna scheduled 2027-03-15T07:30:00.000Z',
    'bruno scheduled 2027-03-15T07:30:00.000Z',
  ]);
  expect(again.json).toMatchObject({ repeated: true });
  await report([carla]);
  await pollDue('activity-reminder', DUE);
  expect(await whoAreReminded()).toEqual(['anna', 'bruno', 'carla']);
});

test('of an activity that recurs: from the next date on', async () => {
  const recurrence = { frequency: 'daily', count: 2 };
  await report([anna], { recurrence });
  await pollDue('activity-reminder', DUE);
  expect(await whoAreReminded()).toEqual(['anna']);
  expect(statuses(await report([anna, bruno], { recurrence }))[1]).toBe(
    'bruno scheduled 2027-03-16T07:30:00.000Z',
  );
  await pollDue('activity-reminder', '2027-03-16T08:30:00+01:00');
  expect(await whoAreReminded()).toEqual(['anna', 'bruno']);
});

test('after it was sent, before the activity: at once', async () => {
  await report([anna]);
  await pollDue('activity-reminder', DUE);
  expect(await whoAreReminded()).toEqual(['anna']);
  expect(statuses(await report([anna, bruno]))).toEqual(['anna queued', 'bruno queued']);
  expect(await whoAreReminded()).toContain('bruno');
});

test('five at the same time: nobody is lost', async () => {
  await report([anna]);
  const people = Array.from({ length: 5 }, (_, index) => ({ id: `person-${index}` }));
  await Promise.all(people.map((person) => report([person])));
  const [item] = await app.stack.items('ScheduleTable');
  const { recipients } = JSON.parse(String(item?.event)) as { recipients: { id: string }[] };
  expect(recipients.map(({ id }) => id).toSorted()).toEqual(['anna', ...people.map(({ id }) => id)]);
});

test('while a poller dispatches it: it goes on waiting for those', async () => {
  await report([anna]);
  const schedule = await import('../../lib/store/schedule.ts');
  const [before] = await app.stack.items('ScheduleTable');
  await report([bruno]);
  // What the poller has read, and dispatched, is ended only if it is still the same.
  await schedule.finish(before as unknown as Parameters<typeof schedule.finish>[0]);
  await pollDue('activity-reminder', DUE);
  expect(await whoAreReminded()).toEqual(['anna', 'bruno']);
});

test('more than there is room for: 400 that says so, and those before are reminded', async () => {
  const name = 'n'.repeat(250);
  const people = (from: number) =>
    Array.from({ length: 500 }, (_, index) => ({ id: `person-${from + index}`, firstName: name }));
  expect((await report(people(0))).status).toBe(202);
  expect((await report(people(500))).status).toBe(202);
  const answer = await report(people(1_000));
  expect(answer.status).toBe(400);
  expect(answer.json).toMatchObject({
    errors: [{ pointer: '/recipients', detail: expect.stringMatching(/1000 are to be reminded/) }],
  });
});

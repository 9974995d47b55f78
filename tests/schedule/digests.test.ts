/** Notices of files of one folder that become one message (docs/events.md, "One message for a folder"). */
import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import { type App, startApp } from '../support/app.ts';
import { template } from '../support/fixtures.ts';
import { downloadEvent, pollDue } from '../support/schedule.ts';

let app: App;

beforeAll(async () => {
  app = await startApp();
});
afterAll(() => app.close());

const collecting = {
  ...template('file-download', 'scaricati'),
  text: { it: '{{autore}}: {{numeroFile}} in {{nomeCartella}}\n{{elencoFile}}' },
  digestMinutes: 10,
};
beforeEach(async () => {
  await app.reset();
  await app.setTemplates(collecting);
});

/** The time after the window. */
const later = () => Date.now() + 11 * 60_000;
const texts = async () => (await app.takeQueued()).map(({ text }) => text);
const bruno = { id: 'bruno', firstName: 'Bruno', lastName: 'Bianchi' };

test('three downloads within ten minutes are one message that names all files and who it was', async () => {
  const before = Date.now();
  const first = await app.report('file-access', downloadEvent('A.pdf'));
  expect(first.json.notifications).toEqual([
    { userId: 'anna', templateId: 'scaricati', status: 'scheduled', dueAt: expect.any(String) },
  ]);
  const { dueAt } = first.json.notifications[0];
  expect(Date.parse(dueAt)).toBeGreaterThanOrEqual(before + 10 * 60_000);
  expect(Date.parse(dueAt)).toBeLessThanOrEqual(Date.now() + 10 * 60_000);
  const second = await app.report('file-access', downloadEvent('B.pdf', { accessedBy: bruno }));
  // The window began with the first notice.
  expect(second.json.notifications[0].dueAt).toBe(dueAt);
  await app.report('file-access', downloadEvent('C.pdf'));
  expect(await texts()).toEqual([]);
  expect(await pollDue('file-digest', Date.parse(dueAt) - 1)).toMatchObject({ due: 0 });

  expect(await pollDue('file-digest', dueAt)).toMatchObject({ due: 1 });
  expect(await texts()).toEqual(['Carla Verdi e Bruno Bianchi: 3 in Listini\n• A.pdf\n• B.pdf\n• C.pdf']);
  expect(await pollDue('file-digest', later())).toMatchObject({ due: 0 });
});

/** Notices of files of one folder that become one message (docs/events.md, "One message for a folder"). */
import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import type { Notification } from '../../lib/deliveries/notification.ts';
import type { Template } from '../../lib/domain/templates.ts';
import { htmlLength } from '../../lib/telegram/html/index.ts';
import { defaultTemplates } from '../../lib/templates/template-kinds.ts';
import { type App, startApp } from '../support/app.ts';
import { template } from '../support/fixtures.ts';
import type { Fields } from '../support/payloads.ts';
import { downloadEvent, pollDue } from '../support/schedule.ts';

let app: App;

beforeAll(async () => {
  app = await startApp();
});
afterAll(() => app.close());

const collecting: Template = {
  ...template('file-download', 'scaricati'),
  text: { it: '{{autore}}: {{numeroFile}} in {{nomeCartella}}\n{{elencoFile}}' },
  digestMinutes: 10,
};
/** The queue takes a message of the same event only once in five minutes, also in another test. */
let turn = 0;

beforeEach(async () => {
  turn += 1;
  await app.reset();
  await app.setTemplates(collecting);
});

/** A time after all windows. */
const later = () => Date.now() + 70 * 60_000;
const poll = () => pollDue('file-digest', later());
const download = (name: string, changes: Fields = {}) =>
  app.report('file-access', downloadEvent(name, { eventId: `${turn} ${name}`, ...changes }));
const upload = ({ eventId, ...changes }: Fields) =>
  app.report('file-upload', {
    ...{
      eventId: `${turn} ${eventId}`,
      folder: { name: 'Listini' },
      uploadedBy: carla,
      administrators: [anna],
    },
    ...changes,
  });
/** What the queue has after the poller ran. */
async function dispatched(): Promise<Notification[]> {
  await poll();
  return app.takeQueued();
}
const texts = async () => (await dispatched()).map(({ text }) => text);
const waiting = async () =>
  (await app.stack.items('ScheduleTable')).filter(({ shard }) => shard !== undefined);
const log = async (): Promise<Fields[]> =>
  (await app.call('GET', '/v1/sites/demo/deliveries')).json.deliveries;
/** What the log says of each event: the state and the reason. */
const outcomes = async () =>
  (await log()).map(({ eventId, status, reason }) => [eventId, status, reason]).toSorted();

const anna = { id: 'anna', firstName: 'Anna', lastName: 'Rossi', language: 'it' };
const bruno = { id: 'bruno', firstName: 'Bruno', lastName: 'Bianchi' };
const carla = { id: 'carla', firstName: 'Carla', lastName: 'Verdi' };

test('three downloads within ten minutes are one message that names all files and who it was', async () => {
  const before = Date.now();
  const first = await download('A.pdf');
  expect(first.json.notifications).toEqual([
    { userId: 'anna', templateId: 'scaricati', status: 'scheduled', dueAt: expect.any(String) },
  ]);
  const { dueAt } = first.json.notifications[0];
  expect(Date.parse(dueAt)).toBeGreaterThanOrEqual(before + 10 * 60_000);
  expect(Date.parse(dueAt)).toBeLessThanOrEqual(Date.now() + 10 * 60_000);
  const second = await download('B.pdf', { accessedBy: bruno });
  // The window began with the first notice.
  expect(second.json.notifications[0].dueAt).toBe(dueAt);
  await download('C.pdf');
  expect(await app.takeQueued()).toEqual([]);
  expect(await pollDue('file-digest', Date.parse(dueAt) - 1)).toMatchObject({ due: 0 });

  expect(await pollDue('file-digest', dueAt)).toMatchObject({ due: 1 });
  expect((await app.takeQueued()).map(({ text, button }) => [text, button])).toEqual([
    // They are on different pages: no button leads to one of them.
    ['Carla Verdi e Bruno Bianchi: 3 in Listini\n• A.pdf\n• B.pdf\n• C.pdf', undefined],
  ]);
  expect(await poll()).toMatchObject({ due: 0 });
});

test('a digest of one notice is the message that it would have been, to the letter', async () => {
  const [plain] = defaultTemplates().filter(({ event }) => event === 'file-download');
  if (!plain) throw new Error('no default');
  await app.setTemplates(plain);
  await download('A.pdf', { eventId: 'alone' });
  const [alone] = await app.takeQueued();
  await app.setTemplates({ ...plain, digestMinutes: 10 });
  const { json } = await download('A.pdf', { eventId: 'collected' });
  expect(json.notifications[0].status).toBe('scheduled');
  const [collected] = await dispatched();
  const { acceptedAt: _, deliveryId, eventId: __, ...same } = alone ?? {};
  expect(collected).toMatchObject(same);
  expect(Object.keys(collected ?? {}).toSorted()).toEqual(Object.keys(alone ?? {}).toSorted());
  expect(deliveryId).not.toBe(collected?.deliveryId);
  // Its line in the log is that of the message, when that is sent.
  expect(await log()).toEqual([]);
});

describe('who acted', () => {
  const words = { ...collecting, text: { it: '{{autore}}|{{nominativo}}|{{nome}}|{{cognome}}' } };

  test('of downloads: each once, five of them by name; the other names are those of the reader', async () => {
    await app.setTemplates(words);
    for (const [index, number] of [1, 2, 3, 4, 5, 6, 7, 7].entries())
      await download(`${number}.pdf`, {
        eventId: `${turn} ${number} ${index}`,
        accessedBy: { id: `p${number}`, companyName: `Ditta ${number}` },
      });
    expect(await texts()).toEqual([
      'Ditta 1, Ditta 2, Ditta 3, Ditta 4, Ditta 5 e altri 2|Anna Rossi|Anna|Rossi',
    ]);
  });

  test('of uploads: the names are theirs, as in a message about one', async () => {
    await app.setTemplates({ ...words, event: 'file-upload' });
    await upload({ eventId: 'one', file: { name: 'A.pdf' } });
    await upload({ eventId: 'two', file: { name: 'B.pdf' } });
    expect(await texts()).toEqual(['Carla Verdi|Carla Verdi|Carla|Verdi']);
    await upload({ eventId: 'three', file: { name: 'C.pdf' } });
    await upload({ eventId: 'four', file: { name: 'D.pdf' }, uploadedBy: bruno });
    const both = 'Carla Verdi e Bruno Bianchi';
    expect(await texts()).toEqual([`${both}|${both}|${both}|`]);
  });
});

describe('what is collected together', () => {
  test('each folder, each administrator and each template has a message of its own', async () => {
    const further = { ...collecting, id: 'altro', digestMinutes: 30 };
    const atOnce = { ...template('file-download', 'subito'), text: { it: 'subito {{nomeFile}}' } };
    await app.setTemplates(collecting, further, atOnce);
    const { json } = await download('A.pdf', { administrators: [anna, bruno] });
    expect(json.notifications.map(({ status }: Fields) => status)).toEqual([
      ...['scheduled', 'scheduled', 'queued'],
      ...['scheduled', 'scheduled', 'queued'],
    ]);
    expect((await app.takeQueued()).map(({ text }) => text)).toEqual(['subito A.pdf', 'subito A.pdf']);
    await download('B.pdf');
    await download('C.pdf', { folder: { name: 'Contratti' } });
    await app.takeQueued();
    const found = (await dispatched()).map(({ userId, templateId, text }) => [
      userId,
      templateId,
      text.split('\n').slice(1).join(),
    ]);
    expect(found.toSorted()).toEqual([
      ['anna', 'altro', 'C.pdf'],
      ['anna', 'altro', '• A.pdf,• B.pdf'],
      ['anna', 'scaricati', 'C.pdf'],
      ['anna', 'scaricati', '• A.pdf,• B.pdf'],
      ['bruno', 'altro', 'A.pdf'],
      ['bruno', 'scaricati', 'A.pdf'],
    ]);
  });

  test('a folder is the same one with spaces around its name, or several between its words; not with other letters', async () => {
    await download('A.pdf', { folder: { name: 'Listini 2027' } });
    await download('B.pdf', { folder: { name: '  Listini 2027 ' } });
    await download('C.pdf', { folder: { name: 'Listini\u00a0  2027' } });
    await download('D.pdf', { folder: { name: 'listini 2027' } });
    const files = (await texts()).map((text) => text.split('\n').slice(1).join());
    expect(files.toSorted()).toEqual(['D.pdf', '• A.pdf,• B.pdf,• C.pdf']);
  });

  test('downloads and previews are told apart', async () => {
    await app.setTemplates(collecting, { ...collecting, id: 'visti', event: 'file-view' });
    await download('A.pdf');
    await download('A.pdf', { eventId: `${turn} view`, access: 'view' });
    expect((await dispatched()).map(({ templateId }) => templateId).toSorted()).toEqual([
      'scaricati',
      'visti',
    ]);
  });

  test('what Docuvision found is in one list with what people uploaded, with what became of it', async () => {
    const text = { it: '{{riepilogoFile}} ({{autore}})\n{{elencoFile}}' };
    await app.setSite({ docuvision: true, templates: [{ ...collecting, event: 'file-upload', text }] });
    await upload({ eventId: 'by hand', file: { name: 'A.pdf' } });
    const found = { source: 'docuvision', uploadedBy: undefined };
    await upload({
      ...found,
      eventId: 'found',
      files: [{ name: 'B.pdf', change: 'new-revision' }, { name: 'C.pdf' }],
    });
    // Found once more.
    await upload({ ...found, eventId: 'again', files: [{ name: 'C.pdf' }] });
    expect(await texts()).toEqual([
      'un nuovo file, una nuova revisione e un nuovo documento (Carla Verdi)\n• A.pdf\n• B.pdf (nuova revisione)\n• C.pdf',
    ]);
  });

  test('default texts speak of several files where there are several, and of one where it is one', async () => {
    const defaults = defaultTemplates('lei').filter(({ event }) => event === 'file-download');
    await app.setSite({ tone: 'lei', templates: defaults.map((each) => ({ ...each, digestMinutes: 10 })) });
    await download('A.pdf');
    await download('A.pdf', { eventId: `${turn} once more`, accessedBy: bruno });
    const [one] = await texts();
    expect(one).toContain('un file è stato scaricato.\n\nFile: <b>A.pdf</b>');
    expect(one).toContain('Scaricato da: Carla Verdi e Bruno Bianchi');
    await download('B.pdf');
    await download('C.pdf');
    const [several] = await texts();
    expect(several).toContain(
      'alcuni file sono stati scaricati.\n\n• B.pdf\n• C.pdf\nCartella: <b>Listini</b>',
    );
    expect(several).toContain('Li trova tra i documenti della sua area riservata');
  });

  test('a page that all of them are on has its button', async () => {
    await app.setTemplates({ ...collecting, button: { it: 'Apri' } });
    const url = 'https://shop.example/documenti';
    await download('A.pdf', { file: { name: 'A.pdf', url } });
    await download('B.pdf', { file: { name: 'B.pdf', url } });
    expect(await dispatched()).toMatchObject([{ button: { text: 'Apri', url } }]);
  });

  test('a hundred notices are a message; the next one begins another, and none is lost or too long', async () => {
    const name = (number: number) => `Documento con un nome molto lungo, numero ${number}, definitivo.pdf`;
    for (let number = 1; number <= 101; number++) await download(name(number));
    const [full, ...others] = await app.takeQueued();
    expect(others).toEqual([]);
    expect(full).toMatchObject({ collected: 100, text: expect.stringContaining('100 in Listini') });
    expect(htmlLength(full?.text ?? '')).toBeLessThanOrEqual(4096);
    expect(full?.text).toMatch(/\ne altri \d+$/);
    expect(await texts()).toEqual([`Carla Verdi: 1 in Listini\n${name(101)}`]);
  });
});

describe('reported again', () => {
  test('it adds nothing, and is answered as before; with another content it is refused', async () => {
    const first = await download('A.pdf');
    await download('B.pdf');
    const again = await download('A.pdf');
    expect(again.json).toEqual({ ...first.json, repeated: true });
    const other = await download('other.pdf', { eventId: `${turn} A.pdf` });
    expect(other).toMatchObject({ status: 409, json: { code: 'event-id-reused' } });
    expect(await texts()).toEqual(['Carla Verdi: 2 in Listini\n• A.pdf\n• B.pdf']);
  });

  test('after the message was dispatched it is sent no more, whatever follows', async () => {
    await download('A.pdf');
    await download('B.pdf');
    expect(await dispatched()).toHaveLength(1);
    for (const name of ['A.pdf', 'B.pdf'])
      expect((await download(name)).json).toMatchObject({
        repeated: true,
        notifications: [{ userId: 'anna', templateId: 'scaricati', status: 'queued' }],
      });
    expect(await waiting()).toEqual([]);
    await download('C.pdf');
    await download('A.pdf');
    expect(await texts()).toEqual(['Carla Verdi: 1 in Listini\nC.pdf']);
  });

  test('nor where the template collects no more', async () => {
    await download('A.pdf');
    await download('B.pdf');
    expect(await dispatched()).toHaveLength(1);
    const { digestMinutes: _, ...plain } = collecting;
    await app.setTemplates(plain);
    expect((await download('A.pdf')).json).toMatchObject({ repeated: true });
    expect(await app.takeQueued()).toEqual([]);
  });

  test('a further administrator gets it, and nobody else once more', async () => {
    await download('A.pdf');
    await download('A.pdf', { administrators: [anna, bruno] });
    expect((await dispatched()).map(({ userId }) => userId).toSorted()).toEqual(['anna', 'bruno']);
  });
});

describe('looked at once more when it is due', () => {
  const reported = async () => {
    await download('A.pdf');
    await download('B.pdf');
  };
  const both = (reason: string) => [
    [`${turn} A.pdf`, 'skipped', reason],
    [`${turn} B.pdf`, 'skipped', reason],
  ];

  test.each<[string, string, () => Promise<unknown>]>([
    [
      'opted out',
      'opted-out',
      () => app.call('PATCH', '/v1/sites/demo/users/anna', { body: { optedOut: true } }),
    ],
    ['muted', 'muted', () => app.setUser('anna', { mutedEvents: ['file-access'] })],
    ['the template is gone', 'no-template', () => app.setTemplates()],
    ['the template is off', 'no-template', () => app.setTemplates({ ...collecting, enabled: false })],
    [
      'it is for others now',
      'group-not-included',
      () => app.setTemplates({ ...collecting, groups: ['VIP'] }),
    ],
    [
      'the group of who acted',
      'sender-group-not-enabled',
      () => app.setSite({ telegramGroups: ['Agenti'], templates: [collecting] }),
    ],
    ['the site is off', 'site-inactive', () => app.setSite({ active: false })],
  ])('%s: nothing is sent, and each notice has its line', async (_name, reason, change) => {
    await reported();
    await change();
    expect(await dispatched()).toEqual([]);
    await app.setSite({ active: true });
    expect(await outcomes()).toEqual(both(reason));
    expect(await waiting()).toEqual([]);
  });

  test('Docuvision is switched off: the rest is sent', async () => {
    const templates = [{ ...collecting, event: 'file-upload' as const }];
    await app.setSite({ docuvision: true, templates });
    await upload({
      eventId: 'found',
      source: 'docuvision',
      uploadedBy: undefined,
      files: [{ name: 'B.pdf' }],
    });
    await upload({ eventId: 'by hand', file: { name: 'A.pdf' } });
    await app.setSite({ docuvision: false, templates });
    expect(await texts()).toEqual(['Carla Verdi: 1 in Listini\nA.pdf']);
    expect(await outcomes()).toEqual([
      [`${turn} by hand`, 'skipped', 'in-digest'],
      [`${turn} found`, 'skipped', 'docuvision-disabled'],
    ]);
  });

  test('the text is the one of that moment', async () => {
    await reported();
    await app.setTemplates({ ...collecting, text: { it: 'Nuovo testo: {{nomeFile}}' } });
    expect(await texts()).toEqual(['Nuovo testo: A.pdf e B.pdf']);
  });

  test('who gets nothing now is answered so at once, and waits for nothing', async () => {
    const { json } = await download('A.pdf', { administrators: [{ id: 'dario' }] });
    expect(json.notifications).toEqual([{ userId: 'dario', status: 'skipped', reason: 'not-linked' }]);
    expect(await waiting()).toEqual([]);
  });
});

test('a window that can not be read costs its folder, and nobody else; what comes is sent by itself', async () => {
  await download('A.pdf');
  await download('B.pdf', { folder: { name: 'Contratti' }, administrators: [bruno] });
  const [broken] = (await waiting()).filter(({ userId }) => userId === 'anna');
  const { stack } = app;
  await stack.put('ScheduleTable', { ...broken, event: '{' });
  expect((await dispatched()).map(({ userId }) => userId)).toEqual(['bruno']);
  const { json } = await download('C.pdf');
  expect(json.notifications).toMatchObject([{ userId: 'anna', status: 'queued' }]);
  expect((await app.takeQueued()).map(({ text }) => text)).toEqual(['Carla Verdi: 1 in Listini\nC.pdf']);
  // After a day it is given up, and the log says so.
  for (let hour = 1; hour <= 40; hour++) await pollDue('file-digest', later() + hour * 3_600_000);
  expect(await waiting()).toEqual([]);
});

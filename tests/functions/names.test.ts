/** Whose names stand in a message: those of the person who gets it; in file-upload those of the uploader. */
import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import { type App, startApp } from '../support/app.ts';
import { template } from '../support/fixtures.ts';
import {
  type EventKind,
  type Fields,
  payloadBy,
  payloadFor,
  RESERVED_AREA_EVENTS,
} from '../support/payloads.ts';

let app: App;
let count = 0;

beforeAll(async () => {
  app = await startApp();
});
afterAll(() => app.close());
beforeEach(() => app.takeQueued());

const NAMES = 'nome={{nome}}; cognome={{cognome}}; nominativo={{nominativo}}';

async function textOf(event: EventKind, body: Fields): Promise<string | undefined> {
  await app.report(event, { ...body, eventId: `names-${++count}` });
  return (await app.takeQueued())[0]?.text;
}

function namesTemplate(event: EventKind, text = NAMES) {
  const kind = event === 'file-access' ? 'file-download' : event;
  return template(kind, 'names', { statuses: ['Evaso'], text: { it: text } });
}

const peopleAndNames: [string, Fields, string][] = [
  ['a person', { firstName: 'Anna', lastName: 'Rossi' }, 'nome=Anna; cognome=Rossi; nominativo=Anna Rossi'],
  [
    'a company',
    { companyName: 'Rossi Tende srl' },
    'nome=; cognome=Rossi Tende srl; nominativo=Rossi Tende srl',
  ],
  [
    'a person of a company, whose own name goes before it',
    { firstName: 'Anna', lastName: 'Rossi', companyName: 'Rossi Tende srl' },
    'nome=Anna; cognome=Rossi; nominativo=Anna Rossi',
  ],
  [
    'a first name and a company',
    { firstName: 'Anna', companyName: 'Rossi Tende srl' },
    'nome=Anna; cognome=Rossi Tende srl; nominativo=Anna Rossi Tende srl',
  ],
  ['a first name alone', { firstName: 'Anna' }, 'nome=Anna; cognome=; nominativo=Anna'],
  ['a last name alone', { lastName: 'Rossi' }, 'nome=; cognome=Rossi; nominativo=Rossi'],
  [
    'names with blanks around them, and a last name of blanks alone',
    { firstName: '  Anna ', lastName: '  ', companyName: ' Rossi srl ' },
    'nome=Anna; cognome=Rossi srl; nominativo=Anna Rossi srl',
  ],
  [
    'names with HTML in them, which is shown and not obeyed',
    { firstName: '<b>Anna</b>', lastName: 'R&S' },
    'nome=&lt;b&gt;Anna&lt;/b&gt;; cognome=R&amp;S; nominativo=&lt;b&gt;Anna&lt;/b&gt; R&amp;S',
  ],
];

describe('names of the recipient, from the payload', () => {
  const events = [
    'order-status',
    'message-sent',
    'message-read',
    'activity-status',
    'activity-viewed',
    'file-access',
  ];

  test.each(events as EventKind[])('%s', async (event) => {
    await app.setTemplates(namesTemplate(event));
    const body = payloadFor(event, { id: 'bruno', firstName: 'Gino', lastName: 'Poli' });
    expect(await textOf(event, body)).toBe('nome=Gino; cognome=Poli; nominativo=Gino Poli');
  });

  test.each(peopleAndNames)('%s', async (_who, names, expected) => {
    await app.setTemplates(namesTemplate('message-sent'));
    expect(await textOf('message-sent', payloadFor('message-sent', { id: 'bruno', ...names }))).toBe(
      expected,
    );
  });
});

describe('names of the recipient, as they are stored', () => {
  test.each([[{}], [{ firstName: '', lastName: ' ' }]])('where the payload has none: %j', async (names) => {
    await app.setUser('bruno');
    await app.setTemplates(namesTemplate('message-sent'));
    const body = payloadFor('message-sent', { id: 'bruno', ...names });
    expect(await textOf('message-sent', body)).toBe('nome=Bruno; cognome=Bianchi; nominativo=Bruno Bianchi');
  });

  test('are not mixed with those of the payload', async () => {
    await app.setTemplates(namesTemplate('message-sent'));
    const body = payloadFor('message-sent', { id: 'bruno', firstName: 'Gino' });
    expect(await textOf('message-sent', body)).toBe('nome=Gino; cognome=; nominativo=Gino');
  });

  test('a stored company', async () => {
    await app.setUser('company', { companyName: 'Bianchi spa' });
    await app.setTemplates(namesTemplate('message-sent'));
    const body = payloadFor('message-sent', { id: 'company' });
    expect(await textOf('message-sent', body)).toBe('nome=; cognome=Bianchi spa; nominativo=Bianchi spa');
  });

  test('a person without any name is greeted without one', async () => {
    await app.setUser('nameless');
    await app.setSite();
    const text = await textOf('message-read', payloadFor('message-read', { id: 'nameless' }));
    expect(text).toMatch(/^✅ Ciao, il tuo messaggio è stato letto\.\n\nLetto da: <b>Carla Verdi<\/b>\n/);
  });
});

describe('file-upload has the names of the person who uploaded', () => {
  test.each(peopleAndNames)('%s', async (_who, names, expected) => {
    await app.setTemplates(namesTemplate('file-upload'));
    const body = payloadBy('file-upload', { id: 'carla', ...names });
    expect(await textOf('file-upload', body)).toBe(expected);
  });

  test('and none where that person has none: not the recipient’s', async () => {
    await app.setTemplates(namesTemplate('file-upload'));
    const body = payloadBy('file-upload', { id: 'carla' });
    expect(await textOf('file-upload', body)).toBe('nome=; cognome=; nominativo=');
  });
});

describe.each(RESERVED_AREA_EVENTS)('autore of %s', (event) => {
  test.each([
    [{ firstName: 'Gino', lastName: 'Poli' }, 'Gino Poli'],
    [{ companyName: 'Poli srl' }, 'Poli srl'],
    [{ firstName: 'Gino', companyName: 'Poli srl' }, 'Gino Poli srl'],
    [{ firstName: 'G<i>no' }, 'G&lt;i&gt;no'],
    [{}, ''],
  ])('%j is "%s"', async (names, expected) => {
    await app.setTemplates(namesTemplate(event, 'by={{autore}}.'));
    expect(await textOf(event, payloadBy(event, { id: 'gino', ...names }))).toBe(`by=${expected}.`);
  });
});

/** What each function puts into the queue for a person, word for word, in both languages of a new site. */
import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import { type App, startApp } from '../support/app.ts';
import { changed, type EventKind, type Fields, payload, recipientPointer } from '../support/payloads.ts';

let app: App;

beforeAll(async () => {
  app = await startApp();
});
afterAll(() => app.close());
beforeEach(() => app.takeQueued());

interface Expected {
  event: EventKind;
  changes?: Fields;
  templateId: string;
  url: string;
  it: { text: string[]; button: string };
  en: { text: string[]; button: string };
}

const agendaIt = "Trovi tutti i dettagli nell'agenda della tua area riservata su https://shop.example.";
const agendaEn = 'You will find all the details in the agenda of your reserved area at https://shop.example.';
const documentIt = 'Lo trovi tra i documenti della tua area riservata su https://shop.example.';
const documentEn = 'You will find it among the documents of your reserved area at https://shop.example.';
const activityIt = ['Attività: <b>Visita al magazzino</b>', 'Data: <b>22 novembre 2026 alle ore 15:30</b>'];
const activityEn = ['Activity: <b>Visita al magazzino</b>', 'Date: <b>22 November 2026 at 15:30</b>'];
const fileIt = ['File: <b>Listino 2027.pdf</b>', 'Cartella: <b>Listini</b>'];
const fileEn = ['File: <b>Listino 2027.pdf</b>', 'Folder: <b>Listini</b>'];
const showFile = {
  url: 'https://shop.example/documenti/listino-2027.pdf',
  it: 'Apri il file',
  en: 'Open the file',
};

const cases: Expected[] = [
  {
    event: 'order-status',
    templateId: 'default-order-status-evaso',
    url: 'https://shop.example/ordini/84512',
    it: {
      text: [
        '📦 Ciao Anna, il tuo ordine <b>OC 2026/0412</b> è stato evaso.',
        '',
        'Stato: <b>Evaso</b>',
        'Articoli: 3',
        'Totale: <b>149,90\u00a0€</b>',
        '',
        'Grazie per averci scelto!',
        'Per qualsiasi domanda ci trovi su https://shop.example.',
      ],
      button: "Vedi l'ordine",
    },
    en: {
      text: [
        '📦 Hello Anna, your order <b>OC 2026/0412</b> has been fulfilled.',
        '',
        'Status: <b>Evaso</b>',
        'Items: 3',
        'Total: <b>€149.90</b>',
        '',
        'Thank you for choosing us!',
        'If you have any questions, you can reach us at https://shop.example.',
      ],
      button: 'View your order',
    },
  },
  {
    event: 'message-sent',
    templateId: 'default-message-sent',
    url: 'https://shop.example/messaggi/5501',
    it: {
      text: [
        '✉️ Ciao Anna, hai un nuovo messaggio.',
        '',
        'Da: <b>Carla Verdi</b>',
        'Oggetto: <b>Preventivo tende</b>',
        '',
        'Per leggerlo, accedi alla tua area riservata su https://shop.example.',
      ],
      button: 'Leggi il messaggio',
    },
    en: {
      text: [
        '✉️ Hello Anna, you have a new message.',
        '',
        'From: <b>Carla Verdi</b>',
        'Subject: <b>Preventivo tende</b>',
        '',
        'To read it, sign in to your reserved area at https://shop.example.',
      ],
      button: 'Read the message',
    },
  },
  {
    event: 'message-read',
    templateId: 'default-message-read',
    url: 'https://shop.example/messaggi/5501',
    it: {
      text: [
        '✅ Ciao Anna, il tuo messaggio è stato letto.',
        '',
        'Letto da: <b>Carla Verdi</b>',
        'Oggetto: <b>Preventivo tende</b>',
        '',
        'Per rivedere la conversazione, accedi alla tua area riservata su https://shop.example.',
      ],
      button: 'Leggi il messaggio',
    },
    en: {
      text: [
        '✅ Hello Anna, your message has been read.',
        '',
        'Read by: <b>Carla Verdi</b>',
        'Subject: <b>Preventivo tende</b>',
        '',
        'To see the conversation again, sign in to your reserved area at https://shop.example.',
      ],
      button: 'Read the message',
    },
  },
  {
    event: 'activity-status',
    templateId: 'default-activity-status',
    url: 'https://shop.example/agenda/712',
    it: {
      text: [
        "🗓 Ciao Anna, un'attività della tua agenda ha cambiato stato.",
        '',
        ...activityIt,
        'Stato: <i>Pianificata</i> → <b>Completata</b>',
        'Modificata da: Carla Verdi',
        '',
        agendaIt,
      ],
      button: "Vedi l'attività",
    },
    en: {
      text: [
        '🗓 Hello Anna, an activity in your agenda has changed status.',
        '',
        ...activityEn,
        'Status: <i>Pianificata</i> → <b>Completata</b>',
        'Changed by: Carla Verdi',
        '',
        agendaEn,
      ],
      button: 'View the activity',
    },
  },
  {
    event: 'activity-viewed',
    templateId: 'default-activity-viewed',
    url: 'https://shop.example/agenda/712',
    it: {
      text: [
        "👀 Ciao Anna! <b>Carla Verdi</b> ha preso visione di un'attività che hai creato.",
        '',
        'Attività vista: <b>Visita al magazzino</b>',
        activityIt[1] ?? '',
        '',
        agendaIt,
      ],
      button: "Vedi l'attività",
    },
    en: {
      text: [
        '👀 Hello Anna! <b>Carla Verdi</b> has seen an activity that you created.',
        '',
        'Activity seen: <b>Visita al magazzino</b>',
        activityEn[1] ?? '',
        '',
        agendaEn,
      ],
      button: 'View the activity',
    },
  },
  {
    event: 'file-upload',
    templateId: 'default-file-upload',
    url: showFile.url,
    it: {
      text: [
        '📁 Ciao, ci sono novità tra i documenti: un nuovo file.',
        '',
        'Listino 2027.pdf',
        'Cartella: <b>Listini</b>',
        'Caricato da: Carla Verdi',
        '',
        'Trovi tutto tra i documenti della tua area riservata su https://shop.example.',
      ],
      button: showFile.it,
    },
    en: {
      text: [
        '📁 Hello, there is something new among the documents: a new file.',
        '',
        'Listino 2027.pdf',
        'Folder: <b>Listini</b>',
        'Uploaded by: Carla Verdi',
        '',
        'You will find everything among the documents of your reserved area at https://shop.example.',
      ],
      button: showFile.en,
    },
  },
  {
    event: 'file-access',
    changes: { access: 'download' },
    templateId: 'default-file-download',
    url: showFile.url,
    it: {
      text: [
        '📥 Ciao Anna, un file è stato scaricato.',
        '',
        ...fileIt,
        'Scaricato da: Carla Verdi',
        '',
        documentIt,
      ],
      button: showFile.it,
    },
    en: {
      text: [
        '📥 Hello Anna, a file has been downloaded.',
        '',
        ...fileEn,
        'Downloaded by: Carla Verdi',
        '',
        documentEn,
      ],
      button: showFile.en,
    },
  },
  {
    event: 'file-access',
    changes: { access: 'view' },
    templateId: 'default-file-view',
    url: showFile.url,
    it: {
      text: [
        '📄 Ciao Anna, un file è stato visualizzato in anteprima.',
        '',
        ...fileIt,
        'Visualizzato da: Carla Verdi',
        '',
        documentIt,
      ],
      button: showFile.it,
    },
    en: {
      text: [
        '📄 Hello Anna, a file has been previewed.',
        '',
        ...fileEn,
        'Previewed by: Carla Verdi',
        '',
        documentEn,
      ],
      button: showFile.en,
    },
  },
];

function inLanguage(event: EventKind, language: string, changes: Fields = {}): Fields {
  const body = payload(event, { ...changes, eventId: `${event}-${language}` });
  return changed(
    body,
    event === 'order-status' ? '/language' : `${recipientPointer(event)}/language`,
    language,
  );
}

describe.each(cases)('$event to $templateId', ({ event, changes, templateId, url, ...expected }) => {
  test.each(['it', 'en'] as const)('in %s', async (language) => {
    const answer = await app.report(event, inLanguage(event, language, changes));

    expect(answer.status).toBe(202);
    const { text, button } = expected[language];
    const about = {
      'order-status': { key: 'order#84512' },
      'activity-status': { key: 'reminder#712', date: '2026-11-22T14:30:00.000Z' },
    }[String(event)];
    expect(await app.takeQueued()).toEqual([
      {
        deliveryId: answer.json.notifications[0].deliveryId,
        siteId: 'demo',
        userId: 'anna',
        chatId: 1001,
        linkedAt: '2026-01-01T00:00:00.000Z',
        event,
        eventId: `${event}-${language}`,
        templateId,
        text: text.join('\n'),
        button: { text: button, url },
        acceptedAt: expect.stringMatching(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/),
        source: 'https',
        content: expect.stringMatching(/^[\w-]{16}$/),
        ...(about && { about: [{ kind: 'status', ...about, at: expect.any(String) }] }),
      },
    ]);
  });
});

describe('without what is optional', () => {
  test.each([
    ['message-sent', '/message/url'],
    ['message-read', '/message/url'],
    ['activity-status', '/activity/url'],
    ['activity-viewed', '/activity/url'],
    ['file-upload', '/file/url'],
    ['file-access', '/file/url'],
  ] as const)('%s without %s has no button', async (event, pointer) => {
    const answer = await app.report(
      event,
      changed(payload(event, { eventId: 'no-link' }), pointer, undefined),
    );

    expect(answer.status).toBe(202);
    const [queued] = await app.takeQueued();
    expect(queued).toMatchObject({ userId: 'anna', event });
    expect(queued).not.toHaveProperty('button');
  });

  test('an activity of a day as a whole shows no time, and nobody as its changer', async () => {
    const body = payload('activity-status', { eventId: 'a-day', changedBy: undefined });

    await app.report('activity-status', changed(body, '/activity/date', '2026-11-22'));

    const [queued] = await app.takeQueued();
    expect(queued?.text).toBe(
      [
        "🗓 Ciao Anna, un'attività della tua agenda ha cambiato stato.",
        '',
        'Attività: <b>Visita al magazzino</b>',
        'Data: <b>22 novembre 2026</b>',
        'Stato: <i>Pianificata</i> → <b>Completata</b>',
        '',
        agendaIt,
      ].join('\n'),
    );
  });
});

/** Every sample event, from `curl` to the chat. The texts are those of the default templates, filled in by hand. */
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { type LocalRun, sample, startRun } from '../support/local-run.ts';

const ANNA = 1001;
const BRUNO = 1002;

let run: LocalRun;
beforeAll(async () => {
  run = await startRun();
});
afterAll(() => run?.stop());

type Expected = {
  event: string;
  received: { userId: string; chatId: number; text: string; button: { text: string; url: string } }[];
};

const message = 'https://shop.example/area-riservata/messaggi';
const agenda = 'https://shop.example/area-riservata/agenda';
const documents = 'https://shop.example/area-riservata/documenti';

const EXPECTED: Expected[] = [
  {
    event: 'order-status',
    received: [
      {
        userId: 'anna',
        chatId: ANNA,
        text: [
          '✅ Ciao Anna, il tuo ordine OC 2026/0412 è confermato.',
          '',
          'Stato: Confermato',
          'Articoli: 3',
          'Totale: 149,90\u00a0€',
          '',
          'Grazie per averci scelto!',
          'Per qualsiasi domanda ci trovi su https://shop.example.',
        ].join('\n'),
        button: { text: "Vedi l'ordine", url: 'https://shop.example/area-riservata/ordini/84512' },
      },
    ],
  },
  {
    event: 'message-sent',
    received: [
      {
        userId: 'anna',
        chatId: ANNA,
        text: [
          '✉️ Ciao Anna, hai un nuovo messaggio.',
          '',
          'Da: Carla Verdi',
          'Oggetto: Nuovo listino invernale',
          '',
          'Per leggerlo, accedi alla tua area riservata su https://shop.example.',
        ].join('\n'),
        button: { text: 'Leggi il messaggio', url: `${message}/5521` },
      },
      {
        // The sample names no language for him: it is the one he is known with.
        userId: 'bruno',
        chatId: BRUNO,
        text: [
          '✉️ Hello Bruno, you have a new message.',
          '',
          'From: Carla Verdi',
          'Subject: Nuovo listino invernale',
          '',
          'To read it, sign in to your reserved area at https://shop.example.',
        ].join('\n'),
        button: { text: 'Read the message', url: `${message}/5521` },
      },
    ],
  },
  {
    event: 'message-read',
    received: [
      {
        userId: 'bruno',
        chatId: BRUNO,
        text: [
          '✅ Hello Bruno, your message has been read.',
          '',
          'Read by: Carla Verdi',
          'Subject: Richiesta di campioni',
          '',
          'To see the conversation again, sign in to your reserved area at https://shop.example.',
        ].join('\n'),
        button: { text: 'Read the message', url: `${message}/5498` },
      },
    ],
  },
  {
    event: 'activity-status',
    received: [
      {
        userId: 'anna',
        chatId: ANNA,
        text: [
          "🗓 Ciao Anna, un'attività della tua agenda ha cambiato stato.",
          '',
          'Attività: Visita al magazzino di Rimini',
          'Data: 20 novembre 2026 alle ore 14:30',
          'Stato: Pianificata → Completata',
          'Modificata da: Carla Verdi',
          '',
          "Trovi tutti i dettagli nell'agenda della tua area riservata su https://shop.example.",
        ].join('\n'),
        button: { text: "Vedi l'attività", url: `${agenda}/712` },
      },
    ],
  },
  {
    event: 'activity-viewed',
    received: [
      {
        userId: 'bruno',
        chatId: BRUNO,
        text: [
          '👀 Hello Bruno! Carla Verdi has seen an activity that you created.',
          '',
          "Activity seen: Preventivo per l'arredo della sala riunioni",
          'Date: 27 November 2026 at 10:00',
          '',
          'You will find all the details in the agenda of your reserved area at https://shop.example.',
        ].join('\n'),
        button: { text: 'View the activity', url: `${agenda}/718` },
      },
    ],
  },
  {
    event: 'file-upload',
    received: [
      {
        userId: 'anna',
        chatId: ANNA,
        text: [
          '📁 Ciao, ci sono novità tra i documenti: un nuovo file.',
          '',
          'Catalogo primavera 2027.pdf',
          'Cartella: Cataloghi',
          'Caricato da: Carla Verdi',
          '',
          'Trovi tutto tra i documenti della tua area riservata su https://shop.example.',
        ].join('\n'),
        button: { text: 'Apri il file', url: `${documents}/cataloghi/catalogo-primavera-2027.pdf` },
      },
      {
        userId: 'bruno',
        chatId: BRUNO,
        text: [
          '📁 Hello, there is something new among the documents: a new file.',
          '',
          'Catalogo primavera 2027.pdf',
          'Folder: Cataloghi',
          'Uploaded by: Carla Verdi',
          '',
          'You will find everything among the documents of your reserved area at https://shop.example.',
        ].join('\n'),
        button: { text: 'Open the file', url: `${documents}/cataloghi/catalogo-primavera-2027.pdf` },
      },
    ],
  },
  {
    event: 'file-access',
    received: [
      {
        userId: 'bruno',
        chatId: BRUNO,
        text: [
          '📥 Hello Bruno, a file has been downloaded.',
          '',
          'File: Listino 2026.xlsx',
          'Folder: Listini',
          'Downloaded by: Carla Verdi',
          '',
          'You will find it among the documents of your reserved area at https://shop.example.',
        ].join('\n'),
        button: { text: 'Open the file', url: `${documents}/listini/listino-2026.xlsx` },
      },
    ],
  },
];

/** How many messages each chat shows so far. */
const shown = new Map<number, number>();

describe.each(EXPECTED)('$event', ({ event, received }) => {
  test('reaches everyone, in their language, and is recorded without its text', async () => {
    const payload = await sample(event);
    const { status, eventId, notifications } = await run.report(event, payload);
    expect(status).toBe(202);
    expect(eventId).toBe(payload.eventId);
    const queued = notifications.filter((notification) => notification.status === 'queued');
    expect(queued.map(({ userId }) => userId)).toEqual(received.map(({ userId }) => userId));

    for (const { userId, chatId, text, button } of received) {
      const count = (shown.get(chatId) ?? 0) + 1;
      shown.set(chatId, count);
      const messages = await run.messagesOnce(chatId, count);
      expect(messages).toHaveLength(count);
      const last = messages.at(-1);
      expect(last?.text).toBe(text);
      expect(last?.reply_markup?.inline_keyboard).toEqual([[button]]);

      const deliveryId = queued.find((notification) => notification.userId === userId)?.deliveryId;
      const record = await run.deliveryOnce(deliveryId, 'sent');
      expect(record).toMatchObject({ event, eventId, userId, chatId, messageId: last?.message_id });
      const lines = text.split('\n').filter((line) => line !== '');
      for (const line of [...lines, button.text, button.url])
        expect(JSON.stringify(record)).not.toContain(line);
      for (const value of ['Rossi', 'Bianchi', 'Verdi', '149,90', '149.90'])
        expect(JSON.stringify(record)).not.toContain(value);
    }
  });
});

test('who has not linked Telegram is skipped', async () => {
  const { notifications } = await run.report('message-sent', {
    ...(await sample('message-sent')),
    eventId: 'again',
  });
  expect(notifications.at(-1)).toEqual({ userId: 'dario', status: 'skipped', reason: 'not-linked' });
});

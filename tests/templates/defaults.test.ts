import { describe, expect, test } from '@jest/globals';
import { TEMPLATE_KINDS, type TemplateKind } from '../../lib/domain/templates.ts';
import { defaultTemplates } from '../../lib/templates/defaults.ts';
import type { PlaceholderValues } from '../../lib/templates/placeholders.ts';
import { renderMessage } from '../../lib/templates/render.ts';
import { validateButton, validateText } from '../../lib/templates/validate.ts';

const url = 'https://shop.example/page';
const nobody: PlaceholderValues = {};
const anna = {
  nome: 'Anna',
  cognome: 'Bianchi',
  nominativo: 'Anna Bianchi',
  urlSito: 'https://shop.example',
};
const order = {
  numeroArticoli: 3,
  siglaDocumento: 'WEB 42',
  statoDocumento: 'Confermato',
  totaleOrdine: { amount: '149.90', currency: 'EUR' },
};
const cart = { numeroArticoliCarrello: 1, totaleCarrello: { amount: '39', currency: 'EUR' } };
const message = {
  oggettoMessaggio: 'Ferie',
  testoMessaggio: 'Prima riga\nSeconda riga',
  autore: 'Mario Rossi',
};
const activity = {
  oggettoAttivita: 'Riunione',
  dataAttivita: '2026-11-22T15:30:00+01:00',
  autore: 'Mario Rossi',
};
const statuses = { vecchioStato: 'Pianificata', nuovoStato: 'Completata' };
const file = { nomeCartella: 'Fatture', nomeFile: 'fattura_12.pdf', autore: 'Mario Rossi' };

function defaultOf(kind: TemplateKind) {
  const template = defaultTemplates().find(({ event }) => event === kind);
  if (!template) throw new Error(`no default for ${kind}`);
  return template;
}

function written(kind: TemplateKind, language: string, values: PlaceholderValues): string {
  const template = defaultOf(kind);
  return renderMessage({ template, values, language, defaultLanguage: 'it', timeZone: 'Europe/Rome', url })
    .text;
}

type Expected = [TemplateKind, PlaceholderValues, { it: string[]; en: string[] }];

const documentsIt = 'Lo trovi tra i documenti della tua area riservata su https://shop.example.';
const documentsEn = 'You will find it among the documents of your reserved area at https://shop.example.';
const agendaIt = "Trovi tutti i dettagli nell'agenda della tua area riservata su https://shop.example.";
const agendaEn = 'You will find all the details in the agenda of your reserved area at https://shop.example.';
const activityIt = ['Attività: <b>Riunione</b>', 'Data: <b>22 novembre 2026 alle ore 15:30</b>'];
const activityEn = ['Activity: <b>Riunione</b>', 'Date: <b>22 November 2026 at 15:30</b>'];
const fileIt = ['File: <b>fattura_12.pdf</b>', 'Cartella: <b>Fatture</b>'];
const fileEn = ['File: <b>fattura_12.pdf</b>', 'Folder: <b>Fatture</b>'];
const quote = ['<blockquote>Prima riga', 'Seconda riga</blockquote>'];

const withEverything: Expected[] = [
  [
    'order-status',
    { ...anna, ...order },
    {
      it: [
        '📦 Ciao Anna, ecco a che punto è il tuo ordine <b>WEB 42</b>.',
        '',
        'Stato: <b>Confermato</b>',
        'Intestatario: Anna Bianchi',
        'Articoli: 3',
        'Totale: <b>149,90\u00a0€</b>',
        '',
        'Grazie per averci scelto! Per qualsiasi domanda ci trovi su https://shop.example.',
      ],
      en: [
        '📦 Hello Anna, here is the latest on your order <b>WEB 42</b>.',
        '',
        'Status: <b>Confermato</b>',
        'Ordered by: Anna Bianchi',
        'Items: 3',
        'Total: <b>€149.90</b>',
        '',
        'Thank you for choosing us! If you have any questions, you can reach us at https://shop.example.',
      ],
    },
  ],
  [
    'abandoned-cart',
    { ...anna, ...cart },
    {
      it: [
        '🛒 Ciao Anna, il tuo carrello è ancora qui: quello che hai scelto ti aspetta.',
        '',
        'Articoli: 1',
        'Totale: <b>39,00\u00a0€</b>',
        '',
        "Puoi completare l'acquisto quando vuoi su https://shop.example.",
      ],
      en: [
        '🛒 Hello Anna, your cart is still here: everything you chose is waiting for you.',
        '',
        'Items: 1',
        'Total: <b>€39.00</b>',
        '',
        'You can complete your purchase whenever you like at https://shop.example.',
      ],
    },
  ],
  [
    'message-sent',
    { ...anna, ...message },
    {
      it: [
        '✉️ Ciao Anna, hai un nuovo messaggio da <b>Mario Rossi</b>.',
        '',
        'Oggetto: <b>Ferie</b>',
        ...quote,
        '',
        'Per rispondere, entra nella tua area riservata su https://shop.example.',
      ],
      en: [
        '✉️ Hello Anna, you have a new message from <b>Mario Rossi</b>.',
        '',
        'Subject: <b>Ferie</b>',
        ...quote,
        '',
        'To reply, sign in to your reserved area at https://shop.example.',
      ],
    },
  ],
  [
    'message-read',
    { ...anna, ...message },
    {
      it: [
        '✅ Ciao Anna, il tuo messaggio è stato letto da <b>Mario Rossi</b>.',
        '',
        'Oggetto: <b>Ferie</b>',
        ...quote,
        '',
        'Trovi la conversazione nella tua area riservata su https://shop.example.',
      ],
      en: [
        '✅ Hello Anna, your message has been read by <b>Mario Rossi</b>.',
        '',
        'Subject: <b>Ferie</b>',
        ...quote,
        '',
        'You will find the conversation in your reserved area at https://shop.example.',
      ],
    },
  ],
  [
    'activity-status',
    { ...anna, ...activity, ...statuses },
    {
      it: [
        "🗓 Ciao Anna, un'attività che hai creato ha cambiato stato.",
        '',
        ...activityIt,
        'Stato: <i>Pianificata</i> → <b>Completata</b>',
        'Modifica di: Mario Rossi',
        '',
        agendaIt,
      ],
      en: [
        '🗓 Hello Anna, an activity you created has changed status.',
        '',
        ...activityEn,
        'Status: <i>Pianificata</i> → <b>Completata</b>',
        'Changed by: Mario Rossi',
        '',
        agendaEn,
      ],
    },
  ],
  [
    'activity-viewed',
    { ...anna, ...activity },
    {
      it: [
        "👀 Ciao Anna, un'attività che hai creato è stata vista da <b>Mario Rossi</b>.",
        '',
        ...activityIt,
        '',
        agendaIt,
      ],
      en: [
        '👀 Hello Anna, an activity you created has been viewed by <b>Mario Rossi</b>.',
        '',
        ...activityEn,
        '',
        agendaEn,
      ],
    },
  ],
  [
    'activity-reminder',
    { ...anna, ...activity },
    {
      it: [
        "⏰ Ciao Anna, ti ricordiamo un'attività in programma.",
        '',
        ...activityIt,
        'Creata da: Mario Rossi',
        '',
        agendaIt,
      ],
      en: [
        '⏰ Hello Anna, this is a reminder of an upcoming activity.',
        '',
        ...activityEn,
        'Created by: Mario Rossi',
        '',
        agendaEn,
      ],
    },
  ],
  [
    'file-upload',
    { ...anna, ...file },
    {
      it: ['📁 Ciao, un nuovo file è stato caricato da <b>Mario Rossi</b>.', '', ...fileIt, '', documentsIt],
      en: ['📁 Hello, a new file has been uploaded by <b>Mario Rossi</b>.', '', ...fileEn, '', documentsEn],
    },
  ],
  [
    'file-download',
    { ...anna, ...file },
    {
      it: ['📥 Ciao Anna, un file è stato scaricato da <b>Mario Rossi</b>.', '', ...fileIt, '', documentsIt],
      en: [
        '📥 Hello Anna, a file has been downloaded by <b>Mario Rossi</b>.',
        '',
        ...fileEn,
        '',
        documentsEn,
      ],
    },
  ],
  [
    'file-view',
    { ...anna, ...file },
    {
      it: [
        '📄 Ciao Anna, un file è stato aperto in anteprima da <b>Mario Rossi</b>.',
        '',
        ...fileIt,
        '',
        documentsIt,
      ],
      en: ['📄 Hello Anna, a file has been previewed by <b>Mario Rossi</b>.', '', ...fileEn, '', documentsEn],
    },
  ],
  [
    'welcome',
    anna,
    {
      it: [
        '👋 Ciao Anna, ti diamo il benvenuto!',
        '',
        'Da ora ricevi qui su Telegram gli avvisi di https://shop.example che ti riguardano: ordini e carrelli, messaggi, attività e documenti.',
        '',
        'Con /impostazioni scegli quali avvisi ricevere; con /stop non ne ricevi più, quando vuoi.',
      ],
      en: [
        '👋 Hello Anna, welcome!',
        '',
        'From now on you will receive here on Telegram the notifications from https://shop.example that concern you: orders and carts, messages, activities and documents.',
        '',
        'With /settings you choose which notifications to receive; with /stop you receive no more of them, whenever you like.',
      ],
    },
  ],
];

const withNothing: Expected[] = [
  [
    'order-status',
    nobody,
    {
      it: ['📦 Ciao, ecco a che punto è il tuo ordine.', '', 'Grazie per averci scelto!'],
      en: ['📦 Hello, here is the latest on your order.', '', 'Thank you for choosing us!'],
    },
  ],
  [
    'abandoned-cart',
    nobody,
    {
      it: [
        '🛒 Ciao, il tuo carrello è ancora qui: quello che hai scelto ti aspetta.',
        '',
        "Puoi completare l'acquisto quando vuoi.",
      ],
      en: [
        '🛒 Hello, your cart is still here: everything you chose is waiting for you.',
        '',
        'You can complete your purchase whenever you like.',
      ],
    },
  ],
  [
    'message-sent',
    nobody,
    {
      it: ['✉️ Ciao, hai un nuovo messaggio.', '', 'Per rispondere, entra nella tua area riservata.'],
      en: ['✉️ Hello, you have a new message.', '', 'To reply, sign in to your reserved area.'],
    },
  ],
  [
    'message-read',
    nobody,
    {
      it: [
        '✅ Ciao, il tuo messaggio è stato letto.',
        '',
        'Trovi la conversazione nella tua area riservata.',
      ],
      en: [
        '✅ Hello, your message has been read.',
        '',
        'You will find the conversation in your reserved area.',
      ],
    },
  ],
  [
    'activity-status',
    { nuovoStato: 'Scaduta' },
    {
      it: [
        "🗓 Ciao, un'attività che hai creato ha cambiato stato.",
        '',
        'Stato: <b>Scaduta</b>',
        '',
        "Trovi tutti i dettagli nell'agenda della tua area riservata.",
      ],
      en: [
        '🗓 Hello, an activity you created has changed status.',
        '',
        'Status: <b>Scaduta</b>',
        '',
        'You will find all the details in the agenda of your reserved area.',
      ],
    },
  ],
  [
    'activity-viewed',
    nobody,
    {
      it: [
        "👀 Ciao, un'attività che hai creato è stata vista.",
        '',
        "Trovi tutti i dettagli nell'agenda della tua area riservata.",
      ],
      en: [
        '👀 Hello, an activity you created has been viewed.',
        '',
        'You will find all the details in the agenda of your reserved area.',
      ],
    },
  ],
  [
    'activity-reminder',
    { dataAttivita: '2026-11-22' },
    {
      it: [
        "⏰ Ciao, ti ricordiamo un'attività in programma.",
        '',
        'Data: <b>22 novembre 2026</b>',
        '',
        "Trovi tutti i dettagli nell'agenda della tua area riservata.",
      ],
      en: [
        '⏰ Hello, this is a reminder of an upcoming activity.',
        '',
        'Date: <b>22 November 2026</b>',
        '',
        'You will find all the details in the agenda of your reserved area.',
      ],
    },
  ],
  [
    'file-upload',
    nobody,
    {
      it: [
        '📁 Ciao, un nuovo file è stato caricato.',
        '',
        'Lo trovi tra i documenti della tua area riservata.',
      ],
      en: [
        '📁 Hello, a new file has been uploaded.',
        '',
        'You will find it among the documents of your reserved area.',
      ],
    },
  ],
  [
    'file-download',
    nobody,
    {
      it: ['📥 Ciao, un file è stato scaricato.', '', 'Lo trovi tra i documenti della tua area riservata.'],
      en: [
        '📥 Hello, a file has been downloaded.',
        '',
        'You will find it among the documents of your reserved area.',
      ],
    },
  ],
  [
    'file-view',
    nobody,
    {
      it: [
        '📄 Ciao, un file è stato aperto in anteprima.',
        '',
        'Lo trovi tra i documenti della tua area riservata.',
      ],
      en: [
        '📄 Hello, a file has been previewed.',
        '',
        'You will find it among the documents of your reserved area.',
      ],
    },
  ],
  [
    'welcome',
    nobody,
    {
      it: [
        '👋 Ciao, ti diamo il benvenuto!',
        '',
        'Da ora ricevi qui su Telegram gli avvisi che ti riguardano: ordini e carrelli, messaggi, attività e documenti.',
        '',
        'Con /impostazioni scegli quali avvisi ricevere; con /stop non ne ricevi più, quando vuoi.',
      ],
      en: [
        '👋 Hello, welcome!',
        '',
        'From now on you will receive here on Telegram the notifications that concern you: orders and carts, messages, activities and documents.',
        '',
        'With /settings you choose which notifications to receive; with /stop you receive no more of them, whenever you like.',
      ],
    },
  ],
];

describe('the default templates, as they are read', () => {
  test.each(withEverything)('%s, with every value', (kind, values, { it, en }) => {
    expect(written(kind, 'it', values)).toBe(it.join('\n'));
    expect(written(kind, 'en', values)).toBe(en.join('\n'));
  });

  test.each(withNothing)('%s, with next to nothing', (kind, values, { it, en }) => {
    expect(written(kind, 'it', values)).toBe(it.join('\n'));
    expect(written(kind, 'en', values)).toBe(en.join('\n'));
  });

  test('a company is named as the holder of its order', () => {
    const company = { cognome: 'Rossi Srl', nominativo: 'Rossi Srl' };
    expect(written('order-status', 'it', { ...company, statoDocumento: 'Evaso' })).toBe(
      [
        '📦 Ciao, ecco a che punto è il tuo ordine.',
        '',
        'Stato: <b>Evaso</b>',
        'Intestatario: Rossi Srl',
        '',
        'Grazie per averci scelto!',
      ].join('\n'),
    );
  });

  test('every kind is expected above, with and without values', () => {
    expect(withEverything.map(([kind]) => kind)).toEqual([...TEMPLATE_KINDS]);
    expect(withNothing.map(([kind]) => kind)).toEqual([...TEMPLATE_KINDS]);
  });

  test.each<[TemplateKind, string, string]>([
    ['order-status', "Vedi l'ordine", 'View your order'],
    ['abandoned-cart', "Completa l'acquisto", 'Complete your purchase'],
    ['message-sent', 'Leggi il messaggio', 'Read the message'],
    ['message-read', 'Leggi il messaggio', 'Read the message'],
    ['activity-status', "Vedi l'attività", 'View the activity'],
    ['activity-viewed', "Vedi l'attività", 'View the activity'],
    ['activity-reminder', "Vedi l'attività", 'View the activity'],
    ['file-upload', 'Apri il file', 'Open the file'],
    ['file-download', 'Apri il file', 'Open the file'],
    ['file-view', 'Apri il file', 'Open the file'],
  ])('%s has a button', (kind, it, en) => {
    const rest = {
      template: defaultOf(kind),
      values: {},
      defaultLanguage: 'it',
      timeZone: 'Europe/Rome',
      url,
    };
    expect(renderMessage({ ...rest, language: 'it' }).button).toEqual({ text: it, url });
    expect(renderMessage({ ...rest, language: 'en-GB' }).button).toEqual({ text: en, url });
  });
});

describe('the default templates, as they are kept', () => {
  test('one for every kind, enabled', () => {
    const defaults = defaultTemplates();
    expect(defaults.map(({ event }) => event)).toEqual([...TEMPLATE_KINDS]);
    expect(defaults.map(({ id }) => id)).toEqual(TEMPLATE_KINDS.map((kind) => `default-${kind}`));
    expect(defaults.every(({ enabled }) => enabled)).toBe(true);
  });

  test('order-status manages every status of the manual, the others none', () => {
    const [orderStatus, ...others] = defaultTemplates();
    expect(orderStatus?.statuses).toEqual([
      'Nuovo',
      'Memorizzato',
      'Modificato',
      'Sospeso',
      'Confermato',
      'Annullato',
      'Evaso',
      'Bollato',
      'Fatturato',
      'Trasformato',
      'Pagamento non confermato',
      'Da verificare',
    ]);
    expect(others.every((template) => !('statuses' in template))).toBe(true);
  });

  test('all of them pass the validation that merchants pass', () => {
    for (const { event, text, button } of defaultTemplates()) {
      for (const language of ['it', 'en']) {
        expect(validateText(text[language] ?? '', event)).toEqual([]);
        if (button) expect(validateButton(button[language] ?? '', event)).toEqual([]);
      }
    }
  });

  test('each call makes new ones', () => {
    const [first] = defaultTemplates();
    if (first) first.text.it = 'changed';
    expect(defaultTemplates()[0]?.text.it).toContain('ecco a che punto è il tuo ordine');
  });
});

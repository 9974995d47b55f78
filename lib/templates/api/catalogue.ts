/** The placeholders and the kinds of templates, in words: for an editor of templates. */
import { eventOfKind, TEMPLATE_KINDS, type TemplateKind } from '../../domain/templates.ts';
import { formatCount, formatDate, formatMoney } from '../../i18n/format.ts';
import { KIND_NAMES } from '../../i18n/kind-names.ts';
import { SPOKEN_LANGUAGES, type SpokenLanguage } from '../../i18n/languages.ts';
import type { Site } from '../../store/sites.ts';
import {
  PLACEHOLDERS,
  type Placeholder,
  type PlaceholderFormat,
  type PlaceholderKey,
  placeholdersOf,
} from '../placeholders.ts';
import { sampleUrl, sampleValuesFor } from './sample-values.ts';
import { mayBeMissing } from './warnings.ts';

type InWords = Record<SpokenLanguage, string>;

export interface Catalogue {
  kinds: {
    kind: TemplateKind;
    /** The event in which templates of this kind are sent. */
    event: ReturnType<typeof eventOfKind>;
    name: InWords;
    description: InWords;
    /** Whether templates of this kind have statuses, and a button. */
    hasStatuses: boolean;
    hasButton: boolean;
    placeholders: PlaceholderKey[];
  }[];
  placeholders: {
    key: PlaceholderKey;
    name: InWords;
    description: InWords;
    format: PlaceholderFormat;
    /** As people read it, in texts of these languages. */
    example: InWords;
    /** Whether some events or people have no value: the text should then put it into a section. */
    mayBeMissing: boolean;
    kinds: TemplateKind[];
  }[];
}

const DESCRIPTIONS: Record<TemplateKind, InWords> = {
  'order-status': {
    it: "Quando un ordine entra in uno degli stati scelti. La riceve l'intestatario dell'ordine.",
    en: 'When an order enters one of the chosen statuses. The holder of the order gets it.',
  },
  'abandoned-cart': {
    it: "Quando un carrello è abbandonato da tante ore quante dice l'impostazione. La riceve l'utente del carrello.",
    en: 'When a cart has been abandoned for as many hours as the setting says. The user whose cart it is gets it.',
  },
  'message-sent': {
    it: "Quando si scrive un messaggio nell'Area Riservata. La ricevono tutti i destinatari del messaggio.",
    en: 'When a message is written in the reserved area. Every recipient of the message gets it.',
  },
  'message-read': {
    it: 'Quando un destinatario legge il messaggio. La riceve chi lo ha inviato.',
    en: 'When a recipient reads the message. Its sender gets it.',
  },
  'activity-status': {
    it: "Quando un'attività dell'agenda cambia stato. La riceve chi ha creato l'attività.",
    en: 'When an activity of the agenda changes its status. Whoever created the activity gets it.',
  },
  'activity-viewed': {
    it: "Quando chi è incaricato di un'attività la apre. La riceve chi ha creato l'attività.",
    en: 'When somebody in charge of an activity opens it. Whoever created the activity gets it.',
  },
  'activity-reminder': {
    it: "Qualche tempo prima di un'attività. Lo ricevono gli utenti a cui è assegnata.",
    en: 'Some time before an activity. The users to whom it is assigned get it.',
  },
  'file-upload': {
    it: 'Quando si carica un file in una cartella. La ricevono gli amministratori della cartella.',
    en: 'When a file is uploaded to a folder. The administrators of the folder get it.',
  },
  'file-download': {
    it: 'Quando si scarica un file. La ricevono gli amministratori della cartella.',
    en: 'When a file is downloaded. The administrators of the folder get it.',
  },
  'file-view': {
    it: "Quando si apre l'anteprima di un file. La ricevono gli amministratori della cartella.",
    en: 'When a file is previewed. The administrators of the folder get it.',
  },
  welcome: {
    it: 'Quando un utente ha appena collegato Telegram. Lo riceve lui.',
    en: 'When a user has just linked Telegram. That user gets it.',
  },
};

const PLACEHOLDERS_IN_WORDS: Record<PlaceholderKey, { en: string; description: InWords }> = {
  nome: {
    en: 'First name',
    description: {
      it: "Il nome di chi riceve il messaggio; nell'upload di un file, di chi lo ha caricato. Le aziende non lo hanno.",
      en: 'The first name of the person who gets the message; for an upload, of the person who uploaded. Companies have none.',
    },
  },
  cognome: {
    en: 'Last name, or company',
    description: {
      it: "Il cognome, o la ragione sociale, di chi riceve il messaggio; nell'upload di un file, di chi lo ha caricato.",
      en: 'The last name, or the company name, of the person who gets the message; for an upload, of the person who uploaded.',
    },
  },
  nominativo: {
    en: 'Whole name',
    description: {
      it: "Nome e cognome, o la ragione sociale, di chi riceve il messaggio; nell'upload di un file, di chi lo ha caricato.",
      en: 'First and last name, or the company name, of the person who gets the message; for an upload, of the person who uploaded.',
    },
  },
  urlSito: {
    en: 'Address of the site',
    description: { it: "L'indirizzo del sito.", en: 'The address of the site.' },
  },
  nomeSito: {
    en: 'Name of the site',
    description: { it: 'Il nome del sito.', en: 'The name of the site.' },
  },
  numeroArticoli: {
    en: 'Number of items',
    description: {
      it: "Quanti articoli ha l'ordine, senza le righe di spesa.",
      en: 'How many items the order has, without expense lines.',
    },
  },
  siglaDocumento: {
    en: 'Document reference',
    description: { it: "La sigla e il numero dell'ordine.", en: 'The reference of the order.' },
  },
  statoDocumento: {
    en: 'Document status',
    description: {
      it: "Lo stato in cui è entrato l'ordine.",
      en: 'The status that the order has entered.',
    },
  },
  totaleOrdine: {
    en: 'Order total',
    description: {
      it: "Il totale dell'ordine, con la valuta.",
      en: 'The total of the order, with its currency.',
    },
  },
  elencoArticoli: {
    en: 'List of items',
    description: {
      it: "Gli articoli dell'ordine, uno per riga, con la quantità e il totale della riga. Se il messaggio è troppo lungo si accorcia l'elenco. Un ordine può non averlo.",
      en: 'The items of the order, a line each, with quantity and total of the line. In a message that is too long the list is shortened. An order may have none.',
    },
  },
  codiceTracking: {
    en: 'Tracking code',
    description: {
      it: 'Il codice con cui si segue la spedizione. Un ordine non ancora spedito non lo ha.',
      en: 'The code with which the shipment is followed. An order that is not shipped yet has none.',
    },
  },
  numeroArticoliCarrello: {
    en: 'Number of items in the cart',
    description: {
      it: 'Quanti articoli ha il carrello, senza le righe di spesa.',
      en: 'How many items the cart has, without expense lines.',
    },
  },
  totaleCarrello: {
    en: 'Cart total',
    description: {
      it: 'Il totale del carrello, con la valuta.',
      en: 'The total of the cart, with its currency.',
    },
  },
  codiceCoupon: {
    en: 'Coupon code',
    description: {
      it: 'Il codice del coupon del modello: solo nel secondo e nel terzo messaggio sul carrello.',
      en: 'The code of the coupon of the template: only in the second and the third message about a cart.',
    },
  },
  oggettoMessaggio: {
    en: 'Message subject',
    description: {
      it: "L'oggetto del messaggio. Un messaggio può non averlo.",
      en: 'The subject of the message. A message may have none.',
    },
  },
  testoMessaggio: {
    en: 'Message text',
    description: {
      it: 'Il testo del messaggio. Un messaggio può non averlo; se è lungo viene accorciato.',
      en: 'The text of the message. A message may have none; a long one is shortened.',
    },
  },
  dataAttivita: {
    en: 'Activity date',
    description: {
      it: "La data e l'ora dell'attività, nel fuso orario del sito.",
      en: 'The date and time of the activity, in the time zone of the site.',
    },
  },
  oggettoAttivita: {
    en: 'Activity subject',
    description: {
      it: "L'oggetto dell'attività. Un'attività può non averlo.",
      en: 'The subject of the activity. An activity may have none.',
    },
  },
  vecchioStato: {
    en: 'Old status',
    description: {
      it: "Lo stato che l'attività aveva prima.",
      en: 'The status that the activity had before.',
    },
  },
  nuovoStato: {
    en: 'New status',
    description: { it: "Lo stato che l'attività ha adesso.", en: 'The status that the activity has now.' },
  },
  nomeCartella: {
    en: 'Folder name',
    description: { it: 'Il nome della cartella.', en: 'The name of the folder.' },
  },
  nomeFile: {
    en: 'File name',
    description: { it: 'Il nome del file.', en: 'The name of the file.' },
  },
  numeroFile: {
    en: 'Number of files',
    description: { it: 'Quanti file.', en: 'How many files.' },
  },
  elencoFile: {
    en: 'List of files',
    description: {
      it: 'I nomi dei file, uno per riga, con che cosa è successo a ciascuno; di un solo file, il nome.',
      en: 'The names of the files, a line each, with what became of each; of one file, its name.',
    },
  },
  riepilogoFile: {
    en: 'Summary of files',
    description: {
      it: 'Quanti file, a parole: un nuovo file, oppure 2 nuovi documenti e una nuova revisione.',
      en: 'How many files, in words: one new file, or 2 new documents and one new revision.',
    },
  },
  autore: {
    en: 'Author',
    description: {
      it: 'Chi ha scritto, letto, aperto, caricato o scaricato. Il suo nome può non essere noto.',
      en: 'The person who wrote, read, opened, uploaded or downloaded. Their name may not be known.',
    },
  },
};

/** The site of the examples. */
const SITE = { url: 'https://shop.example', name: 'Demo Shop' } as Site;
const TIME_ZONE = 'Europe/Rome';

export function catalogue(): Catalogue {
  return {
    kinds: TEMPLATE_KINDS.map((kind) => ({
      kind,
      event: eventOfKind(kind),
      name: KIND_NAMES[kind],
      description: DESCRIPTIONS[kind],
      hasStatuses: kind === 'order-status',
      hasButton: sampleUrl(kind, SITE) !== undefined,
      placeholders: placeholdersOf(kind).map(({ key }) => key),
    })),
    placeholders: PLACEHOLDERS.map((placeholder) => {
      const { key, name, format, kinds } = placeholder;
      const { en, description } = PLACEHOLDERS_IN_WORDS[key];
      return {
        key,
        name: { it: name, en },
        description,
        format,
        example: exampleOf(placeholder),
        mayBeMissing: mayBeMissing(key),
        kinds: [...kinds],
      };
    }),
  };
}

function exampleOf({ key, kinds: [kind] }: Placeholder): InWords {
  const examples = SPOKEN_LANGUAGES.map((language) => {
    const value = sampleValuesFor({ event: kind }, SITE, {}, language)[key];
    return [language, written(key, value, language)];
  });
  return Object.fromEntries(examples) as InWords;
}

/** As in a message. */
function written(key: PlaceholderKey, value: unknown, language: SpokenLanguage): string {
  if (typeof value === 'number') return formatCount(value, language);
  if (typeof value === 'object') return formatMoney(value as Parameters<typeof formatMoney>[0], language);
  return key === 'dataAttivita' ? formatDate(String(value), language, TIME_ZONE) : String(value);
}

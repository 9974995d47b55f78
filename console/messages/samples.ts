/** The people and events that a preview is shown with. */
import type { PreviewBody } from '../../clients/typescript/client.ts';
import type { Sentence } from '../../lib/domain/sentence.ts';

export type SampleName = 'usual' | 'short' | 'long' | 'company';

type Values = NonNullable<PreviewBody['values']>;

export const SAMPLES: readonly { name: SampleName; label: Sentence; values: (language: string) => Values }[] =
  [
    { name: 'usual', label: { it: 'Normale', en: 'Usual' }, values: () => ({}) },
    {
      name: 'short',
      label: { it: 'Breve', en: 'Short' },
      values: () => ({
        nome: 'Ada',
        cognome: 'Po',
        nominativo: 'Ada Po',
        numeroArticoli: 1,
        siglaDocumento: 'OC 7',
        elencoArticoli: '• 1 × Spago',
        totaleOrdine: { amount: '4.90', currency: 'EUR' },
        numeroArticoliCarrello: 1,
        totaleCarrello: { amount: '4.90', currency: 'EUR' },
        oggettoMessaggio: 'Ok',
        testoMessaggio: 'Va bene.',
        oggettoAttivita: 'Visita',
        nomeCartella: 'Doc',
        nomeFile: 'a.pdf',
        autore: 'Ugo',
      }),
    },
    {
      name: 'long',
      label: { it: 'Lungo', en: 'Long' },
      values: (language) => ({
        nome: 'Massimiliano Alessandro',
        cognome: 'Della Gherardesca Montecuccoli',
        nominativo: 'Massimiliano Alessandro Della Gherardesca Montecuccoli',
        numeroArticoli: 1_248,
        siglaDocumento: 'Ordine Cliente Web 2026/0000412-BIS',
        elencoArticoli: LONG_LINES,
        totaleOrdine: { amount: '123456.78', currency: 'EUR' },
        numeroArticoliCarrello: 1_248,
        totaleCarrello: { amount: '123456.78', currency: 'EUR' },
        oggettoMessaggio:
          'Preventivo aggiornato per la fornitura e la posa delle tende da sole di via Garibaldi, secondo piano',
        testoMessaggio: LONG_TEXT,
        oggettoAttivita:
          'Sopralluogo con il geometra per le misure definitive delle tende di tutti i balconi',
        vecchioStato: 'In attesa di conferma da parte del cliente',
        nuovoStato: 'Completata con riserva',
        nomeCartella: 'Documenti amministrativi / Bilanci e allegati',
        nomeFile: 'Bilancio di esercizio 2026 con nota integrativa e relazione dei sindaci (definitivo).pdf',
        numeroFile: 12,
        elencoFile: LONG_LIST,
        riepilogoFile: FILES_IN_WORDS[language.slice(0, 2)] ?? null,
        autore: 'Maria Antonietta Della Valle Santacroce',
      }),
    },
    {
      name: 'company',
      label: { it: 'Azienda senza nome', en: 'Company without a first name' },
      values: () => ({
        nome: null,
        cognome: 'Rossi & Figli S.r.l.',
        nominativo: 'Rossi & Figli S.r.l.',
      }),
    },
  ];

/** Longer than a message of Telegram can be: what is cut is seen. */
const LONG_TEXT = Array.from(
  { length: 60 },
  (_, index) =>
    `${index + 1}. Come d’accordo, riportiamo qui le misure e le condizioni della fornitura discusse al telefono.`,
).join('\n');

const LONG_LIST = Array.from(
  { length: 12 },
  (_, index) => `• Allegato ${index + 1} al bilancio 2026.pdf`,
).join('\n');

const LONG_LINES = Array.from(
  { length: 12 },
  (_, index) => `• ${index + 1} × Tenda da sole a bracci, cassonetto e motore, colore ${index + 1}`,
).join('\n');

const FILES_IN_WORDS: Record<string, string> = { it: '12 nuovi documenti', en: '12 new documents' };

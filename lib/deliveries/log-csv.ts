/** The log as a file for a spreadsheet: RFC 4180, in the form that Excel in Italian opens with a double click. */
import type { Sentence } from '../domain/sentence.ts';
import { statusWords } from '../i18n/delivery-words.ts';
import type { SpokenLanguage } from '../i18n/languages.ts';
import { zonedTime } from '../i18n/time-zones.ts';
import type { LogLine } from './log-lines.ts';

/** Excel takes a file without it for Windows-1252. */
const BYTE_ORDER_MARK = '\ufeff';
/** Excel in Italian separates with it: its comma is the decimal one. */
const SEPARATOR = ';';
const LINE_END = '\r\n';

/** The months in Italian and English, where a name may end after three letters. */
const MONTH = [
  'gen(?:naio)?|feb(?:braio|ruary)?|mar(?:zo|ch)?|apr(?:ile|il)?|mag(?:gio)?|giu(?:gno)?|lug(?:lio)?|ago(?:sto)?|set(?:tembre)?',
  'ott(?:obre)?|nov(?:embre|ember)?|dic(?:embre)?|jan(?:uary)?|may|june?|july?|aug(?:ust)?|sept?(?:ember)?|oct(?:ober)?|dec(?:ember)?',
].join('|');

/** Lambda's answers have at most 6 MB, counted as JSON, in which each quotation mark counts twice. */
const MOST_CHARACTERS = 2_000_000;

interface Column {
  title: Sentence;
  /** `undefined`: an empty cell. */
  cell: (line: LogLine, reader: Reader) => string | undefined;
  /** Written by us, so that Excel takes it for what it is: a time, a number. */
  isOurs?: true;
}

interface Reader {
  language: SpokenLanguage;
  /** IANA name. */
  timeZone: string;
  /** Whether the shop counts clicks, or has counted them. */
  hasClicks: boolean;
}

const COLUMNS: Column[] = [
  {
    title: { it: 'Data e ora', en: 'Date and time' },
    cell: ({ recordedAt }, { timeZone }) => zonedTime(recordedAt, timeZone),
    isOurs: true,
  },
  { title: { it: 'Evento', en: 'Event' }, cell: ({ event }) => event },
  {
    title: { it: 'Template', en: 'Template' },
    cell: ({ templateName, templateId }) => templateName ?? templateId,
  },
  { title: { it: 'Utente', en: 'User' }, cell: ({ userId }) => userId },
  { title: { it: 'Nome', en: 'Name' }, cell: ({ userName }) => userName },
  {
    title: { it: 'Esito', en: 'Outcome' },
    cell: (line, { language }) => statusWords(line)[language],
  },
  {
    title: { it: 'Che cosa è successo', en: 'What happened' },
    cell: ({ message }, { language }) => message[language],
  },
  { title: { it: 'Motivo', en: 'Reason' }, cell: ({ reason, failure }) => reason ?? failure?.description },
  {
    title: { it: 'Previsto per', en: 'Due' },
    cell: ({ dueAt, until, nextAttemptAt }, { timeZone }) => {
      const time = dueAt ?? until ?? nextAttemptAt;
      return time && zonedTime(time, timeZone);
    },
    isOurs: true,
  },
  { title: { it: 'Tentativi', en: 'Attempts' }, cell: ({ attempts }) => String(attempts), isOurs: true },
  {
    title: { it: 'Prova', en: 'Test' },
    cell: ({ test }, { language }) => (test ? { it: 'sì', en: 'yes' }[language] : ''),
  },
  { title: { it: 'ID evento', en: 'Event id' }, cell: ({ eventId }) => eventId },
  { title: { it: 'ID consegna', en: 'Delivery id' }, cell: ({ deliveryId }) => deliveryId },
];

/** At the end, and only in the file of a shop that counts clicks: that of others stays as it was. */
const CLICK_COLUMNS: Column[] = [
  {
    title: { it: 'Aperture', en: 'Clicks' },
    cell: ({ clicks }) => (clicks === undefined ? '' : String(clicks)),
    isOurs: true,
  },
  {
    title: { it: 'Prima apertura', en: 'First click' },
    cell: ({ clickedAt }, { timeZone }) => clickedAt && zonedTime(clickedAt, timeZone),
    isOurs: true,
  },
];

/** A file, and how many of the lines are in it. */
export interface LogFile {
  text: string;
  lines: number;
}

/** The lines as a file with a heading; as many of them, from the first on, as an answer can hold. */
export function logFile(lines: LogLine[], reader: Reader): LogFile {
  const columns = reader.hasClicks ? [...COLUMNS, ...CLICK_COLUMNS] : COLUMNS;
  let text = BYTE_ORDER_MARK + rowOf(columns.map(({ title }) => cellOf(title[reader.language])));
  let count = 0;
  for (const line of lines) {
    const row = rowOf(
      columns.map(({ cell, isOurs }) => (isOurs ? cell(line, reader) : cellOf(cell(line, reader)))),
    );
    if (count > 0 && text.length + row.length > MOST_CHARACTERS) break;
    text += row;
    count += 1;
  }
  return { text, lines: count };
}

function rowOf(cells: (string | undefined)[]): string {
  return cells.map((cell) => cell ?? '').join(SEPARATOR) + LINE_END;
}

/**
 * A spreadsheet may take a text that begins so for a formula, and run it: also after blanks, and where the sign has its
 * full width.
 *
 * @see https://owasp.org/www-community/attacks/CSV_Injection
 */
const MAY_BE_FORMULA = /^[\s\p{Cc}\p{Cf}\p{Z}]*[=+\-@|%\uff1d\uff0b\uff0d\uff20]|^[\t\r\n]/u;

/**
 * A spreadsheet would make something else of an id such as `00123`, `501.00012`, `1E5` or `3-4`: a number, a power, a date;
 * and so of `(5)`, `5 €`, `12%`, a truth value, or the name of an error.
 */
const MAY_BE_VALUE =
  /^\s*(?:[€$£(]\s*)*[.,]?\d[\d\s.,:/\\-]*(?:e[+-]?\d+)?[\s€$£%)]*$|^\s*(?:vero|falso|true|false|#\S+)\s*$/iu;

/** Or a date, of a month's name beside one or two numbers: `3 mar`, `nov-26`, `12 May 2026`. */
const MAY_BE_DATE = new RegExp(
  String.raw`^\s*(?:\d{1,4}[\s./-]*(?:${MONTH})|(?:${MONTH})[\s.,/-]*\d{1,4})(?:[\s.,/-]*\d{1,4})?\s*$`,
  'i',
);

/** A text of others. Quoted always, so that no sign in it ends the cell; an apostrophe makes a text of what might be more. */
function cellOf(text = ''): string {
  const isRisky = [MAY_BE_FORMULA, MAY_BE_VALUE, MAY_BE_DATE].some((form) => form.test(text));
  return text === '' ? '' : `"${isRisky ? "'" : ''}${text.replaceAll('"', '""')}"`;
}

/** Reads people from a CSV file, as a spreadsheet or a database writes it. Holds one piece of the file at a time. */
import { pipeline, Readable } from 'node:stream';
import { CsvError, type Info, parse } from 'csv-parse';
import { UsageError } from './command-line.ts';

/** The columns that a file may have, in any order. */
export const COLUMNS = [
  'userId',
  'chatId',
  'botId',
  'firstName',
  'lastName',
  'companyName',
  'language',
  'optedOut',
  'mutedEvents',
] as const;
type Column = (typeof COLUMNS)[number];
type Cells = { [Name in Column]?: string };

const REQUIRED: Column[] = ['userId', 'chatId'];

/** In Italian, Excel separates with semicolons. */
const SEPARATORS = [';', '\t', ','];

/** Characters of the longest line. One that is longer has a quote that is not closed. */
const MAX_LINE = 100_000;

/** Words for yes and no, also as Excel writes them in Italian. */
export const WORDS_OF = {
  yes: ['true', 'vero', 'yes', 'sì', 'si', '1'],
  no: ['false', 'falso', 'no', '0'],
};
const WORDS = new Map<string, boolean>([
  ...WORDS_OF.yes.map((word) => [word, true] as const),
  ...WORDS_OF.no.map((word) => [word, false] as const),
]);

/** A person as the API takes them; it checks what it gets. */
export interface ImportedUser {
  userId?: string | undefined;
  chatId: number;
  [field: string]: unknown;
}

/** A line of the file: a person, or the reason why it holds none. */
export type CsvLine = { line: number; userId: string; botId?: string | undefined } & (
  | { user: ImportedUser }
  | { refusal: string }
);

export interface PeopleFile {
  separator: string;
  lines: AsyncIterable<CsvLine>;
}

/**
 * Opens a file of people.
 *
 * @param bytes the file, in pieces.
 * @throws UsageError where it is not in UTF-8, or its header is wrong; also while the lines are read, where a quote is
 * not closed.
 */
export async function openPeople(bytes: AsyncIterable<Uint8Array>): Promise<PeopleFile> {
  const pieces = textOf(bytes)[Symbol.asyncIterator]();
  let start = '';
  for (let piece = await pieces.next(); !piece.done; piece = await pieces.next()) {
    start += piece.value;
    if (start.includes('\n')) break;
  }
  const [header = ''] = start.split('\n', 1);
  const separator = SEPARATORS.find((each) => header.includes(each)) ?? ',';
  return { separator, lines: linesOf(joined(start, pieces), separator) };
}

async function* textOf(bytes: AsyncIterable<Uint8Array>): AsyncGenerator<string> {
  // It drops a byte order mark.
  const decoder = new TextDecoder('utf-8', { fatal: true });
  try {
    for await (const piece of bytes) yield decoder.decode(piece, { stream: true });
    yield decoder.decode();
  } catch (error) {
    if (Object(error).code !== 'ERR_ENCODING_INVALID_ENCODED_DATA') throw error;
    throw new UsageError('The file is not in UTF-8. In Excel, save it as "CSV UTF-8".');
  }
}

async function* joined(start: string, rest: AsyncIterator<string>): AsyncGenerator<string> {
  yield start;
  for (let piece = await rest.next(); !piece.done; piece = await rest.next()) yield piece.value;
}

async function* linesOf(text: AsyncIterable<string>, separator: string): AsyncGenerator<CsvLine> {
  const parser = parse({
    delimiter: separator,
    info: true,
    relax_column_count: true,
    // A quote inside of a cell without quotes is part of it: Bar "Da Gino".
    relax_quotes: true,
    skip_records_with_empty_values: true,
    max_record_size: MAX_LINE,
  });
  // The loop below gets the errors too.
  pipeline(Readable.from(text), parser, () => {});
  let columns: Column[] | undefined;
  try {
    for await (const { record, info } of parser as AsyncIterable<{ record: string[]; info: Info }>) {
      if (columns) yield lineOf(record, columns, info.lines);
      else columns = columnsOf(record);
    }
  } catch (error) {
    throw error instanceof CsvError ? new UsageError(`The file can't be read on: ${error.message}`) : error;
  }
  if (!columns) throw new UsageError('The file is empty. Its first line names the columns.');
}

function columnsOf(header: string[]): Column[] {
  const names = header.map((name) => name.trim());
  const byName = new Map<string, Column>(COLUMNS.map((column) => [column.toLowerCase(), column]));
  const columns = names.flatMap((name) => byName.get(name.toLowerCase()) ?? []);
  const unknown = names.filter((name) => !byName.has(name.toLowerCase()));
  const missing = REQUIRED.filter((name) => !columns.includes(name));
  const twice = columns.filter((name, index) => columns.indexOf(name) < index);
  const wrong = [
    ...(unknown.length > 0 ? [`has unknown columns: ${unknown.join(', ')}`] : []),
    ...(missing.length > 0 ? [`lacks columns: ${missing.join(', ')}`] : []),
    ...(twice.length > 0 ? [`has columns twice: ${twice.join(', ')}`] : []),
  ];
  if (wrong.length === 0) return columns;
  throw new UsageError(`The first line ${wrong.join('; ')}. There can be: ${COLUMNS.join(', ')}.`);
}

/** The digits before the colon of a bot's token. */
export const BOT_ID = /^\d{1,20}$/;

function lineOf(values: string[], columns: Column[], line: number): CsvLine {
  const cells: Cells = Object.fromEntries(columns.map((column, index) => [column, values[index] ?? '']));
  const { chatId = '' } = cells;
  const userId = cells.userId?.trim() ?? '';
  const botId = cells.botId?.trim() || undefined;
  const place = { line, userId, botId };
  if (values.length !== columns.length)
    return { ...place, refusal: `It has ${values.length} cells, and the first line ${columns.length}.` };
  if (botId !== undefined && !BOT_ID.test(botId))
    return { ...place, refusal: "botId: Must be the digits before the colon of the bot's token." };
  if (!/^-?\d{1,20}$/.test(chatId.trim()))
    return {
      ...place,
      refusal:
        'chatId: Must be digits. Excel shortens long numbers (1,23E+11): give the column the format "0".',
    };
  const optedOut = wordIn(cells);
  if (optedOut !== '' && !WORDS.has(optedOut))
    return {
      ...place,
      refusal: `optedOut: Must be ${WORDS_OF.yes.join(', ')}, or ${WORDS_OF.no.join(', ')}.`,
    };
  return { ...place, user: userOf(cells) };
}

/** The word of the cell optedOut, as WORDS has it; empty: it says nothing. */
function wordIn({ optedOut = '' }: Cells): string {
  return optedOut.trim().toLowerCase().normalize();
}

function userOf(cells: Cells): ImportedUser {
  const { userId, chatId, botId: _, optedOut: __, mutedEvents = '', ...texts } = cells;
  const given = Object.entries(texts).filter(([, value]) => value !== '');
  const isOptedOut = WORDS.get(wordIn(cells));
  const events = mutedEvents.split(/[\s|]+/).filter(Boolean);
  return {
    userId: (userId ?? '').trim(),
    chatId: Number(chatId),
    ...Object.fromEntries(given),
    ...(isOptedOut !== undefined && { optedOut: isOptedOut }),
    ...(events.length > 0 && { mutedEvents: events }),
  };
}

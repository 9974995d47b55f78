/** `npm run import-users`: imports people from a CSV file over the API. See HELP. */
import { createReadStream } from 'node:fs';
import { stat } from 'node:fs/promises';
import { resolve } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { checkedSiteId } from '../lib/sites/schemas.ts';
import type { ImportAnswer, ImportResult } from '../lib/users/import-users.ts';
import { bypassProxyForLoopback } from '../local/isolation.ts';
import { ApiRefusal, ApiUnreachableError, askApi, refusalIn } from './call-api.ts';
import { runCommand, UsageError } from './command-line.ts';
import { checkedAddress } from './deployed-address.ts';
import { explain } from './explain.ts';
import { BOT_ID, COLUMNS, type CsvLine, type ImportedUser, openPeople, WORDS_OF } from './people-csv.ts';
import { printProgress } from './progress.ts';
import { readSecrets } from './read-secrets.ts';
import { RefusedFile, type RefusedLine } from './refused-csv.ts';

const HELP = `npm run import-users -- --site SITE [options] FILE.csv

Imports people who have linked Telegram in another system with the same bot. They are told nothing. It takes nothing
back, and may be stopped and run again at any time.

The first line of the file names its columns, in any order; userId and chatId are required:
  ${COLUMNS.join(', ')}
UTF-8; separated by ; or , or tabs. A person with several chats has several lines.
  optedOut     ${WORDS_OF.yes.join(', ')}; or ${WORDS_OF.no.join(', ')}
  mutedEvents  names of events, separated by spaces or |

Options
  --url URL        the address of the API; that of the local run by default
  --bot ID         the bot of the lines that name none: the digits before the ":" of its token
  --refused FILE   where refused lines are written, with the reason; by default beside the file: of people.csv,
                   people.refused.csv
  --help           this text

The site's key is asked for, or is in SITE_KEY, or is a line of standard input.`;

const OPTIONS = {
  site: { type: 'string' },
  url: { type: 'string', default: `http://127.0.0.1:${process.env.PORT || 3000}` },
  bot: { type: 'string' },
  refused: { type: 'string' },
} as const;

interface Options {
  site?: string;
  url: string;
  bot?: string;
  refused?: string;
}

/** The limits of a request are 500 rows and 256 KB. */
const MAX_ROWS = 500;
const MAX_BYTES = 200 * 1024;

/** How often a request is sent that nobody can answer now. */
const MAX_TRIES = 6;

type PersonLine = CsvLine & { user: ImportedUser };

/** Lines for one request: their people have chats with the same bot. */
interface Batch {
  botId: string;
  lines: PersonLine[];
  /** Lines between these that need no answer: they are written with the others, in the order of the file. */
  refused: RefusedLine[];
}

const noLines = (): Batch => ({ botId: '', lines: [], refused: [] });

interface Api {
  address: string;
  key: string;
}

/** Sends the lines of a file in requests, and keeps count. */
class Importer {
  readonly counts = { imported: 0, unchanged: 0, refused: 0 };
  /** The last line that has its answer. */
  line = 1;
  readonly #api: Api;
  readonly #refused: RefusedFile;
  /** Why the chats of a bot are refused, by its id. */
  readonly #wrongBots = new Map<string, string>();
  #batch = noLines();
  #bytes = 0;

  constructor(api: Api, refused: RefusedFile) {
    this.#api = api;
    this.#refused = refused;
  }

  get rows(): number {
    const { imported, unchanged, refused } = this.counts;
    return imported + unchanged + refused;
  }

  async add(line: CsvLine, botId: string | undefined): Promise<void> {
    if ('refusal' in line) return this.#refuse(refusedLine(line, 'invalid', line.refusal));
    if (!botId) return this.#refuse(refusedLine(line, 'invalid', 'botId: It is missing; or say --bot.'));
    const wrongBot = this.#wrongBots.get(botId);
    if (wrongBot) return this.#refuse(refusedLine(line, 'other-bot', wrongBot));
    const bytes = Buffer.byteLength(JSON.stringify(line.user)) + 1;
    const { lines, botId: former } = this.#batch;
    const isFull = lines.length === MAX_ROWS || this.#bytes + bytes > MAX_BYTES;
    if (lines.length > 0 && (isFull || former !== botId)) {
      await this.send();
      // By the answer it may be known that the bot is wrong.
      return this.add(line, botId);
    }
    this.#batch.botId = botId;
    this.#batch.lines.push(line);
    this.#bytes += bytes;
  }

  /** Sends what is waiting. */
  async send(): Promise<void> {
    const { botId, lines, refused } = this.#batch;
    this.#batch = noLines();
    this.#bytes = 0;
    const answered = lines.length > 0 ? await this.#import(botId, lines) : [];
    const all = [...refused, ...answered].sort((one, other) => one.line - other.line);
    this.counts.refused += all.length;
    await this.#refused.add(all);
    this.line = Math.max(this.line, lines.at(-1)?.line ?? 0, refused.at(-1)?.line ?? 0);
  }

  /** @returns those that the API refuses. */
  async #import(botId: string, lines: PersonLine[]): Promise<RefusedLine[]> {
    const users = lines.map(({ user }) => user);
    try {
      const { results, counts } = await post(this.#api, { botId, users }, this.rows > 0);
      this.counts.imported += counts.imported;
      this.counts.unchanged += counts.unchanged;
      return lines.flatMap((line, index) => refusedBy(line, results[index]));
    } catch (error) {
      if (!(error instanceof ApiRefusal && error.problem.status === 409)) throw error;
      this.#wrongBots.set(botId, error.message);
      return lines.map((line) => refusedLine(line, 'other-bot', error.message));
    }
  }

  async #refuse(line: RefusedLine): Promise<void> {
    const { lines, refused } = this.#batch;
    refused.push(line);
    if (lines.length + refused.length >= MAX_ROWS) await this.send();
  }
}

function refusedLine({ line, userId }: CsvLine, reason: string, detail: string): RefusedLine {
  return { line, userId, reason, detail };
}

function refusedBy(line: CsvLine, result: ImportResult | undefined): RefusedLine[] {
  if (result?.status !== 'refused') return [];
  const { reason = '', detail = '', errors } = result;
  // The place in the request says nothing to a reader of the file: only the column does.
  const named = errors?.map((error) => `${error.pointer.replace(/^\/users\/\d+\/?/, '')}: ${error.detail}`);
  return [refusedLine(line, reason, named?.join(' ') ?? detail)];
}

/**
 * Sends a request, and again while the API can't answer: a repetition changes nothing more.
 *
 * @param isAnswering whether the API has answered before.
 * @throws ApiRefusal where it refuses the request, ApiUnreachableError.
 */
async function post({ address, key }: Api, body: object, isAnswering: boolean): Promise<ImportAnswer> {
  const request = {
    method: 'POST',
    headers: { authorization: `Bearer ${key}`, 'content-type': 'application/json' },
    body: JSON.stringify(body),
  };
  for (let tries = 1; ; tries++) {
    let wait = 2 ** (tries - 1);
    try {
      const answer = await askApi(address, request);
      if (answer.ok) return (await answer.json()) as ImportAnswer;
      const isTemporary = answer.status === 429 || answer.status >= 500;
      if (!isTemporary || tries === MAX_TRIES) throw await refusalIn(answer);
      wait = Number(answer.headers.get('retry-after') ?? wait);
      await answer.body?.cancel();
    } catch (error) {
      // At the first request the address may be wrong.
      const isRepeated = error instanceof ApiUnreachableError || error instanceof TypeError;
      if (!isRepeated || !isAnswering || tries === MAX_TRIES) throw error;
    }
    await sleep(wait * 1000);
  }
}

/** @returns whether no line was refused. */
async function importFile(
  path: string,
  api: Api,
  bot: string | undefined,
  refusedPath: string,
): Promise<boolean> {
  const { size } = await stat(path);
  const file = createReadStream(path);
  const { separator, lines } = await openPeople(file);
  const refused = new RefusedFile(refusedPath, separator);
  await refused.remove();
  const importer = new Importer(api, refused);
  const show = (bytes: number) => printProgress(bytes, size, `bytes, ${importer.rows} rows`);
  try {
    let shown = importer.line;
    for await (const line of lines) {
      await importer.add(line, line.botId ?? bot);
      // The file is read ahead of what is sent.
      if (importer.line !== shown) show(Math.min(file.bytesRead, size - 1));
      shown = importer.line;
    }
    await importer.send();
    show(size);
  } catch (error) {
    if (importer.rows > 0)
      console.error(`\nStopped after line ${importer.line}. What was answered is imported: run it again.`);
    throw error;
  } finally {
    await refused.close();
  }
  const { counts, rows } = importer;
  console.log(
    `${rows} rows: ${counts.imported} imported, ${counts.unchanged} unchanged, ${counts.refused} refused.`,
  );
  if (counts.refused > 0) console.log(`The refused ones, and why: ${refusedPath}`);
  return counts.refused === 0;
}

async function isFile(path: string): Promise<boolean> {
  const found = await stat(path).catch(() => undefined);
  return found !== undefined && !found.isDirectory();
}

async function askForKey(): Promise<string> {
  const [key = ''] = await readSecrets(['Site key'], 'Or set SITE_KEY.');
  return key;
}

async function run({ site, url, bot, ...values }: Options, [path]: string[]): Promise<void> {
  if (!site || !path) throw new UsageError('Say --site SITE, and one file.');
  const address = `${checkedAddress(url)}/v1/sites/${checkedSiteId(site)}/users/import`;
  const refusedPath = values.refused ?? `${path.replace(/\.csv$/i, '')}.refused.csv`;
  if (bot !== undefined && !BOT_ID.test(bot))
    throw new UsageError(`--bot ${bot}: say the digits before the colon of the bot's token, such as 123456.`);
  if (resolve(refusedPath) === resolve(path)) throw new UsageError('--refused must be another file.');
  if (!(await isFile(path))) throw new UsageError(`There is no file ${path}.`);
  bypassProxyForLoopback(process.env);
  const key = process.env.SITE_KEY || (await askForKey());
  const isWhole = await importFile(path, { address, key }, bot, refusedPath);
  if (!isWhole) process.exitCode = 1;
}

await runCommand(
  { name: 'import-users', help: HELP, options: OPTIONS, maxArguments: 1 },
  ({ values, positionals }) => run(values, positionals),
  (error) => explain(error, 'import-users'),
);

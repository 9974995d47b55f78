import { inParallel } from '../aws/parallel.ts';
import { ConflictError } from '../domain/errors.ts';
import { inLanguage, type Sentence, type SentenceLanguage } from '../domain/sentence.ts';
import { withoutEmpty } from '../http/empty-properties.ts';
import { placesIn, type SpokenPlace } from '../http/spoken.ts';
import { fieldErrors } from '../http/validation.ts';
import { log } from '../observability/logger.ts';
import { addToChat, updateLink } from '../store/chats.ts';
import { readPeople } from '../store/people.ts';
import { changedByOthers, MAX_ROUNDS } from '../store/rounds.ts';
import { type Bot, type Site, sendingBot } from '../store/sites.ts';
import { hasChat, linkIn, type User } from '../store/user.ts';
import { findUserOrRenamed, newHolder, putUser } from '../store/users.ts';
import { wakePeople } from '../store/wake-people.ts';
import { FULL, noBot } from './errors.ts';
import { type Import, type ImportRefusal, refusalOf, withRow } from './import-row.ts';
import { type ImportRow, importRow } from './import-schemas.ts';

/** How many groups of rows are written at the same time. */
const PARALLEL_WRITES = 25;

/** The number of errors that the answer names of a row: a body of 256 KB could have 100,000. */
const MAX_ERRORS = 10;

/** The answer for a row. */
export interface ImportResult {
  /** Absent where the row has none that is a text. */
  userId?: string;
  /** `unchanged`: all that the row says was known before. */
  status: 'imported' | 'unchanged' | 'refused';
  reason?: ImportRefusal | 'invalid';
  /** What a refusal means, and what to do. */
  detail?: string;
  /** The wrong places of an invalid row. */
  errors?: SpokenPlace[];
}

export interface ImportAnswer {
  /** In the order of the rows. */
  results: ImportResult[];
  counts: Record<ImportResult['status'], number>;
}

/** A valid row, and its place in the request. */
interface PlacedRow extends ImportRow {
  index: number;
}

/**
 * Imports people whose chats are known already, from another system with the same bot. They are told nothing.
 *
 * A row adds the chat, an opt-out, muted events, and names and language where they are missing. It takes nothing back: a
 * `/stop`, an opt-out, a mute and an unreachable chat stay, and a link that was ended is not made again.
 *
 * Each chat names the user before the user gets it (store/chats.ts), and a user gets everything of their rows in one
 * conditional write. So after a crash at any point the same request does the rest.
 *
 * @param language of what the answer says of refused rows.
 * @throws ConflictError where the site has no bot, or another one.
 * @throws ServiceUnreachableError: repeat the request.
 */
export async function importUsers(
  site: Site,
  botId: string,
  rows: unknown[],
  language: SentenceLanguage,
): Promise<ImportAnswer> {
  const { siteId } = site;
  const bot = sendingBot(site);
  if (!bot) throw noBot(site.bot);
  if (bot.id !== botId) throw otherBot(bot, botId);
  const results = new Map<number, ImportResult>();
  const valid: PlacedRow[] = [];
  for (const [index, json] of rows.entries()) {
    const { data, error } = importRow.safeParse(withoutEmpty(importRow, json));
    if (data) valid.push({ ...data, index });
    else results.set(index, invalidRow(json, index, error.issues, language));
  }

  const people = await readPeople(
    siteId,
    valid.map(({ userId }) => userId),
    valid.map(({ chatId }) => chatId),
  );
  const context = { siteId, botId, at: new Date(Date.now()).toISOString(), people };
  const inWords = (userId: string, outcome: Outcome) => resultOf(userId, outcome, language);
  await inParallel(groupsOf(valid), PARALLEL_WRITES, async (group) => {
    for (const [index, userId, outcome] of await importGroup(group, context))
      results.set(index, inWords(userId, outcome));
  });
  const isImported = ({ index }: PlacedRow) => results.get(index)?.status === 'imported';
  await honourStops(siteId, valid.filter(isImported), context.at);
  if (valid.some(isImported)) await wakePeople(siteId);
  const answer = answerOf([...results].sort(([one], [other]) => one - other).map(([, result]) => result));
  log.info('users imported', { siteId, ...answer.counts });
  return answer;
}

/**
 * Who writes `/stop` in a chat while its rows are imported stops the users whom the chat has then. Those who got it a
 * moment later begin stopped too.
 */
async function honourStops(siteId: string, rows: PlacedRow[], since: string): Promise<void> {
  if (rows.length === 0) return;
  const chatIds = rows.map(({ chatId }) => chatId);
  const { users, chats } = await readPeople(siteId, [], chatIds);
  const shared = [...chats].filter(([, { userIds }]) => userIds.length > 1);
  await inParallel(shared, PARALLEL_WRITES, async ([chatId, { userIds }]) => {
    const present = userIds.flatMap((userId) => users.get(userId) ?? []);
    const stopped = present.flatMap((user) => linkIn(user, chatId)?.stopped ?? [])[0];
    if (!stopped) return;
    for (const user of present)
      await updateLink(user, chatId, (link) =>
        link.linkedBy === 'import' && link.linkedAt === since && !link.stopped ? { ...link, stopped } : link,
      );
  });
}

/** The chats are with another bot than the site's. */
export function otherBot({ id, username }: Pick<Bot, 'id' | 'username'>, botId: string): ConflictError {
  const text = {
    en:
      `Nobody was imported: these chats are with the bot ${botId}, and the bot of this site is ${id} (@${username}). ` +
      'A bot can write only to people who have started it: the chats of another bot are worth nothing to it. ' +
      'Save that bot for this site first (PUT /v1/sites/{siteId}/bot), or let the people link anew.',
    it:
      `Non è stato importato nessuno: queste chat sono con il bot ${botId}, e il bot di questo sito è ${id} (@${username}). ` +
      "Un bot può scrivere solo a chi l'ha avviato: le chat di un altro bot non gli servono. " +
      'Salvare prima quel bot per questo sito (PUT /v1/sites/{siteId}/bot), oppure far rifare il collegamento alle persone.',
  };
  return new ConflictError(text, 'chats-of-another-bot');
}

type Issues = Parameters<typeof fieldErrors>[0];

const NOT_IMPORTED: Sentence = {
  en: 'Nothing of this row was imported. Correct what "errors" names, and send it again.',
  it: 'Di questa riga non è stato importato nulla. Correggere quanto indicato in "errors" e inviarla di nuovo.',
};

function invalidRow(json: unknown, index: number, issues: Issues, language: SentenceLanguage): ImportResult {
  const userId = json instanceof Object && 'userId' in json ? json.userId : undefined;
  const errors = fieldErrors(issues.slice(0, MAX_ERRORS), json, importRow).slice(0, MAX_ERRORS);
  return {
    ...(typeof userId === 'string' && { userId }),
    status: 'refused',
    reason: 'invalid',
    detail: inLanguage(NOT_IMPORTED, language),
    errors: placesIn(language, errors).map((error) => ({
      ...error,
      pointer: `/users/${index}${error.pointer}`,
    })),
  };
}

function answerOf(results: ImportResult[]): ImportAnswer {
  const counts = { imported: 0, unchanged: 0, refused: 0 };
  for (const { status } of results) counts[status] += 1;
  return { results, counts };
}

/** Rows of the same user or the same chat are in one group, so that no two groups write the same item. */
function groupsOf(rows: PlacedRow[]): PlacedRow[][] {
  const groups = new Map<string, PlacedRow[]>();
  for (const row of rows) {
    const ofUser = groups.get(`user ${row.userId}`) ?? [];
    const ofChat = groups.get(`chat ${row.chatId}`) ?? [];
    const group = ofUser === ofChat ? ofUser : [...ofUser, ...ofChat];
    group.push(row);
    for (const { userId, chatId } of group === ofUser ? [row] : group) {
      groups.set(`user ${userId}`, group);
      groups.set(`chat ${chatId}`, group);
    }
  }
  return [...new Set(groups.values())].map((group) => group.sort((one, other) => one.index - other.index));
}

/** Imports the users of a group one after the other. */
async function importGroup(
  rows: PlacedRow[],
  context: Import,
): Promise<[index: number, userId: string, Outcome][]> {
  const naming: Naming = { written: new Set(), full: new Set() };
  const results: [number, string, Outcome][] = [];
  for (const [userId, ofUser] of Map.groupBy(rows, (row) => row.userId)) {
    const outcomes = await importUser(userId, ofUser, context, naming);
    for (const [position, { index }] of ofUser.entries()) {
      const outcome = outcomes[position];
      if (outcome) results.push([index, userId, outcome]);
    }
  }
  return results;
}

type Outcome = 'imported' | 'unchanged' | ImportRefusal;

/** Imports the rows of one user, in one write. @returns an outcome for each of them. */
async function importUser(
  userId: string,
  rows: ImportRow[],
  context: Import,
  naming: Naming,
): Promise<Outcome[]> {
  const key = { siteId: context.siteId, userId };
  let before = context.people.users.get(userId);
  for (let round = 0; round < MAX_ROUNDS; round++) {
    // Whoever had the id was erased: the shop gives it to somebody anew.
    const known = before && !before.renamed?.erased ? before : newHolder(key, before);
    const { user, outcomes } = await withRows(known, rows, context, naming);
    if (user === known) return outcomes;
    const written = { ...user, version: known.version + 1 };
    if (await putUser(written, before, { isOneOfMany: true })) return outcomes;
    // Somebody else has changed them in between: nothing of what was decided may hold any more.
    before = await findUserOrRenamed(key);
  }
  throw changedByOthers('A user');
}

async function withRows(
  known: User,
  rows: ImportRow[],
  context: Import,
  naming: Naming,
): Promise<{ user: User; outcomes: Outcome[] }> {
  let user = known;
  const outcomes: Outcome[] = [];
  for (const row of rows) {
    const refusal = refusalOf(user, row) ?? (await nameAtChat(user, row.chatId, context, naming));
    const changed: User = refusal ? user : withRow(user, row, context);
    outcomes.push(refusal ?? (changed === user ? 'unchanged' : 'imported'));
    user = changed;
  }
  return { user, outcomes };
}

/** What the rows of a group have done to chats. */
interface Naming {
  /** They may be different from how they were read. */
  written: Set<number>;
  /** They can take no more users. */
  full: Set<number>;
}

/** Names a user at a chat that they do not have yet, or that does not name them: its item may have been lost. */
async function nameAtChat(
  user: User,
  chatId: number,
  { siteId, people }: Import,
  { written, full }: Naming,
): Promise<'too-many-users' | undefined> {
  const isNamed = people.chats.get(chatId)?.userIds.includes(user.userId) ?? false;
  if (hasChat(user, chatId) ? isNamed : linkIn(user, chatId)) return undefined;
  if (full.has(chatId)) return 'too-many-users';
  const known = written.has(chatId) ? undefined : people.chats.get(chatId);
  written.add(chatId);
  if (await addToChat({ siteId, chatId }, user.userId, undefined, known)) return undefined;
  full.add(chatId);
  return 'too-many-users';
}

const REFUSALS: Record<ImportRefusal, Sentence> = {
  renamed: {
    en: 'This user has another id now: send the row with that one.',
    it: 'Questo utente ora ha un altro id: inviare la riga con quello.',
  },
  'id-used-again': {
    en: 'Another user had this id before, and the chat may be theirs. Send the row with the id that they have now, or let the person link anew (POST …/link).',
    it: "Prima questo id era di un altro utente, e la chat può essere sua. Inviare la riga con l'id che ha ora, oppure far rifare il collegamento alla persona (POST …/link).",
  },
  unlinked: {
    en: 'The person or the shop has ended the link, and an import does not make it again: let the person link anew (POST …/link).',
    it: "La persona o il sito ha tolto il collegamento, e un'importazione non lo rifà: far rifare il collegamento alla persona (POST …/link).",
  },
  ...FULL,
};

function resultOf(userId: string, outcome: Outcome, language: SentenceLanguage): ImportResult {
  if (outcome === 'imported' || outcome === 'unchanged') return { userId, status: outcome };
  return { userId, status: 'refused', reason: outcome, detail: inLanguage(REFUSALS[outcome], language) };
}

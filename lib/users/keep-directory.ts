/*
 * Keeps the directory of the people of a site (store/directory.ts). What has changed is known from two places: users of whom
 * something is not applied (store/person-changes.ts), and what is due in the directory itself, such as links that were made
 * or have expired. Both stand there until their work is done, so nothing is lost wherever a function dies.
 *
 * Whoever works on a site writes first, in one conditional write, the new counts and a journal of what they are about to
 * write; then the rows; then that all of it is done. Who finds an unfinished journal does it again. So the counts are exact,
 * and each change is told to others at least once.
 */
import { randomUUID } from 'node:crypto';
import { isDeepStrictEqual } from 'node:util';
import { sleep, withDeadline } from '../aws/deadline.ts';
import { inParallel, settleAll } from '../aws/parallel.ts';
import { log } from '../observability/logger.ts';
import {
  askForBuild,
  type Build,
  type Counts,
  type Directory,
  type DirectoryRow,
  type JournalEntry,
  type ListedPerson,
  newDirectory,
  noteLink,
  personOf,
  readDirectory,
  readIds,
  readRows,
  removeKeys,
  saveDirectory,
  type Todo,
  todosOf,
  writeJournal,
} from '../store/directory.ts';
import { isOpen, personalItemsOf } from '../store/links.ts';
import { readSite } from '../store/sites.ts';
import type { PersonChange, User } from '../store/user.ts';
import { findChangedUsers, markApplied, readReadableUsers, readUserIds } from '../store/users.ts';
import { lookAtPeople } from './listed-people.ts';

/** So many people are looked at together. */
const BATCH = 50;

/** DynamoDB takes items of 400 KB: so many characters of people in a journal. */
const MAX_JOURNAL = 100_000;

/** So long nobody else writes for a site whose journal is unfinished, in milliseconds. */
const LEASE = 20_000;
/** Of that, what its holder does not use: clocks differ, and a request that was sent may be late. */
const LEASE_MARGIN = 5_000;

/** How long to wait for somebody else, in milliseconds. */
const PAUSE = 40;

const PARALLEL = 25;

export interface KeepContext {
  /** Whether something new may be begun. */
  hasTime: () => boolean;
  /** People to look at first. */
  userIds?: string[];
  /** So many times it waits for somebody else who works on the site. */
  patience?: number;
}

/** How the work on a directory has ended. */
export type Kept =
  /** Nothing is left to be done. */
  | 'done'
  /** There was no time for the rest. */
  | 'cut-short'
  /** Somebody else is working on it. */
  | 'busy'
  /** There is no such site. */
  | 'no-site';

/**
 * Brings the directory of a site up to date. It is made where there is none, and anew where the site has another bot.
 *
 * @throws ServiceUnreachableError: a repeated call goes on.
 */
export async function keepDirectory(siteId: string, context: KeepContext): Promise<Kept> {
  const site = await readSite(siteId);
  return site ? new DirectoryKeeper(siteId, site.bot, context).run() : 'no-site';
}

/** What is to be done next. */
interface Work {
  userIds: string[];
  /** What asks for it: by id, the keys. */
  todos?: Map<string, string[]>;
  /** The making of the directory, and how it goes on; without `next` it ends with this. */
  build?: { present: Build; next?: Build };
}

/** A person who was looked at, and what has happened to them. */
interface Person {
  entry: JournalEntry;
  changes: PersonChange[];
  before: ListedPerson | undefined;
}

class DirectoryKeeper {
  readonly #siteId: string;
  readonly #bot: { id: string } | undefined;
  readonly #context: KeepContext;
  readonly #holder = randomUUID();
  readonly #named: string[];
  /** Of these nothing was to be done: the index is late, or they have to wait. */
  readonly #seen: Set<string>;
  /** The versions of people that were applied. */
  readonly #applied: Set<string>;

  constructor(siteId: string, bot: { id: string } | undefined, context: KeepContext) {
    this.#siteId = siteId;
    this.#bot = bot;
    this.#context = context;
    this.#seen = new Set();
    this.#applied = new Set();
    this.#named = [...(context.userIds ?? [])];
  }

  async run(): Promise<Kept> {
    let patience = this.#context.patience ?? 0;
    let directory = await readDirectory(this.#siteId);
    while (this.#context.hasTime()) {
      if (directory?.journal && directory.journal.holder !== this.#holder) {
        const taken = await this.#takeOver(directory);
        if (!taken && patience-- <= 0) return 'busy';
        if (!taken) await sleep(PAUSE);
        directory = taken ?? (await readDirectory(this.#siteId));
        continue;
      }
      const work = await this.#findWork(directory);
      if (!work && (!directory || (await this.#finish(directory)))) return 'done';
      // Where somebody was faster, what was found may not hold any more.
      directory = (work && (await this.#do(work, directory))) ?? (await readDirectory(this.#siteId));
    }
    if (directory) await this.#finish(directory);
    return 'cut-short';
  }

  /** Does again what somebody has left behind. @returns `undefined` where they may still be at it. */
  async #takeOver(directory: Directory): Promise<Directory | undefined> {
    const { journal } = directory;
    if (!journal || journal.until > Date.now()) return undefined;
    const ours = { ...journal, holder: this.#holder, until: Date.now() + LEASE };
    const taken = await saveDirectory({ ...directory, journal: ours }, directory);
    if (taken) await this.#carryOut(taken);
    return taken;
  }

  /** @returns whether others may go on; `false` where somebody has written in between. */
  async #finish({ journal, ...directory }: Directory): Promise<boolean> {
    if (journal?.holder !== this.#holder) return true;
    return (await saveDirectory(directory, { ...directory, journal })) !== undefined;
  }

  async #findWork(directory: Directory | undefined): Promise<Work | undefined> {
    const [changed, due] = await Promise.all([
      findChangedUsers(this.#siteId, 2 * BATCH),
      todosOf(this.#siteId, Date.now(), 2 * BATCH),
    ]);
    const todos = keysByPerson(due);
    const found = [...todos.keys(), ...changed].filter((userId) => !this.#seen.has(userId));
    const userIds = differing([...this.#named.splice(0), ...found]).slice(0, BATCH);
    if (userIds.length > 0) return { userIds, todos };
    return this.#findBuild(directory, due.find(({ userId }) => userId === '')?.key);
  }

  /** The next people where the directory is being made. @param asked the key of what asks for it. */
  async #findBuild(directory: Directory | undefined, asked: string | undefined): Promise<Work | undefined> {
    const botId = this.#bot?.id ?? '';
    const begun = directory?.build?.botId === botId ? directory.build : undefined;
    if (!begun && !asked && directory?.builtFor === botId) return undefined;
    const present: Build = begun ?? {
      ...{ botId, stage: 'users' },
      // First what asks for it: by that a sweep finds a directory that is not at its end.
      todo: asked ?? (await askForBuild(this.#siteId)),
    };
    const isFirst = directory?.builtFor === undefined;
    const { userIds, next } = await this.#readPage(present, isFirst);
    if (next) return { userIds, build: { present, next: { ...present, from: next } } };
    // Who is gone has no user; a row, where there was a directory before.
    const isLast = isFirst || present.stage === 'rows';
    if (isLast) return { userIds, build: { present } };
    return { userIds, build: { present, next: { ...present, stage: 'rows', from: undefined } } };
  }

  async #readPage({ stage, from }: Build, isFirst: boolean) {
    if (stage === 'rows') return readIds(this.#siteId, BATCH, from);
    const page = await readUserIds(this.#siteId, BATCH, from);
    if (isFirst) await inParallel(page.withoutChat, PARALLEL, (userId) => this.#noteFormerLinks(userId));
    return page;
  }

  /** Notes the links that an earlier release has handed out. */
  async #noteFormerLinks(userId: string): Promise<void> {
    for await (const item of personalItemsOf({ siteId: this.#siteId, userId })) {
      if (item.kind !== 'link-token' || !isOpen(item, Date.now())) continue;
      const { siteId, tokenHash, createdAt, expires, firstName, lastName, companyName, language } = item;
      const names = { firstName, lastName, companyName, language };
      await noteLink({ ...{ siteId, userId, tokenHash, createdAt, expires }, ...names });
    }
  }

  /** @returns the directory after it; `undefined` where somebody else has written it. */
  async #do(
    { userIds, todos, build }: Work,
    directory: Directory | undefined,
  ): Promise<Directory | undefined> {
    const { people, done, isCut } = await this.#look(userIds);
    const keys = done.flatMap((userId) => todos?.get(userId) ?? []);
    if (people.length === 0 && !build) {
      await removeKeys(this.#siteId, keys);
      return directory;
    }
    const before = directory ?? newDirectory(this.#siteId);
    // What was left out is found again.
    const built = build && !isCut ? buildAfter(build) : undefined;
    const written = await saveDirectory(
      {
        ...before,
        ...built?.changes,
        counts: countsAfter(before.counts, people),
        journal: {
          ...{ holder: this.#holder, until: Date.now() + LEASE, seq: before.seq + 1 },
          people: people.map(({ entry }) => entry),
          changes: people.flatMap(({ changes }) => changes),
          todos: [...keys, ...(built?.keys ?? [])],
        },
      },
      directory,
    );
    if (!written) return undefined;
    await this.#carryOut(written);
    if (built?.changes.builtFor !== undefined)
      log.info('directory of people made', { siteId: this.#siteId, ...written.counts });
    return written;
  }

  /**
   * Looks at people, and at what the directory has of them.
   *
   * @returns those of whom something is to be written, and those of whom nothing else is to be done.
   */
  async #look(userIds: string[]): Promise<{ people: Person[]; done: string[]; isCut: boolean }> {
    const siteId = this.#siteId;
    const [stored, rows] = await Promise.all([
      readReadableUsers(userIds.map((userId) => ({ siteId, userId }))),
      readRows(siteId, userIds),
    ]);
    const users = byId(stored);
    const looked = await lookAtPeople({ siteId, userIds, users, bot: this.#bot, now: Date.now() });
    const people: Person[] = [];
    const done: string[] = [];
    let size = 0;
    for (const userId of userIds) {
      const person = personToWrite(userId, users.get(userId), rows.get(userId), looked.people.get(userId));
      size += person ? JSON.stringify(person).length : 0;
      if (person && people.length > 0 && size > MAX_JOURNAL) return { people, done, isCut: true };
      if (person && this.#isNew(person)) people.push(person);
      else this.#seen.add(userId);
      if (looked.unsettled.has(userId)) this.#seen.add(userId);
      else done.push(userId);
    }
    return { people, done, isCut: false };
  }

  /** Whether it is not what was written before in this run: an item that can't be marked must not keep it busy. */
  #isNew({ entry: { userId, applied } }: Person): boolean {
    if (!applied) return true;
    const mark = JSON.stringify([userId, applied.version]);
    const isNew = !this.#applied.has(mark);
    this.#applied.add(mark);
    return isNew;
  }

  async #carryOut({ siteId, journal }: Directory): Promise<void> {
    if (!journal) return;
    await withDeadline(journal.until - Date.now() - LEASE_MARGIN, async () => {
      await writeJournal(siteId, journal);
      // Only now: until then these lead whoever comes to the unfinished journal.
      await settleAll([
        removeKeys(siteId, journal.todos),
        inParallel(journal.people, PARALLEL, async ({ userId, applied }) => {
          if (applied) await markApplied({ siteId, userId }, applied);
        }),
      ]);
    });
  }
}

/** What asks for people to be looked at: by their ids, the keys. */
function keysByPerson(todos: Todo[]): Map<string, string[]> {
  const keys = new Map<string, string[]>();
  for (const { userId, key } of todos)
    if (userId !== '') keys.set(userId, [...(keys.get(userId) ?? []), key]);
  return keys;
}

function differing(ids: string[]): string[] {
  return [...new Set(ids)];
}

function byId(users: User[]): Map<string, User> {
  return new Map(users.map((user) => [user.userId, user]));
}

/** What is to be written of a person; `undefined`: nothing. */
function personToWrite(
  userId: string,
  user: User | undefined,
  row: DirectoryRow | undefined,
  listed: ListedPerson | undefined,
): Person | undefined {
  const before = row && personOf(row);
  const after = listed && definedOf(listed);
  const isSame = isDeepStrictEqual(before, after);
  const { toApply } = user ?? {};
  if (isSame && !toApply) return undefined;
  const changes = toApply?.changes ?? [];
  return {
    before,
    changes,
    entry: {
      userId,
      after,
      ...(!isSame && { rows: { wordsBefore: row?.words } }),
      ...(user && toApply && { applied: { version: user.version, changeIds: changes.map(({ id }) => id) } }),
    },
  };
}

/** Without what is `undefined`: as the table gives it back. */
function definedOf(person: ListedPerson): ListedPerson {
  return Object.fromEntries(
    Object.entries(person).filter(([, value]) => value !== undefined),
  ) as unknown as ListedPerson;
}

function countsAfter(counts: Counts, people: Person[]): Counts {
  const after = { ...counts };
  for (const { before, entry } of people) {
    if (before) after[before.state] -= 1;
    if (entry.after) after[entry.after.state] += 1;
  }
  return after;
}

/** What a step of the making changes in the directory item, and what is done with it. */
function buildAfter({ present, next }: NonNullable<Work['build']>) {
  if (next) return { changes: { build: next }, keys: [] };
  return { changes: { build: undefined, builtFor: present.botId }, keys: [present.todo] };
}

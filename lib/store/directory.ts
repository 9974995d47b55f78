import { createHash } from 'node:crypto';
import { batchGet } from '../aws/batch-get.ts';
import { batchWrite, type Write } from '../aws/batch-write.ts';
import { getItem, putItem, queryPage } from '../aws/dynamodb.ts';
import type { ToldChanges } from './person-changes.ts';
import { folded, keyPart, wordsOf } from './person-words.ts';
import type { OptOutPlace, PersonChange, UserKey } from './user.ts';

/*
 * The directory of the people of each site: what the list of people, its search and its counts are read from. It is made
 * from the tables of users and links, and can be made anew from them at any time (lib/users/keep-directory.ts).
 *
 *   #directory                   the counts, and how far the directory is made
 *   id#<id, folded>\n<id>        a person, in the order of the ids
 *   word#<word>\n<id>            the same once for each word of their names
 *   link#<id>\n<expiry>\n<hash>  that a link was handed out; whether it is open, its token says
 *   todo#<time>\n<id>            from then on somebody has to look at this person: a link was made, or has expired
 *   told#<number>                what has happened to people, until others have been told
 */

/** The states of a person: each has one at a time. */
export const PERSON_STATES = ['linked', 'pending', 'not-linked', 'opted-out', 'unreachable'] as const;
export type PersonState = (typeof PERSON_STATES)[number];

/** How many people are in each state. */
export type Counts = Record<PersonState, number>;

/** A person as the directory shows them. */
export interface ListedPerson {
  userId: string;
  state: PersonState;
  /** Since when (ISO 8601), where that is known. */
  since?: string | undefined;
  firstName?: string | undefined;
  lastName?: string | undefined;
  companyName?: string | undefined;
  language?: string | undefined;
  /** How many chats they have. */
  chats: number;
  /** Who has opted out. */
  optedOutBy?: 'person' | 'shop' | undefined;
  optedOutIn?: OptOutPlace | undefined;
  /** When the last open link of somebody who is pending expires, ISO 8601. */
  expiresAt?: string | undefined;
}

/** A row of the directory: a person at their id, or at a word of their names. */
export interface DirectoryRow extends ListedPerson {
  siteId: string;
  key: string;
  /** The key of the index by state. */
  siteState: string;
  /** All words by which the person is found. */
  words: string[];
}

/** One person in the journal. */
export interface JournalEntry {
  userId: string;
  /** As they are listed now; absent where they are not (any more). */
  after?: ListedPerson | undefined;
  /** Absent where the rows stay as they are. Else the words of those that are there; none: there are no rows. */
  rows?: { wordsBefore?: string[] | undefined };
  /** The version of the user whose changes are applied, and the ids of those that are told. */
  applied?: { version: number; changeIds: string[] } | undefined;
}

/** What is being written: the counts have it already. Whoever finds it unfinished does it again. */
export interface Journal {
  /** Who writes it, and until when nobody else does (milliseconds since 1970). */
  holder: string;
  until: number;
  seq: number;
  people: JournalEntry[];
  changes: PersonChange[];
  /** The keys of what is done with it. */
  todos: string[];
}

/** How a directory is made, or made anew. */
export interface Build {
  /** The bot for which the states are found out; empty for none. */
  botId: string;
  /** First all users are read; where there was a directory before, then its rows, for those who are gone. */
  stage: 'users' | 'rows';
  /** The key after which it goes on. */
  from?: Record<string, unknown> | undefined;
  /** The key of what asks for it. */
  todo: string;
}

/** The directory of a site as a whole. */
export interface Directory {
  siteId: string;
  /** Counts the writes of this item. */
  seq: number;
  counts: Counts;
  /** The bot of the site for which the states hold, empty for none; absent until everybody is listed. */
  builtFor?: string | undefined;
  build?: Build | undefined;
  journal?: Journal | undefined;
}

const KEY = {
  directory: '#directory',
  id: 'id#',
  word: 'word#',
  link: 'link#',
  todo: 'todo#',
  told: 'told#',
};

/** After the id in a key: no text before it has this character. */
const END = '\n';

function idKey(userId: string): string {
  return `${KEY.id}${keyPart(folded(userId))}${END}${userId}`;
}

/** The key of the row of a person at one of their words. */
export function wordKey(word: string, userId: string): string {
  return `${KEY.word}${word}${END}${userId}`;
}

/** A directory in which nobody is listed yet. */
export function newDirectory(siteId: string): Directory {
  const counts = { linked: 0, pending: 0, 'not-linked': 0, 'opted-out': 0, unreachable: 0 };
  return { siteId, seq: 0, counts };
}

/** @throws ServiceUnreachableError */
export async function readDirectory(siteId: string): Promise<Directory | undefined> {
  return getItem<Directory>('PEOPLE_TABLE', { siteId, key: KEY.directory });
}

/**
 * Writes the directory item, if nobody else has written it since.
 *
 * @param before as it was read.
 * @returns what was written; `undefined` where somebody was faster.
 * @throws ServiceUnreachableError
 */
export async function saveDirectory(
  directory: Directory,
  before: Directory | undefined,
): Promise<Directory | undefined> {
  const written = { ...directory, seq: (before?.seq ?? 0) + 1 };
  const isWritten = await putItem(
    'PEOPLE_TABLE',
    { ...written, key: KEY.directory },
    before
      ? { ConditionExpression: 'seq = :seq', ExpressionAttributeValues: { ':seq': before.seq } }
      : { ConditionExpression: 'attribute_not_exists(siteId)' },
  );
  return isWritten ? written : undefined;
}

/** The person of a row. */
export function personOf({
  siteId: _,
  key: _key,
  siteState: _state,
  words: _words,
  ...person
}: DirectoryRow): ListedPerson {
  return person;
}

/** The rows of these people at their ids, by consistent reads. @throws ServiceUnreachableError */
export async function readRows(siteId: string, userIds: string[]): Promise<Map<string, DirectoryRow>> {
  const keys = userIds.map((userId) => ({
    table: 'PEOPLE_TABLE' as const,
    key: { siteId, key: idKey(userId) },
  }));
  const { PEOPLE_TABLE: rows = [] } = await batchGet<{ PEOPLE_TABLE: DirectoryRow }>(keys);
  return new Map(rows.map((row) => [row.userId, row]));
}

/** What a journal says of the rows. It may be repeated. @throws ServiceUnreachableError */
export async function writeJournal(siteId: string, { people, changes, seq }: Journal): Promise<void> {
  const writes = people.flatMap((entry) => rowWrites(siteId, entry));
  if (changes.length > 0) writes.push({ put: toldItem(siteId, seq, changes) });
  await batchWrite('PEOPLE_TABLE', writes);
}

function rowWrites(siteId: string, { userId, after, rows }: JournalEntry): Write[] {
  if (!rows) return [];
  const { wordsBefore } = rows;
  const words = after ? wordsOf(after) : [];
  const gone = (wordsBefore ?? []).filter((word) => !words.includes(word));
  const removed = gone.map((word) => wordKey(word, userId));
  if (wordsBefore && !after) removed.push(idKey(userId));
  const keys = after ? [idKey(userId), ...words.map((word) => wordKey(word, userId))] : [];
  return [
    ...removed.map((key) => ({ remove: { siteId, key } })),
    ...keys.map((key) => ({
      put: { ...after, siteId, key, siteState: siteStateOf(siteId, after?.state), words },
    })),
  ];
}

function siteStateOf(siteId: string, state: PersonState | undefined): string {
  return `${siteId}#${state}`;
}

/** Where a page of rows begins and ends. */
export interface RowQuery {
  siteId: string;
  /** Only people in this state. */
  state?: PersonState | undefined;
  /** The beginning of an id, or of a word: `folded`. Empty: all people by their ids. */
  beginning: string;
  at: 'id' | 'word';
  /** The key after which the page begins. It has the same beginning. */
  after?: string | undefined;
  limit: number;
}

/** What the keys of the rows of a query begin with. */
export function prefixOf({ at, beginning }: Pick<RowQuery, 'at' | 'beginning'>): string {
  return `${KEY[at]}${keyPart(beginning)}`;
}

/** @returns the rows, and whether there may be more. @throws ServiceUnreachableError */
export async function queryRows(query: RowQuery): Promise<{ rows: DirectoryRow[]; hasMore: boolean }> {
  const { siteId, state, after, limit } = query;
  const siteState = state && siteStateOf(siteId, state);
  const page = await queryPage<DirectoryRow>('PEOPLE_TABLE', {
    ...(siteState ? { IndexName: 'by-state' } : { ConsistentRead: true }),
    KeyConditionExpression: `${siteState ? 'siteState = :of' : 'siteId = :of'} AND begins_with(#key, :prefix)`,
    ExpressionAttributeNames: { '#key': 'key' },
    ExpressionAttributeValues: { ':of': siteState ?? siteId, ':prefix': prefixOf(query) },
    Limit: limit,
    ...(after !== undefined && {
      ExclusiveStartKey: { siteId, key: after, ...(siteState && { siteState }) },
    }),
  });
  return { rows: page.items, hasMore: page.next !== undefined };
}

/** A page of the rows of all people, in the order of their ids, as the builder of a directory reads them. */
export async function readIds(
  siteId: string,
  limit: number,
  from: Record<string, unknown> | undefined,
): Promise<{ userIds: string[]; next?: Record<string, unknown> }> {
  const { items, next } = await queryPage<DirectoryRow>('PEOPLE_TABLE', {
    ConsistentRead: true,
    KeyConditionExpression: 'siteId = :siteId AND begins_with(#key, :prefix)',
    ExpressionAttributeNames: { '#key': 'key' },
    ExpressionAttributeValues: { ':siteId': siteId, ':prefix': KEY.id },
    Limit: limit,
    ...(from && { ExclusiveStartKey: from }),
  });
  return { userIds: items.map(({ userId }) => userId), ...(next && { next }) };
}

/** That a link was handed out. Its token alone says whether it is open. */
export interface LinkNote {
  siteId: string;
  key: string;
  userId: string;
  /** SHA-256 (hex) of the token. */
  tokenHash: string;
  /** ISO 8601. */
  createdAt: string;
  /** Milliseconds since 1970. */
  expires: number;
  firstName?: string | undefined;
  lastName?: string | undefined;
  companyName?: string | undefined;
  language?: string | undefined;
  /** DynamoDB's time to live, seconds. */
  expiresAt: number;
}

/** A link as it is noted. */
export type NotedLink = Omit<LinkNote, 'key' | 'expiresAt'>;

/**
 * Notes a link before its token is written, and that somebody has to look at its person now and when it expires.
 *
 * @throws ServiceUnreachableError
 */
export async function noteLink(link: NotedLink): Promise<void> {
  const { siteId, userId, expires } = link;
  const items = [linkNote(link), todoItem(siteId, userId, Date.now()), todoItem(siteId, userId, expires)];
  await batchWrite(
    'PEOPLE_TABLE',
    items.map((item) => ({ put: item })),
  );
}

function linkNote(link: NotedLink): LinkNote {
  const { userId, expires, tokenHash } = link;
  const key = `${notesOf(userId)}${new Date(expires).toISOString()}${END}${tokenHash}`;
  return { ...link, key, expiresAt: Math.ceil(expires / 1_000) };
}

function notesOf(userId: string): string {
  return `${KEY.link}${userId}${END}`;
}

/** The links that were handed out for somebody: the one that expires last comes first. @throws ServiceUnreachableError */
export async function* linkNotesOf({ siteId, userId }: UserKey): AsyncGenerator<LinkNote[]> {
  let from: Record<string, unknown> | undefined;
  do {
    const page = await queryPage<LinkNote>('PEOPLE_TABLE', {
      ConsistentRead: true,
      KeyConditionExpression: 'siteId = :siteId AND begins_with(#key, :notes)',
      ExpressionAttributeNames: { '#key': 'key' },
      ExpressionAttributeValues: { ':siteId': siteId, ':notes': notesOf(userId) },
      ScanIndexForward: false,
      Limit: 10,
      ...(from && { ExclusiveStartKey: from }),
    });
    if (page.items.length > 0) yield page.items;
    from = page.next;
  } while (from);
}

/**
 * Forgets the notes of somebody's links, or gives them to the id that they have now, and has somebody look at them.
 *
 * @param to that id.
 * @param before only those of links that are older, ISO 8601.
 * @throws ServiceUnreachableError: a repeated call goes on.
 */
export async function dropLinkNotes(
  user: UserKey,
  { to, before }: { to?: string; before?: string | undefined } = {},
): Promise<void> {
  const { siteId, userId } = user;
  const now = Date.now();
  // Two links may expire in the same millisecond, and no key may be written twice.
  const puts = new Map<string, { key: string }>();
  const removed = new Set<string>();
  const put = (item: { key: string }) => puts.set(item.key, item);
  for await (const notes of linkNotesOf(user))
    for (const { key, ...note } of notes) {
      if (before !== undefined && note.createdAt >= before) continue;
      removed.add(key).add(todoKey(userId, note.expires));
      if (to === undefined) continue;
      put(linkNote({ ...note, userId: to }));
      put(todoItem(siteId, to, note.expires));
    }
  for (const id of to === undefined ? [userId] : [userId, to]) put(todoItem(siteId, id, now));
  await batchWrite('PEOPLE_TABLE', [
    ...[...removed.difference(puts)].map((key) => ({ remove: { siteId, key } })),
    ...[...puts.values()].map((item) => ({ put: item })),
  ]);
}

/** Has somebody look at a person again: what makes out their state has changed elsewhere. @throws ServiceUnreachableError */
export async function scheduleRecheck({ siteId, userId }: UserKey): Promise<void> {
  await putItem('PEOPLE_TABLE', todoItem(siteId, userId, Date.now()));
}

/**
 * Has the directory of a site made anew.
 *
 * @param at milliseconds since 1970. By default always the same: who asks for a directory that is not there yet asks once.
 * @returns the key of what asks for it.
 * @throws ServiceUnreachableError
 */
export async function askForBuild(siteId: string, at = 0): Promise<string> {
  const todo = todoItem(siteId, '', at);
  await putItem('PEOPLE_TABLE', todo);
  return todo.key;
}

/** Somebody has to look at a person; without an id, at the whole directory. */
export interface Todo {
  siteId: string;
  key: string;
  userId: string;
  shard: string;
  dueAt: string;
}

function todoItem(siteId: string, userId: string, at: number): Todo {
  const dueAt = new Date(at).toISOString();
  return { siteId, key: todoKey(userId, at), userId, shard: shardOf(siteId), dueAt };
}

function todoKey(userId: string, at: number): string {
  return `${KEY.todo}${new Date(at).toISOString()}${END}${userId}`;
}

/** What is to be done in a directory by now (milliseconds since 1970), the oldest first. @throws ServiceUnreachableError */
export async function todosOf(siteId: string, now: number, limit: number): Promise<Todo[]> {
  const { items } = await queryPage<Todo>('PEOPLE_TABLE', {
    ConsistentRead: true,
    KeyConditionExpression: 'siteId = :siteId AND #key BETWEEN :first AND :last',
    ExpressionAttributeNames: { '#key': 'key' },
    ExpressionAttributeValues: {
      ':siteId': siteId,
      ':first': KEY.todo,
      // All of this millisecond.
      ':last': `${KEY.todo}${new Date(now + 1).toISOString()}`,
    },
    Limit: limit,
  });
  return items;
}

/** Removes what is done. @throws ServiceUnreachableError */
export async function removeKeys(siteId: string, keys: string[]): Promise<void> {
  await batchWrite(
    'PEOPLE_TABLE',
    keys.map((key) => ({ remove: { siteId, key } })),
  );
}

/** What has happened to people waits so long for others to be told, in seconds. */
const TOLD_WITHIN = 7 * 24 * 3600;

interface ToldItem extends ToldChanges {
  key: string;
}

function toldItem(siteId: string, seq: number, changes: PersonChange[]): object {
  const now = Date.now();
  return {
    siteId,
    key: `${KEY.told}${String(seq).padStart(15, '0')}`,
    seq,
    changes,
    shard: shardOf(siteId),
    dueAt: new Date(now).toISOString(),
    expiresAt: Math.floor(now / 1_000) + TOLD_WITHIN,
  };
}

/** What others are to be told of a site, the oldest first. @throws ServiceUnreachableError */
export async function toldOf(siteId: string, limit: number): Promise<ToldItem[]> {
  const { items } = await queryPage<ToldItem>('PEOPLE_TABLE', {
    ConsistentRead: true,
    KeyConditionExpression: 'siteId = :siteId AND begins_with(#key, :told)',
    ExpressionAttributeNames: { '#key': 'key' },
    ExpressionAttributeValues: { ':siteId': siteId, ':told': KEY.told },
    Limit: limit,
  });
  return items;
}

/** What is due is spread over so many partitions of the index. */
const SHARDS = 4;

function shardOf(siteId: string): string {
  return String((createHash('sha256').update(siteId).digest()[0] ?? 0) % SHARDS);
}

/** The sites in whose directories something has to be done by now (milliseconds since 1970). @throws ServiceUnreachableError */
export async function* sitesWithTodos(now: number): AsyncGenerator<{ siteId: string; dueAt: string }> {
  for (let shard = 0; shard < SHARDS; shard++) {
    let from: Record<string, unknown> | undefined;
    do {
      const page = await queryPage<{ siteId: string; dueAt: string }>('PEOPLE_TABLE', {
        IndexName: 'by-due-time',
        KeyConditionExpression: '#shard = :shard AND dueAt <= :now',
        ExpressionAttributeNames: { '#shard': 'shard' },
        ExpressionAttributeValues: { ':shard': String(shard), ':now': new Date(now).toISOString() },
        ...(from && { ExclusiveStartKey: from }),
      });
      yield* page.items;
      from = page.next;
    } while (from);
  }
}

import { settleAll } from '../aws/parallel.ts';
import {
  type DirectoryRow,
  type ListedPerson,
  type PersonState,
  personOf,
  prefixOf,
  queryRows,
  type RowQuery,
  wordKey,
} from '../store/directory.ts';
import { folded, keyPart, wordsOfQuery } from '../store/person-words.ts';

/** More words do not narrow a search down. */
const MAX_WORDS = 6;

/** So many rows are read to find out which of several words fewer people have. */
const PROBE = 100;

/** Where a row may be of somebody else than is looked for, so many rows are read at a time, and for a page. */
const ROWS_AT_A_TIME = 300;
const MAX_ROWS = 1_200;

/** What is looked for. */
export interface PeopleSearch {
  siteId: string;
  /** The beginning of an id, or of words of the names; blank: everybody. */
  query: string;
  state?: PersonState | undefined;
  limit: number;
}

/** A place in a search: the key of a row; and which of the words the rows are read by, where it is not the id. */
export interface SearchPlace {
  word?: number | undefined;
  key: string;
}

export interface FoundPeople {
  people: ListedPerson[];
  /** Where the search goes on; absent at its end. There may be less people before it than were asked for. */
  next?: SearchPlace | undefined;
}

/**
 * A page of a search: first the people whose id begins with all that is looked for, in the order of the ids; then those who
 * have a word that begins with each of its words, in the order of one of them.
 *
 * @throws ServiceUnreachableError
 */
export async function searchPeople(search: PeopleSearch, after?: SearchPlace): Promise<FoundPeople> {
  const beginning = folded(search.query);
  const hasId = ({ userId }: DirectoryRow) => folded(userId).startsWith(beginning);
  const people: ListedPerson[] = [];
  let last: SearchPlace | undefined;
  // One more than asked for shows that there is more.
  const isFull = (row: DirectoryRow, word?: number) => {
    if (people.length === search.limit) return true;
    people.push(personOf(row));
    last = { word, key: row.key };
    return false;
  };

  let read = 0;
  if (after?.word === undefined) {
    const query = { ...search, at: 'id' as const, beginning, after: after?.key };
    // A key has only the beginning of a long id: many may have the same one.
    const isWhole = keyPart(beginning) === beginning;
    for await (const row of rowsOf(query, isWhole ? search.limit + 1 : ROWS_AT_A_TIME)) {
      if (hasId(row) && isFull(row)) return { people, next: last };
      read += 1;
      if (read === MAX_ROWS) return { people, next: { key: row.key } };
    }
  }
  const words = wordsOf(search);
  if (words.length === 0) return { people };
  const word = after?.word ?? (await rarestOf(words, search));
  const query = {
    ...search,
    at: 'word' as const,
    beginning: words[word] ?? '',
    after: after?.word === undefined ? undefined : after.key,
  };
  for await (const row of rowsOf(query, words.length === 1 ? search.limit + 1 : ROWS_AT_A_TIME)) {
    const isMeant =
      isFirstOf(row, query.beginning) && words.every((each) => hasWord(row, each)) && !hasId(row);
    if (isMeant && isFull(row, word)) return { people, next: last };
    read += 1;
    if (read === MAX_ROWS) return { people, next: { word, key: row.key } };
  }
  return { people };
}

/** Whether a place can be one of a search. */
export function isPlaceOf({ word, key }: SearchPlace, search: Pick<PeopleSearch, 'query'>): boolean {
  if (word === undefined) return key.startsWith(prefixOf({ at: 'id', beginning: folded(search.query) }));
  const beginning = wordsOf(search)[word];
  return beginning !== undefined && key.startsWith(prefixOf({ at: 'word', beginning }));
}

function wordsOf({ query }: Pick<PeopleSearch, 'query'>): string[] {
  return wordsOfQuery(query).slice(0, MAX_WORDS);
}

function hasWord({ words }: DirectoryRow, beginning: string): boolean {
  return words.some((word) => word.startsWith(beginning));
}

/** Whether it is the first of the rows at which somebody is found: several words of a person may begin alike. */
function isFirstOf({ key, userId, words }: DirectoryRow, beginning: string): boolean {
  const first = words.find((word) => word.startsWith(beginning)) ?? '';
  return key === wordKey(first, userId);
}

/** The place of the word with which few people are read: the one that few have, as far as a glance shows it. */
async function rarestOf(words: string[], search: PeopleSearch): Promise<number> {
  if (words.length === 1) return 0;
  const glances = await settleAll(
    words.map((beginning) => queryRows({ ...search, at: 'word', beginning, limit: PROBE })),
  );
  const cost = (place: number) => {
    const { rows = [], hasMore = false } = glances[place] ?? {};
    // Where all have many, the longest will have the fewest.
    return hasMore ? 2 * PROBE - (words[place]?.length ?? 0) : rows.length;
  };
  return words.map((_, place) => place).reduce((best, place) => (cost(place) < cost(best) ? place : best));
}

/** The rows of a query, so many at a time. */
async function* rowsOf(query: Omit<RowQuery, 'limit'>, limit: number): AsyncGenerator<DirectoryRow> {
  let after = query.after;
  for (;;) {
    const { rows, hasMore } = await queryRows({ ...query, after, limit });
    yield* rows;
    after = rows.at(-1)?.key;
    if (!hasMore || after === undefined) return;
  }
}

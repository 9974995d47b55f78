import { invalidParameters } from '../http/problems.ts';
import { isPlaceOf, type PeopleSearch, type SearchPlace } from './search-people.ts';

/** A place in a search as text that callers send back unchanged. */
export function toPeopleCursor({ word, key }: SearchPlace): string {
  return Buffer.from(`${word ?? ''} ${key}`).toString('base64url');
}

/** @throws HttpProblem 400 where it is not one of ours, or of another search. */
export function readPeopleCursor(cursor: string, search: Pick<PeopleSearch, 'query'>): SearchPlace {
  const text = Buffer.from(cursor, 'base64url').toString();
  const [, word = '', key] = /^(\d?) (.+)$/s.exec(text) ?? [];
  const place = key === undefined ? undefined : { key, ...(word !== '' && { word: Number(word) }) };
  if (place && isPlaceOf(place, search)) return place;
  const detail = {
    en: 'Must be the "cursor" of an earlier answer to the same "query", as it came.',
    it: 'Deve essere il "cursor" di una risposta precedente alla stessa "query", così com\'è arrivato.',
  };
  throw invalidParameters([{ pointer: '/cursor', detail }]);
}

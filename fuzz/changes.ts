/** Changes of a valid body: a body with one error passes more checks than one with errors everywhere. */
import fc from 'fast-check';
import { changed, type Fields } from '../tests/support/payloads.ts';
import { anything, strangeName, text } from './values.ts';

interface Change {
  place: number;
  action: 'replace' | 'remove' | 'add' | 'more';
  name: string;
  value: unknown;
}

export const change: fc.Arbitrary<Change> = fc.record({
  place: fc.nat(),
  action: fc.constantFrom('replace', 'replace', 'remove', 'add', 'more'),
  name: fc.oneof(strangeName, text),
  value: anything,
});

/** The pointers to all places of a value, the outermost first. */
function placesOf(value: unknown, pointer = ''): string[] {
  if (typeof value !== 'object' || value === null) return [pointer];
  return [
    pointer,
    ...Object.entries(value).flatMap(([name, inner]) => placesOf(inner, `${pointer}/${name}`)),
  ];
}

/** The body with this change. */
export function applied(body: Fields, { place, action, name, value }: Change): Fields {
  const places = placesOf(body).slice(1);
  const pointer = places[place % places.length];
  // An earlier change may have left nothing to change, or names that a pointer can't express.
  if (pointer === undefined) return body;
  try {
    switch (action) {
      case 'replace':
        return changed(body, pointer, value);
      case 'remove':
        return changed(body, pointer, undefined);
      case 'add':
        return changed(body, `${pointer}/${name}`, value);
      case 'more':
        return withMorePeople(body);
    }
  } catch {
    return body;
  }
}

function withMorePeople(body: Fields): Fields {
  const place = ['recipients', 'administrators'].find((name) => Array.isArray(body[name]));
  if (place === undefined) return body;
  return { ...body, [place]: [body[place], { id: 'bruno' }, { id: 'dario' }, { id: 'bruno' }].flat() };
}

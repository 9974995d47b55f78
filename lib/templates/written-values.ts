/** How values are written in the places where they stand. */
import { unlinked, unlinkedText } from '../telegram/html/index.ts';
import type { View } from './fit.ts';
import { type Layout, partsOfKey } from './layout.ts';
import type { PlaceholderKey } from './placeholders.ts';
import type { Place } from './places.ts';

/** The values of a message, by placeholder; none is empty. */
export type Values = Partial<Record<PlaceholderKey, string>>;

/** What people write to be read: an address in it is meant. In all others, names and numbers, none is. */
const WRITTEN_TEXTS: ReadonlySet<PlaceholderKey> = new Set([
  'oggettoMessaggio',
  'testoMessaggio',
  'oggettoAttivita',
]);

/** Writes values, and remembers how: hundreds of recipients get the same text of a message. */
export class ValueWriter {
  readonly #written = new Map<(value: string) => string, Map<string, string>>();

  /** The values for the places of a layout. */
  viewFor({ counts }: Layout, values: Values): View {
    const view: View = {};
    for (const placed of counts.keys()) {
      const { key, place } = partsOfKey(placed);
      view[placed] = this.#write(writerFor(key, place), values[key] ?? '');
    }
    return view;
  }

  #write(writer: (value: string) => string, value: string): string {
    const known = this.#written.get(writer) ?? new Map<string, string>();
    this.#written.set(writer, known);
    const written = known.get(value) ?? writer(value);
    known.set(value, written);
    return written;
  }
}

function writerFor(key: PlaceholderKey, place: Place): (value: string) => string {
  switch (place) {
    case 'asIs':
      return asIs;
    case 'encoded':
      return encoded;
    case 'plain':
      return WRITTEN_TEXTS.has(key) ? unlinkedText : unlinked;
    case 'plainBeforeStop':
      return WRITTEN_TEXTS.has(key) ? textBeforeStop : nameBeforeStop;
  }
}

function textBeforeStop(value: string): string {
  return unlinkedText(withoutStop(value));
}

function nameBeforeStop(value: string): string {
  return unlinked(withoutStop(value));
}

/** The full stop of "Rossi S.r.l." is also that of the sentence. */
function withoutStop(value: string): string {
  return value.replace(/\.$/, '');
}

function asIs(value: string): string {
  return value;
}

/** Percent-encoded, so that it changes no other part of the address: all but the unreserved characters of RFC 3986. */
function encoded(value: string): string {
  return encodeURIComponent(value).replace(
    /[!'()*]/g,
    (sign) => `%${sign.charCodeAt(0).toString(16).toUpperCase()}`,
  );
}

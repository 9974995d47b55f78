/**
 * Where the person is: what stands behind `#`. `#/demo/people?query=rossi` is the screen "people" of the shop "demo";
 * `#/platform/sites` belongs to the platform, whose screens have no shop.
 */
import { computed, signal } from '@preact/signals';
// It looks at the address first, and takes the token of a link out of it: a token is no place.
import './sign-in/link.ts';

/** A shop's id never has a capital letter: this one is nobody's. */
export interface Place {
  /** Absent: a screen of the platform, or signing in. */
  siteId: string | undefined;
  isPlatform: boolean;
  /** The screen, and what stands behind it: `['messages', 'order-status']`. */
  path: string[];
  query: URLSearchParams;
}

/** What the entries of the browser's history know; each has it from the moment when somebody comes to it. */
export interface Entry {
  /** From where that was: going back leads there. */
  from?: string;
  /** It shows a list. */
  isList?: boolean;
}

export function entry(): Entry {
  return history.state ?? {};
}

export function markEntry(mark: Entry): void {
  history.replaceState({ ...history.state, ...mark }, '');
}

const hash = signal(location.hash);
markEntry({});
addEventListener('hashchange', arrive);

/** What is asked for in a place, such as a filter, makes no other place of it. */
const placeKey = computed(() => hash.value.split('?')[0] ?? '');

/** How often somebody has come to another place, since the page was opened. */
export const arrivals = signal(0);

function arrive(): void {
  const before = placeKey.peek();
  // A new one: it knows nothing yet.
  if (history.state === null) markEntry({ from: hash.peek() });
  hash.value = location.hash;
  if (placeKey.peek() !== before) arrivals.value += 1;
}

export const place = computed<Place>(() => placeOf(hash.value));

function placeOf(text: string): Place {
  const [pathname = '', query = ''] = text.replace(/^#\/?/, '').split('?');
  const [first, ...path] = pathname.split('/').filter(Boolean).map(decoded);
  const isPlatform = first === '~platform';
  return { siteId: isPlatform ? undefined : first, isPlatform, path, query: new URLSearchParams(query) };
}

function decoded(part: string): string {
  try {
    return decodeURIComponent(part);
  } catch {
    return part;
  }
}

/** The address of a place, for `href`. */
export function linkTo(
  siteId: string | undefined,
  path: string[] = [],
  query: Record<string, string> = {},
): string {
  const parts = [siteId ?? '~platform', ...path].map(encodeURIComponent).join('/');
  const given = new URLSearchParams(Object.entries(query).filter(([, value]) => value !== '')).toString();
  return `#/${parts}${given && `?${given}`}`;
}

export function goTo(link: string, { replace = false } = {}): void {
  if (replace) history.replaceState(history.state, '', link);
  else history.pushState(null, '', link);
  arrive();
}

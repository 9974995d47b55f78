/**
 * What is typed and not saved yet: kept in this browser, by shop and message, until it is saved or given up. Each tab keeps
 * its own, so that none writes over what was typed in another one. Texts of messages are no secrets.
 */
import { thisTab } from '../tab.ts';
import { type Draft, isSameDraft, NOTHING_NEWER, type Part } from './draft.ts';

/** The address of a message that does not exist yet: no id has a `~`. */
export const NEW = '~new';

/** The name of what is kept of a new message: a copy of one message is another than that of another one. */
export function newMessage(query: URLSearchParams): string {
  return `${NEW}?${query}`;
}

/** What was asked for where a new message was begun; `undefined` for a message that has an id. */
export function queryOfNew(message: string): URLSearchParams | undefined {
  return message.startsWith(NEW) ? new URLSearchParams(message.slice(NEW.length)) : undefined;
}

export interface StoredDraft {
  draft: Draft;
  /** What the message was when its author began; absent: a new one. */
  base?: Draft;
  /** The version of `base`. */
  etag?: string;
  /** Of a new one: the id that it will have, so that sending it twice makes no second message. */
  id?: string;
  /** What was sent without an answer: any of it may be what is stored. */
  sent?: Draft[];
  /** What was chosen where two have written. */
  resolution?: Resolution;
  /** ISO 8601. */
  at: string;
}

/** What another tab has left, and under which name. */
export interface OfferedDraft extends StoredDraft {
  name: string;
}

export type Chosen = 'mine' | 'theirs' | 'merged';

export interface Resolution {
  /** Which version was compared with: choices made against another one say nothing. */
  against: string;
  choices: Partial<Record<Part, Chosen>>;
  merged: Partial<Record<Part, string>>;
}

/** Where the browser keeps nothing, drafts last until the page is closed. */
const inMemory = new Map<string, string>();

const PREFIX = 'console-draft';

function nameOf(siteId: string, message: string): string {
  return [PREFIX, siteId, message, thisTab()].join('/');
}

/** Whether it outlives this page. */
export function keepDraft(siteId: string, message: string, stored: StoredDraft): boolean {
  const name = nameOf(siteId, message);
  const text = JSON.stringify(stored);
  try {
    localStorage.setItem(name, text);
    return true;
  } catch {
    inMemory.set(name, text);
    return false;
  }
}

export function dropDraft(siteId: string, message: string): void {
  remove(nameOf(siteId, message));
}

/** That of another tab alone: it was given up, or taken over into this one. */
export function dropOffered({ name, draft }: OfferedDraft): void {
  const present = read(name);
  // Unless something else was typed there meanwhile.
  if (present && isSameDraft(present.draft, draft)) remove(name);
}

export function ownDraft(siteId: string, message: string): StoredDraft | undefined {
  return read(nameOf(siteId, message));
}

/**
 * The newest that another tab, perhaps of a window that was closed, has left.
 *
 * @param known what is typed here: whoever has it needs no second one.
 */
export function draftOfOthers(siteId: string, message: string, known?: Draft): OfferedDraft | undefined {
  return namesOf(siteId)
    .filter((name) => messageIn(name) === message && name !== nameOf(siteId, message))
    .flatMap((name) => {
      const stored = read(name);
      return stored && !(known && isSameDraft(stored.draft, known)) ? [{ ...stored, name }] : [];
    })
    .sort((one, other) => other.at.localeCompare(one.at))[0];
}

/** The messages of a shop of which something is kept. */
export function messagesWithDrafts(siteId: string): Set<string> {
  return new Set(namesOf(siteId).map(messageIn));
}

function messageIn(name: string): string {
  return name.split('/')[2] ?? '';
}

function namesOf(siteId: string): string[] {
  const beginning = `${PREFIX}/${siteId}/`;
  return [...inMemory.keys(), ...storedNames()].filter((name) => name.startsWith(beginning));
}

function storedNames(): string[] {
  try {
    return Object.keys(localStorage);
  } catch {
    return [];
  }
}

function read(name: string): StoredDraft | undefined {
  try {
    const text = inMemory.get(name) ?? localStorage.getItem(name);
    // Only this file writes under such names.
    return text === null ? undefined : ofThisRelease(JSON.parse(text) as StoredDraft);
  } catch {
    return undefined;
  }
}

/** A console of a former release may have kept it. */
function ofThisRelease({ draft, base, sent, ...stored }: StoredDraft): StoredDraft {
  const whole = (kept: Draft): Draft => ({ ...NOTHING_NEWER, ...kept });
  return {
    ...stored,
    draft: whole(draft),
    ...(base && { base: whole(base) }),
    ...(sent && { sent: sent.map(whole) }),
  };
}

function remove(name: string): void {
  inMemory.delete(name);
  try {
    localStorage.removeItem(name);
  } catch {
    // It keeps nothing.
  }
}

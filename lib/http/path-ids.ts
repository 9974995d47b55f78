/**
 * Ids in paths. An HTTP API decodes a path once before it matches it: a `/` in an id, also as `%2F`, begins another
 * segment, and a `?`, also as `%3F`, ends the path. So an id has a second form, which nothing on the way changes.
 */
import { UnreadableInputError } from '../domain/errors.ts';
import type { Sentence } from '../domain/sentence.ts';

/** Said wherever an id in a path may be written wrong. */
export const HOW_TO_WRITE_IDS: Sentence = {
  en:
    'In a path, an id that has a "/", "?", "#" or "%", that begins with "~", or that is "." or "..", is written as "~" and ' +
    'the base64url of its UTF-8, without padding: CLI/001 is ~Q0xJLzAwMQ. Every other id may be written so too.',
  it:
    'In un indirizzo, un id che contiene "/", "?", "#" o "%", che comincia con "~", o che è "." o "..", si scrive come "~" ' +
    'seguito dal base64url del suo UTF-8, senza "=" in fondo: CLI/001 è ~Q0xJLzAwMQ. Anche ogni altro id può essere scritto così.',
};

/** Ids that are the same in every encoding of a path. */
const PLAIN = /^(?!\.{1,2}$)[A-Za-z0-9._-]+$/;

/** An id as it is written in a path. */
export function toPathId(id: string): string {
  return PLAIN.test(id) ? id : `~${toBase64Url(id)}`;
}

/**
 * The parameters of a path, which API Gateway has decoded: nothing is percent-decoded again here, otherwise `%41` would
 * name `A`. A site's id has no second form.
 *
 * @throws UnreadableInputError
 */
export function readPathIds(
  parameters: Record<string, string | undefined> | null | undefined,
): Record<string, string> {
  // A path without parameters: API Gateway leaves them out, the local run sends `null`.
  const { siteId, ...others } = parameters ?? {};
  const ids = Object.entries(others).map(([name, written = '']) => [name, readPathId(written)]);
  return { ...Object.fromEntries(ids), ...(siteId !== undefined && { siteId }) };
}

function readPathId(written: string): string {
  if (!written.startsWith('~')) return written;
  const id = Buffer.from(written.slice(1), 'base64url').toString();
  // The decoder skips what is wrong. One id has one such form: what is not the form of this id is none.
  if (id !== '' && written === `~${toBase64Url(id)}`) return id;
  const text = {
    en: `The id in the path begins with "~", but what follows is no base64url of UTF-8 without padding. ${HOW_TO_WRITE_IDS.en}`,
    it: `L'id nell'indirizzo comincia con "~", ma quello che segue non è il base64url di un UTF-8, senza "=" in fondo. ${HOW_TO_WRITE_IDS.it}`,
  };
  throw new UnreadableInputError(text, 'invalid-path-id');
}

function toBase64Url(id: string): string {
  return Buffer.from(id).toString('base64url');
}

import { cleanLine, cleanText } from '../telegram/text/clean.ts';
import { readableText, type TextFormat } from '../telegram/text/markup.ts';
import { shownName } from '../telegram/text/name.ts';
import type { PlaceholderKey } from './placeholders.ts';

/** What people write with an editor, which may give it as HTML. */
const EDITED: ReadonlySet<PlaceholderKey> = new Set([
  'testoMessaggio',
  'oggettoMessaggio',
  'oggettoAttivita',
]);

/**
 * A value as people read it: see `readableText` and `cleanText`. Only the text of a message, and the lists of files and
 * of articles, whose names are written already (files.ts, order-lines.ts), have more than one line, so that nobody forges the next line of a message with a name or a subject.
 *
 * @param format how the text of the message is written, if the sender says it. Its subject may have been typed into a
 * field without an editor: `html` says nothing about it.
 */
export function shownValue(key: PlaceholderKey, value: string, format?: TextFormat): string {
  if (key === 'urlSito') return value.trim();
  if (key === 'testoMessaggio') return cleanText(readableText(value, format));
  if (key === 'elencoFile' || key === 'elencoArticoli') return cleanText(value);
  if (!EDITED.has(key)) return shownName(value);
  return cleanLine(readableText(value, format === 'text' ? format : undefined));
}

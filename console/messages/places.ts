/** Where an error or a warning of the API belongs: which field, which language, which line of the text. */
import type { FieldError } from '../../clients/typescript/client.ts';
import { isLocalized } from './draft.ts';

export interface Place {
  /** The first name of the pointer, such as `text` or `statuses`; empty for the whole message. */
  field: string;
  /** Of a text or of a button. */
  language?: string;
  /** In words, without the line and the character. */
  detail: string;
  code: FieldError['code'];
  /** Both from 1; the character is counted as people count. Absent where the sentence names none. */
  position?: { line: number; character: number };
}

/** The API says it at the end of its sentence. */
const POSITION = / \((?:Line|Riga) (\d+), (?:character|carattere) (\d+)\.\)$/;

export function placeOf({ pointer, code, detail }: FieldError): Place {
  const [, field = '', second] = pointer.split('/').map(unescaped);
  const found = POSITION.exec(detail);
  return {
    field,
    ...(isLocalized(field) && second !== undefined && { language: second }),
    detail: detail.replace(POSITION, ''),
    code,
    ...(found && { position: { line: Number(found[1]), character: Number(found[2]) } }),
  };
}

/** RFC 6901. */
function unescaped(part: string): string {
  return part.replaceAll('~1', '/').replaceAll('~0', '~');
}

/** The place in UTF-16 units, as a `textarea` counts; the end of the text where it is shorter by now. */
export function offsetOf(text: string, { line, character }: { line: number; character: number }): number {
  const lines = text.split('\n');
  const before = lines.slice(0, line - 1);
  const start = before.reduce((sum, each) => sum + each.length + 1, 0);
  const within = [...(lines[line - 1] ?? '')].slice(0, character - 1).join('').length;
  return Math.min(start + within, text.length);
}

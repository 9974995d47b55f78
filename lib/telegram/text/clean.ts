/** The lines of a text end in these, besides `\n` (Unicode, UAX #14: BK, CR, NL). Telegram deletes them. */
const LINE_BREAKS = /\r\n?|[\v\f\u0085\u2028\u2029]/g;

/** A text whose line breaks are all `\n`. */
export function withLineFeeds(text: string): string {
  return text.replace(LINE_BREAKS, '\n');
}

/** Half of a surrogate pair: with the flag `u` the whole ones do not match. It is left where an emoji was cut in two. */
const HALVES = /[\ud800-\udfff]/gu;

/** Nothing but blanks and characters that draw nothing (Default_Ignorable_Code_Point): there is no text. */
let nothing: RegExp | undefined;

/** Whether people see anything of a text. */
export function isVisible(text: string): boolean {
  // A Unicode property in a regular expression costs a cold start milliseconds.
  if (/[!-~]/.test(text)) return true;
  nothing ??= /^[\s\p{Cc}\p{Cf}\p{DI}\u2800]*$/u;
  return !nothing.test(text);
}

/**
 * A text as it may be in a message: whole characters, composed (NFC: Telegram deletes the ring of a decomposed å), lines
 * that end in `\n`, no other control characters than that and the tab (Telegram would make spaces of them), one blank line
 * at a time, no blanks at either end; empty where nobody would see anything of it.
 */
export function cleanText(text: string): string {
  const written = withLineFeeds(text.replace(HALVES, ''))
    // biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what this removes.
    .replace(/[\u0000-\u0008\u000e-\u001f\u007f-\u009f]/g, '')
    .normalize('NFC');
  return isVisible(written) ? withoutBlankLines(written).trim() : '';
}

/** A text as `cleanText` writes it, on one line: nothing in it looks like the next line of a message. */
export function cleanLine(text: string): string {
  return cleanText(text).replace(/\s{2,}|[\n\t]/g, ' ');
}

/** At most one blank line at a time is left. */
export function withoutBlankLines(text: string): string {
  return text.replace(/\n(?:[ \t]*\n){2,}/g, '\n\n');
}

export const ELLIPSIS = '…';

let graphemes: Intl.Segmenter | undefined;

/**
 * A value as it may be in a message: whole characters, lines that end in `\n`, no other control characters than that and
 * the tab (Telegram would make spaces of them), one blank line at a time, no blanks at either end.
 */
export function cleanValue(value: string): string {
  const written = value
    .toWellFormed()
    .replace(/\r\n?/g, '\n')
    // biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what this removes.
    .replace(/[\u0000-\u0008\u000b-\u001f\u007f-\u009f]/g, '');
  return withoutBlankLines(written).trim();
}

/** At most one blank line at a time is left. */
export function withoutBlankLines(text: string): string {
  return text.replace(/\n(?:[ \t]*\n){2,}/g, '\n\n');
}

/** At most `maxLength` UTF-16 units of the text; cut between graphemes, with '…' at the end. */
export function cutText(text: string, maxLength: number): string {
  if (text.length <= maxLength) return text;
  graphemes ??= new Intl.Segmenter(undefined, { granularity: 'grapheme' });
  // What comes later has no effect on where the graphemes before it begin, and may be very long.
  const beginning = text.slice(0, maxLength + 1);
  // The grapheme at this place is the first that does not fit.
  const end = graphemes.segment(beginning).containing(maxLength - 1)?.index ?? 0;
  return text.slice(0, end).trimEnd() + ELLIPSIS;
}

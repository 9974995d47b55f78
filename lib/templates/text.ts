const ELLIPSIS = '…';

let graphemes: Intl.Segmenter | undefined;

/**
 * A value as it may stand in a message: whole characters, lines ended by `\n`, no control characters but that and
 * the tab (Telegram would turn them into spaces), nothing blank at either end.
 */
export function cleanValue(value: string): string {
  return (
    value
      .toWellFormed()
      .replace(/\r\n?/g, '\n')
      // biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what this removes.
      .replace(/[\u0000-\u0008\u000b-\u001f\u007f-\u009f]/g, '')
      .trim()
  );
}

/** At most `maxLength` UTF-16 units of the text: whole graphemes, and '…' where it was cut. */
export function cutText(text: string, maxLength: number): string {
  if (text.length <= maxLength) return text;
  graphemes ??= new Intl.Segmenter(undefined, { granularity: 'grapheme' });
  // The character at this place is the first that has to go, and all of it goes.
  const end = graphemes.segment(text).containing(maxLength - 1)?.index ?? 0;
  return text.slice(0, end).trimEnd() + ELLIPSIS;
}

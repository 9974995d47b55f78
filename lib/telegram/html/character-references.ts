const NAMED_REFERENCES: Record<string, number> = { lt: 0x3c, gt: 0x3e, amp: 0x26, quot: 0x22 };

// Telegram ignores a numeric reference of ten characters or more: at most 6 hex or 7 decimal digits count.
const REFERENCE = /&(?:#x([\da-fA-F]{1,6})(?![\da-fA-F])|#(\d{1,7})(?!\d)|(lt|gt|amp|quot)(?![a-zA-Z]));?/y;

/** The code point of the character reference at `at`, and its end; undefined if Telegram leaves it unchanged. */
export function decodeReference(html: string, at: number): { code: number; end: number } | undefined {
  REFERENCE.lastIndex = at;
  const match = REFERENCE.exec(html);
  if (match === null) {
    return undefined;
  }
  const [whole, hexadecimal, decimal, name = ''] = match;
  const code = hexadecimal
    ? Number.parseInt(hexadecimal, 16)
    : decimal
      ? Number.parseInt(decimal, 10)
      : (NAMED_REFERENCES[name] ?? 0);
  return code === 0 || code >= 0x10ffff ? undefined : { code, end: at + whole.length };
}

export function isSurrogate(code: number): boolean {
  return code >= 0xd800 && code <= 0xdfff;
}

/** The character of a code point. A surrogate becomes U+FFFD. */
export function characterOf(code: number): string {
  return isSurrogate(code) ? '\ufffd' : String.fromCodePoint(code);
}

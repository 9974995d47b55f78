/** White space in tags and URLs, as Telegram defines it: not the form feed, but U+0000. */
export function isSpace(code: number): boolean {
  return code === 0x20 || (code >= 0x09 && code <= 0x0d && code !== 0x0c) || code === 0;
}

/** Lower case for the letters A to Z only: Telegram compares names as bytes. */
export function lowerCase(value: string): string {
  return value.replace(/[A-Z]+/g, (letters) => letters.toLowerCase());
}

/** The text (Telegram's HTML) with a full stop at its end; not a second one after a name such as "Rossi S.r.l.". */
export function withFullStop(html: string): string {
  return /[.!?…](?:<\/b>)?$/.test(html) ? html : `${html}.`;
}

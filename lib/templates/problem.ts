/** What is wrong with a template, in a sentence for the merchant who wrote it. */
export interface TemplateProblem {
  detail: string;
  /** Where it begins in the template as written: UTF-8 bytes, as in Telegram's own messages. */
  byteOffset?: number;
  /** The placeholder that it is about. */
  key?: string;
}

/** A UTF-16 offset in a text, as Telegram counts it: in UTF-8 bytes. */
export function byteOffsetAt(text: string, offset: number): number {
  return Buffer.byteLength(text.slice(0, offset));
}

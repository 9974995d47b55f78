/**
 * An error's words without what they quote, for the log: Telegram quotes the tag or the address that it did not like, and
 * V8 the text that it could not read as JSON, and both may be somebody's message. The record of a delivery, which the
 * merchant reads, keeps them.
 */
export function redact(words: string): string {
  // From the first opening quote (not the apostrophe of "can't") to the last one: what is quoted may hold quotes itself.
  return words.replace(/(^|[\s(:,.])["'].*["']/s, '$1"…"').replace(/(https?:\/\/[^\s?]*)\?\S*/g, '$1?…');
}

/**
 * The message of an error without its quotations, for the log. Telegram quotes the tag or address that it refuses, and V8
 * the text that is no JSON; both may be part of a person's message. The record of a delivery, which the merchant reads,
 * keeps them.
 */
export function redact(message: string): string {
  // From the first opening quote (not the apostrophe of "can't") to the last one: a quotation may have quotes in it.
  return message.replace(/(^|[\s(:,.])["'].*["']/s, '$1"…"').replace(/(https?:\/\/[^\s?]*)\?\S*/g, '$1?…');
}

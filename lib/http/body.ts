import { InputTooLargeError, UnreadableInputError } from '../domain/errors.ts';
import type { HttpRequest } from './request.ts';

/** The largest body, in bytes: 256 KB, the former limit of an SQS message. */
export const MAX_BODY_BYTES = 256 * 1024;

/**
 * The JSON of a request's body. The content type is ignored.
 *
 * @param whenEmpty the value of an empty body; absent: a body is required.
 * @throws InputTooLargeError if it is over 256 KB, UnreadableInputError if it is not JSON.
 */
export function readJsonBody({ body, isBase64Encoded }: HttpRequest, whenEmpty?: object): unknown {
  const bytes = Buffer.from(body ?? '', isBase64Encoded ? 'base64' : 'utf8');
  return whenEmpty && bytes.length === 0 ? whenEmpty : parseJson(bytes);
}

/**
 * The JSON of a body.
 *
 * @throws InputTooLargeError if it is over 256 KB, UnreadableInputError if it is not JSON.
 */
export function parseJson(bytes: Buffer): unknown {
  if (bytes.length > MAX_BODY_BYTES) throw new InputTooLargeError(MAX_BODY_BYTES);
  if (bytes.length === 0) throw unreadable('The body is empty; this path takes a JSON object.');
  let text: string;
  try {
    text = new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch {
    throw unreadable('The body is not valid UTF-8, so it can not be read as JSON.');
  }
  try {
    return JSON.parse(text);
  } catch (error) {
    throw unreadable(`The body is not JSON: ${reasonOf(error)}`);
  }
}

function unreadable(reason: string): UnreadableInputError {
  return new UnreadableInputError(`${reason} Nothing was done: correct the body and send it again.`);
}

/**
 * The position or the character that V8's message names. Some of V8's messages quote a part of the body: that part is
 * left out.
 */
function reasonOf(error: unknown): string {
  const message = error instanceof Error ? error.message : '';
  if (message.includes('Unexpected end') || message.includes('Unterminated')) return 'it ends too early.';
  const position = message.match(/at position \d+(?: \(line \d+ column \d+\))?/)?.[0];
  if (position) return `unexpected character ${position}.`;
  const [, character] = message.match(/^Unexpected token '(.+?)', /su) ?? [];
  if (character) return `unexpected character ${JSON.stringify(character)}.`;
  // V8's messages for "[object Object]", "undefined" and "NaN" have no position and no character.
  return 'it looks like a value that was not serialized before it was sent.';
}

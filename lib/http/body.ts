import { InputTooLargeError, UnreadableInputError } from '../domain/errors.ts';
import type { HttpRequest } from './request.ts';

/** The largest body, in bytes: 256 KB, as much as one SQS message used to hold. */
export const MAX_BODY_BYTES = 256 * 1024;

/**
 * The JSON of a request's body, whatever its content type says.
 *
 * @param whenEmpty what no body at all stands for; absent: a body is needed.
 * @throws InputTooLargeError for one over 256 KB, UnreadableInputError for what is no JSON.
 */
export function readJsonBody({ body, isBase64Encoded }: HttpRequest, whenEmpty?: object): unknown {
  const bytes = Buffer.from(body ?? '', isBase64Encoded ? 'base64' : 'utf8');
  return whenEmpty && bytes.length === 0 ? whenEmpty : parseJson(bytes);
}

/**
 * The JSON of a body.
 *
 * @throws InputTooLargeError for one over 256 KB, UnreadableInputError for what is no JSON.
 */
export function parseJson(bytes: Buffer): unknown {
  if (bytes.length > MAX_BODY_BYTES) throw new InputTooLargeError(MAX_BODY_BYTES);
  if (bytes.length === 0) throw new UnreadableInputError('The body is empty; this path takes a JSON object.');
  let text: string;
  try {
    text = new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch {
    throw new UnreadableInputError('The body is not valid UTF-8, so it can not be read as JSON.');
  }
  try {
    return JSON.parse(text);
  } catch (error) {
    throw new UnreadableInputError(`The body is not JSON: ${reasonOf(error)}`);
  }
}

/**
 * Where and why, from V8's own words, which name the position or the character; without the piece of the body around it
 * that some of them quote.
 */
function reasonOf(error: unknown): string {
  const message = error instanceof Error ? error.message : '';
  if (message.includes('Unexpected end') || message.includes('Unterminated')) return 'it ends too early.';
  const position = message.match(/at position \d+(?: \(line \d+ column \d+\))?/)?.[0];
  if (position) return `unexpected character ${position}.`;
  const [, character] = message.match(/^Unexpected token '(.+?)', /su) ?? [];
  if (character) return `unexpected character ${JSON.stringify(character)}.`;
  // "[object Object]", "undefined" and "NaN": V8 knows them for what they are.
  return 'it looks like a value that was not serialized before it was sent.';
}

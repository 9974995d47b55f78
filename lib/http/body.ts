import { InputTooLargeError, UnreadableInputError } from '../domain/errors.ts';
import type { CodeOf } from '../domain/problem-codes.ts';
import { type Sentence, sentence } from '../domain/sentence.ts';
import { decodeUtf8, hasLostCharacters, notUtf8, refuseLostCharacters } from './encoding.ts';
import { compressedBody } from './problems.ts';
import type { HttpRequest } from './request.ts';

/** The largest body, in bytes: 256 KB, the former limit of an SQS message. */
export const MAX_BODY_BYTES = 256 * 1024;

export interface ReadOptions {
  /** The value of an empty body; absent: a body is required. */
  whenEmpty?: object | undefined;
  /** Names the properties that a required body has, for the error of an empty one: `"eventId", "order"`. */
  properties?: (() => string | undefined) | undefined;
  /** What is not done if characters of the body were lost. */
  consequence?: Sentence | string | undefined;
  /** The body holds what Telegram's users wrote, in UTF-8: U+FFFD is one of their characters. */
  isTelegrams?: boolean | undefined;
}

/**
 * The JSON of a request's body. The content type is ignored.
 *
 * @throws InputTooLargeError if it is over 256 KB, HttpProblem 415 if it is compressed, UnreadableInputError if it is not
 * JSON, InvalidInputError if characters were lost.
 */
export function readJsonBody(request: HttpRequest, options: ReadOptions = {}): unknown {
  const bytes = Buffer.from(request.body ?? '', request.isBase64Encoded ? 'base64' : 'utf8');
  if (bytes.length > 0 && (isEncoded(request) || isCompressed(bytes))) throw compressedBody();
  return parseJson(bytes, options);
}

/** Whether a content coding is named, other than that of none at all (RFC 9110, section 8.4). */
function isEncoded({ headers }: HttpRequest): boolean {
  const codings = (headers['content-encoding'] ?? '').toLowerCase().split(',');
  return codings.some((coding) => !['', 'identity'].includes(coding.trim()));
}

/**
 * How gzip (RFC 1952), zlib (RFC 1950) and Zstandard (RFC 8878) begin, where what is no UTF-8 is U+FFFD, as it may have become
 * on the way. No JSON begins so.
 */
const BEGINNINGS = ['\x1f\ufffd', 'x\x01', 'x^', 'x\ufffd', '(\ufffd/\ufffd'];

/** The zlib of the best compression, where its second byte and the next one are a character. */
const ZLIB_AT_BEST = /^x[\u0680-\u06bf]/;

function isCompressed(bytes: Buffer): boolean {
  const start = bytes.toString('utf8', 0, 12);
  return ZLIB_AT_BEST.test(start) || BEGINNINGS.some((beginning) => start.startsWith(beginning));
}

/** The JSON of a body. @throws as `readJsonBody` does. */
export function parseJson(
  bytes: Buffer,
  { whenEmpty, properties, consequence, isTelegrams }: ReadOptions = {},
): unknown {
  if (bytes.length > MAX_BODY_BYTES) throw new InputTooLargeError(MAX_BODY_BYTES);
  if (bytes.length === 0) {
    if (whenEmpty) return whenEmpty;
    const names = properties?.();
    throw unreadable('body-missing', {
      en: `The body is empty; this path takes a JSON object${names ? ` with ${names}` : ''}.`,
      it: `Il corpo della richiesta è vuoto; questo indirizzo richiede un oggetto JSON${names ? ` con ${names}` : ''}.`,
    });
  }
  const text = decodeUtf8(bytes);
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch (error) {
    if (hasLostCharacters(text)) throw notUtf8();
    const reason = reasonOf(error, text.length);
    throw unreadable('not-json', {
      en: `The body is not JSON: ${reason.en}`,
      it: `Il corpo della richiesta non è JSON: ${reason.it}`,
    });
  }
  if (!isTelegrams) refuseLostCharacters(text, json, consequence);
  return json;
}

function unreadable(code: CodeOf<400>, reason: Sentence): UnreadableInputError {
  const text = sentence((language) => `${reason[language]} ${CORRECT_IT[language]}`);
  return new UnreadableInputError(text, code);
}

const CORRECT_IT: Sentence = {
  en: 'Nothing was done: correct the body and send it again.',
  it: 'Non è stato fatto nulla: correggerlo e inviarlo di nuovo.',
};

/**
 * The position or the character that V8's message names. Some of V8's messages quote a part of the body: that part is
 * left out.
 */
function reasonOf(error: unknown, length: number): Sentence {
  const message = error instanceof Error ? error.message : '';
  const [, position, line, column] =
    message.match(/at position (\d+)(?: \(line (\d+) column (\d+)\))?/) ?? [];
  // V8 has several words for it; of some it says where it looked for more.
  const endsEarly = message.includes('Unexpected end') || message.includes('Unterminated');
  if (endsEarly || Number(position) >= length)
    return { en: 'it ends too early.', it: 'finisce troppo presto.' };
  if (position) {
    const place = line
      ? { en: ` (line ${line} column ${column})`, it: ` (riga ${line}, colonna ${column})` }
      : NOWHERE;
    return {
      en: `unexpected character at position ${position}${place.en}.`,
      it: `carattere inatteso alla posizione ${position}${place.it}.`,
    };
  }
  const [, character] = message.match(/^Unexpected token '(.+?)', /su) ?? [];
  if (character) {
    const quoted = JSON.stringify(character);
    return { en: `unexpected character ${quoted}.`, it: `carattere inatteso ${quoted}.` };
  }
  // V8's messages for "[object Object]", "undefined" and "NaN" have no position and no character.
  return {
    en: 'it looks like a value that was not serialized before it was sent.',
    it: 'sembra un valore che non è stato serializzato prima di essere inviato.',
  };
}

const NOWHERE: Sentence = { en: '', it: '' };

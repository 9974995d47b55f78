import { request as httpRequest, type IncomingMessage } from 'node:http';
import { request as httpsRequest } from 'node:https';
import { publicLookup, type Resolve, whyNoEndpoint } from './endpoint-address.ts';
import type { SignedCall } from './secrets.ts';

/** From the name's lookup to the end of the answer, in milliseconds. */
export const CALL_TIME = 10_000;
/** So much of an answer is read, in bytes, and so much of that is kept, in characters. */
const READ_BYTES = 4_096;
const KEPT_CHARACTERS = 300;

/** How a call went. */
export interface CallResult {
  /** The HTTP status; absent where there was no answer. */
  status?: number;
  /** The beginning of the answer. */
  answer?: string;
  /** Why there was no answer. */
  error?: string;
  milliseconds: number;
  /** After how many milliseconds the endpoint wants to be called again; absent where it has not said so. */
  retryAfter?: number;
}

/** Whether the endpoint has taken it: any status from 200 to 299. */
export function isTaken({ status = 0 }: Pick<CallResult, 'status'>): boolean {
  return status >= 200 && status <= 299;
}

/**
 * Calls an endpoint once. It never throws. No redirect is followed: it could lead where the address was not allowed to. The
 * answer is read no further than its beginning, and never longer than the time for the whole call.
 *
 * @param options.resolve looks names up, in tests.
 * @param options.milliseconds for the whole call.
 */
export async function callEndpoint(
  call: SignedCall,
  { resolve, milliseconds = CALL_TIME }: { resolve?: Resolve; milliseconds?: number } = {},
): Promise<CallResult> {
  const start = performance.now();
  const took = () => Math.round(performance.now() - start);
  // An address that was allowed when it was saved may not be any more: rules change.
  const reason = whyNoEndpoint(call.url);
  if (reason !== undefined) return { error: reason.en, milliseconds: took() };
  const ended = new AbortController();
  const timer = setTimeout(
    () => ended.abort(new Error(`no answer within ${milliseconds / 1_000} s`)),
    milliseconds,
  );
  try {
    const response = await send(call, ended.signal, resolve);
    const answer = await beginningOf(response);
    const { statusCode: status } = response;
    const retryAfter = retryAfterOf(response);
    return {
      ...(status !== undefined && { status }),
      ...(answer && { answer }),
      milliseconds: took(),
      ...(retryAfter !== undefined && { retryAfter }),
    };
  } catch (error) {
    const { signal } = ended;
    return { error: wordsOf(signal.aborted ? signal.reason : error), milliseconds: took() };
  } finally {
    clearTimeout(timer);
    // Also ends the connection of an answer that was not read to its end.
    ended.abort();
  }
}

function send(
  { url, headers, body }: SignedCall,
  signal: AbortSignal,
  resolve?: Resolve,
): Promise<IncomingMessage> {
  const request = new URL(url).protocol === 'http:' ? httpRequest : httpsRequest;
  return new Promise((answered, failed) => {
    const options = {
      method: 'POST',
      headers: { ...headers, 'content-length': Buffer.byteLength(body) },
      lookup: publicLookup(resolve),
      signal,
      // A connection of its own, to an address that was looked up for it; and no proxy of the environment.
      agent: false,
    };
    request(url, options, answered)
      .on('error', failed)
      // Where the endpoint wants another protocol (101), Node ends the connection, and says nothing else.
      .on('close', () => failed(new Error('the connection was closed without an answer')))
      .end(body);
  });
}

/** RFC 9110, section 10.2.3: seconds, or a date. @returns milliseconds */
function retryAfterOf({ headers }: IncomingMessage): number | undefined {
  const value = headers['retry-after'];
  if (value === undefined) return undefined;
  const milliseconds = /^\d+$/.test(value) ? Number(value) * 1_000 : Date.parse(value) - Date.now();
  return milliseconds > 0 ? milliseconds : undefined;
}

/** @returns what came until an error, or until the time was over: the status was there already, and it counts. */
async function beginningOf(response: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  let bytes = 0;
  try {
    for await (const chunk of response as AsyncIterable<Buffer>) {
      chunks.push(chunk);
      bytes += chunk.length;
      if (bytes >= READ_BYTES) break;
    }
  } catch {
    // The rest is missing.
  }
  return excerpt(Buffer.concat(chunks).subarray(0, READ_BYTES).toString());
}

/** The beginning of a text in one line, without what looks like a secret. */
function excerpt(text: string): string {
  const line = text
    .replace(/whsec_[\w+/=-]+|\bBearer\s+\S+|\bv1,[\w+/=]+|\bpwtg_[\w-]+/g, '…')
    .replace(/[\p{C}\p{Z}\s]+/gu, ' ')
    .trim();
  return line.length > KEPT_CHARACTERS ? `${line.slice(0, KEPT_CHARACTERS).toWellFormed()}…` : line;
}

function wordsOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  // Several addresses, none of which took the connection.
  const [first] = error instanceof AggregateError ? error.errors : [];
  return excerpt(first instanceof Error ? first.message : error.message);
}

import type { IncomingMessage, ServerResponse } from 'node:http';

const MAX_BODY_BYTES = 1024 * 1024;

/** The body of a request is larger than the emulator reads. */
export class BodyTooLargeError extends Error {
  override readonly name = 'BodyTooLargeError';
}

/** The body of a request is not what its content type says. */
export class BodyFormatError extends Error {
  override readonly name = 'BodyFormatError';
}

/**
 * Reads a whole body, at most MAX_BODY_BYTES.
 * @throws {BodyTooLargeError}
 */
export async function readBody(request: IncomingMessage): Promise<Buffer> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of request as AsyncIterable<Buffer>) {
    size += chunk.length;
    // The rest is read and thrown away: a connection cut in the middle of a body hides the answer.
    if (size <= MAX_BODY_BYTES) chunks.push(chunk);
    if (size > 16 * MAX_BODY_BYTES) break;
  }
  if (size > MAX_BODY_BYTES) throw new BodyTooLargeError(`The body has more than ${MAX_BODY_BYTES} bytes.`);
  return Buffer.concat(chunks);
}

/**
 * A body as JSON; an empty one is an empty object.
 * @throws {BodyFormatError}
 */
export function parseJson(body: Buffer): unknown {
  if (body.length === 0) return {};
  try {
    return JSON.parse(body.toString('utf8'));
  } catch (error) {
    throw new BodyFormatError('The body is not valid JSON.', { cause: error });
  }
}

/** A file that was sent with a call. Records of the call show its size alone. */
export class UploadedFile {
  readonly name: string;
  readonly content: Buffer;

  constructor(name: string, content: Buffer) {
    this.name = name;
    this.content = content;
  }

  toJSON(): { file: string; bytes: number } {
    return { file: this.name, bytes: this.content.length };
  }
}

/**
 * The fields of a form (urlencoded or multipart).
 * @throws {BodyFormatError}
 */
export async function parseForm(body: Buffer, contentType: string): Promise<Record<string, unknown>> {
  try {
    const response = new Response(new Uint8Array(body), { headers: { 'content-type': contentType } });
    const form = await response.formData();
    const fields: Record<string, unknown> = {};
    for (const [name, value] of form)
      fields[name] =
        typeof value === 'string'
          ? value
          : new UploadedFile(value.name, Buffer.from(await value.arrayBuffer()));
    return fields;
  } catch (error) {
    throw new BodyFormatError('The body is not a valid form.', { cause: error });
  }
}

export function sendJson(response: ServerResponse, status: number, body: unknown): void {
  const text = JSON.stringify(body);
  response.writeHead(status, {
    'content-type': 'application/json; charset=utf-8',
    'content-length': Buffer.byteLength(text),
    'cache-control': 'no-store',
    'x-content-type-options': 'nosniff',
  });
  response.end(text);
}

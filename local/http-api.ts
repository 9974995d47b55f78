/**
 * Requests and answers as those of an HTTP API. API Gateway decodes a path once, cuts it at a `?` that it finds then, and
 * matches what is left. serverless-offline splits the path first, so that `%2F` would lead elsewhere than on AWS.
 */
import { subscribe } from 'node:diagnostics_channel';
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Socket } from 'node:net';

interface Started {
  request: IncomingMessage;
  response: ServerResponse;
  socket: Socket;
}

/** Gives the server of this process that listens on the port such requests and answers. */
export function actAsHttpApiOn(port: number): void {
  // Published before the server handles the request.
  subscribe('http.server.request.start', (message) => {
    const { request, response, socket } = message as Started;
    if (socket.localPort !== port) return;
    if (request.url) request.url = decodedOnce(request.url);
    withReadableType(request);
    withoutRanges(request, response);
    // Last: Node reads `headers` from the raw ones when they are first asked for, by their former number.
    joinRepeated(request);
  });
}

/**
 * An HTTP API joins the values of a header field that is there more than once with commas; serverless-offline takes the last
 * one. Cookies have a place of their own.
 *
 * @see https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-develop-integrations-lambda.html
 */
function joinRepeated(request: IncomingMessage): void {
  const { rawHeaders } = request;
  const values = new Map<string, string>();
  const cookies: string[] = [];
  for (let index = 0; index < rawHeaders.length; index += 2) {
    const [given = '', value = ''] = rawHeaders.slice(index, index + 2);
    const name = given.toLowerCase();
    const before = values.get(name);
    if (name === 'cookie') cookies.push(given, value);
    else values.set(name, before === undefined ? value : `${before},${value}`);
  }
  request.rawHeaders = [...[...values].flat(), ...cookies];
}

/**
 * hapi refuses a media type that it can't read, and a multipart one without boundary; an HTTP API looks at none of it. And
 * serverless-offline parses JSON, and hands on the value where it is `false`, `0`, `null` or `""`: a function gets text. (It
 * gets the header fields as they came.)
 */
function withReadableType(request: IncomingMessage): void {
  const { 'content-type': type } = request.headers;
  if (type === undefined || /^application\/(?:vnd\.api\+)?json\b/i.test(type)) {
    request.headers['content-type'] = 'application/octet-stream';
    return;
  }
  const isMediaType = /^[\w!#$%&'*+.^`|~-]+\/[\w!#$%&'*+.^`|~-]+(?:[ \t;]|$)/.test(type);
  const isWhole = /^multipart\//i.test(type) ? /;\s*boundary=[^;\s]/i.test(type) : true;
  const isTwice = /;\s*(charset|boundary)=.*;\s*\1=/i.test(type);
  if (!isMediaType || !isWhole || isTwice) request.headers['content-type'] = 'application/octet-stream';
}

/** hapi sends a part of an answer to GET where it is asked for one, and says so; API Gateway does not. */
function withoutRanges(request: IncomingMessage, response: ServerResponse): void {
  delete request.headers.range;
  const setHeader = response.setHeader.bind(response);
  response.setHeader = (name, value) => (name === 'accept-ranges' ? response : setHeader(name, value));
}

/**
 * The address whose segments, decoded, are those that API Gateway matches. One that is no percent-encoded UTF-8 stays as it
 * is: it is refused later.
 */
export function decodedOnce(address: string): string {
  const [, path = '', query = ''] = address.match(/^([^?]*)(.*)$/s) ?? [];
  const decoded = decode(path)?.replace(/\?.*$/s, '');
  if (!decoded?.startsWith('/')) return address;
  const matched = decoded.split('/').map(encodeURIComponent).join('/');
  // hapi takes one slash from the end; on AWS the functions see it, and refuse it (lib/http/no-such-path.ts).
  return matched + (/.\/$/.test(matched) ? '/' : '') + query;
}

function decode(path: string): string | undefined {
  try {
    return decodeURIComponent(path);
  } catch {
    return undefined;
  }
}

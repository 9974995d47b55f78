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
    withoutRanges(request, response);
  });
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

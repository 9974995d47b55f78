/** Intercepts the requests of an HTTP server. */
import { once } from 'node:events';
import type { IncomingHttpHeaders, IncomingMessage, Server, ServerResponse } from 'node:http';
import { log } from '../../lib/observability/logger.ts';

export interface SeenRequest {
  method: string;
  path: string;
  headers: IncomingHttpHeaders;
  body: string;
}

export interface Answer {
  status: number;
  headers: Record<string, string>;
  body: string;
}

/** Answers a request, or leaves it to the server (`undefined`). */
export type Interceptor = (request: SeenRequest) => Answer | undefined;

export function intercept(server: Server, interceptor: Interceptor): void {
  const listeners = server.listeners('request');
  server.removeAllListeners('request');
  server.on('request', async (request: IncomingMessage, response: ServerResponse) => {
    try {
      const { method = '', url: path = '', headers } = request;
      const answer = interceptor({ method, path, headers, body: await peek(request) });
      if (answer) {
        request.resume();
        response.writeHead(answer.status, answer.headers).end(answer.body);
      } else {
        for (const listener of listeners) listener.call(server, request, response);
      }
    } catch (error) {
      // The connection broke, or the request is not from an AWS client: it can't be answered.
      log.warn('request not read', { error });
      response.destroy();
    }
  });
}

/** Reads the body of a request and puts it back for the server. AWS clients send its length. */
async function peek(request: IncomingMessage): Promise<string> {
  const length = Number(request.headers['content-length'] ?? 0);
  const chunks: Buffer[] = [];
  for (let missing = length; missing > 0; ) {
    const chunk: Buffer | null = request.read();
    if (chunk) {
      chunks.push(chunk);
      missing -= chunk.length;
    } else {
      await once(request, 'readable');
    }
  }
  const body = Buffer.concat(chunks);
  // In the same turn of the event loop as the last `read`: the stream has not emitted `end` yet.
  if (length > 0) request.unshift(body);
  return body.toString();
}

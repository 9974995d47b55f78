/** Looks at the requests of an HTTP server before the server does. */
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

/** Answers a request in the server's place, or leaves it to the server (`undefined`). */
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
      // Cut off in the middle, or not what AWS's clients send: there is nobody to answer.
      log.warn('request not read', { error });
      response.destroy();
    }
  });
}

/** The body of a request, which stays there for whoever reads it next. AWS's clients say how long it is. */
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
  // In the same turn as the last `read`: the stream has not told yet that it is at its end.
  if (length > 0) request.unshift(body);
  return body.toString();
}

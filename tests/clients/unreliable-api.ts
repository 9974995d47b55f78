/** An API that fails as it is told, for the repetitions of the clients. */
import { createServer, type IncomingMessage, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';

/** One answer: a status with the seconds of `Retry-After`, or a connection that ends without one. */
type Answer = { status: number; retryAfter?: number; body?: object } | 'lost';

export interface UnreliableApi {
  url: string;
  /** What was asked for: method, path and body. */
  readonly requests: string[];
  /** From now on, each path answers like this, one after the other; the last one for ever. */
  answer(path: string, ...answers: Answer[]): void;
  close(): Promise<void>;
}

export async function startUnreliableApi(): Promise<UnreliableApi> {
  const scripts = new Map<string, Answer[]>();
  const requests: string[] = [];
  const server: Server = createServer(async (request, response) => {
    const path = request.url ?? '';
    requests.push(`${request.method} ${path} ${await bodyOf(request)}`.trim());
    const answers = scripts.get(path) ?? [];
    const answer = answers.length > 1 ? answers.shift() : answers[0];
    if (answer === 'lost' || answer === undefined) return request.socket.destroy();
    const isProblem = answer.status >= 400;
    response.writeHead(answer.status, {
      'content-type': isProblem ? 'application/problem+json' : 'application/json',
      ...(answer.retryAfter !== undefined && { 'retry-after': String(answer.retryAfter) }),
    });
    return response.end(
      JSON.stringify(answer.body ?? { status: answer.status, code: 'told-so', detail: 'As told.' }),
    );
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    requests,
    answer: (path, ...answers) => {
      scripts.set(path, answers);
    },
    close: async () => {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

async function bodyOf(request: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk);
  return Buffer.concat(chunks).toString();
}

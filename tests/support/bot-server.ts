/** A Bot API server that answers as a test says, and knows its open connections. */
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo, Socket } from 'node:net';

export interface BotServer {
  url: string;
  /** Connections that are open now. */
  open: Set<Socket>;
  /** Bodies of the requests so far, with the path under `path`. */
  requests: Record<string, unknown>[];
  answerWith(answer: (request: IncomingMessage, response: ServerResponse) => void): void;
  close(): Promise<void>;
}

export async function startBotServer(): Promise<BotServer> {
  const open = new Set<Socket>();
  const requests: Record<string, unknown>[] = [];
  let answer: (request: IncomingMessage, response: ServerResponse) => void = (_, response) => response.end();
  const server = createServer(async (request, response) => {
    const body = Buffer.concat(await Array.fromAsync(request as AsyncIterable<Buffer>)).toString();
    requests.push({ path: request.url, ...JSON.parse(body || '{}') });
    answer(request, response);
  });
  server.on('connection', (socket) => {
    open.add(socket);
    socket.on('close', () => open.delete(socket));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}`,
    open,
    requests,
    answerWith: (given) => {
      answer = given;
    },
    async close() {
      const closed = new Promise((resolve) => server.close(resolve));
      server.closeAllConnections();
      await closed;
    },
  };
}

/** Telegram accepts every message. */
export function answerOk(server: BotServer): void {
  server.answerWith((_, response) => response.end(JSON.stringify({ ok: true, result: { message_id: 1 } })));
}

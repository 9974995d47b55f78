/**
 * A shop's own system that receives webhooks, written as its developer would: it checks each call with the library of
 * Standard Webhooks, and knows nothing of our code.
 */
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { Webhook } from 'standardwebhooks';

interface Received {
  id: string;
  type: string;
  timestamp: string;
  data: Record<string, unknown>;
  headers: Record<string, string>;
  body: string;
}

export interface Receiver {
  url: string;
  port: number;
  /** What came with a right signature, oldest first. */
  received: Received[];
  /** What was wrong with the signatures of the others. */
  refused: string[];
  /** The secrets that it knows. */
  secrets: string[];
  /** Connections that were made, whatever came of them. */
  connections: () => number;
  /** How it answers from now on; by default with 204. */
  answer: (response: ServerResponse, request: IncomingMessage) => void;
  close(): Promise<void>;
}

/** @param port any free one, or that of a receiver that was killed. */
export async function startReceiver(port = 0): Promise<Receiver> {
  let connections = 0;
  const server = createServer(async (request, response) => {
    const body = Buffer.concat(await Array.fromAsync(request as AsyncIterable<Buffer>)).toString();
    const headers = request.headers as Record<string, string>;
    const id = headers['webhook-id'] ?? '';
    try {
      verified(receiver.secrets, body, headers);
      receiver.received.push({ id, headers, body, ...JSON.parse(body) });
    } catch (error) {
      receiver.refused.push(String(error));
    }
    receiver.answer(response, request);
  });
  server.on('connection', () => {
    connections += 1;
  });
  await new Promise<void>((resolve) => server.listen(port, '127.0.0.1', resolve));
  const { port: own } = server.address() as AddressInfo;
  const receiver: Receiver = {
    url: `http://127.0.0.1:${own}/hook`,
    port: own,
    received: [],
    refused: [],
    secrets: [],
    connections: () => connections,
    answer: (response) => response.writeHead(204).end(),
    async close() {
      const closed = new Promise((resolve) => server.close(resolve));
      server.closeAllConnections();
      await closed;
    },
  };
  return receiver;
}

/** One of the secrets is enough. @throws WebhookVerificationError of the last one. */
function verified(secrets: string[], body: string, headers: Record<string, string>): void {
  let error: unknown = new Error('The receiver knows no secret.');
  for (const secret of secrets) {
    try {
      new Webhook(secret).verify(body, headers);
      return;
    } catch (refusal) {
      error = refusal;
    }
  }
  throw error;
}

/** A proxy in front of a local service that records its requests, and can hold back a request or its answer. */
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { bodyOf, passOn } from './onward.ts';

export interface SeenRequest {
  path: string;
  /** The operation of an AWS request, such as `DynamoDB_20120810.PutItem`; empty for Telegram. */
  operation: string;
  body: string;
}

export interface Tripwire {
  /** Replaces the service's own address. */
  url: string;
  seen: SeenRequest[];
  /** Holds back the next request that matches, or the answer to it. Resolves when it is held; it is never released. */
  hold(what: 'request' | 'answer', fits: (request: SeenRequest) => boolean): Promise<void>;
  /** From now on the service accepts every request that matches, and never answers; without a function: it answers all. */
  hang(fits?: (request: SeenRequest) => boolean): void;
  /** From now on the connection of every request that matches is dropped; without a function: of none. */
  drop(fits?: (request: SeenRequest) => boolean): void;
  close(): Promise<void>;
}

interface Trap {
  what: 'request' | 'answer';
  fits: (request: SeenRequest) => boolean;
  isHeld: () => void;
}

export async function startTripwire(target: string): Promise<Tripwire> {
  const service = new URL(target);
  const seen: SeenRequest[] = [];
  let trap: Trap | undefined;
  let hangs: (request: SeenRequest) => boolean = () => false;
  let drops: (request: SeenRequest) => boolean = () => false;

  async function handle(incoming: IncomingMessage, outgoing: ServerResponse): Promise<void> {
    const body = await bodyOf(incoming);
    const { url: path = '', headers } = incoming;
    const request = { path, operation: String(headers['x-amz-target'] ?? ''), body: body.toString() };
    seen.push(request);
    if (hangs(request)) return;
    if (drops(request)) return void incoming.socket.destroy();
    const sprung = trap?.fits(request) ? trap : undefined;
    if (sprung) trap = undefined;
    if (sprung?.what === 'request') return sprung.isHeld();

    const answer = await passOn(service, incoming, body);
    if (sprung) return sprung.isHeld();
    outgoing.writeHead(answer.statusCode, answer.headers).end(answer.body);
  }

  const server = createServer((incoming, outgoing) => {
    // A connection that the client closed is not an error: these tests kill processes.
    handle(incoming, outgoing).catch(() => incoming.socket.destroy());
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port: ownPort } = server.address() as AddressInfo;

  return {
    url: `http://127.0.0.1:${ownPort}`,
    seen,
    hold: (what, fits) =>
      new Promise((isHeld) => {
        trap = { what, fits, isHeld };
      }),
    hang: (fits = () => false) => {
      hangs = fits;
    },
    drop: (fits = () => false) => {
      drops = fits;
    },
    async close() {
      const closed = new Promise((resolve) => server.close(resolve));
      server.closeAllConnections();
      await closed;
    },
  };
}

/** Between a function and all services that it calls. */
export interface Tripwires {
  dynamodb: Tripwire;
  sqs: Tripwire;
  telegram: Tripwire;
  close(): Promise<void>;
}

/** @param telegramUrl where the emulator listens. The others are those of this process. */
export async function startTripwires(telegramUrl: string): Promise<Tripwires> {
  const { AWS_ENDPOINT_URL_DYNAMODB = '', AWS_ENDPOINT_URL_SQS = '' } = process.env;
  const dynamodb = await startTripwire(AWS_ENDPOINT_URL_DYNAMODB);
  const sqs = await startTripwire(AWS_ENDPOINT_URL_SQS);
  const telegram = await startTripwire(telegramUrl);
  const all = [dynamodb, sqs, telegram];
  return {
    dynamodb,
    sqs,
    telegram,
    close: async () => void (await Promise.all(all.map((each) => each.close()))),
  };
}

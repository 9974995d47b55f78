import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { refuseForeignCallers } from '../foreign-callers.ts';
import { callMethod, handleBotApi } from './bot-api.ts';
import { handleControl } from './control.ts';
import { type CallRecord, Emulator } from './emulator.ts';
import { sendJson } from './http.ts';
import { DEFAULT_LIMITS, type Limits } from './limits.ts';
import { servePage } from './page-files.ts';
import { Samples } from './samples.ts';
import type { Shops } from './shops.ts';
import { SnapshotFile } from './snapshot.ts';
import type { BotAccount, StartedChat } from './types.ts';
import { DEFAULT_BOTS, DEFAULT_CHATS, World } from './world.ts';

export type EmulatorOptions = {
  /** 0, the default, takes any free port. */
  port?: number;
  /** Address to listen on; by default this machine alone can reach it. */
  host?: string;
  /** Where chats and messages are kept between runs; without it nothing is kept. */
  dataFile?: string;
  bots?: BotAccount[];
  chats?: StartedChat[];
  /** The address to which the panel of sample events sends them. */
  apiUrl?: string | (() => string);
  siteId?: string;
  siteKey?: string;
  samplesDirectory?: string;
  /** Without them a link starts the bot that is named, and nobody has logged in anywhere. */
  shops?: Shops;
  limits?: Partial<Limits>;
  /** Wait before the first retry of a webhook, in milliseconds. */
  webhookRetryMilliseconds?: number;
  /** Milliseconds since 1970. */
  now?: () => number;
};

export type RunningEmulator = {
  /** Without a slash at the end: also the `apiRoot` for telegraf. */
  url: string;
  port: number;
  /** The Bot API calls since this was last asked; chats, faults and limits are emptied. */
  takeCalls(): CallRecord[];
  close(): Promise<void>;
};

/**
 * Starts the Telegram emulator: the Bot API at `/bot<token>/<method>`, the control API for
 * tests under `/emulator`, and the page with the chats at `/`.
 * @throws when the port is in use, or the data file can't be read.
 */
export async function startEmulator(options: EmulatorOptions = {}): Promise<RunningEmulator> {
  const snapshot =
    options.dataFile === undefined ? undefined : new SnapshotFile(options.dataFile, () => emulator);
  const emulator: Emulator = new Emulator({
    world: new World(options.bots ?? DEFAULT_BOTS, options.chats ?? DEFAULT_CHATS),
    limits: { ...DEFAULT_LIMITS, ...options.limits },
    now: options.now ?? (() => Date.now()),
    retryMilliseconds: options.webhookRetryMilliseconds ?? 250,
    onChange: () => snapshot?.changed(),
    saved: async () => snapshot?.saved(),
    shops: options.shops,
    onWebhookReply: (bot, method, parameters) => {
      callMethod(emulator, bot, method, parameters, new AbortController().signal).catch(report);
    },
  });
  await snapshot?.load();
  const samples = samplesOf(options);
  const server = createServer((request, response) => {
    handle(emulator, samples, request, response).catch((error: Error) => fail(response, error));
  });
  // The control API has no key, and the bots' tokens are known.
  refuseForeignCallers(server, { mayBeVisited: isPage });
  // Clients keep connections open for some seconds. With Node's five seconds, the server could close one at the moment in
  // which a client sends its next request.
  server.keepAliveTimeout = 60_000;
  const host = options.host ?? '127.0.0.1';
  const port = await listen(server, options.port ?? 0, host).catch((error: Error) => {
    emulator.close();
    throw error;
  });
  return {
    url: `http://${host.includes(':') ? `[${host}]` : host}:${port}`,
    port,
    takeCalls() {
      const { calls } = emulator;
      if (calls.length > 0) emulator.reset();
      return calls;
    },
    close: async () => {
      emulator.close();
      await stop(server);
      await snapshot?.close();
    },
  };
}

/** The page with the chats, to which links may lead. */
function isPage({ url = '/' }: IncomingMessage): boolean {
  return !/^\/(bot|emulator)/.test(URL.parse(url, 'http://emulator')?.pathname ?? '');
}

function samplesOf(options: EmulatorOptions): Samples {
  const { apiUrl = 'http://127.0.0.1:3000' } = options;
  return new Samples({
    directory: options.samplesDirectory ?? join(import.meta.dirname, '..', 'samples'),
    apiUrl: typeof apiUrl === 'string' ? () => apiUrl : apiUrl,
    siteId: options.siteId ?? 'demo',
    siteKey: options.siteKey ?? 'pwtg_demo',
  });
}

async function handle(
  emulator: Emulator,
  samples: Samples,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  const url = URL.parse(request.url ?? '/', 'http://emulator');
  if (url === null) return sendJson(response, 400, { error: 'The address of the request is not valid.' });
  // What is asked for with HEAD is that of GET, without its content, which Node leaves out; it calls no method.
  const isHead = request.method === 'HEAD';
  if (isHead && url.pathname.startsWith('/bot')) return sendJson(response, 405, NO_CALL);
  if (url.pathname.startsWith('/bot')) return handleBotApi(emulator, request, response, url);
  if (url.pathname.startsWith('/emulator/')) return handleControl(emulator, samples, request, response, url);
  const isRead = isHead || request.method === 'GET';
  if (isRead && (await servePage(url.pathname, response))) return;
  // Where the API's page was, before the API had one itself.
  if (isRead && /^\/docs\/?$/.test(url.pathname)) {
    response.writeHead(302, { location: `${samples.apiUrl}/v1/docs`, 'content-length': 0 }).end();
    return;
  }
  sendJson(response, 404, { ok: false, error_code: 404, description: 'Not Found' });
}

const NO_CALL = { ok: false, error_code: 405, description: 'Method Not Allowed: use GET or POST' };

/** A bug of the emulator: printed, and answered so that it does not look like an answer of Telegram. */
function fail(response: ServerResponse, error: Error): void {
  if (response.destroyed || response.writableEnded) return;
  report(error);
  if (response.headersSent) response.destroy();
  else sendJson(response, 500, { error: `The emulator failed: ${error.message}` });
}

function report(error: unknown): void {
  console.error('The Telegram emulator failed:', error);
}

function listen(server: Server, port: number, host: string): Promise<number> {
  return new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, host, () => {
      server.off('error', reject);
      // A server that listens on a host and port has an address of this form.
      resolve((server.address() as AddressInfo).port);
    });
  });
}

function stop(server: Server): Promise<void> {
  return new Promise((resolve, reject) => {
    server.close((error) => (error === undefined ? resolve() : reject(error)));
    server.closeAllConnections();
  });
}

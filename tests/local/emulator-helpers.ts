import { createServer, type IncomingHttpHeaders } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach } from '@jest/globals';
import { type EmulatorOptions, type RunningEmulator, startEmulator } from '../../local/emulator/server.ts';
import type { Message, Update } from '../../local/emulator/types.ts';

/** An answer's body, for tests that look into it: the compiler takes it as it is hoped to be. */
export type Body = {
  ok: boolean;
  description: string;
  error: string;
  result: Message & Record<string, unknown>;
} & Record<string, unknown>;

export type HttpAnswer = { status: number; body: Body };

const closers: (() => Promise<unknown>)[] = [];

afterEach(async () => {
  const failures: unknown[] = [];
  for (const close of closers.splice(0).reverse()) {
    // One that fails must not keep the others from closing: what stays open never lets jest end.
    await close().catch((error: unknown) => failures.push(error));
  }
  if (failures.length > 0) throw failures[0];
});

/** Whatever a test starts is stopped after it. */
export function closeAfterTest(close: () => Promise<unknown>): void {
  closers.push(close);
}

export async function start(options: EmulatorOptions = {}): Promise<RunningEmulator> {
  const emulator = await startEmulator({ webhookRetryMilliseconds: 10, ...options });
  closeAfterTest(() => emulator.close());
  return emulator;
}

export async function request(url: string, init?: RequestInit): Promise<HttpAnswer> {
  const response = await fetch(url, init);
  return { status: response.status, body: JSON.parse(await response.text()) };
}

export function post(url: string, body: unknown = {}): Promise<HttpAnswer> {
  const headers = { 'content-type': 'application/json' };
  return request(url, { method: 'POST', headers, body: JSON.stringify(body) });
}

/** Calls a Bot API method of the demo bot, or of another. */
export function call(
  emulator: RunningEmulator,
  method: string,
  parameters: unknown = {},
  token = '100:demo',
): Promise<HttpAnswer> {
  return post(`${emulator.url}/bot${token}/${method}`, parameters);
}

export function control(emulator: RunningEmulator, path: string, body?: unknown): Promise<HttpAnswer> {
  const url = `${emulator.url}/emulator/${path}`;
  return body === undefined ? request(url) : post(url, body);
}

export async function messagesOf(emulator: RunningEmulator, chatId: number): Promise<Message[]> {
  const response = await fetch(`${emulator.url}/emulator/chats/${chatId}/messages`);
  return JSON.parse(await response.text());
}

/** The error that the Bot API documents. */
export function refused(status: number, description: string) {
  return { status, body: { ok: false, error_code: status, description } };
}

export type Received = { method: string; url: string; headers: IncomingHttpHeaders; body: Update };

/** A small HTTP server that writes down what it gets; `answer` decides the status, 200 by default. */
export async function receiver(
  answer: (received: Received, count: number) => { status?: number; body?: unknown } = () => ({}),
): Promise<{ url: string; received: Received[]; until(count: number): Promise<Received[]> }> {
  const received: Received[] = [];
  const waiting: { count: number; resolve: (all: Received[]) => void }[] = [];
  const server = createServer(async (incoming, response) => {
    let text = '';
    for await (const chunk of incoming) text += chunk;
    const { method = '', url = '', headers } = incoming;
    const one = { method, url, headers, body: JSON.parse(text) };
    received.push(one);
    const { status = 200, body = {} } = answer(one, received.length);
    response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body));
    for (const { count, resolve } of waiting) if (received.length >= count) resolve(received);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  closeAfterTest(
    () =>
      new Promise((resolve) => {
        server.close(resolve);
        server.closeAllConnections();
      }),
  );
  const { port } = server.address() as AddressInfo;
  const until = (count: number) =>
    new Promise<Received[]>((resolve) => {
      if (received.length >= count) resolve(received);
      else waiting.push({ count, resolve });
    });
  return { url: `http://127.0.0.1:${port}/hook`, received, until };
}

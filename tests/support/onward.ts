/** How a proxy in a test passes a request on. */
import { request as httpRequest, type IncomingHttpHeaders, type IncomingMessage } from 'node:http';
import { answerOfTables } from './without-http.ts';

export interface Answer {
  statusCode: number;
  headers: IncomingHttpHeaders;
  body: Uint8Array;
}

/** @param target the address of the service. @throws where it can't be reached. */
export async function passOn(target: URL, incoming: IncomingMessage, body: Uint8Array): Promise<Answer> {
  const { hostname, port } = target;
  const { method, url: path, headers } = incoming;
  const answer = await answerOfTables(Number(port), headers, body);
  if (answer) return answer;
  const { promise, resolve, reject } = Promise.withResolvers<IncomingMessage>();
  httpRequest({ hostname, port, method, path, headers }, resolve).once('error', reject).end(body);
  const message = await promise;
  return { statusCode: message.statusCode ?? 502, headers: message.headers, body: await bodyOf(message) };
}

export async function bodyOf(message: IncomingMessage): Promise<Buffer> {
  return Buffer.concat(await Array.fromAsync(message as AsyncIterable<Buffer>));
}

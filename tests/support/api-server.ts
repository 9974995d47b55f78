/** The API of an app over HTTP, for what calls it from outside. */
import { createServer, type Server } from 'node:http';
import { text } from 'node:stream/consumers';
import { listen } from '../../local/ports.ts';
import type { App } from './app.ts';
import { record } from './sqs-events.ts';

export interface ApiServer {
  url: string;
  close(): Promise<void>;
}

/** Before each answer to a GET, what is queued is delivered. */
export async function serveApi(app: App): Promise<ApiServer> {
  const server: Server = createServer(async (request, response) => {
    const { method = '', url = '', headers } = request;
    if (method === 'GET')
      await app.deliver((await app.takeQueued()).map((notification) => record(notification)));
    const key = headers.authorization?.replace('Bearer ', '') ?? null;
    const body = await text(request);
    const { status = 0, json } = await app.call(method, url, { key, ...(body !== '' && { body }) });
    response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(json));
  });
  const url = `http://127.0.0.1:${await listen(server, 0)}`;
  return {
    url,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

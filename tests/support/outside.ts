/** All that is not this machine: a proxy, other addresses of AWS, the metadata service. A test wants nobody to ask it. */
import { createServer } from 'node:http';
import { listen } from '../../local/ports.ts';

export interface Outside {
  address: string;
  /** What was asked of it: method and URL. */
  strayed: string[];
  close(): void;
}

/** Starts a server that answers every request, and every request to a proxy, with an error. */
export async function startOutside(): Promise<Outside> {
  const strayed: string[] = [];
  const server = createServer((request, response) => {
    strayed.push(`${request.method} ${request.url}`);
    response.writeHead(500).end();
  });
  server.on('connect', (request, socket) => {
    strayed.push(`CONNECT ${request.url}`);
    socket.end('HTTP/1.1 502 Bad Gateway\r\n\r\n');
  });
  const address = `http://127.0.0.1:${await listen(server, 0)}`;
  return { address, strayed, close: () => server.close() };
}

import { createServer, type Server } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { errorCode, type RequestedPort } from './run.ts';

/** The addresses of this machine: IPv4, and IPv6 where there is any. */
const LOOPBACK = ['127.0.0.1', '::1'];

/** How long to wait for a run that is being stopped to close its ports, in milliseconds. */
const RELEASE_TIMEOUT = 1_000;

/** Whether a server can listen on this port of this machine, and a browser that asks `localhost` would find it. */
export async function isFree(port: number): Promise<boolean> {
  for (const host of LOOPBACK) {
    const server = createServer();
    try {
      await listen(server, port, host);
    } catch (error) {
      // A machine without IPv6 refuses this address; that says nothing about the port.
      if (host === '127.0.0.1' || errorCode(error) === 'EADDRINUSE') return false;
    }
    if (server.listening) await new Promise((resolve) => server.close(resolve));
  }
  return true;
}

/** As `isFree`, but waits for a program that is being stopped. */
export async function becomesFree(port: number, timeout = RELEASE_TIMEOUT): Promise<boolean> {
  for (const end = Date.now() + timeout; ; await sleep(100)) {
    if (await isFree(port)) return true;
    if (Date.now() >= end) return false;
  }
}

/** Any port that is free now. */
export async function anyFreePort(): Promise<number> {
  const server = createServer();
  const port = await listen(server, 0);
  await new Promise((resolve) => server.close(resolve));
  return port;
}

/** Listens and returns the port, which the system chooses for 0. @throws `EADDRINUSE` and its like. */
export function listen(server: Server, port: number, host = '127.0.0.1'): Promise<number> {
  return new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, host, () => {
      server.off('error', reject);
      const address = server.address();
      resolve(typeof address === 'object' && address ? address.port : port);
    });
  });
}

/**
 * Starts something on the requested port, or on any free one where the request allows it. Only listening tells reliably
 * whether a port is free: another process could take it after any other check.
 */
export async function startOn<Started>(
  { port, anyIfTaken }: RequestedPort,
  start: (port: number) => Promise<Started>,
): Promise<Started> {
  try {
    return await start(port);
  } catch (error) {
    if (!anyIfTaken || errorCode(error) !== 'EADDRINUSE') throw error;
    return start(0);
  }
}

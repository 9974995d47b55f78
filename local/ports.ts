import { createServer, type Server } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { errorCode, type PortWish } from './run.ts';

/** This machine and no other: as IPv4, and as IPv6 where there is any. */
const LOOPBACK = ['127.0.0.1', '::1'];

/** A run that was just stopped needs a moment to let go of its ports. Milliseconds. */
const PATIENCE = 1_000;

/** Whether a server can listen on this port of this machine, and a browser that asks `localhost` would find it. */
export async function isFree(port: number): Promise<boolean> {
  for (const host of LOOPBACK) {
    const server = createServer();
    try {
      await listen(server, port, host);
    } catch (error) {
      // Without IPv6 nobody else can be there.
      if (host === '127.0.0.1' || errorCode(error) === 'EADDRINUSE') return false;
    }
    if (server.listening) await new Promise((resolve) => server.close(resolve));
  }
  return true;
}

/** As `isFree`, but gives whoever is about to leave the time to do so. */
export async function becomesFree(port: number, patience = PATIENCE): Promise<boolean> {
  for (const end = Date.now() + patience; ; await sleep(100)) {
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
 * Starts something on the port that is wished for, or on any other where that one is taken and another will do. To listen
 * is the only test that no other process can come in between.
 */
export async function startOn<Started>(
  { port, movesAside }: PortWish,
  start: (port: number) => Promise<Started>,
): Promise<Started> {
  try {
    return await start(port);
  } catch (error) {
    if (!movesAside || errorCode(error) !== 'EADDRINUSE') throw error;
    return start(0);
  }
}

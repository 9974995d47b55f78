/** Servers that other packages open in this process. */
import { Server as HttpServer } from 'node:http';
import { type ListenOptions, Server } from 'node:net';

/**
 * From now on, a server that begins to listen does so on the loopback address, whatever it asks for.
 *
 * @param prepare called with each HTTP server before it listens, and with the port that it asks for.
 * @returns a function that ends this.
 */
export function listenOnLoopback(prepare: (server: HttpServer, port: number) => void): () => void {
  const { listen } = Server.prototype;
  Server.prototype.listen = function listenHere(this: Server, ...args: unknown[]) {
    const [first, ...rest] = args;
    const options: ListenOptions = typeof first === 'object' ? { ...first } : { port: Number(first) };
    if (this instanceof HttpServer) prepare(this, Number(options.port));
    const whenListening = rest.find((argument) => typeof argument === 'function');
    return listen.call(this, { ...options, host: '127.0.0.1' }, whenListening as () => void);
  } as typeof listen;
  return () => {
    Server.prototype.listen = listen;
  };
}

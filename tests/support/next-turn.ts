import { promisify } from 'node:util';

/** Lets timers and sockets have their turn. The real one, also where a test puts its own clock into its place later. */
export const nextTurn = promisify(setImmediate);

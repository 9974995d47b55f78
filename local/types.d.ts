declare module 'dynalite' {
  import type { Server } from 'node:http';
  export default function dynalite(options: {
    createTableMs?: number;
    deleteTableMs?: number;
    updateTableMs?: number;
    path?: string;
  }): Server;
}

/** A script of the emulator's page that the emulator imports too. It is JavaScript, since browsers run nothing else. */
declare module '*/page/start-link.js' {
  export function startIn(text: string): { bot: string; payload: string } | undefined;
}

/** What `npm start` (start.ts) and the process that it runs (plugin.ts) tell each other. */

/** A port, and whether another one will do where it is taken. */
export interface PortWish {
  /** 0: any. */
  port: number;
  movesAside: boolean;
}

/** How this run shall be. It travels as JSON in the environment variable `LOCAL_RUN`. */
export interface Run {
  apiPort: number;
  /** Absent where another Bot API server is used. */
  telegramPort?: number;
  telegramApiRoot?: string;
  /** Whether that server is Telegram's own, where the people of the demo data are strangers. */
  isRealTelegram: boolean;
  lambda: PortWish;
  sqs: PortWish;
  dynamodb: PortWish;
  /** Where data is kept, absolute; absent: in memory. */
  dataDirectory?: string;
  /** Where data goes when a run on other ports has that folder already; absent: it is that folder or none. */
  otherDataDirectory?: string;
  /** Where the bundles of the functions are, as serverless names it: from the repository. */
  functionsDirectory: string;
}

/** Where everything is, once it runs. */
export interface Addresses {
  telegram: string;
  lambda: string;
  sqs: string;
  dynamodb: string;
  dataDirectory?: string;
  /** Absent where Telegram did not take it. */
  bot?: { username: string; isPolled: boolean };
}

/** What the process says over its channel. */
export type Report =
  | { kind: 'progress'; text: string }
  | { kind: 'ready'; addresses: Addresses }
  | { kind: 'failed'; reason: string };

/** The run can't begin, for a reason that its user can do something about: the message says what. */
export class StartError extends Error {
  override readonly name = 'StartError';
}

/** The code of a system error, such as `EADDRINUSE`. */
export function errorCode(error: unknown): string | undefined {
  // Not `instanceof Error`: under jest, Node's own errors are of another realm.
  const isObject = typeof error === 'object' && error !== null;
  return isObject && 'code' in error ? String(error.code) : undefined;
}

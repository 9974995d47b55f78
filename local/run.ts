/** The messages between `npm start` (start.ts) and the process that it starts (plugin.ts). */

/** A port, and whether any other is used where it is taken. */
export interface RequestedPort {
  /** 0: any. */
  port: number;
  anyIfTaken: boolean;
}

/** The settings of a run, passed as JSON in the environment variable `LOCAL_RUN`. */
export interface Run {
  apiPort: number;
  /** Absent where another Bot API server is used. */
  telegramPort?: number;
  telegramApiRoot?: string;
  /** Whether that server is Telegram's own, where the chat ids of the demo data belong to strangers. */
  isRealTelegram: boolean;
  lambda: RequestedPort;
  sqs: RequestedPort;
  dynamodb: RequestedPort;
  /** The absolute path of the data; absent: in memory. */
  dataDirectory?: string;
  /** Of this port alone: see claimDataDirectory. Absent: no other folder is used. */
  ownDataDirectory?: string;
  /** The folder of the functions' bundles, relative to the repository. */
  functionsDirectory: string;
}

/** The addresses of a run that has started. */
export interface Addresses {
  telegram: string;
  lambda: string;
  sqs: string;
  dynamodb: string;
  dataDirectory?: string;
  /** Absent where Telegram refused its token. */
  bot?: { username: string; isPolled: boolean };
}

/** The messages of the process to `npm start`. */
export type Report =
  | { kind: 'progress'; text: string }
  | { kind: 'ready'; addresses: Addresses }
  | { kind: 'failed'; reason: string };

/** The run can't start, for a reason that its user can solve: the message says how. */
export class StartError extends Error {
  override readonly name = 'StartError';
}

/** The code of a system error, such as `EADDRINUSE`. */
export function errorCode(error: unknown): string | undefined {
  // Not `instanceof Error`: in jest, Node's own errors belong to another realm.
  const isObject = typeof error === 'object' && error !== null;
  return isObject && 'code' in error ? String(error.code) : undefined;
}

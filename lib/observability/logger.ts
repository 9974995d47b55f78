import { isIP } from 'node:net';
import { isNativeError } from 'node:util/types';
import { redact } from './redact.ts';
import { invocationFields } from './telemetry.ts';

type Fields = Record<string, unknown>;
type Level = 'info' | 'warn' | 'error';

/** The lowest level that is written: `LOG_LEVEL`, one of `info` (the default), `warn`, `error`, `off`. */
const LEVELS = ['info', 'warn', 'error', 'off'];

/**
 * Writes one JSON object per line, with the ids of the invocation. Personal data and secrets must not get into it: callers
 * pass ids (of sites, events and deliveries, not of users), counts and errors. Of an error only the name, message, code,
 * address (of a connection), stack and causes are written.
 */
export const log = {
  info: (message: string, fields: Fields = {}) => write('info', message, fields),
  warn: (message: string, fields: Fields = {}) => write('warn', message, fields),
  error: (message: string, fields: Fields = {}) => write('error', message, fields),
};

function write(level: Level, message: string, fields: Fields): void {
  if (LEVELS.indexOf(level) < LEVELS.indexOf(process.env.LOG_LEVEL ?? 'info')) return;
  const line = {
    level,
    message,
    timestamp: new Date(Date.now()).toISOString(),
    ...invocationFields(),
    ...fields,
    ...(fields.error ? { error: describeError(fields.error) } : {}),
  };
  process.stdout.write(`${JSON.stringify(line)}\n`);
}

/** Errors whose message quotes what a person has written. */
const QUOTING_ERRORS = ['SyntaxError', 'TelegramRefusalError'];

/** So many causes, one behind the other, are written, and so many errors beside each other. */
const MAX_DEPTH = 4;
const MAX_ERRORS = 4;

/** An error of Node, or of a connection, or several. */
interface ErrorFields extends Error {
  code?: unknown;
  address?: unknown;
  port?: unknown;
  errors?: unknown;
}

function isError(value: unknown): value is ErrorFields {
  return value instanceof Error || isNativeError(value);
}

function describeError(error: unknown, depth = 0): unknown {
  if (!isError(error)) return String(error);
  const { name, message, stack, cause, code, address, port, errors } = error;
  const isDeep = depth >= MAX_DEPTH;
  // A name may have several addresses (IPv4 and IPv6): then the error itself has no words, and those in it have.
  const inner = Array.isArray(errors) && !isDeep ? errors.filter(isError).slice(0, MAX_ERRORS) : [];
  return {
    name,
    message: QUOTING_ERRORS.includes(name) ? redact(message) : message,
    code,
    // Not a path or a name of a host: those can hold a secret.
    ...(typeof address === 'string' && isIP(address) && { address, port }),
    // Without its first lines, which have the message that may have to be redacted.
    stack: stack?.match(/^ +at .+$/gm)?.join('\n'),
    cause: cause && !isDeep ? describeError(cause, depth + 1) : undefined,
    ...(inner.length > 0 && { errors: inner.map((each) => describeError(each, depth + 1)) }),
  };
}

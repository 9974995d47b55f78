import { redact } from './redact.ts';
import { invocationFields } from './telemetry.ts';

type Fields = Record<string, unknown>;
type Level = 'info' | 'warn' | 'error';

/** The lowest level that is written: `LOG_LEVEL`, one of `info` (the default), `warn`, `error`, `off`. */
const LEVELS = ['info', 'warn', 'error', 'off'];

/**
 * Writes one JSON object per line, with the ids of the invocation. Personal data and secrets must not get into it: callers
 * pass ids (of sites, events and deliveries, not of users), counts and errors. Of an error only the name, message, code,
 * stack and causes are written.
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
    timestamp: new Date().toISOString(),
    ...invocationFields(),
    ...fields,
    ...(fields.error ? { error: describeError(fields.error) } : {}),
  };
  process.stdout.write(`${JSON.stringify(line)}\n`);
}

/** Errors whose message quotes what a person has written. */
const QUOTING_ERRORS = ['SyntaxError', 'TelegramRefusalError'];

function describeError(error: unknown, depth = 0): unknown {
  if (!(error instanceof Error)) return String(error);
  const { name, message, stack, cause } = error;
  const code = 'code' in error ? error.code : undefined;
  return {
    name,
    message: QUOTING_ERRORS.includes(name) ? redact(message) : message,
    code,
    // Without its first lines, which have the message that may have to be redacted.
    stack: stack?.match(/^ +at .+$/gm)?.join('\n'),
    cause: cause && depth < 3 ? describeError(cause, depth + 1) : undefined,
  };
}

/** Not printed: useful only in a log with lines of many invocations. */
const UNSHOWN = ['timestamp', 'function', 'requestId', 'apiRequestId'];

/** Prints a log line of a function in short. Everything else, such as metrics, is only in the log file. */
export function printLogLine(line: string): void {
  const entry = parse(line);
  if (!entry) return;
  const { level, message, error, ...fields } = entry;
  const facts = Object.entries(fields)
    .filter(([key]) => !UNSHOWN.includes(key))
    .map(([key, value]) => `${key}=${typeof value === 'string' ? value : JSON.stringify(value)}`);
  const cause = error ? ` — ${reasonOf(error)}` : '';
  const mark = level === 'error' ? '✗' : '·';
  console.log(`${new Date().toLocaleTimeString('en-GB')} ${mark} ${message}  ${facts.join(' ')}${cause}`);
}

function parse(line: string): { level: string; message: string; [field: string]: unknown } | undefined {
  if (!line.startsWith('{"level":')) return undefined;
  try {
    return JSON.parse(line);
  } catch {
    return undefined;
  }
}

function reasonOf(error: unknown): string {
  if (typeof error !== 'object' || error === null) return String(error);
  const { message, code, cause } = error as { message?: string; code?: string; cause?: unknown };
  return [message, code, cause && reasonOf(cause)].filter(Boolean).join(': ');
}

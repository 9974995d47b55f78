import { InvalidInputError } from '../lib/domain/errors.ts';
import { HttpProblem } from '../lib/http/problems.ts';

/** The command line has an error. */
export class UsageError extends Error {
  override readonly name = 'UsageError';
}

/** Whether the error is in the command line: an unknown option, one without its value, or a {@link UsageError}. */
export function isUsageError(error: unknown): error is Error {
  if (error instanceof UsageError) return true;
  return error instanceof Error && 'code' in error && /^ERR_PARSE_ARGS/.test(String(error.code));
}

/** Where the key of a command comes from, if it is not only asked for. */
const KEY_OF: Record<string, string> = { 'import-users': '--site and SITE_KEY' };

/**
 * The error as sentences for a person at a terminal, without secrets.
 *
 * @param command the command whose `--help` explains its use.
 */
export function explain(error: unknown, command = 'site'): string[] {
  const seeHelp = `See npm run ${command} -- --help.`;
  const wrong = error instanceof HttpProblem ? error.problem.errors : undefined;
  const errors = error instanceof InvalidInputError ? error.errors : wrong;
  if (error instanceof HttpProblem && error.problem.status === 401)
    return [`Unknown site or wrong key: check ${KEY_OF[command] ?? "the site's id and its key"}.`];
  // The fields of the body are the options of the command.
  if (errors) return errors.map(({ pointer, detail }) => `--${pointer.replace(/^\//, '')}: ${detail}`);
  if (isUsageError(error)) return [error.message, seeHelp];
  const chain = causesOf(error);
  const says = (pattern: RegExp) =>
    chain.some(({ name, message, code }) => pattern.test(`${name} ${message} ${code}`));
  if (says(/ResourceNotFound/)) return ['There is no such table: is --stage right, and --region?', seeHelp];
  if (says(/ECONNREFUSED/))
    return ['Nobody answers there: does the local run (npm start) run, and on these ports?', seeHelp];
  if (says(/Credentials|ExpiredToken|UnrecognizedClient|AccessDenied/))
    return [
      `AWS does not let this be done: ${chain.at(-1)?.message ?? ''}`,
      'Look at your AWS credentials (AWS_PROFILE).',
    ];
  return [chain.at(-1)?.message ?? String(error)];
}

type Link = { name: string; message: string; code: string };

/** An error and its causes, outermost first. */
function causesOf(error: unknown): Link[] {
  if (!(error instanceof Error)) return [];
  const inner: unknown[] = error instanceof AggregateError ? error.errors : [error.cause];
  const code = 'code' in error ? String(error.code) : '';
  return [{ name: error.name, message: error.message, code }, ...inner.flatMap(causesOf)];
}

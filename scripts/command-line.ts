/** What all commands (`npm run NAME -- …`) have in common: `--help`, options and arguments, and what is said where they are wrong. */
import { type ParseArgsOptionsConfig, parseArgs } from 'node:util';

/** The command line has an error. */
export class UsageError extends Error {
  override readonly name = 'UsageError';
}

export interface CommandLine<Options extends ParseArgsOptionsConfig> {
  /** As in `npm run NAME`. */
  name: string;
  /** What `--help` prints. */
  help: string;
  options?: Options;
  /** How many arguments it takes that are no options: none by default. */
  maxArguments?: number;
  /** Options and arguments are those of another program, which checks them. */
  isPassedOn?: boolean;
}

type Given<Options extends ParseArgsOptionsConfig> = ReturnType<
  typeof parseArgs<{ options: Options; allowPositionals: true }>
>;

/**
 * Runs a command: it has no top-level code of its own, so that `--help` only helps, and a wrong command line does nothing.
 * The process ends with 1 where there is an error.
 *
 * @param whyNot the sentences for an error that is none of the command line; by default it is thrown on.
 */
export async function runCommand<const Options extends ParseArgsOptionsConfig = Record<never, never>>(
  commandLine: CommandLine<Options>,
  run: (given: Given<Options>) => unknown,
  whyNot?: (error: unknown) => string[],
): Promise<void> {
  const { name, help, isPassedOn = false } = commandLine;
  const args = process.argv.slice(2);
  if (asksForHelp(args)) return console.log(help);
  try {
    await run(isPassedOn ? ({ values: {}, positionals: args } as Given<Options>) : read(commandLine, args));
  } catch (error) {
    const lines = isUsageError(error)
      ? [sentenceOf(error, args), `See ${npmRun(name)} -- --help.`]
      : whyNot?.(error);
    if (!lines) throw error;
    for (const line of lines) console.error(line);
    process.exitCode = 1;
  }
}

/** What npm runs without `run`. */
const SHORT = new Set(['start', 'test']);

function npmRun(name: string): string {
  return `npm ${SHORT.has(name) ? '' : 'run '}${name}`;
}

/** Whether `--help` is among the options: after `--` there are only arguments. */
function asksForHelp(args: string[]): boolean {
  const end = args.indexOf('--');
  return (end === -1 ? args : args.slice(0, end)).some((arg) => arg === '--help' || arg === '-h');
}

function read<Options extends ParseArgsOptionsConfig>(
  { name, options, maxArguments = 0 }: CommandLine<Options>,
  args: string[],
): Given<Options> {
  refuseTakenByNpm(name, options ?? {}, args);
  // The type of an absent `options` is that of an empty one.
  const given = parseArgs({ args, options: options ?? ({} as Options), allowPositionals: true });
  const [unexpected] = given.positionals.slice(maxArguments);
  if (unexpected === undefined) return given;
  const taken = maxArguments === 0 ? 'no arguments' : `at most ${maxArguments}`;
  throw new UsageError(`Unexpected argument '${unexpected}'. This command takes ${taken}.`);
}

/** Options of commands that are npm's own too: its settings may have them for its own ends. */
const ALSO_OF_NPM = ['yes', 'only'];

/**
 * Without `--` before them npm takes options for its own, and the command would go on without them: with the local run,
 * without `--stage`. npm puts them into the environment: https://docs.npmjs.com/cli/using-npm/config#environment-variables
 *
 * @throws UsageError
 */
function refuseTakenByNpm(name: string, options: ParseArgsOptionsConfig, args: string[]): void {
  const taken = Object.entries(options).flatMap(([option, { type }]) => {
    const value = process.env[`npm_config_${option.replaceAll('-', '_')}`];
    const isGiven = args.some((arg) => arg === `--${option}` || arg.startsWith(`--${option}=`));
    if (!value || isGiven || ALSO_OF_NPM.includes(option)) return [];
    // Of `--stage prod` npm leaves prod among the arguments.
    const isSplit = type === 'string' && value === 'true';
    return [{ option: `--${option}`, value: type === 'boolean' ? '' : ` ${value}`, isSplit }];
  });
  if (taken.length === 0) return;
  const names = taken.map(({ option }) => option).join(' and ');
  const whole = [...args, ...taken.map(({ option, value }) => option + value)].join(' ');
  const example = taken.some(({ isSplit }) => isSplit) ? '' : `: ${npmRun(name)} -- ${whole}`;
  throw new UsageError(`npm has taken ${names}: write -- before the options${example}`);
}

/** Whether the error is in the command line: an unknown option, one without its value, or a {@link UsageError}. */
function isUsageError(error: unknown): error is Error {
  if (error instanceof UsageError) return true;
  return error instanceof Error && 'code' in error && /^ERR_PARSE_ARGS/.test(String(error.code));
}

function sentenceOf({ message }: Error, args: string[]): string {
  const [, digit] = message.match(/^Unknown option '(-\d)'/) ?? [];
  const negative = digit && args.find((arg) => arg.startsWith(digit));
  if (negative) return `${negative} is negative: this command takes no such number.`;
  // Node advises on arguments that begin with "-": there are none here.
  return message.replace(/(Unknown option '.*?')\. To specify .*/s, '$1.');
}

/**
 * A whole number of the command line.
 *
 * @param name what it is called in `--help`.
 * @throws UsageError
 */
export function wholeNumber(text: string | number, name: string, { least = 1, most = MOST } = {}): number {
  const number = /^\d{1,15}$/.test(String(text)) ? Number(text) : Number.NaN;
  if (number >= least && number <= most) return number;
  const range = most === MOST ? `of ${least} or more` : `from ${least} to ${most}`;
  throw new UsageError(`${name} must be a whole number ${range}, not "${text}".`);
}

const MOST = Number.MAX_SAFE_INTEGER;

/** A count with its word, for a sentence. */
export function counted(count: number, one: string, many = `${one}s`): string {
  return `${count} ${count === 1 ? one : many}`;
}

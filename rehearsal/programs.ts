/** Programs that the rehearsal runs. None outlives it. */
import { type ChildProcess, type SpawnOptions, spawn } from 'node:child_process';
import { once } from 'node:events';
import { CannotStart } from './cannot-start.ts';
import { ending } from './ending.ts';

export interface Ended {
  code: number;
  /** What it wrote on standard output and standard error, in the order of its coming. */
  output: string;
  /** What it wrote on standard output. */
  out: string;
}

interface ProgramOptions {
  cwd?: string;
  env?: NodeJS.ProcessEnv;
  /** What it reads on standard input. */
  input?: string;
}

const running = new Set<ChildProcess>();

/** Starts a program in a process group of its own, so that what it starts ends with it. @throws when the rehearsal ends. */
export function startProgram(file: string, args: string[], options: SpawnOptions): ChildProcess {
  ending.throwIfAborted();
  const child = spawn(file, args, { ...options, detached: true });
  running.add(child);
  child.once('close', () => running.delete(child));
  return child;
}

/** Runs a program to its end. @throws CannotStart if there is no such program. */
export async function runProgram(
  file: string,
  args: string[],
  { input = '', ...options }: ProgramOptions = {},
): Promise<Ended> {
  const child = startProgram(file, args, { ...options, stdio: 'pipe' });
  const ended: Ended = { code: -1, output: '', out: '' };
  child.stdout?.setEncoding('utf8').on('data', (text) => {
    ended.output += text;
    ended.out += text;
  });
  child.stderr?.setEncoding('utf8').on('data', (text) => {
    ended.output += text;
  });
  // It may end without having read anything.
  child.stdin?.on('error', () => undefined).end(input);
  const [code] = await once(child, 'close').catch((error: NodeJS.ErrnoException) => {
    if (error.code !== 'ENOENT') throw error;
    throw new CannotStart(`${file} is missing, or what runs it: docs/rehearsal.md says what is needed.`);
  });
  return { ...ended, code: code ?? -1 };
}

/** Ends every program that still runs, with all that these have started. */
export async function endPrograms(): Promise<void> {
  const children = [...running];
  for (const child of children) signalGroup(child, 'SIGTERM');
  const late = setTimeout(() => {
    for (const child of running) signalGroup(child, 'SIGKILL');
  }, 3_000);
  await Promise.all(children.map((child) => running.has(child) && once(child, 'close')));
  clearTimeout(late);
  // Whoever is left of a group whose first process has ended.
  for (const child of children) signalGroup(child, 'SIGKILL');
}

function signalGroup({ pid }: ChildProcess, signal: NodeJS.Signals): void {
  try {
    if (pid !== undefined) process.kill(-pid, signal);
  } catch {
    // Nobody of the group is left.
  }
}

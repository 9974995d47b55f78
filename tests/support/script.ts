/** Programs, and the commands of `scripts/`, run as processes of their own. */
import { execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';

export interface Ended {
  code: number;
  /** All that it wrote on standard output, and on standard error. */
  out: string;
  error: string;
}

export interface ProgramOptions {
  cwd?: string;
  /** All of its environment. Without it, it has this process's. */
  env?: NodeJS.ProcessEnv;
  /** What it reads on standard input. */
  input?: string;
}

/** Runs a program to its end. */
export async function runProgram(
  command: string,
  args: string[],
  { cwd, env, input = '' }: ProgramOptions = {},
): Promise<Ended> {
  const child = spawn(command, args, { cwd, env });
  const ended: Ended = { code: -1, out: '', error: '' };
  child.stdout.setEncoding('utf8').on('data', (text) => {
    ended.out += text;
  });
  child.stderr.setEncoding('utf8').on('data', (text) => {
    ended.error += text;
  });
  // Whoever has nothing to read may have ended already.
  child.stdin.on('error', () => {});
  child.stdin.end(input);
  const [code] = await once(child, 'close');
  return { ...ended, code };
}

/** Runs `scripts/NAME.ts` to its end. @param input what it reads on standard input. */
export function runScript(
  name: string,
  args: string[],
  input = '',
  environment: NodeJS.ProcessEnv = {},
): Promise<Ended> {
  const env = { ...process.env, NODE_OPTIONS: '', ...environment };
  return runProgram(process.execPath, [join(process.cwd(), `scripts/${name}.ts`), ...args], { env, input });
}

/** Whether a program runs on this machine; if not, it is said that a test is left out. */
export function can(command: string, ...args: string[]): boolean {
  try {
    execFileSync(command, args, { stdio: 'ignore' });
    return true;
  } catch {
    console.warn(`${command} ${args.join(' ')} is not possible here: a test is left out.`);
    return false;
  }
}

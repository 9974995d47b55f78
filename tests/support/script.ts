/** The commands of `scripts/`, run as processes of their own. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';

export interface Ended {
  code: number;
  /** All that it wrote on standard output, and on standard error. */
  out: string;
  error: string;
}

/** Runs `scripts/NAME.ts` to its end. @param input what it reads on standard input. */
export async function runScript(
  name: string,
  args: string[],
  input = '',
  environment: NodeJS.ProcessEnv = {},
): Promise<Ended> {
  const child = spawn(process.execPath, [join(process.cwd(), `scripts/${name}.ts`), ...args], {
    env: { ...process.env, NODE_OPTIONS: '', ...environment },
  });
  const ended: Ended = { code: -1, out: '', error: '' };
  child.stdout.setEncoding('utf8').on('data', (text) => {
    ended.out += text;
  });
  child.stderr.setEncoding('utf8').on('data', (text) => {
    ended.error += text;
  });
  child.stdin.end(input);
  const [code] = await once(child, 'close');
  return { ...ended, code };
}

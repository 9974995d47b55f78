/**
 * C#, with the compiler and the runtime of Mono, which know what .NET Framework 4.x knows. Without them the tests are left out,
 * and say so: they are no part of Node, and not every machine can have them.
 */
import { type ChildProcessByStdio, execFile, spawn } from 'node:child_process';
import { accessSync, constants } from 'node:fs';
import { readdir } from 'node:fs/promises';
import { delimiter, join } from 'node:path';
import type { Readable } from 'node:stream';
import { promisify } from 'node:util';
import { describe } from '@jest/globals';

const run = promisify(execFile);

const isThere = ['mcs', 'mono'].every((program) =>
  (process.env.PATH ?? '').split(delimiter).some((folder) => canRun(join(folder, program))),
);

if (!isThere)
  console.warn(
    'LEFT OUT, AND NOT CHECKED: the C# client and the C# code of docs/integrazione-passweb.md. There is no mcs or no mono: on ' +
      'Debian, install mono-mcs and libmono-system-net-http4.0-cil.',
  );

export const describeWithCSharp = isThere ? describe : describe.skip;

const CLIENT = 'clients/csharp';

/** Compiles a program together with the client, as C# 7.0, with each warning as an error. */
export async function compileWithClient(sources: string[], exe: string): Promise<void> {
  const own = (await readdir(CLIENT))
    .filter((file) => file.endsWith('.cs'))
    .map((file) => join(CLIENT, file));
  const options = ['-langversion:7', '-warnaserror', '-r:System.Net.Http', `-out:${exe}`];
  await run('mcs', [...options, ...own, ...sources]).catch((error: { stdout: string; stderr: string }) => {
    throw new Error(`It does not compile:\n${error.stdout}${error.stderr}`);
  });
}

/** Runs a compiled program, with Italian settings: they must change nothing. @returns what it prints. */
export async function runProgram(exe: string, environment: Record<string, string>): Promise<string> {
  const { stdout } = await run('mono', [exe], { env: inItalian(environment), timeout: 60_000 }).catch(
    (error: { stdout: string; stderr: string }) => {
      throw new Error(`The program failed:\n${error.stdout}${error.stderr}`);
    },
  );
  return stdout;
}

/** Starts a compiled program that goes on until it is killed. */
export function startProgram(
  exe: string,
  environment: Record<string, string>,
): ChildProcessByStdio<null, Readable, null> {
  return spawn('mono', [exe], { env: inItalian(environment), stdio: ['ignore', 'pipe', 'inherit'] });
}

function inItalian(environment: Record<string, string>): NodeJS.ProcessEnv {
  return { ...process.env, LANG: 'it_IT.UTF-8', LC_ALL: 'it_IT.UTF-8', ...environment };
}

function canRun(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}

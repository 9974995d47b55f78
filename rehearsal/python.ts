/** The Python environment of the rehearsal: made once under node_modules/.cache, and anew when its requirements change. */
import { existsSync } from 'node:fs';
import { readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { CannotStart } from './cannot-start.ts';
import { runProgram } from './programs.ts';

const REQUIREMENTS = join(import.meta.dirname, 'requirements.txt');
const FOLDER = join(import.meta.dirname, '..', 'node_modules', '.cache', 'rehearsal');

/** The folder with the programs of the environment. */
export const PYTHON_PROGRAMS = join(FOLDER, 'bin');

/** Written at the end: an environment without it was not finished. */
const FINISHED = join(FOLDER, 'requirements.txt');

/** @throws CannotStart without Python 3, its module venv, or the packages. */
export async function preparePython(): Promise<void> {
  const requirements = await readFile(REQUIREMENTS, 'utf8');
  if (existsSync(FINISHED) && (await readFile(FINISHED, 'utf8')) === requirements) return;
  await rm(FOLDER, { recursive: true, force: true });
  await makeEnvironment();
  await install();
  await writeFile(FINISHED, requirements);
}

async function makeEnvironment(): Promise<void> {
  const made = await runProgram('python3', ['-m', 'venv', FOLDER]).catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT')
      throw new CannotStart('Python 3 is missing: install python3, 3.10 or later.');
    throw error;
  });
  if (made.code !== 0)
    throw new CannotStart(
      `Python's module venv is missing or does not work: on Debian, install python3-venv. It says: ${lastLine(made)}`,
    );
}

async function install(): Promise<void> {
  const pip = ['-m', 'pip', 'install', '--quiet', '--disable-pip-version-check', '-r', REQUIREMENTS];
  const installed = await runProgram(join(PYTHON_PROGRAMS, 'python'), pip);
  if (installed.code !== 0)
    throw new CannotStart(`pip could not install rehearsal/requirements.txt: ${lastLine(installed)}`);
}

function lastLine({ output }: { output: string }): string {
  return output.trim().split('\n').at(-1) ?? '';
}

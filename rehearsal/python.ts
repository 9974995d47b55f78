/** The Python environment of the rehearsal: made once under node_modules/.cache, and anew when Python, the folder or its requirements change. */
import { existsSync } from 'node:fs';
import { readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { CannotStart } from './cannot-start.ts';
import { runProgram } from './programs.ts';

const REQUIREMENTS = join(import.meta.dirname, 'requirements.txt');
const FOLDER = join(import.meta.dirname, '..', 'node_modules', '.cache', 'rehearsal');

/** The folder with the programs of the environment. */
export const PYTHON_PROGRAMS = join(FOLDER, 'bin');

/** Written at the end: an environment without it was not finished. It says what the environment was made of. */
const FINISHED = join(FOLDER, 'finished.txt');

/** @throws CannotStart without Python 3.10, its module venv, or the packages. */
export async function preparePython(): Promise<void> {
  // An environment holds the paths of its own folder and of its Python.
  const made = [await findPython(), FOLDER, await readFile(REQUIREMENTS, 'utf8')].join('\n');
  if (existsSync(FINISHED) && (await readFile(FINISHED, 'utf8')) === made) return;
  await rm(FOLDER, { recursive: true, force: true });
  await makeEnvironment();
  await install();
  await writeFile(FINISHED, made);
}

/** @returns version and place of the person's Python. */
async function findPython(): Promise<string> {
  const program = 'import sys; print(*sys.version_info[:3], sep="."); print(sys.base_prefix)';
  const { code, out, output } = await runProgram('python3', ['-c', program]);
  if (code !== 0) throw new CannotStart(`Python 3 does not work. It says: ${lastLine({ output })}`);
  const [version = ''] = out.split('\n');
  const [major = 0, minor = 0] = version.split('.').map(Number);
  if (major < 3 || (major === 3 && minor < 10))
    throw new CannotStart(`Python 3.10 or later is needed, and python3 is ${version}: install a later one.`);
  return out;
}

async function makeEnvironment(): Promise<void> {
  const made = await runProgram('python3', ['-m', 'venv', FOLDER]);
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

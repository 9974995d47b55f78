/**
 * `npm run schemathesis`: a program of other people makes requests from docs/openapi.json, right ones and wrong ones, sends
 * them to a local run, and holds every answer against the document. See docs/fuzzing.md.
 */
import '../local/isolated.ts';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { CannotStart } from '../rehearsal/cannot-start.ts';
import { runProgram } from '../rehearsal/programs.ts';
import { PYTHON_PROGRAMS, preparePython } from '../rehearsal/python.ts';
import { runCommand } from '../scripts/command-line.ts';
import { startRun } from '../tests/support/local-run.ts';
import { documentForTheDemoSite } from './demo-document.ts';

const HELP = `npm run schemathesis [-- --quick]

Sends requests that Schemathesis makes from docs/openapi.json to a local run: docs/fuzzing.md. Needs Python 3.10 with
its module venv. Ends with 1 if it finds something.

  --quick   fewer requests, the same each time, as in CI: one to two minutes instead of a quarter of an hour or more`;

const OPTIONS = { quick: { type: 'boolean', default: false } } as const;

const CONFIGURATION = join(import.meta.dirname, 'schemathesis.toml');
const OPENAPI_FILE = join(import.meta.dirname, '../docs/openapi.json');

async function test({ values }: { values: { quick: boolean } }): Promise<void> {
  await preparePython();
  const folder = await mkdtemp(join(tmpdir(), 'schemathesis-'));
  const run = await startRun();
  try {
    const document = join(folder, 'openapi.json');
    await writeFile(
      document,
      JSON.stringify(documentForTheDemoSite(JSON.parse(await readFile(OPENAPI_FILE, 'utf8')))),
    );
    const { code, output } = await runProgram(
      join(PYTHON_PROGRAMS, 'schemathesis'),
      [
        '--no-color',
        '--config-file',
        CONFIGURATION,
        'run',
        document,
        '--url',
        run.api,
        ...extent(values.quick),
      ],
      // It writes a folder beside itself.
      { cwd: folder },
    );
    console.log(output.trim());
    process.exitCode = code;
  } finally {
    await run.stop();
    await rm(folder, { recursive: true });
  }
}

function extent(isQuick: boolean): string[] {
  return isQuick
    ? ['--phases', 'examples,coverage,fuzzing', '--max-examples', '3']
    : ['--phases', 'examples,coverage,fuzzing,stateful', '--max-examples', '200'];
}

function whyNot(error: unknown): string[] {
  if (error instanceof CannotStart) return [error.message];
  throw error;
}

await runCommand({ name: 'schemathesis', help: HELP, options: OPTIONS }, test, whyNot);
// The run's connections may still be open.
process.exit();

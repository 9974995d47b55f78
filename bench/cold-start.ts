/**
 * Cold start: how long a new Node process takes to load each bundle. The baseline, which every function of this kind
 * needs, is a bundle of the two AWS clients only.
 *
 * The runs are interleaved, so that other load on the machine affects all of them equally.
 */
import '../local/isolated.ts';
import { execFile } from 'node:child_process';
import { mkdtemp, readdir, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { promisify } from 'node:util';
import { build } from 'esbuild';
import { BUNDLE_OPTIONS, buildFunctions } from '../scripts/build.ts';
import { runCommand, wholeNumber } from '../scripts/command-line.ts';
import { printProgress } from '../scripts/progress.ts';
import { median } from './report.ts';

const run = promisify(execFile);
const root = join(import.meta.dirname, '..');

const BASELINE = `
  import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
  import { SQSClient } from '@aws-sdk/client-sqs';
  export const clients = [new DynamoDBClient({}), new SQSClient({})];
`;

async function buildBaseline(outfile: string): Promise<void> {
  await build({ ...BUNDLE_OPTIONS, stdin: { contents: BASELINE, resolveDir: root }, outfile });
}

/** Milliseconds for the import of a module, in a new process. */
async function importMilliseconds(path: string): Promise<number> {
  const script = `const start = performance.now(); await import(${JSON.stringify(pathToFileURL(path).href)}); console.log(performance.now() - start);`;
  const env = { ...process.env, AWS_REGION: 'eu-south-1' };
  const { stdout } = await run(process.execPath, ['--input-type=module', '--eval', script], { env });
  return Number(stdout);
}

const HELP = `npm run bench:cold-start [-- RUNS]

How long a new Node process takes to load each bundle, compared with the two AWS clients alone.

  RUNS   how often each is loaded: 15 by default`;

async function main([runs = '15']: string[]): Promise<void> {
  await measure(wholeNumber(runs, 'RUNS'));
}

async function measure(runs: number): Promise<void> {
  const folder = await mkdtemp(join(tmpdir(), 'cold-start-'));
  await buildFunctions(folder);
  await buildBaseline(join(folder, 'two AWS clients.mjs'));
  const files = (await readdir(folder)).sort();
  const samples = new Map<string, number[]>(files.map((file) => [file, []]));
  for (let round = 0; round < runs; round++) {
    for (const file of files) samples.get(file)?.push(await importMilliseconds(join(folder, file)));
    printProgress(round + 1, runs, 'rounds');
  }

  const baseline = median(samples.get('two AWS clients.mjs') ?? []);
  console.log('\nbundle                    KB   median ms   against two AWS clients');
  for (const file of files) {
    const { size } = await stat(join(folder, file));
    const milliseconds = median(samples.get(file) ?? []);
    console.log(
      basename(file, '.mjs').padEnd(20),
      (size / 1024).toFixed(0).padStart(7),
      milliseconds.toFixed(1).padStart(11),
      `${(milliseconds / baseline).toFixed(2)} ×`.padStart(12),
    );
  }
  await rm(folder, { recursive: true });
}

await runCommand({ name: 'bench:cold-start', help: HELP, maxArguments: 1 }, ({ positionals }) =>
  main(positionals),
);

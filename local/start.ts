/**
 * `npm start`: the whole system on one machine. Builds the functions, runs serverless-offline with our plugin, and keeps
 * its chatter in a file so that what is printed can be read.
 */
import { type ChildProcess, spawn } from 'node:child_process';
import { createWriteStream, type WriteStream } from 'node:fs';
import { mkdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { buildFunctions } from '../scripts/build.ts';
import { printLogLine } from './log-line.ts';
import { whenNpmIsGone } from './parent.ts';
import { isFree } from './ports.ts';
import { type Addresses, type Report, type Run, StartError } from './run.ts';
import { readSettings } from './settings.ts';
import { welcome } from './welcome.ts';

const root = join(import.meta.dirname, '..');

/** When the processes that were asked to stop have not, they are made to. Milliseconds. */
const PATIENCE = 3_000;

/** How much of the log is shown when something went wrong that has no better explanation, in characters. */
const SHOWN_LOG = 2_000;

async function start(): Promise<void> {
  const settings = await readSettings(process.env, root);
  // Each run has bundles of its own: a build beside it, or another run, can't take them away.
  const cache = `node_modules/.cache/passweb-telegram/${settings.apiPort}`;
  const functionsDirectory = `${cache}/functions`;
  await mkdir(join(root, functionsDirectory), { recursive: true });
  const logPath = join(root, cache, 'run.log');
  const log = createWriteStream(logPath);

  console.log('Starting DynamoDB, SQS, Telegram, Lambda and API Gateway …');
  const building = buildFunctions(join(root, functionsDirectory));
  const child = startServerless({ ...settings, functionsDirectory }, log);
  const failure = stopsWith(child, logPath, settings.apiPort);
  try {
    const [addresses] = await Promise.race([Promise.all([whenReady(child), building]), failure]);
    const api = `http://localhost:${settings.apiPort}`;
    console.log(welcome({ ...addresses, api, isEmulator: settings.telegramApiRoot === undefined, logPath }));
  } catch (error) {
    child.kill('SIGKILL');
    throw error;
  }
  await failure;
}

function startServerless(run: Run, log: WriteStream): ChildProcess {
  const serverless = join(root, 'node_modules/serverless/bin/serverless.js');
  const options = ['--stage', 'local', '--host', '127.0.0.1', '--httpPort', String(run.apiPort)];
  const child = spawn(process.execPath, [serverless, 'offline', 'start', ...options], {
    cwd: root,
    env: { ...process.env, LOCAL_RUN: JSON.stringify(run) },
    // A channel of our own tells the child when we are gone, however we went.
    stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
  });
  child.stdout?.pipe(log, { end: false });
  child.stderr?.pipe(log, { end: false });
  // What a function logs is shown in short; all the rest is in the file.
  if (child.stdout) createInterface({ input: child.stdout }).on('line', printLogLine);
  stopWhenAsked(child);
  return child;
}

function whenReady(child: ChildProcess): Promise<Addresses> {
  return new Promise((resolve, reject) => {
    child.on('message', (report: Report) => {
      if (report.kind === 'progress') console.log(`  ${report.text}`);
      if (report.kind === 'ready') resolve(report.addresses);
      if (report.kind === 'failed') reject(new StartError(report.reason));
    });
  });
}

let isStopping = false;

/** Ctrl-C reaches the child too, from the terminal; a signal sent to us alone is passed on. */
function stopWhenAsked(child: ChildProcess): void {
  const stop = () => {
    if (isStopping) return;
    isStopping = true;
    if (child.connected) child.disconnect();
    // On Windows this would end it on the spot, with data unsaved; there the closed channel alone stops it.
    if (process.platform !== 'win32') child.kill('SIGTERM');
    setTimeout(() => child.kill('SIGKILL'), PATIENCE).unref();
  };
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, stop);
  whenNpmIsGone(stop);
}

/** Ends this process when the child ends as it should; throws where it did not. */
function stopsWith(child: ChildProcess, logPath: string, apiPort: number): Promise<never> {
  return new Promise((_, reject) => {
    child.on('exit', async (code, signal) => {
      if (isStopping) process.exit(0);
      // Somebody else was quicker between our look and the child's.
      if (!(await isFree(apiPort)))
        reject(new StartError(`Port ${apiPort} has just been taken by another program.`));
      const end = (await readFile(logPath, 'utf8')).slice(-SHOWN_LOG);
      reject(
        new StartError(
          `The run ended by itself (${signal ?? `code ${code}`}). The end of ${logPath}:\n\n${end}`,
        ),
      );
    });
  });
}

try {
  await start();
} catch (error) {
  if (!(error instanceof StartError)) throw error;
  console.error(`\n${error.message}`);
  process.exit(1);
}

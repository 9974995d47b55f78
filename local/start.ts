/**
 * `npm start`: the whole system on one machine. Builds the functions and runs serverless-offline with our plugin, whose
 * output goes to a file: only what people need is printed.
 */
import '../scripts/first.js';
import './isolated.ts';
import { type ChildProcess, spawn } from 'node:child_process';
import { rmSync, type WriteStream } from 'node:fs';
import { join, relative } from 'node:path';
import { createInterface } from 'node:readline';
import { setTimeout as sleep } from 'node:timers/promises';
import { functionOptions } from '../scripts/build.ts';
import { runCommand } from '../scripts/command-line.ts';
import { makeWritable } from './data-directory.ts';
import { DEMO_PLATFORM_KEY, DEMO_SITE_ID } from './demo.ts';
import { placeBundles } from './kept-bundles.ts';
import { printLogLine } from './log-line.ts';
import { whenNpmIsGone } from './parent.ts';
import { isFree } from './ports.ts';
import { type Addresses, type Report, type Run, StartError } from './run.ts';
import { endOfLog, logPathOf, openLog } from './run-log.ts';
import { readSettings } from './settings.ts';
import { makeTemporaryFolder } from './temporary-folder.ts';
import { goodbye, welcome } from './welcome.ts';

const root = join(import.meta.dirname, '..');
const CACHE = join(root, 'node_modules/.cache/passweb-telegram');

/** After this time a process that was asked to stop is killed, in milliseconds. */
const KILL_AFTER = 3_000;

/** How long the first request may take, in milliseconds. */
const LINK_TIMEOUT = 10_000;

/** How much later than to others a signal may come to this process, in milliseconds. */
const SIGNAL_DELAY = 100;

async function start(): Promise<void> {
  const settings = await readSettings(process.env, root);
  const functionsDirectory = await makeFunctionsDirectory(settings.apiPort);
  const { path: logPath, log } = await openLog(logPathOf(settings));

  const building = placeFunctions(functionsDirectory);
  const child = startServerless({ ...settings, functionsDirectory: relative(root, functionsDirectory) }, log);
  const failure = stopsWith(child, logPath, settings);
  console.log('Starting DynamoDB, SQS, Telegram, Lambda and API Gateway …');
  try {
    const [addresses] = await Promise.race([Promise.all([whenReady(child), building]), failure]);
    readyRun = addresses;
    const api = `http://127.0.0.1:${settings.apiPort}`;
    const isEmulator = settings.telegramApiRoot === undefined;
    const consoleLink = await makeConsoleLink(api);
    console.log(welcome({ ...addresses, api, consoleLink, isEmulator, logPath }));
  } catch (error) {
    // Ctrl-C also ends the programs that build.
    if (await isAsked()) await failure;
    child.kill('SIGKILL');
    throw error;
  }
  await failure;
}

async function placeFunctions(outdir: string): Promise<void> {
  await placeBundles({ ...(await functionOptions()), outdir }, join(CACHE, 'bundles'));
}

/** Each run has its own bundles, so that a build or another run does not change them. @returns the absolute path. */
async function makeFunctionsDirectory(apiPort: number): Promise<string> {
  const cache = join(CACHE, String(apiPort), 'functions');
  try {
    await makeWritable(cache);
    return cache;
  } catch {
    // The checkout can't be written, or belongs to another user.
    const temporary = await makeTemporaryFolder();
    process.on('exit', () => rmSync(temporary, { recursive: true, force: true }));
    // What scripts/first.js has set is in the checkout too.
    process.env.SLS_SCHEMA_CACHE_BASE_DIR = temporary;
    return temporary;
  }
}

function startServerless(run: Run, log: WriteStream): ChildProcess {
  const serverless = join(root, 'node_modules/serverless/bin/serverless.js');
  const options = ['--stage', 'local', '--host', '127.0.0.1', '--httpPort', String(run.apiPort)];
  const child = spawn(process.execPath, [serverless, 'offline', 'start', ...options], {
    cwd: root,
    // Functions run in UTC, as on Lambda.
    env: { ...process.env, LOCAL_RUN: JSON.stringify(run), TZ: 'UTC' },
    // When this process ends, for whatever reason, the channel closes and the child knows it.
    stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
  });
  child.stdout?.pipe(log, { end: false });
  child.stderr?.pipe(log, { end: false });
  // Log lines of functions are printed in short; everything else is only in the file.
  if (child.stdout) createInterface({ input: child.stdout }).on('line', printLogLine);
  stopWhenAsked(child);
  return child;
}

function whenReady(child: ChildProcess): Promise<Addresses> {
  return new Promise((resolve) => {
    child.on('message', (report: Report) => {
      if (report.kind === 'progress') console.log(`  ${report.text}`);
      if (report.kind === 'ready') resolve(report.addresses);
    });
  });
}

/** As the back office of the platform does for a merchant's click; `undefined` where it does not work: nothing depends on it. */
async function makeConsoleLink(api: string): Promise<string | undefined> {
  try {
    const answer = await fetch(`${api}/v1/sites/${DEMO_SITE_ID}/console-links`, {
      method: 'POST',
      headers: { authorization: `Bearer ${DEMO_PLATFORM_KEY}` },
      signal: AbortSignal.timeout(LINK_TIMEOUT),
    });
    return answer.ok ? ((await answer.json()) as { url: string }).url : undefined;
  } catch {
    return undefined;
  }
}

/** Known once the run is ready. */
let readyRun: Addresses | undefined;
let isStopping = false;

/** Whether the run was asked to stop. Ctrl-C may have ended other processes a moment before this one gets its signal. */
async function isAsked(): Promise<boolean> {
  if (!isStopping) await sleep(SIGNAL_DELAY);
  return isStopping;
}

/** After Ctrl-C the terminal signals the child too. A signal to this process only is passed on. */
function stopWhenAsked(child: ChildProcess): void {
  const stop = () => {
    if (isStopping) return;
    isStopping = true;
    if (child.connected) child.disconnect();
    // On Windows a signal would kill it before its data is saved; there the closed channel stops it.
    if (process.platform !== 'win32') child.kill('SIGTERM');
    setTimeout(() => child.kill('SIGKILL'), KILL_AFTER).unref();
  };
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, stop);
  whenNpmIsGone(stop);
}

/** Ends this process when the child was asked to stop and has ended. @throws StartError where it ends by itself. */
function stopsWith(child: ChildProcess, logPath: string, { apiPort }: Pick<Run, 'apiPort'>): Promise<never> {
  return new Promise((_, reject) => {
    child.on('message', (report: Report) => {
      if (report.kind === 'failed') reject(new StartError(report.reason));
    });
    child.on('exit', async (code, signal) => {
      if (await isAsked()) {
        console.log(goodbye(readyRun));
        process.exit(0);
      }
      // Another program has taken the port after it was checked.
      if (!(await isFree(apiPort)))
        reject(new StartError(`Port ${apiPort} has just been taken by another program.`));
      const how = signal ?? `code ${code}`;
      reject(new StartError(`The run ended by itself (${how}). ${await endOfLog(logPath)}`));
    });
  });
}

const HELP = `npm start

Starts the whole system on this machine, with a Telegram emulator and a demo shop. Ctrl-C ends it.

It takes no options. Environment variables set it, such as PORT=3100 npm start:
  PORT                3000  the API
  TELEGRAM_PORT       3001  the Telegram emulator
  LAMBDA_PORT, SQS_PORT, DYNAMODB_PORT   3002, 3003, 3004  to look inside; any free one where that is in use
  LOCAL_DATA          .local  where data is kept between runs; memory keeps nothing
  TELEGRAM_API_ROOT   another Bot API server instead of the emulator
  TELEGRAM_BOT_TOKEN  a real bot for the demo shop: real Telegram
The README, "Configuration of the local run", says more.`;

await runCommand({ name: 'start', help: HELP }, async () => {
  try {
    await start();
  } catch (error) {
    if (!(error instanceof StartError)) throw error;
    console.error(`\n${error.message}`);
    process.exit(1);
  }
});

/**
 * `npm start`: the whole system on one machine. Chooses ports, builds the functions, runs serverless-offline with our
 * plugin, and keeps its chatter in a file so that what is printed can be read.
 */
import { spawn } from 'node:child_process';
import { createWriteStream } from 'node:fs';
import { mkdir, readFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { buildFunctions } from '../scripts/build.ts';
import { printLogLine } from './log-line.ts';
import { anyFreePort, isFree } from './ports.ts';

const root = join(import.meta.dirname, '..');

/** Those two are addresses that people know: when taken, say so instead of moving. */
const KNOWN_PORTS = { PORT: 3000, TELEGRAM_PORT: 3001 };
/** Those are for who wants to look inside: they move aside unless asked for. */
const INNER_PORTS = { LAMBDA_PORT: 3002, SQS_PORT: 3003, DYNAMODB_PORT: 3004 };

async function choosePorts(): Promise<Record<string, string>> {
  const ports: Record<string, string> = {};
  for (const [name, usual] of Object.entries({ ...KNOWN_PORTS, ...INNER_PORTS })) {
    const asked = process.env[name];
    const port = Number(asked || usual);
    if (!Number.isInteger(port) || port < 1 || port > 65_535)
      stop(`${name}=${asked} is not a port: give a number from 1 to 65535.`);
    if (await isFree(port)) ports[name] = String(port);
    else if (!asked && name in INNER_PORTS) ports[name] = String(await anyFreePort());
    else
      stop(
        `Port ${port} (${name}) is in use by another program. Choose another: ${name}=${port + 1000} npm start`,
      );
  }
  return ports;
}

function stop(message: string): never {
  console.error(message);
  process.exit(1);
}

const ports = await choosePorts();
const data = process.env.LOCAL_DATA || '.local';
const logDirectory = data === 'memory' ? tmpdir() : join(root, data);
await mkdir(logDirectory, { recursive: true });
const logPath = join(logDirectory, `passweb-telegram-${ports.PORT}.log`);
const logFile = createWriteStream(logPath);

console.log('Building the functions and starting DynamoDB, SQS, API Gateway, Lambda and Telegram …');
await buildFunctions();

const child = spawn(
  process.execPath,
  [
    join(root, 'node_modules/serverless/bin/serverless.js'),
    'offline',
    'start',
    '--stage',
    'local',
    '--host',
    '127.0.0.1',
    '--httpPort',
    ports.PORT ?? '',
    '--lambdaPort',
    ports.LAMBDA_PORT ?? '',
  ],
  {
    cwd: root,
    env: { ...process.env, ...ports, LOCAL_DATA: data, LOCAL_LOG: logPath },
    // A channel of our own tells the child when we are gone, however we went.
    stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
  },
);

child.stdout?.pipe(logFile, { end: false });
child.stderr?.pipe(logFile, { end: false });
// What the plugin has to say comes over the channel; what a function logs is shown in short.
child.on('message', (text) => console.log(String(text)));
if (child.stdout) createInterface({ input: child.stdout }).on('line', printLogLine);

// Ctrl-C reaches the child too, from the terminal; a signal sent to us alone is passed on.
process.on('SIGINT', () => child.kill('SIGINT'));
process.on('SIGTERM', () => child.kill('SIGTERM'));
child.on('exit', async (code) => {
  if (code)
    console.error(
      `\nStopped with an error. The end of ${logPath}:\n\n${(await readFile(logPath, 'utf8')).slice(-3000)}`,
    );
  process.exit(code ?? 0);
});

/** What the product is deployed to: MiniStack, an emulator of AWS, and the emulator of Telegram. */
import type { ChildProcess } from 'node:child_process';
import { createWriteStream } from 'node:fs';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import './localhost-names.ts';
import { type RunningEmulator, startEmulator } from '../local/emulator/server.ts';
import { anyFreePort } from '../local/ports.ts';
import { endPrograms, startProgram } from './programs.ts';
import { PYTHON_PROGRAMS } from './python.ts';
import { Seen, until } from './steps.ts';

export const REGION = 'eu-south-1';
export const ROOT = join(import.meta.dirname, '..');

/** One bot for each site of the rehearsal: a bot belongs to one site. */
export const BOTS = {
  fresh: { id: 300, token: '300:fresh', username: 'fresh_bot', first_name: 'Fresh' },
  former: { id: 400, token: '400:former', username: 'former_bot', first_name: 'Former' },
  refused: { id: 500, token: '500:refused', username: 'refused_bot', first_name: 'Refused' },
  /** The one of docs/deploy.md. */
  guide: { id: 600, token: '600:guide', username: 'bottega_bot', first_name: 'Bottega' },
  manager: {
    id: 700,
    token: '700:manager',
    username: 'passweb_manager_bot',
    first_name: 'Passweb',
    canManageBots: true,
  },
} as const;

/** For every Node that calls the API by its name. */
const LOCALHOST_NAMES = `--import=${join(import.meta.dirname, 'localhost-names.ts')}`;

export interface Machine {
  /** The address of MiniStack. */
  aws: string;
  telegram: string;
  /** For temporary files. */
  folder: string;
  /** What MiniStack has written. */
  log: string;
  /** For programs that speak with AWS: `aws`, `serverless` and the commands of this project. */
  environment: NodeJS.ProcessEnv;
  close(): Promise<void>;
}

/** @throws Seen if MiniStack does not start: nothing is left then but its log. */
export async function startMachine(): Promise<Machine> {
  const folder = await mkdtemp(join(tmpdir(), 'rehearsal-'));
  // MiniStack's own programs are CommonJS, whatever a package.json above this folder says.
  await writeFile(join(folder, 'package.json'), '{ "type": "commonjs" }\n');
  let telegram: RunningEmulator | undefined;
  const close = async () => {
    await telegram?.close();
    await rm(folder, { recursive: true, force: true, maxRetries: 5 });
  };
  try {
    telegram = await startEmulator({ bots: Object.values(BOTS), chats: [] });
    return { ...(await startAws(folder, telegram.url)), telegram: telegram.url, folder, close };
  } catch (error) {
    // MiniStack writes into the folder.
    await endPrograms();
    await close();
    throw error;
  }
}

async function startAws(
  folder: string,
  telegram: string,
): Promise<Pick<Machine, 'aws' | 'log' | 'environment'>> {
  const port = await anyFreePort();
  const aws = `http://127.0.0.1:${port}`;
  const log = join(ROOT, 'node_modules', '.cache', 'rehearsal', 'ministack.log');
  const ministack = await startMinistack({ port, folder, log, telegram });
  const programs = [
    join(import.meta.dirname, 'bin'),
    PYTHON_PROGRAMS,
    join(ROOT, 'node_modules', 'node', 'bin'),
  ];
  const environment: NodeJS.ProcessEnv = {
    ...process.env,
    PATH: [...programs, process.env.PATH].join(delimiter),
    // The settings of the person who runs this, such as the aliases of their AWS CLI, stay out.
    HOME: folder,
    AWS_ENDPOINT_URL: aws,
    AWS_REGION: REGION,
    AWS_DEFAULT_REGION: REGION,
    AWS_ACCESS_KEY_ID: 'rehearsal',
    AWS_SECRET_ACCESS_KEY: 'rehearsal',
    // Answers are printed, and no program waits for a key.
    AWS_PAGER: '',
    TELEGRAM_API_ROOT: telegram,
    NODE_OPTIONS: LOCALHOST_NAMES,
  };
  // Our own clients speak with MiniStack too.
  Object.assign(process.env, {
    AWS_ENDPOINT_URL: aws,
    AWS_REGION: REGION,
    AWS_ACCESS_KEY_ID: 'rehearsal',
    AWS_SECRET_ACCESS_KEY: 'rehearsal',
  });
  await isReady(aws, ministack, log);
  return { aws, log, environment };
}

async function startMinistack(options: {
  port: number;
  folder: string;
  log: string;
  telegram: string;
}): Promise<ChildProcess> {
  const temporary = join(options.folder, 'ministack');
  await mkdir(temporary);
  const written = createWriteStream(options.log);
  const child = startProgram(
    join(PYTHON_PROGRAMS, 'python'),
    [join(import.meta.dirname, 'start-ministack.py')],
    {
      // Nothing of the person's environment: the functions get what is here.
      env: {
        PATH: [join(ROOT, 'node_modules', 'node', 'bin'), '/usr/bin', '/bin'].join(delimiter),
        HOME: temporary,
        TMPDIR: temporary,
        BIND_HOST: '127.0.0.1',
        GATEWAY_PORT: String(options.port),
        MINISTACK_REGION: REGION,
        LAMBDA_EXECUTOR: 'local',
        IOT_MTLS_ENABLED: '0',
        LOG_LEVEL: 'INFO',
        // MiniStack hands its own environment on to the functions.
        TELEGRAM_API_ROOT: options.telegram,
        NODE_OPTIONS: LOCALHOST_NAMES,
      },
      stdio: ['pipe', 'pipe', 'pipe'],
    },
  );
  child.once('error', ({ message }) => written.write(`${message}\n`));
  child.stdout?.pipe(written, { end: false });
  child.stderr?.pipe(written, { end: false });
  return child;
}

async function isReady(aws: string, ministack: ChildProcess, log: string): Promise<void> {
  await until('MiniStack to answer', 60, async () => {
    const { exitCode, signalCode } = ministack;
    if (exitCode !== null || signalCode !== null) throw new Seen(`MiniStack has ended; see ${log}.`);
    const answer = await fetch(`${aws}/_ministack/health`).catch(() => undefined);
    return answer?.ok;
  });
}

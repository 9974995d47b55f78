/** The whole local run, started and used like a person does: a process, its output, HTTP. */

import { type ChildProcess, spawn } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { readFile } from 'node:fs/promises';
import { createServer, type Server } from 'node:net';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import {
  GetQueueAttributesCommand,
  type Message,
  ReceiveMessageCommand,
  SendMessageCommand,
  SQSClient,
} from '@aws-sdk/client-sqs';
import { DynamoDBDocumentClient, GetCommand, UpdateCommand } from '@aws-sdk/lib-dynamodb';
import { listen } from '../../local/ports.ts';
import { errorCode } from '../../local/run.ts';
import { saysErased } from './erased.ts';

const root = process.cwd();

export type PortName = 'PORT' | 'TELEGRAM_PORT' | 'LAMBDA_PORT' | 'SQS_PORT' | 'DYNAMODB_PORT';
const PORT_NAMES: PortName[] = ['PORT', 'TELEGRAM_PORT', 'LAMBDA_PORT', 'SQS_PORT', 'DYNAMODB_PORT'];

export type RunOptions = {
  /**
   * Variables in addition to those of this process; `undefined` removes one. All five ports are free ones unless they
   * are set here.
   */
  environment?: Record<string, string | undefined>;
  /** Like a user, with npm and its shell; or `node local/start.ts`, which npm runs. */
  command?: 'npm' | 'node';
  /** A program with its arguments that starts the command, such as `setpriv`. */
  under?: string[];
};

/** A message as the emulator shows it: the fields that tests check. */
export type Shown = {
  from: { is_bot: boolean };
  message_id: number;
  text: string;
  entities?: { type: string; offset: number; length: number }[];
  reply_markup?: { inline_keyboard: { text: string; url: string }[][] };
};

/** One notification in the answer to an event. */
type Outcome = {
  userId: string;
  status: string;
  templateId?: string;
  reason?: string;
  deliveryId?: string;
};
export type Answer = { status: number; eventId: string; notifications: Outcome[] };

const running = new Set<ChildProcess>();
// No process may outlive the tests, even if they end early.
process.on('exit', () => {
  for (const child of running) killGroup(child);
});

/** A started process of the run. It may serve requests, or have refused to start. */
export class RunProcess {
  readonly child: ChildProcess;
  readonly ports: Record<PortName, number>;
  output = '';
  readonly exited: Promise<number | null>;

  constructor(child: ChildProcess, ports: Record<PortName, number>) {
    this.child = child;
    this.ports = ports;
    running.add(child);
    for (const stream of [child.stdout, child.stderr]) {
      stream?.setEncoding('utf8').on('data', (text: string) => {
        this.output += text;
      });
    }
    this.exited = once(child, 'exit').then(([code]) => code as number | null);
  }

  /** Waits for the line that says that it is ready. @throws with its output if it ends instead. */
  async ready(): Promise<LocalRun> {
    const ended = this.exited.then((code) => {
      throw new Error(`The run ended with code ${code} before it was ready:\n${this.output}`);
    });
    await Promise.race([until(() => /^ready/m.test(this.output), 'the run to be ready', 60), ended]);
    return new LocalRun(this);
  }

  /** Like Ctrl-C: the whole foreground process group gets the signal. */
  signalGroup(signal: NodeJS.Signals): void {
    if (this.child.pid !== undefined) process.kill(-this.child.pid, signal);
  }

  /** Kills all remaining processes at once. */
  async destroy(): Promise<void> {
    killGroup(this.child);
    if (this.child.exitCode === null && this.child.signalCode === null) await this.exited;
    running.delete(this.child);
  }
}

/** Starts a run without waiting for it. */
export async function spawnRun({
  environment = {},
  command = 'node',
  under = [],
}: RunOptions = {}): Promise<RunProcess> {
  const free = await freePorts(PORT_NAMES.length);
  const named = Object.fromEntries(PORT_NAMES.map((name, index) => [name, String(free[index])]));
  // The tests may be started by npm: its variables must not reach the run.
  const inherited = Object.entries(process.env).filter(([name]) => !name.startsWith('npm_'));
  const { TELEGRAM_API_ROOT, TELEGRAM_BOT_TOKEN, ...own } = Object.fromEntries(inherited);
  const env: Record<string, string | undefined> = { ...own, ...named, LOCAL_DATA: 'memory', ...environment };
  const started = command === 'npm' ? ['npm', 'start'] : [process.execPath, join(root, 'local/start.ts')];
  const [file = '', ...args] = [...under, ...started];
  const child = spawn(file, args, { cwd: root, env, detached: true, stdio: ['ignore', 'pipe', 'pipe'] });
  const ports = Object.fromEntries(PORT_NAMES.map((name) => [name, Number(env[name])]));
  return new RunProcess(child, ports as Record<PortName, number>);
}

/** How often a run is started whose ports another program has taken meanwhile. */
const MAX_STARTS = 5;
/** As local/settings.ts and local/start.ts say it. */
const PORT_TAKEN = /^Port \d+ .*by another program/m;

/** Starts a run and waits until it is ready. If it fails, no process of it is left. */
export async function startRun(options: RunOptions = {}): Promise<LocalRun> {
  for (let starts = 1; ; starts++) {
    const run = await spawnRun(options);
    try {
      return await run.ready();
    } catch (error) {
      await run.destroy();
      // Free ports are not reserved: the connection of another program may get one of them.
      if (starts === MAX_STARTS || !PORT_TAKEN.test(run.output)) throw error;
    }
  }
}

/** A run that is ready. */
export class LocalRun {
  readonly process: RunProcess;
  readonly api: string;
  readonly telegram: string;
  readonly tables: DynamoDBDocumentClient;
  readonly #queues: SQSClient;

  constructor(process: RunProcess) {
    this.process = process;
    this.api = `http://127.0.0.1:${process.ports.PORT}`;
    this.telegram = `http://127.0.0.1:${process.ports.TELEGRAM_PORT}`;
    const clientOf = (port: number) => ({
      region: 'eu-south-1',
      endpoint: `http://127.0.0.1:${port}`,
      credentials: { accessKeyId: 'local', secretAccessKey: 'local' },
    });
    this.tables = DynamoDBDocumentClient.from(new DynamoDBClient(clientOf(process.ports.DYNAMODB_PORT)));
    this.#queues = new SQSClient(clientOf(process.ports.SQS_PORT));
  }

  /** Reports an event of the demo shop. */
  async report(event: string, payload: unknown): Promise<Answer> {
    const answer = await fetch(`${this.api}/v1/sites/demo/events/${event}`, {
      method: 'POST',
      headers: { authorization: 'Bearer pwtg_demo', 'content-type': 'application/json' },
      body: JSON.stringify(payload),
    });
    return { status: answer.status, ...((await answer.json()) as Omit<Answer, 'status'>) };
  }

  /** Sends a message to a queue: that of an event has its name. */
  async send(queue: string, message: unknown): Promise<void> {
    const order = queue.endsWith('.fifo') && { MessageGroupId: 'test', MessageDeduplicationId: randomUUID() };
    const request = { QueueUrl: this.#queueUrl(queue), MessageBody: JSON.stringify(message), ...order };
    await this.#queues.send(new SendMessageCommand(request));
  }

  /** The messages of a queue, which stay there. */
  async waitingIn(queue: string): Promise<Message[]> {
    const request = { QueueUrl: this.#queueUrl(queue), MaxNumberOfMessages: 10, VisibilityTimeout: 0 };
    const { Messages = [] } = await this.#queues.send(
      new ReceiveMessageCommand({ ...request, MessageAttributeNames: ['All'] }),
    );
    return Messages;
  }

  /** How many messages of a queue nobody has received, and how many somebody has. */
  async lengthOf(queue: string): Promise<{ visible: number; inFlight: number }> {
    const request = { QueueUrl: this.#queueUrl(queue), AttributeNames: ['All' as const] };
    const { Attributes = {} } = await this.#queues.send(new GetQueueAttributesCommand(request));
    return {
      visible: Number(Attributes.ApproximateNumberOfMessages),
      inFlight: Number(Attributes.ApproximateNumberOfMessagesNotVisible),
    };
  }

  #queueUrl(name: string): string {
    return `http://127.0.0.1:${this.process.ports.SQS_PORT}/000000000000/passweb-telegram-local-${name}`;
  }

  /** Runs a poller like EventBridge Scheduler does. */
  runClock(name: 'abandoned-cart-due' | 'activity-reminder-due' | 'file-digest-due'): Promise<void> {
    return this.invoke(name);
  }

  /** Runs a function through Lambda's invoke API. */
  async invoke(name: string, event: object = {}): Promise<void> {
    const lambda = `http://127.0.0.1:${this.process.ports.LAMBDA_PORT}/2015-03-31/functions`;
    const answer = await fetch(`${lambda}/passweb-telegram-local-${name}/invocations`, {
      method: 'POST',
      body: JSON.stringify(event),
    });
    if (!answer.ok || answer.headers.has('x-amz-function-error')) throw new Error(await answer.text());
  }

  async messages(chatId: number): Promise<Shown[]> {
    const answer = await fetch(`${this.telegram}/emulator/chats/${chatId}/messages`);
    return (await answer.json()) as Shown[];
  }

  /** The messages of a chat, once there are that many. */
  messagesOnce(chatId: number, count: number): Promise<Shown[]> {
    return until(async () => {
      const messages = await this.messages(chatId);
      return messages.length >= count ? messages : undefined;
    }, `${count} messages in chat ${chatId}`);
  }

  /** Controls the emulator: `/emulator/faults` and similar paths. */
  async emulator(path: string, body?: unknown, method = 'POST'): Promise<unknown> {
    const answer = await fetch(`${this.telegram}/emulator/${path}`, {
      method,
      ...(body !== undefined && { body: JSON.stringify(body) }),
    });
    if (!answer.ok) throw new Error(`${path}: ${answer.status} ${await answer.text()}`);
    return answer.json();
  }

  async delivery(deliveryId: string | undefined): Promise<Record<string, unknown> | undefined> {
    const { Item } = await this.tables.send(
      new GetCommand({
        TableName: 'passweb-telegram-local-deliveries',
        Key: { siteId: 'demo', deliveryId },
        ConsistentRead: true,
      }),
    );
    return Item;
  }

  /** The record of a delivery, once it has this status. */
  deliveryOnce(
    deliveryId: string | undefined,
    status: string,
    { seconds = 60 } = {},
  ): Promise<Record<string, unknown>> {
    const look = async () => {
      const record = await this.delivery(deliveryId);
      return record?.status === status ? record : undefined;
    };
    return until(look, `delivery ${deliveryId} to be ${status}`, seconds);
  }

  /** `undefined` also where they were erased. */
  async user(userId: string): Promise<Record<string, unknown> | undefined> {
    const Key = { siteId: 'demo', userId };
    const { Item } = await this.tables.send(new GetCommand({ TableName: USERS, Key, ConsistentRead: true }));
    return Item && saysErased(Item) ? undefined : Item;
  }

  /** Changes a user directly in the table. */
  async setUser(userId: string, field: string, value: unknown): Promise<void> {
    await this.tables.send(
      new UpdateCommand({
        TableName: USERS,
        Key: { siteId: 'demo', userId },
        UpdateExpression: 'SET #field = :value',
        ExpressionAttributeNames: { '#field': field },
        ExpressionAttributeValues: { ':value': value },
      }),
    );
  }

  async stop(): Promise<void> {
    this.tables.destroy();
    this.#queues.destroy();
    await this.process.destroy();
  }
}

const USERS = 'passweb-telegram-local-users';

/** A sample of `local/samples`. */
export async function sample(event: string): Promise<Record<string, unknown> & { eventId: string }> {
  return JSON.parse(await readFile(join(root, 'local/samples', `${event}.json`), 'utf8'));
}

/** Polls until there is a result. The limit is far longer than the expected time. */
export async function until<Found>(
  look: () => Found | Promise<Found>,
  what: string,
  seconds = 60,
): Promise<NonNullable<Exclude<Found, false>>> {
  for (const end = Date.now() + seconds * 1000; ; await sleep(25)) {
    const found = await look();
    if (found) return found as NonNullable<Exclude<Found, false>>;
    if (Date.now() > end) throw new Error(`Waited ${seconds} s in vain for ${what}.`);
  }
}

/** Ports that were free a moment ago, all different. */
export async function freePorts(count: number): Promise<number[]> {
  const servers = Array.from({ length: count }, () => createServer());
  const ports = await Promise.all(servers.map((server) => listen(server, 0)));
  await Promise.all(servers.map((server) => closed(server)));
  return ports;
}

/** Occupies a port, as another program could. */
export async function occupy(port = 0): Promise<{ port: number; release(): Promise<void> }> {
  const server = createServer();
  return { port: await listen(server, port), release: () => closed(server) };
}

function closed(server: Server): Promise<void> {
  return new Promise((resolve) => server.close(() => resolve()));
}

function killGroup(child: ChildProcess): void {
  try {
    if (child.pid !== undefined) process.kill(-child.pid, 'SIGKILL');
  } catch (error) {
    // No process of the group is left, as wanted.
    if (errorCode(error) !== 'ESRCH') throw error;
  }
}

/** The whole local run, started and used as a person does: a process, a terminal to read, HTTP. */
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFile } from 'node:fs/promises';
import { createServer, type Server } from 'node:net';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { type Message, ReceiveMessageCommand, SendMessageCommand, SQSClient } from '@aws-sdk/client-sqs';
import { DynamoDBDocumentClient, GetCommand, UpdateCommand } from '@aws-sdk/lib-dynamodb';
import { listen } from '../../local/ports.ts';
import { errorCode } from '../../local/run.ts';

const root = process.cwd();

export type PortName = 'PORT' | 'TELEGRAM_PORT' | 'LAMBDA_PORT' | 'SQS_PORT' | 'DYNAMODB_PORT';
const PORT_NAMES: PortName[] = ['PORT', 'TELEGRAM_PORT', 'LAMBDA_PORT', 'SQS_PORT', 'DYNAMODB_PORT'];

export type RunOptions = {
  /** Over those of this process; `undefined` takes one away. All five ports are free ones unless they are named here. */
  environment?: Record<string, string | undefined>;
  /** As a user does, with npm and its shell; or `node local/start.ts`, which is what npm runs. */
  command?: 'npm' | 'node';
};

/** A message as the emulator shows it: what tests look at. */
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
// Nothing outlives the tests, also when they end before their time.
process.on('exit', () => {
  for (const child of running) killGroup(child);
});

/** A started process of the run: it may serve, or have refused to. */
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

  /** Waits for the line that says that it serves. @throws with all it printed when it ends instead. */
  async ready(): Promise<LocalRun> {
    const ended = this.exited.then((code) => {
      throw new Error(`The run ended with code ${code} before it was ready:\n${this.output}`);
    });
    await Promise.race([until(() => /^ready/m.test(this.output), 'the run to be ready', 60), ended]);
    return new LocalRun(this);
  }

  /** What Ctrl-C does: the whole foreground group gets the signal. */
  signalGroup(signal: NodeJS.Signals): void {
    if (this.child.pid !== undefined) process.kill(-this.child.pid, signal);
  }

  /** Takes down whatever is left, at once. */
  async destroy(): Promise<void> {
    killGroup(this.child);
    if (this.child.exitCode === null && this.child.signalCode === null) await this.exited;
    running.delete(this.child);
  }
}

/** Starts a run without waiting for it. */
export async function spawnRun({ environment = {}, command = 'node' }: RunOptions = {}): Promise<RunProcess> {
  const free = await freePorts(PORT_NAMES.length);
  const named = Object.fromEntries(PORT_NAMES.map((name, index) => [name, String(free[index])]));
  // Started by npm itself or not: what npm told this process says nothing of the run.
  const inherited = Object.entries(process.env).filter(([name]) => !name.startsWith('npm_'));
  const { TELEGRAM_API_ROOT, TELEGRAM_BOT_TOKEN, ...own } = Object.fromEntries(inherited);
  const env: Record<string, string | undefined> = { ...own, ...named, LOCAL_DATA: 'memory', ...environment };
  const [file, args] =
    command === 'npm' ? ['npm', ['start']] : [process.execPath, [join(root, 'local/start.ts')]];
  const child = spawn(file, args, { cwd: root, env, detached: true, stdio: ['ignore', 'pipe', 'pipe'] });
  const ports = Object.fromEntries(PORT_NAMES.map((name) => [name, Number(env[name])]));
  return new RunProcess(child, ports as Record<PortName, number>);
}

/** Starts a run and waits until it serves; when it does not, nothing of it is left. */
export async function startRun(options: RunOptions = {}): Promise<LocalRun> {
  const run = await spawnRun(options);
  try {
    return await run.ready();
  } catch (error) {
    await run.destroy();
    throw error;
  }
}

/** A run that serves. */
export class LocalRun {
  readonly process: RunProcess;
  readonly api: string;
  readonly telegram: string;
  readonly tables: DynamoDBDocumentClient;
  readonly #queues: SQSClient;

  constructor(process: RunProcess) {
    this.process = process;
    this.api = `http://localhost:${process.ports.PORT}`;
    this.telegram = `http://localhost:${process.ports.TELEGRAM_PORT}`;
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

  /** Puts a message into the queue of an event. */
  async send(event: string, message: unknown): Promise<void> {
    await this.#queues.send(
      new SendMessageCommand({ QueueUrl: this.#queueUrl(event), MessageBody: JSON.stringify(message) }),
    );
  }

  /** What a queue holds, which stays there. */
  async waitingIn(queue: string): Promise<Message[]> {
    const request = { QueueUrl: this.#queueUrl(queue), MaxNumberOfMessages: 10, VisibilityTimeout: 0 };
    const { Messages = [] } = await this.#queues.send(
      new ReceiveMessageCommand({ ...request, MessageAttributeNames: ['All'] }),
    );
    return Messages;
  }

  #queueUrl(name: string): string {
    return `http://127.0.0.1:${this.process.ports.SQS_PORT}/000000000000/passweb-telegram-local-${name}`;
  }

  /** Runs a poller as EventBridge Scheduler does. */
  runClock(name: 'abandoned-cart-due' | 'activity-reminder-due'): Promise<void> {
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

  /** What the chat shows, once it shows that many. */
  messagesOnce(chatId: number, count: number): Promise<Shown[]> {
    return until(async () => {
      const messages = await this.messages(chatId);
      return messages.length >= count ? messages : undefined;
    }, `${count} messages in chat ${chatId}`);
  }

  /** Plays with the emulator: `/emulator/faults` and its like. */
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
  deliveryOnce(deliveryId: string | undefined, status: string): Promise<Record<string, unknown>> {
    return until(async () => {
      const record = await this.delivery(deliveryId);
      return record?.status === status ? record : undefined;
    }, `delivery ${deliveryId} to be ${status}`);
  }

  async user(userId: string): Promise<Record<string, unknown> | undefined> {
    const Key = { siteId: 'demo', userId };
    const { Item } = await this.tables.send(new GetCommand({ TableName: USERS, Key, ConsistentRead: true }));
    return Item;
  }

  /** Changes a user in the table itself. */
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

/** Looks again and again until there is something to see. The limit is far beyond what is expected. */
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

/** Takes a port, as another program would. */
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
    // Nobody of the group is left: that is what is wanted.
    if (errorCode(error) !== 'ESRCH') throw error;
  }
}

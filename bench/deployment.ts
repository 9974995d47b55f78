/**
 * The bundle as a running deployment, for the benchmark of the neighbours: its functions in instances that handle one
 * request at a time, as on Lambda, with the time-outs, queues and variables of the package.
 */
import { once } from 'node:events';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { Worker } from 'node:worker_threads';
import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { GetQueueAttributesCommand, SendMessageCommand, SQSClient } from '@aws-sdk/client-sqs';
import { BatchWriteCommand, DynamoDBDocumentClient, ScanCommand } from '@aws-sdk/lib-dynamodb';
import type { Template } from '../local/iam/template.ts';
import { resolve } from '../local/resources.ts';
import { packagedTemplate } from '../tests/support/package.ts';
import type { ConsumerOrder, ConsumerQueue, Invocation, InvocationAnswer } from './consumer.ts';
import type { ServiceOrder } from './services.ts';
import { BOT_TOKEN_KEY, type Call, callReader, QUIET, startService } from './world.ts';

/**
 * The instances of each function: `polling` its queue, or `invoked` by API Gateway or the clock. On AWS there are as many
 * as there is work for; here they share two cores, and are loaded before anything is measured.
 */
const INSTANCES: Record<string, { invoked?: number; polling?: number }> = {
  'order-status': { invoked: 4, polling: 2 },
  'message-sent': { invoked: 4 },
  'activity-reminder': { invoked: 2 },
  'activity-reminder-due': { invoked: 1 },
  'abandoned-cart-due': { invoked: 1 },
  bot: { invoked: 2 },
  deliver: { polling: 8 },
  drain: { polling: 3 },
  'drain-due': { invoked: 1 },
};

/** What EventBridge Scheduler starts every minute. */
const CLOCK = ['activity-reminder-due', 'abandoned-cart-due', 'drain-due'];

const REGION = 'eu-south-1';
const BATCH = 25;

interface FunctionDefinition {
  /** Seconds. */
  timeout: number;
  /** MB. */
  memory: number;
  environment: Record<string, string>;
  queue: ConsumerQueue | undefined;
}

export interface Deployment {
  telegram: string;
  /** Waits for a free instance. @throws Error if the function throws, or runs for too long. */
  invoke(functionName: string, event: unknown): Promise<unknown>;
  /** Starts the functions of the clock, unless they still run. */
  tick(): void;
  /** Sends an event to a queue, by its logical id. */
  send(queue: string, body: object): Promise<void>;
  /** Writes items directly into a table, by its logical id. */
  write(table: string, items: object[]): Promise<void>;
  /** Waits until no message is in the queues or waits in the table. @returns `false` if some are left after this time. */
  isIdleWithin(milliseconds: number): Promise<boolean>;
  calls(): Promise<Call[]>;
  close(): Promise<void>;
}

/** @param bundles the folder of the built functions. */
export async function startDeployment(
  bundles: string,
  telegram: Omit<ServiceOrder & { kind: 'telegram' }, 'kind'>,
): Promise<Deployment> {
  const template = await packagedTemplate();
  const [aws, emulator] = await Promise.all([
    startService({ kind: 'aws', visibilitySeconds: 180 }),
    startService({ kind: 'telegram', ...telegram }),
  ]);
  const refs = new Map(Object.entries(aws.ready.refs));
  const ref = (logicalId: string) => {
    const value = refs.get(logicalId);
    if (value === undefined) throw new Error(`The package has no ${logicalId}.`);
    return value;
  };
  const environment: Record<string, string> = {
    ...aws.ready.environment,
    ...emulator.ready.environment,
    LOG_LEVEL: process.env.LOG_LEVEL ?? 'off',
  };
  const credentials = { accessKeyId: 'local', secretAccessKey: 'local' };
  const { AWS_ENDPOINT_URL_DYNAMODB = '', AWS_ENDPOINT_URL_SQS = '', TELEGRAM_API_ROOT = '' } = environment;
  const dynamodb = new DynamoDBClient({ region: REGION, credentials, endpoint: AWS_ENDPOINT_URL_DYNAMODB });
  const sqs = new SQSClient({ region: REGION, credentials, endpoint: AWS_ENDPOINT_URL_SQS });
  const tables = DynamoDBDocumentClient.from(dynamodb, { marshallOptions: { removeUndefinedValues: true } });

  const pools = new Map<string, Pool>();
  const close = async () => {
    await Promise.all([...pools.values()].map((pool) => pool.close()));
    dynamodb.destroy();
    sqs.destroy();
    for (const { child } of [aws, emulator]) child.disconnect();
  };
  try {
    for (const [name, { invoked = 0, polling = 0 }] of Object.entries(INSTANCES)) {
      const definition = definitionOf(template, name, refs);
      const { timeout, memory, queue } = definition;
      const order: ConsumerOrder = {
        bundle: join(bundles, `${name}.mjs`),
        environment: { ...environment, ...definition.environment, BOT_TOKEN_KEY },
        timeout,
      };
      if (polling > 0 && !queue) throw new Error(`The package has no queue that starts ${name}.`);
      const pool = new Pool(order, memory);
      pools.set(name, pool);
      await pool.start(invoked, polling, queue);
    }
  } catch (error) {
    await close();
    throw error;
  }
  for (const pool of pools.values()) pool.go();

  const underWay = new Set<string>();
  const isIdle = async () => {
    for (const queue of ['DeliveriesQueue', 'OrderStatusQueue']) {
      const request = new GetQueueAttributesCommand({ QueueUrl: ref(queue), AttributeNames: ['All'] });
      const { Attributes = {} } = await sqs.send(request);
      const { ApproximateNumberOfMessages: ready, ApproximateNumberOfMessagesNotVisible: hidden } =
        Attributes;
      if (Number(ready) + Number(hidden) > 0) return false;
    }
    const { Items = [] } = await tables.send(new ScanCommand({ TableName: ref('WaitingTable'), Limit: 1 }));
    return Items.length === 0;
  };
  return {
    telegram: TELEGRAM_API_ROOT,
    async invoke(functionName, event) {
      const pool = pools.get(functionName);
      if (!pool) throw new Error(`Not loaded: ${functionName}`);
      return pool.invoke(event);
    },
    tick() {
      for (const name of CLOCK) {
        if (underWay.has(name)) continue;
        underWay.add(name);
        // A run that fails is cut off, and the next minute's goes on.
        pools
          .get(name)
          ?.invoke({})
          .catch((error: unknown) => console.error(`${name}: ${String(error)}`))
          .finally(() => underWay.delete(name));
      }
    },
    async send(queue, body) {
      await sqs.send(new SendMessageCommand({ QueueUrl: ref(queue), MessageBody: JSON.stringify(body) }));
    },
    async write(table, items) {
      for (let start = 0; start < items.length; start += BATCH) {
        const requests = items.slice(start, start + BATCH).map((Item) => ({ PutRequest: { Item } }));
        await tables.send(new BatchWriteCommand({ RequestItems: { [ref(table)]: requests } }));
      }
    },
    async isIdleWithin(milliseconds) {
      for (const end = Date.now() + milliseconds; Date.now() < end; await sleep(500))
        if (await isIdle()) return true;
      return false;
    },
    calls: callReader(TELEGRAM_API_ROOT),
    close,
  };
}

function definitionOf(template: Template, name: string, refs: Map<string, string>): FunctionDefinition {
  const [logicalId, lambda] =
    Object.entries(template.Resources).find(
      ([, { Type, Properties }]) =>
        Type === 'AWS::Lambda::Function' && Properties.Handler === `dist/${name}.handler`,
    ) ?? [];
  if (logicalId === undefined || !lambda) throw new Error(`The package has no function ${name}.`);
  const { Timeout, MemorySize, Environment } = lambda.Properties as {
    Timeout: number;
    MemorySize: number;
    Environment: { Variables: object };
  };
  const mapping = Object.values(template.Resources).find(
    ({ Type, Properties }) =>
      Type === 'AWS::Lambda::EventSourceMapping' &&
      JSON.stringify(Properties.FunctionName).includes(`"${logicalId}"`),
  )?.Properties;
  const [queueId = ''] = JSON.stringify(mapping?.EventSourceArn ?? '').match(/\w+Queue/) ?? [];
  return {
    timeout: Timeout,
    memory: MemorySize,
    environment: resolve(Environment.Variables, { refs, arns: new Map() }) as Record<string, string>,
    queue: mapping && {
      url: refs.get(queueId) ?? '',
      batchSize: Number(mapping.BatchSize),
      reportsBatchItemFailures: String(mapping.FunctionResponseTypes) === 'ReportBatchItemFailures',
    },
  };
}

/** The instances of one function. */
class Pool {
  readonly #order: ConsumerOrder;
  readonly #memory: number;
  readonly #workers = new Set<Worker>();
  readonly #idle: Worker[] = [];
  readonly #waiting: ((worker: Worker) => void)[] = [];
  readonly #polling = new Set<Worker>();
  #isClosed = false;

  /** @param memory how much one instance may use, in MB. */
  constructor(order: ConsumerOrder, memory: number) {
    this.#order = order;
    this.#memory = memory;
  }

  async start(invoked: number, polling: number, queue: ConsumerQueue | undefined): Promise<void> {
    const count = (length: number) => Array.from({ length });
    await Promise.all([
      ...count(invoked).map(async () => this.#idle.push(await this.#load())),
      ...count(polling).map(async () => this.#polling.add(await this.#load(queue))),
    ]);
  }

  /** The polling begins. */
  go(): void {
    for (const worker of this.#polling) worker.postMessage('go');
  }

  async #load(queue?: ConsumerQueue): Promise<Worker> {
    const worker = new Worker(join(import.meta.dirname, 'consumer.ts'), {
      workerData: { ...this.#order, ...(queue && { queue }) } satisfies ConsumerOrder,
      execArgv: QUIET,
      resourceLimits: { maxOldGenerationSizeMb: this.#memory },
    });
    worker.on('error', (error) => console.error(`${this.#order.bundle}: ${error.message}`));
    worker.on('exit', () => {
      this.#workers.delete(worker);
      if (!queue || this.#isClosed) return;
      // As on Lambda, another instance goes on.
      void this.#load(queue).then((next) => next.postMessage('go'));
    });
    this.#workers.add(worker);
    await once(worker, 'message');
    return worker;
  }

  /** @throws Error if the function throws, if it dies, or if it is cut off since its time is over. */
  async invoke(event: unknown): Promise<unknown> {
    const worker =
      this.#idle.shift() ?? (await new Promise<Worker>((resolve) => this.#waiting.push(resolve)));
    const answer = await answerOf(worker, { event }, this.#order.timeout * 1_000);
    if (!answer) await worker.terminate();
    if (!this.#isClosed) this.#release(answer ? worker : await this.#load());
    if (!answer) throw new Error('The function has died, or its time was over.');
    if ('error' in answer) throw new Error(answer.error);
    return answer.result;
  }

  #release(worker: Worker): void {
    const next = this.#waiting.shift();
    if (next) next(worker);
    else this.#idle.push(worker);
  }

  async close(): Promise<void> {
    this.#isClosed = true;
    await Promise.all([...this.#workers].map((worker) => worker.terminate()));
  }
}

/** @returns `undefined` if the instance ends, or this time is over, without an answer. */
function answerOf(worker: Worker, invocation: Invocation, milliseconds: number) {
  return new Promise<InvocationAnswer | undefined>((resolve) => {
    const end = (answer: InvocationAnswer | undefined) => {
      clearTimeout(timer);
      worker.off('message', end).off('exit', gone);
      resolve(answer);
    };
    const gone = () => end(undefined);
    const timer = setTimeout(gone, milliseconds);
    worker.on('message', end).on('exit', gone);
    worker.postMessage(invocation);
  });
}

/**
 * Serverless plugin: gives serverless-offline the rest of AWS. DynamoDB, SQS and Telegram are started with it and stopped
 * with it; tables, queues and triggers are those of `serverless.yml`. `npm start` runs it (local/start.ts).
 */
import { join } from 'node:path';
import type { SQSEvent } from 'aws-lambda';
import { DEMO_BOT_TOKEN_KEY, DEMO_SITE_KEY, writeDemoData } from './demo.ts';
import { type EmbeddedAws, startEmbeddedAws } from './embedded-aws.ts';
import { startEmulator } from './emulator/server.ts';
import { startQueueTrigger } from './queue-triggers.ts';
import { type Created, createResources, type Resources, resolve } from './resources.ts';
import { welcome } from './welcome.ts';

interface FunctionDefinition {
  name: string;
  environment?: Record<string, unknown>;
  events: { sqs?: { arn: unknown; batchSize?: number; functionResponseType?: string } }[];
}

/** The little of Serverless that this plugin uses. */
interface Serverless {
  service: {
    provider: { region: string };
    custom: { 'serverless-offline': { httpPort?: number; lambdaPort?: number } };
    resources: { Resources: Resources };
    functions: Record<string, FunctionDefinition>;
  };
}

/** Batches of one queue handed out at once: as many as two cores can use. */
const LOCAL_CONCURRENCY = 4;

export default class LocalPlugin {
  readonly hooks = {
    'before:offline:start:init': () => this.start(),
    'after:offline:start:init': () => this.serve(),
    'before:offline:start:end': () => this.stop(),
  };

  readonly #service: Serverless['service'];
  #aws: EmbeddedAws | undefined;
  #emulator: Awaited<ReturnType<typeof startEmulator>> | undefined;
  #created: Created = { refs: new Map(), arns: new Map() };
  #stopTriggers: (() => Promise<void>)[] = [];

  constructor(serverless: Serverless) {
    this.#service = serverless.service;
  }

  /** Before the functions: what they stand on. */
  async start(): Promise<void> {
    // When the process that started us is gone, however it went, so are we.
    process.on('disconnect', () => process.kill(process.pid, 'SIGTERM'));
    const { LOCAL_DATA, DYNAMODB_PORT, SQS_PORT, TELEGRAM_PORT, TELEGRAM_API_ROOT, PORT } = process.env;
    const dataDirectory = LOCAL_DATA === 'memory' ? undefined : LOCAL_DATA;
    this.#aws = await startEmbeddedAws({
      region: this.#service.provider.region,
      dynamodbPort: Number(DYNAMODB_PORT),
      sqsPort: Number(SQS_PORT),
      dataDirectory,
    });
    Object.assign(process.env, this.#aws.environment, { BOT_TOKEN_KEY: DEMO_BOT_TOKEN_KEY });
    this.#created = await createResources(this.#service.resources.Resources, this.#aws);
    await writeDemoData(this.#aws.dynamodb, {
      sites: this.#ref('SitesTable'),
      users: this.#ref('UsersTable'),
    });

    if (!TELEGRAM_API_ROOT) {
      this.#emulator = await startEmulator({
        port: Number(TELEGRAM_PORT),
        apiUrl: `http://localhost:${PORT}`,
        siteKey: DEMO_SITE_KEY,
        samplesDirectory: join(import.meta.dirname, 'samples'),
        ...(dataDirectory && { dataFile: join(dataDirectory, 'telegram.json') }),
      });
    }
    this.#giveEnvironment(TELEGRAM_API_ROOT ?? this.#emulator?.url ?? '');
  }

  /** After the functions: the queues that trigger them. */
  async serve(): Promise<void> {
    for (const [key, definition] of Object.entries(this.#service.functions)) {
      for (const { sqs } of definition.events) if (sqs) this.#trigger(key, definition, sqs);
    }
    process.send?.(welcome(this.#emulator?.url));
  }

  async stop(): Promise<void> {
    await Promise.all(this.#stopTriggers.map((stop) => stop()));
    await this.#emulator?.close();
    await this.#aws?.close();
  }

  /** Functions get the environment of `serverless.yml`, with references resolved to what runs here. */
  #giveEnvironment(telegramApiRoot: string): void {
    for (const definition of Object.values(this.#service.functions)) {
      if (!definition.environment) continue;
      const environment = resolve(definition.environment, this.#created) as Record<string, unknown>;
      if ('BOT_TOKEN_KEY' in environment) environment.BOT_TOKEN_KEY = DEMO_BOT_TOKEN_KEY;
      definition.environment = { ...environment, TELEGRAM_API_ROOT: telegramApiRoot };
    }
  }

  #trigger(
    key: string,
    { name }: FunctionDefinition,
    sqs: NonNullable<FunctionDefinition['events'][number]['sqs']>,
  ) {
    if (!this.#aws) return;
    const [logicalId = ''] = JSON.stringify(sqs.arn).match(/\w+Queue/) ?? [];
    const invokeUrl = `http://localhost:${process.env.LAMBDA_PORT}/2015-03-31/functions/${name}/invocations`;
    this.#stopTriggers.push(
      startQueueTrigger(this.#aws.sqs, {
        queueUrl: this.#ref(logicalId),
        queueArn: String(resolve(sqs.arn, this.#created)),
        batchSize: sqs.batchSize ?? 10,
        concurrency: LOCAL_CONCURRENCY,
        reportsBatchItemFailures: sqs.functionResponseType === 'ReportBatchItemFailures',
        invoke: (event) => invoke(invokeUrl, key, event),
      }),
    );
  }

  #ref(logicalId: string): string {
    const ref = this.#created.refs.get(logicalId);
    if (ref === undefined) throw new Error(`serverless.yml describes no resource ${logicalId}.`);
    return ref;
  }
}

/** Runs a function through the Lambda invoke API of serverless-offline. */
async function invoke(url: string, key: string, event: SQSEvent): Promise<unknown> {
  const answer = await fetch(url, { method: 'POST', body: JSON.stringify(event) });
  const text = await answer.text();
  if (!answer.ok || answer.headers.has('x-amz-function-error')) {
    throw new Error(`${key} answered ${answer.status}: ${text.slice(0, 500)}`);
  }
  return text === '' ? undefined : JSON.parse(text);
}

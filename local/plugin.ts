/**
 * Serverless plugin: adds to serverless-offline what it lacks. It starts and stops DynamoDB, SQS and Telegram; tables,
 * queues and triggers are those of `serverless.yml`. `npm start` runs it (local/start.ts).
 */
import { basename, join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { SQSClient } from '@aws-sdk/client-sqs';
import type { SQSEvent } from 'aws-lambda';
import { webhookUrl } from '../lib/sites/own-addresses.ts';
import { CHATS, claimDataDirectory, diskFull, isDiskFull } from './data-directory.ts';
import {
  DEMO_BOT_TOKEN_KEY,
  DEMO_MANAGER,
  DEMO_PLATFORM_KEY_SHA256,
  DEMO_SITE_ID,
  DEMO_SITE_KEY,
  unlinkedDemoUsers,
  writeDemoData,
} from './demo.ts';
import { connectDemoBot } from './demo-bot.ts';
import { type EmbeddedAws, startEmbeddedAws } from './embedded-aws.ts';
import { startEmulator } from './emulator/server.ts';
import { EventSourceMapping, serveEventSourceMappings } from './event-source-mappings.ts';
import { refuseForeignCallers } from './foreign-callers.ts';
import { actAsHttpApiOn } from './http-api.ts';
import { LocalIam } from './iam/local-iam.ts';
import type { Template } from './iam/template.ts';
import { proxyVariables } from './isolation.ts';
import { listenOnLoopback } from './listen-on-loopback.ts';
import { startPolling } from './poll-updates.ts';
import { anyFreePort, isFree } from './ports.ts';
import { checkTimeout, startQueueTrigger } from './queue-triggers.ts';
import { type Created, createResources, resolve } from './resources.ts';
import { type Addresses, type Report, type Run, StartError } from './run.ts';
import { type ShopTables, shopsIn } from './shops.ts';

interface FunctionDefinition {
  name: string;
  handler: string;
  role?: string;
  timeout?: number;
  environment?: Record<string, unknown>;
  events: { sqs?: { arn: unknown; batchSize?: number; functionResponseType?: string } }[];
}

/** The part of Serverless that this plugin uses. */
interface Serverless {
  service: {
    provider: { region: string; timeout: number };
    custom: { 'serverless-offline': { lambdaPort?: number } };
    resources: Template;
    functions: Record<string, FunctionDefinition>;
  };
}

/** Where the synthetic check sends its message. */
const DEMO_CHECK = { CHECK_SITE_ID: DEMO_SITE_ID, CHECK_SITE_KEY: DEMO_SITE_KEY, CHECK_USER_ID: 'anna' };

/** How many batches of one queue run at the same time: as many as two cores can use. */
const LOCAL_CONCURRENCY = 4;

/** How long running batches may take when everything stops, in milliseconds. Then their messages are received again. */
const STOP_TIMEOUT = 600;

export default class LocalPlugin {
  readonly hooks = {
    'before:offline:start:init': () => this.#reportFailure(() => this.start()),
    'after:offline:start:init': () => this.#reportFailure(() => this.serve()),
    'before:offline:start:end': () => this.stop(),
  };

  readonly #service: Serverless['service'];
  #aws: EmbeddedAws | undefined;
  #emulator: Awaited<ReturnType<typeof startEmulator>> | undefined;
  #created: Created = { refs: new Map(), arns: new Map() };
  #addresses: Addresses | undefined;
  #run: Run | undefined;
  readonly #triggers: EventSourceMapping[] = [];
  #stopOthers: (() => Promise<void>)[] = [];
  #stopPreparing: () => void = () => undefined;
  #stopped: Promise<never> | undefined;

  constructor(serverless: Serverless) {
    this.#service = serverless.service;
  }

  /** Before the functions: the services that they use. */
  async start(): Promise<void> {
    this.#stopWhenAsked();
    // Also of a timer of these services, which nobody could catch.
    process.prependListener('uncaughtException', (error) => void this.#fail(error));
    const run = readRun();
    this.#run = run;
    actAsHttpApiOn(run.apiPort);
    const dataDirectory =
      run.dataDirectory && (await claimDataDirectory(run.dataDirectory, run.ownDataDirectory));
    await this.#startAws(run, dataDirectory);
    const telegram = run.telegramApiRoot ?? (await this.#startTelegram(run, dataDirectory));
    const lambdaPort = await this.#chooseLambdaPort(run);
    this.#service.custom['serverless-offline'].lambdaPort = lambdaPort;
    this.#prepareFunctions(run, telegram);
    this.#addresses = {
      telegram,
      lambda: `http://127.0.0.1:${lambdaPort}`,
      sqs: `http://127.0.0.1:${this.#aws?.sqsPort}`,
      dynamodb: `http://127.0.0.1:${this.#aws?.dynamodbPort}`,
      ...(dataDirectory && { dataDirectory }),
    };
    // The API's server and that of the functions are opened by serverless-offline, after this.
    this.#stopPreparing = listenOnLoopback((server, port) => {
      if (port === lambdaPort) serveEventSourceMappings(server, this.#triggers);
      refuseForeignCallers(server, { mayBeVisited: ({ socket }) => socket.localPort === run.apiPort });
    });
  }

  /** After the functions: the queues that trigger them. */
  async serve(): Promise<void> {
    if (!this.#addresses || !this.#run) throw new Error('The run has not started.');
    this.#stopPreparing();
    for (const [key, definition] of Object.entries(this.#service.functions)) {
      for (const { sqs } of definition.events) if (sqs) await this.#trigger(key, definition, sqs);
    }
    await this.#connectBot(this.#run, this.#addresses);
    report({ kind: 'ready', addresses: this.#addresses });
  }

  /** Ends the process: serverless-offline would wait seconds for open connections. */
  stop(): Promise<never> {
    this.#stopped ??= this.#stop();
    return this.#stopped;
  }

  async #stop(): Promise<never> {
    await Promise.race([
      Promise.all([
        ...this.#triggers.map((trigger) => trigger.stop()),
        ...this.#stopOthers.map((stop) => stop()),
      ]),
      sleep(STOP_TIMEOUT),
    ]);
    await this.#emulator?.close();
    await this.#aws?.close();
    process.exit(0);
  }

  /** Stops on a signal, and when the process that started this one has ended for whatever reason. */
  #stopWhenAsked(): void {
    for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, () => void this.stop());
    process.on('disconnect', () => void this.stop());
    if (!process.connected) void this.stop();
  }

  async #reportFailure(step: () => Promise<void>): Promise<void> {
    try {
      await step();
    } catch (error) {
      await this.#fail(error);
    }
  }

  /** An error that the user can solve is printed as a sentence. The log has the stack of every error. */
  async #fail(error: unknown): Promise<never> {
    console.error(error);
    const { dataDirectory } = this.#run ?? {};
    const known = dataDirectory && isDiskFull(error) ? diskFull(dataDirectory, error) : error;
    const reason = known instanceof StartError ? known.message : String(known);
    await new Promise<void>((resolve) => report({ kind: 'failed', reason }, resolve));
    process.exit(1);
  }

  async #startAws(run: Run, dataDirectory: string | undefined): Promise<void> {
    const { provider, resources, functions } = this.#service;
    const { region } = provider;
    const iam = new LocalIam(resources, functions, region);
    this.#aws = await startEmbeddedAws({
      region,
      dynamodb: run.dynamodb,
      sqs: run.sqs,
      dataDirectory,
      interceptor: (request) => iam.intercept(request),
    });
    Object.assign(process.env, this.#aws.environment, { BOT_TOKEN_KEY: DEMO_BOT_TOKEN_KEY });
    this.#created = await createResources(resources.Resources, this.#aws);
    for (const ref of this.#created.refs.values()) if (isQueueUrl(ref)) await this.#aws.releaseReceived(ref);
    await writeDemoData(
      this.#aws.dynamodb,
      this.#shopTables(),
      run.isRealTelegram ? unlinkedDemoUsers() : undefined,
    );
    report({ kind: 'progress', text: 'DynamoDB and SQS run' });
  }

  async #startTelegram(run: Run, dataDirectory: string | undefined): Promise<string> {
    this.#emulator = await startEmulator({
      port: run.telegramPort ?? 0,
      apiUrl: apiUrl(run.apiPort),
      siteKey: DEMO_SITE_KEY,
      samplesDirectory: join(import.meta.dirname, 'samples'),
      ...(this.#aws && { shops: shopsIn(this.#aws.dynamodb, this.#shopTables()) }),
      ...(dataDirectory && { dataFile: join(dataDirectory, CHATS) }),
    });
    report({ kind: 'progress', text: 'Telegram runs' });
    return this.#emulator.url;
  }

  /** Another Bot API server may not know the demo bot: everything else runs all the same. A given bot has to work. */
  async #connectBot({ apiPort, telegramApiRoot }: Run, addresses: Addresses): Promise<void> {
    if (!this.#aws) return;
    // The functions don't get it in their environment: it is stored encrypted with the shop's bot.
    const { TELEGRAM_BOT_TOKEN: givenToken } = process.env;
    delete process.env.TELEGRAM_BOT_TOKEN;
    process.env.TELEGRAM_API_ROOT = addresses.telegram;
    const url = webhookUrl(apiUrl(apiPort), DEMO_SITE_ID);
    const onProblem = (text: string) => report({ kind: 'progress', text });
    try {
      const { dynamodb } = this.#aws;
      const bot = await connectDemoBot({
        dynamodb,
        sitesTable: this.#ref('SitesTable'),
        webhookUrl: url,
        givenToken: givenToken || undefined,
      });
      if (givenToken) this.#stopOthers.push(startPolling({ bot, webhookUrl: url, onProblem }));
      addresses.bot = { username: bot.username, isPolled: Boolean(givenToken) };
    } catch (error) {
      if (givenToken || !telegramApiRoot || !(error instanceof StartError)) throw error;
      onProblem(error.message);
    }
  }

  /** The run that got DynamoDB's usual port gets Lambda's too: so two runs that start at once never both try it. */
  async #chooseLambdaPort({ lambda, dynamodb }: Run): Promise<number> {
    if (!lambda.anyIfTaken) return lambda.port;
    const isFirst = !dynamodb.anyIfTaken || this.#aws?.dynamodbPort === dynamodb.port;
    return lambda.port !== 0 && isFirst && (await isFree(lambda.port)) ? lambda.port : anyFreePort();
  }

  /**
   * Functions get the environment variables of `serverless.yml`, with references resolved to the local resources, and their
   * own name as access key: see iam/local-iam.ts.
   */
  #prepareFunctions({ functionsDirectory, apiPort, isRealTelegram }: Run, telegramApiRoot: string): void {
    // Another provider for Log In With Telegram can be tried, like another Bot API server.
    const { TELEGRAM_OIDC_ISSUER } = process.env;
    const telegram = {
      TELEGRAM_API_ROOT: telegramApiRoot,
      ...(TELEGRAM_OIDC_ISSUER && { TELEGRAM_OIDC_ISSUER }),
    };
    // Like everything else they reach the real Telegram through the proxy of the network, where there is one.
    const proxies = proxyVariables(process.env);
    // The webhook of a given bot is removed, because its updates are fetched: nobody must set it again.
    const { webhooks } = this.#service.functions;
    if (webhooks && process.env.TELEGRAM_BOT_TOKEN) webhooks.events = [];
    // The check is not switched on here: it can be run by hand.
    const { 'synthetic-check': check } = this.#service.functions;
    if (check) check.events = [];
    for (const [key, definition] of Object.entries(this.#service.functions)) {
      definition.handler = `${functionsDirectory}/${basename(definition.handler)}`;
      const environment = resolve(definition.environment ?? {}, this.#created) as Record<string, unknown>;
      if ('BOT_TOKEN_KEY' in environment) environment.BOT_TOKEN_KEY = DEMO_BOT_TOKEN_KEY;
      if ('PLATFORM_KEY_SHA256' in environment) environment.PLATFORM_KEY_SHA256 = DEMO_PLATFORM_KEY_SHA256;
      if ('API_URL' in environment) environment.API_URL = apiUrl(apiPort);
      // A receiver on this machine may be called. Nothing that is deployed sets this.
      if ('MANAGER_BOT_USERNAME' in environment)
        environment.MANAGER_BOT_USERNAME = isRealTelegram ? '' : DEMO_MANAGER.username;
      if ('MANAGER_BOT_TOKEN' in environment)
        environment.MANAGER_BOT_TOKEN = isRealTelegram ? '' : DEMO_MANAGER.token;
      if ('OUTGOING_TABLE' in environment) environment.WEBHOOK_LOOPBACK = 'allowed';
      if ('CHECK_SITE_KEY' in environment) Object.assign(environment, DEMO_CHECK);
      // Earlier runs have set webhooks with this name.
      if ('API_ENDPOINT' in environment) environment.API_ENDPOINT = `http://localhost:${apiPort}`;
      definition.environment = { ...environment, ...telegram, ...proxies, AWS_ACCESS_KEY_ID: key };
    }
  }

  /** As on AWS, the queue is polled with the function's role. */
  async #trigger(
    key: string,
    { name, timeout = this.#service.provider.timeout }: FunctionDefinition,
    sqs: NonNullable<FunctionDefinition['events'][number]['sqs']>,
  ): Promise<void> {
    if (!this.#addresses) return;
    const [logicalId = ''] = JSON.stringify(sqs.arn).match(/\w+Queue/) ?? [];
    const queueUrl = this.#ref(logicalId);
    const invokeUrl = `${this.#addresses.lambda}/2015-03-31/functions/${name}/invocations`;
    const client = new SQSClient({
      region: this.#service.provider.region,
      endpoint: this.#addresses.sqs,
      credentials: { accessKeyId: key, secretAccessKey: 'local' },
    });
    await checkTimeout(client, queueUrl, timeout);
    const queueArn = String(resolve(sqs.arn, this.#created));
    const start = () =>
      startQueueTrigger(client, {
        queueUrl,
        queueArn,
        batchSize: sqs.batchSize ?? 10,
        concurrency: LOCAL_CONCURRENCY,
        reportsBatchItemFailures: sqs.functionResponseType === 'ReportBatchItemFailures',
        invoke: (event) => invoke(invokeUrl, key, event),
      });
    this.#triggers.push(new EventSourceMapping({ functionName: name, queueArn, start }));
  }

  #shopTables(): ShopTables {
    return {
      sites: this.#ref('SitesTable'),
      users: this.#ref('UsersTable'),
      links: this.#ref('LinksTable'),
    };
  }

  #ref(logicalId: string): string {
    const ref = this.#created.refs.get(logicalId);
    if (ref === undefined) throw new Error(`serverless.yml describes no resource ${logicalId}.`);
    return ref;
  }
}

function readRun(): Run {
  const { LOCAL_RUN } = process.env;
  if (LOCAL_RUN === undefined) throw new StartError('The local run is started with: npm start');
  return JSON.parse(LOCAL_RUN);
}

function report(what: Report, sent: () => void = () => undefined): void {
  if (process.connected) process.send?.(what, undefined, undefined, sent);
  else sent();
}

function apiUrl(port: number): string {
  return `http://127.0.0.1:${port}`;
}

function isQueueUrl(ref: string): boolean {
  return URL.canParse(ref);
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

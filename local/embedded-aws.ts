/** DynamoDB and SQS on this machine, and the environment variables by which AWS clients find them. */
import type { Server } from 'node:http';
import { join } from 'node:path';
import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { ChangeMessageVisibilityBatchCommand, SQSClient } from '@aws-sdk/client-sqs';
import dynalite from 'dynalite';
import { type FauxqsServer, startFauxqs } from 'fauxqs';
import { QUEUES, TABLES, unreadable } from './data-directory.ts';
import { refuseForeignCallers } from './foreign-callers.ts';
import { type Interceptor, intercept } from './iam/intercept.ts';
import { listenOnLoopback } from './listen-on-loopback.ts';
import { listen, startOn } from './ports.ts';
import { takeAllCharactersOfSqs } from './queue-characters.ts';
import { nameReachableQueues } from './queue-urls.ts';
import type { RequestedPort } from './run.ts';

export interface EmbeddedAws {
  dynamodb: DynamoDBClient;
  sqs: SQSClient;
  dynamodbPort: number;
  sqsPort: number;
  /** With these variables the AWS SDK calls this machine. */
  environment: Record<string, string>;
  /**
   * Makes the messages visible that an earlier run had received when it ended. Otherwise they would wait for their
   * visibility time-out.
   */
  releaseReceived(queueUrl: string): Promise<void>;
  /** Empties every queue. @returns the bodies of the messages in this one; those of a message group in their order. */
  takeAll(queueUrl: string): string[];
  emptyQueues(): void;
  close(): Promise<void>;
}

export interface EmbeddedAwsOptions {
  region: string;
  /** By default any free port. */
  dynamodb?: RequestedPort;
  sqs?: RequestedPort;
  /** The folder of the data (see data-directory.ts); absent: in memory. */
  dataDirectory?: string | undefined;
  /** Gets every request to both of them first. */
  interceptor?: Interceptor;
}

const ANY_PORT: RequestedPort = { port: 0, anyIfTaken: false };

export async function startEmbeddedAws(options: EmbeddedAwsOptions): Promise<EmbeddedAws> {
  const { region, dataDirectory } = options;
  const tables = dynalite({
    createTableMs: 0,
    deleteTableMs: 0,
    updateTableMs: 0,
    ...(dataDirectory && { path: join(dataDirectory, TABLES) }),
  });
  if (options.interceptor) intercept(tables, options.interceptor);
  refuseForeignCallers(tables);
  const dynamodbPort = await startOn(options.dynamodb ?? ANY_PORT, (port) => listen(tables, port));
  const queues = await startQueues(options).catch(async (error: unknown) => {
    await closeTables(tables);
    throw error;
  });

  const environment = {
    AWS_REGION: region,
    AWS_ACCESS_KEY_ID: 'local',
    AWS_SECRET_ACCESS_KEY: 'local',
    AWS_ENDPOINT_URL_DYNAMODB: `http://127.0.0.1:${dynamodbPort}`,
    AWS_ENDPOINT_URL_SQS: `http://127.0.0.1:${queues.port}`,
  };
  const credentials = { accessKeyId: 'local', secretAccessKey: 'local' };
  const dynamodb = new DynamoDBClient({
    region,
    credentials,
    endpoint: environment.AWS_ENDPOINT_URL_DYNAMODB,
  });
  const sqs = new SQSClient({ region, credentials, endpoint: environment.AWS_ENDPOINT_URL_SQS });

  return {
    dynamodb,
    sqs,
    dynamodbPort,
    sqsPort: queues.port,
    environment,
    releaseReceived: (queueUrl) => releaseReceived(queues, sqs, queueUrl),
    takeAll(queueUrl) {
      const waiting = queues.inspectQueue(nameOf(queueUrl))?.messages.ready ?? [];
      const bodies = waiting.map(({ body }) => body);
      if (bodies.length > 0) queues.reset();
      return bodies;
    },
    emptyQueues: () => queues.reset(),
    async close() {
      dynamodb.destroy();
      sqs.destroy();
      await queues.stop();
      await closeTables(tables);
    },
  };
}

async function startQueues({
  region,
  sqs = ANY_PORT,
  dataDirectory,
  interceptor,
}: EmbeddedAwsOptions): Promise<FauxqsServer> {
  takeAllCharactersOfSqs();
  try {
    return await startOn(sqs, (port) =>
      onThisMachineOnly(interceptor, () =>
        startFauxqs({
          port,
          defaultRegion: region,
          logger: false,
          ...(dataDirectory && { dataDir: join(dataDirectory, QUEUES) }),
        }),
      ),
    );
  } catch (error) {
    // That a port can't be had says nothing of the data.
    const isOfPort = (error as NodeJS.ErrnoException).syscall === 'listen';
    if (dataDirectory && !isOfPort) throw unreadable(dataDirectory, error);
    throw error;
  }
}

async function closeTables(tables: Server): Promise<void> {
  tables.closeAllConnections();
  await new Promise((resolve) => tables.close(resolve));
}

/** SQS changes at most as many messages in one request. */
const BATCH_SIZE = 10;

/** Seconds. Not 0: with a data folder, fauxqs 2.4.1 fails at 0, and the message is lost until its next start. */
const VISIBLE_SOON = 1;

async function releaseReceived(queues: FauxqsServer, sqs: SQSClient, queueUrl: string): Promise<void> {
  // Each goes back to the front of its group: the last one first keeps the order.
  const received = (queues.inspectQueue(nameOf(queueUrl))?.messages.inflight ?? []).toReversed();
  for (let start = 0; start < received.length; start += BATCH_SIZE) {
    const Entries = received.slice(start, start + BATCH_SIZE).map(({ receiptHandle }, index) => ({
      Id: String(index),
      ReceiptHandle: receiptHandle,
      VisibilityTimeout: VISIBLE_SOON,
    }));
    await sqs.send(new ChangeMessageVisibilityBatchCommand({ QueueUrl: queueUrl, Entries }));
  }
}

function nameOf(queueUrl: string): string {
  return queueUrl.slice(queueUrl.lastIndexOf('/') + 1);
}

/**
 * fauxqs listens on every address of the machine and has no option for it. Who can write into the queues can send in the
 * shop's name: so while it starts, it is made to listen here only. It has no hooks for requests and answers either; they
 * are set up there, too.
 */
async function onThisMachineOnly<Started>(
  interceptor: Interceptor | undefined,
  start: () => Promise<Started>,
): Promise<Started> {
  const restore = listenOnLoopback((server) => {
    nameReachableQueues(server);
    if (interceptor) intercept(server, interceptor);
    refuseForeignCallers(server);
  });
  try {
    return await start();
  } finally {
    restore();
  }
}

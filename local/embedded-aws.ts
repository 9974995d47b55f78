/** DynamoDB and SQS on this machine, and the environment by which every AWS client finds them. */
import { mkdir } from 'node:fs/promises';
import type { Server as HttpServer } from 'node:http';
import { Server } from 'node:net';
import { join } from 'node:path';
import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { SQSClient } from '@aws-sdk/client-sqs';
import dynalite from 'dynalite';
import { startFauxqs } from 'fauxqs';

export interface EmbeddedAws {
  dynamodb: DynamoDBClient;
  sqs: SQSClient;
  dynamodbPort: number;
  sqsPort: number;
  /** Set these, and the AWS SDK talks to this machine. */
  environment: Record<string, string>;
  close(): Promise<void>;
}

export interface EmbeddedAwsOptions {
  region: string;
  /** 0 takes any free port. */
  dynamodbPort?: number;
  sqsPort?: number;
  /** Where data is kept between runs; absent: in memory. */
  dataDirectory?: string | undefined;
}

export async function startEmbeddedAws(options: EmbeddedAwsOptions): Promise<EmbeddedAws> {
  const { region, dataDirectory } = options;
  if (dataDirectory) await mkdir(dataDirectory, { recursive: true });

  const tables = dynalite({
    createTableMs: 0,
    deleteTableMs: 0,
    updateTableMs: 0,
    ...(dataDirectory && { path: join(dataDirectory, 'dynamodb') }),
  });
  const dynamodbPort = await listen(tables, options.dynamodbPort ?? 0);
  const queues = await onThisMachineOnly(() =>
    startFauxqs({
      port: options.sqsPort ?? 0,
      defaultRegion: region,
      logger: false,
      ...(dataDirectory && { dataDir: join(dataDirectory, 'sqs') }),
    }),
  );

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
    async close() {
      dynamodb.destroy();
      sqs.destroy();
      await queues.stop();
      tables.closeAllConnections();
      await new Promise((resolve) => tables.close(resolve));
    },
  };
}

/**
 * fauxqs listens on every address of the machine and takes no other wish. Whoever can write into the queues can send in
 * the shop's name, so while it starts its server is turned to the loopback address.
 */
async function onThisMachineOnly<Started>(start: () => Promise<Started>): Promise<Started> {
  const { listen } = Server.prototype;
  Server.prototype.listen = function listenOnLoopback(this: Server, ...args: unknown[]) {
    const [options, ...rest] = args;
    const isOptions = typeof options === 'object' && options !== null;
    return listen.apply(this, [isOptions ? { ...options, host: '127.0.0.1' } : options, ...rest] as never);
  } as typeof listen;
  try {
    return await start();
  } finally {
    Server.prototype.listen = listen;
  }
}

function listen(server: HttpServer, port: number): Promise<number> {
  return new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, '127.0.0.1', () => {
      const address = server.address();
      resolve(typeof address === 'object' && address ? address.port : port);
    });
  });
}

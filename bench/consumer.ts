/** Worker thread of the load benchmarks: a running instance of a function, like on Lambda. */
import { pathToFileURL } from 'node:url';
import { parentPort, workerData } from 'node:worker_threads';
import { SQSClient } from '@aws-sdk/client-sqs';
import { startQueueTrigger } from '../local/queue-triggers.ts';

export interface ConsumerOrder {
  /** Path of the function. */
  bundle: string;
  environment: Record<string, string>;
  /** How long a run may take, in seconds. */
  timeout: number;
  /** The queue that it polls. Without it, it takes invocations. */
  queue?: ConsumerQueue;
  /** The error of this function's clock, in milliseconds. */
  clockError?: number;
}

export interface ConsumerQueue {
  url: string;
  batchSize: number;
  reportsBatchItemFailures: boolean;
}

/** An invocation, one after the other. It is answered with an `InvocationAnswer`. */
export interface Invocation {
  event: unknown;
}

export type InvocationAnswer = { result: unknown } | { error: string };

const { bundle, environment, timeout, queue, clockError = 0 } = workerData as ConsumerOrder;
Object.assign(process.env, environment);
if (clockError !== 0) {
  const { now } = Date;
  Date.now = () => now() + clockError;
}

const { handler } = await import(pathToFileURL(bundle).href);
const context = () => {
  const start = performance.now();
  return { getRemainingTimeInMillis: () => timeout * 1_000 - (performance.now() - start) };
};

function pollQueue({ url, batchSize, reportsBatchItemFailures }: ConsumerQueue): void {
  const sqs = new SQSClient({
    region: environment.AWS_REGION,
    endpoint: environment.AWS_ENDPOINT_URL_SQS,
    credentials: { accessKeyId: 'local', secretAccessKey: 'local' },
  });
  startQueueTrigger(sqs, {
    queueUrl: url,
    queueArn: `arn:aws:sqs:eu-south-1:000000000000:${url.slice(url.lastIndexOf('/') + 1)}`,
    batchSize,
    concurrency: 1,
    reportsBatchItemFailures,
    invoke: (event) => handler(event, context()),
  });
}

async function invoke({ event }: Invocation): Promise<InvocationAnswer> {
  try {
    return { result: await handler(event, context()) };
  } catch (error) {
    return { error: String(error) };
  }
}

// On AWS functions load in parallel; here they share two cores. The measurement begins when all of them are loaded.
if (queue) parentPort?.once('message', () => pollQueue(queue));
else
  parentPort?.on('message', async (invocation: Invocation) =>
    parentPort?.postMessage(await invoke(invocation)),
  );
parentPort?.postMessage('loaded');

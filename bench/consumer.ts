/** Worker thread of the load benchmarks: one running function with its poller, like on Lambda. */
import { pathToFileURL } from 'node:url';
import { parentPort, workerData } from 'node:worker_threads';
import { SQSClient } from '@aws-sdk/client-sqs';
import { startQueueTrigger } from '../local/queue-triggers.ts';

export interface ConsumerOrder {
  /** Path of the function. */
  bundle: string;
  environment: Record<string, string>;
  queue: 'deliveries' | 'drain';
  /** The error of this function's clock, in milliseconds. */
  clockError: number;
}

const { bundle, environment, queue, clockError } = workerData as ConsumerOrder;
Object.assign(process.env, environment);
if (clockError !== 0) {
  const { now } = Date;
  Date.now = () => now() + clockError;
}

const { handler } = await import(pathToFileURL(bundle).href);
const isDrain = queue === 'drain';
const queueUrl = (isDrain ? environment.DRAIN_QUEUE_URL : environment.DELIVERIES_QUEUE_URL) ?? '';
const sqs = new SQSClient({
  region: environment.AWS_REGION,
  endpoint: environment.AWS_ENDPOINT_URL_SQS,
  credentials: { accessKeyId: 'local', secretAccessKey: 'local' },
});
const timeLeft = () => {
  const start = performance.now();
  return { getRemainingTimeInMillis: () => (isDrain ? 60_000 : 30_000) - (performance.now() - start) };
};

// On AWS functions load in parallel; here they share two cores. The measurement begins when all of them are loaded.
parentPort?.once('message', () => {
  startQueueTrigger(sqs, {
    queueUrl,
    queueArn: `arn:aws:sqs:eu-south-1:000000000000:${queue}`,
    batchSize: isDrain ? 3 : 10,
    concurrency: 1,
    reportsBatchItemFailures: !isDrain,
    invoke: (event) => handler(event, timeLeft()),
  });
});
parentPort?.postMessage('loaded');

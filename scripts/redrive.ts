/**
 * `npm run redrive`: sends the dead letters of the deliveries queue again, except those that have been delivered since; or
 * those of the queue of an event.
 *
 *     npm run redrive                                          the local run (npm start)
 *     npm run redrive -- --stage prod --region eu-south-1      a deployed stack, with your AWS credentials
 *     npm run redrive -- --event order-status --stage prod     events that were reported through SQS
 */
import { parseArgs } from 'node:util';
import { GetQueueUrlCommand, QueueDoesNotExist, SQSClient } from '@aws-sdk/client-sqs';
import { redrive } from '../lib/deliveries/redrive.ts';
import { redriveEvents } from '../lib/events/redrive-events.ts';
import { printProgress } from './progress.ts';
import { explain, isUsageError } from './site-errors.ts';
import { enterStage, stackNameOf } from './stage.ts';

const HELP = `npm run redrive [-- --event EVENT] [--stage STAGE] [--region REGION]

Sends the dead letters of the deliveries queue again.

  --event EVENT    those of the queue of this event instead
  --stage STAGE    local (the default: a running "npm start"), or the stage of a deployment, with AWS credentials. A
                   run on other ports than the usual is found by SQS_PORT and DYNAMODB_PORT, which npm start prints
  --region REGION  eu-south-1 by default
  --help           this text`;

const OPTIONS = {
  event: { type: 'string' },
  stage: { type: 'string', default: 'local' },
  region: { type: 'string', default: 'eu-south-1' },
  help: { type: 'boolean', default: false },
} as const;

async function urlOf(QueueName: string, sqs: SQSClient): Promise<string> {
  const { QueueUrl = '' } = await sqs.send(new GetQueueUrlCommand({ QueueName }));
  return QueueUrl;
}

async function run(): Promise<void> {
  const { stage, region, event, help } = parseArgs({ options: OPTIONS }).values;
  if (help) return console.log(HELP);
  enterStage({ stage, region });
  const sqs = new SQSClient({});
  if (event !== undefined) return redriveEvent(`${stackNameOf(stage)}-${event}`, sqs);
  const name = `${stackNameOf(stage)}-deliveries`;
  const { requeued, dropped, hidden, unreadable } = await redrive({
    sqs,
    deadLettersUrl: await urlOf(`${name}-dead.fifo`, sqs),
    deliveriesUrl: await urlOf(`${name}.fifo`, sqs),
    onProgress: ({ requeued, dropped, total }) => printProgress(requeued + dropped, total, 'dead letters'),
  });
  const done = `${requeued} sent again, ${dropped} taken out because they were delivered or are not wanted any more.`;
  const stay = unreadable > 0 ? ` ${unreadable} stay: they are no messages of this project.` : '';
  tell(requeued + dropped + unreadable, `${done}${stay}`, hidden);
}

/** @param done what was done with `count` of them. */
function tell(count: number, done: string, hidden: number): void {
  if (count > 0) console.log(done);
  else if (hidden === 0) console.log('There are no dead letters.');
  if (hidden === 0) return;
  const [are, them] = hidden === 1 ? ['is', 'it'] : ['are', 'them'];
  console.log(
    `${hidden} ${are} hidden because somebody has just looked at ${them}: run it again in a minute.`,
  );
  process.exitCode = 1;
}

async function redriveEvent(name: string, sqs: SQSClient): Promise<void> {
  const { requeued, hidden, tooLarge } = await redriveEvents({
    sqs,
    deadLettersUrl: await urlOf(`${name}-dead`, sqs),
    queueUrl: await urlOf(name, sqs),
    onProgress: ({ requeued, total }) => printProgress(requeued, total, 'dead letters'),
  });
  const stay = tooLarge > 0 ? ` ${tooLarge} stay: they are larger than an event may be (256 KB).` : '';
  tell(requeued + tooLarge, `${requeued} sent again.${stay}`, hidden);
}

function whyNot(error: unknown): string[] {
  if (isUsageError(error)) return explain(error, 'redrive');
  const reason =
    error instanceof QueueDoesNotExist ? 'there is no such queue of this stage here' : String(error);
  return [
    `Nothing more was sent again: ${reason}.`,
    'Is the stage right? For the local run: does npm start run, and on which ports? It prints those of SQS and',
    'DynamoDB ("Inside"); give them as SQS_PORT and DYNAMODB_PORT. See npm run redrive -- --help.',
  ];
}

try {
  await run();
} catch (error) {
  for (const line of whyNot(error)) console.error(line);
  process.exitCode = 1;
}

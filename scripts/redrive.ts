/**
 * `npm run redrive`: sends the dead letters of the deliveries queue again, except those that have been delivered since; or
 * those of the queue of an event.
 *
 *     npm run redrive                                          the local run (npm start)
 *     npm run redrive -- --stage prod --region eu-south-1      a deployed stack, with your AWS credentials
 *     npm run redrive -- --event order-status --stage prod     events that were reported through SQS
 */
import { GetQueueUrlCommand, SQSClient } from '@aws-sdk/client-sqs';
import { redrive } from '../lib/deliveries/redrive.ts';
import { EVENT_NAMES } from '../lib/domain/events.ts';
import { redriveEvents } from '../lib/events/redrive-events.ts';
import { CLIENT_TIMES } from './client-times.ts';
import { runCommand, UsageError } from './command-line.ts';
import { explain } from './explain.ts';
import { printProgress } from './progress.ts';
import { enterStage, STAGE_HELP, STAGE_OPTIONS, stackNameOf } from './stage.ts';

const HELP = `npm run redrive [-- --event EVENT --stage STAGE --region REGION]

Sends the dead letters of the deliveries queue again.

  --event EVENT    those of the queue of this event instead
${STAGE_HELP}
  --help           this text`;

const OPTIONS = { event: { type: 'string' }, ...STAGE_OPTIONS } as const;

interface Options {
  event?: string;
  stage?: string;
  region?: string;
}

async function urlOf(QueueName: string, sqs: SQSClient): Promise<string> {
  const { QueueUrl = '' } = await sqs.send(new GetQueueUrlCommand({ QueueName }));
  return QueueUrl;
}

async function run({ event, ...stage }: Options): Promise<void> {
  if (event !== undefined && !EVENT_NAMES.some((name) => name === event))
    throw new UsageError(`--event ${event}: there is no such event. There are: ${EVENT_NAMES.join(', ')}.`);
  enterStage(stage);
  const sqs = new SQSClient(CLIENT_TIMES);
  if (event !== undefined) return redriveEvent(`${stackNameOf(stage.stage)}-${event}`, sqs);
  const name = `${stackNameOf(stage.stage)}-deliveries`;
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

await runCommand(
  { name: 'redrive', help: HELP, options: OPTIONS },
  ({ values }) => run(values),
  (error) => ['Nothing more was sent again.', ...explain(error, 'redrive', 'SQS')],
);

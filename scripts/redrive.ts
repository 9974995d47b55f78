/**
 * `npm run redrive`: sends the dead letters of the deliveries queue again, and leaves alone what was delivered meanwhile.
 *
 *     npm run redrive                                          the local run (npm start)
 *     npm run redrive -- --stage prod --region eu-south-1      a deployed stack, with your AWS credentials
 */
import { parseArgs } from 'node:util';
import { GetQueueUrlCommand, QueueDoesNotExist, SQSClient } from '@aws-sdk/client-sqs';
import { redrive } from '../lib/delivery/redrive.ts';
import { printProgress } from './progress.ts';

const { values } = parseArgs({
  options: {
    stage: { type: 'string', default: 'local' },
    region: { type: 'string', default: 'eu-south-1' },
    help: { type: 'boolean', default: false },
  },
});

if (values.help) {
  console.log(
    'npm run redrive [-- --stage STAGE --region REGION]\n\nSends the dead letters of the deliveries queue again.',
  );
  process.exit();
}

const name = `passweb-telegram-${values.stage}`;
process.env.AWS_REGION = values.region;
process.env.DELIVERIES_TABLE = `${name}-deliveries`;
if (values.stage === 'local') {
  const { SQS_PORT = '3003', DYNAMODB_PORT = '3004' } = process.env;
  process.env.AWS_ACCESS_KEY_ID ||= 'local';
  process.env.AWS_SECRET_ACCESS_KEY ||= 'local';
  process.env.AWS_ENDPOINT_URL_SQS ||= `http://127.0.0.1:${SQS_PORT}`;
  process.env.AWS_ENDPOINT_URL_DYNAMODB ||= `http://127.0.0.1:${DYNAMODB_PORT}`;
}

const sqs = new SQSClient({});

async function urlOf(QueueName: string): Promise<string> {
  const { QueueUrl = '' } = await sqs.send(new GetQueueUrlCommand({ QueueName }));
  // The local SQS answers with a host that no resolver knows.
  const endpoint = process.env.AWS_ENDPOINT_URL_SQS;
  return endpoint ? `${endpoint}${QueueUrl.replace(/^\w+:\/\/[^/]+/, '')}` : QueueUrl;
}

try {
  const { sentAgain, leftAlone } = await redrive({
    sqs,
    deadLettersUrl: await urlOf(`${name}-deliveries-dead.fifo`),
    deliveriesUrl: await urlOf(`${name}-deliveries.fifo`),
    onProgress: ({ sentAgain, leftAlone, total }) =>
      printProgress(sentAgain + leftAlone, total, 'dead letters'),
  });
  if (sentAgain + leftAlone === 0) console.log('There are no dead letters.');
  else
    console.log(
      `${sentAgain} sent again, ${leftAlone} taken out because they were delivered or are not wanted any more.`,
    );
} catch (error) {
  const reason =
    error instanceof QueueDoesNotExist ? `there is no queue ${name}-deliveries.fifo here` : String(error);
  console.error(`Nothing more was sent again: ${reason}.`);
  console.error(
    'Is the stage right? For the local run: does npm start run, and on which ports? It prints those of SQS and',
  );
  console.error(
    'DynamoDB ("Inside"); give them as SQS_PORT and DYNAMODB_PORT. See npm run redrive -- --help.',
  );
  process.exitCode = 1;
}

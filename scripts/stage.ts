import { bypassProxyForLoopback, isolate } from '../local/isolation.ts';

/** The name of a stage's CloudFormation stack, with which the names of its tables and queues begin. */
export function stackNameOf(stage: string): string {
  return `passweb-telegram-${stage}`;
}

const TABLES = ['sites', 'users', 'links', 'schedule', 'paces', 'deliveries', 'waiting', 'statements'];

/** Sets the environment variables that `lib` and the AWS clients read, for a program outside of Lambda. */
export function enterStage({ stage, region }: { stage: string; region: string }): void {
  const name = stackNameOf(stage);
  if (stage === 'local') enterLocalRun();
  else bypassProxyForLoopback(process.env);
  process.env.STAGE = stage;
  process.env.AWS_REGION = region;
  for (const table of TABLES) process.env[`${table.toUpperCase()}_TABLE`] = `${name}-${table}`;
  // Log lines are for CloudWatch; a person at a terminal reads sentences.
  process.env.LOG_LEVEL = 'off';
}

/** The tables, queues and functions of this machine: the person's own AWS settings don't concern them. */
function enterLocalRun(): void {
  isolate(process.env);
  const { LAMBDA_PORT = '3002', SQS_PORT = '3003', DYNAMODB_PORT = '3004' } = process.env;
  Object.assign(process.env, {
    AWS_ACCESS_KEY_ID: 'local',
    AWS_SECRET_ACCESS_KEY: 'local',
    AWS_ENDPOINT_URL_LAMBDA: `http://127.0.0.1:${LAMBDA_PORT}`,
    AWS_ENDPOINT_URL_SQS: `http://127.0.0.1:${SQS_PORT}`,
    AWS_ENDPOINT_URL_DYNAMODB: `http://127.0.0.1:${DYNAMODB_PORT}`,
  });
}

import { bypassProxyForLoopback, isolate } from '../local/isolation.ts';
import { UsageError } from './command-line.ts';

/** The options of every command that works on a stage. */
export const STAGE_OPTIONS = { stage: { type: 'string' }, region: { type: 'string' } } as const;

/** What `--help` says of the region. */
export const REGION_HELP =
  '  --region REGION  of the deployment: by default AWS_REGION or AWS_DEFAULT_REGION, else eu-south-1';

/** What `--help` says of both. */
export const STAGE_HELP = `  --stage STAGE    local (the default: a running "npm start"), or the stage of a deployment, with AWS credentials
                   as the AWS CLI finds them (AWS_PROFILE and the like). A run on other ports than the usual is
                   found by SQS_PORT and DYNAMODB_PORT, which npm start prints ("Inside")
${REGION_HELP}`;

/** That of a deployment, unless another one is named: as in serverless.yml. */
const USUAL_REGION = 'eu-south-1';

const LOCAL = 'local';

/** The name of a stage's CloudFormation stack, with which the names of its tables and queues begin: by default the local run's. */
export function stackNameOf(stage = LOCAL): string {
  return `passweb-telegram-${stage}`;
}

const TABLES = [
  'sites',
  'users',
  'people',
  'links',
  'schedule',
  'paces',
  'deliveries',
  'waiting',
  'outgoing',
  'statements',
  'statistics',
  'template-versions',
  'audit',
  'site-directory',
];

/**
 * Sets the environment variables that `lib` and the AWS clients read, for a program outside of Lambda.
 *
 * @param options.region the option; without it the region is that of the environment, as for the AWS CLI.
 * @throws UsageError
 */
export function enterStage({ stage = LOCAL, region }: { stage?: string; region?: string }): void {
  const name = stackNameOf(stage);
  if (stage === '') throw new UsageError('--stage is empty: say which stage.');
  if (region !== undefined && !/^[a-z]{2}(-[a-z]+)+-\d$/.test(region))
    throw new UsageError(`--region ${region} is no region of AWS, such as ${USUAL_REGION}.`);
  if (stage === LOCAL && region !== undefined)
    throw new UsageError('The local run has no region: say --stage with --region.');
  const { AWS_REGION, AWS_DEFAULT_REGION } = process.env;
  if (stage === LOCAL) enterLocalRun();
  else bypassProxyForLoopback(process.env);
  process.env.STAGE = stage;
  process.env.AWS_REGION =
    region ?? (stage === LOCAL ? USUAL_REGION : AWS_REGION || AWS_DEFAULT_REGION || USUAL_REGION);
  for (const table of TABLES)
    process.env[`${table.replace('-', '_').toUpperCase()}_TABLE`] = `${name}-${table}`;
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

/** Whether the command works on the local run: after `enterStage`. */
export function isLocalStage(): boolean {
  return process.env.STAGE === LOCAL;
}

/** The services of AWS that commands ask. */
export type Service = 'DynamoDB' | 'SQS' | 'CloudFormation' | 'Lambda';

/** Where a service is asked, for a person: a region of AWS, or the address that is set instead of it. */
export function placeOf(service: Service): string {
  const { AWS_ENDPOINT_URL, AWS_REGION, STAGE } = process.env;
  const address = process.env[`AWS_ENDPOINT_URL_${service.toUpperCase()}`] || AWS_ENDPOINT_URL;
  return `${service} ${address ? `at ${address}` : `of ${AWS_REGION}`} (stage ${STAGE})`;
}

/** A stage of the product, deployed with the real `serverless`. */
import { createHash, randomBytes } from 'node:crypto';
import { join } from 'node:path';
import { CloudFormationClient, DescribeStacksCommand, type Stack } from '@aws-sdk/client-cloudformation';
import { type Machine, REGION, ROOT } from './machine.ts';
import { type Ended, runProgram } from './programs.ts';
import { Seen } from './steps.ts';

export const PLATFORM_KEY = randomBytes(32).toString('base64url');
export const PLATFORM_KEY_SHA256 = createHash('sha256').update(PLATFORM_KEY).digest('hex');

export function stackOf(stage: string): string {
  return `passweb-telegram-${stage}`;
}

/** Runs `serverless` as the guide does. @param cwd the state of the product. */
export function serverless(machine: Machine, args: string[], cwd = ROOT): Promise<Ended> {
  const program = join(ROOT, 'node_modules', '.bin', 'serverless');
  return runProgram(program, args, { cwd, env: machine.environment });
}

/** @throws Seen, with what it printed, if it ends with an error. */
export async function deploy(
  machine: Machine,
  stage: string,
  more: string[] = [],
  cwd = ROOT,
): Promise<string> {
  const args = [
    'deploy',
    '--stage',
    stage,
    '--region',
    REGION,
    `--param=platformKeySha256=${PLATFORM_KEY_SHA256}`,
  ];
  const { code, output } = await serverless(machine, [...args, ...more], cwd);
  if (code !== 0) throw new Seen(`serverless deploy ended with ${code}:\n${output}`);
  return output;
}

/** @returns undefined if there is no such stack. */
export async function describeStack(stage: string): Promise<Stack | undefined> {
  const client = new CloudFormationClient({});
  const { Stacks = [] } = await client
    .send(new DescribeStacksCommand({ StackName: stackOf(stage) }))
    .catch(() => ({ Stacks: [] }))
    .finally(() => client.destroy());
  return Stacks[0];
}

export async function outputOf(stage: string, key: string): Promise<string> {
  const outputs = (await describeStack(stage))?.Outputs ?? [];
  const value = outputs.find(({ OutputKey }) => OutputKey === key)?.OutputValue;
  if (value === undefined) throw new Seen(`The stack of ${stage} has no output ${key}.`);
  return value;
}

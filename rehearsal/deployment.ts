/** A stage of the product, deployed with the real `serverless`. */
import { createHash } from 'node:crypto';
import { join } from 'node:path';
import { CloudFormationClient, DescribeStacksCommand, type Stack } from '@aws-sdk/client-cloudformation';
import { type Machine, REGION, ROOT } from './machine.ts';
import { runProgram } from './programs.ts';
import { Seen } from './steps.ts';

export function stackOf(stage: string): string {
  return `passweb-telegram-${stage}`;
}

/** SHA-256 in hexadecimal digits, as the deployment gets it of the platform's key. */
function sha256(key: string): string {
  return createHash('sha256').update(key).digest('hex');
}

/**
 * Runs `serverless` as the guide does.
 *
 * @param cwd the state of the product.
 * @throws Seen, with what it printed, if it ends with another code.
 */
export async function serverless(
  machine: Machine,
  cwd: string,
  args: string[],
  expectedCode = 0,
): Promise<string> {
  const program = join(ROOT, 'node_modules', '.bin', 'serverless');
  const { code, output } = await runProgram(program, args, { cwd, env: machine.environment });
  if (code !== expectedCode) throw new Seen(`serverless ${args[0]} ended with ${code}:\n${output}`);
  return output;
}

export function deployArguments(stage: string, platformKey: string): string[] {
  return ['deploy', '--stage', stage, '--region', REGION, `--param=platformKeySha256=${sha256(platformKey)}`];
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

/** Asks AWS by its CLI. @throws Seen with its error. */
export async function aws(machine: Machine, args: string[]): Promise<string> {
  const { code, out, output } = await runProgram('aws', [...args, '--output', 'text'], {
    env: machine.environment,
  });
  if (code !== 0) throw new Seen(`aws ${args.join(' ')} ended with ${code}: ${output}`);
  return out.trim();
}

/** A variable of a function that is deployed. */
export function variableOf(
  machine: Machine,
  stage: string,
  functionName: string,
  variable: string,
): Promise<string> {
  const name = `${stackOf(stage)}-${functionName}`;
  const query = `Environment.Variables.${variable}`;
  return aws(machine, ['lambda', 'get-function-configuration', '--function-name', name, '--query', query]);
}

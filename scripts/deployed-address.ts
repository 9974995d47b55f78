import { CloudFormationClient, DescribeStacksCommand } from '@aws-sdk/client-cloudformation';
import { withoutSlash } from '../lib/sites/own-addresses.ts';
import { CLIENT_TIMES } from './client-times.ts';
import { UsageError } from './command-line.ts';
import { isLocalStage, stackNameOf } from './stage.ts';

/** The address of the API that the functions of the stage give to Telegram: after `enterStage`. @throws UsageError */
export async function deployedAddress(): Promise<string> {
  if (isLocalStage()) return `http://127.0.0.1:${process.env.PORT || 3000}`;
  const StackName = stackNameOf(process.env.STAGE);
  const { Stacks = [] } = await new CloudFormationClient(CLIENT_TIMES).send(
    new DescribeStacksCommand({ StackName }),
  );
  const output = Stacks[0]?.Outputs?.find(({ OutputKey }) => OutputKey === 'ApiUrl')?.OutputValue;
  if (!output) throw new UsageError(`The stack ${StackName} has no output ApiUrl: deploy it, or say --api.`);
  return withoutSlash(output);
}

/** @returns an address that a person has given, without a slash at its end. @throws UsageError */
export function checkedAddress(address: string): string {
  if (/\/v1\/?$/.test(address))
    throw new UsageError(`${address}: the address ends before /v1. Leave /v1 out.`);
  if (URL.canParse(address) && /^https?:\/\//.test(address)) return withoutSlash(address);
  throw new UsageError(`${address} is not an address such as https://telegram.example.`);
}

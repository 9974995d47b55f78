/** `--region` and the environment have the same effect on a deployment and on the commands that work on it. */
import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { enterStage } from '../../scripts/stage.ts';

const SERVERLESS = 'node_modules/serverless/bin/serverless.js';

interface Regions {
  AWS_REGION?: string;
  AWS_DEFAULT_REGION?: string;
}

/** The region in which `serverless deploy` would work. */
async function deployedTo(regions: Regions, args: string[] = []): Promise<string> {
  const { AWS_REGION: _, AWS_DEFAULT_REGION: __, ...environment } = process.env;
  const print = [SERVERLESS, 'print', '--stage', 'test', '--path', 'provider.region', ...args];
  const { stdout } = await promisify(execFile)(process.execPath, print, {
    env: { ...environment, ...regions },
  });
  return stdout.trim();
}

let before: NodeJS.ProcessEnv;
beforeEach(() => {
  before = { ...process.env };
  delete process.env.AWS_REGION;
  delete process.env.AWS_DEFAULT_REGION;
});
afterEach(() => {
  process.env = before;
});

// The order is that of the AWS CLI: https://docs.aws.amazon.com/cli/latest/userguide/cli-configure-envvars.html
describe.each<[string, Regions, string | undefined, string]>([
  ['nothing is said', {}, undefined, 'eu-south-1'],
  ['AWS_REGION', { AWS_REGION: 'us-east-1' }, undefined, 'us-east-1'],
  ['AWS_DEFAULT_REGION', { AWS_DEFAULT_REGION: 'eu-central-1' }, undefined, 'eu-central-1'],
  ['both', { AWS_REGION: 'us-east-1', AWS_DEFAULT_REGION: 'eu-central-1' }, undefined, 'us-east-1'],
  ['--region beside them', { AWS_REGION: 'us-east-1' }, 'eu-west-1', 'eu-west-1'],
])('%s', (_what, regions, option, expected) => {
  test('serverless deploy', async () => {
    expect(await deployedTo(regions, option ? ['--region', option] : [])).toBe(expected);
  });

  test('the commands', () => {
    Object.assign(process.env, regions);
    enterStage({ stage: 'prod', ...(option && { region: option }) });
    expect(process.env.AWS_REGION).toBe(expected);
  });
});

test('the local run is asked, whatever the person’s region is', () => {
  Object.assign(process.env, { AWS_REGION: 'us-east-1' });
  enterStage({});
  expect(process.env).toMatchObject({
    AWS_REGION: 'eu-south-1',
    AWS_ENDPOINT_URL_DYNAMODB: 'http://127.0.0.1:3004',
  });
});

test('an empty AWS_REGION deploys nothing, and certainly not to another region', async () => {
  const refused = await deployedTo({ AWS_REGION: '' }).catch((error) => error.stdout + error.stderr);
  expect(refused).toMatch(/The region is empty: unset AWS_REGION/);
  expect(refused).not.toContain('    at ');
});

/** The policies that the guide gives to people: enough for what they do, and no secrets for who is on call. */
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { beforeAll, describe, expect, test } from '@jest/globals';
import { packagedResources } from '../support/package.ts';

interface Statement {
  Effect: string;
  Action: string | string[];
  Resource: string | string[];
}

let guide: string;
let runbook: string;
let cloudFront: string;
beforeAll(async () => {
  const pageOf = (name: string) => readFile(join(process.cwd(), 'docs', name), 'utf8');
  [guide, runbook, cloudFront] = await Promise.all([
    pageOf('deploy.md'),
    pageOf('runbook.md'),
    pageOf('cloudfront.md'),
  ]);
});

/** The statements of the first policy after these words. */
function policyAfter(words: string, page: string): Statement[] {
  const [, ...after] = page.split(words);
  const [text = ''] = after.join(words).match(/^ {4}\{\n(?: {4}.*\n)+/m) ?? [];
  return JSON.parse(text).Statement;
}

/** Whether one of the statements has such an action, for whatever resource. */
function allows(statements: Statement[], action: string): boolean {
  return statements
    .flatMap(({ Action }) => Action)
    .some((pattern) => new RegExp(`^${pattern.replaceAll('*', '.*')}$`).test(action));
}

/** The actions that the `aws …` commands of a text need. */
function actionsIn(text: string): string[] {
  const commands = [...text.matchAll(/\baws ([a-z0-9]+) ([a-z]+(?:-[a-z]+)*)(?: ([a-z-]+))?/g)];
  return commands.map(([, service = '', command = '', third = '']) => actionOf(service, command, third));
}

/** Those whose name is not that of the command. */
const OTHER_NAMES: Record<string, string> = {
  'logs:tail': 'logs:FilterLogEvents',
  'lambda:invoke': 'lambda:InvokeFunction',
  'acm:wait': 'acm:DescribeCertificate',
  // It makes a change set, and carries it out.
  'cloudformation:deploy': 'cloudformation:ExecuteChangeSet',
};
/** API Gateway's actions are HTTP methods. */
const METHODS: Record<string, string> = { create: 'POST', get: 'GET', update: 'PATCH', delete: 'DELETE' };

function actionOf(service: string, command: string, third: string): string {
  if (service === 'apigatewayv2') return `apigateway:${METHODS[command.split('-')[0] ?? '']}`;
  if (service === 'dynamodb' && command === 'wait' && third === 'table-exists')
    return 'dynamodb:DescribeTable';
  const name = command.replace(/(?:^|-)([a-z])/g, (_, letter: string) => letter.toUpperCase());
  return OTHER_NAMES[`${service}:${command}`] ?? `${service}:${name}`;
}

describe('whoever deploys', () => {
  const policy = () => policyAfter('The minimum permissions of the deploying identity', guide);

  test('may make every kind of resource of the package', async () => {
    const types = Object.values(await packagedResources()).map(({ Type }) => Type.split('::')[1] ?? '');
    const services = new Set(types.map((type) => type.toLowerCase().replace('apigatewayv2', 'apigateway')));
    expect(services.size).toBeGreaterThan(10);
    const allowed = policy().flatMap(({ Action }) => [Action].flat().map((action) => action.split(':')[0]));
    expect([...services].filter((service) => !allowed.includes(service))).toEqual([]);
  });

  // CloudFormation reads the index policies of a log group, and stops where it may not.
  test('may read the index policies of log groups, which IAM knows for all of them only', () => {
    const ofAll = policy().filter(({ Resource }) => Resource === '*');
    expect(allows(ofAll, 'logs:DescribeIndexPolicies')).toBe(true);
  });
});

describe('whoever is on call', () => {
  const policy = () => policyAfter('**Who is on call**', guide);

  test('may do what the runbook says, but for what belongs to the person who deploys', () => {
    const actions = new Set(actionsIn(runbook));
    expect(actions.size).toBeGreaterThan(15);
    expect([...actions].filter((action) => !allows(policy(), action))).toEqual([]);
  });

  test('sees no secret, and changes no permission and no code', () => {
    for (const action of [
      'lambda:GetFunction',
      'lambda:GetFunctionConfiguration',
      'lambda:ListFunctions',
      'lambda:UpdateFunctionCode',
      'lambda:UpdateFunctionConfiguration',
      'secretsmanager:GetSecretValue',
      'cloudformation:UpdateStack',
      'iam:PassRole',
      'dynamodb:DeleteTable',
    ])
      expect([action, allows(policy(), action)]).toEqual([action, false]);
  });

  // https://docs.aws.amazon.com/service-authorization/latest/reference/list_amazoncloudwatchlogs.html
  test('gets the results of queries, which IAM knows for all log groups only', () => {
    const ofAll = policy().filter(({ Resource }) => Resource === '*');
    expect(allows(ofAll, 'logs:GetQueryResults')).toBe(true);
  });
});

test('whoever sets up a domain, or CloudFront, may do what the guide says', () => {
  const [, steps = ''] = guide.match(/\*\*A domain of your own\.\*\*\n(.*?)\n5\. /s) ?? [];
  const deployer = policyAfter('The minimum permissions of the deploying identity', guide);
  const ofDomain = [...deployer, ...policyAfter('**For a domain of your own**', guide)];
  const domain = actionsIn(steps);
  expect(domain.length).toBeGreaterThan(5);
  expect(domain.filter((action) => !allows(ofDomain, action))).toEqual([]);
  const ofCloudFront = [...ofDomain, ...policyAfter('## Who sets it up', cloudFront)];
  const front = actionsIn(cloudFront);
  expect(front.length).toBeGreaterThan(5);
  expect(front.filter((action) => !allows(ofCloudFront, action))).toEqual([]);
});

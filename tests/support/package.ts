/** The output of `serverless package`: tests check what is deployed, not a copy of it. */
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Template } from '../../local/iam/template.ts';

const path = join(process.cwd(), '.serverless', 'cloudformation-template-update-stack.json');

export async function packagedTemplate(): Promise<Template> {
  const template = await readFile(path, 'utf8').catch(() => {
    throw new Error('The package is missing: run the tests with `npm test`, which makes it first.');
  });
  return JSON.parse(template);
}

export async function packagedResources(): Promise<Template['Resources']> {
  return (await packagedTemplate()).Resources;
}

/** The names of a table's indexes, also of those that only a parameter brings. */
export function indexesOf(resource: { Properties: Record<string, unknown> } | undefined): string[] {
  const indexes = (resource?.Properties.GlobalSecondaryIndexes ?? []) as (
    | { IndexName: string }
    | { 'Fn::If': [condition: string, index: { IndexName: string }, otherwise: unknown] }
  )[];
  return indexes.map((index) => ('Fn::If' in index ? index['Fn::If'][1] : index).IndexName);
}

export interface PackagedRoute {
  /** In API Gateway's form: `POST /v1/…`, or `$default`. */
  routeKey: string;
  /** Both absent for `$default`. */
  method?: string;
  path?: string;
  /** The file in `functions/` that answers. */
  functionName: string;
}

/** Every route of the API, with its function. */
export async function packagedRoutes(): Promise<PackagedRoute[]> {
  const resources = await packagedResources();
  return Object.values(resources)
    .filter(({ Type }) => Type === 'AWS::ApiGatewayV2::Route')
    .map(({ Properties }) => {
      const { RouteKey, Target } = Properties as {
        RouteKey: string;
        Target: { 'Fn::Join': [string, [string, { Ref: string }]] };
      };
      const integration = resources[Target['Fn::Join'][1][1].Ref]?.Properties as {
        IntegrationUri: { 'Fn::GetAtt': [string, string] };
      };
      const [lambda] = integration.IntegrationUri['Fn::GetAtt'];
      const functionName = String(resources[lambda]?.Properties.Handler).replace(/^dist\/|\.handler$/g, '');
      const [method, path] = RouteKey.split(' ');
      return { routeKey: RouteKey, functionName, ...(path !== undefined && { method, path }) };
    });
}

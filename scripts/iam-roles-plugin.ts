/**
 * Serverless plugin: makes a role for each function, with exactly the permissions that `serverless.yml` lists for it.
 *
 *     functions:
 *       message-sent:
 *         permissions:
 *           SitesTable: dynamodb:GetItem
 *           UsersTable/index/by-chat: [dynamodb:Query]
 *           SitesTable/keys/*#version: dynamodb:UpdateItem
 *           DeliveriesTable/attributes/siteId+deliveryId+links: dynamodb:GetItem
 *
 * A resource is named by its logical id, followed by the name of an index, by the end that the partition keys of the
 * items have, or by the only attributes (with those of the key) that may be used and returned. A permission for a resource with a `Condition` exists only if the resource does. Some permissions are added, because Lambda needs them: to write the
 * function's own log, to send its traces, and to read the queues that trigger it.
 */
type Json = null | string | number | boolean | Json[] | { [key: string]: Json };
type Template = { [key: string]: Json };

/** Actions by resource. */
export type Permissions = Record<string, string | string[]>;

interface FunctionDefinition {
  role?: string;
  permissions?: Permissions;
  events: { sqs?: { arn: unknown } }[];
}

type Resources = Record<string, { Type: string; Condition?: string }>;

/** The part of Serverless that this plugin uses. */
interface Serverless {
  service: {
    functions: Record<string, FunctionDefinition>;
    resources: { Resources: Resources };
  };
  configSchemaHandler: { defineFunctionProperties(provider: string, schema: object): void };
  getProvider(name: 'aws'): {
    naming: { getNormalizedFunctionName(key: string): string; getLogGroupLogicalId(key: string): string };
  };
}

/** The service of each type of resource: an action of another service is a mistake. */
const SERVICES: Record<string, string> = { 'AWS::DynamoDB::Table': 'dynamodb', 'AWS::SQS::Queue': 'sqs' };

/** @see https://docs.aws.amazon.com/lambda/latest/dg/services-sqs-configure.html#events-sqs-permissions */
const TRIGGER_ACTIONS = ['sqs:ReceiveMessage', 'sqs:DeleteMessage', 'sqs:GetQueueAttributes'];

/** Exact names only: a wildcard would allow actions that nobody has reviewed. */
const ACTION = '^[a-z0-9]+:[A-Za-z]+$';
const RESOURCE =
  '^[A-Za-z0-9]+(/index/[A-Za-z0-9_.-]+|/keys/[*]#[a-z]+|/attributes/[A-Za-z]+([+][A-Za-z]+)*)?$';

export default class PermissionsPlugin {
  readonly hooks = { initialize: () => this.makeRoles() };
  readonly #serverless: Serverless;

  constructor(serverless: Serverless) {
    this.#serverless = serverless;
    const action = { type: 'string', pattern: ACTION };
    serverless.configSchemaHandler.defineFunctionProperties('aws', {
      properties: {
        permissions: {
          type: 'object',
          patternProperties: { [RESOURCE]: { anyOf: [action, { type: 'array', items: action }] } },
          additionalProperties: false,
        },
      },
    });
  }

  makeRoles(): void {
    const { service } = this.#serverless;
    const { naming } = this.#serverless.getProvider('aws');
    const { Resources } = service.resources;
    for (const [key, definition] of Object.entries(service.functions)) {
      const role = `${naming.getNormalizedFunctionName(key)}Role`;
      const place = `functions.${key}.permissions`;
      const statements = Object.entries(allPermissions(definition)).map(([name, actions]) =>
        toStatement(place, name, [actions].flat(), Resources),
      );
      Object.assign(Resources, { [role]: toRole(naming.getLogGroupLogicalId(key), statements) });
      definition.role = role;
    }
  }
}

/** The permissions of the function, and those that its triggers need. */
function allPermissions({ permissions = {}, events }: FunctionDefinition): Permissions {
  const all = { ...permissions };
  for (const { sqs } of events) {
    if (!sqs) continue;
    const queue = queueOf(sqs.arn);
    all[queue] = [...new Set([...[all[queue] ?? []].flat(), ...TRIGGER_ACTIONS])];
  }
  return all;
}

/** The logical id in `!GetAtt QUEUE.Arn`, in either of its forms. */
function queueOf(arn: unknown): string {
  const reference = typeof arn === 'object' && arn !== null && 'Fn::GetAtt' in arn ? arn['Fn::GetAtt'] : [];
  const [logicalId] = [reference].flat().flatMap((part) => String(part).split('.'));
  if (logicalId === undefined)
    throw new Error(`The arn of a trigger has to be !GetAtt QUEUE.Arn, not ${JSON.stringify(arn)}.`);
  return logicalId;
}

function toStatement(place: string, name: string, actions: string[], resources: Resources): Json {
  const [logicalId = '', kind, part] = name.split('/');
  const resource = resources[logicalId];
  if (!resource) throw new Error(`${place}: there is no resource ${logicalId}.`);
  const service = SERVICES[resource.Type];
  const stranger = actions.find((action) => !action.startsWith(`${service}:`));
  if (stranger)
    throw new Error(`${place}: ${logicalId} is a ${resource.Type}, for which ${stranger} is nothing.`);
  const arn: Json =
    kind === 'index'
      ? { 'Fn::Sub': `\${${logicalId}.Arn}/index/${part}` }
      : { 'Fn::GetAtt': [logicalId, 'Arn'] };
  const statement = {
    ...allow(actions, arn),
    ...(kind === 'keys' && { Condition: onlyKeys(part) }),
    ...(kind === 'attributes' && { Condition: onlyAttributes(part) }),
  };
  if (!resource.Condition) return statement;
  return { 'Fn::If': [resource.Condition, statement, { Ref: 'AWS::NoValue' }] };
}

/** @see https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/specifying-conditions.html */
function onlyKeys(pattern = ''): Template {
  return { 'ForAllValues:StringLike': { 'dynamodb:LeadingKeys': [pattern] } };
}

/** @see https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/specifying-conditions.html */
function onlyAttributes(names = ''): Template {
  return {
    'ForAllValues:StringEquals': { 'dynamodb:Attributes': names.split('+') },
    // Otherwise the answer could have all others.
    StringEqualsIfExists: {
      'dynamodb:Select': ['SPECIFIC_ATTRIBUTES'],
      'dynamodb:ReturnValues': ['NONE', 'UPDATED_OLD', 'UPDATED_NEW'],
    },
  };
}

function allow(actions: string[], resource: Json): Template {
  return { Effect: 'Allow', Action: actions, Resource: resource };
}

function toRole(logGroup: string, statements: Json[]): Template {
  const own = [
    // The ARN of a log group ends in ":*": all its streams, whose names Lambda chooses.
    allow(['logs:CreateLogStream', 'logs:PutLogEvents'], { 'Fn::GetAtt': [logGroup, 'Arn'] }),
    // X-Ray's write actions have no resources: IAM accepts only "*" here.
    allow(['xray:PutTraceSegments', 'xray:PutTelemetryRecords'], '*'),
  ];
  return {
    Type: 'AWS::IAM::Role',
    Properties: {
      AssumeRolePolicyDocument: {
        Version: '2012-10-17',
        Statement: [
          { Effect: 'Allow', Principal: { Service: 'lambda.amazonaws.com' }, Action: 'sts:AssumeRole' },
        ],
      },
      Policies: [
        {
          PolicyName: 'permissions',
          PolicyDocument: { Version: '2012-10-17', Statement: [...own, ...statements] },
        },
      ],
    },
  };
}

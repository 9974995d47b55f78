/**
 * Makes the tables and queues of `serverless.yml` in the embedded DynamoDB and SQS. The `Resources` are the same for the
 * plugin (from the resolved configuration) and for the tests (from the packaged template).
 */
import {
  CreateTableCommand,
  type CreateTableCommandInput,
  DescribeTableCommand,
  type DynamoDBClient,
  type GlobalSecondaryIndex,
  type KeySchemaElement,
  ResourceInUseException,
  waitUntilTableExists,
} from '@aws-sdk/client-dynamodb';
import {
  CreateQueueCommand,
  GetQueueAttributesCommand,
  GetQueueUrlCommand,
  SetQueueAttributesCommand,
  type SQSClient,
  SQSServiceException,
} from '@aws-sdk/client-sqs';
import { StartError } from './run.ts';

const ADVICE = 'Delete the folder with the data, or choose another one: LOCAL_DATA=FOLDER npm start';

export interface Resource {
  Type: string;
  Condition?: string;
  Properties: Record<string, unknown>;
}
export type Resources = Record<string, Resource>;

/** The values of the template's references, once the resources exist. */
export interface Created {
  /** Table name or queue URL by logical id: `!Ref`. */
  refs: Map<string, string>;
  /** Queue ARN by logical id: `!GetAtt X.Arn`. */
  arns: Map<string, string>;
}

export async function createResources(
  resources: Resources,
  clients: { dynamodb: DynamoDBClient; sqs: SQSClient },
): Promise<Created> {
  const created: Created = { refs: new Map(), arns: new Map() };
  await Promise.all(
    ofType(resources, 'AWS::DynamoDB::Table').map((table) => createTable(table, clients.dynamodb, created)),
  );
  // A dead-letter queue has to exist before the queue that names it.
  const queues = ofType(resources, 'AWS::SQS::Queue');
  const hasDeadLetters = ([, { Properties }]: [string, Resource]) => Properties.RedrivePolicy !== undefined;
  for (const queue of queues.filter((queue) => !hasDeadLetters(queue)))
    await createQueue(queue, clients.sqs, created);
  for (const queue of queues.filter(hasDeadLetters)) await createQueue(queue, clients.sqs, created);
  return created;
}

function ofType(resources: Resources, type: string): [string, Resource][] {
  return Object.entries(resources).filter(([, resource]) => resource.Type === type);
}

async function createTable(
  [logicalId, { Properties }]: [string, Resource],
  client: DynamoDBClient,
  created: Created,
) {
  // Only the properties that the embedded DynamoDB knows; it has no backups and no encryption.
  const { TableName, AttributeDefinitions, KeySchema, GlobalSecondaryIndexes } = resolve(
    Properties,
    created,
  ) as Resource['Properties'];
  const input = {
    TableName,
    AttributeDefinitions,
    KeySchema,
    BillingMode: 'PAY_PER_REQUEST',
    ...(GlobalSecondaryIndexes ? { GlobalSecondaryIndexes } : {}),
  } as CreateTableCommandInput;
  const name = String(TableName);
  try {
    await client.send(new CreateTableCommand(input));
  } catch (error) {
    if (!(error instanceof ResourceInUseException)) throw error;
    await checkShape(name, input, client);
  }
  await waitUntilTableExists(
    { client, maxWaitTime: 10, minDelay: 0.02, maxDelay: 0.1 },
    { TableName: name },
  ).catch((cause) => {
    // The run that made it was killed at that moment.
    if (cause.name === 'TimeoutError')
      throw new StartError(`The table ${name} was left unfinished. ${ADVICE}`);
    throw cause;
  });
  created.refs.set(logicalId, name);
}

/** A table of an earlier version may lack an index, which would be noticed only when it is queried. */
async function checkShape(
  name: string,
  wanted: CreateTableCommandInput,
  client: DynamoDBClient,
): Promise<void> {
  const { Table } = await client.send(new DescribeTableCommand({ TableName: name }));
  if (shapeOf((Table ?? {}) as TableShape) === shapeOf(wanted as TableShape)) return;
  throw new StartError(
    `The table ${name} was kept by another version of this project and has other keys or indexes. ${ADVICE}`,
  );
}

/** Keys and indexes as a text, which does not depend on their order. */
function shapeOf({ KeySchema, GlobalSecondaryIndexes = [] }: TableShape): string {
  const keyOf = (schema: KeySchemaElement[] = []) =>
    schema.map(({ AttributeName, KeyType }) => `${KeyType} ${AttributeName}`).join();
  const indexes = GlobalSecondaryIndexes.map((index) => `${index.IndexName}: ${keyOf(index.KeySchema)}`);
  return [keyOf(KeySchema), ...indexes.sort()].join('\n');
}

interface TableShape {
  KeySchema?: KeySchemaElement[] | undefined;
  GlobalSecondaryIndexes?: Pick<GlobalSecondaryIndex, 'IndexName' | 'KeySchema'>[] | undefined;
}

async function createQueue(
  [logicalId, { Properties }]: [string, Resource],
  client: SQSClient,
  created: Created,
) {
  const { QueueName, ...attributes } = Properties;
  const QueueUrl = await queueWith(String(QueueName), queueAttributes(attributes, created), client);
  const { Attributes } = await client.send(
    new GetQueueAttributesCommand({ QueueUrl, AttributeNames: ['QueueArn'] }),
  );
  created.refs.set(logicalId, QueueUrl);
  created.arns.set(logicalId, Attributes?.QueueArn ?? '');
}

/** The attributes that can be changed of an existing queue. */
const CHANGEABLE = [
  'DelaySeconds',
  'MaximumMessageSize',
  'MessageRetentionPeriod',
  'ReceiveMessageWaitTimeSeconds',
  'RedrivePolicy',
  'VisibilityTimeout',
];

/** Makes the queue. One of an earlier run gets the attributes of the present template. */
async function queueWith(
  QueueName: string,
  Attributes: Record<string, string>,
  client: SQSClient,
): Promise<string> {
  try {
    const { QueueUrl = '' } = await client.send(new CreateQueueCommand({ QueueName, Attributes }));
    return QueueUrl;
  } catch (error) {
    // The emulator uses the name of SQS's old protocol for this error, for which the SDK has no class.
    if (!(error instanceof SQSServiceException && error.name.endsWith('QueueNameExists'))) throw error;
    const { QueueUrl = '' } = await client.send(new GetQueueUrlCommand({ QueueName }));
    const changeable = Object.entries(Attributes).filter(([name]) => CHANGEABLE.includes(name));
    await client.send(
      new SetQueueAttributesCommand({ QueueUrl, Attributes: Object.fromEntries(changeable) }),
    );
    return QueueUrl;
  }
}

/** The attributes as SQS accepts them: texts, with references resolved. */
function queueAttributes(properties: Record<string, unknown>, created: Created): Record<string, string> {
  const attributes: Record<string, string> = {};
  for (const [name, value] of Object.entries(resolve(properties, created) as Record<string, unknown>)) {
    attributes[name] = typeof value === 'object' ? JSON.stringify(value) : String(value);
  }
  return attributes;
}

/**
 * The value with every `Ref` and `Fn::GetAtt … Arn` to a created resource resolved. All resources are created, whatever
 * their condition: so of `Fn::If` the first value is taken.
 */
export function resolve(value: unknown, created: Created): unknown {
  if (Array.isArray(value)) return value.map((item) => resolve(item, created));
  if (value === null || typeof value !== 'object') return value;
  if ('Fn::If' in value) return resolve([value['Fn::If']].flat()[1], created);
  if ('Ref' in value) return created.refs.get(String(value.Ref)) ?? value;
  if ('Fn::GetAtt' in value) {
    const [logicalId] = [value['Fn::GetAtt']].flat().flatMap((part) => String(part).split('.'));
    return created.arns.get(logicalId ?? '') ?? value;
  }
  return Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, resolve(inner, created)]));
}

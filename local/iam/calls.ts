/** Which permissions a request to DynamoDB or SQS asks for. */
import type { Permission } from './roles.ts';
import { queueArn, tableArn } from './template.ts';

type Body = Record<string, unknown>;

/** A permission, and the item that it is needed for. */
export interface WantedPermission extends Permission {
  /** The item's key, where it is a single text. */
  key?: string | undefined;
  /** The attributes that the request uses or returns; absent: all of them. */
  attributes?: string[];
}

/** Used where a request names no resource. No role allows it. */
const UNNAMED = '*';

/**
 * The permissions that a request needs; a batch over several tables needs one for each table.
 *
 * @param target the header `x-amz-target`: `DynamoDB_20120810.GetItem`, `AmazonSQS.SendMessage`.
 * @see https://docs.aws.amazon.com/service-authorization/latest/reference/list_amazondynamodb.html
 */
export function permissionsFor(target: string, body: Body, region: string): WantedPermission[] {
  const [service = '', operation = ''] = target.split('.');
  if (service === 'AmazonSQS') return [sqsPermission(operation, body, region)];
  const action = `dynamodb:${operation}`;
  return tablesIn(body).map((table) => ({
    action,
    resource: table === UNNAMED ? UNNAMED : tableOrIndex(tableArn(region, table), body),
    key: keyIn(body),
    ...attributesIn(operation, body),
  }));
}

/** In expressions, what is no attribute. */
const WORDS =
  /^(?:SET|REMOVE|ADD|DELETE|AND|OR|NOT|BETWEEN|IN|if_not_exists|list_append|begins_with|contains|size|attribute_\w+)$/;

/** Of requests for one item. */
function attributesIn(operation: string, body: Body): Pick<WantedPermission, 'attributes'> {
  const { ReturnValues = 'NONE', ProjectionExpression, UpdateExpression, ConditionExpression } = body;
  const isSome =
    operation === 'GetItem'
      ? ProjectionExpression !== undefined
      : operation === 'UpdateItem' && /^(?:NONE|UPDATED_)/.test(String(ReturnValues));
  if (!isSome) return {};
  const expressions = [ProjectionExpression, UpdateExpression, ConditionExpression].join(' ');
  const names = (body.ExpressionAttributeNames ?? {}) as Record<string, string>;
  const used = expressions.match(/(?<![\w:#])#?[A-Za-z]\w*/g) ?? [];
  const attributes = used.filter((word) => !WORDS.test(word)).map((word) => names[word] ?? word);
  return { attributes: [...new Set([...Object.keys((body.Key ?? {}) as object), ...attributes])] };
}

function keyIn({ Key }: Body): string | undefined {
  const [value, ...others] = Object.values((Key ?? {}) as Record<string, { S?: string }>);
  return others.length === 0 ? value?.S : undefined;
}

function tablesIn({ TableName, RequestItems }: Body): string[] {
  if (typeof TableName === 'string') return [TableName];
  if (typeof RequestItems === 'object' && RequestItems !== null) return Object.keys(RequestItems);
  return [UNNAMED];
}

/** To read an index, the permission for the index is needed, not that for its table. */
function tableOrIndex(table: string, { IndexName }: Body): string {
  return typeof IndexName === 'string' ? `${table}/index/${IndexName}` : table;
}

/**
 * A batch operation needs the same permission as the operation on one message.
 *
 * @see https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/sqs-api-permissions-reference.html
 */
function sqsPermission(operation: string, { QueueUrl }: Body, region: string): Permission {
  const name = typeof QueueUrl === 'string' ? QueueUrl.split('/').at(-1) : undefined;
  return {
    action: `sqs:${operation.replace(/Batch$/, '')}`,
    resource: name === undefined ? UNNAMED : queueArn(region, name),
  };
}

/** Which permissions a request to DynamoDB or SQS asks for. */
import type { Permission } from './roles.ts';
import { queueArn, tableArn } from './template.ts';

type Body = Record<string, unknown>;

/** In the place of a resource, where a request names none. No role allows it. */
const UNNAMED = '*';

/**
 * A request needs all of these: a batch over several tables one for each.
 *
 * @param target the header `x-amz-target`: `DynamoDB_20120810.GetItem`, `AmazonSQS.SendMessage`.
 * @see https://docs.aws.amazon.com/service-authorization/latest/reference/list_amazondynamodb.html
 */
export function permissionsFor(target: string, body: Body, region: string): Permission[] {
  const [service = '', operation = ''] = target.split('.');
  if (service === 'AmazonSQS') return [sqsPermission(operation, body, region)];
  const action = `dynamodb:${operation}`;
  return tablesIn(body).map((table) => ({
    action,
    resource: table === UNNAMED ? UNNAMED : tableOrIndex(tableArn(region, table), body),
  }));
}

function tablesIn({ TableName, RequestItems }: Body): string[] {
  if (typeof TableName === 'string') return [TableName];
  if (typeof RequestItems === 'object' && RequestItems !== null) return Object.keys(RequestItems);
  return [UNNAMED];
}

/** Reading through an index is a permission for the index, not for its table. */
function tableOrIndex(table: string, { IndexName }: Body): string {
  return typeof IndexName === 'string' ? `${table}/index/${IndexName}` : table;
}

/**
 * What is done to many messages at once is the same permission as to one.
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

/**
 * The envelopes in which SNS and EventBridge put a message into a queue, unless they are told not to.
 *
 * @see https://docs.aws.amazon.com/sns/latest/dg/sns-message-and-json-formats.html
 * @see https://docs.aws.amazon.com/eventbridge/latest/ref/overiew-event-structure.html
 */
import { UnreadableInputError } from '../domain/errors.ts';
import { parseJson, type ReadOptions } from '../http/body.ts';

type JsonObject = Record<string, unknown>;

export function isObject(json: unknown): json is JsonObject {
  return typeof json === 'object' && json !== null && !Array.isArray(json);
}

/**
 * What is in the envelopes around a message: EventBridge may send to SNS, and that to the queue.
 *
 * @returns `json` itself if it is no envelope.
 * @throws UnreadableInputError, InvalidInputError
 */
export function withoutEnvelopes(json: unknown, options: ReadOptions): unknown {
  let content = json;
  // A loop, since a message may hold more envelopes than the stack has room for.
  for (let opened = open(content, options); opened; opened = open(content, options)) content = opened.content;
  return content;
}

/** @returns `undefined` for what is no envelope. */
function open(json: unknown, options: ReadOptions): { content: unknown } | undefined {
  // An event of ours has none of the properties that an envelope has.
  if (!isObject(json) || 'siteId' in json) return undefined;
  const { Type, TopicArn, Message, detail, source } = json;
  if (typeof TopicArn === 'string') {
    if (Type === 'Notification' && typeof Message === 'string')
      return { content: parseJson(Buffer.from(Message), options) };
    throw new UnreadableInputError(NO_NOTIFICATION);
  }
  const isOfEventBridge = typeof json['detail-type'] === 'string' && typeof source === 'string';
  return isOfEventBridge ? { content: detail } : undefined;
}

const NO_NOTIFICATION =
  'The message is of SNS, but no notification: to confirm a subscription, open its SubscribeURL. Then send the event again.';

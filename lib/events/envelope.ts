/**
 * The envelopes in which SNS and EventBridge put a message into a queue, unless they are told not to.
 *
 * @see https://docs.aws.amazon.com/sns/latest/dg/sns-message-and-json-formats.html
 * @see https://docs.aws.amazon.com/eventbridge/latest/ref/overiew-event-structure.html
 */
import { UnreadableInputError } from '../domain/errors.ts';
import { parseJson, type ReadOptions } from '../http/body.ts';
import { toPointer } from '../http/pointer.ts';

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
    throw new UnreadableInputError(noNotification(Type));
  }
  const isOfEventBridge = typeof json['detail-type'] === 'string' && typeof source === 'string';
  return isOfEventBridge ? { content: detail } : undefined;
}

/** https://docs.aws.amazon.com/sns/latest/dg/sns-message-and-json-formats.html */
function noNotification(type: unknown): string {
  switch (type) {
    case 'SubscriptionConfirmation':
      return 'The message is of SNS, but no notification: to confirm the subscription of this queue, open its SubscribeURL. Then send the event again.';
    case 'UnsubscribeConfirmation':
      return 'The message is of SNS, but no notification: it says that the subscription of this queue has ended. Its SubscribeURL would subscribe the queue again.';
    default:
      return 'The message is of SNS, but no notification.';
  }
}

/** So many values are looked at, and texts in texts are opened so many times: whoever sends more is not helped. */
const MAX_LOOKED_AT = 1_000;
const MAX_TEXTS = 20;

/**
 * Where in a message that is no event there is one: in an array, in another kind of envelope, in a text because it was
 * serialised twice.
 *
 * @returns a JSON Pointer, empty for the message itself; `undefined` where nothing looks like an event.
 */
export function eventIn(json: unknown): string | undefined {
  const open: { value: unknown; names: string[] }[] = [{ value: json, names: [] }];
  let texts = 0;
  // `open` grows while it is looked through: what is nearest is found first.
  for (const { value: given, names } of open) {
    const isText = typeof given === 'string' && /^\s*["[{]/.test(given) && texts++ < MAX_TEXTS;
    const value = isText ? parsed(given) : given;
    if (isObject(value) && typeof value.eventId === 'string') return toPointer(names);
    // A text in a text has the same place.
    if (isText && typeof value === 'string') open.push({ value, names });
    if (typeof value !== 'object' || value === null) continue;
    // Texts in texts may have taken a few places more.
    const room = Math.max(MAX_LOOKED_AT - open.length, 0);
    for (const [name, inner] of Object.entries(value).slice(0, room))
      open.push({ value: inner, names: [...names, name] });
  }
  return undefined;
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

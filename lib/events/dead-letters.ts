import { type MessageAttributeValue, SendMessageCommand } from '@aws-sdk/client-sqs';
import type { SQSRecord } from 'aws-lambda';
import { environment } from '../aws/environment.ts';
import { callSqs, sqs } from '../aws/sqs.ts';
import { type InputError, InvalidInputError } from '../domain/errors.ts';
import { inLanguage } from '../domain/sentence.ts';

/** The largest message of a queue of dead letters, with its attributes, in bytes: `MaximumMessageSize` in serverless.yml. */
const MAX_MESSAGE_BYTES = 1_048_576;

/** Longest reason, in characters. */
const MAX_REASON_LENGTH = 1_000;

/** The characters that SQS refuses in a text. They are replaced. */
const NOT_TAKEN = /[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\u{10000}-\u{10ffff}]/gu;

/**
 * Sends a message to the dead-letter queue, unchanged, with the reason in its attribute `reason`. If this is repeated,
 * the message is there twice: better than not at all.
 *
 * @param reason shortened where it is long, or where the message leaves little room for it.
 * @see https://docs.aws.amazon.com/AWSSimpleQueueService/latest/APIReference/API_SendMessage.html
 * @throws ServiceUnreachableError
 */
export async function sendToDeadLetters(record: SQSRecord, reason: string): Promise<void> {
  const { body, messageId } = record;
  const attributes = {
    [SENT_AT]: String(sentAt(record)),
    messageId,
    reason: reason.slice(0, MAX_REASON_LENGTH).replace(NOT_TAKEN, '\ufffd'),
  };
  const request = new SendMessageCommand({
    QueueUrl: environment('DEAD_LETTER_QUEUE_URL'),
    MessageBody: body,
    MessageAttributes: withinRoom(attributes, MAX_MESSAGE_BYTES - Buffer.byteLength(body)),
  });
  await callSqs((options) => sqs.send(request, options));
}

/**
 * The attributes of a message, as many as there is room for; of the reason, a part may be taken. Of each, its name, its
 * type and its value count.
 *
 * @param room in bytes.
 */
function withinRoom(attributes: Record<string, string>, room: number): Record<string, MessageAttributeValue> {
  const taken: Record<string, MessageAttributeValue> = {};
  let left = room;
  for (const [name, text] of Object.entries(attributes)) {
    const DataType = 'String';
    const bytesLeft = left - Buffer.byteLength(name + DataType);
    const StringValue = cutTo(text, bytesLeft);
    // SQS refuses an empty value; and half a number is none.
    if (StringValue === '' || (name !== 'reason' && StringValue !== text)) continue;
    taken[name] = { DataType, StringValue };
    left = bytesLeft - Buffer.byteLength(StringValue);
  }
  return taken;
}

/** The beginning of a text, in whole characters. */
function cutTo(text: string, bytes: number): string {
  const { read } = new TextEncoder().encodeInto(text, new Uint8Array(Math.max(0, bytes)));
  return text.slice(0, read);
}

/**
 * The attribute of a message that was sent once more: when it was sent first, in milliseconds since 1970. A sender of events
 * may have attributes of their own with any name, so this one is surely ours.
 */
export const SENT_AT = 'passweb-telegram-sent-at';

/** Nothing was sent before. */
const EARLIEST = Date.UTC(2000);

/** When a message was sent to its queue for the first time, in milliseconds since 1970. */
export function sentAt({ attributes, messageAttributes }: SQSRecord): number {
  return firstSentAt(messageAttributes[SENT_AT]?.stringValue, Number(attributes.SentTimestamp));
}

/**
 * When a message was sent first, by its attribute, if that can be true: it is never later than the message itself.
 *
 * @param attribute as it came. @param sent when this message was sent, by SQS's clock. Milliseconds since 1970.
 */
export function firstSentAt(attribute: string | undefined, sent: number): number {
  const first = /^\d{12,13}$/.test(attribute ?? '') ? Number(attribute) : sent;
  return first >= EARLIEST && first <= sent ? first : sent;
}

/** Every error of an event that is not valid, in its own line. */
export function reasonOf(error: InputError): string {
  const places = error instanceof InvalidInputError ? error.errors : [];
  const sentences = places.map(({ pointer, detail }) => `${pointer}: ${inLanguage(detail, 'en')}`);
  return sentences.length > 0 ? sentences.join('\n') : error.message;
}

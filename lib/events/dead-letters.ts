import { SendMessageCommand } from '@aws-sdk/client-sqs';
import type { SQSRecord } from 'aws-lambda';
import { environment } from '../aws/environment.ts';
import { callSqs, sqs } from '../aws/sqs.ts';
import { type InputError, InvalidInputError } from '../domain/errors.ts';

/** Longest reason, in characters: the message itself may already have almost the largest size that SQS accepts. */
const MAX_REASON_LENGTH = 1_000;

/** The characters that SQS refuses in a text. They are replaced. */
const NOT_TAKEN = /[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\u{10000}-\u{10ffff}]/gu;

/**
 * Sends a message to the dead-letter queue, unchanged, with the reason in its attribute `reason`. If this is repeated,
 * the message is there twice: better than not at all.
 *
 * @param reason shortened where it is long.
 * @see https://docs.aws.amazon.com/AWSSimpleQueueService/latest/APIReference/API_SendMessage.html
 * @throws ServiceUnreachableError
 */
export async function sendToDeadLetters(record: SQSRecord, reason: string): Promise<void> {
  const { body, messageId } = record;
  const request = new SendMessageCommand({
    QueueUrl: environment('DEAD_LETTER_QUEUE_URL'),
    MessageBody: body,
    MessageAttributes: {
      reason: {
        DataType: 'String',
        StringValue: reason.slice(0, MAX_REASON_LENGTH).replace(NOT_TAKEN, '\ufffd'),
      },
      messageId: { DataType: 'String', StringValue: messageId },
      [SENT_AT]: { DataType: 'String', StringValue: String(sentAt(record)) },
    },
  });
  await callSqs((options) => sqs.send(request, options));
}

/** The attribute of a message that was sent once more: when it was sent first, in milliseconds since 1970. */
export const SENT_AT = 'sentAt';

/** When a message was sent to its queue for the first time, in milliseconds since 1970. */
export function sentAt({ attributes, messageAttributes }: SQSRecord): number {
  return Number(messageAttributes[SENT_AT]?.stringValue ?? attributes.SentTimestamp);
}

/** Every error of an event that is not valid, in its own line. */
export function reasonOf(error: InputError): string {
  const places = error instanceof InvalidInputError ? error.errors : [];
  const sentences = places.map(({ pointer, detail }) => `${pointer}: ${detail}`);
  return sentences.length > 0 ? sentences.join('\n') : error.message;
}

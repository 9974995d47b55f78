/** A message that can't be read as an event is kept as it was, with what is wrong in it (docs/events.md). */

import { SendMessageCommand } from '@aws-sdk/client-sqs';
import { afterEach, beforeEach, describe, expect, jest, test } from '@jest/globals';
import type { SQSMessageAttributes } from 'aws-lambda';
import { sqs } from '../../lib/aws/sqs.ts';
import { InvalidInputError, ServiceUnreachableError, UnreadableInputError } from '../../lib/domain/errors.ts';
import { reasonOf as reasonIn, sendToDeadLetters } from '../../lib/events/dead-letters.ts';
import { eventBatch } from '../support/sqs-events.ts';

const QUEUE = 'https://sqs.example/message-sent-dead';

let sent: SendMessageCommand[] = [];
let failure: Error | undefined;

beforeEach(() => {
  sent = [];
  failure = undefined;
  process.env.DEAD_LETTER_QUEUE_URL = QUEUE;
  jest.spyOn(sqs, 'send').mockImplementation((async (command: unknown) => {
    if (failure) throw failure;
    if (command instanceof SendMessageCommand) sent.push(command);
    return {};
  }) as never);
});
afterEach(() => {
  jest.restoreAllMocks();
});

const [message] = eventBatch('message-sent', ['{"siteId":"démo']).Records;

/** The attribute `reason` of the message after this error. */
async function reasonOf(error: InvalidInputError | UnreadableInputError): Promise<string | undefined> {
  if (!message) throw new Error('There is no message.');
  await sendToDeadLetters(message, reasonIn(error));
  return sent.at(-1)?.input.MessageAttributes?.reason?.StringValue;
}

test('the message, unchanged, with the reason, its own id, and when it was sent first', async () => {
  await reasonOf(new UnreadableInputError('The body is not JSON.'));
  expect(sent.map(({ input }) => input)).toEqual([
    {
      QueueUrl: QUEUE,
      MessageBody: '{"siteId":"démo',
      MessageAttributes: {
        reason: { DataType: 'String', StringValue: 'The body is not JSON.' },
        messageId: { DataType: 'String', StringValue: message?.messageId },
        'passweb-telegram-sent-at': { DataType: 'String', StringValue: message?.attributes.SentTimestamp },
      },
    },
  ]);
});

test('each wrong place on a line of its own', async () => {
  const error = new InvalidInputError([
    { pointer: '/eventId', detail: 'Is missing.' },
    { pointer: '/recipients/0/id', detail: 'Must not be blank.' },
  ]);
  await expect(reasonOf(error)).resolves.toBe('/eventId: Is missing.\n/recipients/0/id: Must not be blank.');
});

test('an error that names no place tells its message', async () => {
  // SQS refuses an attribute with an empty value.
  await expect(reasonOf(new InvalidInputError([]))).resolves.toBeUndefined();
  await expect(reasonOf(new UnreadableInputError('No such site.'))).resolves.toBe('No such site.');
});

test('at most a thousand characters of it', async () => {
  await expect(reasonOf(new UnreadableInputError('x'.repeat(1_000)))).resolves.toBe('x'.repeat(1_000));
  await expect(reasonOf(new UnreadableInputError(`${'x'.repeat(1_000)}y`))).resolves.toBe('x'.repeat(1_000));
});

/** What SQS counts: the body, and of each attribute its name, its type and its value. */
function sizeOf({ MessageBody = '', MessageAttributes = {} }: SendMessageCommand['input']): number {
  const parts = Object.entries(MessageAttributes).map(
    ([name, { DataType = '', StringValue = '' }]) => name + DataType + StringValue,
  );
  return Buffer.byteLength(MessageBody + parts.join(''));
}

/** What is left of 200 bytes after the two other attributes, and the name and type of this one: two bytes for each. */
const CUT = 'è'.repeat(
  Math.floor(
    (200 -
      'passweb-telegram-sent-atString1234567890123messageIdStringreasonString'.length -
      (message?.messageId.length ?? 0)) /
      2,
  ),
);

test.each([
  ['all of it', 2_000, 'è'.repeat(400)],
  ['shortened, in whole characters', 200, CUT],
  ['none of it, but when it was sent', 80, undefined],
  ['nothing but the message', 0, undefined],
])(
  'of a message that leaves little room below 1 MiB, with the reason goes %s (%i bytes)',
  async (_what, free, reason) => {
    if (!message) throw new Error('There is no message.');
    const body = 'x'.repeat(1_048_576 - free);
    await sendToDeadLetters({ ...message, body }, 'è'.repeat(400));
    const [input] = sent.map((command) => command.input);
    if (!input) throw new Error('Nothing was sent.');
    expect(input.MessageBody).toBe(body);
    expect(sizeOf(input)).toBeLessThanOrEqual(1_048_576);
    expect(input.MessageAttributes?.reason?.StringValue).toBe(reason);
    const at = input.MessageAttributes?.['passweb-telegram-sent-at']?.StringValue;
    expect(at).toBe(free > 0 ? message.attributes.SentTimestamp : undefined);
  },
);

// https://docs.aws.amazon.com/AWSSimpleQueueService/latest/APIReference/API_SendMessage.html
test.each([
  ['tab, line feed, carriage return', '\t\n\r', '\t\n\r'],
  ['the first and the last characters that SQS takes', ' \ud7ff\ue000\ufffd', ' \ud7ff\ue000\ufffd'],
  ['letters, and characters beyond the first plane', 'Perché 😀\u{10ffff}', 'Perché 😀\u{10ffff}'],
  ['control characters', 'a\u0000b\u001fc\u000bd', 'a\ufffdb\ufffdc\ufffdd'],
  ['no characters at all', '\ufffe\uffff', '\ufffd\ufffd'],
  ['half of a character', 'a\ud83d', 'a\ufffd'],
])('what SQS takes stays, what it refuses is replaced: %s', async (_what, given, taken) => {
  await expect(reasonOf(new UnreadableInputError(given))).resolves.toBe(taken);
});

describe('when a message was sent first', () => {
  const itself = Number(message?.attributes.SentTimestamp);
  test.each<[string, string | undefined, number]>([
    ['by its attribute', String(itself - 86_400_000), itself - 86_400_000],
    ['by itself, without one', undefined, itself],
    ['and no later than it was sent', String(itself + 1), itself],
    ['and in no year before 2000 (seconds)', String(Math.floor(itself / 1_000)), itself],
    ['and in milliseconds', new Date(itself - 1).toISOString(), itself],
  ])('%s', async (_how, attribute, expected) => {
    if (!message) throw new Error('There is no message.');
    const messageAttributes: SQSMessageAttributes = {};
    if (attribute !== undefined)
      messageAttributes['passweb-telegram-sent-at'] = { dataType: 'String', stringValue: attribute };
    await sendToDeadLetters({ ...message, messageAttributes }, 'x');
    expect(sent.at(-1)?.input.MessageAttributes?.['passweb-telegram-sent-at']?.StringValue).toBe(
      String(expected),
    );
  });
});

test('a queue out of reach: the message may be received again', async () => {
  failure = new Error('ECONNREFUSED');
  const error = await reasonOf(new UnreadableInputError('x')).catch((reason: unknown) => reason);
  expect(error).toBeInstanceOf(ServiceUnreachableError);
  expect(error).toMatchObject({ service: 'SQS', cause: failure });
});

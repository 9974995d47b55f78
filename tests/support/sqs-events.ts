/** Batches in SQS's form: of the queues of the events, of the deliveries, and of the drain. */
import type { SQSEvent, SQSRecord } from 'aws-lambda';
import type { Ticket } from '../../lib/aws/tickets.ts';
import type { Notification } from '../../lib/deliveries/notification.ts';
import { deliveryIdOf, messageGroupOf } from '../../lib/domain/ids.ts';

let lastMessage = 0;
let lastEvent = 0;

/** Messages of the queue of an event, in one batch. An object is sent as JSON, a text unchanged. */
export function eventBatch(event: string, bodies: unknown[]): SQSEvent {
  return { Records: bodies.map((body) => eventRecord(event, body)) };
}

function eventRecord(event: string, body: unknown): SQSRecord {
  lastMessage += 1;
  return sqsRecord({
    messageId: `message-${lastMessage}`,
    receiptHandle: `receipt-${lastMessage}`,
    body: typeof body === 'string' ? body : JSON.stringify(body),
    eventSourceARN: `arn:aws:sqs:eu-south-1:000000000000:passweb-telegram-test-${event}`,
  });
}

/** A notification of a new event; no record contains its text. */
export function notification(changes: Partial<Notification> = {}): Notification {
  lastEvent += 1;
  const facts = {
    siteId: 'demo',
    userId: 'anna',
    event: 'order-status',
    eventId: `event-${lastEvent}`,
    templateId: 'order-status',
    ...changes,
  };
  return {
    deliveryId: deliveryIdOf(facts),
    text: `<b>Ordine</b> ${lastEvent}: parola-segreta`,
    acceptedAt: new Date().toISOString(),
    ...facts,
  };
}

/** A message of the deliveries queue. */
export function record(
  notification: Notification,
  receives = 1,
  changes: Partial<SQSRecord> = {},
): SQSRecord {
  const { deliveryId, eventId, siteId, userId } = notification;
  const { attributes, ...common } = sqsRecord({
    messageId: deliveryId,
    receiptHandle: `receipt ${deliveryId}`,
    body: JSON.stringify(notification),
    eventSourceARN: 'arn:aws:sqs:eu-south-1:000000000000:deliveries.fifo',
  });
  return {
    ...common,
    attributes: {
      ...attributes,
      ApproximateReceiveCount: String(receives),
      // The same message always has the same number, as in a FIFO queue.
      SequenceNumber: sequenceNumberOf(`${deliveryId} ${eventId}`),
      MessageGroupId: messageGroupOf(siteId, userId),
      MessageDeduplicationId: deliveryId,
    },
    ...changes,
  };
}

/** Tickets of the drain's queue, in one batch. */
export function ticketBatch(...siteIds: string[]): SQSEvent {
  return { Records: siteIds.map(ticketRecord) };
}

function ticketRecord(siteId: string): SQSRecord {
  lastMessage += 1;
  return sqsRecord({
    messageId: `ticket-${lastMessage}`,
    receiptHandle: `receipt-${lastMessage}`,
    body: JSON.stringify({ siteId } satisfies Ticket),
    eventSourceARN: 'arn:aws:sqs:eu-south-1:000000000000:passweb-telegram-test-drain',
  });
}

const sequenceNumbers = new Map<string, string>();

function sequenceNumberOf(message: string): string {
  const known = sequenceNumbers.get(message) ?? String(sequenceNumbers.size + 1).padStart(20, '0');
  sequenceNumbers.set(message, known);
  return known;
}

function sqsRecord(
  fields: Pick<SQSRecord, 'messageId' | 'receiptHandle' | 'body' | 'eventSourceARN'>,
): SQSRecord {
  const now = String(Date.now());
  return {
    attributes: {
      ApproximateReceiveCount: '1',
      ApproximateFirstReceiveTimestamp: now,
      SentTimestamp: now,
      SenderId: 'test',
    },
    messageAttributes: {},
    md5OfBody: '',
    eventSource: 'aws:sqs',
    awsRegion: 'eu-south-1',
    ...fields,
  };
}

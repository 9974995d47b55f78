/** An order that is followed through its statuses: reported, and delivered as the queue hands it out. */
import type { Notification } from '../../lib/deliveries/notification.ts';
import type { OrderCard, Template } from '../../lib/domain/templates.ts';
import type { App } from './app.ts';
import { template } from './fixtures.ts';
import { payload } from './payloads.ts';
import { record } from './sqs-events.ts';

let lastEvent = 0;

/** A template whose message is the status alone. */
export function cardTemplate(
  id: string,
  statuses: string[],
  card?: OrderCard,
  changes: Partial<Template> = {},
) {
  const text = { it: '{{statoDocumento}}', en: '{{statoDocumento}}' };
  return template('order-status', id, { statuses, text, ...(card && { card }), ...changes });
}

export interface Status {
  status: string;
  /** The order's id. */
  order?: string;
  eventId?: string;
  occurredAt?: string;
}

/** The event that tells a status of an order of Anna's. */
function statusEvent({ status, order = '84512', eventId, occurredAt }: Status) {
  lastEvent += 1;
  const { order: fields, ...event } = payload('order-status', { eventId: eventId ?? `status-${lastEvent}` });
  return { ...event, ...(occurredAt && { occurredAt }), order: { ...(fields as object), id: order, status } };
}

/** Reports a status. @returns what is in the queue for it. */
export async function reported(app: App, status: Status): Promise<Notification[]> {
  const { status: code } = await app.report('order-status', statusEvent(status));
  if (code !== 202) throw new Error(`The status was answered with ${code}.`);
  return app.takeQueued();
}

/** Reports a status, and delivers its messages. @returns them. */
export async function followed(app: App, status: Status): Promise<Notification[]> {
  const messages = await reported(app, status);
  for (const message of messages) {
    const kept = await app.deliver([record(message)]);
    if (kept.length > 0) throw new Error('The queue must keep a message.');
  }
  return messages;
}

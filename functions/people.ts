import type { Context, SQSEvent, SQSRecord } from 'aws-lambda';
import { log } from '../lib/observability/logger.ts';
import { withTelemetry } from '../lib/observability/telemetry.ts';
import type { ChangesListener } from '../lib/store/person-changes.ts';
import { noteChanges } from '../lib/store/statistics.ts';
import { keepStaff } from '../lib/users/keep-staff.ts';
import { readPeopleTicket, servePeople } from '../lib/users/serve-people.ts';
import { tellWebhook } from '../lib/webhooks/people-listener.ts';

/** Who is told what has happened to people. */
const LISTENERS: ChangesListener[] = [tellWebhook, noteChanges, keepStaff];

/** Receives tickets: keeps the directories of people up to date, and tells what has happened to them. */
export const handler = withTelemetry(async ({ Records }: SQSEvent, context: Context): Promise<void> => {
  const tickets = Records.map(ticketOf).filter((ticket) => ticket !== undefined);
  await servePeople(tickets, LISTENERS, context.getRemainingTimeInMillis());
});

/** `undefined` for what is no ticket: no site is to wait for it, and a lost one is made up for. */
function ticketOf({ body, messageId }: SQSRecord) {
  const ticket = readPeopleTicket(body);
  if (!ticket) log.error('message is no ticket: dropped', { messageId });
  return ticket;
}

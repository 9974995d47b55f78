import * as z from 'zod/mini';
import { fullName } from '../lib/domain/person-names.ts';
import { comparableStatus } from '../lib/domain/templates.ts';
import { defineEvent } from '../lib/events/definition.ts';
import { eventFunction } from '../lib/events/handler.ts';
import { activity, eventFields, person, recipient } from '../lib/events/schemas.ts';
import { requiredText } from '../lib/http/schemas.ts';
import { activityMemory } from '../lib/schedule/memory.ts';

/** Statuses after which nobody has to be reminded of an activity, in their comparable form. */
const ENDING_STATUSES = ['annullata', 'completata'];
const isOver = ({ newStatus }: { newStatus: string }) =>
  ENDING_STATUSES.includes(comparableStatus(newStatus));

/**
 * Notifica cambio stato attività: an activity of the agenda changed status. Its creator gets a message. If it is
 * cancelled or done, its reminders end.
 */
export const activityStatus = defineEvent({
  name: 'activity-status',
  schema: (link) =>
    z.strictObject({
      ...eventFields,
      activity: activity(link),
      oldStatus: requiredText(256),
      newStatus: requiredText(256),
      changedBy: z.optional(person),
      creator: recipient,
    }),
  templateKind: () => 'activity-status',
  recipients: ({ creator }) => [creator],
  actor: ({ changedBy }) => changedBy,
  url: ({ activity }) => activity.url,
  values: ({ activity, oldStatus, newStatus, changedBy }) => ({
    dataAttivita: activity.date,
    oggettoAttivita: activity.subject,
    vecchioStato: oldStatus,
    nuovoStato: newStatus,
    autore: fullName(changedBy),
  }),
  memory: activityMemory(isOver),
});

export const { routes, handler } = eventFunction(activityStatus);

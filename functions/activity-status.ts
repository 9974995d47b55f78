import * as z from 'zod/mini';
import { fullName } from '../lib/domain/person-names.ts';
import { comparableStatus } from '../lib/domain/templates.ts';
import { defineEvent } from '../lib/events/definition.ts';
import { eventFunction } from '../lib/events/handler.ts';
import { activity, eventFields, furtherRecipients, person, recipient } from '../lib/events/schemas.ts';
import { requiredText } from '../lib/http/schemas.ts';
import { activityMemory } from '../lib/schedule/memory.ts';
import type { StatusEffect } from '../lib/store/schedule.ts';
import { readableName } from '../lib/telegram/text/markup.ts';
import { templatesOf } from '../lib/templates/audiences.ts';

/** Statuses after which nobody is reminded of an activity, and one that changes nothing of that, in their comparable form. */
const ENDING_STATUSES = ['annullata', 'completata'];
const EXPIRED = 'scaduta';

function effectOf({ newStatus }: { newStatus: string }): StatusEffect {
  const status = comparableStatus(readableName(newStatus));
  if (ENDING_STATUSES.includes(status)) return 'ends';
  return status === EXPIRED ? undefined : 'opens';
}

/**
 * Notifica cambio stato attività: an activity of the agenda changed status. Its creator gets a message, and so do the
 * recipients whom the event names; a creator who is one of them gets the creator's. If it is
 * cancelled or done, its reminders end; another status lets them come again.
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
      recipients: z.optional(furtherRecipients),
    }),
  templateKind: () => 'activity-status',
  recipients: ({ creator, recipients = [] }) => [creator, ...recipients],
  templatesOf,
  isFor: ({ audience }, { id }, { creator }) =>
    audience === 'everybody' || (audience === 'creator') === (id === creator.id),
  actor: ({ changedBy }) => changedBy,
  url: ({ activity }) => activity.url,
  values: ({ activity, oldStatus, newStatus, changedBy }) => ({
    dataAttivita: activity.date,
    oggettoAttivita: activity.subject,
    vecchioStato: oldStatus,
    nuovoStato: newStatus,
    autore: fullName(changedBy),
  }),
  memory: activityMemory(effectOf),
});

export const { routes, handler } = eventFunction(activityStatus);

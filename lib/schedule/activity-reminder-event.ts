import * as z from 'zod/mini';
import { fullName } from '../domain/person-names.ts';
import { defineEvent, type EventOf } from '../events/definition.ts';
import { activity, eventFields, lastDate, person, recipients } from '../events/schemas.ts';

/** A year and a day. */
const MAX_MINUTES_BEFORE = 366 * 24 * 60;
const MAX_TIMES = 10_000;

/**
 * Promemoria attività: an activity of the agenda is coming up. Its recipients are reminded a set time before it; if it
 * recurs, before each of its dates.
 */
export const activityReminder = defineEvent({
  name: 'activity-reminder',
  schema: (link) =>
    z.strictObject({
      ...eventFields,
      activity: activity(link),
      remindMinutesBefore: z.int().check(z.minimum(0), z.maximum(MAX_MINUTES_BEFORE)),
      recurrence: z.optional(
        z.strictObject({
          frequency: z.enum(['daily', 'weekly', 'monthly', 'yearly']),
          count: z.optional(z.int().check(z.minimum(1), z.maximum(MAX_TIMES))),
          until: z.optional(lastDate),
        }),
      ),
      creator: z.optional(person),
      recipients,
    }),
  templateKind: () => 'activity-reminder',
  recipients: (event) => event.recipients,
  actor: ({ creator }) => creator,
  url: ({ activity }) => activity.url,
  values: ({ activity, creator }) => ({
    dataAttivita: activity.date,
    oggettoAttivita: activity.subject,
    autore: fullName(creator),
  }),
});

export type ReminderEvent = EventOf<typeof activityReminder>;

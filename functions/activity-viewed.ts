import * as z from 'zod/mini';
import { fullName } from '../lib/domain/person-names.ts';
import { defineEvent } from '../lib/events/definition.ts';
import { eventFunction } from '../lib/events/handler.ts';
import { activity, eventFields, person, recipient } from '../lib/events/schemas.ts';

/** Notifica presa visione attività: an assignee opened an activity. Its creator gets a message. */
export const activityViewed = defineEvent({
  name: 'activity-viewed',
  schema: (link) =>
    z.strictObject({ ...eventFields, activity: activity(link), viewedBy: person, creator: recipient }),
  templateKind: () => 'activity-viewed',
  recipients: ({ creator }) => [creator],
  actor: ({ viewedBy }) => viewedBy,
  url: ({ activity }) => activity.url,
  values: ({ activity, viewedBy }) => ({
    dataAttivita: activity.date,
    oggettoAttivita: activity.subject,
    autore: fullName(viewedBy),
  }),
});

export const { routes, handler } = eventFunction(activityViewed);

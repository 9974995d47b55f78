import * as z from 'zod/mini';
import { eventFunction } from '../lib/events/handler.ts';
import { withdrawn } from '../lib/events/http-adapter.ts';
import { date } from '../lib/events/schemas.ts';
import { route } from '../lib/http/route.ts';
import { activityReminder } from '../lib/schedule/activity-reminder-event.ts';
import { scheduleReminder, withdrawOccurrence, withdrawReminder } from '../lib/schedule/reminders.ts';

/** No more reminders of an activity, or none of one of its dates. */
const cancellation = route({
  method: 'DELETE',
  path: '/v1/sites/{siteId}/events/activity-reminder/{activityId}',
  caller: 'site',
  query: z.strictObject({ occurrence: z.optional(date) }),
  handle: ({ site, path, query: { occurrence } }) =>
    withdrawn(path.activityId, (id) =>
      occurrence === undefined ? withdrawReminder(site.siteId, id) : withdrawOccurrence(site, id, occurrence),
    ),
});

export const { routes, handler } = eventFunction(activityReminder, {
  accept: scheduleReminder,
  routes: [cancellation],
});

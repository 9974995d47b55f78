import { eventFunction } from '../lib/events/handler.ts';
import { withdraw } from '../lib/events/http-adapter.ts';
import { route } from '../lib/http/route.ts';
import { activityReminder } from '../lib/schedule/activity-reminder-event.ts';
import { cancelReminder, scheduleReminder } from '../lib/schedule/reminders.ts';

/** No more reminders of an activity. */
const cancellation = route({
  method: 'DELETE',
  path: '/v1/sites/{siteId}/events/activity-reminder/{activityId}',
  caller: 'site',
  activeOnly: true,
  handle: ({ site, path }) => withdraw(path.activityId, (id) => cancelReminder(site.siteId, id)),
});

export const { routes, handler } = eventFunction(activityReminder, {
  accept: scheduleReminder,
  routes: [cancellation],
});

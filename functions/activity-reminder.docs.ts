import type { EventDocs } from '../lib/openapi/events.ts';
import { routes } from './activity-reminder.ts';

export const docs: EventDocs = {
  routes,
  summary: 'Remind people of an activity',
  who: 'Its recipients are told `remindMinutesBefore` minutes before its date, and before each date that `recurrence` makes of it. Reporting the activity again moves its reminders.',
  withdrawal: { id: 'cancelReminder', summary: 'No more reminders of an activity' },
};

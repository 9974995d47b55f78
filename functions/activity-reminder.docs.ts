import { NOT_A_DATE } from '../lib/events/schemas.ts';
import { invalidParameters } from '../lib/http/problems.ts';
import type { EventDocs } from '../lib/openapi/events.ts';
import { routes } from './activity-reminder.ts';

export const docs: EventDocs = {
  routes,
  summary: 'Remind people of an activity',
  who: 'Its recipients are told `remindMinutesBefore` minutes before its date, and before each date that `recurrence` makes of it. Reporting the activity again moves its reminders.',
  withdrawal: {
    id: 'cancelReminder',
    summary: 'No more reminders of an activity, or none of one of its dates',
    parameters: {
      occurrence: {
        description: 'Only this date of an activity that repeats, as it was reported; absent: all dates',
        example: '2026-11-22T15:30:00+01:00',
      },
    },
    problems: [invalidParameters([{ pointer: '/occurrence', detail: NOT_A_DATE }])],
  },
};

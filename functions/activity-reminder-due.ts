import { pollerHandler } from '../lib/schedule/poller-handler.ts';
import { dueReminders } from '../lib/schedule/reminders.ts';

/** Every minute: dispatches the reminders that are due. */
export const handler = pollerHandler(dueReminders);

import { pollerHandler } from '../lib/schedule/poller-handler.ts';
import { reminders } from './activity-reminder.ts';

/** Every minute: hands over the reminders whose time has come. */
export const handler = pollerHandler(reminders);

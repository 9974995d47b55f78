import { quietUntil } from '../i18n/quiet-hours.ts';
import type { Site } from '../store/sites.ts';
import type { User } from '../store/user.ts';
import type { Notification } from './notification.ts';

/** How a message goes out in quiet hours: without a sound, or after they are over, in milliseconds since 1970. */
export type Quiet = { kind: 'silent' } | { kind: 'wait'; until: number };

/** After a night many messages go out one after the other: what makes sense no longer than so long after it does not wait. */
const BACKLOG = 10 * 60_000;

/** What counts of a message. */
type Said = Pick<Notification, 'event' | 'isTest' | 'pastAt'>;

/** What a person, or the shop, asks for at that very moment. */
function isAskedFor({ event, isTest }: Said): boolean {
  return event === 'welcome' || isTest === true;
}

/** Whether a message can't wait until the end of a night: somebody has asked for it, or it would come too late. */
export function isUrgent(notification: Said, until: number): boolean {
  const { pastAt } = notification;
  return isAskedFor(notification) || (pastAt !== undefined && Date.parse(pastAt) <= until + BACKLOG);
}

/** What the person's quiet hours, or else the shop's, make of a message now; `undefined` where it is not quiet. */
export function quietFor(
  notification: Said,
  site: Pick<Site, 'quietHours' | 'timeZone'>,
  user: Pick<User, 'quietHours' | 'timeZone'>,
  now: number,
): Quiet | undefined {
  const hours = user.quietHours ?? site.quietHours;
  if (!hours || hours.mode === 'off' || isAskedFor(notification)) return undefined;
  const until = quietUntil(hours, user.timeZone ?? site.timeZone, now);
  if (until === undefined) return undefined;
  return hours.mode === 'silent' || isUrgent(notification, until)
    ? { kind: 'silent' }
    : { kind: 'wait', until };
}

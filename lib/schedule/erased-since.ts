import type { Facts } from '../store/facts.ts';
import { isForErased } from '../store/user.ts';

/** @param reported.reportedAt milliseconds since 1970; so is `now`. */
interface ReportedAt {
  reportedAt?: number | undefined;
}

/** Whether an event has waited in a queue: whom it names may have been erased since. */
export function hasWaited({ reportedAt = Number.POSITIVE_INFINITY }: ReportedAt, now: number): boolean {
  return reportedAt < now;
}

/** The ids of those of the users who were erased while the event waited in a queue: nothing of it may be stored. */
export function erasedSince(
  { reportedAt }: ReportedAt,
  now: number,
  { users }: Pick<Facts, 'users'>,
): Set<string> {
  const at = new Date(reportedAt ?? now).toISOString();
  const erased = [...users.values()].filter((user) => isForErased(user, at));
  return new Set(erased.map(({ userId }) => userId));
}

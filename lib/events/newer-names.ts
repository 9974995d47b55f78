import { inParallel } from '../aws/parallel.ts';
import { userKey } from '../domain/ids.ts';
import { hasName } from '../domain/person-names.ts';
import type { Facts } from '../store/facts.ts';
import { isForErased, type User } from '../store/user.ts';
import { updateUser } from '../store/users.ts';
import type { EventFields } from './definition.ts';
import { momentOf } from './event-time.ts';
import type { Intent } from './plan.ts';
import type { Recipient } from './schemas.ts';

/** How many names are written at the same time. */
const PARALLEL_WRITES = 25;

/** A known user whom an event names differently. */
interface Renaming {
  user: User;
  names: Names;
  /** When the event happened, ISO 8601 in UTC with milliseconds. */
  at: string;
}

type Names = Pick<User, 'firstName' | 'lastName' | 'companyName'>;

/** The users whose names an event has anew: those of an event replace older ones, and no newer ones. */
export function newerNames(
  { event, site, choices, reportedAt }: Intent<EventFields>,
  { users }: Facts,
  now: string,
): Renaming[] {
  const at = momentOf(event, Date.parse(reportedAt ?? now));
  return choices.flatMap(({ recipient }) => {
    const user = users.get(userKey({ siteId: site.siteId, userId: recipient.id }));
    const names = namesIn(recipient);
    const isMeant = user && !isForErased(user, reportedAt ?? now);
    return isMeant && isNewer(user, names, at) ? { user, names, at } : [];
  });
}

/** @throws ServiceUnreachableError: a repeated call writes the others. */
export async function writeNames(renamings: Renaming[]): Promise<void> {
  await inParallel(renamings, PARALLEL_WRITES, async ({ user, names, at }) => {
    const change = (current: User) =>
      isNewer(current, names, at) ? { ...current, ...names, namesAt: at } : current;
    await updateUser(user, change, { known: user });
  });
}

function namesIn({ firstName, lastName, companyName }: Recipient): Names {
  return { firstName, lastName, companyName };
}

function isNewer(user: User, names: Names, at: string): boolean {
  const { firstName, lastName, companyName, namesAt = '', renamed } = user;
  if (renamed || !hasName(names) || at <= namesAt) return false;
  return firstName !== names.firstName || lastName !== names.lastName || companyName !== names.companyName;
}

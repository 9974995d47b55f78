import type { StaffMember } from '../domain/staff.ts';
import type { ToldChanges } from '../store/person-changes.ts';
import { readSite, updateSite } from '../store/sites.ts';
import type { PersonChange } from '../store/user.ts';

/**
 * A {@link ChangesListener}: who works in the shop stays so under another id, and is removed where they are erased. Repeated,
 * it changes nothing.
 *
 * @throws ServiceUnreachableError
 */
export async function keepStaff({ siteId, changes }: Pick<ToldChanges, 'siteId' | 'changes'>): Promise<void> {
  const own = changes.filter(({ kind }) => kind === 'renamed' || kind === 'erased');
  if (own.length === 0) return;
  // Not from the cache: the change is looked at once, and somebody may have joined the staff a moment ago.
  const { staff } = (await readSite(siteId)) ?? {};
  if (!staff || staffAfter(staff, own) === staff) return;
  await updateSite(siteId, (now) => ({ staff: now.staff && staffAfter(now.staff, own) }));
}

/** @returns the same list where nothing changes; `undefined` where nobody is left. */
function staffAfter(staff: StaffMember[], changes: PersonChange[]): StaffMember[] | undefined {
  let now = staff;
  for (const change of changes) {
    const id = change.kind === 'renamed' ? change.from : change.userId;
    if (!now.some(({ userId }) => userId === id)) continue;
    const others = now.filter(({ userId }) => userId !== id && userId !== change.userId);
    const member = now.find(({ userId }) => userId === id);
    now = change.kind === 'renamed' && member ? [...others, { ...member, userId: change.userId }] : others;
  }
  return now.length > 0 ? now : undefined;
}

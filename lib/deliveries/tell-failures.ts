import { staffFor } from '../domain/staff.ts';
import { failureGroup, failureWords } from '../i18n/staff-texts.ts';
import { findSite, isActive } from '../store/sites.ts';
import { type FailureSummary, failuresTold, nextFailures } from '../store/staff-failures.ts';
import type { StaffMessage } from './staff-notices.ts';
import { readerOf, tellStaff } from './tell-staff.ts';

/**
 * Tells the staff of a site, in one message, what has failed since the last one.
 *
 * @param now milliseconds since 1970.
 * @throws ServiceUnreachableError: the next run goes on.
 */
export async function tellFailures(siteId: string, now: number): Promise<void> {
  const site = await findSite(siteId);
  if (!site || !isActive(site) || staffFor(site, 'failures').length === 0) return;
  const summary = await nextFailures(siteId, now);
  if (!summary) return;
  await tellStaff(site, messageOf(summary, site));
  await failuresTold(siteId, summary);
}

function messageOf({ from, to, counts }: FailureSummary, site: Parameters<typeof readerOf>[0]): StaffMessage {
  const groups: Record<string, number> = {};
  for (const [name, count] of Object.entries(counts)) {
    const group = failureGroup(name);
    groups[group] = (groups[group] ?? 0) + count;
  }
  const sorted = Object.entries(groups).toSorted(([, one], [, other]) => other - one);
  const total = sorted.reduce((sum, [, count]) => sum + count, 0);
  return {
    ...{ notice: 'failures', identity: to, eventId: `failures-${to}`, acceptedAt: to },
    textFor(user) {
      const { language, texts, time } = readerOf(site, user);
      const reasons = sorted.map(([group, count]) => ({ count, words: failureWords(group, language) }));
      return { text: texts.failures(total, reasons, { from: time(from), to: time(to) }) };
    },
  };
}

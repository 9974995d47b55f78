/** What of a shop is ready, as the API says it. */

import type { Deliveries, Delivery, People, Site, Templates } from '../../clients/typescript/client.ts';
import { noticeOf } from '../../lib/domain/staff.ts';
import { siteRequest } from '../api/site.ts';

export interface Progress {
  enabled: number;
  linked: number;
  /** The last message that has arrived. */
  sent: Delivery | undefined;
  /** The last event that was reported, and was no test. */
  event: Delivery | undefined;
}

/** How many of the newest lines of the log are looked at. */
const LINES = 100;

/** @throws Problem, Unreachable */
export async function readProgress({ siteId }: Site, signal: AbortSignal): Promise<Progress> {
  const [templates, people, log] = await Promise.all([
    siteRequest<Templates>(siteId, 'GET', '/templates', { signal }),
    siteRequest<People>(siteId, 'GET', '/users?limit=1', { signal }),
    readLog(siteId, signal),
  ]);
  return {
    enabled: templates.value.templates.filter(({ enabled }) => enabled).length,
    linked: people.value.counts.linked,
    ...log,
  };
}

/** @throws Problem, Unreachable */
export async function readLog(
  siteId: string,
  signal: AbortSignal,
): Promise<Pick<Progress, 'sent' | 'event'>> {
  const { value } = await siteRequest<Deliveries>(siteId, 'GET', `/deliveries?limit=${LINES}`, { signal });
  const lines = value.deliveries.filter(({ event }) => event !== 'welcome' && !noticeOf(event));
  return { sent: lines.find(({ status }) => status === 'sent'), event: lines.find(({ test }) => !test) };
}

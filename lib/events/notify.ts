import { settleAll } from '../aws/parallel.ts';
import { enqueue } from '../deliveries/queue.ts';
import type { Outcome } from '../domain/outcomes.ts';
import { readFacts } from '../store/facts.ts';
import { drop } from '../store/schedule.ts';
import { requireLatest, type Site } from '../store/sites.ts';
import type { EventDefinition, EventFields } from './definition.ts';
import { newerNames, writeNames } from './newer-names.ts';
import { toIntent, toPlan, wantedOf } from './plan.ts';

/**
 * Decides what each recipient of an event gets, renders it and enqueues it. On return every notification is in the
 * queue. After an error some of them may be: a repeated call enqueues the rest, and nothing twice. The results of an
 * earlier report of the event are returned again, however old it is.
 *
 * @param now milliseconds since 1970.
 * @returns one outcome for each recipient, template and chat, and one for a recipient who gets nothing; in the order of
 * the recipients.
 * @throws StaleSiteError if the site was changed since it was read; nothing has been done then.
 * @throws ServiceUnreachableError
 */
export async function notify<Event extends EventFields>(
  definition: EventDefinition<Event>,
  event: Event,
  site: Site,
  now = Date.now(),
): Promise<Outcome[]> {
  const { siteId } = site;
  const { endings } = definition;
  const intent = toIntent(definition, { event, site });
  const scheduled = endings?.keys(event, siteId) ?? [];
  const facts = await readFacts({ ...wantedOf(intent), scheduled, siteIds: [siteId] });
  requireLatest(site, facts.siteVersions.get(siteId));

  // This comes before rendering: if a template can't be rendered, a cart that was ordered must still be ended.
  await settleAll((endings?.drops(event, siteId, facts, now) ?? []).map(drop));
  const acceptedAt = new Date(now).toISOString();
  const { notifications, outcomes } = toPlan(definition, intent, facts, acceptedAt);
  await settleAll([enqueue(notifications), writeNames(newerNames(intent, facts, acceptedAt))]);
  return outcomes;
}

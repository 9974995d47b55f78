import { settleAll } from '../aws/parallel.ts';
import { enqueue } from '../deliveries/queue.ts';
import type { Outcome } from '../domain/outcomes.ts';
import { readFacts } from '../store/facts.ts';
import { drop } from '../store/schedule.ts';
import { requireLatest, type Site } from '../store/sites.ts';
import type { EventDefinition, EventFields } from './definition.ts';
import { newerNames, writeNames } from './newer-names.ts';
import { type Reported, toIntent, toPlan, wantedOf } from './plan.ts';

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

/**
 * Like `notify`, for many events of any sites, with as few requests as possible. The sites are not checked for changes,
 * and no scheduled item is ended.
 *
 * @returns the outcomes of each event, in the order of the events.
 * @throws ServiceUnreachableError
 */
export async function notifyAll<Event extends EventFields>(
  definition: EventDefinition<Event>,
  reported: Reported<Event>[],
): Promise<Outcome[][]> {
  const intents = reported.map((each) => toIntent(definition, each));
  const wanted = intents.map(wantedOf);
  const facts = await readFacts({
    users: wanted.flatMap(({ users }) => users),
    deliveries: wanted.flatMap(({ deliveries }) => deliveries),
  });
  const acceptedAt = new Date().toISOString();
  const plans = intents.map((intent) => toPlan(definition, intent, facts, acceptedAt));
  const renamings = intents.flatMap((intent) => newerNames(intent, facts, acceptedAt));
  await settleAll([enqueue(plans.flatMap(({ notifications }) => notifications)), writeNames(renamings)]);
  return plans.map(({ outcomes }) => outcomes);
}

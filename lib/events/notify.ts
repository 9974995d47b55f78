import { settleAll } from '../aws/parallel.ts';
import { enqueue } from '../deliveries/queue.ts';
import { TooManyWaitingError } from '../domain/errors.ts';
import type { Outcome } from '../domain/outcomes.ts';
import { type Facts, readFacts } from '../store/facts.ts';
import { drop } from '../store/schedule.ts';
import { requireLatest, type Site } from '../store/sites.ts';
import { MessageRenderer } from '../templates/render.ts';
import type { EventDefinition, EventFields } from './definition.ts';
import { newerNames, writeNames } from './newer-names.ts';
import { type Intent, toIntent, toPlan, wantedOf } from './plan.ts';

/** So many messages of a site may wait, approximately: what its bot sends in more than two hours. */
export const MAX_WAITING = 250_000;

/**
 * Decides what each recipient of an event gets, renders it and enqueues it. On return every notification is in the
 * queue. After an error some of them may be: a repeated call enqueues the rest, and nothing twice. The results of an
 * earlier report of the event are returned again, however old it is.
 *
 * @param now milliseconds since 1970.
 * @param reportedAt when the event was reported: it may have waited in a queue. Milliseconds since 1970.
 * @returns one outcome for each recipient, template and chat, and one for a recipient who gets nothing; in the order of
 * the recipients.
 * @throws StaleSiteError if the site was changed since it was read, TooManyWaitingError; nothing has been done then.
 * @throws ServiceUnreachableError
 */
export async function notify<Event extends EventFields>(
  definition: EventDefinition<Event>,
  event: Event,
  site: Site,
  now = Date.now(),
  reportedAt = now,
): Promise<Outcome[]> {
  const { siteId } = site;
  const { endings } = definition;
  const intent = toIntent(definition, { event, site, reportedAt: new Date(reportedAt).toISOString() });
  const scheduled = endings?.keys(event, siteId) ?? [];
  const facts = await readFacts({ ...wantedOf(intent), scheduled, siteIds: [siteId], lanes: [siteId] });
  requireLatest(site, facts.siteVersions.get(siteId));
  if ((facts.lanes.get(siteId)?.count ?? 0) >= MAX_WAITING) throw new TooManyWaitingError(siteId);

  // This comes before rendering: if a template can't be rendered, a cart that was ordered must still be ended.
  await settleAll((endings?.drops(event, siteId, facts, now) ?? []).map(drop));
  const acceptedAt = new Date(now).toISOString();
  const sent = send(definition, intent, facts, acceptedAt);
  await settleAll<unknown>([sent, writeNames(newerNames(intent, facts, acceptedAt))]);
  return sent;
}

/** So many messages are in the memory at the same time, not counting further chats: one may have 32,768 bytes. */
const PORTION = 240;

/**
 * Renders and enqueues portion by portion: 500 recipients of ten long templates would take more memory than a function
 * has.
 */
async function send<Event extends EventFields>(
  definition: EventDefinition<Event>,
  intent: Intent<Event>,
  facts: Facts,
  acceptedAt: string,
): Promise<Outcome[]> {
  const outcomes: Outcome[] = [];
  const renderer = new MessageRenderer();
  for (const portion of portionsOf(intent)) {
    const plan = toPlan(definition, portion, facts, acceptedAt, { renderer });
    outcomes.push(...plan.outcomes);
    await enqueue(plan.notifications);
  }
  return outcomes;
}

/** The intent with a part of its choices each, in their order. */
function portionsOf<Event extends EventFields>(intent: Intent<Event>): Intent<Event>[] {
  const portions: Intent<Event>[] = [];
  let room = 0;
  for (const choice of intent.choices) {
    const messages = choice.templates.length;
    if (messages > room || portions.length === 0) {
      portions.push({ ...intent, choices: [] });
      room = PORTION;
    }
    room -= messages;
    portions.at(-1)?.choices.push(choice);
  }
  return portions;
}

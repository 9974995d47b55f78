import { LRUCache } from 'lru-cache';
import type * as z from 'zod/mini';
import { InputError, InvalidInputError } from '../domain/errors.ts';
import type { Sentence } from '../domain/sentence.ts';
import { costOfPeople, limitRequests, secondsUntilTurn } from '../http/request-limit.ts';
import { linkOf } from '../http/schemas.ts';
import { readFields } from '../http/validation.ts';
import { log } from '../observability/logger.ts';
import { count } from '../observability/metrics.ts';
import type { Source } from '../store/schedule.ts';
import { checkSiteVersion, type Site } from '../store/sites.ts';
import type { EventDefinition, EventFields } from './definition.ts';
import { type Accepted, notify, type ReportedBy, rememberOnly } from './notify.ts';
import { countOutcomes, measureOutcomes } from './outcome-counts.ts';

/** Handles a validated event. */
export type Accept<Event extends EventFields> = (reported: ReportedBy<Event>) => Promise<Accepted>;

/** The answer to the reporter of an event. */
interface EventReceipt extends Accepted {
  eventId: string;
}

/** What is not done if an event is wrong. */
export const NOTHING_SENT: Sentence = { en: 'Nothing was sent', it: 'Non è stato inviato nulla' };

export interface EventReport {
  /**
   * Takes a report from either source: reads it, accepts it, logs and counts the outcomes.
   *
   * @param reportedAt only where it has waited in a queue: when it was put there, in milliseconds since 1970.
   */
  report: (payload: unknown, site: Site, source: Source, reportedAt?: number) => Promise<EventReceipt>;
  /** Only remembers what the event says: the site sends nothing now. One that can't be read is left alone. */
  remember: (payload: unknown, site: Site) => Promise<void>;
}

/** @param accept how the event is handled; by default it is sent at once. */
export function eventReport<Event extends EventFields>(
  definition: EventDefinition<Event>,
  accept: Accept<Event> = (reported) => notify(definition, reported),
): EventReport {
  const readEvent = eventReader(definition);

  /**
   * An event that is invalid for the cached site may be valid for the current one: its links must be on the site's
   * address, which may have changed.
   */
  async function readCurrent(payload: unknown, site: Site): Promise<Event> {
    try {
      return readEvent(payload, site);
    } catch (error) {
      if (error instanceof InvalidInputError) await checkSiteVersion(site);
      throw error;
    }
  }

  /**
   * @throws InvalidInputError that lists every error.
   * @throws EventIdReusedError
   * @throws TooManyRequestsError only over HTTPS.
   * @throws StaleSiteError if the site was changed since it was read; nothing has been done then.
   * @throws ServiceUnreachableError
   */
  async function reportEvent(
    payload: unknown,
    site: Site,
    source: Source,
    reportedAt?: number,
  ): Promise<EventReceipt> {
    const event = await readCurrent(payload, site);
    const cost = costOfPeople(definition.recipients(event).length);
    if (source === 'https') await limitRequests(site.siteId, cost);
    // A message of the queue is not sent back for its many recipients: they delay the site's next ones.
    else await secondsUntilTurn(site.siteId, cost);
    const accepted = await accept({ event, site, source, reportedAt });
    const { notifications, repeated } = accepted;
    const { eventId } = event;
    const facts = { siteId: site.siteId, event: definition.name, eventId, source };
    log.info('event accepted', { ...facts, ...(repeated && { repeated }), ...countOutcomes(notifications) });
    count('Accepted', { event: definition.name });
    measureOutcomes(definition.name, notifications);
    return { eventId, ...accepted };
  }

  async function remember(payload: unknown, site: Site): Promise<void> {
    let event: Event;
    try {
      event = readEvent(payload, site);
    } catch (error) {
      if (error instanceof InputError) return;
      throw error;
    }
    await rememberOnly(definition, event, site);
  }

  return { report: reportEvent, remember };
}

/** How many schemas are kept, each about 20 KB: a function that stays warm may serve thousands of sites. */
const MAX_SCHEMAS = 200;

/**
 * Makes a function that reads the payload of an event.
 *
 * The schema depends on the address of the site, and on those that it had before (links must be on one of them). Making
 * it costs more than using it, so those used last are kept.
 */
function eventReader<Event extends EventFields>(
  definition: EventDefinition<Event>,
): (payload: unknown, site: Site) => Event {
  const schemas = new LRUCache<string, z.ZodMiniType<Event>>({ max: MAX_SCHEMAS });

  const schemaFor = ({ url, formerUrls = [] }: Site) => {
    const key = JSON.stringify([url, formerUrls]);
    const schema = schemas.get(key) ?? definition.schema(linkOf(url, formerUrls));
    schemas.set(key, schema);
    return schema;
  };

  /** @throws InvalidInputError that names every wrong place. */
  return function readEvent(payload, site) {
    return readFields(schemaFor(site), payload, NOTHING_SENT);
  };
}

import type * as z from 'zod/mini';
import { InvalidInputError } from '../domain/errors.ts';
import type { Outcome } from '../domain/outcomes.ts';
import { linkOf } from '../http/schemas.ts';
import { readFields } from '../http/validation.ts';
import { log } from '../observability/logger.ts';
import { count } from '../observability/metrics.ts';
import { checkSiteVersion, type Site } from '../store/sites.ts';
import type { EventDefinition, EventFields } from './definition.ts';
import { notify } from './notify.ts';
import { countOutcomes, measureOutcomes } from './outcome-counts.ts';

/** What is done with an event once it is read. */
export type Accept<Event extends EventFields> = (event: Event, site: Site) => Promise<Outcome[]>;

/** What became of an event, for whoever reported it. */
interface EventReceipt {
  eventId: string;
  notifications: Outcome[];
}

/** How an event came in. */
type Source = 'http' | 'queue';

/** Takes an event in, however it came: reads it, accepts it, logs and counts the outcome. */
export type ReportEvent = (payload: unknown, site: Site, source: Source) => Promise<EventReceipt>;

/** @param accept what is done with it: sent at once, unless the event says otherwise. */
export function eventReport<Event extends EventFields>(
  definition: EventDefinition<Event>,
  accept: Accept<Event> = (event, site) => notify(definition, event, site),
): ReportEvent {
  const readEvent = eventReader(definition);

  /** What is wrong for a site as it is cached may be right for it as it is now: links have to be on its address. */
  async function readCurrent(payload: unknown, site: Site): Promise<Event> {
    try {
      return readEvent(payload, site);
    } catch (error) {
      if (error instanceof InvalidInputError) await checkSiteVersion(site);
      throw error;
    }
  }

  /**
   * @throws InvalidInputError that names every wrong place.
   * @throws StaleSiteError where the site was changed since it was read; nothing has been done then.
   * @throws ServiceUnreachableError
   */
  return async function reportEvent(payload, site, source) {
    const event = await readCurrent(payload, site);
    const notifications = await accept(event, site);
    const { eventId } = event;
    const facts = { siteId: site.siteId, event: definition.name, eventId, source };
    log.info('event accepted', { ...facts, ...countOutcomes(notifications) });
    count('Accepted', { event: definition.name });
    measureOutcomes(definition.name, notifications);
    return { eventId, notifications };
  };
}

/**
 * Makes a function that reads the payload of an event.
 *
 * The schema depends on the address of the site (links must stay on it) and costs more to make than to use, so it is
 * kept for each address.
 */
function eventReader<Event extends EventFields>(
  definition: EventDefinition<Event>,
): (payload: unknown, site: Site) => Event {
  const schemas = new Map<string, z.ZodMiniType<Event>>();

  const schemaFor = (siteUrl: string) => {
    const schema = schemas.get(siteUrl) ?? definition.schema(linkOf(siteUrl));
    schemas.set(siteUrl, schema);
    return schema;
  };

  /** @throws InvalidInputError that names every wrong place. */
  return function readEvent(payload, site) {
    return readFields(schemaFor(site.url), payload, 'Nothing was sent');
  };
}

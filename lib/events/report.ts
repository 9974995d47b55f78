import { countOutcomes, measureOutcomes, type Outcome } from '../domain/outcomes.ts';
import { HttpProblem } from '../http/problem.ts';
import { log } from '../observability/logger.ts';
import { count } from '../observability/metrics.ts';
import { checkSiteVersion, type Site } from '../store/sites.ts';
import type { EventDefinition, EventFields } from './definition.ts';
import { notify } from './notify.ts';
import { eventReader } from './read-event.ts';

/** What is done with an event once it is read. */
export type Accept<Event extends EventFields> = (event: Event, site: Site) => Promise<Outcome[]>;

/** What became of an event, for whoever reported it. */
export interface EventReceipt {
  eventId: string;
  notifications: Outcome[];
}

/** By which way an event came in. */
type Source = 'http' | 'queue';

/** Takes an event in, whichever door it came by: reads it, accepts it, logs and counts the outcome. */
export type ReportEvent = (payload: unknown, site: Site, door: Source) => Promise<EventReceipt>;

/** @param accept what is done with it: sent at once, unless the event says otherwise. */
export function eventReport<Event extends EventFields>(
  definition: EventDefinition<Event>,
  accept: Accept<Event> = (event, site) => notify(definition, event, site),
): ReportEvent {
  const readEvent = eventReader(definition);

  /** What is wrong for a site as it is remembered may be right for it as it is now: links have to be on its address. */
  async function readCurrent(payload: unknown, site: Site): Promise<Event> {
    try {
      return readEvent(payload, site);
    } catch (error) {
      if (error instanceof HttpProblem) await checkSiteVersion(site);
      throw error;
    }
  }

  /**
   * @throws HttpProblem 400 that names every wrong place.
   * @throws StaleSiteError where the site was changed since it was read; nothing has been done then.
   * @throws ServiceUnreachableError
   */
  return async function reportEvent(payload, site, door) {
    const event = await readCurrent(payload, site);
    const notifications = await accept(event, site);
    const { eventId } = event;
    const facts = { siteId: site.siteId, event: definition.name, eventId, door };
    log.info('event accepted', { ...facts, ...countOutcomes(notifications) });
    count('Accepted', { event: definition.name });
    measureOutcomes(definition.name, notifications);
    return { eventId, notifications };
  };
}

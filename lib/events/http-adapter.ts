import { authenticateSite, requireActive } from '../http/authenticate.ts';
import { HttpProblem } from '../http/problems.ts';
import { type HttpResponse, jsonResponse, NO_CONTENT } from '../http/request.ts';
import { type Route, route } from '../http/route.ts';
import { log } from '../observability/logger.ts';
import { recordSkipped } from '../store/deliveries.ts';
import type { Waiting } from '../store/schedule.ts';
import type { Site } from '../store/sites.ts';
import type { EventDefinition, EventFields } from './definition.ts';
import { endedLines } from './ended-lines.ts';
import { type EventReport, NOTHING_SENT } from './report.ts';
import { withCurrentSite } from './retry-with-current-site.ts';

/**
 * `POST /v1/sites/{siteId}/events/{event}`: 202 with the outcome for every recipient. What an event says is remembered also
 * where the site is off, and the answer is 403.
 */
export function reportRoute<Event extends EventFields>(
  { name, schema }: EventDefinition<Event>,
  { report, remember }: EventReport,
): Route {
  return route({
    method: 'POST',
    path: `/v1/sites/{siteId}/events/${name}`,
    caller: 'site',
    checksSite: true,
    uncheckedBody: schema,
    consequence: NOTHING_SENT,
    async handle({ request, site, body }) {
      const receipt = await withCurrentSite(async (latestVersion) => {
        // If the site was changed since it was cached, everything is decided again, also whether the key is still valid.
        const current =
          latestVersion === undefined
            ? site
            : await authenticateSite(request, { isFresh: true, latestVersion });
        return report(body, await activeOr(current, () => remember(body, current)), 'https');
      });
      return jsonResponse(202, receipt);
    },
  });
}

/** The site, if it sends. @throws HttpProblem 403 if it does not, after `otherwise` was done. */
async function activeOr<S extends Site>(site: S, otherwise: () => Promise<void>): Promise<S> {
  try {
    return await requireActive(site);
  } catch (error) {
    if (error instanceof HttpProblem) await otherwise();
    throw error;
  }
}

/** No id is longer (see `id` in http/schemas.ts): nothing can be scheduled under a longer one. */
const MAX_ID_LENGTH = 128;

/**
 * Withdraws a scheduled event, or one that is still to be reported. 204, also if nothing was scheduled: the result is the
 * one that the caller wants.
 *
 * @param id from the path.
 * @param withdraw returns what waited until now.
 */
export async function withdrawn(
  id: string,
  withdraw: (id: string) => Promise<Waiting | undefined>,
): Promise<HttpResponse> {
  const ended = id !== '' && id.length <= MAX_ID_LENGTH ? await withdraw(id) : undefined;
  if (ended) await recordSkipped(endedLines(ended));
  log.info('event withdrawn');
  return NO_CONTENT;
}

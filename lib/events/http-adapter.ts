import { authenticateSite, requireActive } from '../http/authenticate.ts';
import { type HttpResponse, jsonResponse, NO_CONTENT } from '../http/request.ts';
import { type Route, route } from '../http/route.ts';
import { log } from '../observability/logger.ts';
import type { EventDefinition, EventFields } from './definition.ts';
import type { ReportEvent } from './report.ts';
import { withCurrentSite } from './retry-with-current-site.ts';

/** `POST /v1/sites/{siteId}/events/{event}`: 202 with the outcome for every recipient. */
export function reportRoute<Event extends EventFields>(
  { name, schema }: EventDefinition<Event>,
  report: ReportEvent,
): Route {
  return route({
    method: 'POST',
    path: `/v1/sites/{siteId}/events/${name}`,
    caller: 'site',
    checksSite: true,
    activeOnly: true,
    uncheckedBody: schema,
    async handle({ request, site, body }) {
      const receipt = await withCurrentSite(async (latestVersion) => {
        if (latestVersion === undefined) return report(body, site, 'http');
        // The site was changed since it was cached. Everything is decided again, also whether the key is still valid.
        const current = await authenticateSite(request, { isFresh: true, latestVersion });
        return report(body, await requireActive(current), 'http');
      });
      return jsonResponse(202, receipt);
    },
  });
}

/** No id is longer (see `id` in http/schemas.ts): nothing can be scheduled under a longer one. */
const MAX_ID_LENGTH = 128;

/**
 * Withdraws a scheduled event. 204, also if nothing was scheduled: the result is the one that the caller wants.
 *
 * @param id from the path.
 */
export async function withdraw(id: string, drop: (id: string) => Promise<void>): Promise<HttpResponse> {
  if (id !== '' && id.length <= MAX_ID_LENGTH) await drop(id);
  log.info('event withdrawn');
  return NO_CONTENT;
}

import { authenticateSite, requireActive } from '../http/authenticate.ts';
import { type HttpResponse, jsonResponse, NO_CONTENT } from '../http/request.ts';
import { type Route, route } from '../http/route.ts';
import { log } from '../observability/logger.ts';
import type { EventDefinition, EventFields } from './definition.ts';
import type { ReportEvent } from './report.ts';
import { withCurrentSite } from './retry-with-current-site.ts';

/** `POST /v1/sites/{siteId}/events/{event}`: 202 with every recipient. */
export function reportRoute<Event extends EventFields>(
  { name, schema }: EventDefinition<Event>,
  report: ReportEvent,
): Route {
  return route({
    method: 'POST',
    path: `/v1/sites/{siteId}/events/${name}`,
    caller: 'site',
    activeOnly: true,
    uncheckedBody: schema,
    async handle({ request, site, body }) {
      const receipt = await withCurrentSite(async (latestVersion) => {
        if (latestVersion === undefined) return report(body, site, 'http');
        // The site was changed since it was cached. All is decided again: also whether the key still fits.
        const current = await authenticateSite(request, { isFresh: true, latestVersion });
        return report(body, await requireActive(current), 'http');
      });
      return jsonResponse(202, receipt);
    },
  });
}

/** No id is longer (see `id` in http/schemas.ts): nothing waits under such a one. */
const MAX_ID_LENGTH = 128;

/**
 * Withdraws what waits for its time. 204, also when nothing waits: afterwards it is as the caller wants it.
 *
 * @param id as the path names it.
 */
export async function withdraw(id: string, drop: (id: string) => Promise<void>): Promise<HttpResponse> {
  if (id !== '' && id.length <= MAX_ID_LENGTH) await drop(id);
  log.info('event withdrawn');
  return NO_CONTENT;
}

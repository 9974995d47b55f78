import middy from '@middy/core';
import type { APIGatewayProxyEventV2, APIGatewayProxyStructuredResultV2, Context } from 'aws-lambda';
import { authenticateSite, type SiteRequest } from '../http/authenticate-site.ts';
import { type JsonRequest, jsonBody } from '../http/json-body.ts';
import { forbidden } from '../http/problem.ts';
import { problemDetails } from '../http/problem-details.ts';
import { log } from '../log.ts';
import type { Site } from '../store/sites.ts';
import type { EventDefinition, EventFields } from './definition.ts';
import { notify } from './notify.ts';
import type { Outcome } from './outcome.ts';
import { eventReader } from './read-event.ts';

type Handler = (
  event: APIGatewayProxyEventV2,
  context: Context,
) => Promise<APIGatewayProxyStructuredResultV2>;

/** The Lambda handler of an event: `POST /v1/sites/{siteId}/events/{event}` in, 202 with every recipient out. */
export function eventHandler<Event extends EventFields>(definition: EventDefinition<Event>): Handler {
  const readEvent = eventReader(definition);

  async function reportEvent({
    site,
    json,
  }: SiteRequest & JsonRequest): Promise<APIGatewayProxyStructuredResultV2> {
    const event = readEvent(json, site);
    const notifications = await notify(definition, event, site);
    logOutcomes(definition.name, event, site, notifications);
    return {
      statusCode: 202,
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ eventId: event.eventId, notifications }),
    };
  }

  return middy()
    .use(problemDetails())
    .use(authenticateSite())
    .use(activeSite())
    .use(jsonBody())
    .handler(reportEvent) as unknown as Handler;
}

/** Middleware: a site without the module, or switched off, keeps all it has and sends nothing. */
function activeSite() {
  return {
    before: function refuseInactive({ event: { site } }: { event: { site: Site } }) {
      if (!site.moduleActive) {
        throw forbidden('The Telegram module is not active for this site. It is activated by the platform.');
      }
      if (!site.active) {
        throw forbidden(
          'The Telegram integration of this site is switched off. The merchant can switch it on.',
        );
      }
    },
  };
}

function logOutcomes(event: string, { eventId }: EventFields, { siteId }: Site, outcomes: Outcome[]): void {
  const counts: Record<string, number> = {};
  for (const outcome of outcomes) {
    const key = outcome.status === 'skipped' ? outcome.reason : outcome.status;
    counts[key] = (counts[key] ?? 0) + 1;
  }
  log.info('event accepted', { siteId, event, eventId, ...counts });
}

import middy from '@middy/core';
import type { APIGatewayProxyEventV2, APIGatewayProxyStructuredResultV2, Context } from 'aws-lambda';
import { activeSite } from '../http/active-site.ts';
import { authenticateSite, type SiteRequest } from '../http/authenticate-site.ts';
import { type JsonRequest, jsonBody } from '../http/json-body.ts';
import { problemDetails } from '../http/problem-details.ts';
import type { Site } from '../store/sites.ts';
import { watched } from '../watching/invocation.ts';
import type { EventDefinition, EventFields } from './definition.ts';
import { noteAccepted } from './note-accepted.ts';
import { notify } from './notify.ts';
import type { Outcome } from './outcome.ts';
import { eventReader } from './read-event.ts';

export type Handler = (
  event: APIGatewayProxyEventV2,
  context: Context,
) => Promise<APIGatewayProxyStructuredResultV2>;

/** What is done with an event once it is read. */
export type Accept<Event extends EventFields> = (event: Event, site: Site) => Promise<Outcome[]>;

/**
 * The Lambda handler of an event: `POST /v1/sites/{siteId}/events/{event}` in, 202 with every recipient out.
 *
 * @param accept what is done with it: sent at once, unless the event says otherwise.
 */
export function eventHandler<Event extends EventFields>(
  definition: EventDefinition<Event>,
  accept: Accept<Event> = (event, site) => notify(definition, event, site),
): Handler {
  const readEvent = eventReader(definition);

  async function reportEvent({
    site,
    json,
  }: SiteRequest & JsonRequest): Promise<APIGatewayProxyStructuredResultV2> {
    const event = readEvent(json, site);
    const notifications = await accept(event, site);
    const { eventId } = event;
    noteAccepted(site.siteId, definition.name, eventId, notifications);
    return {
      statusCode: 202,
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ eventId, notifications }),
    };
  }

  const handler = middy()
    .use(problemDetails())
    .use(authenticateSite())
    .use(activeSite())
    .use(jsonBody())
    .handler(reportEvent) as unknown as Handler;
  return watched(handler);
}

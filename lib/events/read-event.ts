import type * as z from 'zod/mini';
import { fieldErrors } from '../http/field-errors.ts';
import { invalidFields } from '../http/problem.ts';
import type { Site } from '../store/sites.ts';
import type { EventDefinition, EventFields } from './definition.ts';
import { linkOf } from './schemas.ts';

/**
 * Makes a function that reads the payload of an event.
 *
 * The schema depends on the address of the site (links must stay on it) and costs more to make than to use, so it is
 * kept for each address.
 */
export function eventReader<Event extends EventFields>(
  definition: EventDefinition<Event>,
): (payload: unknown, site: Site) => Event {
  const schemas = new Map<string, z.ZodMiniType<Event>>();

  const schemaFor = (siteUrl: string) => {
    const known = schemas.get(siteUrl);
    if (known) return known;
    const schema = definition.schema(linkOf(siteUrl));
    schemas.set(siteUrl, schema);
    return schema;
  };

  /** @throws HttpProblem 400 that names every wrong place. */
  return function readEvent(payload, site) {
    const result = schemaFor(site.url).safeParse(payload);
    if (!result.success) throw invalidFields(fieldErrors(result.error.issues, payload));
    return result.data;
  };
}

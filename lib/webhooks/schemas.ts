import * as z from 'zod/mini';
import { WEBHOOK_EVENTS } from '../domain/webhook-events.ts';
import { says } from '../http/validation.ts';
import { whyNoEndpoint } from './endpoint-address.ts';

/** `PUT /v1/sites/{siteId}/webhook`. */
export const webhookBody = z.strictObject({
  url: z.string().check(
    z.maxLength(2048),
    z.refine(
      (value) => whyNoEndpoint(value) === undefined,
      says((value) => whyNoEndpoint(String(value)) ?? ''),
    ),
  ),
  events: z.array(z.enum(WEBHOOK_EVENTS)).check(
    z.minLength(1, says({ en: 'Choose at least one event.', it: 'Scegliere almeno un evento.' })),
    z.maxLength(WEBHOOK_EVENTS.length),
    z.refine(
      (events) => new Set(events).size === events.length,
      says({ en: 'Must name each event once.', it: 'Deve nominare ogni evento una volta sola.' }),
    ),
  ),
  /** No new secret is made. */
  keepSecret: z.optional(z.boolean()),
});
export type WebhookPut = z.infer<typeof webhookBody>;

/**
 * Schemas that many functions share. The schemas of the answers are in `functions/*.docs.ts`. The tests validate every
 * answer of a whole run with them, so that they neither lack nor add a property.
 */
import * as z from 'zod/mini';
import * as bodies from '../http/schemas.ts';
import { named } from './components.ts';

/** A schema for every property. With `satisfies Shape<…>` the compiler reports a property that has no schema. */
export type Shape<Value> = Record<keyof Value, z.ZodMiniType>;

export const text = z.string();
export const instant = z.iso.datetime({ offset: true });

named('Instant', bodies.instant, {
  description:
    'ISO 8601, a date and time with offset: `2026-11-22T15:30:00+01:00`, `2026-11-22T14:30Z`, `2026-11-22T15:30+01`',
});
named('Money', bodies.money, {
  properties: { amount: 'A decimal number as text, such as "149.90"', currency: 'ISO 4217' },
});

const fieldError = named('FieldError', z.object({ pointer: text, detail: text }), {
  properties: { pointer: 'JSON Pointer; empty for the whole body' },
});
named(
  'Problem',
  z.object({
    type: text,
    status: z.int(),
    title: text,
    code: z.optional(text),
    detail: text,
    errors: z.optional(z.array(fieldError)),
  }),
  {
    description: 'RFC 9457',
    properties: {
      code: 'What went wrong, for programs: always the same, such as `bot-of-another-site`',
      errors: 'Every wrong place',
    },
  },
);

/** The header of an answer about something that can be changed: its version. */
export const ETAG = {
  ETag: { description: 'Send it in `If-Match` with a change made from this.', example: '"7"' },
};

/**
 * Schemas that many functions share. The schemas of the answers are in `functions/*.docs.ts`. The tests validate every
 * answer of a whole run with them, so that they neither lack nor add a property.
 */
import * as z from 'zod/mini';
import { PLACE_CODES, PROBLEM_CODES, type ProblemCode } from '../domain/problem-codes.ts';
import * as bodies from '../http/schemas.ts';
import { MAX_TAG_LENGTH } from '../i18n/languages.ts';
import { named } from './components.ts';

/** A schema for every property. With `satisfies Shape<…>` the compiler reports a property that has no schema. */
export type Shape<Value> = Record<keyof Value, z.ZodMiniType>;

export const text = z.string();
export const instant = z.iso.datetime({ offset: true });

named('Instant', bodies.instant, {
  description:
    'ISO 8601, a date and time with offset: `2026-11-22T15:30:00+01:00`, `2026-11-22T14:30Z`, `2026-11-22T15:30+01`',
});
named('Language', bodies.language, {
  description:
    'BCP 47 tag of a real language, such as `it` or `en-GB`, as people and programs write it: `it_IT` is read as `it-IT`',
  more: { minLength: 2, maxLength: MAX_TAG_LENGTH },
});
named('Money', bodies.money, { description: 'An amount of money, in one currency' });

export const fieldError = named(
  'FieldError',
  z.object({ pointer: text, code: z.enum(PLACE_CODES), detail: text }),
  {
    description: 'One wrong place of a request',
    properties: {
      pointer: 'JSON Pointer; empty for the whole body',
      code: 'What is wrong there, for programs; `invalid` where nothing more is to be said',
      detail: 'In the language of the answer',
    },
  },
);
// `keys` does not know the names.
const problemCodes = Object.keys(PROBLEM_CODES) as ProblemCode[];

named(
  'Problem',
  z.object({
    type: text,
    status: z.int(),
    title: text,
    code: z.enum(problemCodes),
    detail: text,
    errors: z.optional(z.array(fieldError)),
  }),
  {
    description: 'What went wrong (RFC 9457)',
    properties: {
      title: 'In the language of the answer, as `detail` is: see `Content-Language`',
      code: 'What went wrong, for programs: always the same. More may come',
      errors: 'Every wrong place',
    },
  },
);

const tag = { example: '"7"', schema: { type: 'string', pattern: '^"\\d+"$' } };

/** The header of an answer that is worth keeping: its version. */
export const CACHE_TAG = {
  ETag: {
    ...tag,
    description: 'The version: send it in `If-None-Match`, and the answer is 304 while it is the same',
  },
};

/** The header of an answer about something that can be changed: its version. */
export const ETAG = {
  ETag: { ...tag, description: 'The version: send it in `If-Match` with a change made from this' },
};

import type * as z from 'zod/mini';
import { fieldErrors } from './field-errors.ts';
import { invalidFields } from './problem.ts';

/**
 * Reads a body that changes something.
 *
 * @throws HttpProblem 400 that names every wrong place.
 */
export function readFields<Fields>(schema: z.ZodMiniType<Fields>, json: unknown): Fields {
  const result = schema.safeParse(json);
  if (!result.success) throw nothingChanged(fieldErrors(result.error.issues, json));
  return result.data;
}

/** 400: the wrong places of a body that was to change something. */
export function nothingChanged(errors: Parameters<typeof invalidFields>[0]) {
  return invalidFields(errors, 'Nothing was changed');
}

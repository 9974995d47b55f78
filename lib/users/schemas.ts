/** What the site sends about its users. Unknown properties are refused, so that a typing mistake never passes unseen. */
import * as z from 'zod/mini';
import { EVENT_NAMES } from '../domain/events.ts';
import { freeText, id, language } from '../events/schemas.ts';
import { fieldErrors } from '../http/field-errors.ts';
import { badRequest, invalidFields } from '../http/problem.ts';
import type { WidgetFields } from './widget-login.ts';

export const linkBody = z.strictObject({
  firstName: z.optional(freeText(256)),
  lastName: z.optional(freeText(256)),
  companyName: z.optional(freeText(256)),
  language: z.optional(language),
});

export const userPatch = z.strictObject({
  optedOut: z.optional(z.boolean()),
  mutedEvents: z.optional(z.array(z.enum(EVENT_NAMES)).check(z.maxLength(100))),
  language: z.optional(language),
});

const notAWidgetValue = { error: 'Must be a text or a whole number, as Telegram gave it.' };
const widgetValue = z.union([z.string().check(z.maxLength(2048)), z.int()], notAWidgetValue);

/** Telegram may add fields to those it has now, and signs them all: whatever else there is, is part of what is checked. */
export const widgetBody = z
  .catchall(
    z.object({
      id: widgetValue,
      auth_date: widgetValue,
      hash: z.string().check(z.maxLength(2048)),
    }),
    widgetValue,
  )
  .check(z.refine((fields) => Object.keys(fields).length <= 32, { error: 'Has more than 32 fields.' }));

const UNCHANGED = 'Nothing was changed';

export type LinkBody = z.infer<typeof linkBody>;
export type UserPatch = z.infer<typeof userPatch>;

/** @throws HttpProblem 400 that names every wrong place; so do the others. */
export function readLinkBody(json: unknown): LinkBody {
  return read(linkBody, json);
}

export function readUserPatch(json: unknown): UserPatch {
  const { mutedEvents, ...others } = read(userPatch, json);
  return { ...others, ...(mutedEvents && { mutedEvents: [...new Set(mutedEvents)] }) };
}

/** The fields of the login widget as the texts that Telegram has signed. */
export function readWidgetBody(json: unknown): WidgetFields {
  const fields: Record<string, string> = Object.create(null);
  for (const [name, value] of Object.entries(read(widgetBody, json))) fields[name] = String(value);
  return fields;
}

/** The id of a user, from the path. @throws HttpProblem 400 */
export function readUserId(text: string | undefined): string {
  const result = id.safeParse(text);
  if (!result.success) {
    throw badRequest('The user id in the path must have 1 to 128 whole characters, and not be blank.');
  }
  return result.data;
}

function read<Value>(schema: z.ZodMiniType<Value>, json: unknown): Value {
  const result = schema.safeParse(json);
  if (!result.success) throw invalidFields(fieldErrors(result.error.issues, json), UNCHANGED);
  return result.data;
}

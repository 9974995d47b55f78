/** The parts of the schemas of event payloads. */
import * as z from 'zod/mini';
import { isEmpty } from '../http/empty-properties.ts';
import { freeText, id, instant, type LinkSchema, language, requiredText } from '../http/schemas.ts';

const personFields = {
  id,
  firstName: z.optional(freeText(256)),
  lastName: z.optional(freeText(256)),
  companyName: z.optional(freeText(256)),
  groups: z.optional(
    z.pipe(z.transform(withoutEmptyEntries), z.array(requiredText(256)).check(z.maxLength(200))),
  ),
};

/** An empty name of a group is no group. */
function withoutEmptyEntries(groups: unknown): unknown {
  return Array.isArray(groups) ? groups.filter((group) => !isEmpty(group)) : groups;
}

/** A person who acts in an event. */
export const person = z.strictObject(personFields);
export type Person = z.infer<typeof person>;

/** A person who receives a notification. */
export const recipient = z.strictObject({
  ...personFields,
  language: z.optional(language),
  kind: z.optional(z.enum(['customer', 'reserved-area', 'agent', 'administrator'])),
});
export type Recipient = z.infer<typeof recipient>;

export const recipients = z.array(recipient).check(z.minLength(1), z.maxLength(500));

export const NOT_A_DATE =
  'Must be a date and time with offset, such as "2026-11-22T15:30:00+01:00", or a date, such as "2026-11-22".';

/**
 * Nothing that a shop reports is of another century. What is, mostly stands for no date at all: 0001 is .NET's, 1753, 1899
 * and 1900 are those of databases and spreadsheets, 1970 is Unix's, 9999 the last that many of them know.
 */
const PLAUSIBLE = /^20\d\d-/;
const IMPLAUSIBLE = 'Must be in a year from 2000 to 2099';

/** @param instead what to do where there is no such date. */
const plausible = (instead: string) =>
  z.refine<string>((value) => PLAUSIBLE.test(value), { error: `${IMPLAUSIBLE}${instead}.` });

const anyDate = z.union([instant, z.iso.date({ abort: true })], { error: NOT_A_DATE });

/** The date of an activity: an instant, or a whole day. */
export const date = anyDate.check(plausible(''));

/** The last date of a repetition. */
export const lastDate = anyDate.check(plausible(': leave it out if the repetition has no last date'));

/** The fields of every event. */
export const eventFields = {
  eventId: id,
  occurredAt: z.optional(instant.check(plausible(': leave it out if you do not know when it happened'))),
};

export const message = (link: LinkSchema) =>
  z.strictObject({
    id,
    subject: freeText(10_000),
    text: z.optional(freeText(200_000)),
    format: z.optional(z.enum(['html', 'text'])),
    url: z.optional(link),
  });

export const activity = (link: LinkSchema) =>
  z.strictObject({ id, subject: freeText(10_000), date, url: z.optional(link) });

export const file = (link: LinkSchema) =>
  z.strictObject({ name: requiredText(1_000), url: z.optional(link) });

export const folder = z.strictObject({ name: requiredText(1_000) });

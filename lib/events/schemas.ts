/** The parts of the schemas of event payloads. */
import * as z from 'zod/mini';
import type { Sentence } from '../domain/sentence.ts';
import { isEmpty } from '../http/empty-properties.ts';
import { freeText, id, instant, type LinkSchema, language, requiredText } from '../http/schemas.ts';
import { says } from '../http/validation.ts';

/** The user groups of a person. */
export const groups = z.pipe(
  z.transform(withoutEmptyEntries),
  z.array(requiredText(256)).check(z.maxLength(200)),
);

const personFields = {
  id,
  firstName: z.optional(freeText(256)),
  lastName: z.optional(freeText(256)),
  companyName: z.optional(freeText(256)),
  groups: z.optional(groups),
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

const MAX_RECIPIENTS = 500;

export const recipients = z.array(recipient).check(z.minLength(1), z.maxLength(MAX_RECIPIENTS));

/** Recipients beside somebody who is told in any case. */
export const furtherRecipients = z.array(recipient).check(z.maxLength(MAX_RECIPIENTS));

export const NOT_A_DATE = {
  en: 'Must be a date and time with offset, such as "2026-11-22T15:30:00+01:00", or a date, such as "2026-11-22".',
  it: 'Deve essere una data con ora e fuso, come "2026-11-22T15:30:00+01:00", o una data, come "2026-11-22".',
};

/**
 * Nothing that a shop reports is of another century. What is, mostly stands for no date at all: 0001 is .NET's, 1753, 1899
 * and 1900 are those of databases and spreadsheets, 1970 is Unix's, 9999 the last that many of them know.
 */
export const PLAUSIBLE = /^20\d\d-/;

/** @param instead what to do where there is no such date. */
const plausible = (instead: Sentence = { en: '', it: '' }) =>
  z.refine<string>(
    (value) => PLAUSIBLE.test(value),
    says({
      en: `Must be in a year from 2000 to 2099${instead.en}.`,
      it: `Deve essere in un anno dal 2000 al 2099${instead.it}.`,
    }),
  );

const anyDate = z.union([instant, z.iso.date({ abort: true })], says(NOT_A_DATE));

/** The date of an activity: an instant, or a whole day. */
export const date = anyDate.check(plausible());

/** The last date of a repetition. */
export const lastDate = anyDate.check(
  plausible({
    en: ': leave it out if the repetition has no last date',
    it: ': ometterlo se la ripetizione non ha una data finale',
  }),
);

/** When something happened. */
export const occurredAt = instant.check(
  plausible({
    en: ': leave it out if you do not know when it happened',
    it: ': ometterlo se non si sa quando è successo',
  }),
);

/** What a shop may say is never later than now: what is said afterwards must be able to take it back. */
function inUtcUntilNow(at: string): string {
  return new Date(Math.min(Date.parse(at), Date.now())).toISOString();
}

/** When a person said whether they want advertising. */
export const consentedAt = instant.check(
  plausible({
    en: ': a consent counts only where it is known when it was given or withdrawn',
    it: ': un consenso vale solo se si sa quando è stato dato o ritirato',
  }),
  z.overwrite(inUtcUntilNow),
);

/** Whether a person wants advertising. */
export const marketingConsent = z.strictObject({
  given: z.boolean(),
  at: consentedAt,
  source: requiredText(256),
});

/** The fields of every event. */
export const eventFields = { eventId: id, occurredAt: z.optional(occurredAt) };

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

/** The bodies of requests about templates. Unknown properties are refused, so that a typing mistake is noticed. */

import * as z from 'zod/mini';
import { TEMPLATE_KINDS, tidyStatus } from '../../domain/templates.ts';
import { id, itemCount, type LinkSchema, language, money, requiredText } from '../../http/schemas.ts';
import { underCanonicalTags } from '../../i18n/languages.ts';
import { PLACEHOLDERS, type PlaceholderFormat, type PlaceholderValues } from '../placeholders.ts';

const notAnId = { error: 'Must be 1 to 64 of the characters A-Z, a-z, 0-9, "-" and "_".' };

/** An id that the caller may choose; without it a new one is made. */
const templateId = z.string().check(z.regex(/^[A-Za-z0-9_-]{1,64}$/, notAnId));

/** Texts by BCP 47 language tag. Tags and texts are checked by `draftErrors`, which knows the event. */
const texts = z.record(z.string(), z.string()).check(z.overwrite(underCanonicalTags));

/** A status, without the spaces and signs that do not tell it from others. */
const status = requiredText(256).check(z.overwrite(tidyStatus), z.minLength(1));

const draftFields = {
  event: z.enum(TEMPLATE_KINDS),
  statuses: z.optional(z.array(status).check(z.maxLength(100))),
  groups: z.optional(z.array(requiredText(256)).check(z.maxLength(200))),
  text: texts,
  button: z.optional(texts),
};

/** Part of the answer to a template that was saved, which may be sent back; it is not read. */
const asAnswered = { warnings: z.optional(z.array(z.unknown())) };

/** A template as it is created or replaced. */
export const templateBody = z.strictObject({
  id: z.optional(templateId),
  name: requiredText(256),
  enabled: z.optional(z.boolean()),
  ...draftFields,
  createdAt: z.optional(z.string()),
  ...asAnswered,
});
export type TemplateBody = z.infer<typeof templateBody>;

/** The part of a template that is needed to render it. */
export type TemplateDraft = Pick<TemplateBody, 'event' | 'statuses' | 'groups' | 'text' | 'button'>;

const VALUE_SCHEMAS = {
  text: z.string().check(z.maxLength(200_000)),
  count: itemCount,
  money,
  date: z.string().check(z.maxLength(64)),
} satisfies Record<PlaceholderFormat, z.ZodMiniType>;

/** Values to render with. Each replaces the sample value; `null` renders the message without one. */
const sampleValues = z.strictObject(
  Object.fromEntries(
    PLACEHOLDERS.map(({ key, format }) => [key, z.optional(z.nullable(VALUE_SCHEMAS[format]))]),
  ),
);

/** The type of what `sampleValues` accepts: keys and types are those of the table of placeholders. */
export type GivenValues = { [Key in keyof PlaceholderValues]?: PlaceholderValues[Key] | null };

/**
 * A draft to render: a whole template, or the part that is written so far.
 *
 * @param link accepts only links of the site.
 */
export const previewBody = (link: LinkSchema) =>
  z.strictObject({
    id: z.optional(z.string()),
    name: z.optional(z.string()),
    enabled: z.optional(z.boolean()),
    ...draftFields,
    createdAt: z.optional(z.string()),
    ...asAnswered,
    values: z.optional(sampleValues),
    url: z.optional(link),
  });

/** Who gets the test message, and with which values. */
export const testBody = (link: LinkSchema) =>
  z.strictObject({
    userId: id,
    language: z.optional(language),
    values: z.optional(sampleValues),
    url: z.optional(link),
  });

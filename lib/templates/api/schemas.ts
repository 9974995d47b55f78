/** The bodies of requests about templates. Unknown properties are refused, so that a typing mistake is noticed. */

import * as z from 'zod/mini';
import { BUTTON_STYLES, MAX_COPY_LENGTH } from '../../domain/buttons.ts';
import { MAX_STEPS } from '../../domain/cart-series.ts';
import { AUDIENCES, TEMPLATE_KINDS, tidyStatus } from '../../domain/templates.ts';
import { id, itemCount, type LinkSchema, language, money, requiredText } from '../../http/schemas.ts';
import { says } from '../../http/validation.ts';
import { underCanonicalTags } from '../../i18n/languages.ts';
import { cleanLine } from '../../telegram/text/clean.ts';
import { PLACEHOLDERS, type PlaceholderFormat, type PlaceholderValues } from '../placeholders.ts';

const notAnId = says({
  en: 'Must be 1 to 64 of the characters A-Z, a-z, 0-9, "-" and "_".',
  it: 'Deve avere da 1 a 64 caratteri tra A-Z, a-z, 0-9, "-" e "_".',
});

/** An id that the caller may choose; without it a new one is made. */
const templateId = z.string().check(z.regex(/^[A-Za-z0-9_-]{1,64}$/, notAnId));

/** Texts by BCP 47 language tag. Tags and texts are checked by `draftErrors`, which knows the event. */
export const texts = z.record(z.string(), z.string()).check(z.overwrite(underCanonicalTags));

/** A status, without the spaces and signs that do not tell it from others. */
const status = requiredText(256).check(z.overwrite(tidyStatus), z.minLength(1));

const statuses = z.array(status).check(z.maxLength(100));
/** For how long notices of a folder are collected, in minutes. */
const digestMinutes = z.int().check(z.minimum(1), z.maximum(60));
/** It is copied as it is: on one line, and without spaces around it. */
const couponCode = requiredText(MAX_COPY_LENGTH).check(z.overwrite(cleanLine));

/** @param link accepts only links of the site. */
const draftFields = (link: LinkSchema) => ({
  event: z.enum(TEMPLATE_KINDS),
  statuses: z.optional(statuses),
  groups: z.optional(z.array(requiredText(256)).check(z.maxLength(200))),
  audience: z.optional(z.enum(AUDIENCES)),
  text: texts,
  button: z.optional(texts),
  buttonStyle: z.optional(z.enum(BUTTON_STYLES)),
  secondButton: z.optional(texts),
  secondButtonUrl: z.optional(link),
  trackingButton: z.optional(texts),
  card: z.optional(z.strictObject({ newMessageFor: z.optional(statuses) })),
  rich: z.optional(z.boolean()),
  digestMinutes: z.optional(digestMinutes),
  step: z.optional(z.int().check(z.minimum(1), z.maximum(MAX_STEPS))),
  couponCode: z.optional(couponCode),
  couponButton: z.optional(texts),
});

/** Part of a template that was read, which may be sent back; it is not read. */
const unread = z.string().check(z.maxLength(1_000));

/** Part of the answer to a template that was saved, which may be sent back; it is not read. */
const asAnswered = { warnings: z.optional(z.array(z.unknown()).check(z.maxLength(1_000))) };

/** A template as it is created or replaced. */
export const templateBody = (link: LinkSchema) =>
  z.strictObject({
    id: z.optional(templateId),
    name: requiredText(256),
    enabled: z.optional(z.boolean()),
    ...draftFields(link),
    createdAt: z.optional(unread),
    ...asAnswered,
  });
export type TemplateBody = z.infer<ReturnType<typeof templateBody>>;

/** Texts of which some are changed; `null` removes one. */
export const textsPatch = z
  .record(z.string(), z.nullable(z.string()))
  .check(z.overwrite((texts) => underCanonicalTags(texts)));
export type TextsPatch = z.infer<typeof textsPatch>;

/** Some fields of a template (JSON Merge Patch, RFC 7396). Only what may be missing can be removed with `null`. */
export const templatePatch = (link: LinkSchema) => {
  const fields = draftFields(link);
  return z.strictObject({
    id: z.optional(templateId),
    name: z.optional(requiredText(256)),
    enabled: z.optional(z.boolean()),
    event: z.optional(fields.event),
    statuses: z.optional(z.nullable(fields.statuses.def.innerType)),
    groups: z.optional(z.nullable(fields.groups.def.innerType)),
    audience: fields.audience,
    text: z.optional(textsPatch),
    button: z.optional(z.nullable(textsPatch)),
    buttonStyle: z.optional(z.nullable(z.enum(BUTTON_STYLES))),
    secondButton: z.optional(z.nullable(textsPatch)),
    secondButtonUrl: z.optional(z.nullable(link)),
    trackingButton: z.optional(z.nullable(textsPatch)),
    card: z.optional(z.nullable(z.strictObject({ newMessageFor: z.optional(z.nullable(statuses)) }))),
    rich: fields.rich,
    digestMinutes: z.optional(z.nullable(digestMinutes)),
    step: z.optional(z.nullable(fields.step.def.innerType)),
    couponCode: z.optional(z.nullable(couponCode)),
    couponButton: z.optional(z.nullable(textsPatch)),
    createdAt: z.optional(unread),
    ...asAnswered,
  });
};
export type TemplatePatch = z.infer<ReturnType<typeof templatePatch>>;

/** Which version of a template is restored. */
export const restoreBody = z.union([
  z.strictObject({ version: z.int().check(z.minimum(0), z.maximum(2 ** 31 - 1)) }),
  z.strictObject({ default: z.literal(true) }),
]);

/** The part of a template that is needed to render it. */
export type TemplateDraft = Pick<
  TemplateBody,
  | 'event'
  | 'statuses'
  | 'groups'
  | 'audience'
  | 'text'
  | 'button'
  | 'buttonStyle'
  | 'secondButton'
  | 'secondButtonUrl'
  | 'trackingButton'
  | 'card'
  | 'rich'
  | 'digestMinutes'
  | 'step'
  | 'couponCode'
  | 'couponButton'
>;

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
export const previewBody = (link: LinkSchema) => z.strictObject(draftToRender(link));

const draftToRender = (link: LinkSchema) => ({
  id: z.optional(unread),
  name: z.optional(unread),
  enabled: z.optional(z.boolean()),
  ...draftFields(link),
  createdAt: z.optional(unread),
  ...asAnswered,
  values: z.optional(sampleValues),
  url: z.optional(link),
});

/** A draft to send as a test: what is previewed, and who gets it. */
export const draftTestBody = (link: LinkSchema) =>
  z.strictObject({ userId: id, language: z.optional(language), ...draftToRender(link) });

/** Who gets the test message, and with which values. */
export const testBody = (link: LinkSchema) =>
  z.strictObject({
    userId: id,
    language: z.optional(language),
    values: z.optional(sampleValues),
    url: z.optional(link),
  });

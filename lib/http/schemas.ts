/**
 * The pieces that bodies and queries are made of. Unknown properties are refused everywhere, so that a typing mistake
 * never passes unseen.
 */
import * as z from 'zod/mini';
import { canonicalInstant, INSTANT, isOnRealDay } from '../domain/instant.ts';
import { isLanguageTag } from '../i18n/languages.ts';

/** Text that has to say something: an id, a name, a status. */
export const requiredText = (maxLength: number) =>
  z
    .string()
    .check(z.minLength(1), z.maxLength(maxLength), z.refine(isNotBlank, { error: 'Must not be blank.' }));

/** Text that may be empty. Long texts are shortened when the message is rendered, so the limit is generous. */
export const freeText = (maxLength: number) => z.string().check(z.maxLength(maxLength));

/**
 * Half a character (a lone surrogate) would be replaced on its way through the database: two ids could become the same,
 * and one person get what is another's.
 */
export const id = requiredText(128).check(
  z.refine((value) => value.isWellFormed(), {
    error: 'Must be whole characters: it holds half of a UTF-16 surrogate pair.',
  }),
);
export const language = z
  .string()
  .check(z.refine(isLanguageTag, { error: 'Must be a BCP 47 language tag, such as "it" or "en-GB".' }));

const notDecimal = { error: 'Must be a decimal number as text, such as "149.90".' };
const notCurrency = { error: 'Must be an ISO 4217 code of three capital letters, such as "EUR".' };

/** An amount as decimal text, so that no cent is lost on the way. */
export const money = z.strictObject({
  amount: z.string(notDecimal).check(z.regex(/^-?\d{1,15}(\.\d{1,6})?$/, notDecimal)),
  currency: z.string(notCurrency).check(z.regex(/^[A-Z]{3}$/, notCurrency)),
});

const notInstant = {
  error: 'Must be a date and time with offset, such as "2026-11-22T15:30:00+01:00".',
};

/** A date and time with offset. However ISO 8601 writes it, it is kept in one way: see `canonicalInstant`. */
export const instant = z
  .string(notInstant)
  .check(
    z.regex(INSTANT, { ...notInstant, abort: true }),
    z.refine(isOnRealDay, { ...notInstant, abort: true }),
    z.overwrite(canonicalInstant),
  );

/** A link that a notification may carry: see `linkOf`. */
export type LinkSchema = z.ZodMiniString;

/**
 * A link of this site: `https` on the site's own host or a subdomain of it (`http` too where the site's own address is
 * `http`). Anything else would let whoever holds a site key send people anywhere in the shop's name.
 */
export function linkOf(siteUrl: string): LinkSchema {
  const site = new URL(siteUrl);
  const schemes = site.protocol === 'http:' ? ['https:', 'http:'] : ['https:'];
  const error =
    `Must be an ${schemes.map((scheme) => scheme.slice(0, -1)).join(' or ')} link on ${site.hostname} ` +
    `or a subdomain of it, such as "${site.origin}/page": links to other hosts are refused.`;
  const isOwnLink = (value: string) => {
    // A URL parser forgives much; what reads the link later may not, or may read another host out of it.
    const isPlain = /^https?:\/\/[^/?#@%]+(?:[/?#]|$)/i.test(value) && !/[\s\\\p{Cc}\p{Cs}]/u.test(value);
    if (!isPlain || !URL.canParse(value)) return false;
    const { protocol, hostname } = new URL(value);
    const isOnHost = hostname === site.hostname || hostname.endsWith(`.${site.hostname}`);
    return schemes.includes(protocol) && isOnHost;
  };
  return z.string().check(z.maxLength(2048), z.refine(isOwnLink, { error }));
}

function isNotBlank(value: string): boolean {
  return value.trim() !== '' || value === '';
}

/**
 * The parts of the schemas of bodies and queries. Unknown properties are always refused, so that a typing mistake is
 * noticed.
 */
import * as z from 'zod/mini';
import { canonicalInstant, INSTANT, isOnRealDay } from '../domain/instant.ts';
import { type FormerUrl, isOnHost } from '../domain/shop-address.ts';
import { isLanguageTag } from '../i18n/languages.ts';

/** Text that must not be empty or blank: an id, a name, a status. */
export const requiredText = (maxLength: number) =>
  z
    .string()
    .check(z.minLength(1), z.maxLength(maxLength), z.refine(isNotBlank, { error: 'Must not be blank.' }));

/** Text that may be empty. Long texts are shortened when the message is rendered, so the limit is generous. */
export const freeText = (maxLength: number) => z.string().check(z.maxLength(maxLength));

/**
 * The database would replace half a character (a lone surrogate): two ids could become the same, and one person could
 * get another's messages.
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

/** An amount as decimal text, so that it is never rounded. */
export const money = z.strictObject({
  amount: z.string(notDecimal).check(z.regex(/^-?\d{1,15}(\.\d{1,6})?$/, notDecimal)),
  currency: z.string(notCurrency).check(z.regex(/^[A-Z]{3}$/, notCurrency)),
});

const notInstant = {
  error: 'Must be a date and time with offset, such as "2026-11-22T15:30:00+01:00".',
};

/** A date and time with offset, in any form of ISO 8601. It is stored in one form: see `canonicalInstant`. */
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
 * A link of this site: `https` on the site's own host or a subdomain (also `http` if the site's own address is `http`).
 * With other links, anybody with a site key could send people to any page in the shop's name.
 *
 * @param formerUrls the addresses that the site had before: their links are accepted for a time.
 */
export function linkOf(siteUrl: string, formerUrls: FormerUrl[] = []): LinkSchema {
  const site = new URL(siteUrl);
  const formers = formerUrls.map(({ url, until }) => ({ site: new URL(url), until: Date.parse(until) }));
  const schemes = schemesOf(site).map((scheme) => scheme.slice(0, -1));
  const error =
    `Must be an ${schemes.join(' or ')} link on ${site.hostname} ` +
    `or a subdomain of it, such as "${site.origin}/page": links to other hosts are refused.`;
  const isOwnLink = (value: string) => {
    if (!isPlainAddress(value)) return false;
    const link = new URL(value);
    return (
      isLinkOf(site, link) ||
      formers.some((former) => former.until > Date.now() && isLinkOf(former.site, link))
    );
  };
  return z.string().check(z.maxLength(2048), z.refine(isOwnLink, { error }));
}

function isLinkOf(site: URL, link: URL): boolean {
  return schemesOf(site).includes(link.protocol) && isOnHost(link.hostname, site.hostname);
}

/** The schemes of links to a site. */
function schemesOf({ protocol }: URL): string[] {
  return protocol === 'http:' ? ['https:', 'http:'] : ['https:'];
}

function isNotBlank(value: string): boolean {
  return value.trim() !== '' || value === '';
}

/** Whether all programs read the same host in the address: a URL parser repairs wrong ones, and others may not. */
export function isPlainAddress(value: string): boolean {
  const isPlain = /^https?:\/\/[^/?#@%]+(?:[/?#]|$)/i.test(value) && !/[\s\\\p{Cc}\p{Cs}]/u.test(value);
  return isPlain && URL.canParse(value);
}

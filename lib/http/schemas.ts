/**
 * The parts of the schemas of bodies and queries. Unknown properties are always refused, so that a typing mistake is
 * noticed.
 */

import * as z from 'zod/mini';
import { canonicalInstant, INSTANT, isOnRealDay } from '../domain/instant.ts';
import { isPlainAddress } from '../domain/public-address.ts';
import type { Sentence } from '../domain/sentence.ts';
import { type FormerUrl, isLinkOf, schemesOf } from '../domain/shop-address.ts';
import { canonicalLanguage, isRealLanguage } from '../i18n/languages.ts';
import { meantLanguage } from '../i18n/meant-language.ts';
import { isTimeZone } from '../i18n/time-zones.ts';
import { isVisible } from '../telegram/text/clean.ts';
import { says } from './validation.ts';

const textThat = (isNotBlank: (value: string) => boolean, maxLength: number) =>
  z.string().check(
    z.minLength(1),
    z.maxLength(maxLength),
    // Nothing at all has an error of its own.
    z.refine(
      (value) => isNotBlank(value) || value === '',
      says({ en: 'Must not be blank.', it: 'Non deve essere vuoto.' }),
    ),
  );

/** Text of which people see something: a name, a status. */
export const requiredText = (maxLength: number) => textThat(isVisible, maxLength);

/** Text that may be empty. Long texts are shortened when the message is rendered, so the limit is generous. */
export const freeText = (maxLength: number) => z.string().check(z.maxLength(maxLength));

/**
 * The database would replace half a character (a lone surrogate): two ids could become the same, and one person could
 * get another's messages.
 */
export const id = textThat((value) => value.trim() !== '', 128).check(
  z.refine(
    (value) => value.isWellFormed(),
    says({
      en: 'Must be whole characters: it holds half of a UTF-16 surrogate pair.',
      it: 'Deve avere caratteri interi: contiene metà di una coppia surrogata UTF-16.',
    }),
  ),
);

/** What is said of a text that is no language. */
export function notALanguage(value: string): Sentence {
  const meant = meantLanguage(value);
  const isMeant = meant !== undefined;
  return {
    en: `Must be the BCP 47 tag of a real language, such as "it" or "en-GB".${isMeant ? ` Did you mean "${meant}"?` : ''}`,
    it: `Deve essere il codice BCP 47 di una lingua esistente, come "it" o "en-GB".${isMeant ? ` Si intendeva "${meant}"?` : ''}`,
  };
}

/** The tag of a language. It is read as BCP 47 writes it: `it_IT` is `it-IT`. */
export const language = z.string().check(
  z.overwrite(canonicalLanguage),
  z.refine(
    isRealLanguage,
    says((value) => notALanguage(String(value))),
  ),
);

/** A time zone that this machine knows. */
export const timeZone = z.string().check(
  z.refine(
    isTimeZone,
    says({
      en: 'Must be the name of a time zone with its city, such as "Europe/Rome".',
      it: 'Deve essere il nome di un fuso orario con la sua città, come "Europe/Rome".',
    }),
  ),
);

/** A number of articles. In this market it may be a fraction: kilos, metres. */
export const itemCount = z.number().check(z.minimum(0), z.maximum(Number.MAX_SAFE_INTEGER));

const notDecimal = says({
  en: 'Must be a decimal number as text, such as "149.90".',
  it: 'Deve essere un numero decimale scritto come testo, come "149.90".',
});
const notCurrency = says({
  en: 'Must be an ISO 4217 code of three capital letters, such as "EUR".',
  it: 'Deve essere un codice ISO 4217 di tre lettere maiuscole, come "EUR".',
});

/** An amount as decimal text, so that it is never rounded. */
export const money = z.strictObject({
  amount: z.string(notDecimal).check(z.regex(/^-?\d{1,15}(\.\d{1,6})?$/, notDecimal)),
  currency: z.string(notCurrency).check(z.regex(/^[A-Z]{3}$/, notCurrency)),
});

const notInstant = says({
  en: 'Must be a date and time with offset, such as "2026-11-22T15:30:00+01:00".',
  it: 'Deve essere una data con ora e fuso, come "2026-11-22T15:30:00+01:00".',
});

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
 * With other links, anybody with a site key could send people to any page in the shop's name. A shop with `www.` is also
 * at its address without it.
 *
 * @param formerUrls the addresses that the site had before: their links are accepted for a time.
 */
export function linkOf(siteUrl: string, formerUrls: FormerUrl[] = []): LinkSchema {
  const site = new URL(siteUrl);
  const formers = formerUrls.map(({ url, until }) => ({ site: new URL(url), until: Date.parse(until) }));
  const schemes = schemesOf(site).map((scheme) => scheme.slice(0, -1));
  const where = {
    en: `Must be an ${schemes.join(' or ')} link on ${site.hostname} or a subdomain of it`,
    it: `Deve essere un link ${schemes.join(' o ')} su ${site.hostname} o un suo sottodominio`,
  };
  const elsewhere = {
    en: `${where.en}, such as "${site.origin}/page": links to other hosts are refused.`,
    it: `${where.it}, come "${site.origin}/page": i link ad altri siti vengono rifiutati.`,
  };
  const withUser = {
    en: `${where.en}, without a user name: leave out what stands before the "@".`,
    it: `${where.it}, senza nome utente: togliere quello che sta prima di "@".`,
  };
  const isOwnLink = (value: string) => {
    if (!isPlainAddress(value)) return false;
    const link = new URL(value);
    return (
      isLinkOf(site, link) ||
      formers.some((former) => former.until > Date.now() && isLinkOf(former.site, link))
    );
  };
  const error = says((value) => {
    const bare = withoutUser(String(value));
    return bare !== undefined && isOwnLink(bare) ? withUser : elsewhere;
  });
  return z.string().check(z.overwrite(withoutSpaces), z.maxLength(2048), z.refine(isOwnLink, error));
}

/**
 * An address without spaces around it, and with those inside it as a browser sends them: `/listino 2027.pdf` is
 * `/listino%202027.pdf`. Those in its host stay, and so do line breaks: such an address is refused.
 */
export function withoutSpaces(address: string): string {
  const [, origin = '', rest = ''] = address.trim().match(/^([a-z]+:\/\/[^/?#]*)(.*)$/isu) ?? [];
  return origin === ''
    ? address.trim()
    : origin + rest.replace(/[^\S\t\r\n\v\f\u2028\u2029]/gu, encodeURIComponent);
}

/** An address without its user name and password; `undefined` if it has none. */
function withoutUser(address: string): string | undefined {
  const bare = address.replace(/^(https?:\/\/)[^/?#\\]*@/i, '$1');
  return bare === address ? undefined : bare;
}

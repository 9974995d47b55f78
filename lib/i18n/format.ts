import { LRUCache } from 'lru-cache';
import { isLanguageTag } from './languages.ts';
import { knownTimeZone } from './time-zones.ts';

/** An amount as decimal text, so that no cent is lost to floating point, and its ISO 4217 currency. */
export type Money = { amount: string; currency: string };

/** How numbers and dates are written for a reader whose language Intl does not know: the shops are Italian. */
const DEFAULT_LANGUAGE = 'it';

/** Languages and time zones in use are few. The limit keeps invented ones, of 50 KB each, from filling the memory. */
const MAX_FORMATTERS = 100;

// An Intl formatter costs much more to make than to use. None is made at import, which would slow down the cold start.
const numberFormats = new LRUCache<string, Intl.NumberFormat>({ max: MAX_FORMATTERS });
const dateFormats = new LRUCache<string, Intl.DateTimeFormat>({ max: MAX_FORMATTERS });
const listFormats = new LRUCache<string, Intl.ListFormat>({ max: MAX_FORMATTERS });

/**
 * Writes an amount as the reader's language does: `149,90 €`, `€149.90`.
 * The decimal string goes to Intl as it is, which keeps every digit. A currency that Intl refuses is written
 * after the number; an amount that isn't a decimal number is written as it came.
 */
export function formatMoney(money: Money, languageTag: string): string {
  const { amount, currency } = money;
  if (!isDecimal(amount)) return `${amount} ${currency}`;
  const isCode = isCurrencyCode(currency);
  const digits = Math.max(isCode ? currencyDigits(currency) : 2, fractionDigits(amount));
  const options: Intl.NumberFormatOptions = {
    minimumFractionDigits: digits,
    maximumFractionDigits: digits,
    // Prices group their thousands in every shop, also where the language leaves four digits together.
    useGrouping: 'always',
    // `-0.00` is zero.
    signDisplay: 'negative',
    ...(isCode && { style: 'currency', currency }),
  };
  const written = numberFormat(languageTag, options).format(amount);
  return isCode ? written : `${written}\u00a0${currency}`;
}

/** The digits after the point, as they were sent. A database adds zeros: from the third digit on, those don't count. */
function fractionDigits(amount: string): number {
  const [, fraction = ''] = amount.split('.');
  return Math.max(Math.min(fraction.length, 2), fraction.replace(/0+$/, '').length);
}

/** The digits that the currency has in any case: 2 for EUR, 0 for JPY, 3 for KWD. */
function currencyDigits(currency: string): number {
  const { minimumFractionDigits } = numberFormat('en', { style: 'currency', currency }).resolvedOptions();
  return minimumFractionDigits ?? 2;
}

/** So many digits after the comma: of 0.1 + 0.2 kilos, what computers add to it is not shown. */
const MAX_FRACTION_DIGITS = 6;

/** Writes a number of articles as the reader's language does: `12.345`, `12,345`; of kilos `2,5`. */
export function formatCount(count: number, languageTag: string): string {
  return numberFormat(languageTag, {
    maximumFractionDigits: MAX_FRACTION_DIGITS,
    useGrouping: 'always',
    signDisplay: 'negative',
  }).format(count);
}

/** Writes a list as the reader's language does: `uno, due e tre`. */
export function formatList(entries: string[], languageTag: string): string {
  const make = () => forReader(languageTag, (locales) => new Intl.ListFormat(locales));
  return memoised(listFormats, languageTag, make).format(entries);
}

/**
 * Writes a date as the reader's language does: `22 novembre 2026 alle ore 15:30`.
 * @param iso ISO 8601. With an offset it is shown in `timeZone`; without one it already is the site's own time;
 *   a date alone (`YYYY-MM-DD`) has no time and is the same day everywhere. Anything else is written as it came.
 * @param timeZone IANA name, such as `Europe/Rome`.
 */
export function formatDate(iso: string, languageTag: string, timeZone: string): string {
  const isDateAlone = /^\d{4}-\d{2}-\d{2}$/.test(iso);
  const hasOffset = /(?:Z|[+-]\d{2}:?\d{2})$/i.test(iso);
  const isLocal = !isDateAlone && !hasOffset;
  const date = new Date(isLocal ? `${iso}Z` : iso);
  if (Number.isNaN(date.getTime())) return iso;
  const zone = isDateAlone || isLocal ? 'UTC' : timeZone;
  return dateFormat(languageTag, zone, !isDateAlone).format(date);
}

function numberFormat(languageTag: string, options: Intl.NumberFormatOptions): Intl.NumberFormat {
  const key = `${languageTag} ${options.currency} ${options.minimumFractionDigits} ${options.maximumFractionDigits}`;
  return memoised(numberFormats, key, () =>
    forReader(languageTag, (locales) => new Intl.NumberFormat(locales, options)),
  );
}

function dateFormat(languageTag: string, timeZone: string, withTime: boolean): Intl.DateTimeFormat {
  return memoised(dateFormats, `${languageTag} ${timeZone} ${withTime}`, () => {
    const zone = knownTimeZone(timeZone);
    const timeStyle = withTime ? 'short' : undefined;
    return forReader(
      languageTag,
      (locales) => new Intl.DateTimeFormat(locales, { dateStyle: 'long', timeStyle, timeZone: zone }),
    );
  });
}

function memoised<Formatter extends object>(
  known: LRUCache<string, Formatter>,
  key: string,
  make: () => Formatter,
): Formatter {
  const formatter = known.get(key) ?? make();
  known.set(key, formatter);
  return formatter;
}

/**
 * A formatter for the reader's language. English without a region of its own is written as in Great Britain:
 * its readers are customers of Italian shops, used to the day before the month and to 24 hours.
 */
function forReader<Formatter extends Intl.NumberFormat | Intl.DateTimeFormat | Intl.ListFormat>(
  languageTag: string,
  make: (locales: string[]) => Formatter,
): Formatter {
  const locales = isLanguageTag(languageTag) ? [languageTag, DEFAULT_LANGUAGE] : [DEFAULT_LANGUAGE];
  const formatter = make(locales);
  return formatter.resolvedOptions().locale === 'en' ? make(['en-GB']) : formatter;
}

function isDecimal(amount: string): amount is Intl.StringNumericLiteral {
  return /^[+-]?\d+(?:\.\d+)?$/.test(amount);
}

/** ECMA-402, IsWellFormedCurrencyCode: any three letters. */
function isCurrencyCode(currency: string): boolean {
  return /^[A-Za-z]{3}$/.test(currency);
}

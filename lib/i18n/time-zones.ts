import { LRUCache } from 'lru-cache';

/** Used where Intl does not know the time zone of a site: most shops are in Italy. */
const DEFAULT_TIME_ZONE = 'Europe/Rome';

/** Whether this is the IANA name of a time zone. An offset such as `+01:00` is not: it has no summer time. */
export function isTimeZone(name: string): boolean {
  return /^[A-Za-z]/.test(name) && resolvedTimeZone(name) !== undefined;
}

/** The name in its usual capitals. Where a zone has several names, the one that was given stays. */
export function canonicalTimeZone(name: string): string {
  const resolved = resolvedTimeZone(name);
  return resolved?.toLowerCase() === name.toLowerCase() ? resolved : name;
}

/** The time zone itself, or Europe/Rome where Intl does not know it. */
export function knownTimeZone(timeZone: string): string {
  return resolvedTimeZone(timeZone) ?? DEFAULT_TIME_ZONE;
}

function resolvedTimeZone(timeZone: string): string | undefined {
  try {
    return new Intl.DateTimeFormat('en', { timeZone }).resolvedOptions().timeZone;
  } catch {
    return undefined;
  }
}

/** Zones in use are few; the limit keeps invented ones from filling the memory. */
const MAX_FORMATTERS = 50;
// A formatter costs much more to make than to use.
const localTimes = new LRUCache<string, Intl.DateTimeFormat>({ max: MAX_FORMATTERS });

/**
 * A time as a zone's clocks show it: `2026-11-22 15:30:05`. A spreadsheet takes that for a time in every language, and it
 * sorts as text.
 *
 * @param iso ISO 8601 with an offset.
 */
export function zonedTime(iso: string, timeZone: string): string {
  const zone = knownTimeZone(timeZone);
  // The Swedish way to write a time is that of ISO 8601.
  const format =
    localTimes.get(zone) ??
    new Intl.DateTimeFormat('sv-SE', { timeZone: zone, dateStyle: 'short', timeStyle: 'medium' });
  localTimes.set(zone, format);
  return format.format(new Date(iso));
}

/** The day of a time in a zone, `YYYY-MM-DD`. @param iso ISO 8601 with an offset. */
export function zonedDay(iso: string, timeZone: string): string {
  return zonedTime(iso, timeZone).slice(0, 10);
}

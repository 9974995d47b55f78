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

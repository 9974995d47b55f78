/** Instants as ISO 8601 writes them with an offset, and the one way in which they are kept. */

/**
 * Seconds and their fraction may be left out, and the offset has three forms (`+01`, `+0100`, `+01:00`) beside `Z`. Days
 * that a month does not have pass: see {@link isOnRealDay}.
 */
export const INSTANT =
  /^(\d{4}-(?:0[1-9]|1[0-2])-(?:0[1-9]|[12]\d|3[01]))T((?:[01]\d|2[0-3]):[0-5]\d)(?::([0-5]\d)(?:[.,](\d+))?)?(?:Z|([+-](?:[01]\d|2[0-3]))(?::?([0-5]\d))?)$/;

/** Whether the month of an instant has its day: there is no 30 February. */
export function isOnRealDay(instant: string): boolean {
  const day = instant.slice(0, 'YYYY-MM-DD'.length);
  return new Date(`${day}T00:00Z`).toISOString().startsWith(day);
}

/**
 * The same instant as `YYYY-MM-DDThh:mm:ss[.fff]±hh:mm`, or with `Z`, in the offset it came with: what reads it later
 * (`Date.parse`, a template) knows fewer forms than ISO 8601 has. Anything else comes back as it is.
 */
export function canonicalInstant(instant: string): string {
  return instant.replace(
    INSTANT,
    (_, day: string, minute: string, second = '00', fraction?: string, hours?: string, minutes = '00') => {
      const milliseconds = fraction === undefined ? '' : `.${fraction.slice(0, 3).padEnd(3, '0')}`;
      const offset = hours === undefined ? 'Z' : `${hours}:${minutes}`;
      return `${day}T${minute}:${second}${milliseconds}${offset}`;
    },
  );
}

/** Instants in ISO 8601 with an offset, and the one form in which they are stored. */

/**
 * Seconds and their fraction are optional. The offset is `Z`, `+01`, `+0100` or `+01:00`. A day that the month does not
 * have matches too: see {@link isOnRealDay}.
 */
export const INSTANT =
  /^(\d{4}-(?:0[1-9]|1[0-2])-(?:0[1-9]|[12]\d|3[01]))T((?:[01]\d|2[0-3]):[0-5]\d)(?::([0-5]\d)(?:[.,](\d+))?)?(?:Z|([+-](?:[01]\d|2[0-3]))(?::?([0-5]\d))?)$/;

/** Whether the day exists in its month: there is no 30 February. */
export function isOnRealDay(instant: string): boolean {
  const day = instant.slice(0, 'YYYY-MM-DD'.length);
  return new Date(`${day}T00:00Z`).toISOString().startsWith(day);
}

/**
 * The same instant as `YYYY-MM-DDThh:mm:ss[.fff]±hh:mm`, or with `Z`, in its original offset. Its later readers
 * (`Date.parse`, a template) know fewer forms than ISO 8601 has. A text that is not an instant is returned unchanged.
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

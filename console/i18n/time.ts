/** Dates and times, in the time zone of the shop that is shown. */
import { signal } from '@preact/signals';
import { language } from './language.ts';

/** IANA name; the browser's until the shop is known. */
export const timeZone = signal(Intl.DateTimeFormat().resolvedOptions().timeZone);

/** Such as "29 nov 2026, 14:05". @param instant ISO 8601 */
export function dateTime(instant: string): string {
  return format(instant, { dateStyle: 'medium', timeStyle: 'short' });
}

/** Such as "29 nov 2026". @param instant ISO 8601 */
export function date(instant: string): string {
  return format(instant, { dateStyle: 'medium' });
}

function format(instant: string, options: Intl.DateTimeFormatOptions): string {
  const locale = language.value === 'it' ? 'it-IT' : 'en-GB';
  return new Intl.DateTimeFormat(locale, { ...options, timeZone: timeZone.value }).format(new Date(instant));
}

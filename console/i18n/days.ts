/** Days of the shop's time zone, as the API wants them: as moments. */
import { language } from './language.ts';

/** The moment at which a day begins, ISO 8601. @param day `YYYY-MM-DD` @param timeZone IANA name */
export function startOf(day: string, timeZone: string): string {
  const asUtc = Date.parse(`${day}T00:00:00Z`);
  // The offset of a first guess, and then that of the moment found: they differ where the clocks change that day.
  const guess = asUtc - offsetAt(asUtc, timeZone);
  return new Date(asUtc - offsetAt(guess, timeZone)).toISOString();
}

/** The last moment of a day, ISO 8601. */
export function endOf(day: string, timeZone: string): string {
  return new Date(Date.parse(startOf(dayAfter(day, 1), timeZone)) - 1).toISOString();
}

/** @param day `YYYY-MM-DD` @param days may be negative */
export function dayAfter(day: string, days: number): string {
  return new Date(Date.parse(`${day}T00:00:00Z`) + days * 86_400_000).toISOString().slice(0, 10);
}

/** Whether there is such a day: somebody may have written anything into the address. */
export function isDay(text: string): boolean {
  const begins = Date.parse(`${text}T00:00:00Z`);
  // 31 February is read as 3 March.
  return /^20\d\d-\d\d-\d\d$/.test(text) && !Number.isNaN(begins) && dayAfter(text, 0) === text;
}

/** Today there, `YYYY-MM-DD`. */
export function today(timeZone: string): string {
  const now = Date.now();
  return new Date(now + offsetAt(now, timeZone)).toISOString().slice(0, 10);
}

/** @returns milliseconds that the clocks there are ahead of UTC. */
function offsetAt(moment: number, timeZone: string): number {
  const format = new Intl.DateTimeFormat('en', { timeZone, timeZoneName: 'longOffset' });
  const name = format.formatToParts(moment).find(({ type }) => type === 'timeZoneName')?.value ?? '';
  // Such as "GMT+01:00", or "GMT" alone.
  const [, sign, hours = 0, minutes = 0] = /([+-])(\d\d):(\d\d)/.exec(name) ?? [];
  return (sign === '-' ? -1 : 1) * (Number(hours) * 60 + Number(minutes)) * 60_000;
}

/** A day in words. @param day `YYYY-MM-DD` */
export function dayWords(day: string, options: Intl.DateTimeFormatOptions = { dateStyle: 'medium' }): string {
  const locale = language.value === 'it' ? 'it-IT' : 'en-GB';
  return new Intl.DateTimeFormat(locale, { ...options, timeZone: 'UTC' }).format(
    new Date(`${day}T00:00:00Z`),
  );
}

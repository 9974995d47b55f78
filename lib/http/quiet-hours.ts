import * as z from 'zod/mini';
import { type OwnQuietHours, QUIET_MODES } from '../domain/quiet-hours.ts';
import { says } from './validation.ts';

const time = z.string().check(
  z.regex(
    /^(?:[01]\d|2[0-3]):[0-5]\d$/,
    says({
      en: 'Must be a time of day from "00:00" to "23:59", such as "22:00".',
      it: 'Deve essere un\'ora del giorno da "00:00" a "23:59", come "22:00".',
    }),
  ),
);

interface Given {
  from?: string | undefined;
  to?: string | undefined;
  mode: OwnQuietHours['mode'];
}

const differing = () =>
  z.refine<Given>(({ from, to }) => from === undefined || from !== to, {
    path: ['to'],
    ...says({
      en: 'Must not be the time of the beginning: there would be no quiet hours, or no others.',
      it: "Non deve essere la stessa ora dell'inizio: le ore di silenzio sarebbero nessuna, o tutte.",
    }),
  });

/** The quiet hours of a site. */
export const quietHours = z
  .strictObject({ from: time, to: time, mode: z.enum(QUIET_MODES) })
  .check(differing());

const needed = (name: 'from' | 'to') =>
  z.refine<Given>((hours) => hours.mode === 'off' || hours[name] !== undefined, {
    path: [name],
    ...says({
      en: 'Is needed, unless they are off.',
      it: 'Serve, a meno che le ore di silenzio siano spente.',
    }),
  });

const notWhenOff = (name: 'from' | 'to') =>
  z.refine<Given>((hours) => hours.mode !== 'off' || hours[name] === undefined, {
    path: [name],
    ...says({ en: 'Does not go with "off": leave it out.', it: 'Non va insieme a "off": toglierlo.' }),
  });

/** Those of a person: their own, or `off`. */
export const ownQuietHours = z
  .strictObject({ from: z.optional(time), to: z.optional(time), mode: z.enum([...QUIET_MODES, 'off']) })
  .check(differing(), needed('from'), needed('to'), notWhenOff('from'), notWhenOff('to'));

/** As they are stored. */
export function ownQuietHoursOf({ from, to, mode }: Given): OwnQuietHours {
  return mode === 'off' || from === undefined || to === undefined ? { mode: 'off' } : { from, to, mode };
}

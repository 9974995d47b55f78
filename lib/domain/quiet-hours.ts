/**
 * What happens to a message in quiet hours: it goes out without a sound, or waits until they are over.
 */
export const QUIET_MODES = ['silent', 'after'] as const;

/** The hours of a day in which nobody's phone rings, by the clock of the person who gets the message. */
export interface QuietHours {
  /** `HH:MM`. */
  from: string;
  /** `HH:MM`; before `from`, it is the next day. */
  to: string;
  mode: (typeof QUIET_MODES)[number];
}

/** What a person has chosen in place of the shop's quiet hours: their own, or none. */
export type OwnQuietHours = QuietHours | { mode: 'off' };

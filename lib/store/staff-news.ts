/*
 * What the staff of a site is still to be told of the site itself. It is written into the site's item by the same write that
 * makes it true, and removed when its messages are in the queue: so it is told, once, wherever a function dies.
 */
import { type StaffMember, staffFor } from '../domain/staff.ts';

/** The site sends nothing any more. */
export interface SwitchedOff {
  /** ISO 8601. */
  at: string;
  /** The module was taken from the shop, or the merchant has switched the messages off. */
  by: 'platform' | 'shop';
}

/** Telegram has refused the token of the bot since then, and takes it again. Both ISO 8601. */
export interface BotOutage {
  since: string;
  at: string;
}

/** Each absent where there is nothing to tell. */
export interface StaffNews {
  switchedOff?: SwitchedOff;
  botOutage?: BotOutage;
}

export const STAFF_NEWS = ['switchedOff', 'botOutage'] as const satisfies (keyof StaffNews)[];

/** Whether a site has something to tell its staff. */
export function hasStaffNews(site: StaffNews): boolean {
  return STAFF_NEWS.some((field) => site[field] !== undefined);
}

/** What is looked at of a site. */
interface Switches extends StaffNews {
  moduleActive: boolean;
  active: boolean;
  staff?: StaffMember[];
  bot?: { problem?: Problem };
}

/** Telegram refuses the token of the bot; ISO 8601. */
interface Problem {
  since: string;
}

/**
 * What a change of a site adds to the news, or takes back: that it is off is told no more where it is on again.
 *
 * @param now ISO 8601.
 */
export function staffNewsAfter(
  before: Switches,
  after: Switches,
  now: string,
): { [Field in keyof StaffNews]?: StaffNews[Field] | undefined } {
  const isOn = ({ moduleActive, active }: Switches) => moduleActive && active;
  const problem = before.bot?.problem;
  const outage = after.bot && !after.bot.problem && problem && outageOf(after, problem, now);
  return {
    ...(!isOn(before) && isOn(after) && before.switchedOff && { switchedOff: undefined }),
    ...(isOn(before) &&
      !isOn(after) &&
      staffFor(after, 'module-off').length > 0 && {
        switchedOff: { at: now, by: after.moduleActive ? 'shop' : 'platform' } as const,
      }),
    ...(outage && { botOutage: outage }),
  };
}

/** What is to be told where a bot works again; `undefined` where nobody is told. @param at ISO 8601. */
export function outageOf(
  site: Pick<Switches, 'staff'>,
  { since }: Problem,
  at: string,
): BotOutage | undefined {
  return staffFor(site, 'bot-refused').length > 0 ? { since, at } : undefined;
}

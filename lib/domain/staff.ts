import { EVENT_NAMES, type EventName } from './events.ts';

/** What people who work in the shop may be told, in the order in which people see it. */
export const STAFF_NOTICES = ['new-order', 'failures', 'bot-refused', 'module-off'] as const;
export type StaffNotice = (typeof STAFF_NOTICES)[number];

/** A site has at most so many people who are told something. */
export const MAX_STAFF = 20;

/** A person who works in the shop: a user of the site like all others, and what they are told. */
export interface StaffMember {
  userId: string;
  notices: StaffNotice[];
}

/** A notice as the log, and a user's muted events, name it. */
export type StaffEvent = `staff-${StaffNotice}`;

export const STAFF_EVENTS = STAFF_NOTICES.map(staffEvent);

/** What a person switches on and off for themself. */
export type SwitchableEvent = EventName | StaffEvent;
export const SWITCHABLE_EVENTS: readonly SwitchableEvent[] = [...EVENT_NAMES, ...STAFF_EVENTS];

export function staffEvent(notice: StaffNotice): StaffEvent {
  return `staff-${notice}`;
}

/** The notice that an event of the log is; `undefined` for all other events. */
export function noticeOf(event: string): StaffNotice | undefined {
  return STAFF_NOTICES.find((notice) => staffEvent(notice) === event);
}

type WithStaff = { staff?: StaffMember[] | undefined };

/** Whom a site tells such a notice: ids of its users. */
export function staffFor({ staff = [] }: WithStaff, notice: StaffNotice): string[] {
  return staff.filter(({ notices }) => notices.includes(notice)).map(({ userId }) => userId);
}

/** What a site tells one of its users. */
export function noticesFor({ staff = [] }: WithStaff, userId: string): StaffNotice[] {
  return staff.find((member) => member.userId === userId)?.notices ?? [];
}

/** What the merchant reads for the names that the API uses. */
import { EVENT_NAMES, EVENTS, type EventName } from '../../lib/domain/events.ts';
import { noticeOf, STAFF_EVENTS } from '../../lib/domain/staff.ts';
import { KIND_NAMES } from '../../lib/i18n/kind-names.ts';
import { NOTICE_NAMES } from '../../lib/i18n/notice-names.ts';
import { language, say } from './language.ts';

/** The events of the log: those of Passweb, and the welcome of somebody who links. */
export const LOGGED_EVENTS: readonly string[] = [...EVENT_NAMES, 'welcome', ...STAFF_EVENTS];

/** @param event one of this release or, as it is, one of a later release. */
export function eventWords(event: string): string {
  if (event === 'welcome') return say(KIND_NAMES.welcome);
  const notice = noticeOf(event);
  if (notice) return say(NOTICE_NAMES[notice]);
  return isEvent(event) ? EVENTS[event].map((kind) => say(KIND_NAMES[kind])).join(' / ') : event;
}

function isEvent(event: string): event is EventName {
  return (EVENT_NAMES as readonly string[]).includes(event);
}

/** Such as "italiano", for `it`. */
export function languageWords(tag: string): string {
  try {
    return new Intl.DisplayNames([language.value], { type: 'language' }).of(tag) ?? tag;
  } catch {
    return tag;
  }
}

export interface Named {
  firstName?: string | undefined;
  lastName?: string | undefined;
  companyName?: string | undefined;
}

/** First and last name, or the company's; nothing where none is known. */
export function namePartsOf({ firstName, lastName, companyName }: Named): string[] {
  const own = [firstName, lastName].flatMap((part) => part || []);
  return own.length > 0 ? own : [companyName].flatMap((part) => part || []);
}

/** The name of a person or a company; `undefined` where none is known. */
export function nameOf(names: Named): string | undefined {
  return namePartsOf(names).join(' ') || undefined;
}

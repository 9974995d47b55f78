import { EVENT_NAMES, EVENTS, type EventName } from './events.ts';

/** The kinds of templates that a merchant can write: those of the events, and the welcome of a new link. */
export type TemplateKind = (typeof EVENTS)[EventName][number] | 'welcome';

/** In the order in which the merchant sees them. */
export const TEMPLATE_KINDS: readonly TemplateKind[] = [...Object.values(EVENTS).flat(), 'welcome'];

/** The event that templates of this kind send, as users mute it and as the log names it. */
export function eventOfKind(kind: TemplateKind): EventName | 'welcome' {
  return EVENT_NAMES.find((event) => EVENTS[event].some((each) => each === kind)) ?? 'welcome';
}

/** Texts by BCP 47 language tag, such as `it` or `de-CH`. */
export type LocalizedText = Record<string, string>;

/** A merchant's template ("azione"): what is written, for which event, and to whom. */
export interface Template {
  id: string;
  name: string;
  event: TemplateKind;
  enabled: boolean;
  /** Only for `order-status`: the statuses that this template manages, compared without case. */
  statuses?: string[];
  /** User groups that receive it; none means every user. */
  groups?: string[];
  /** The message, in Mustache and Telegram's HTML. */
  text: LocalizedText;
  /** The text of the button that opens the event's link: Mustache, no HTML. */
  button?: LocalizedText;
  /** ISO 8601; carts abandoned before it are left alone. */
  createdAt?: string;
  /** The version of the site in which this template was last changed; absent: it never was. */
  version?: number;
}

/** The form in which two order statuses are compared: a shop writes them as it likes. */
export function comparableStatus(status: string): string {
  return status.normalize('NFC').trim().toLowerCase();
}

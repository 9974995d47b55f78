import type { Actor } from './actor.ts';
import type { ButtonStyle } from './buttons.ts';
import { EVENT_NAMES, EVENTS, type EventName } from './events.ts';

/** The kinds of templates that a merchant can write: those of the events, and the welcome after a new link. */
export type TemplateKind = (typeof EVENTS)[EventName][number] | 'welcome';

/** In the order in which the merchant sees them. */
export const TEMPLATE_KINDS: readonly TemplateKind[] = [...Object.values(EVENTS).flat(), 'welcome'];

/** The kinds whose notices of one folder may be collected into one message. */
export const DIGEST_KINDS: readonly TemplateKind[] = ['file-upload', 'file-download', 'file-view'];

/** The event that templates of this kind send: its name in a user's muted events and in the log. */
export function eventOfKind(kind: TemplateKind): EventName | 'welcome' {
  return EVENT_NAMES.find((event) => EVENTS[event].some((each) => each === kind)) ?? 'welcome';
}

/** What a site sends: the events that an enabled template is for, in the order in which people see them. */
export function sentEvents(templates: Pick<Template, 'event' | 'enabled'>[]): EventName[] {
  const sent = new Set(templates.filter(({ enabled }) => enabled).map(({ event }) => eventOfKind(event)));
  return EVENT_NAMES.filter((event) => sent.has(event));
}

/** Texts by BCP 47 language tag, such as `it` or `de-CH`. */
export type LocalizedText = Record<string, string>;

/** Whom a template for `activity-status` is for: the creator of the activity, its recipients, or both. */
export const AUDIENCES = ['everybody', 'creator', 'recipients'] as const;
export type Audience = (typeof AUDIENCES)[number];

/** How an order's one message follows its status. */
export interface OrderCard {
  /** The statuses for which a new message, with a sound, takes its place; the comparison is that of `statuses`. */
  newMessageFor?: string[];
}

/** A merchant's template ("azione"): the text, its event, and who receives it. */
export interface Template {
  id: string;
  name: string;
  event: TemplateKind;
  enabled: boolean;
  /** Only for `order-status`: the statuses that this template is for. The comparison ignores case. */
  statuses?: string[];
  /** User groups that receive it; absent or empty: every user. */
  groups?: string[];
  /** Only for `activity-status`; absent in those of the former release: see `templatesOf`. */
  audience?: Audience;
  /** The message, in Mustache and Telegram's HTML. */
  text: LocalizedText;
  /** The text of the button that opens the event's link: Mustache, no HTML. */
  button?: LocalizedText;
  /** The colour of that button; absent: as Telegram shows a button. */
  buttonStyle?: ButtonStyle;
  /** The text of a second button, as that of the first. */
  secondButton?: LocalizedText;
  /** The page of the shop that it opens; absent: the event's link. */
  secondButtonUrl?: string;
  /** Only for `order-status`: the text of the button that copies the tracking code of the shipment. */
  trackingButton?: LocalizedText;
  /** Only for `order-status`: an order has one message in a chat, which is changed; absent: each status has its own. */
  card?: OrderCard;
  /** Only for `order-status`: the articles are a table with pictures, where Telegram shows one. */
  rich?: boolean;
  /**
   * Only for the kinds of files: for so many minutes after the first notice of a folder those that follow are collected
   * with it into one message; absent: each notice is a message.
   */
  digestMinutes?: number;
  /** Only for `abandoned-cart`: which message about a cart this is, 1 to 3; absent: the first. */
  step?: number;
  /** Only for its later messages: the code of a coupon, and the text of the button that copies it. */
  couponCode?: string;
  couponButton?: LocalizedText;
  /** ISO 8601. The template is not used for carts that were abandoned before it. */
  createdAt?: string;
  /** The version of the site in which this template was last changed; absent if it never was. */
  version?: number;
  /** When and by whom that was; absent in templates that were last changed by the former release. ISO 8601. */
  changedAt?: string;
  changedBy?: Actor;
}

/** The texts of a template's buttons, in the order in which a message shows them. */
export const BUTTON_TEXTS = ['button', 'secondButton', 'trackingButton', 'couponButton'] as const;

/** What the merchant writes of a template, in the order in which a change of it is named. */
export const TEMPLATE_FIELDS = [
  'name',
  'event',
  'enabled',
  'statuses',
  'groups',
  'audience',
  'text',
  'button',
  'buttonStyle',
  'secondButton',
  'secondButtonUrl',
  'trackingButton',
  'card',
  'rich',
  'digestMinutes',
  'step',
  'couponCode',
  'couponButton',
] as const satisfies (keyof Template)[];

/**
 * A status as it is meant: back offices send spaces around it, several or no-break ones between its words, characters that
 * nobody sees, and accents as characters of their own.
 */
export function tidyStatus(status: string): string {
  return status
    .normalize('NFC')
    .replace(/\p{Default_Ignorable_Code_Point}/gu, '')
    .replace(/\s+/g, ' ')
    .trim();
}

/** The form in which two statuses, of orders or of activities, are compared: also without regard to case. */
export function comparableStatus(status: string): string {
  return tidyStatus(status).toLowerCase();
}

/**
 * Whether a message of this template changes the one message of its order (`edit`) or takes its place (`new`); `undefined`:
 * it is one of its own.
 *
 * @param status of the order, as it is shown.
 */
export function cardFor({ card }: Template, status: string): 'edit' | 'new' | undefined {
  if (!card) return undefined;
  const rings = card.newMessageFor?.map(comparableStatus).includes(comparableStatus(status));
  return rings ? 'new' : 'edit';
}

/** So many enabled templates of one kind send to a person; of `order-status`, for each status. */
export const MAX_ENABLED_TEMPLATES = 10;

/** Those of the templates of one kind that send: a site of a former release may have more than are allowed now. */
export function sendingTemplates(templates: Template[]): Template[] {
  return templates.slice(0, MAX_ENABLED_TEMPLATES);
}

/** Without groups a template is for every user, otherwise only for the members of its groups. */
export function includesMember(
  { groups = [] }: Pick<Template, 'groups'>,
  person: { groups?: string[] | undefined },
): boolean {
  return groups.length === 0 || groups.some((group) => person.groups?.includes(group));
}

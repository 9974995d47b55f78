/**
 * The kinds of templates a merchant can write, in the order the merchant sees them.
 * `file-access` events have two kinds, `file-download` and `file-view`; `welcome` greets who has just linked.
 */
export const TEMPLATE_KINDS = [
  'order-status',
  'abandoned-cart',
  'message-sent',
  'message-read',
  'activity-status',
  'activity-viewed',
  'activity-reminder',
  'file-upload',
  'file-download',
  'file-view',
  'welcome',
] as const;

export type TemplateKind = (typeof TEMPLATE_KINDS)[number];

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

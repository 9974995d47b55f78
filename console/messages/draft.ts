/** A message while it is written, and how two of them differ. */
import type { Template, TemplateBody } from '../../clients/typescript/client.ts';

export type Kind = Template['event'];
export type Audience = NonNullable<Template['audience']>;
export type ButtonStyle = NonNullable<Template['buttonStyle']>;
type Texts = Record<string, string>;

/** What is written in each language: the message, and its buttons. */
export const LOCALIZED = ['text', 'button', 'secondButton', 'trackingButton', 'couponButton'] as const;
export type Localized = (typeof LOCALIZED)[number];

/** Whether a field of the API, or of a draft, is written in each language. */
export function isLocalized(field: string | undefined): field is Localized {
  return LOCALIZED.some((each) => each === field);
}

export interface Draft {
  name: string;
  event: Kind;
  enabled: boolean;
  statuses: string[];
  groups: string[];
  audience: Audience;
  text: Texts;
  button: Texts;
  buttonStyle: ButtonStyle | undefined;
  secondButton: Texts;
  /** Empty: the link of the event. */
  secondButtonUrl: string;
  trackingButton: Texts;
  /** An order has one message, which is updated. */
  card: boolean;
  /** With that: the statuses for which the phone rings. */
  newMessageFor: string[];
  /** The articles are a table. */
  rich: boolean;
  /** Absent: each notice is a message. */
  digestMinutes: number | undefined;
  /** Which message about a cart it is. */
  step: number;
  /** Empty: none. */
  couponCode: string;
  couponButton: Texts;
}

/** What a message has that uses nothing newer: so are drafts that an older console has kept. */
export const NOTHING_NEWER = {
  buttonStyle: undefined,
  secondButton: {},
  secondButtonUrl: '',
  trackingButton: {},
  card: false,
  newMessageFor: [],
  rich: false,
  digestMinutes: undefined,
  step: 1,
  couponCode: '',
  couponButton: {},
} as const satisfies Partial<Draft>;

/** A template as it is edited. */
export function draftOf({
  name,
  event,
  enabled,
  statuses = [],
  groups = [],
  audience = 'everybody',
  text,
  button = {},
  buttonStyle,
  secondButton = {},
  secondButtonUrl = '',
  trackingButton = {},
  card,
  rich = false,
  digestMinutes,
  step = 1,
  couponCode = '',
  couponButton = {},
}: Template): Draft {
  return {
    ...{ name, event, enabled, statuses, groups, audience, text, button },
    ...{ buttonStyle, secondButton, secondButtonUrl, trackingButton, digestMinutes },
    ...{ card: card !== undefined, newMessageFor: card?.newMessageFor ?? [], rich },
    ...{ step, couponCode, couponButton },
  };
}

/** As the API takes it. A text that is empty is none: the API then says that it is missing. */
export function bodyOf(draft: Draft): TemplateBody {
  const { name, event, enabled, statuses, groups, audience, buttonStyle, secondButtonUrl } = draft;
  const { digestMinutes } = draft;
  const secondButton = written(draft.secondButton);
  return {
    name,
    event,
    enabled,
    ...(event === 'order-status' && { statuses }),
    groups,
    ...(event === 'activity-status' && { audience }),
    text: written(draft.text),
    ...(event !== 'welcome' && {
      button: written(draft.button),
      ...(buttonStyle && { buttonStyle }),
      secondButton,
      ...(secondButtonUrl.trim() !== '' && Object.keys(secondButton).length > 0 && { secondButtonUrl }),
    }),
    ...(event === 'order-status' && { trackingButton: written(draft.trackingButton) }),
    ...(event === 'order-status' && draft.rich && { rich: true }),
    ...(event === 'order-status' && draft.card && { card: { newMessageFor: ringing(draft) } }),
    ...(isOfFiles(event) && digestMinutes !== undefined && { digestMinutes }),
    ...(event === 'abandoned-cart' && draft.step > 1 && couponOf(draft)),
  };
}

/** A status may have been taken out of those that the message is for. */
function ringing({ statuses, newMessageFor }: Draft): string[] {
  const managed = statuses.map(comparableStatus);
  return newMessageFor.filter((status) => managed.includes(comparableStatus(status)));
}

/** The form in which the API compares statuses, as far as somebody types them. */
export function comparableStatus(status: string): string {
  return status.normalize('NFC').replace(/\s+/g, ' ').trim().toLowerCase();
}

/** Whether the notices of this kind are about the files of a folder. */
export function isOfFiles(event: Kind): boolean {
  return event === 'file-upload' || event === 'file-download' || event === 'file-view';
}

/** A later message about a cart. */
function couponOf({ step, couponCode, couponButton }: Draft): Partial<TemplateBody> {
  const hasCode = couponCode.trim() !== '';
  return { step, ...(hasCode && { couponCode, couponButton: written(couponButton) }) };
}

function written(texts: Texts): Texts {
  return Object.fromEntries(Object.entries(texts).filter(([, text]) => text !== ''));
}

/** One part of a message that can differ by itself: `name`, `statuses`, `text/it`. */
export type Part =
  | 'name'
  | 'event'
  | 'enabled'
  | 'statuses'
  | 'groups'
  | 'audience'
  | 'card'
  | 'newMessageFor'
  | 'rich'
  | 'digestMinutes'
  | 'buttonStyle'
  | 'secondButtonUrl'
  | 'step'
  | 'couponCode'
  | `${Localized}/${string}`;

/** `undefined`: there is none. */
export type PartValue = string | string[] | boolean | undefined;

/** The parts of a message in the order in which the editor shows them. */
function partsOf(draft: Draft): Map<Part, PartValue> {
  const body = bodyOf(draft);
  const texts = (field: Localized) =>
    Object.entries(body[field] ?? {}).map(([language, text]): [Part, PartValue] => [
      `${field}/${language}`,
      text,
    ]);
  return new Map<Part, PartValue>([
    ['name', body.name],
    ['event', body.event],
    ['enabled', body.enabled],
    ['statuses', body.statuses ?? []],
    ['groups', body.groups ?? []],
    ['audience', body.audience],
    ['card', body.card !== undefined],
    ['newMessageFor', body.card?.newMessageFor ?? []],
    ['rich', body.rich === true],
    ['digestMinutes', body.digestMinutes?.toString()],
    ...texts('text'),
    ...texts('button'),
    ['buttonStyle', body.buttonStyle],
    ...texts('secondButton'),
    ['secondButtonUrl', body.secondButtonUrl],
    ...texts('trackingButton'),
    ['step', body.step === undefined ? undefined : String(body.step)],
    ['couponCode', body.couponCode],
    ...texts('couponButton'),
  ]);
}

export interface Difference {
  part: Part;
  one: PartValue;
  other: PartValue;
}

/** The parts in which they differ. The order of statuses and groups says nothing. */
export function differencesOf(one: Draft, other: Draft): Difference[] {
  const ours = partsOf(one);
  const theirs = partsOf(other);
  return [...new Set([...ours.keys(), ...theirs.keys()])]
    .map((part) => ({ part, one: ours.get(part), other: theirs.get(part) }))
    .filter((difference) => !isSame(difference.one, difference.other));
}

export function isSameDraft(one: Draft, other: Draft): boolean {
  return differencesOf(one, other).length === 0;
}

function isSame(one: PartValue, other: PartValue): boolean {
  if (!Array.isArray(one) || !Array.isArray(other)) return one === other;
  return one.length === other.length && one.every((each) => other.includes(each));
}

/** With another value in one part. */
export function withPart(draft: Draft, part: Part, value: PartValue): Draft {
  const [field, language] = part.split('/', 2);
  if (isLocalized(field) && language !== undefined) {
    const { [language]: _, ...others } = draft[field];
    return { ...draft, [field]: value === undefined ? others : { ...others, [language]: value } };
  }
  if (part === 'digestMinutes') return { ...draft, [part]: value === undefined ? value : Number(value) };
  if (part === 'step') return { ...draft, step: Number(value ?? 1) };
  const isText = part === 'secondButtonUrl' || part === 'couponCode';
  return { ...draft, [part]: isText ? (value ?? '') : value };
}

/**
 * Which of the two is wanted in a part, as far as nobody has to be asked: what only one side has changed since `base`.
 *
 * @param base what both began with.
 */
export function changedBy(part: Part, base: Draft, mine: Draft): 'mine' | 'theirs' {
  return isSame(partsOf(base).get(part), partsOf(mine).get(part)) ? 'theirs' : 'mine';
}

/** Whether both sides have changed a part, each in its own way. */
export function isDisputed(part: Part, base: Draft, mine: Draft, theirs: Draft): boolean {
  const before = partsOf(base).get(part);
  return !isSame(before, partsOf(mine).get(part)) && !isSame(before, partsOf(theirs).get(part));
}

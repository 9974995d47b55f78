import { type CopyButton, type LinkButton, MAX_COPY_LENGTH } from '../domain/buttons.ts';
import type { RichContent } from '../domain/order-table.ts';
import type { LocalizedText, Template } from '../domain/templates.ts';
import { DEFAULT_TONE, type Tone } from '../domain/tone.ts';
import { formatCount, formatDate, formatMoney } from '../i18n/format.ts';
import { chooseText, textIn } from '../i18n/languages.ts';
import { JOINER } from '../telegram/html/index.ts';
import { cleanLine } from '../telegram/text/clean.ts';
import { cutText } from '../telegram/text/cut.ts';
import type { TextFormat } from '../telegram/text/markup.ts';
import { defaultButton } from './default-buttons.ts';
import { fittedMessage, largest, shortMessage } from './fit.ts';
import { type Layout, layoutOf, type Measure, measure, partsOfKey } from './layout.ts';
import type { Listed } from './listed.ts';
import { keysOf } from './mustache.ts';
import {
  PLACEHOLDERS,
  type Placeholder,
  type PlaceholderKey,
  type PlaceholderValues,
} from './placeholders.ts';
import { shownValue } from './values.ts';
import { type Values, ValueWriter } from './written-values.ts';

/** A telephone does not show more of a button's text; UTF-16 units. */
export const MAX_BUTTON_LENGTH = 64;

export interface MessageToRender {
  template: Pick<
    Template,
    | 'event'
    | 'text'
    | 'button'
    | 'buttonStyle'
    | 'secondButton'
    | 'secondButtonUrl'
    | 'trackingButton'
    | 'rich'
    | 'couponButton'
  >;
  values: PlaceholderValues;
  /** The files, or the articles, that the message is about: they give the values of the placeholders about them. */
  listed?: Listed | undefined;
  /** How the text of a message is written, if the sender says it: see `shownValue`. */
  format?: TextFormat | undefined;
  /**
   * BCP 47: what is known of the reader's language, the one that counts most first. The message is in the first one that
   * the template has a text in; without one, in the site's default language.
   */
  languages?: readonly (string | undefined)[];
  defaultLanguage: string;
  /** IANA name, such as `Europe/Rome`, of the time zone in which dates are shown. */
  timeZone: string;
  /** That of a button for which the template has no text in the language of the message. */
  tone?: Tone;
  /** The text of the buttons of all templates of the kind: where the template itself has none. */
  sharedButton?: LocalizedText | undefined;
  /** The event's link: the address of the buttons that have none of their own. Without an address there is no button. */
  url?: string | undefined;
}

export interface RenderedMessage {
  /** Telegram's HTML, within its limits; empty if the template shows nothing without its values. */
  text: string;
  /** The tag of the template's text that was used. */
  language: string;
  button?: LinkButton;
  /** Those below it. */
  moreButtons?: MoreButtons;
  /** The same with the articles as a table, where the template wants one and there are any. */
  rich?: RichContent;
  /** Whether values were cut to stay within Telegram's limits. */
  shortened: boolean;
}

/** The buttons below the first one. */
export type MoreButtons = (LinkButton | CopyButton)[];

type Formatting = { language: string; timeZone: string; format: TextFormat | undefined };

/** Values that are formatted, and those that are written for the reader already. */
type GivenValues = { values: PlaceholderValues; written: Partial<Record<PlaceholderKey, string>> };

/** Renders a message: see `MessageRenderer`. */
export function renderMessage(message: MessageToRender): RenderedMessage {
  return new MessageRenderer().render(message);
}

/** What is known of a text, so that the next message of the same template need not find it out again. */
interface KnownText {
  placeholders: Placeholder[];
  /** By the keys that have a value. */
  layouts: Map<string, KnownLayout>;
  /** How many entries of the list could be named in the last message that had no room for all of them. */
  named?: number;
}

/** It is measured only if a message may be too long. */
type KnownLayout = { layout: Layout; measure?: Measure };

/**
 * Renders templates for readers: in their language, with escaped values, within Telegram's limits of 4096 UTF-16 units and
 * 32,768 bytes (Bot API, "sendMessage"; see `MAX_TEXT_LENGTH`). In a text that is too long the longest values are cut and
 * end in '…'; tags and addresses never are. The templates must have passed `validateText`.
 *
 * One renderer is for the messages of one event: what they have in common is worked out once for hundreds of recipients,
 * and forgotten with it.
 */
export class MessageRenderer {
  readonly #texts = new Map<string, KnownText>();
  /** By placeholder and format, and by the value. */
  readonly #shown = new Map<string, Map<string, string>>();
  readonly #forButtons = new Map<string, string>();
  readonly #writer = new ValueWriter();

  /**
   * @throws Error if the template isn't closed Mustache; TelegramHtmlError if it is too long and isn't Telegram's HTML.
   */
  render(message: MessageToRender): RenderedMessage {
    const { template, values, listed, languages = [], defaultLanguage, timeZone, format } = message;
    const chosen = chooseText(template.text, languages, defaultLanguage);
    if (!chosen) return { text: '', language: defaultLanguage, shortened: false };

    const formatting = { language: chosen.formatLanguage, timeZone, format };
    const body = listed
      ? this.#bodyWithList(chosen.text, values, listed, formatting)
      : this.#body(chosen.text, { values, written: {} }, formatting);
    const button = this.#button(message, chosen.language, formatting);
    const moreButtons = this.#moreButtons(message, chosen.language, formatting);
    const table = template.rich && listed?.tableIn?.(formatting.language, values.totaleOrdine);
    // The table takes the place of a list in the text.
    const withoutList = { values: { ...values, elencoArticoli: undefined }, written: {} };
    const { text } = table ? this.#body(chosen.text, withoutList, formatting) : { text: '' };
    return {
      ...body,
      language: chosen.language,
      ...(button && { button }),
      ...(moreButtons.length > 0 && { moreButtons }),
      ...(table && text !== '' && { rich: { text, table } }),
    };
  }

  /** With as many entries of the list as there is room for, and the number of the others. */
  #bodyWithList(
    text: string,
    values: PlaceholderValues,
    listed: Listed,
    formatting: Formatting,
  ): Pick<RenderedMessage, 'text' | 'shortened'> {
    const { language } = formatting;
    const naming = (count?: number) =>
      this.#body(text, { values, written: listed.valuesIn(language, count) }, formatting);
    const whole = naming();
    if (!whole.shortened || listed.count === 1) return whole;
    const known = this.#knownText(text);
    const last = known.named === undefined ? undefined : naming(known.named);
    if (last && !last.shortened) return { ...last, shortened: true };
    // If not even one has room, its name is cut, as other values are.
    known.named = largest(listed.count - 1, (count) => !naming(count).shortened) || 1;
    return { ...naming(known.named), shortened: true };
  }

  #body(
    text: string,
    given: GivenValues,
    formatting: Formatting,
  ): Pick<RenderedMessage, 'text' | 'shortened'> {
    const known = this.#knownText(text);
    const shown = this.#values(known, given, formatting);
    const found = findLayout(known, text, shown);
    const view = this.#writer.viewFor(found.layout, shown);
    const short = shortMessage(found.layout, view);
    if (short !== undefined) return { text: short, shortened: false };
    found.measure ??= measure(found.layout);
    return fittedMessage(found.layout, view, found.measure);
  }

  #button(message: MessageToRender, language: string, formatting: Formatting): LinkButton | undefined {
    const { template, sharedButton, url, tone = DEFAULT_TONE } = message;
    const text = url && buttonIn(language, template, { sharedButton, url, tone });
    const shown = text && this.#onButton(text, message, formatting);
    if (!url || !shown) return undefined;
    const { buttonStyle: style } = template;
    return { text: shown, url, ...(style && { style }) };
  }

  #moreButtons(message: MessageToRender, language: string, formatting: Formatting): MoreButtons {
    const { secondButton, secondButtonUrl: url = message.url } = message.template;
    const { trackingButton, couponButton } = message.template;
    const buttons: MoreButtons = [];
    const second = url && ownTextIn(secondButton, language, hostOf(url));
    const onSecond = second && this.#onButton(second, message, formatting);
    if (url && onSecond) buttons.push({ text: onSecond, url });
    const copied = [
      this.#copyButton('codiceTracking', trackingButton, message, language, formatting),
      this.#copyButton('codiceCoupon', couponButton, message, language, formatting),
    ];
    return [...buttons, ...copied.filter((button) => button !== undefined)];
  }

  /** The button that copies a code, if there is one. */
  #copyButton(
    key: 'codiceTracking' | 'codiceCoupon',
    texts: LocalizedText | undefined,
    message: MessageToRender,
    language: string,
    formatting: Formatting,
  ): CopyButton | undefined {
    const copyText = cleanLine(message.values[key] ?? '');
    // A code that was cut would be another one.
    if (copyText === '' || copyText.length > MAX_COPY_LENGTH) return undefined;
    const text = ownTextIn(texts, language, `{{${key}}}`);
    const shown = text && this.#onButton(text, message, formatting);
    return shown ? { text: shown, copyText } : undefined;
  }

  /** What a button says; empty where it shows nothing without its values. */
  #onButton(text: string, { values, listed }: MessageToRender, formatting: Formatting): string {
    const known = this.#knownText(text);
    const written = listed?.valuesIn(formatting.language) ?? {};
    const shown = this.#values(known, { values, written }, formatting);
    const { layout } = findLayout(known, text, shown);
    for (const [key, value] of Object.entries(shown)) shown[key as keyof Values] = this.#forButton(value);
    return writeButton(layout, shown);
  }

  #knownText(text: string): KnownText {
    const known = this.#texts.get(text) ?? { placeholders: placeholdersIn(text), layouts: new Map() };
    this.#texts.set(text, known);
    return known;
  }

  /** The values that the text uses, formatted for the reader. Blank values are left out. */
  #values({ placeholders }: KnownText, { values, written }: GivenValues, formatting: Formatting): Values {
    // Without a prototype, so that `{{constructor}}` finds nothing.
    const shown: Values = Object.create(null);
    for (const placeholder of placeholders) {
      const { key } = placeholder;
      const value =
        (written as Values)[key] ??
        this.#show(key, writeValue(placeholder, values, formatting), formatting.format);
      if (value !== '') shown[key] = value;
    }
    return shown;
  }

  // Both take their time with the text of a long message, which is the same for every recipient.
  #show(key: PlaceholderKey, value: string, format: TextFormat | undefined): string {
    const known = this.#shown.get(`${key} ${format}`) ?? new Map<string, string>();
    this.#shown.set(`${key} ${format}`, known);
    const shown = known.get(value) ?? shownValue(key, value, format);
    known.set(value, shown);
    return shown;
  }

  /** Of a value on one line, surely more than a button can show, also after it was cleaned. */
  #forButton(value: string): string {
    const short = this.#forButtons.get(value) ?? oneLine(value).slice(0, 4 * MAX_BUTTON_LENGTH);
    this.#forButtons.set(value, short);
    return short;
  }
}

/**
 * The text of a template's button in the language of the message: its own, or the one that all templates of the kind share.
 * Where the merchant has written neither in that language, it is ours; where we have none either, the host that the link leads to, which is the same in every language.
 */
function buttonIn(
  language: string,
  { event, button = {} }: MessageToRender['template'],
  { sharedButton = {}, url, tone }: { sharedButton?: LocalizedText | undefined; url: string; tone: Tone },
): string | undefined {
  const written = [...Object.values(button), ...Object.values(sharedButton)];
  if (!written.some((text) => text.trim())) return undefined;
  return (
    textIn(button, language) ??
    textIn(sharedButton, language) ??
    textIn({ ...defaultButton(event, tone) }, language) ??
    hostOf(url)
  );
}

/** The text of another button in the language of the message; where the merchant has written none in it, `neutral`. */
function ownTextIn(texts: LocalizedText = {}, language: string, neutral: string | undefined) {
  if (!Object.values(texts).some((text) => text.trim())) return undefined;
  return textIn(texts, language) ?? neutral;
}

function hostOf(url: string): string | undefined {
  return URL.parse(url)?.host;
}

function placeholdersIn(text: string): Placeholder[] {
  const keys = keysOf(text);
  return PLACEHOLDERS.filter(({ key }) => keys.has(key));
}

function findLayout({ layouts }: KnownText, text: string, values: Values): KnownLayout {
  const keys = Object.keys(values).join(' ');
  const found = layouts.get(keys) ?? { layout: layoutOf(text, (key) => key in values) };
  layouts.set(keys, found);
  return found;
}

/**
 * The text of a button: at most 64 UTF-16 units. Telegram makes no links in it, so it needs no joiners. Its parts are put
 * together until there is more than that, whatever control characters the template has: it may have 64 characters too.
 */
function writeButton({ texts, keys }: Layout, values: Values): string {
  let written = '';
  for (const [index, text] of texts.entries()) {
    const key = keys[index];
    const own = text.replaceAll(JOINER, '');
    written = oneLine(written + own + ((key && values[partsOfKey(key).key]) ?? '')).trimStart();
    if (written.length > 2 * MAX_BUTTON_LENGTH) break;
  }
  return cutText(cleanLine(written), MAX_BUTTON_LENGTH);
}

function oneLine(text: string): string {
  return text.replace(/\s+/g, ' ');
}

function writeValue({ key, format }: Placeholder, values: PlaceholderValues, formatting: Formatting): string {
  switch (format) {
    case 'text':
      return values[key] ?? '';
    case 'count':
      return values[key] === undefined ? '' : formatCount(values[key], formatting.language);
    case 'money':
      return values[key] === undefined ? '' : formatMoney(values[key], formatting.language);
    case 'date':
      return values[key] === undefined
        ? ''
        : formatDate(values[key], formatting.language, formatting.timeZone);
  }
}

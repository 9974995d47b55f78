import type { Template } from '../domain/templates.ts';
import { formatCount, formatDate, formatMoney } from '../i18n/format.ts';
import { chooseText } from '../i18n/languages.ts';
import {
  escapeHtml,
  htmlLength,
  MAX_RAW_BYTES,
  MAX_TEXT_LENGTH,
  shortenHtml,
} from '../telegram/html/index.ts';
import { renderMustache } from './mustache.ts';
import {
  PLACEHOLDERS,
  type Placeholder,
  type PlaceholderKey,
  type PlaceholderValues,
} from './placeholders.ts';
import { cleanValue, cutText } from './values.ts';

/** A telephone does not show more of a button's text; UTF-16 units. */
export const MAX_BUTTON_LENGTH = 64;

export interface MessageToRender {
  template: Pick<Template, 'text' | 'button'>;
  values: PlaceholderValues;
  /** BCP 47: the reader's language; without it the message is in the site's default language. */
  language?: string | undefined;
  defaultLanguage: string;
  /** IANA name, such as `Europe/Rome`, of the time zone in which dates are shown. */
  timeZone: string;
  /** The address of the button; without it there is no button. */
  url?: string | undefined;
}

export interface RenderedMessage {
  /** Telegram's HTML, within its limits; empty if the template shows nothing without its values. */
  text: string;
  /** The tag of the template's text that was used. */
  language: string;
  button?: { text: string; url: string };
  /** Whether values were cut to stay within Telegram's limits. */
  shortened: boolean;
}

type View = Partial<Record<PlaceholderKey, string>>;
type Formatting = { language: string; timeZone: string };

/**
 * Renders a template for a reader: in their language, with escaped values, within Telegram's limits of 4096 UTF-16 units
 * and 32,768 bytes (Bot API, "sendMessage"; see `MAX_TEXT_LENGTH`). In a text that is too long the longest values are cut
 * and end in '…'; tags and addresses never are. The template must have passed `validateText`.
 *
 * @throws Error if the template isn't closed Mustache; TelegramHtmlError if it is too long and isn't Telegram's HTML.
 */
export function renderMessage(message: MessageToRender): RenderedMessage {
  const { template, values, language: wanted, defaultLanguage, timeZone } = message;
  const chosen = chooseText(template.text, wanted, defaultLanguage);
  if (!chosen) return { text: '', language: defaultLanguage, shortened: false };

  const formatting = { language: chosen.formatLanguage, timeZone };
  const view = writeValues(chosen.text, values, formatting);
  const body = withinLimits(chosen.text, view);
  const button = renderButton(message, chosen.language, formatting);
  return { ...body, language: chosen.language, ...(button && { button }) };
}

function renderButton(
  { template, values, defaultLanguage, url }: MessageToRender,
  language: string,
  formatting: Formatting,
): RenderedMessage['button'] {
  if (!url || !template.button) return undefined;
  const chosen = chooseText(template.button, language, defaultLanguage);
  if (!chosen) return undefined;
  const written = renderMustache(chosen.text, writeValues(chosen.text, values, formatting), (value) => value);
  const text = cutText(cleanValue(written).replace(/\s+/g, ' '), MAX_BUTTON_LENGTH);
  return text === '' ? undefined : { text, url };
}

/** The values that the text uses, formatted for the reader. Blank values are left out. */
function writeValues(text: string, values: PlaceholderValues, formatting: Formatting): View {
  // Without a prototype, so that `{{constructor}}` finds nothing.
  const view: View = Object.create(null);
  for (const placeholder of PLACEHOLDERS) {
    if (!text.includes(placeholder.key)) continue;
    const written = cleanValue(writeValue(placeholder, values, formatting));
    if (written !== '') view[placeholder.key] = written;
  }
  return view;
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

function withinLimits(text: string, view: View): { text: string; shortened: boolean } {
  const whole = renderBody(text, view);
  if (fits(whole)) return { text: whole, shortened: false };

  const cuttable = cuttableKeys(text, view);
  const withCap = (cap: number) => renderBody(text, capped(view, cuttable, cap));
  const cap = largest(MAX_TEXT_LENGTH, (candidate) => fits(withCap(candidate)));
  return { text: cap === 0 ? shortenHtml(withCap(1)) : withCap(cap), shortened: true };
}

function renderBody(text: string, view: View): string {
  const written = renderMustache(
    text.toWellFormed().replaceAll('\r\n', '\n'),
    view as Record<string, string>,
    escapeHtml,
  );
  // The blank lines around a section that is not shown would stay.
  return written.replace(/\n(?:[ \t]*\n){2,}/g, '\n\n').trim();
}

function fits(html: string): boolean {
  // Parsing never makes a text longer, and a UTF-16 unit has three bytes at most: for most messages the length is enough.
  if (html.length <= MAX_TEXT_LENGTH) return true;
  return Buffer.byteLength(html) <= MAX_RAW_BYTES && htmlLength(html) <= MAX_TEXT_LENGTH;
}

/** Texts that are in no tag. Others are not cut: a shortened number is another number, a shortened address another page. */
function cuttableKeys(text: string, view: View): PlaceholderKey[] {
  const tags = (text.match(/<(?:"[^"]*"|'[^']*'|[^>"'])*>/g) ?? []).join('');
  const isCuttable = ({ key, format }: Placeholder) =>
    format === 'text' && key !== 'urlSito' && view[key] !== undefined && !tags.includes(key);
  return PLACEHOLDERS.filter(isCuttable).map(({ key }) => key);
}

function capped(view: View, keys: PlaceholderKey[], cap: number): View {
  const result: View = Object.assign(Object.create(null), view);
  for (const key of keys) result[key] = cutText(view[key] ?? '', cap);
  return result;
}

/** The largest whole number from 1 to `high` that passes, where all below it pass too; 0 if none does. */
function largest(high: number, passes: (candidate: number) => boolean): number {
  let low = 0;
  let top = high;
  while (low < top) {
    const middle = Math.ceil((low + top) / 2);
    if (passes(middle)) low = middle;
    else top = middle - 1;
  }
  return low;
}

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
import { cleanValue, cutText } from './text.ts';

/** Longer button texts don't show on a telephone; UTF-16 units. */
export const MAX_BUTTON_LENGTH = 64;

export interface MessageToRender {
  template: Pick<Template, 'text' | 'button'>;
  values: PlaceholderValues;
  /** The reader's BCP 47 language tag; without it the message is in the site's default language. */
  language?: string | undefined;
  defaultLanguage: string;
  /** IANA name, such as `Europe/Rome`: where the event's dates are shown. */
  timeZone: string;
  /** Where the button leads; without it there is no button. */
  url?: string | undefined;
}

export interface RenderedMessage {
  /** Telegram's HTML, within its limits; empty if nothing in the template had a value. */
  text: string;
  /** The tag under which the template has the text that was used. */
  language: string;
  button?: { text: string; url: string };
  /** Whether values were cut to keep to Telegram's limits. */
  shortened: boolean;
}

type View = Partial<Record<PlaceholderKey, string>>;
type Manners = { language: string; timeZone: string };

/**
 * Writes a template for a reader: their language, its values escaped, within Telegram's limits of 4096 UTF-16
 * units and 32,768 bytes (Bot API, "sendMessage"; see `MAX_TEXT_LENGTH`). A text that is too long has its
 * longest values cut, each ending in '…', never a tag or an address.
 * The template must have passed `validateText`.
 *
 * @throws Error if the template isn't closed Mustache; TelegramHtmlError if it is too long and isn't Telegram's HTML.
 */
export function renderMessage(message: MessageToRender): RenderedMessage {
  const { template, values, language: wanted, defaultLanguage, timeZone } = message;
  const chosen = chooseText(template.text, wanted, defaultLanguage);
  if (!chosen) return { text: '', language: defaultLanguage, shortened: false };

  const manners = { language: chosen.formatLanguage, timeZone };
  const view = writeValues(chosen.text, values, manners);
  const body = withinLimits(chosen.text, view);
  const button = renderButton(message, chosen.language, manners);
  return { ...body, language: chosen.language, ...(button && { button }) };
}

function renderButton(
  { template, values, defaultLanguage, url }: MessageToRender,
  language: string,
  manners: Manners,
): RenderedMessage['button'] {
  if (!url || !template.button) return undefined;
  const chosen = chooseText(template.button, language, defaultLanguage);
  if (!chosen) return undefined;
  const written = renderMustache(chosen.text, writeValues(chosen.text, values, manners), (value) => value);
  const text = cutText(cleanValue(written).replace(/\s+/g, ' '), MAX_BUTTON_LENGTH);
  return text === '' ? undefined : { text, url };
}

/** The values that the text names, as the reader's language writes them. What comes out blank is left out. */
function writeValues(text: string, values: PlaceholderValues, manners: Manners): View {
  // Without a prototype, `{{constructor}}` and its like find nothing.
  const view: View = Object.create(null);
  for (const placeholder of PLACEHOLDERS) {
    if (!text.includes(placeholder.key)) continue;
    const written = cleanValue(writeValue(placeholder, values, manners));
    if (written !== '') view[placeholder.key] = written;
  }
  return view;
}

function writeValue({ key, format }: Placeholder, values: PlaceholderValues, manners: Manners): string {
  switch (format) {
    case 'text':
      return values[key] ?? '';
    case 'count':
      return values[key] === undefined ? '' : formatCount(values[key], manners.language);
    case 'money':
      return values[key] === undefined ? '' : formatMoney(values[key], manners.language);
    case 'date':
      return values[key] === undefined ? '' : formatDate(values[key], manners.language, manners.timeZone);
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
  // A hidden section leaves its blank lines behind.
  return written.replace(/\n(?:[ \t]*\n){2,}/g, '\n\n').trim();
}

function fits(html: string): boolean {
  // Parsing never makes a text longer, and no UTF-16 unit takes more than three bytes: the usual message is
  // known to fit by its length alone.
  if (html.length <= MAX_TEXT_LENGTH) return true;
  return Buffer.byteLength(html) <= MAX_RAW_BYTES && htmlLength(html) <= MAX_TEXT_LENGTH;
}

/** Texts that stand nowhere in a tag: a number cut short would be another number, an address another page. */
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

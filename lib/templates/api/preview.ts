import { onCurrentHost } from '../../deliveries/moved-shop.ts';
import type { LinkButton } from '../../domain/buttons.ts';
import { withCurrentAddresses } from '../../domain/shop-address.ts';
import { type Site, toneOf } from '../../store/sites.ts';
import { MAX_TEXT_LENGTH, type MessageEntity, normalizeText, parseHtml } from '../../telegram/html/index.ts';
import type { PlaceholderValues } from '../placeholders.ts';
import { MessageRenderer, type MoreButtons } from '../render.ts';
import { sharedButtonOf } from '../shared-buttons.ts';
import { languageOf, sampleUrl, sampleValuesFor } from './sample-values.ts';
import type { GivenValues, TemplateDraft } from './schemas.ts';

/** A message as its reader would see it. */
interface Preview {
  /** The language of the text that was used: the reader's, or the one that replaces it. */
  textLanguage: string;
  /** Telegram's HTML, as it is sent. */
  html: string;
  /** The text as Telegram shows it, without formatting. */
  text: string;
  /** The formatting, as in the Bot API: offset and length in UTF-16 units. */
  entities: MessageEntity[];
  /** UTF-16 units after parsing, which is what Telegram limits. */
  length: number;
  maxLength: number;
  /** Whether values were cut to stay within the limit. */
  shortened: boolean;
  button?: LinkButton;
  /** Those below it. */
  moreButtons?: MoreButtons;
}

export interface Previews {
  event: TemplateDraft['event'];
  /** The values that the messages were rendered with. */
  values: PlaceholderValues;
  /** By language: those of the site, and others that the draft has a text for. */
  previews: Record<string, Preview>;
}

/** Renders a draft whose texts have no errors in every language. */
export function previewsOf(
  draft: TemplateDraft & { values?: GivenValues | undefined; url?: string | undefined },
  site: Site,
): Previews {
  const { event, text } = draft;
  const values = sampleValuesFor(draft, site, draft.values);
  const languages = new Set([...site.languages, ...Object.keys(text)]);
  const renderer = new MessageRenderer();
  const previews: Record<string, Preview> = {};
  for (const language of languages) {
    previews[language] = previewIn(language, draft, site, renderer);
  }
  return { event, values, previews };
}

function previewIn(
  language: string,
  draft: Parameters<typeof previewsOf>[0],
  site: Site,
  renderer: MessageRenderer,
): Preview {
  const { defaultLanguage, timeZone } = site;
  const { text, event } = draft;
  const { button, moreButtons, ...rendered } = renderer.render({
    template: draft,
    values: sampleValuesFor(draft, site, draft.values, languageOf(text, [language], site)),
    languages: [language],
    defaultLanguage,
    timeZone,
    tone: toneOf(site),
    sharedButton: sharedButtonOf(site, event),
    url: event === 'welcome' ? undefined : (draft.url ?? sampleUrl(event, site)),
  });
  // As it is sent: a text may have addresses of the time before the shop moved.
  const html = withCurrentAddresses(rendered.text, site);
  const shown = normalizeText(parseHtml(html));
  return {
    textLanguage: rendered.language,
    html,
    text: shown.text,
    entities: shown.entities,
    length: shown.text.length,
    maxLength: MAX_TEXT_LENGTH,
    shortened: rendered.shortened,
    ...(button && { button: onCurrentHost(button, site) }),
    ...(moreButtons && { moreButtons: moreButtons.map((each) => onCurrentHost(each, site)) }),
  };
}

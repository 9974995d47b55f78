/**
 * Detects formatting in a message that its template does not have. It does not use the renderer: values add no
 * formatting, so each kind occurs at most as often as in the template's tags.
 */
import { type MessageEntity, parseHtml } from '../lib/telegram/html/index.ts';

const TAGS: Record<MessageEntity['type'], RegExp> = {
  bold: /<(?:b|strong)\b/gi,
  italic: /<(?:i|em)\b/gi,
  underline: /<(?:u|ins)\b/gi,
  strikethrough: /<(?:s|strike|del)\b/gi,
  spoiler: /<(?:tg-spoiler|span)\b/gi,
  blockquote: /<blockquote\b/gi,
  expandable_blockquote: /<blockquote\b/gi,
  code: /<code\b/gi,
  pre: /<pre\b/gi,
  text_link: /<a\b/gi,
  text_mention: /<a\b/gi,
  custom_emoji: /<tg-emoji\b/gi,
  date_time: /<tg-time\b/gi,
};

/** The formatting that is not in the template, in words; `undefined` if there is none. */
export function strayMarkup(html: string, template: string): string | undefined {
  const { entities } = parseHtml(html);
  const byType = Map.groupBy(entities, ({ type }) => type);
  for (const [type, found] of byType) {
    const allowed = template.match(TAGS[type])?.length ?? 0;
    if (found.length > allowed) return `${found.length} × ${type}, and the template has ${allowed}`;
  }
  const addresses = [...template.matchAll(/href\s*=\s*["']?([^"'>\s]*)/gi)].map(([, address = '']) =>
    decoded(address),
  );
  const stray = entities.find((entity) => entity.type === 'text_link' && !isWritten(entity.url, addresses));
  return stray && `a link that the template does not have: ${JSON.stringify(stray)}`;
}

/** Telegram normalizes an address: `https://x.example` becomes `https://x.example/`. */
function isWritten(url: string, addresses: string[]): boolean {
  return addresses.some((address) => {
    // A placeholder in an address may only be the site's own address, alone or at its beginning.
    const [literal = ''] = address.split('{{', 1);
    return literal === '' || url.toLowerCase().includes(literal.toLowerCase().replace(/\/$/, ''));
  });
}

function decoded(address: string): string {
  return parseHtml(`${address}`).text;
}

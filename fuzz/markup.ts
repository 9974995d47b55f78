/**
 * Whether a message has formatting that its template has not. Told without the renderer: a value can add nothing, so of
 * each kind there is at most as much as the template has tags for.
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

/** What the message has beyond its template, in words; nothing, if all is well. */
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
    // Only the site's own address may stand for one, or begin it.
    const [literal = ''] = address.split('{{', 1);
    return literal === '' || url.toLowerCase().includes(literal.toLowerCase().replace(/\/$/, ''));
  });
}

function decoded(address: string): string {
  return parseHtml(`${address}`).text;
}

import Mustache, { type TemplateSpans } from 'mustache';

/** Mustache keeps every template it has parsed; starting anew now and then keeps previews from filling memory. */
const MAX_CACHED_TEMPLATES = 500;

const writer = new Mustache.Writer();
const cached = new Set<string>();

/**
 * Mustache's reading of a template.
 * @throws Error in Mustache's words if a tag or a section isn't closed, or was never opened.
 */
export function parseMustache(template: string): TemplateSpans {
  if (cached.size >= MAX_CACHED_TEMPLATES) {
    cached.clear();
    writer.clearCache();
  }
  cached.add(template);
  return writer.parse(template);
}

/**
 * Fills a template in. Values are strings, so a section shows once or not at all, and what stands in a value
 * is never read as Mustache.
 * @throws Error as `parseMustache`.
 */
export function renderMustache(
  template: string,
  view: Record<string, string>,
  escapeValue: (value: string) => string,
): string {
  parseMustache(template);
  return writer.render(template, view, undefined, { escape: escapeValue });
}

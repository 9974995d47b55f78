import Mustache, { type TemplateSpans } from 'mustache';

/** Mustache keeps every template that it has parsed. The limit keeps previews from filling the memory. */
const MAX_CACHED_TEMPLATES = 500;

const writer = new Mustache.Writer();
const cached = new Set<string>();

/** Parses a template. @throws Error with Mustache's message if a tag or section is not closed, or was never opened. */
export function parseMustache(template: string): TemplateSpans {
  if (cached.size >= MAX_CACHED_TEMPLATES) {
    cached.clear();
    writer.clearCache();
  }
  cached.add(template);
  return writer.parse(template);
}

/**
 * Renders a template. Values are strings, so a section is shown once or not at all, and Mustache in a value stays text.
 *
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

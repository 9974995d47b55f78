import { LRUCache } from 'lru-cache';
import Mustache, { type TemplateSpans } from 'mustache';

/** In characters. A template of nothing but tags takes about 33 bytes for each when it is parsed: 16 MB at most. */
const MAX_CACHED = 500_000;

// Mustache's own cache keeps every template that it has parsed; the types don't know that it can be replaced.
const writer = Object.assign(new Mustache.Writer(), {
  templateCache: new LRUCache<string, TemplateSpans>({
    maxSize: MAX_CACHED,
    sizeCalculation: (_, { length }) => length,
  }),
});

/** Parses a template. @throws Error with Mustache's message if a tag or section is not closed, or was never opened. */
export function parseMustache(template: string): TemplateSpans {
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
  return writer.render(template, view, undefined, { escape: escapeValue });
}

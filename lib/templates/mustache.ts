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

/** A part of a template: text that is shown as it is, or the key of a placeholder. */
export type Part = { text: string } | { key: string };

/**
 * The parts of a template that are shown, in their order. Values are strings, so a section is shown once or not at all.
 *
 * @throws Error as `parseMustache`.
 */
export function shownParts(template: string, hasValue: (key: string) => boolean): Part[] {
  return partsOf(parseMustache(template), hasValue);
}

/** Mustache's tokens are arrays: type, value, start, end; for a section also its tokens. */
function partsOf(tokens: readonly (readonly unknown[])[], hasValue: (key: string) => boolean): Part[] {
  return tokens.flatMap<Part>(([type, value, , , children]) => {
    const written = String(value);
    if (type === 'text') return [{ text: written }];
    if (type === 'name') return [{ key: written }];
    return type === '#' && hasValue(written) ? partsOf(children as unknown[][], hasValue) : [];
  });
}

/** The keys of a template's placeholders and sections. @throws Error as `parseMustache`. */
export function keysOf(template: string): Set<string> {
  return new Set(allKeys(parseMustache(template)));
}

function allKeys(tokens: readonly (readonly unknown[])[]): string[] {
  return tokens.flatMap(([type, value, , , children]) => {
    if (type === 'text') return [];
    return [String(value), ...(Array.isArray(children) ? allKeys(children) : [])];
  });
}

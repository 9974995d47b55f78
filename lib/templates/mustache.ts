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

/** A part of a template: text that is shown as it is, the key of a placeholder, or the place of a section that is hidden. */
export type Part = { text: string } | { key: string } | { hidden: string };

/**
 * The parts of a template that are shown, in their order. Values are strings, so a section is shown once or not at all.
 *
 * @throws Error as `parseMustache`.
 */
export function shownParts(template: string, hasValue: (key: string) => boolean): Part[] {
  return partsOf(parseMustache(template), hasValue, template);
}

/** Mustache's tokens are arrays: type, value, start, end; for a section also its tokens, and where it closes. */
function partsOf(
  tokens: readonly (readonly unknown[])[],
  hasValue: (key: string) => boolean,
  template: string,
): Part[] {
  return tokens.flatMap<Part>(([type, value, , , children, closeStart]) => {
    const written = String(value);
    if (type === 'text') return [{ text: written }];
    if (type === 'name') return [{ key: written }];
    if (type !== '#') return [];
    if (hasValue(written)) return partsOf(children as unknown[][], hasValue, template);
    return isAlone(template, Number(closeStart)) ? [] : [{ hidden: written }];
  });
}

const SECTION_TAGS = String.raw`(?:[^\S\n]*\{\{\s*[#/][^{}]*\}\})*[^\S\n]*`;
const REST_OF_LINE = new RegExp(`${SECTION_TAGS}(?:\\n|$)`, 'y');
const START_OF_LINE = new RegExp(`^${SECTION_TAGS}$`);

/** Whether there is nothing but sections' tags on the line: then Mustache has taken its end away. */
function isAlone(template: string, closeStart: number): boolean {
  REST_OF_LINE.lastIndex = closeStart;
  if (!REST_OF_LINE.test(template)) return false;
  return START_OF_LINE.test(template.slice(template.lastIndexOf('\n', closeStart) + 1, closeStart));
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

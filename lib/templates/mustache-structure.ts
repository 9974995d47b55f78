import type { PlaceCode } from '../domain/problem-codes.ts';
import type { Sentence } from '../domain/sentence.ts';
import type { TemplateKind } from '../domain/templates.ts';
import { foreignPlaceholders, meantBy } from './foreign-placeholders.ts';
import { parseMustache } from './mustache.ts';
import { PLACEHOLDERS, placeholdersOf } from './placeholders.ts';

/** What is wrong with a template, in a sentence for the merchant who wrote it. */
export interface TemplateProblem {
  detail: Sentence;
  code?: PlaceCode;
  /** Where it begins in the template: UTF-8 bytes, as in Telegram's own messages. */
  byteOffset?: number;
  /** The placeholder that it is about. */
  key?: string;
}

/** So many times a text may have the same `{{key}}`, and the same `{{#key}}`. */
export const MAX_REPEATS = 20;

/** The first mistakes are named; an author who has made more mends these first. */
const MAX_PROBLEMS = 20;

/** A `{{key}}`, or a `{{#key}}…{{/key}}` with what is in it. Offsets are UTF-16 units of the template. */
export interface TemplateTag {
  key: string;
  start: number;
  /** After the tag; of a section, after its closing tag. */
  end: number;
  section?: { start: number; end: number; tags: TemplateTag[] };
}

export type Structure = { tags: TemplateTag[]; problems: TemplateProblem[] };

type Token = { type: string; key: string; start: number; end: number; children: Token[]; closeStart: number };

/**
 * Reads the placeholders and sections of a template, and finds the Mustache that is not allowed here: anything but
 * `{{key}}` and `{{#key}}…{{/key}}` with the keys that have a value in templates of this kind.
 */
export function readStructure(text: string, kind: TemplateKind): Structure {
  let tokens: Token[];
  try {
    tokens = readTokens(parseMustache(text));
  } catch (error) {
    if (!(error instanceof Error)) throw error;
    return { tags: [], problems: [unclosedProblem(text, error.message)] };
  }
  const all = tokens.flatMap(withInner);
  const problems = [
    ...firstProblems(all, (token) => tokenProblem(text, kind, token)),
    ...foreignProblems(text, kind),
  ].slice(0, MAX_PROBLEMS);
  if (problems.length === 0) problems.push(...repeatProblems(text, all));
  return { tags: tokens.map((token) => toTag(text, token)), problems };
}

/** Mustache's tokens are arrays: type, value, start, end; for a section also its tokens and where it closes. */
function readTokens(spans: readonly (readonly unknown[])[]): Token[] {
  return spans
    .filter(([type]) => type !== 'text')
    .map(([type, key, start, end, children, closeStart]) => ({
      type: String(type),
      key: String(key),
      start: Number(start),
      end: Number(end),
      children: Array.isArray(children) ? readTokens(children) : [],
      closeStart: Number(closeStart),
    }));
}

function toTag(text: string, { type, key, start, end, children, closeStart }: Token): TemplateTag {
  if (type !== '#') return { key, start, end };
  const tags = children.map((child) => toTag(text, child));
  const afterClosing = text.indexOf('}}', closeStart) + 2;
  return { key, start, end: afterClosing, section: { start: end, end: closeStart, tags } };
}

/** A token and those in it, in the order of the text. */
function withInner(token: Token): Token[] {
  return [token, ...token.children.flatMap(withInner)];
}

function firstProblems(
  tokens: Token[],
  problemOf: (token: Token) => TemplateProblem | undefined,
): TemplateProblem[] {
  const problems: TemplateProblem[] = [];
  for (const token of tokens) {
    const problem = problemOf(token);
    if (problem) problems.push(problem);
    if (problems.length === MAX_PROBLEMS) break;
  }
  return problems;
}

function tokenProblem(text: string, kind: TemplateKind, token: Token): TemplateProblem | undefined {
  const detail = unsupported(text, token);
  if (detail) return problemAt(text, token, detail);
  const unknown = unknownKey(kind, token.key);
  return unknown && { ...problemAt(text, token, unknown), code: 'unknown-placeholder' };
}

function problemAt(text: string, { key, start }: Token, detail: Sentence): TemplateProblem {
  return { detail, byteOffset: byteOffsetAt(text, start), key };
}

function foreignProblems(text: string, kind: TemplateKind): TemplateProblem[] {
  return foreignPlaceholders(text, kind).map(({ written, start, key }) => {
    const instead = unknownKey(kind, key) ?? { en: `Write {{${key}}}.`, it: `Scrivere {{${key}}}.` };
    const detail = {
      en: `People would read ${written} as it is written. ${instead.en}`,
      it: `Le persone leggerebbero ${written} così com'è scritto. ${instead.it}`,
    };
    return { detail, code: 'unknown-placeholder', byteOffset: byteOffsetAt(text, start), key };
  });
}

/** Where a placeholder, or a section, stands once too often. */
function repeatProblems(text: string, tokens: Token[]): TemplateProblem[] {
  const counts = new Map<string, number>();
  return tokens.flatMap((token) => {
    const written = token.type === '#' ? `{{#${token.key}}}` : `{{${token.key}}}`;
    const count = (counts.get(written) ?? 0) + 1;
    counts.set(written, count);
    if (count !== MAX_REPEATS + 1) return [];
    const detail = {
      en: `${written} is in the text more than ${MAX_REPEATS} times: take out those from here on.`,
      it: `${written} è nel testo più di ${MAX_REPEATS} volte: togliere quelli da qui in poi.`,
    };
    return [problemAt(text, token, detail)];
  });
}

function unsupported(text: string, { type, key, start, end }: Token): Sentence | undefined {
  const written = text.slice(start, end);
  switch (type) {
    case 'name':
    case '#':
      return undefined;
    case '&':
      return {
        en: `${written} would put the value into the message unescaped, and could break it: write {{${key}}}.`,
        it: `${written} metterebbe il valore nel messaggio senza protezione, e potrebbe rovinarlo: scrivere {{${key}}}.`,
      };
    case '^':
      return {
        en: `${written} (shown if there is no value) can't be used: only {{#${key}}}…{{/${key}}}, shown if there is one.`,
        it: `${written} (mostrato se manca il valore) non si può usare: solo {{#${key}}}…{{/${key}}}, mostrato se c'è.`,
      };
    case '>':
      return {
        en: `${written} includes another template, which can't be done here: write its text instead.`,
        it: `${written} include un altro modello, cosa che qui non si può fare: scrivere il suo testo.`,
      };
    case '!':
      return {
        en: `${written} is a comment, which can't be used in a template: take it out.`,
        it: `${written} è un commento, che in un modello non si può usare: toglierlo.`,
      };
    default:
      return {
        en: `${written} changes how placeholders are written, which can't be done here: write them as {{key}}.`,
        it: `${written} cambia il modo di scrivere i segnaposto, cosa che qui non si può fare: scriverli come {{chiave}}.`,
      };
  }
}

function unknownKey(kind: TemplateKind, key: string): Sentence | undefined {
  const keys = placeholdersOf(kind).map((placeholder) => placeholder.key);
  if ((keys as string[]).includes(key)) return undefined;
  const all = keys.join(', ');
  const canUse = {
    en: `Placeholders that can be used here: ${all}.`,
    it: `Segnaposto che si possono usare qui: ${all}.`,
  };
  if (PLACEHOLDERS.some((placeholder) => placeholder.key === key)) {
    return {
      en: `{{${key}}} has no value here. ${canUse.en}`,
      it: `{{${key}}} qui non ha un valore. ${canUse.it}`,
    };
  }
  const similar = meantBy(key, kind);
  return {
    en: `There is no placeholder {{${key}}}.${similar ? ` Did you mean {{${similar}}}?` : ''} ${canUse.en}`,
    it: `Non esiste un segnaposto {{${key}}}.${similar ? ` Si intendeva {{${similar}}}?` : ''} ${canUse.it}`,
  };
}

/** Mustache's error about a tag or section that is not closed, as a sentence for the merchant. */
function unclosedProblem(text: string, message: string): TemplateProblem {
  const [, what, key = '', at] = /^(Unclosed|Unopened) section "(.*)" at (\d+)$/s.exec(message) ?? [];
  const byteOffset = byteOffsetAt(text, Number(at));
  if (what === 'Unopened') {
    const detail = {
      en: `{{/${key}}} closes a section that {{#${key}}} never opened.`,
      it: `{{/${key}}} chiude una sezione che nessun {{#${key}}} ha aperto.`,
    };
    return { detail, byteOffset, key };
  }
  if (what === 'Unclosed') {
    const isInner = Number(at) < text.length;
    const detail = {
      en: `The section {{#${key}}} is not closed: {{/${key}}} is missing ${isInner ? 'before the next section closes' : 'before the text ends'}.`,
      it: `La sezione {{#${key}}} non è chiusa: manca {{/${key}}} ${isInner ? 'prima che si chiuda la sezione successiva' : 'prima della fine del testo'}.`,
    };
    return { detail, byteOffset, key };
  }
  if (message.startsWith('Invalid tags')) {
    const detail = {
      en: 'A tag {{=…=}} changes how placeholders are written, which is not possible here.',
      it: 'Un tag {{=…=}} cambia il modo di scrivere i segnaposto, cosa che qui non è possibile.',
    };
    return { detail };
  }
  const start = unclosedTagStart(text);
  const detail = {
    en: 'A placeholder that begins with {{ is not closed: write }} after its name.',
    it: 'Un segnaposto che comincia con {{ non è chiuso: scrivere }} dopo il suo nome.',
  };
  return { detail, byteOffset: byteOffsetAt(text, start) };
}

function unclosedTagStart(text: string): number {
  const afterLastClosed = text.indexOf('{{', text.lastIndexOf('}}') + 1);
  if (afterLastClosed !== -1) return afterLastClosed;
  // `{{{key}}` lacks a third brace.
  return Math.max(text.lastIndexOf('{{{'), 0);
}

/** A UTF-16 offset in a text as Telegram counts it: in UTF-8 bytes. */
export function byteOffsetAt(text: string, offset: number): number {
  return Buffer.byteLength(text.slice(0, offset));
}

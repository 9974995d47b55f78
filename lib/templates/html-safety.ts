import type { TemplateKind } from '../domain/templates.ts';
import { parseHtml, TelegramHtmlError } from '../telegram/html/index.ts';
import { namedBy } from './foreign-placeholders.ts';
import { htmlWords } from './html-words.ts';
import { addressProblems, linkProblems } from './link-problems.ts';
import { byteOffsetAt, type TemplateProblem, type TemplateTag } from './mustache-structure.ts';
import { referenceProblems } from './references.ts';

/**
 * Finds what could make Telegram refuse a message, whatever the values are and whichever sections are shown.
 *
 * The template and each of its sections are checked as pieces, in which filler text of the same length replaces every
 * placeholder and every section. If each piece is valid HTML on its own, and filler is only where text is allowed, then
 * every message made of the pieces is valid: values are escaped, so they are text where the filler was text.
 */
export function htmlProblems(text: string, tags: TemplateTag[], kind: TemplateKind): TemplateProblem[] {
  const misplaced = [
    ...entityProblems(text, tags),
    ...piecesOf(text, tags).flatMap((piece) => placeProblems(text, piece)),
  ];
  if (misplaced.length > 0) return misplaced;
  return [
    ...referenceProblems(text),
    ...addressProblems(text),
    ...piecesOf(text, tags).flatMap((piece) => parseProblems(text, piece, kind)),
  ];
}

/** A part of a template with its placeholders replaced by filler, after as many bytes of filler as come before it. */
type Piece = { html: string; section?: string; fillers: { offset: number; tag: TemplateTag }[] };

function piecesOf(text: string, tags: TemplateTag[]): Piece[] {
  return [
    pieceOf(text, { start: 0, end: text.length, tags }),
    ...tags.flatMap((tag) => sectionPieces(text, tag)),
  ];
}

function sectionPieces(text: string, { key, section }: TemplateTag): Piece[] {
  if (!section) return [];
  const inner = section.tags.flatMap((tag) => sectionPieces(text, tag));
  return [{ ...pieceOf(text, section), section: key }, ...inner];
}

function pieceOf(text: string, part: { start: number; end: number; tags: TemplateTag[] }): Piece {
  const fillers: Piece['fillers'] = [];
  // As many bytes as the template has here, so that the offsets in Telegram's errors are right for the template.
  let html = fillerFor(text, 0, part.start);
  let position = part.start;
  for (const tag of part.tags) {
    html += text.slice(position, tag.start);
    fillers.push({ offset: html.length, tag });
    html += tag.key === 'urlSito' && !tag.section ? addressFor(tag) : fillerFor(text, tag.start, tag.end);
    position = tag.end;
  }
  return { html: html + text.slice(position, part.end), fillers };
}

function fillerFor(text: string, start: number, end: number): string {
  return 'x'.repeat(Buffer.byteLength(text.slice(start, end)));
}

/** An address as long as `{{urlSito}}` is written, so that a link may begin with it. */
function addressFor({ start, end }: TemplateTag): string {
  return 'https://x.y'.padEnd(end - start, 'y');
}

function parseProblems(text: string, { html, section }: Piece, kind: TemplateKind): TemplateProblem[] {
  try {
    parseHtml(html);
    return linkProblems(html, text);
  } catch (error) {
    if (!(error instanceof TelegramHtmlError)) throw error;
    const key = meantPlaceholder(error, kind);
    const isInSection = section !== undefined;
    const words = htmlWords(error);
    const detail = {
      en: `${words.en}${isInSection ? ` Every tag opened in the section {{#${section}}} must be closed in it.` : ''}${key ? ` Did you mean {{${key}}}?` : ''}`,
      it: `${words.it}${isInSection ? ` Ogni tag aperto nella sezione {{#${section}}} va chiuso dentro di essa.` : ''}${key ? ` Si intendeva {{${key}}}?` : ''}`,
    };
    return [
      {
        detail,
        code: 'refused-by-telegram',
        ...(error.byteOffset !== undefined && { byteOffset: error.byteOffset }),
      },
    ];
  }
}

/** `<Nome>` is no tag, but may be meant as a placeholder. */
function meantPlaceholder({ description }: TelegramHtmlError, kind: TemplateKind): string | undefined {
  const name = /Unsupported start tag "<?([^"]*)"/.exec(description)?.[1] ?? '';
  return namedBy(name, kind);
}

type Range = { start: number; end: number };

/** From `<` to `>`; a quoted attribute value may have a `>` in it. Telegram allows quotes nowhere else in a tag. */
const HTML_TAG = /<(?<name>\/?[^\s>]*)(?:"[^"]*"|'[^']*'|[^>"'])*>?/g;

const QUOTED_ATTRIBUTE = /(?<name>[^\s=>"']+)\s*=\s*(?:"[^"]*"|'[^']*')/g;

function placeProblems(text: string, { html, fillers }: Piece): TemplateProblem[] {
  const tags = [...html.matchAll(HTML_TAG)].map((match) => {
    const range = { start: match.index, end: match.index + match[0].length };
    return { ...range, addresses: addressesOf(match[0], match.groups?.name ?? '', match.index) };
  });
  return fillers.flatMap(({ offset, tag }) => {
    const around = tags.find((range) => isWithin(offset, range));
    if (!around) return [];
    const isInAddress = around.addresses.some((range) => isWithin(offset, range));
    if (isInAddress && !tag.section) return [];
    return [misplacedProblem(text, tag)];
  });
}

function isWithin(offset: number, { start, end }: Range): boolean {
  return start < offset && offset < end;
}

/** The range of the quoted `href` of an `a`: a value in it can't end the tag. */
function addressesOf(html: string, name: string, start: number): Range[] {
  if (name.toLowerCase() !== 'a') return [];
  return [...html.matchAll(QUOTED_ATTRIBUTE)]
    .filter((match) => match.groups?.name?.toLowerCase() === 'href')
    .map((match) => ({ start: start + match.index, end: start + match.index + match[0].length }));
}

function misplacedProblem(text: string, { key, start, section }: TemplateTag): TemplateProblem {
  const detail = section
    ? {
        en: `The section {{#${key}}} opens inside an HTML tag: a section may only hold text with its own tags. If the < before it is not a tag, write &lt;.`,
        it: `La sezione {{#${key}}} si apre dentro un tag HTML: una sezione può contenere solo testo con i propri tag. Se il < che la precede non è un tag, scrivere &lt;.`,
      }
    : {
        en: `{{${key}}} stands inside an HTML tag: a placeholder may only stand in text, or in quotes in the address of a link: <a href="{{urlSito}}">. If the < before it is not a tag, write &lt;.`,
        it: `{{${key}}} sta dentro un tag HTML: un segnaposto può stare solo nel testo, o tra virgolette nell'indirizzo di un link: <a href="{{urlSito}}">. Se il < che lo precede non è un tag, scrivere &lt;.`,
      };
  return { detail, byteOffset: byteOffsetAt(text, start), key };
}

/** The beginning of an HTML entity: with more text after it, Telegram's parser may read another character. */
const UNFINISHED_ENTITY = /&(?:#\d*|#[xX][\da-fA-F]*|lt?|gt?|am?p?|qu?o?t?)?$/;

function entityProblems(text: string, tags: TemplateTag[]): TemplateProblem[] {
  return tags.flatMap(({ key, start, section }) => [
    ...unfinishedBefore(text, start, key),
    ...(section ? entityProblems(text, section.tags) : []),
    ...(section ? unfinishedBefore(text, section.end, key) : []),
  ]);
}

function unfinishedBefore(text: string, offset: number, key: string): TemplateProblem[] {
  const start = text.lastIndexOf('&', offset - 1);
  if (start === -1 || offset === 0) return [];
  const unfinished = text.slice(start, offset);
  if (!UNFINISHED_ENTITY.test(unfinished)) return [];
  const next = text.slice(offset, text.indexOf('}}', offset) + 2);
  const detail = {
    en: `${unfinished} right before ${next} would join what follows it: write &amp; for the character &, or end it with a semicolon.`,
    it: `${unfinished} subito prima di ${next} si unirebbe a ciò che segue: scrivere &amp; per il carattere &, o terminarlo con un punto e virgola.`,
  };
  return [{ detail, byteOffset: byteOffsetAt(text, start), key }];
}

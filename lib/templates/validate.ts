import type { Sentence } from '../domain/sentence.ts';
import type { TemplateKind } from '../domain/templates.ts';
import { htmlLength, MAX_RAW_BYTES, MAX_TEXT_LENGTH, toPlainText } from '../telegram/html/index.ts';
import { isVisible } from '../telegram/text/clean.ts';
import { htmlProblems } from './html-safety.ts';
import { shownParts } from './mustache.ts';
import { byteOffsetAt, readStructure, type TemplateProblem } from './mustache-structure.ts';
import { MAX_BUTTON_LENGTH } from './render.ts';

/**
 * The problems of the text of a template of this kind; none, if it can be used. A text without problems is valid HTML for
 * Telegram, whatever its values are and whichever of its sections are shown.
 */
export function validateText(text: string, kind: TemplateKind): TemplateProblem[] {
  if (!isVisible(text)) return [{ detail: EMPTY }];
  const written = text.toWellFormed();
  const { tags, problems } = readStructure(written, kind);
  if (problems.length > 0) return problems;
  const refused = htmlProblems(written, tags, kind);
  return refused.length > 0 ? refused : lengthProblems(written);
}

/**
 * The problems of the text of a template's button; none, if it can be used. Telegram shows it as it is, without HTML.
 */
export function validateButton(text: string, kind: TemplateKind): TemplateProblem[] {
  if (!isVisible(text)) {
    return [{ detail: EMPTY_BUTTON }];
  }
  const written = text.toWellFormed();
  const { problems } = readStructure(written, kind);
  if (problems.length > 0) return problems;
  return [...buttonHtmlProblems(written), ...buttonLengthProblems(written)];
}

const EMPTY: Sentence = {
  en: 'The text is empty: write what the message says.',
  it: 'Il testo è vuoto: scrivere che cosa dice il messaggio.',
};
const EMPTY_BUTTON: Sentence = {
  en: 'The text of the button is empty: write one, or leave the button out.',
  it: 'Il testo del pulsante è vuoto: scriverne uno, o togliere il pulsante.',
};
const SHOWS_NOTHING: Sentence = {
  en: 'The text shows nothing: it has only tags, spaces and characters that can not be seen. Write what the message says.',
  it: 'Il testo non mostra nulla: ha solo tag, spazi e caratteri che non si vedono. Scrivere che cosa dice il messaggio.',
};

/** @param value in place of every placeholder; empty: no value, so that no section is shown. */
function writtenWith(value: string, text: string): string {
  const parts = shownParts(text, () => value !== '');
  return parts.map((part) => ('text' in part ? part.text : 'key' in part ? value : '')).join('');
}

function lengthProblems(text: string): TemplateProblem[] {
  // One character for every value, so that every section is shown: no message of the template is shorter.
  const shortest = writtenWith('…', text);
  const length = htmlLength(shortest);
  if (!isVisible(toPlainText(shortest))) {
    return [{ detail: SHOWS_NOTHING }];
  }
  if (length > MAX_TEXT_LENGTH) {
    const detail = {
      en: `The text is too long: ${length} characters even with values as short as can be, and Telegram takes ${MAX_TEXT_LENGTH}.`,
      it: `Il testo è troppo lungo: ${length} caratteri anche con i valori più corti possibili, e Telegram ne accetta ${MAX_TEXT_LENGTH}.`,
    };
    return [{ detail, code: 'wrong-length' }];
  }
  const bytes = Buffer.byteLength(shortest);
  if (bytes > MAX_RAW_BYTES) {
    const detail = {
      en: `The text is too long: ${bytes} bytes with its tags, and Telegram takes ${MAX_RAW_BYTES}.`,
      it: `Il testo è troppo lungo: ${bytes} byte con i suoi tag, e Telegram ne accetta ${MAX_RAW_BYTES}.`,
    };
    return [{ detail, code: 'wrong-length' }];
  }
  return [];
}

function buttonHtmlProblems(text: string): TemplateProblem[] {
  const found = /<\/?[a-z][^>]*>?|<\/>|&(?:#\w+|lt|gt|amp|quot);?|&[a-z]{2}[a-z\d]*;/i.exec(text);
  if (!found) return [];
  const detail = {
    en: `A button takes no HTML, and would show ${found[0]} as it is written: use plain text.`,
    it: `Un pulsante non accetta HTML, e mostrerebbe ${found[0]} così com'è scritto: usare testo semplice.`,
  };
  return [{ detail, byteOffset: byteOffsetAt(text, found.index) }];
}

function buttonLengthProblems(text: string): TemplateProblem[] {
  const { length } = writtenWith('', text).trim();
  if (length <= MAX_BUTTON_LENGTH) return [];
  const detail = {
    en: `The text of the button is too long: ${length} characters, and a button shows ${MAX_BUTTON_LENGTH}.`,
    it: `Il testo del pulsante è troppo lungo: ${length} caratteri, e un pulsante ne mostra ${MAX_BUTTON_LENGTH}.`,
  };
  return [{ detail, code: 'wrong-length' }];
}

import type { Sentence } from '../domain/sentence.ts';
import type { TelegramHtmlError } from '../telegram/html/index.ts';

const NO_TAG: Sentence = {
  en: 'If the < is not meant as a tag, write &lt;',
  it: 'Se il < non è un tag, scrivere &lt;',
};

/** What Telegram's reasons mean for whoever writes a text, from `reason` of `TelegramHtmlError`. */
const MEANINGS: [reason: RegExp, words: (part: string, other: string) => Sentence][] = [
  [
    /^Can't find end tag corresponding to start tag "(.*)"/s,
    (name) => ({
      en: `the tag <${name}> is not closed, </${name}> is missing`,
      it: `il tag <${name}> non è chiuso, manca </${name}>`,
    }),
  ],
  [
    /^Unmatched end tag .*expected "(.*)", found "(.*)"/s,
    (expected, found) => ({
      en: `${found} stands where ${expected} must come first: the tag that was opened last is closed first`,
      it: `c'è ${found} dove prima ci vuole ${expected}: si chiude per primo il tag aperto per ultimo`,
    }),
  ],
  [
    /^Unexpected end tag/,
    () => ({
      en: 'a tag is closed that was never opened',
      it: 'si chiude un tag che non è mai stato aperto',
    }),
  ],
  [
    /^Unsupported start tag "(.*)"/s,
    (name) => ({
      en: `the tag <${name}> can't be used. ${NO_TAG.en}`,
      it: `il tag <${name}> non si può usare. ${NO_TAG.it}`,
    }),
  ],
  [
    /^Unclosed (?:start|end) tag/,
    () => ({
      en: `a < has no > after it. ${NO_TAG.en}`,
      it: `dopo un < manca il >. ${NO_TAG.it}`,
    }),
  ],
  [
    /^Text contains invalid Unicode characters/,
    () => ({
      en: 'a character is not whole, or does not exist',
      it: 'un carattere non è intero, o non esiste',
    }),
  ],
];

const OTHERWISE: Sentence = {
  en: 'a tag is not written as it must be',
  it: 'un tag non è scritto come deve essere',
};

/** What is wrong with the HTML of a text, and Telegram's own words for it. */
export function htmlWords({ reason, description }: TelegramHtmlError): Sentence {
  const { en, it } = meaningOf(reason);
  const own = `(Telegram: "${description}")`;
  return {
    en: `Telegram refuses this text: ${en} ${own}.`,
    it: `Telegram rifiuta questo testo: ${it} ${own}.`,
  };
}

function meaningOf(reason: string): Sentence {
  for (const [pattern, words] of MEANINGS) {
    const [found, part = '', other = ''] = pattern.exec(reason) ?? [];
    if (found !== undefined) return words(part, other);
  }
  return OTHERWISE;
}

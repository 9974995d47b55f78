/** The language of the console: the person's choice, else the browser's. */
import { effect, signal } from '@preact/signals';
import type { Sentence, SentenceLanguage } from '../../lib/domain/sentence.ts';

export type { Sentence, SentenceLanguage };

/** Which language was chosen is no secret: it may outlive the session. */
const STORED_AS = 'console-language';

export const language = signal<SentenceLanguage>(chosenLanguage());

function chosenLanguage(): SentenceLanguage {
  const stored = storedLanguage();
  if (stored === 'it' || stored === 'en') return stored;
  // Italian first: English only for those whose browser asks for it before Italian.
  const first = navigator.languages.map((tag) => tag.slice(0, 2)).find((tag) => tag === 'it' || tag === 'en');
  return first === 'en' ? 'en' : 'it';
}

/** A browser may refuse to keep anything, for example inside the page of another site. */
function storedLanguage(): string | null {
  try {
    return localStorage.getItem(STORED_AS);
  } catch {
    return null;
  }
}

export function chooseLanguage(chosen: SentenceLanguage): void {
  language.value = chosen;
  try {
    localStorage.setItem(STORED_AS, chosen);
  } catch {
    // It holds until the page is closed.
  }
}

effect(() => {
  document.documentElement.lang = language.value;
});

/** A sentence in the language of the console. Screens that use it are drawn again when the language changes. */
export function say(words: Sentence): string {
  return words[language.value];
}

/** A number as the language writes it. */
export function number(value: number): string {
  return value.toLocaleString(language.value);
}

/** One or many: `count(3, { it: 'persona', en: 'person' }, { it: 'persone', en: 'people' })` is "3 persone". */
export function count(value: number, one: Sentence, many: Sentence): string {
  return `${number(value)} ${say(value === 1 ? one : many)}`;
}

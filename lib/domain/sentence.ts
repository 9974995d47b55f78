/** What is said to people who call this API: in each of its languages, one beside the other, where it is said. */

/** A text in the languages of this API. English is also what logs, queues and the command line show. */
export interface Sentence {
  en: string;
  it: string;
}

export type SentenceLanguage = keyof Sentence;

/** @param words a plain text is the same in every language. */
export function inLanguage(words: Sentence | string, language: SentenceLanguage): string {
  return typeof words === 'string' ? words : words[language];
}

/** A text made of others, or of parts that differ by language. */
export function sentence(make: (language: SentenceLanguage) => string): Sentence {
  return { en: make('en'), it: make('it') };
}

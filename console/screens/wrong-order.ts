import type { Sentence } from '../i18n/language.ts';

/** Beside the second of two days. */
export const WRONG_ORDER: Sentence = {
  it: 'Viene prima dell’altro giorno: sceglierne uno uguale o successivo.',
  en: 'It comes before the other day: choose the same one or a later one.',
};

import type { Sentence } from '../domain/sentence.ts';

/** The later messages about a cart. */
export const LATER_STEPS: readonly Sentence[] = [
  { it: 'secondo messaggio sul carrello', en: 'second message about the cart' },
  { it: 'terzo messaggio sul carrello', en: 'third message about the cart' },
];

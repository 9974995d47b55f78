import { LATER_STEPS } from '../../lib/i18n/later-steps.ts';
import { say } from './language.ts';

/** Which message about a cart it is; `undefined`: the first, or none. */
export function laterStepWords(step = 1): string | undefined {
  const words = LATER_STEPS[step - 2];
  return words && say(words);
}

import type { Tone } from '../../domain/tone.ts';
import { spokenLanguage } from '../languages.ts';
import { english } from './english.ts';
import { italian } from './italian.ts';
import type { BotTexts } from './types.ts';

export { FORMER_DESCRIPTIONS, PRESENTATIONS } from './presentation.ts';
export type { AccountStatus, BotTexts, SettingsNotes, Shop, ShownOptOut } from './types.ts';

const ITALIAN: Record<Tone, BotTexts> = { tu: italian('tu'), lei: italian('lei') };

/**
 * The texts in the first of these languages that the bot speaks; in English where it speaks none of them.
 *
 * @param tone how Italian texts address the person; English has one "you" for both.
 */
export function botTexts(tone: Tone, ...wanted: (string | undefined)[]): BotTexts {
  return spokenLanguage(...wanted) === 'it' ? ITALIAN[tone] : english;
}

import { type SpokenLanguage, spokenLanguage } from '../languages.ts';
import { english } from './english.ts';
import { italian } from './italian.ts';
import type { BotTexts } from './types.ts';

export type { AccountStatus, BotTexts, SettingsNotes, Shop, ShownOptOut } from './types.ts';

/** The texts of the bot in every language that it speaks. */
export const BOT_TEXTS: Record<SpokenLanguage, BotTexts> = { it: italian, en: english };

/** The texts in the first of these languages that the bot speaks; in English where it speaks none of them. */
export function botTexts(...wanted: (string | undefined)[]): BotTexts {
  return BOT_TEXTS[spokenLanguage(...wanted)];
}

import type { Sentence } from '../domain/sentence.ts';
import type { StaffNotice } from '../domain/staff.ts';

/** What people call the notices to who works in the shop: in the bot, the log and the settings. */
export const NOTICE_NAMES: Record<StaffNotice, Sentence> = {
  'new-order': { it: 'Per il negozio: nuovi ordini', en: 'For the shop: new orders' },
  failures: { it: 'Per il negozio: messaggi non riusciti', en: 'For the shop: messages that failed' },
  'bot-refused': { it: 'Per il negozio: bot rifiutato', en: 'For the shop: bot refused' },
  'module-off': { it: 'Per il negozio: messaggi spenti', en: 'For the shop: messages switched off' },
};

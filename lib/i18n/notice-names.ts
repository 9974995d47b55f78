import type { Sentence } from '../domain/sentence.ts';
import type { StaffNotice } from '../domain/staff.ts';

/** What people call the notices to who works in the shop: in the bot, the log and the settings. */
export const NOTICE_NAMES: Record<StaffNotice, Sentence> = {
  'new-order': { it: 'Per lo staff: nuovi ordini', en: 'For staff: new orders' },
  failures: { it: 'Per lo staff: messaggi non riusciti', en: 'For staff: messages that failed' },
  'bot-refused': { it: 'Per lo staff: bot rifiutato', en: 'For staff: bot refused' },
  'module-off': { it: 'Per lo staff: messaggi disattivati', en: 'For staff: messages switched off' },
};

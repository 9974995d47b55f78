import type { Sentence } from '../i18n/language.ts';

/** By the kind of the bot's problem. */
export const BOT_PROBLEMS: Record<string, Sentence> = {
  'bot-unauthorized': {
    it: 'Telegram non accetta più il token del bot: forse è stato cambiato con @BotFather, o il bot è stato eliminato. Gli avvisi aspettano, nessuno va perso: salvare il token nuovo, o un altro bot.',
    en: 'Telegram does not accept the token of the bot any more: it may have been changed with @BotFather, or the bot was deleted. Messages wait, and none is lost: save the new token, or another bot.',
  },
  'webhook-taken': {
    it: 'Un altro programma riceve quello che le persone scrivono al bot: qui nessuno può più collegarsi o fermare gli avvisi.',
    en: 'Another program gets what people write to the bot: nobody can link or stop messages here any more.',
  },
  'bot-taken-over': {
    it: 'Un altro negozio ha preso questo bot. Da qui non parte più nulla finché non si salva di nuovo un bot.',
    en: 'Another shop has taken this bot over. Nothing is sent from here until a bot is saved again.',
  },
};

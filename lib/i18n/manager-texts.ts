/** What the manager bot says to merchants, in Telegram's HTML. Names are escaped before they come here. */
import type { SpokenLanguage } from './languages.ts';

export interface ManagerTexts {
  /** Whoever writes without a link. */
  about: string;
  linkRefused: Record<'unknown' | 'expired' | 'used', string>;
  /** With a button: the bot of this shop can be made now. */
  makeBot(shop: string, username: string): string;
  makeBotButton: string;
  /** A new bot of a person whose shop nobody knows. */
  botOfNobody(username: string): string;
  /** A second bot for the same link. */
  oneBotOnly(username: string): string;
  done(shop: string, username: string): string;
  failed(shop: string, username: string, why: string): string;
}

export const MANAGER_TEXTS: Record<SpokenLanguage, ManagerTexts> = {
  en: {
    about:
      'This bot helps to make the Telegram bot of a shop, and does nothing else. Open the settings of the shop, choose the bot, and follow the link or the QR code there.',
    linkRefused: {
      unknown:
        'This link is not valid: it was replaced by a newer one, or is not complete. Go back to the settings of the shop and take the link that is shown there now.',
      expired:
        'This link has expired: it is valid for half an hour. Go back to the settings of the shop and begin again.',
      used: 'This link was opened with another Telegram account. Go on with that account, or go back to the settings of the shop and begin again.',
    },
    makeBot: (shop, username) =>
      `A bot for <b>${shop}</b>: tap the button and confirm. Telegram suggests a name and the username @${username}; both can be changed there. If the username is taken, add a word to it; it has to end in "bot".\n\nThe bot will belong to this Telegram account. If Telegram says that there are too many bots, delete one with @BotFather (/deletebot).`,
    makeBotButton: 'Make the bot',
    botOfNobody: (username) =>
      `@${username} was made, but nobody knows for which shop. Go back to the settings of the shop, open the link there, and make the bot afterwards. Or save the token of @${username} there: it is in @BotFather, /mybots, "API Token".`,
    oneBotOnly: (username) =>
      `The shop has its bot already, so @${username} is not used. It can be deleted with @BotFather (/deletebot).`,
    done: (shop, username) =>
      `Done: @${username} is now the bot of <b>${shop}</b>. Go back to the settings of the shop, which go on by themselves.`,
    failed: (shop, username, why) => `@${username} could not become the bot of <b>${shop}</b>. ${why}`,
  },
  it: {
    about:
      'Questo bot aiuta a creare il bot Telegram di un negozio, e non fa altro. Aprire le impostazioni del negozio, scegliere il bot, e seguire il link o il codice QR che si trova lì.',
    linkRefused: {
      unknown:
        'Questo link non è valido: è stato sostituito da uno più recente, o non è completo. Tornare alle impostazioni del negozio e usare il link che si vede ora.',
      expired:
        "Questo link è scaduto: vale mezz'ora. Tornare alle impostazioni del negozio e cominciare di nuovo.",
      used: 'Questo link è stato aperto con un altro account Telegram. Continuare con quello, o tornare alle impostazioni del negozio e cominciare di nuovo.',
    },
    makeBot: (shop, username) =>
      `Un bot per <b>${shop}</b>: toccare il pulsante e confermare. Telegram propone un nome e il nome utente @${username}; lì si possono cambiare tutti e due. Se il nome utente è già preso, aggiungere una parola; deve finire con "bot".\n\nIl bot apparterrà a questo account Telegram. Se Telegram dice che i bot sono troppi, eliminarne uno con @BotFather (/deletebot).`,
    makeBotButton: 'Crea il bot',
    botOfNobody: (username) =>
      `@${username} è stato creato, ma nessuno sa per quale negozio. Tornare alle impostazioni del negozio, aprire il link che si trova lì, e creare il bot dopo. Oppure salvare lì il token di @${username}: si trova in @BotFather, /mybots, "API Token".`,
    oneBotOnly: (username) =>
      `Il negozio ha già il suo bot, quindi @${username} non viene usato. Si può eliminare con @BotFather (/deletebot).`,
    done: (shop, username) =>
      `Fatto: @${username} ora è il bot di <b>${shop}</b>. Tornare alle impostazioni del negozio, che vanno avanti da sole.`,
    failed: (shop, username, why) => `@${username} non è potuto diventare il bot di <b>${shop}</b>. ${why}`,
  },
};

import { eventLabels } from '../event-labels.ts';
import { withFullStop } from './full-stop.ts';
import { optOutLines, statusWith } from './status.ts';
import type { BotTexts, Shop } from './types.ts';

const events = eventLabels('it');

const newLink = ({ url }: Shop) =>
  `Per averne uno nuovo entra su ${url} con il tuo utente e chiedi di nuovo il collegamento a Telegram.`;

function contactOf({ contact, url }: Shop): string {
  return contact ? `Per parlare con il negozio: ${contact}` : `Per parlare con il negozio: ${url}`;
}

const optedOut = {
  person: 'Non ricevi avvisi: li hai disattivati tu',
  shop: 'Non ricevi avvisi: li ha disattivati il negozio',
};

const status = statusWith({
  events,
  shop: 'Negozio',
  shopPaused: 'Il negozio ha sospeso gli avvisi su Telegram.',
  linked: 'Collegato',
  otherChats: 'Altre chat collegate',
  optedOut,
  on: 'Avvisi attivi',
  off: 'Avvisi spenti',
  allOn: 'Tutti gli avvisi attivi',
  offInShort: 'Spenti',
  toChange: 'Per cambiare: /impostazioni',
});

export const italian: BotTexts = {
  locale: 'it',
  commands: [
    { command: 'impostazioni', description: 'Scegli quali avvisi ricevere' },
    { command: 'stato', description: 'Quale negozio, quale account, che cosa è attivo' },
    { command: 'stop', description: 'Non ricevere più avvisi' },
    { command: 'privacy', description: 'Quali dati si conservano, perché e per quanto' },
    { command: 'scollega', description: 'Scollega questa chat e cancella i tuoi dati' },
    { command: 'aiuto', description: 'Che cosa sa fare questo bot' },
  ],
  description:
    'Qui arrivano gli avvisi del negozio: ordini, carrelli, messaggi, attività e documenti. ' +
    'Collega Telegram dal sito del negozio, poi premi Avvia.',
  shortDescription: 'Gli avvisi del negozio su Telegram. Si collega dal sito del negozio.',
  events,

  howToLink: (shop) =>
    `👋 Ciao! Questo bot invia gli avvisi di ${shop.name}.\n\n` +
    `Per riceverli, collega Telegram al tuo account: entra su ${shop.url} con il tuo utente, scegli il collegamento ` +
    'a Telegram e apri il link che trovi lì, o inquadra il suo codice QR.',
  linkRefused: {
    used: (shop) =>
      'Questo link è già stato usato: ogni link vale una volta sola. Se lo hai usato tu da questa chat, /stato ti dice ' +
      `a quale account è collegata.\n\n${newLink(shop)}`,
    expired: (shop) => `Questo link è scaduto.\n\n${newLink(shop)}`,
    unknown: (shop) =>
      `Non riconosco questo link: forse è incompleto, o non è più valido.\n\n${newLink(shop)}`,
    outdated: (shop) => `Questo collegamento è stato tolto, e il link non vale più.\n\n${newLink(shop)}`,
    'too-many-chats': (shop) =>
      `Non ho collegato questa chat: il tuo account di ${shop.name} ne ha già cinque, il massimo.\n\n` +
      `Scrivi /scollega in una che non usi più, poi chiedi un nuovo link su ${shop.url}.`,
    'too-many-users': (shop) =>
      `Non ho collegato l'account: questa chat riceve già gli avvisi di venti account di ${shop.name}, il massimo.\n\n` +
      `Con /scollega ne puoi togliere uno, poi chiedi un nuovo link su ${shop.url}.`,
  },
  accountLinked: (shop, account) =>
    `✅ Questa chat riceve ora gli avvisi di ${shop} per ${withFullStop(account)}\nI tuoi dati: /privacy`,
  chatAdded: ({ name }, account) =>
    `🔗 Al tuo account di ${name}, ${account}, è stata collegata un'altra chat di Telegram: da ora gli avvisi arrivano anche lì.\n\n` +
    'Se non la conosci, toglila con il pulsante.',
  takeOffButton: 'Togli la nuova chat',
  takenOff: ({ name, url }, account) =>
    `Fatto: la nuova chat non riceve più gli avvisi di ${name} per ${account}.\n\n` +
    `Se qualcuno ha usato un tuo link, controlla i tuoi accessi su ${url}.`,
  wasTakenOff: ({ name, url }, account) =>
    `Questa chat non riceve più gli avvisi di ${name} per ${account}: l'ha tolta un'altra chat dello stesso account.\n\n` +
    `Se è stato un errore, collega di nuovo Telegram su ${url}.`,
  shopPaused: (shop) =>
    `Il collegamento con ${shop.name} è fatto. Al momento il negozio ha sospeso gli avvisi su Telegram: ` +
    'ripartiranno quando li riattiva.',
  status,
  settings: (shop, { account, isForSeveralChats, optOuts }) =>
    optOuts.length > 0
      ? `⚙️ Avvisi di ${shop.name}${account ? ` per <b>${account}</b>` : ''}\n\n${optOutLines(optedOut, optOuts)}\n\nPer riceverli di nuovo, tocca il primo pulsante.`
      : `⚙️ Quali avvisi vuoi ricevere da ${shop.name}${account ? ` per <b>${account}</b>` : ''}? Un tocco li accende o li spegne.` +
        (isForSeveralChats ? '\n\nLa scelta vale per tutte le chat collegate a questo account.' : ''),
  settingsOfWhom: (shop) =>
    `⚙️ Questa chat riceve gli avvisi di ${shop.name} per più account. Di quale vuoi cambiare le impostazioni?`,
  help: (shop) =>
    `Questo bot invia gli avvisi di ${shop.name} che ti riguardano: ordini, carrelli, messaggi, attività e documenti.\n\n` +
    '/impostazioni – scegli quali avvisi ricevere\n' +
    '/stato – quale negozio, quale account, che cosa è attivo\n' +
    '/stop – non ricevere più avvisi in questa chat\n' +
    '/privacy – quali dati si conservano, perché e per quanto\n' +
    '/scollega – scollegare questa chat e cancellare i tuoi dati\n' +
    '/start – ricominciare\n' +
    '/aiuto – questo messaggio\n\n' +
    contactOf(shop),
  onlyNotifications: (shop) =>
    `Questo bot invia soltanto gli avvisi di ${shop.name}: nessuno legge quello che scrivi qui.\n\n${contactOf(shop)}`,
  wishes: {
    stop: '🔕 Non ricevere più avvisi',
    settings: '⚙️ Scegliere gli avvisi',
    contact: '💬 Parlare con il negozio',
  },
  contact: contactOf,
  privacy: (shop) =>
    `🔒 <b>I tuoi dati</b>\n\n` +
    `<b>Che cosa</b> – Per conto di ${shop.name} si conservano: il tuo codice e il tuo nome nel negozio, la lingua, il numero di questa chat ` +
    'e il tuo nome utente di Telegram, le tue scelte, i carrelli e i promemoria in attesa, e il registro degli avvisi inviati, senza il loro testo.\n\n' +
    "<b>Perché</b> – Per inviarti gli avvisi che hai chiesto collegando Telegram, e per nient'altro.\n\n" +
    "<b>Per quanto</b> – Finché la chat è collegata. Se il negozio la scollega, o se Telegram non riesce più a raggiungerla, per un certo tempo ancora, che il negozio può dirti. Il registro dura 90 giorni. Con /scollega togli questa chat; se è l'ultima del tuo account, cancelli tutto (le copie di sicurezza scadono dopo 35 giorni).\n\n" +
    `<b>A chi chiedere</b> – Al negozio: ${shop.contact ?? shop.url}` +
    (shop.privacyUrl ? `\nInformativa del negozio: ${shop.privacyUrl}` : ''),
  privateChatsOnly: (shop) =>
    `Questo bot invia avvisi personali di ${shop.name} e lavora soltanto nelle chat private. Scrivigli in privato: grazie!`,

  stopped: (shop) =>
    `🔕 Fatto: da ora non ricevi più avvisi da ${shop.name} in questa chat.\n\nLi vuoi di nuovo? Puoi riattivarli quando vuoi.`,
  stoppedBySite: (shop, accounts) =>
    `🔕 Gli avvisi di ${shop.name} per ${accounts ?? 'il tuo account'} sono disattivati dal sito. Vuoi riceverli di nuovo?`,
  nothingToStop: (shop) =>
    `Questa chat non è collegata a nessun account di ${shop.name}: non ricevi avvisi, e non c'è nulla da disattivare.`,
  backAgain: (shop, accounts) =>
    `🔔 Gli avvisi di ${shop.name}${accounts ? ` per ${accounts}` : ''} sono di nuovo attivi.\n\nPer scegliere quali: /impostazioni`,
  againButton: 'Sì, di nuovo',

  askToForget: {
    last: (shop) =>
      `🗑 Vuoi scollegare questa chat da ${shop.name}? Non riceverai più avvisi, e i tuoi dati saranno cancellati: nome, scelte (anche quella di non ricevere avvisi), registro degli avvisi.\n\nSe vuoi solo una pausa, usa /stop.`,
    oneOfSeveralChats: (shop) =>
      `🗑 Vuoi scollegare questa chat da ${shop.name}? Qui non riceverai più avvisi. Il tuo account ha altre chat: quelle restano come sono, e anche i suoi dati restano.\n\nSe vuoi solo una pausa, usa /stop.`,
    oneOfSeveralAccounts: (shop) =>
      `🗑 Questa chat riceve gli avvisi di ${shop.name} per più account. Quale vuoi scollegare? Se questa è la sua ultima chat, i suoi dati saranno cancellati: nome, scelte, registro degli avvisi.\n\nSe vuoi solo una pausa, usa /stop.`,
  },
  forgetButton: 'Sì, scollega e cancella',
  forgotten: (shop, accounts) =>
    `Fatto: questa chat non è più collegata all'account ${accounts} presso ${shop.name}, e i suoi dati sono cancellati.\n\n` +
    `Per tornare, collega di nuovo Telegram su ${shop.url}.`,
  unlinked: (shop, accounts) =>
    `Fatto: questa chat non è più collegata all'account ${accounts} presso ${shop.name}. L'account ha altre chat, che restano come sono; anche i suoi dati restano.`,
  nothingToUnlink: (shop) =>
    `Questa chat non è collegata a nessun account di ${shop.name}: non c'è nulla da scollegare né da cancellare.`,

  toastOn: (event) => `${event}: acceso`,
  toastOff: (event) => `${event}: spento`,
  toastAllOff: 'Tutti gli avvisi sono spenti: riattivali con il primo pulsante',
  toastBack: 'Gli avvisi sono di nuovo attivi',
  toastNotLinked: 'Questa chat non è più collegata',
  toastTakenOff: 'La nuova chat è stata tolta',
  toastTakenOffBefore: 'Quella chat non è più collegata',
  toastForgotten: 'Scollegato e cancellato',
};

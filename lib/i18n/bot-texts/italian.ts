import type { EventName } from '../../domain/events.ts';
import { eventLabels } from '../event-labels.ts';
import type { BotTexts, Shop, Status } from './types.ts';

const events = eventLabels('it');

const newLink = ({ url }: Shop) =>
  `Per averne uno nuovo entra su ${url} con il tuo utente e chiedi di nuovo il collegamento a Telegram.`;

function contactOf({ contact, url }: Shop): string {
  return contact ? `Per parlare con il negozio: ${contact}` : `Per parlare con il negozio: ${url}`;
}

function status(shop: Shop, { account, since, on, off, isStopped, isShopPaused }: Status): string {
  const list = (names: EventName[]) => names.map((name) => `• ${events[name]}`).join('\n');
  const parts = [
    `Negozio: ${shop.name}, ${shop.url}\nAccount: <b>${account}</b>${since ? `\nCollegato: ${since}` : ''}`,
  ];
  if (isShopPaused) parts.push('⏸ Il negozio ha sospeso gli avvisi su Telegram.');
  if (isStopped) parts.push('🔕 Non ricevi avvisi: li hai disattivati, tu o il negozio per te.');
  if (!isStopped && on.length > 0) parts.push(`🔔 Avvisi attivi:\n${list(on)}`);
  if (!isStopped && off.length > 0) parts.push(`🔕 Avvisi spenti:\n${list(off)}`);
  parts.push('Per cambiare: /impostazioni');
  return parts.join('\n\n');
}

export const italian: BotTexts = {
  locale: 'it',
  commands: [
    { command: 'impostazioni', description: 'Scegli quali avvisi ricevere' },
    { command: 'stato', description: 'Quale negozio, quale account, che cosa è attivo' },
    { command: 'stop', description: 'Non ricevere più avvisi' },
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
    expired: (shop) => `Questo link è scaduto: vale 24 ore.\n\n${newLink(shop)}`,
    unknown: (shop) => `Non riconosco questo link: forse è incompleto.\n\n${newLink(shop)}`,
  },
  accountLinked: (shop, account, formerAccount) =>
    `✅ Questa chat riceve ora gli avvisi di ${shop} per ${account}.` +
    (formerAccount ? ` L'account ${formerAccount}, che li riceveva qui, non è più collegato.` : ''),
  movedToOtherChat: ({ name, url }) =>
    `🔁 Il tuo account di ${name} è ora collegato a un'altra chat di Telegram: gli avvisi arrivano lì, qui non ne arriveranno più.\n\n` +
    `Se non sei stato tu, accedi a ${url} e collega di nuovo Telegram.`,
  shopPaused: (shop) =>
    `Il collegamento con ${shop.name} è fatto. Al momento il negozio ha sospeso gli avvisi su Telegram: ` +
    'ripartiranno quando li riattiva.',
  status,
  settings: (shop) => `⚙️ Quali avvisi vuoi ricevere da ${shop.name}? Un tocco li accende o li spegne.`,
  help: (shop) =>
    `Questo bot invia gli avvisi di ${shop.name} che ti riguardano: ordini, carrelli, messaggi, attività e documenti.\n\n` +
    '/impostazioni – scegli quali avvisi ricevere\n' +
    '/stato – quale negozio, quale account, che cosa è attivo\n' +
    '/stop – non ricevere più avvisi\n' +
    '/start – ricominciare\n' +
    '/aiuto – questo messaggio\n\n' +
    contactOf(shop),
  onlyNotifications: (shop) =>
    `Questo bot invia soltanto gli avvisi di ${shop.name}: nessuno legge quello che scrivi qui.\n\n` +
    `${contactOf(shop)}\n\nChe cosa puoi fare con il bot: /aiuto`,
  privateChatsOnly: (shop) =>
    `Questo bot invia avvisi personali di ${shop.name} e lavora soltanto nelle chat private. Scrivigli in privato: grazie!`,

  stopped: (shop) =>
    `🔕 Fatto: da ora non ricevi più avvisi da ${shop.name}.\n\nSe cambi idea, puoi riattivarli quando vuoi.`,
  stoppedBySite: (shop) =>
    `🔕 Gli avvisi di ${shop.name} per il tuo account sono disattivati dal sito. Vuoi riceverli di nuovo?`,
  nothingToStop: (shop) =>
    `Questa chat non è collegata a nessun account di ${shop.name}: non ricevi avvisi, e non c'è nulla da disattivare.`,
  backAgain: (shop) =>
    `🔔 Gli avvisi di ${shop.name} sono di nuovo attivi.\n\nPer scegliere quali: /impostazioni`,
  againButton: 'Sì, di nuovo',

  toastOn: (event) => `${event}: acceso`,
  toastOff: (event) => `${event}: spento`,
  toastBack: 'Gli avvisi sono di nuovo attivi',
  toastNotLinked: 'Questa chat non è più collegata',
};

import type { Tone } from '../../domain/tone.ts';
import { eventLabels } from '../event-labels.ts';
import { withFullStop } from './full-stop.ts';
import { optOutLines, statusWith } from './status.ts';
import { topicsAfterColon } from './topics.ts';
import type { BotTexts, Shop } from './types.ts';

const events = eventLabels('it');

function contactOf({ name, contact, url }: Shop): string {
  return `Per contattare ${name}: ${contact ?? url}`;
}

/** What holds for both tones: it addresses nobody. */
const COMMANDS =
  '/impostazioni – scegliere quali avvisi ricevere\n' +
  '/stato – account collegati e avvisi attivi\n' +
  '/stop – non ricevere più avvisi in questa chat\n' +
  '/privacy – quali dati si conservano, perché e per quanto tempo\n' +
  '/scollega – scollegare questa chat e cancellare i propri dati\n' +
  '/start – ricominciare\n' +
  '/aiuto – rileggere questo messaggio';

/** The Italian texts. A sentence that addresses nobody stands once; the others in both tones, side by side. */
export function italian(tone: Tone): BotTexts {
  const say = (tu: string, lei: string) => (tone === 'tu' ? tu : lei);

  const newLink = ({ url }: Shop) =>
    say(
      `Per averne uno nuovo, accedi a ${url} con le tue credenziali e chiedi di nuovo il collegamento con Telegram.`,
      `Per averne uno nuovo, acceda a ${url} con le sue credenziali e chieda di nuovo il collegamento con Telegram.`,
    );

  const noNotifications = say('Non ricevi avvisi', 'Non riceve avvisi');
  const optedOut = {
    person: () => `${noNotifications}: ${say('li hai disattivati tu', 'li ha disattivati lei')}`,
    shop: ({ name }: Shop) => `${noNotifications}: li ha disattivati ${name}`,
  };

  const ifOnlyAPause = say('Se vuoi solo una pausa, usa /stop.', 'Se vuole solo una pausa, usi /stop.');
  const wantToUnlink = ({ name }: Shop) =>
    `🗑 ${say('Vuoi', 'Vuole')} scollegare questa chat da ${name}? ${say('Non riceverai', 'Non riceverà')} più avvisi`;

  return {
    locale: 'it',
    events,

    howToLink: (shop) =>
      `👋 ${say('Ciao', 'Buongiorno')}! ${withFullStop(`Questo bot invia gli avvisi di ${shop.name}`)}\n\n` +
      say(
        `Per riceverli, collega Telegram al tuo account: accedi a ${shop.url} con le tue credenziali, scegli di ` +
          'collegare Telegram e apri il link che ti viene mostrato, oppure inquadra il codice QR.',
        `Per riceverli, colleghi Telegram al suo account: acceda a ${shop.url} con le sue credenziali, scelga di ` +
          'collegare Telegram e apra il link che le viene mostrato, oppure inquadri il codice QR.',
      ) +
      say(
        '\n\nSe hai appena aperto quel link, Telegram non ce lo ha passato: copia dal sito la riga che comincia con ' +
          '«/start» e inviala qui.',
        '\n\nSe ha appena aperto quel link, Telegram non ce lo ha passato: copi dal sito la riga che comincia con ' +
          '«/start» e la invii qui.',
      ),
    linkRefused: {
      used: (shop) =>
        'Questo link è già stato usato: ogni link vale una volta sola. ' +
        say(
          'Se lo hai usato tu da questa chat, con /stato vedi a quale account è collegata.',
          'Se lo ha usato lei da questa chat, con /stato vede a quale account è collegata.',
        ) +
        `\n\n${newLink(shop)}`,
      expired: (shop) => `Questo link è scaduto.\n\n${newLink(shop)}`,
      unknown: (shop) =>
        `Non riconosco questo link: forse è incompleto, o non è più valido.\n\n${newLink(shop)}`,
      outdated: (shop) => `Questo collegamento è stato rimosso e il link non vale più.\n\n${newLink(shop)}`,
      newer: () =>
        say(
          'Hai già un collegamento più recente: non devi fare altro.',
          'Ha già un collegamento più recente: non deve fare altro.',
        ),
      'too-many-chats': ({ name, url }) =>
        `Non ho potuto collegare questa chat: ${say('il tuo', 'il suo')} account di ${name} ne ha già cinque, il massimo consentito.\n\n` +
        say(
          `Scrivi /scollega in una chat che non usi più, poi chiedi un nuovo link su ${url}.`,
          `Scriva /scollega in una chat che non usa più, poi chieda un nuovo link su ${url}.`,
        ),
      'too-many-users': ({ name, url }) =>
        `Non ho potuto collegare l'account: questa chat riceve già gli avvisi di venti account di ${name}, il massimo consentito.\n\n` +
        say(
          `Con /scollega puoi toglierne uno; poi chiedi un nuovo link su ${url}.`,
          `Con /scollega può toglierne uno; poi chieda un nuovo link su ${url}.`,
        ),
    },
    accountLinked: (shop, account) =>
      `✅ ${withFullStop(`Questa chat riceve ora gli avvisi di ${shop.name} per ${account}${topicsAfterColon(shop.events, 'it')}`)}\n` +
      `${say('I tuoi dati', 'I suoi dati')}: /privacy`,
    chatAdded: ({ name }, account) =>
      `🔗 ${say('Al tuo', 'Al suo')} account di ${name}, ${account}, è stata collegata un'altra chat di Telegram: da ora gli avvisi arriveranno anche lì.\n\n` +
      say('Se non la riconosci, toglila con il pulsante.', 'Se non la riconosce, la tolga con il pulsante.'),
    takeOffButton: say('Togli la nuova chat', 'Togliere la nuova chat'),
    takenOff: ({ name, url }, account) =>
      `Fatto: ${withFullStop(`la nuova chat non riceve più gli avvisi di ${name} per ${account}`)}\n\n` +
      say(
        `Se qualcun altro ha usato un tuo link, controlla chi può accedere al tuo account su ${url}.`,
        `Se qualcun altro ha usato un suo link, controlli chi può accedere al suo account su ${url}.`,
      ),
    wasTakenOff: ({ name, url }, account) =>
      `Questa chat non riceve più gli avvisi di ${name} per ${account}: l'ha tolta un'altra chat dello stesso account.\n\n` +
      `Se è stato un errore, ${say('collega', 'colleghi')} di nuovo Telegram su ${url}.`,
    shopPaused: ({ name }) =>
      `Collegamento con ${name} riuscito. Al momento gli avvisi su Telegram sono sospesi: ` +
      `${say('li riceverai', 'li riceverà')} qui quando saranno riattivati.`,
    status: statusWith({
      events,
      site: 'Sito',
      paused: ({ name }) => `${name} ha sospeso gli avvisi su Telegram.`,
      linked: 'Collegato',
      otherChats: 'Altre chat collegate',
      optedOut,
      on: 'Avvisi attivi',
      off: 'Avvisi disattivati',
      allOn: 'Tutti gli avvisi sono attivi',
      offInShort: 'Disattivati',
      toChange: 'Per cambiare: /impostazioni',
    }),
    settings(shop, { account, isForSeveralChats, optOuts }) {
      const whose = account ? ` per <b>${account}</b>` : '';
      if (optOuts.length > 0)
        return (
          `⚙️ Avvisi di ${shop.name}${whose}\n\n${optOutLines(optedOut, shop, optOuts)}\n\n` +
          `Per riceverli di nuovo, ${say('tocca', 'tocchi')} il primo pulsante.`
        );
      if (shop.events.length === 0) return `⚙️ Al momento ${shop.name} non invia avvisi su Telegram.`;
      return (
        `⚙️ Quali avvisi ${say('vuoi', 'vuole')} ricevere da ${shop.name}${whose}? ` +
        `${say('Tocca', 'Tocchi')} una voce per attivarla o disattivarla.` +
        (isForSeveralChats ? '\n\nLa scelta vale per tutte le chat collegate a questo account.' : '')
      );
    },
    quietHours: {
      button: '🌙 Ore di silenzio',
      quietText: (shop, { account, isForSeveralChats, ofShop }) =>
        `🌙 <b>Ore di silenzio</b>${account ? ` per <b>${account}</b>` : ''}\n\n` +
        `In quelle ore gli avvisi di ${shop.name} possono arrivare senza suono, oppure solo quando le ore sono finite. ` +
        'Ciò che dopo non servirebbe più arriva prima, senza suono.\n\n' +
        (ofShop
          ? `Ore del sito: dalle ${ofShop.from} alle ${ofShop.to}, ${ofShop.mode === 'silent' ? 'senza suono' : 'quando sono finite'}. `
          : 'Ore del sito: nessuna. ') +
        `${say('Che cosa vuoi', 'Che cosa vuole')}?` +
        (isForSeveralChats ? '\n\nLa scelta vale per tutte le chat collegate a questo account.' : ''),
      likeSite: 'Come il sito',
      silent: '🔕 Senza suono',
      after: '⏳ Quando sono finite',
      off: '🔔 Sempre con il suono',
      fromHour: (hour) => `dalle ${hour}`,
      toHour: (hour) => `alle ${hour}`,
      saved: 'Scelta salvata',
    },
    offers: {
      withdraw: '🏷️ Non voglio più offerte',
      withdrawn: 'Fatto: niente più offerte. Il consenso è revocato.',
    },
    settingsOfWhom: ({ name }) =>
      `⚙️ Questa chat riceve gli avvisi di ${name} per più account. Di quale ${say('vuoi', 'vuole')} cambiare le impostazioni?`,
    help: (shop) =>
      `Questo bot invia gli avvisi di ${shop.name} ${say('che ti riguardano', 'che la riguardano')}${topicsAfterColon(shop.events, 'it')}.\n\n` +
      `${COMMANDS}\n\n${contactOf(shop)}`,
    onlyNotifications: (shop) =>
      `Questo bot invia soltanto gli avvisi di ${shop.name}: nessuno legge ${say('quello che scrivi', 'quello che scrive')} qui.\n\n${contactOf(shop)}`,
    wishes: {
      stop: '🔕 Non ricevere più avvisi',
      settings: '⚙️ Scegliere gli avvisi',
      contact: '💬 Contatti',
    },
    contact: contactOf,
    privacy: (shop) =>
      `🔒 <b>${say('I tuoi dati', 'I suoi dati')}</b>\n\n` +
      `<b>Che cosa</b> – Per conto di ${shop.name} si conservano: ` +
      say(
        'il tuo codice utente e il tuo nome, la lingua, il numero di questa chat e il tuo nome utente di Telegram, le tue scelte, ',
        'il suo codice utente e il suo nome, la lingua, il numero di questa chat e il suo nome utente di Telegram, le sue scelte, ',
      ) +
      (shop.advertises
        ? say('se e quando hai accettato le offerte, ', 'se e quando ha accettato le offerte, ')
        : '') +
      'gli avvisi in attesa di essere inviati e il registro di quelli inviati, senza il loro testo' +
      (shop.countsClicks ? ' ma con quando se ne aprono i link' : '') +
      '.\n\n' +
      '<b>Perché</b> – ' +
      say(
        'Per inviarti gli avvisi che hai chiesto collegando Telegram',
        'Per inviarle gli avvisi che ha chiesto collegando Telegram',
      ) +
      (shop.advertises
        ? say(
            '; se hai dato il consenso, per inviarti offerte su un carrello lasciato a metà, finché non lo revochi in /impostazioni',
            '; se ha dato il consenso, per inviarle offerte su un carrello lasciato a metà, finché non lo revoca in /impostazioni',
          )
        : '') +
      (shop.countsClicks ? '; per dire al negozio quali dei suoi messaggi vengono aperti' : '') +
      "; e per nient'altro." +
      '\n\n<b>Per quanto tempo</b> – Finché la chat è collegata. Se viene scollegata dal sito, o se Telegram non riesce più a ' +
      `raggiungerla, ancora per un certo periodo, che ${shop.name} ${say('può indicarti', 'può indicarle')}. Il registro si conserva per 90 giorni. ` +
      say(
        "Con /scollega scolleghi questa chat; se è l'ultima del tuo account, cancelli tutto ",
        "Con /scollega può scollegare questa chat; se è l'ultima del suo account, tutto viene cancellato ",
      ) +
      '(le copie di sicurezza scadono dopo 35 giorni).\n\n' +
      `<b>A chi chiedere</b> – A ${shop.name}: ${shop.contact ?? shop.url}` +
      (shop.privacyUrl ? `\nInformativa sulla privacy: ${shop.privacyUrl}` : ''),
    privateChatsOnly: ({ name }) =>
      `Questo bot invia avvisi personali di ${name} e funziona soltanto nelle chat private: per usarlo basta scrivergli in privato. Grazie!`,

    stopped: ({ name }) =>
      `🔕 Fatto: da ora ${say('non riceverai', 'non riceverà')} più avvisi da ${name} in questa chat.\n\n` +
      say('Puoi riattivarli quando vuoi.', 'Può riattivarli quando vuole.'),
    stoppedBySite: ({ name }, accounts) =>
      `🔕 Gli avvisi di ${name} per ${accounts ?? say('il tuo account', 'il suo account')} sono stati disattivati dal sito. ` +
      `${say('Vuoi', 'Vuole')} riceverli di nuovo?`,
    nothingToStop: ({ name }) =>
      `Questa chat non è collegata a nessun account di ${name}: non riceve avvisi e non c'è nulla da disattivare.`,
    backAgain: ({ name }, accounts) =>
      `🔔 Gli avvisi di ${name}${accounts ? ` per ${accounts}` : ''} sono di nuovo attivi.\n\nPer scegliere quali ricevere: /impostazioni`,
    againButton: say('Riattiva gli avvisi', 'Riattivare gli avvisi'),

    askToForget: {
      last: (shop) =>
        `${wantToUnlink(shop)} e ${say('i tuoi', 'i suoi')} dati saranno cancellati: nome, scelte (anche quella di non ricevere avvisi) e registro degli avvisi.\n\n${ifOnlyAPause}`,
      oneOfSeveralChats: (shop) =>
        `${wantToUnlink(shop)} qui. ${say('Le altre chat del tuo account', 'Le altre chat del suo account')} restano collegate e i dati non vengono cancellati.\n\n${ifOnlyAPause}`,
      oneOfSeveralAccounts: ({ name }) =>
        `🗑 Questa chat riceve gli avvisi di ${name} per più account. Quale ${say('vuoi', 'vuole')} scollegare? Se questa è la sua ultima chat, i dati dell'account saranno cancellati: nome, scelte e registro degli avvisi.\n\n${ifOnlyAPause}`,
    },
    forgetButton: say('Sì, scollega e cancella', 'Sì, scollegare e cancellare'),
    unlinkButton: say('Sì, scollega', 'Sì, scollegare'),
    forgotten: ({ name, url }, accounts) =>
      `Fatto: questa chat non è più collegata all'account ${accounts} di ${name}, e i dati dell'account sono stati cancellati.\n\n` +
      `Per tornare a ricevere gli avvisi, ${say('collega', 'colleghi')} di nuovo Telegram su ${url}.`,
    unlinked: ({ name }, accounts) =>
      `Fatto: ${withFullStop(`questa chat non è più collegata all'account ${accounts} di ${name}`)} Le altre chat dell'account restano collegate e i dati non sono stati cancellati.`,
    nothingToUnlink: ({ name }) =>
      `Questa chat non è collegata a nessun account di ${name}: non c'è nulla da scollegare né da cancellare.`,

    toastOn: (event) => `Avviso attivato: ${event}`,
    toastOff: (event) => `Avviso disattivato: ${event}`,
    toastAllOff: 'Tutti gli avvisi sono disattivati: si riattivano con il primo pulsante',
    toastBack: 'Gli avvisi sono di nuovo attivi',
    toastNotLinked: 'Questa chat non è più collegata',
    toastTakenOff: 'La nuova chat è stata tolta',
    toastTakenOffBefore: 'Quella chat non è più collegata',
    toastForgotten: 'Chat scollegata',
  };
}

/** What the default templates say: in Italian in both tones, and in English. */
import type { Tone } from '../domain/tone.ts';

/** A text in the two languages of a new site. */
export type Words = { it: string; en: string };

/** The default templates of a new site. */
export type DefaultText =
  | 'orderNew'
  | 'orderConfirmed'
  | 'orderFulfilled'
  | 'orderInvoiced'
  | 'orderCancelled'
  | 'orderUnpaid'
  | 'orderInternal'
  | 'abandonedCart'
  | 'messageSent'
  | 'messageSentWithText'
  | 'messageRead'
  | 'messageReadWithText'
  | 'activityStatus'
  | 'activityStatusForRecipients'
  | 'activityViewed'
  | 'activityReminder'
  | 'fileUpload'
  | 'fileDownload'
  | 'fileView'
  | 'welcome';

/** What default templates say where their message is about several files. */
type TextForSeveral = 'fileDownloads' | 'fileViews';

/** `Etichetta: valore` on its own line, which is shown only with a value. */
function line(key: string, label: string, value = `{{${key}}}`): string {
  return `{{#${key}}}\n${label}: ${value}\n{{/${key}}}`;
}

function boldLine(key: string, label: string): string {
  return line(key, label, `<b>{{${key}}}</b>`);
}

/** ` {{key}}` after a word, with the text between them; nothing without a value. */
function after(key: string, between: string, value = `{{${key}}}`): string {
  return `{{#${key}}}${between}${value}{{/${key}}}`;
}

function lines(...rows: string[]): string {
  return rows.join('\n');
}

const theOrder = (word: string) => `${word}${after('siglaDocumento', ' ', '<b>{{siglaDocumento}}</b>')}`;

const orderLines: Words = {
  it: lines(
    boldLine('statoDocumento', 'Stato'),
    line('numeroArticoli', 'Articoli'),
    boldLine('totaleOrdine', 'Totale'),
  ),
  en: lines(
    boldLine('statoDocumento', 'Status'),
    line('numeroArticoli', 'Items'),
    boldLine('totaleOrdine', 'Total'),
  ),
};

const cartLines: Words = {
  it: lines(line('numeroArticoliCarrello', 'Articoli'), boldLine('totaleCarrello', 'Totale')),
  en: lines(line('numeroArticoliCarrello', 'Items'), boldLine('totaleCarrello', 'Total')),
};

const activityLines: Words = {
  it: lines(boldLine('oggettoAttivita', 'Attività'), boldLine('dataAttivita', 'Data')),
  en: lines(boldLine('oggettoAttivita', 'Activity'), boldLine('dataAttivita', 'Date')),
};

const fileLines: Words = {
  it: lines(boldLine('nomeFile', 'File'), boldLine('nomeCartella', 'Cartella')),
  en: lines(boldLine('nomeFile', 'File'), boldLine('nomeCartella', 'Folder')),
};

const fileList = '{{#elencoFile}}\n{{elencoFile}}\n{{/elencoFile}}';

const quotation = after('testoMessaggio', '', '<blockquote expandable>{{testoMessaggio}}</blockquote>');

const newStatus = `${after('vecchioStato', '', '<i>{{vecchioStato}}</i> → ')}<b>{{nuovoStato}}</b>`;

/**
 * The texts in a tone.
 *
 * - Names and titles stand on lines of their own, or within a sentence, never before its full stop: many names of
 *   companies end in one.
 * - A line about a value is shown only with it.
 * - The site may be a shop or an accountant's office: no text says which.
 */
export function defaultTexts(tone: Tone): Record<DefaultText | TextForSeveral, Words> {
  const say = (tu: string, lei: string) => (tone === 'lei' ? lei : tu);
  const greeting = say('Ciao', 'Buongiorno');
  // A formal greeting by the first name alone would be neither the one nor the other.
  const hi = greeting + say(after('nome', ' '), after('nominativo', ' '));
  const hello = `Hello${after('nome', ' ')}`;
  const yourOrder: Words = {
    it: theOrder(say('il tuo ordine', 'il suo ordine')),
    en: theOrder('your order'),
  };

  const questions: Words = {
    it: after(
      'urlSito',
      say('Per qualsiasi domanda ci trovi su ', 'Per qualsiasi domanda ci trova su '),
      '{{urlSito}}.',
    ),
    en: after('urlSito', 'If you have any questions, you can reach us at ', '{{urlSito}}.'),
  };
  const thanks: Words = {
    it: lines('Grazie per averci scelto!', questions.it),
    en: lines('Thank you for choosing us!', questions.en),
  };

  const order = (first: Words, last: Words = questions): Words => ({
    it: lines(first.it, '', orderLines.it, '', last.it),
    en: lines(first.en, '', orderLines.en, '', last.en),
  });

  const reservedArea: Words = {
    it: say('alla tua area riservata', 'alla sua area riservata') + after('urlSito', ' su '),
    en: `to your reserved area${after('urlSito', ' at ')}`,
  };
  const toRead: Words = {
    it: `${say('Per leggerlo, accedi', 'Per leggerlo, acceda')} ${reservedArea.it}.`,
    en: `To read it, sign in ${reservedArea.en}.`,
  };
  const toReply: Words = {
    it: `${say('Per rispondere, accedi', 'Per rispondere, acceda')} ${reservedArea.it}.`,
    en: `To reply, sign in ${reservedArea.en}.`,
  };
  const conversation: Words = {
    it: `${say('Per rivedere la conversazione, accedi', 'Per rivedere la conversazione, acceda')} ${reservedArea.it}.`,
    en: `To see the conversation again, sign in ${reservedArea.en}.`,
  };

  const message = (first: Words, who: Words, last: Words, text = ''): Words => ({
    it: lines(
      first.it,
      '',
      boldLine('autore', who.it),
      boldLine('oggettoMessaggio', 'Oggetto'),
      ...(text ? [text] : []),
      '',
      last.it,
    ),
    en: lines(
      first.en,
      '',
      boldLine('autore', who.en),
      boldLine('oggettoMessaggio', 'Subject'),
      ...(text ? [text] : []),
      '',
      last.en,
    ),
  });
  const messageSent: Words = {
    it: `✉️ ${hi}, ${say('hai', 'ha')} un nuovo messaggio.`,
    en: `✉️ ${hello}, you have a new message.`,
  };
  const messageRead: Words = {
    it: `✅ ${hi}, ${say('il tuo', 'il suo')} messaggio è stato letto.`,
    en: `✅ ${hello}, your message has been read.`,
  };
  const from: Words = { it: 'Da', en: 'From' };
  const readBy: Words = { it: 'Letto da', en: 'Read by' };

  const agenda: Words = {
    it: `${say("Trovi tutti i dettagli nell'agenda della tua", "Trova tutti i dettagli nell'agenda della sua")} area riservata${after('urlSito', ' su ')}.`,
    en: `You will find all the details in the agenda of your reserved area${after('urlSito', ' at ')}.`,
  };

  const status = (first: Words): Words => ({
    it: lines(
      first.it,
      '',
      activityLines.it,
      line('nuovoStato', 'Stato', newStatus),
      line('autore', 'Modificata da'),
      '',
      agenda.it,
    ),
    en: lines(
      first.en,
      '',
      activityLines.en,
      line('nuovoStato', 'Status', newStatus),
      line('autore', 'Changed by'),
      '',
      agenda.en,
    ),
  });

  const documents: Words = {
    it: `${say('Lo trovi tra i documenti della tua', 'Lo trova tra i documenti della sua')} area riservata${after('urlSito', ' su ')}.`,
    en: `You will find it among the documents of your reserved area${after('urlSito', ' at ')}.`,
  };
  const file = (first: Words, who: Words): Words => ({
    it: lines(first.it, '', fileLines.it, line('autore', who.it), '', documents.it),
    en: lines(first.en, '', fileLines.en, line('autore', who.en), '', documents.en),
  });
  const severalDocuments: Words = {
    it: `${say('Li trovi tra i documenti della tua', 'Li trova tra i documenti della sua')} area riservata${after('urlSito', ' su ')}.`,
    en: `You will find them among the documents of your reserved area${after('urlSito', ' at ')}.`,
  };
  const files = (first: Words, who: Words): Words => ({
    it: lines(
      first.it,
      '',
      fileList,
      boldLine('nomeCartella', 'Cartella'),
      line('autore', who.it),
      '',
      severalDocuments.it,
    ),
    en: lines(
      first.en,
      '',
      fileList,
      boldLine('nomeCartella', 'Folder'),
      line('autore', who.en),
      '',
      severalDocuments.en,
    ),
  });

  return {
    orderNew: order(
      {
        it: `📦 ${hi}, abbiamo ricevuto ${yourOrder.it}.`,
        en: `📦 ${hello}, we have received ${yourOrder.en}.`,
      },
      {
        it: lines(
          say(
            'Grazie! Ti scriveremo qui quando ci saranno novità.',
            'Grazie! Le scriveremo qui quando ci saranno novità.',
          ),
          questions.it,
        ),
        en: lines('Thank you! We will write to you here when there is news.', questions.en),
      },
    ),
    orderConfirmed: order(
      { it: `✅ ${hi}, ${yourOrder.it} è confermato.`, en: `✅ ${hello}, ${yourOrder.en} is confirmed.` },
      thanks,
    ),
    orderFulfilled: order(
      {
        it: `📦 ${hi}, ${yourOrder.it} è stato evaso.`,
        en: `📦 ${hello}, ${yourOrder.en} has been fulfilled.`,
      },
      thanks,
    ),
    orderInvoiced: order({
      it: `🧾 ${hi}, abbiamo emesso la fattura per ${yourOrder.it}.`,
      en: `🧾 ${hello}, we have issued the invoice for ${yourOrder.en}.`,
    }),
    orderCancelled: order({
      it: `❌ ${hi}, ${yourOrder.it} è stato annullato.`,
      en: `❌ ${hello}, ${yourOrder.en} has been cancelled.`,
    }),
    orderUnpaid: order(
      {
        it: `⚠️ ${hi}, il pagamento per ${yourOrder.it} non risulta ancora confermato.`,
        en: `⚠️ ${hello}, the payment for ${yourOrder.en} is not confirmed yet.`,
      },
      {
        it: lines(
          say(
            "Controlla che il pagamento sia andato a buon fine. Se hai già pagato, la conferma può richiedere un po' di tempo.",
            "La invitiamo a controllare che il pagamento sia andato a buon fine. Se ha già pagato, la conferma può richiedere un po' di tempo.",
          ),
          questions.it,
        ),
        en: lines(
          'Please check that the payment went through. If you have already paid, the confirmation may take a little while.',
          questions.en,
        ),
      },
    ),
    orderInternal: order({
      it: `📋 ${hi}, ${yourOrder.it} ha cambiato stato.`,
      en: `📋 ${hello}, ${yourOrder.en} has a new status.`,
    }),

    abandonedCart: {
      it: lines(
        `🛒 ${hi}, ${say('il tuo carrello è ancora qui: quello che hai scelto ti aspetta', 'il suo carrello è ancora qui: quello che ha scelto la aspetta')}.`,
        '',
        cartLines.it,
        '',
        `${say("Puoi completare l'acquisto quando vuoi", "Può completare l'acquisto quando vuole")}${after('urlSito', ' su ')}.`,
      ),
      en: lines(
        `🛒 ${hello}, your cart is still here: everything you chose is waiting for you.`,
        '',
        cartLines.en,
        '',
        `You can complete your purchase whenever you like${after('urlSito', ' at ')}.`,
      ),
    },

    messageSent: message(messageSent, from, toRead),
    messageSentWithText: message(messageSent, from, toReply, quotation),
    messageRead: message(messageRead, readBy, conversation),
    messageReadWithText: message(messageRead, readBy, conversation, quotation),

    activityStatus: status({
      it: `🗓 ${hi}, un'attività della ${say('tua', 'sua')} agenda ha cambiato stato.`,
      en: `🗓 ${hello}, an activity in your agenda has changed status.`,
    }),
    // They have not created it.
    activityStatusForRecipients: status({
      it: `🗓 ${hi}, è cambiato lo stato di un'attività che ${say('ti', 'la')} riguarda.`,
      en: `🗓 ${hello}, an activity that concerns you has a new status.`,
    }),
    // If the name of who has seen it is not known, the label of the activity says what has happened.
    activityViewed: {
      it: lines(
        `👀 ${hi}!${after('autore', ' ', `<b>{{autore}}</b> ha preso visione di un'attività che ${say('hai', 'lei ha')} creato.`)}`,
        '',
        boldLine('oggettoAttivita', 'Attività vista'),
        boldLine('dataAttivita', 'Data'),
        '',
        agenda.it,
      ),
      en: lines(
        `👀 ${hello}!${after('autore', ' ', '<b>{{autore}}</b> has seen an activity that you created.')}`,
        '',
        boldLine('oggettoAttivita', 'Activity seen'),
        boldLine('dataAttivita', 'Date'),
        '',
        agenda.en,
      ),
    },
    activityReminder: {
      it: lines(
        `⏰ ${hi}, ${say('ti', 'le')} ricordiamo un'attività in programma.`,
        '',
        activityLines.it,
        line('autore', 'Creata da'),
        '',
        agenda.it,
      ),
      en: lines(
        `⏰ ${hello}, this is a reminder of an upcoming activity.`,
        '',
        activityLines.en,
        line('autore', 'Created by'),
        '',
        agenda.en,
      ),
    },

    // Here `nome` and its like are those of the person who uploaded the file, so nobody is greeted by name. It may be one
    // file, or many documents of which some have changed.
    fileUpload: {
      it: lines(
        `📁 ${greeting}, ci sono novità tra i documenti${after('riepilogoFile', ': ')}.`,
        '',
        fileList,
        boldLine('nomeCartella', 'Cartella'),
        line('autore', 'Caricato da'),
        '',
        `${say('Trovi tutto tra i documenti della tua', 'Trova tutto tra i documenti della sua')} area riservata${after('urlSito', ' su ')}.`,
      ),
      en: lines(
        `📁 Hello, there is something new among the documents${after('riepilogoFile', ': ')}.`,
        '',
        fileList,
        boldLine('nomeCartella', 'Folder'),
        line('autore', 'Uploaded by'),
        '',
        `You will find everything among the documents of your reserved area${after('urlSito', ' at ')}.`,
      ),
    },
    fileDownload: file(
      { it: `📥 ${hi}, un file è stato scaricato.`, en: `📥 ${hello}, a file has been downloaded.` },
      { it: 'Scaricato da', en: 'Downloaded by' },
    ),
    fileView: file(
      {
        it: `📄 ${hi}, un file è stato visualizzato in anteprima.`,
        en: `📄 ${hello}, a file has been previewed.`,
      },
      { it: 'Visualizzato da', en: 'Previewed by' },
    ),
    fileDownloads: files(
      {
        it: `📥 ${hi}, alcuni file sono stati scaricati.`,
        en: `📥 ${hello}, some files have been downloaded.`,
      },
      { it: 'Scaricati da', en: 'Downloaded by' },
    ),
    fileViews: files(
      {
        it: `📄 ${hi}, alcuni file sono stati visualizzati in anteprima.`,
        en: `📄 ${hello}, some files have been previewed.`,
      },
      { it: 'Visualizzati da', en: 'Previewed by' },
    ),

    welcome: {
      it: lines(
        `👋 ${hi}, ${say('ti', 'le')} diamo il benvenuto!`,
        '',
        `${say('Da ora riceverai qui', 'Da ora riceverà qui')} gli avvisi${after('nomeSito', ' di ', '<b>{{nomeSito}}</b>')} che ${say('ti', 'la')} riguardano.`,
        '',
        say(
          'Con /impostazioni scegli quali ricevere; con /stop li disattivi tutti, quando vuoi.',
          'Con /impostazioni può scegliere quali ricevere; con /stop può disattivarli tutti, quando vuole.',
        ),
      ),
      en: lines(
        `👋 ${hello}, welcome!`,
        '',
        `From now on you will receive here the notifications${after('nomeSito', ' from ', '<b>{{nomeSito}}</b>')} that concern you.`,
        '',
        'With /settings you choose which ones to receive; with /stop you switch them all off, whenever you like.',
      ),
    },
  };
}

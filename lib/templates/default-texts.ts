/** A text in the two languages of a new site. */
export type Words = { it: string; en: string };

/** `Etichetta: valore` on its own line, which is shown only with a value. */
function line(key: string, label: string, value = `{{${key}}}`): string {
  return `{{#${key}}}\n${label}: ${value}\n{{/${key}}}`;
}

/** ` {{key}}` after a word, with the text between them; nothing without a value. */
function after(key: string, between: string, value = `{{${key}}}`): string {
  return `{{#${key}}}${between}${value}{{/${key}}}`;
}

function lines(...rows: string[]): string {
  return rows.join('\n');
}

const ciao = `Ciao${after('nome', ' ')}`;
const hello = `Hello${after('nome', ' ')}`;
const fromAuthor: Words = {
  it: after('autore', ' da ', '<b>{{autore}}</b>'),
  en: after('autore', ' by ', '<b>{{autore}}</b>'),
};

export const orderStatus: Words = {
  it: lines(
    `📦 ${ciao}, ecco a che punto è il tuo ordine${after('siglaDocumento', ' ', '<b>{{siglaDocumento}}</b>')}.`,
    '',
    line('statoDocumento', 'Stato', '<b>{{statoDocumento}}</b>'),
    line('nominativo', 'Intestatario'),
    line('numeroArticoli', 'Articoli'),
    line('totaleOrdine', 'Totale', '<b>{{totaleOrdine}}</b>'),
    '',
    `Grazie per averci scelto!${after('urlSito', ' Per qualsiasi domanda ci trovi su ', '{{urlSito}}.')}`,
  ),
  en: lines(
    `📦 ${hello}, here is the latest on your order${after('siglaDocumento', ' ', '<b>{{siglaDocumento}}</b>')}.`,
    '',
    line('statoDocumento', 'Status', '<b>{{statoDocumento}}</b>'),
    line('nominativo', 'Ordered by'),
    line('numeroArticoli', 'Items'),
    line('totaleOrdine', 'Total', '<b>{{totaleOrdine}}</b>'),
    '',
    `Thank you for choosing us!${after('urlSito', ' If you have any questions, you can reach us at ', '{{urlSito}}.')}`,
  ),
};

export const abandonedCart: Words = {
  it: lines(
    `🛒 ${ciao}, il tuo carrello è ancora qui: quello che hai scelto ti aspetta.`,
    '',
    line('numeroArticoliCarrello', 'Articoli'),
    line('totaleCarrello', 'Totale', '<b>{{totaleCarrello}}</b>'),
    '',
    `Puoi completare l'acquisto quando vuoi${after('urlSito', ' su ')}.`,
  ),
  en: lines(
    `🛒 ${hello}, your cart is still here: everything you chose is waiting for you.`,
    '',
    line('numeroArticoliCarrello', 'Items'),
    line('totaleCarrello', 'Total', '<b>{{totaleCarrello}}</b>'),
    '',
    `You can complete your purchase whenever you like${after('urlSito', ' at ')}.`,
  ),
};

export const messageSent: Words = {
  it: lines(
    `✉️ ${ciao}, hai un nuovo messaggio${fromAuthor.it}.`,
    '',
    line('oggettoMessaggio', 'Oggetto', '<b>{{oggettoMessaggio}}</b>'),
    after('testoMessaggio', '', '<blockquote>{{testoMessaggio}}</blockquote>'),
    '',
    `Per rispondere, entra nella tua area riservata${after('urlSito', ' su ')}.`,
  ),
  en: lines(
    `✉️ ${hello}, you have a new message${after('autore', ' from ', '<b>{{autore}}</b>')}.`,
    '',
    line('oggettoMessaggio', 'Subject', '<b>{{oggettoMessaggio}}</b>'),
    after('testoMessaggio', '', '<blockquote>{{testoMessaggio}}</blockquote>'),
    '',
    `To reply, sign in to your reserved area${after('urlSito', ' at ')}.`,
  ),
};

export const messageRead: Words = {
  it: lines(
    `✅ ${ciao}, il tuo messaggio è stato letto${fromAuthor.it}.`,
    '',
    line('oggettoMessaggio', 'Oggetto', '<b>{{oggettoMessaggio}}</b>'),
    after('testoMessaggio', '', '<blockquote>{{testoMessaggio}}</blockquote>'),
    '',
    `Trovi la conversazione nella tua area riservata${after('urlSito', ' su ')}.`,
  ),
  en: lines(
    `✅ ${hello}, your message has been read${fromAuthor.en}.`,
    '',
    line('oggettoMessaggio', 'Subject', '<b>{{oggettoMessaggio}}</b>'),
    after('testoMessaggio', '', '<blockquote>{{testoMessaggio}}</blockquote>'),
    '',
    `You will find the conversation in your reserved area${after('urlSito', ' at ')}.`,
  ),
};

const activityLines: Words = {
  it: lines(
    line('oggettoAttivita', 'Attività', '<b>{{oggettoAttivita}}</b>'),
    line('dataAttivita', 'Data', '<b>{{dataAttivita}}</b>'),
  ),
  en: lines(
    line('oggettoAttivita', 'Activity', '<b>{{oggettoAttivita}}</b>'),
    line('dataAttivita', 'Date', '<b>{{dataAttivita}}</b>'),
  ),
};

const inTheAgenda: Words = {
  it: `Trovi tutti i dettagli nell'agenda della tua area riservata${after('urlSito', ' su ')}.`,
  en: `You will find all the details in the agenda of your reserved area${after('urlSito', ' at ')}.`,
};

const oldStatus = after('vecchioStato', '', '<i>{{vecchioStato}}</i> → ');

export const activityStatus: Words = {
  it: lines(
    `🗓 ${ciao}, un'attività che hai creato ha cambiato stato.`,
    '',
    activityLines.it,
    line('nuovoStato', 'Stato', `${oldStatus}<b>{{nuovoStato}}</b>`),
    line('autore', 'Modifica di'),
    '',
    inTheAgenda.it,
  ),
  en: lines(
    `🗓 ${hello}, an activity you created has changed status.`,
    '',
    activityLines.en,
    line('nuovoStato', 'Status', `${oldStatus}<b>{{nuovoStato}}</b>`),
    line('autore', 'Changed by'),
    '',
    inTheAgenda.en,
  ),
};

export const activityViewed: Words = {
  it: lines(
    `👀 ${ciao}, un'attività che hai creato è stata vista${fromAuthor.it}.`,
    '',
    activityLines.it,
    '',
    inTheAgenda.it,
  ),
  en: lines(
    `👀 ${hello}, an activity you created has been viewed${fromAuthor.en}.`,
    '',
    activityLines.en,
    '',
    inTheAgenda.en,
  ),
};

export const activityReminder: Words = {
  it: lines(
    `⏰ ${ciao}, ti ricordiamo un'attività in programma.`,
    '',
    activityLines.it,
    line('autore', 'Creata da'),
    '',
    inTheAgenda.it,
  ),
  en: lines(
    `⏰ ${hello}, this is a reminder of an upcoming activity.`,
    '',
    activityLines.en,
    line('autore', 'Created by'),
    '',
    inTheAgenda.en,
  ),
};

const fileLines: Words = {
  it: lines(
    line('nomeFile', 'File', '<b>{{nomeFile}}</b>'),
    line('nomeCartella', 'Cartella', '<b>{{nomeCartella}}</b>'),
  ),
  en: lines(
    line('nomeFile', 'File', '<b>{{nomeFile}}</b>'),
    line('nomeCartella', 'Folder', '<b>{{nomeCartella}}</b>'),
  ),
};

const inTheDocuments: Words = {
  it: `Lo trovi tra i documenti della tua area riservata${after('urlSito', ' su ')}.`,
  en: `You will find it among the documents of your reserved area${after('urlSito', ' at ')}.`,
};

// Here `nome` and its like are those of the person who uploaded the file, so nobody is greeted by name.
export const fileUpload: Words = {
  it: lines(
    `📁 Ciao, un nuovo file è stato caricato${fromAuthor.it}.`,
    '',
    fileLines.it,
    '',
    inTheDocuments.it,
  ),
  en: lines(
    `📁 Hello, a new file has been uploaded${fromAuthor.en}.`,
    '',
    fileLines.en,
    '',
    inTheDocuments.en,
  ),
};

export const fileDownload: Words = {
  it: lines(
    `📥 ${ciao}, un file è stato scaricato${fromAuthor.it}.`,
    '',
    fileLines.it,
    '',
    inTheDocuments.it,
  ),
  en: lines(
    `📥 ${hello}, a file has been downloaded${fromAuthor.en}.`,
    '',
    fileLines.en,
    '',
    inTheDocuments.en,
  ),
};

export const fileView: Words = {
  it: lines(
    `📄 ${ciao}, un file è stato aperto in anteprima${fromAuthor.it}.`,
    '',
    fileLines.it,
    '',
    inTheDocuments.it,
  ),
  en: lines(
    `📄 ${hello}, a file has been previewed${fromAuthor.en}.`,
    '',
    fileLines.en,
    '',
    inTheDocuments.en,
  ),
};

export const welcome: Words = {
  it: lines(
    `👋 ${ciao}, ti diamo il benvenuto!`,
    '',
    `Da ora ricevi qui su Telegram gli avvisi${after('urlSito', ' di ')} che ti riguardano: ordini e carrelli, messaggi, attività e documenti.`,
    '',
    'Con /impostazioni scegli quali avvisi ricevere; con /stop non ne ricevi più, quando vuoi.',
  ),
  en: lines(
    `👋 ${hello}, welcome!`,
    '',
    `From now on you will receive here on Telegram the notifications${after('urlSito', ' from ')} that concern you: orders and carts, messages, activities and documents.`,
    '',
    'With /settings you choose which notifications to receive; with /stop you receive no more of them, whenever you like.',
  ),
};

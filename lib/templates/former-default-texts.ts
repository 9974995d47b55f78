import type { TemplateKind } from '../domain/templates.ts';
import type { Tone } from '../domain/tone.ts';
import type { Words } from './default-texts.ts';

/**
 * The Italian texts of the default templates that sites of the former release have: they keep them, and a site that
 * chooses a tone gets its unchanged ones in this tone.
 */
export function formerDefaultTexts(tone: Tone): Record<TemplateKind, string> {
  const say = (tu: string, lei: string) => (tone === 'lei' ? lei : tu);
  const greeting = say(
    'Ciao{{#nome}} {{nome}}{{/nome}}',
    'Buongiorno{{#nominativo}} {{nominativo}}{{/nominativo}}',
  );
  const on = (before = ' su ', rest = '') => `{{#urlSito}}${before}{{urlSito}}${rest}{{/urlSito}}`;
  const line = (key: string, label: string, value: string) => `{{#${key}}}\n${label}: ${value}\n{{/${key}}}`;
  const plain = (key: string, label: string) => line(key, label, `{{${key}}}`);
  const bold = (key: string, label: string) => line(key, label, `<b>{{${key}}}</b>`);
  const author = '{{#autore}} da <b>{{autore}}</b>{{/autore}}';
  const text = (...rows: string[]) => rows.join('\n');

  const quotation = '{{#testoMessaggio}}<blockquote>{{testoMessaggio}}</blockquote>{{/testoMessaggio}}';
  const activity = text(bold('oggettoAttivita', 'Attività'), bold('dataAttivita', 'Data'));
  const agenda = `${say("Trovi tutti i dettagli nell'agenda della tua", "Trova tutti i dettagli nell'agenda della sua")} area riservata${on()}.`;
  const file = text(bold('nomeFile', 'File'), bold('nomeCartella', 'Cartella'));
  const documents = `${say('Lo trovi tra i documenti della tua', 'Lo trova tra i documenti della sua')} area riservata${on()}.`;

  return {
    'order-status': text(
      `📦 ${greeting}, ecco a che punto è il ${say('tuo', 'suo')} ordine{{#siglaDocumento}} <b>{{siglaDocumento}}</b>{{/siglaDocumento}}.`,
      '',
      bold('statoDocumento', 'Stato'),
      plain('nominativo', 'Intestatario'),
      plain('numeroArticoli', 'Articoli'),
      bold('totaleOrdine', 'Totale'),
      '',
      `Grazie per averci scelto!${on(say(' Per qualsiasi domanda ci trovi su ', ' Per qualsiasi domanda ci trova su '), '.')}`,
    ),
    'abandoned-cart': text(
      `🛒 ${greeting}, ${say('il tuo carrello è ancora qui: quello che hai scelto ti aspetta', 'il suo carrello è ancora qui: quello che ha scelto la aspetta')}.`,
      '',
      plain('numeroArticoliCarrello', 'Articoli'),
      bold('totaleCarrello', 'Totale'),
      '',
      `${say("Puoi completare l'acquisto quando vuoi", "Può completare l'acquisto quando vuole")}${on()}.`,
    ),
    'message-sent': text(
      `✉️ ${greeting}, ${say('hai', 'ha')} un nuovo messaggio${author}.`,
      '',
      bold('oggettoMessaggio', 'Oggetto'),
      quotation,
      '',
      `${say('Per rispondere, entra nella tua', 'Per rispondere, entri nella sua')} area riservata${on()}.`,
    ),
    'message-read': text(
      `✅ ${greeting}, il ${say('tuo', 'suo')} messaggio è stato letto${author}.`,
      '',
      bold('oggettoMessaggio', 'Oggetto'),
      quotation,
      '',
      `${say('Trovi la conversazione nella tua', 'Trova la conversazione nella sua')} area riservata${on()}.`,
    ),
    'activity-status': text(
      `🗓 ${greeting}, un'attività che ${say('hai', 'ha')} creato ha cambiato stato.`,
      '',
      activity,
      line(
        'nuovoStato',
        'Stato',
        '{{#vecchioStato}}<i>{{vecchioStato}}</i> → {{/vecchioStato}}<b>{{nuovoStato}}</b>',
      ),
      plain('autore', 'Modifica di'),
      '',
      agenda,
    ),
    'activity-viewed': text(
      `👀 ${greeting}, un'attività che ${say('hai', 'ha')} creato è stata vista${author}.`,
      '',
      activity,
      '',
      agenda,
    ),
    'activity-reminder': text(
      `⏰ ${greeting}, ${say('ti', 'le')} ricordiamo un'attività in programma.`,
      '',
      activity,
      plain('autore', 'Creata da'),
      '',
      agenda,
    ),
    'file-upload': text(
      `📁 ${say('Ciao', 'Buongiorno')}, un nuovo file è stato caricato${author}.`,
      '',
      file,
      '',
      documents,
    ),
    'file-download': text(`📥 ${greeting}, un file è stato scaricato${author}.`, '', file, '', documents),
    'file-view': text(
      `📄 ${greeting}, un file è stato aperto in anteprima${author}.`,
      '',
      file,
      '',
      documents,
    ),
    welcome: text(
      `👋 ${greeting}, ${say('ti', 'le')} diamo il benvenuto!`,
      '',
      `Da ora ${say('ricevi', 'riceve')} qui su Telegram gli avvisi${on(' di ')} che ${say('ti', 'la')} riguardano: ordini e carrelli, messaggi, attività e documenti.`,
      '',
      say(
        'Con /impostazioni scegli quali avvisi ricevere; con /stop non ne ricevi più, quando vuoi.',
        'Con /impostazioni può scegliere quali avvisi ricevere; con /stop non ne riceve più, quando vuole.',
      ),
    ),
  };
}

/**
 * The texts of the default template for `file-upload` that sites of the two former releases have, the oldest first: they
 * speak of one file.
 */
export function formerFileUploads(tone: Tone): Words[] {
  const isFormal = tone === 'lei';
  const find = isFormal ? 'Lo trova tra i documenti della sua' : 'Lo trovi tra i documenti della tua';
  const lines = (file: string, folder: string) => [
    `{{#nomeFile}}\n${file}: <b>{{nomeFile}}</b>\n{{/nomeFile}}`,
    `{{#nomeCartella}}\n${folder}: <b>{{nomeCartella}}</b>\n{{/nomeCartella}}`,
  ];
  const by = (label: string) => `{{#autore}}\n${label}: {{autore}}\n{{/autore}}`;
  const documents = `${find} area riservata{{#urlSito}} su {{urlSito}}{{/urlSito}}.`;
  const englishDocuments =
    'You will find it among the documents of your reserved area{{#urlSito}} at {{urlSito}}{{/urlSito}}.';
  const text = (...rows: string[]) => rows.join('\n');
  return [
    {
      it: formerDefaultTexts(tone)['file-upload'],
      en: text(
        '📁 Hello, a new file has been uploaded{{#autore}} by <b>{{autore}}</b>{{/autore}}.',
        '',
        ...lines('File', 'Folder'),
        '',
        englishDocuments,
      ),
    },
    {
      it: text(
        `📁 ${isFormal ? 'Buongiorno' : 'Ciao'}, è stato caricato un nuovo file.`,
        '',
        ...lines('File', 'Cartella'),
        by('Caricato da'),
        '',
        documents,
      ),
      en: text(
        '📁 Hello, a new file has been uploaded.',
        '',
        ...lines('File', 'Folder'),
        by('Uploaded by'),
        '',
        englishDocuments,
      ),
    },
  ];
}

/** What the API says also to programs, as it is said to people. */
import type { Sentence, SentenceLanguage } from '../../lib/domain/sentence.ts';

export const UNEXPECTED: Sentence = {
  it: 'Qualcosa non ha funzionato. Riprovate; se succede di nuovo, scrivete a chi gestisce il servizio.',
  en: 'Something did not work. Try again; if it happens again, write to whoever runs the service.',
};

/** Instead of what the API says, by the code of the problem: people have buttons, and no requests. */
const WORDS: Partial<Record<string, Sentence>> = {
  'body-encoded': UNEXPECTED,
  'body-missing': UNEXPECTED,
  'body-not-utf8': UNEXPECTED,
  'not-json': UNEXPECTED,
  'unreadable-etag': UNEXPECTED,
  'no-such-path': UNEXPECTED,
  'method-not-allowed': UNEXPECTED,
  'not-acceptable': UNEXPECTED,
  'nothing-tagged': UNEXPECTED,
  'weak-etag': UNEXPECTED,
  'foreign-etag': UNEXPECTED,
  'internal-error': UNEXPECTED,
  'changed-meanwhile': {
    it: 'Nel frattempo qualcun altro ha fatto una modifica, e qui non è cambiato nulla. Ricaricare la pagina e riprovare.',
    en: 'Somebody else has made a change meanwhile, and nothing was changed here. Reload the page, and try again.',
  },
  'no-webhook': {
    it: 'Il webhook non c’è più: si può salvarne un altro.',
    en: 'The webhook is not there any more: another one can be saved.',
  },
  'unknown-site': {
    it: 'Questo sito non c’è: forse è stato cancellato.',
    en: 'There is no such site: it may have been deleted.',
  },
  'unknown-template': {
    it: 'Questo messaggio non c’è più: forse è stato eliminato.',
    en: 'This message is not there any more: it may have been deleted.',
  },
  'no-such-version': {
    it: 'Questa versione non si conserva più: tornare alla cronologia e sceglierne un’altra.',
    en: 'This version is not kept any more: go back to the history, and choose another one.',
  },
  'opted-out-by-person': {
    it: 'La persona ha chiesto di non ricevere più messaggi, e solo lei può cambiare idea: con /start nel bot, o dal sito.',
    en: 'The person has asked for no more messages, and only they can change their mind: with /start in the bot, or on the site.',
  },
  'test-message': {
    it: 'Questa era una prova: si può inviarne un’altra dalla pagina del messaggio.',
    en: 'This was a test: another one can be sent from the page of the message.',
  },
  'too-many-requests': {
    it: 'Troppe richieste in poco tempo: non è stato fatto nulla. Riprovare tra qualche secondo.',
    en: 'Too many requests in a short time: nothing was done. Try again in some seconds.',
  },
  'too-many-waiting': {
    it: 'Troppi messaggi del negozio aspettano già di partire. Vedere nella pagina del bot se il collegamento funziona, e riprovare tra un minuto.',
    en: 'Too many messages of the shop wait to be sent already. See on the page of the bot whether its connection works, and try again in a minute.',
  },
};

/** @param detail what the API says, in that language. */
export function problemForPeople(code: string, detail: string, language: SentenceLanguage): string {
  return WORDS[code]?.[language] ?? textForPeople(detail, language);
}

/** Instead of what the API says of one place, by how that begins: nothing of it is for people. */
const WORDS_OF_PLACES: [begins: RegExp, words: Sentence][] = [
  [
    /^(?:Deve essere il "cursor" |È di una richiesta con altre date|Must be the "cursor" |Is of a query with other times)/,
    {
      it: 'Da qui l’elenco non si può continuare: ricaricare la pagina.',
      en: 'The list can’t go on from here: reload the page.',
    },
  ],
  [
    /^(?:Si modifica con PUT|Si imposta con una chiave del sito|Is changed with PUT|Is set with a key of the site)/,
    {
      it: 'Con questo accesso non si può modificare.',
      en: 'It can’t be changed by whoever is signed in here.',
    },
  ],
];

const METHOD = 'GET|PUT|POST|PATCH|DELETE';

/**
 * Parts without which a sentence stays whole: Telegram's own words, which request to send, and with which field, and where
 * the API is.
 */
const PARTS = [
  / \(Telegram: ".*?"\)/gs,
  /[,;] (?:oppure|or) [^.:;]* (?:con|with) "\w+": (?:true|false)(?=\.)/g,
  new RegExp(` \\((?:${METHOD}) [^)]*\\)`, 'g'),
  new RegExp(` (?:con|with) (?:${METHOD}) [^\\s,;:]*[^\\s,;:.]`, 'g'),
  / (?:con|with) "\w+": (?:true|false)(?=:)/g,
  / (?:a|to) https?:\/\/\S*?\/v1\/\S*?(?=[.,;:]?(?:\s|$))/g,
];

/** The API's own words in quotation marks: fields of a body, as its sentences name them, those of a header, and Telegram's. */
const OWN_QUOTED = [
  '"(?:takeOver|replace|enabled|by)": (?:true|false|"person")',
  '"(?:eventId|moduleActive|optedOut|siteId)"',
  '(?:Proprietà sconosciuta|Parametro sconosciuto|Unknown (?:property|parameter)) "[^"]*"',
  '(?<= è | now )\\{"\\w+":',
  '"site" or "platform"',
  '(?:in|what) "errors"',
  '(?:il|the) "cursor"',
  '\\(Telegram: ".*?"\\)',
  '"Authorization: Bearer KEY"',
  '"Content-Encoding"',
  '"If-None-Match: \\*"',
].join('|');

/** What is left of them: a request, an address of the API, a field of a body or of a header. */
const TECHNICAL = new RegExp(
  `\\b(?:${METHOD})\\b|/v1/|…/|${OWN_QUOTED}|JSON|Authorization|Content-Encoding|ETag|If-(?:None-)?Match`,
);

/**
 * What the sentences repeat of somebody's own, and their examples: placeholders, tags, entities, addresses of links,
 * whole messages, and all other words in quotation marks.
 */
const REPEATED = [
  '\\{\\{.*?(?:\\}\\}|$)',
  '<(?:/?\\w[^<>]*>)?',
  '&#?\\w+;?',
  "(?<=Un link non può essere |A link can't be |aprire un link a |open a link to ).+?(?=: |, che |, which )",
  '(?<=leggono: |then read: )".*"(?= Se | If )',
  '(?<![^\\s(])".*?"(?![^\\s.,:;)?])',
].join('|');

const QUOTED = new RegExp(`(?<own>${OWN_QUOTED})|${REPEATED}`, 'gs');

/** Without what only programs need. What somebody has typed stays as it is, whatever it looks like. */
export function textForPeople(text: string, language: SentenceLanguage): string {
  const known = WORDS_OF_PLACES.find(([begins]) => begins.test(text));
  if (known) return known[1][language];
  const repeated: string[] = [];
  const marked = text.replace(QUOTED, (found, own: string | undefined) =>
    own === undefined ? `\u{f0000}${repeated.push(found) - 1}\u{f0001}` : found,
  );
  const whole = PARTS.reduce((rest, part) => rest.replace(part, ''), marked)
    .replace(/Inviare di nuovo la stessa richiesta/g, 'Riprovare')
    .replace(/Send the same request again/g, 'Try again');
  const sentences = whole
    .split(/(?<=[.!?]) (?=[\p{Lu}\u{f0000}])/u)
    .filter((sentence) => !TECHNICAL.test(sentence));
  const shown = sentences.join(' ') || UNEXPECTED[language];
  return shown.replace(/\u{f0000}(\d+)\u{f0001}/gu, (_, index: string) => repeated[Number(index)] ?? '');
}

/** What the API says to programs too reaches no merchant with a request, an address or a field in it. */
import { glob, readFile } from 'node:fs/promises';
import { beforeAll, expect, test } from '@jest/globals';
import { problemForPeople, textForPeople, UNEXPECTED } from '../../console/api/for-people.ts';
import { inLanguage, type Sentence } from '../../lib/domain/sentence.ts';
import { problemsOf } from '../../lib/openapi/problems.ts';
import { allOperations } from '../../scripts/openapi.ts';

const LANGUAGES = ['it', 'en'] as const;

/** The names of properties of the bodies, as docs/openapi.json has them. */
let properties: Set<string>;
let problems: { code: string; words: Sentence | string }[];

beforeAll(async () => {
  const { components } = JSON.parse(await readFile('docs/openapi.json', 'utf8'));
  properties = new Set(propertiesIn(components.schemas));
  problems = (await allOperations())
    .flatMap(problemsOf)
    .flatMap(({ code, detail, errors = [] }) => [
      { code, words: detail },
      ...errors.map((each) => ({ code: '', words: each.detail })),
    ]);
});

function propertiesIn(schema: unknown): string[] {
  if (schema === null || typeof schema !== 'object') return [];
  return Object.entries(schema).flatMap(([name, part]) => [
    ...(name === 'properties' ? Object.keys(part as object) : []),
    ...propertiesIn(part),
  ]);
}

/** What a merchant has no use for. */
function technicalIn(text: string): string[] {
  const quoted = [...text.matchAll(/"(\w+)"/g)].map(([, name = '']) => name);
  return [
    ...(text.match(/\b(?:GET|PUT|POST|PATCH|DELETE)\b|\/v1\/|…\/\w|If-(?:None-)?Match|ETag|Bearer|JSON/g) ??
      []),
    // These are languages, and how the usernames of bots end.
    ...quoted.filter((name) => properties.has(name) && !['it', 'en', 'bot'].includes(name)),
  ];
}

test.each(LANGUAGES)('all that the operations answer, in %s', (language) => {
  const offenders = problems
    .map(({ code, words }) => problemForPeople(code, inLanguage(words, language), language))
    .filter((text) => text.trim() === '' || technicalIn(text).length > 0);
  expect([...new Set(offenders)]).toEqual([]);
});

const ADDRESS = 'https://api.example/v1/telegram/demo';

/**
 * The texts of the rooms that answer, whether an example shows them or not; `x` stands for what is put into them, and
 * `ADDRESS` for an address.
 */
async function textsInSources(language: string): Promise<string[]> {
  const text = new RegExp(`\\b${language}: (?:'((?:[^'\\\\]|\\\\.)*)'|"([^"\\n]*)"|\`([^\`]*)\`)`, 'g');
  const found: string[] = [];
  for await (const path of glob(
    '{functions,lib/{domain,http,deliveries,templates,users,sites,webhooks}}/**/*.ts',
  )) {
    if (path.endsWith('.docs.ts')) continue;
    for (const [, ...ways] of (await readFile(path, 'utf8')).matchAll(text))
      found.push(
        (ways.find((way) => way !== undefined) ?? '')
          .replace(/\$\{[^}]*\}/g, (inserted) => (/url|address/i.test(inserted) ? ADDRESS : 'x'))
          .replaceAll("\\'", "'"),
      );
  }
  return found;
}

test.each(LANGUAGES)('all that stands in the sources, in %s', async (language) => {
  const texts = await textsInSources(language);
  expect(texts.length).toBeGreaterThan(300);
  const offenders = texts
    .map((text) => textForPeople(text, language))
    .filter((text) => technicalIn(text).length > 0);
  expect([...new Set(offenders)]).toEqual([]);
  // An address in a sentence costs only itself.
  const withAddress = texts.filter((text) => text.includes(` ${ADDRESS}`));
  expect(withAddress.length).toBeGreaterThan(0);
  expect(withAddress.filter((text) => textForPeople(text, language) === UNEXPECTED[language])).toEqual([]);
});

test.each([
  [
    'Telegram consegna quello che le persone scrivono a https://api.example/v1/telegram/demo.',
    'Telegram consegna quello che le persone scrivono.',
  ],
  [
    'Non è stato modificato nulla. Comunicarlo alla piattaforma; nel frattempo si può creare un bot con @BotFather e salvarne il token con PUT …/bot.',
    'Non è stato modificato nulla. Comunicarlo alla piattaforma; nel frattempo si può creare un bot con @BotFather e salvarne il token.',
  ],
  [
    'Salvare prima il token e il nome utente del bot (PUT …/bot).',
    'Salvare prima il token e il nome utente del bot.',
  ],
  [
    'Il sito ha già 10 modelli attivi, e non se ne inviano di più: eliminarne uno, oppure salvare questo con "enabled": false.',
    'Il sito ha già 10 modelli attivi, e non se ne inviano di più: eliminarne uno.',
  ],
  [
    'Non esiste un segnaposto {{nom}}. Si intendeva {{nome}}? (Riga 1, carattere 6.)',
    'Non esiste un segnaposto {{nom}}. Si intendeva {{nome}}? (Riga 1, carattere 6.)',
  ],
  [
    'Telegram rifiuta questo testo: il tag <b> non è chiuso, manca </b> (Telegram: "Bad Request: can\'t parse entities: Can\'t find end tag corresponding to start tag "b""). (Riga 1, carattere 1.)',
    'Telegram rifiuta questo testo: il tag <b> non è chiuso, manca </b>. (Riga 1, carattere 1.)',
  ],
  [
    'Telegram rifiuta questo testo: il tag <script> non si può usare. Se il < non è un tag, scrivere &lt; (Telegram: "Bad Request: can\'t parse entities: Unsupported start tag "script" at byte offset 0").',
    'Telegram rifiuta questo testo: il tag <script> non si può usare. Se il < non è un tag, scrivere &lt;.',
  ],
  [
    'Deve essere il "cursor" di una risposta precedente, così com\'è arrivato.',
    'Da qui l’elenco non si può continuare: ricaricare la pagina.',
  ],
  [
    'Si modifica con PUT: con la chiave della piattaforma, PATCH modifica solo "moduleActive".',
    'Con questo accesso non si può modificare.',
  ],
  // Examples, and what somebody has typed, are none of the API's own words.
  ...[
    'Scegliere almeno uno stato dell\'ordine, come "Evaso": questo modello si invia quando un ordine entra in uno di essi.',
    'La sezione {{#JSON}} non è chiusa: manca {{/JSON}} prima della fine del testo.',
    'Non esiste un segnaposto {{GET}}. Si intendeva {{nome}}?',
    'Non esiste un segnaposto {{a "x": b}}. Si intendeva {{nome}}?',
    'Un link non può essere /v1/x, che non è un indirizzo intero: Telegram toglierebbe questo link, o porterebbe altrove. Scriverlo con il sito davanti.',
    'Un link non può essere "/v1/x", che non è un indirizzo intero: Telegram toglierebbe questo link, o porterebbe altrove. Scriverlo con il sito davanti.',
    "Un pulsante non accetta HTML, e mostrerebbe <PUT> così com'è scritto: usare testo semplice.",
    'Telegram non mostrerebbe &PUT; come il carattere che si intende. Toglierlo.',
    '"Clienti VIP. GET /v1" è uguale a "clienti vip. get /v1": indicarlo una volta sola.',
    '"button" è uguale a "Button": indicarlo una volta sola.',
    'Anche "Ordine "PUT"" (ordine) è attivo: alcune persone ricevono un messaggio da entrambi.',
    'Le persone allora leggono: "Vedi "GET" su ETag" Se non si legge bene, mettere in una sezione tutto ciò che va con il valore.',
    'Il sito è anche in inglese ("en"): scrivere il testo anche in quella lingua.',
  ].map((said) => [said, said]),
  [
    'Qui serve PATCH.',
    'Qualcosa non ha funzionato. Riprovate; se succede di nuovo, scrivete a chi gestisce il servizio.',
  ],
])('%s', (said, shown) => expect(textForPeople(said, 'it')).toBe(shown));

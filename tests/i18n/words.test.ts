/** Every sentence of the bot and of the pages: the tone, the words, the full stops. */
import { describe, expect, test } from '@jest/globals';
import { EVENT_NAMES, type EventName } from '../../lib/domain/events.ts';
import { TONES, type Tone } from '../../lib/domain/tone.ts';
import { type BotTexts, botTexts, PRESENTATIONS, type Shop } from '../../lib/i18n/bot-texts/index.ts';
import { type PageKind, pageWords } from '../../lib/i18n/page-texts.ts';

const PAGES: Record<PageKind, true> = {
  malformed: true,
  forged: true,
  stale: true,
  'from-the-future': true,
  refused: true,
  inactive: true,
  'unknown-site': true,
  'not-set-up': true,
  unknown: true,
  'login-used': true,
  outdated: true,
  newer: true,
  'too-many-chats': true,
  'too-many-users': true,
  used: true,
  expired: true,
  'try-again': true,
};

const STUDIO: Shop = {
  name: '<b>Rossi & Figli S.r.l.</b>',
  url: 'https://studio.example',
  contact: undefined,
  privacyUrl: undefined,
  events: [...EVENT_NAMES],
};
const ACCOUNT = '<b>Bianchi S.p.A.</b>';
const OPT_OUTS = [
  { by: 'person', at: undefined },
  { by: 'shop', at: undefined },
  { by: 'shop', at: '2 luglio 2026 alle ore 00:30' },
];

function accountOf(optOuts: object[], on: EventName[], off: EventName[]) {
  return { account: 'Bianchi S.p.A.', since: '2 luglio 2026', on, off, optOuts, otherChats: 1 };
}

/** What texts are made of besides the site; those that are not here take an account or nothing. */
function argumentsOf(key: string, shop: Shop): unknown[][] {
  const [first, ...rest] = shop.events;
  const accounts = [accountOf([], rest, first ? [first] : []), accountOf(OPT_OUTS, [], [])];
  switch (key) {
    case 'status':
      return [accounts, ...accounts.map((account) => [account])].map((shown) => [
        shop,
        { accounts: shown, isShopPaused: true },
      ]);
    case 'settings':
      return [[], OPT_OUTS].map((optOuts) => [
        shop,
        { account: 'Bianchi S.p.A.', isForSeveralChats: true, optOuts },
      ]);
    case 'quietText':
      return [undefined, { from: '22:00', to: '08:00', mode: 'after' }].map((ofShop) => [
        shop,
        { account: 'Bianchi S.p.A.', isForSeveralChats: true, ofShop },
      ]);
    case 'fromHour':
    case 'toHour':
      return [['22']];
    case 'toastOn':
    case 'toastOff':
      return [['Nuovi messaggi']];
    case 'backAgain':
    case 'stoppedBySite':
      return [
        [shop, undefined],
        [shop, ACCOUNT],
      ];
    default:
      return [[shop, ACCOUNT]];
  }
}

/** Every text below a key, as people read it. */
function sentencesIn(value: unknown, key: string, shop: Shop): string[] {
  if (typeof value === 'string') return [value];
  if (typeof value === 'function') {
    const given = argumentsOf(key, shop).map((words) => String(value(...words)));
    return given.map((text) => text.replace(/<\/?b>/g, '').replaceAll('&amp;', '&'));
  }
  return Object.entries(value as object).flatMap(([name, part]) => sentencesIn(part, name, shop));
}

const botSentences = (texts: BotTexts, shop = STUDIO) =>
  sentencesIn(texts, '', shop).concat(sentencesIn(texts, '', { ...shop, contact: 'info@studio.example' }));

const pageSentences = (language: 'it' | 'en', tone: Tone) =>
  Object.keys(PAGES).flatMap((kind) => Object.values(pageWords(kind as PageKind, language, tone)));

function presented(language: 'it' | 'en') {
  const { commands, ...descriptions } = PRESENTATIONS[language];
  return [...Object.values(descriptions), ...commands.map(({ description }) => description)];
}

const italian = (tone: Tone) => [
  ...botSentences(botTexts(tone, 'it')),
  ...pageSentences('it', tone),
  ...presented('it'),
];
const english = [...botSentences(botTexts('tu', 'en')), ...pageSentences('en', 'tu'), ...presented('en')];

/** Whole words, whatever their case; a command such as /scollega is none. */
const anyOf = (...words: string[]) => new RegExp(`(?<![\\p{L}/])(?:${words.join('|')})(?!\\p{L})`, 'iu');

const TU = anyOf(
  ...['tu', 'te', 'ti', 'tuo', 'tua', 'tuoi', 'tue', 'ciao', '\\p{L}+(?:arti|erti|irti|urti)'],
  ...['sei', 'hai', 'puoi', 'vuoi', 'devi', 'vedi', 'ricevi', 'riconosci', 'scolleghi', 'cancelli'],
  ...['\\p{L}+(?:rai|resti)', 'riattivali', 'toglila', 'scrivigli'],
  ...['accedi', 'apri', 'chiedi', 'collega', 'scollega', 'controlla', 'entra', 'inquadra', 'leggi', 'premi'],
  ...['ricarica', 'riattiva', 'riprova', 'scegli', 'scrivi', 'tocca', 'togli', 'torna'],
);

const LEI = anyOf(
  ...['lei', 'buongiorno', 'suo account', 'suoi dati', 'suo nome', 'sue credenziali', 'sue scelte'],
  ...['vuole', 'deve', 'riceve avvisi: li', 'riceverà', 'riconosce', 'le (?:ha|viene)', 'la riguardano'],
  ...['inviarle', 'indicarle', 'se ha', 'se vuole'],
  ...[
    'acceda',
    'apra',
    'chieda',
    'colleghi',
    'controlli',
    'entri',
    'inquadri',
    'prema',
    'ricarichi',
    'riprovi',
  ],
  ...['scelga', 'scriva', 'tocchi', 'tolga', 'torni'],
);

/** Texts that a machine has put together badly: two full stops, a comma before a stop, doubled blanks. */
const SLIPS = /\.\.|,\s*[.,]|\s[.,;!?]| {2}|undefined|: ?\./;

test('the lists know the forms of each tone', () => {
  const [tu, lei] = [italian('tu').join('\n'), italian('lei').join('\n')];
  expect(tu.match(new RegExp(TU, 'giu'))?.length).toBeGreaterThan(100);
  expect(lei.match(new RegExp(LEI, 'giu'))?.length).toBeGreaterThan(100);
});

const having = (sentences: string[], slip: RegExp) => sentences.filter((sentence) => slip.test(sentence));

test('lei, and never tu', () => expect(having(italian('lei'), TU)).toEqual([]));

test('tu, and never lei', () => expect(having(italian('tu'), LEI)).toEqual([]));

describe.each([...TONES.map((tone) => [tone, italian(tone)] as const), ['English', english] as const])(
  '%s',
  (_, sentences) => {
    test('nobody is told of a shop who may be an accountant', () => {
      expect(having(sentences, /negozi|shop|client|customer|compra/i)).toEqual([]);
    });

    test('one full stop after a name that ends in one, and no other slips', () => {
      expect(having(sentences, SLIPS)).toEqual([]);
    });

    test('notices are switched on and off, not lit', () => {
      expect(having(sentences, /acces[oiae]\b(?! con)|spent[oiae]\b|accend|spegn/i)).toEqual([]);
    });
  },
);

test('a name without a full stop gets one', () => {
  const texts = botTexts('lei', 'it');
  const shop = { ...STUDIO, name: '<b>Studio Rossi</b>', events: [] };
  expect(texts.howToLink(shop)).toContain('gli avvisi di <b>Studio Rossi</b>.');
  expect(texts.accountLinked(shop, '<b>Anna</b>')).toContain('per <b>Anna</b>.\n');
  expect(texts.accountLinked(shop, ACCOUNT)).toContain('per <b>Bianchi S.p.A.</b>\n');
});

describe('only what a site sends is named', () => {
  const shop: Shop = { ...STUDIO, events: ['message-sent', 'message-read', 'file-upload'] };
  const OTHERS = /ordin[ei]|carrell|attività|promemoria|\borders?\b|\bcarts?\b|activit|reminder/i;

  test.each(['it', 'en'])('in %s', (language) => {
    const { events: _, ...texts } = botTexts('tu', language);
    expect(having(sentencesIn(texts, '', shop), OTHERS)).toEqual([]);
    expect(texts.help(shop)).toMatch(/: (?:messaggi e documenti|messages and documents)\./);
  });

  test('nothing, where a site sends nothing', () => {
    const texts = botTexts('tu', 'it');
    const silent = { ...STUDIO, events: [] };
    expect(texts.help(silent)).toContain('S.r.l.</b> che ti riguardano.\n');
    expect(texts.settings(silent, { account: undefined, isForSeveralChats: false, optOuts: [] })).toBe(
      '⚙️ Al momento <b>Rossi & Figli S.r.l.</b> non invia avvisi su Telegram.',
    );
  });
});

describe('the words that were asked for', () => {
  const shop = { ...STUDIO, name: '<b>Studio Rossi</b>' };
  const notes = { account: undefined, isForSeveralChats: false, optOuts: [] };
  const [tu, lei] = [botTexts('tu', 'it'), botTexts('lei', 'it')];

  test.each([
    [tu.againButton, 'Riattiva gli avvisi'],
    [tu.settings(shop, notes), 'Tocca una voce per attivarla o disattivarla.'],
    [lei.settings(shop, notes), 'Tocchi una voce per attivarla o disattivarla.'],
    [tu.howToLink(shop), 'accedi a https://studio.example con le tue credenziali'],
    [lei.howToLink(shop), 'acceda a https://studio.example con le sue credenziali'],
    [tu.shopPaused(shop), 'Collegamento con <b>Studio Rossi</b> riuscito.'],
    [tu.linkRefused.expired(shop), 'Questo link è scaduto.'],
    [pageWords('expired', 'it', 'tu').title, 'Questo link è scaduto'],
    [tu.linkRefused.newer(shop), 'Hai già un collegamento più recente: non devi fare altro.'],
    [lei.linkRefused.newer(shop), 'Ha già un collegamento più recente: non deve fare altro.'],
    [pageWords('newer', 'it', 'tu').text, 'Hai già un collegamento più recente: non devi fare altro.'],
    [tu.toastOn(tu.events['file-access']), 'Avviso attivato: Documenti scaricati o visualizzati'],
    [tu.toastOff(tu.events['message-sent']), 'Avviso disattivato: Nuovi messaggi'],
  ])('%s', (said, words) => {
    expect(said).toContain(words);
  });
});

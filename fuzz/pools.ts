/**
 * Plausible values for a name, in addition to arbitrary ones: requests that are mostly right pass the first check, and
 * test the code after it.
 */
import fc from 'fast-check';
import { CHATS, CURSORS, DELIVERY_IDS, KEY_IDS } from './people.ts';
import { text } from './values.ts';

/** Replaced by a unique id when the request is made: a repeated event would test nothing new. */
export const NEW_EVENT_ID = '(new event id)';
/** Like `NEW_EVENT_ID`, for `update_id`, which is a number. */
export const NEW_UPDATE_ID = 4_242_424_242;
/** Replaced by an unused link token of the site. */
export const NEW_LINK_TOKEN = '(new link token)';
/** Replaced by the current time in seconds since 1970, and by Telegram's signature. */
export const NOW = '(now)';
export const SIGNATURE = '(signature)';
/** Replaced by those of a login with Telegram that has begun; the cookie is added. */
export const NEW_STATE = '(new state)';
export const NEW_CODE = '(new code)';

/** People of the site in every state, one of another site, and nobody. */
const personId = fc.oneof(
  { weight: 4, arbitrary: fc.constantFrom('anna', 'bruno', 'carla') },
  { weight: 2, arbitrary: fc.constantFrom('dario', 'elena', 'fabio', 'gino', 'ugo', 'nobody', 'ANNA') },
  { weight: 1, arbitrary: text },
);

const instant = fc.oneof(
  fc.constantFrom(
    '2026-11-22T15:30:00+01:00',
    '2099-01-31T23:59:59.999Z',
    '0000-01-01T00:00:00+23:59',
    '0001-01-01T00:00:00Z',
    '9999-12-31T23:59:59-23:59',
    '1969-12-31T23:59:59Z',
    '2027-03-28T02:30:00+01:00',
    '2024-02-29',
    '9999-12-31',
    '0000-01-01',
  ),
  fc.date({ noInvalidDate: true }).map((date) => date.toISOString()),
);

const language = fc.constantFrom(
  'it',
  'en',
  'en-GB',
  'IT',
  'de-u-co-phonebk',
  'x-private',
  'i-klingon',
  'zh-Hant-TW',
  'ar',
  'de-1996',
  'en-US-u-va-posix',
  'zz',
  'und',
);

const link = fc.oneof(
  { weight: 3, arbitrary: fc.constantFrom('https://shop.example/a', 'https://shop.example:8443/?a=1#b') },
  {
    weight: 1,
    arbitrary: fc.constantFrom(
      'https://it.shop.example/ordini/84512',
      'http://shop.example/a',
      'https://evil.example/',
      'https://shop.example.evil.example/',
      'https://shop.example@evil.example/',
      'https://evil.example#@shop.example/',
      'https://shop.example\\@evil.example',
      'https://shop.example/"><b>x</b>',
      "https://shop.example/'&quot;&lt;",
      'https://SHOP.example/\u202egpj.exe',
      'https://négozio.shop.example/è',
      'https://shop.example./',
      'http://shop.example/negozio/',
      'https://négozio.example/è',
      'https://[::1]:8443/',
      'https://a..b.example',
      'https://shop.example?x',
      'javascript:alert(1)//shop.example',
      'tg://user?id=7',
      '//shop.example',
    ),
  },
);

const cursorText = fc
  .tuple(instant, text)
  .map(([recordedAt, deliveryId]) => Buffer.from(`${recordedAt} ${deliveryId}`).toString('base64url'));

/** Pieces of a merchant's template, right and wrong. */
const templateText = fc
  .array(
    fc.oneof(
      { weight: 3, arbitrary: fc.constantFrom('Ciao {{nome}}! ', '<b>{{nominativo}}</b>\n', '{{urlSito}} ') },
      {
        weight: 1,
        arbitrary: fc.constantFrom(
          '{{#siglaDocumento}}<i>{{siglaDocumento}}</i>{{/siglaDocumento}}',
          '{{statoDocumento}} {{totaleOrdine}} {{numeroArticoli}}',
          '{{oggettoMessaggio}} {{testoMessaggio}}',
          '{{dataAttivita}} {{oggettoAttivita}}',
          '{{nomeFile}} {{nomeCartella}} {{autore}}',
          '{{riepilogoFile}}\n{{elencoFile}}\n{{numeroFile}}',
          '<a href="https://shop.example/{{siglaDocumento}}">qui</a>',
          '<a href="https://shop.example/">qui</a>',
          '<a>{{nome}}</a>',
          '<a href="{{urlSito}}">qui</a>',
          '<blockquote expandable>{{testoMessaggio}}</blockquote>',
          '<pre><code class="language-js">{{nome}}</code></pre>',
          '<tg-spoiler>{{cognome}}</tg-spoiler>',
          '{{{nome}}}',
          '{{&nome}}',
          '{{#nome}}',
          '{{nome',
          '{{ nome }}',
          '{{! a comment }}',
          '{{=<% %>=}}',
          '{{sconosciuto}}',
          '<b>',
          '</i>',
          '&#x1F600;&amp;&nbsp;&lt;',
        ),
      },
      { weight: 1, arbitrary: text },
    ),
    { minLength: 1, maxLength: 6 },
  )
  .map((pieces) => pieces.join(''));

/** Mostly right values, sometimes wrong ones. */
function mostly(right: string[], ...wrong: string[]): fc.Arbitrary<string> {
  return fc.oneof(
    { weight: 5, arbitrary: fc.constantFrom(...right) },
    { weight: 1, arbitrary: fc.constantFrom(...wrong) },
  );
}

/**
 * By the name of the property, parameter or header; with the name of the function before it, if it has another meaning
 * there.
 */
export const POOLS: Record<string, fc.Arbitrary<string> | undefined> = {
  id: personId,
  userId: personId,
  eventId: fc.constant(NEW_EVENT_ID),
  language,
  languages: language,
  defaultLanguage: language,
  date: instant,
  until: instant,
  occurredAt: instant,
  url: link,
  amount: fc.constantFrom('149.90', '-0', '999999999999999.999999', '0.1', '1e3', '01', ''),
  currency: fc.constantFrom('EUR', 'USD', 'XXX', 'ZZZ', 'eur', 'EU'),
  status: fc.constantFrom('Evaso', 'EVASO', 'evaso ', 'Confermato', 'İ'),
  statuses: fc.constantFrom('Evaso', 'evaso', 'Confermato', '<b>'),
  text: templateText,
  button: templateText,
  'text names': language,
  'button names': language,
  'orderButton names': language,
  'cartButton names': language,
  groups: fc.constantFrom('Agenti', 'agenti', '<b>', 'Clienti'),
  telegramGroups: fc.constantFrom('Agenti', 'Clienti', '<b>'),
  timeZone: mostly(['Europe/Rome', 'europe/rome', 'UTC', 'Etc/GMT+14', 'Asia/Kolkata'], '+01:00', 'Nowhere'),
  token: mostly(['100:demo', '200:nuovo'], '300:altro', '123456:ABC-DEF', '1:../../x'),
  username: mostly(['demo_shop_bot', '@Demo_Shop_Bot', 'nuovo_bot'], 'altro_bot', 'nobody_bot'),
  templateId: mostly(['default-order-status', 'default-welcome'], 'segreto', 'nope', '__proto__'),
  link: mostly([NEW_LINK_TOKEN], 'AAAAAAAAAAAAAAAAAAAAAA', '', 'x'),
  hash: mostly([SIGNATURE], '0'.repeat(64), '', 'G'.repeat(64)),
  auth_date: mostly([NOW], '0', '1', '9999999999', '-1', '1e3'),
  'callback-login id': mostly(CHATS.map(String), '0', '01', '-1', '1e3', '9007199254740993'),
  state: mostly([NEW_STATE], '', 'x'),
  code: fc.oneof(fc.constant(NEW_CODE), text),
  'deliveries status': mostly(['sent', 'skipped', 'failed', 'retrying'], 'Evaso'),
  'deliveries event': mostly(['order-status', 'welcome'], 'x', '__proto__'),
  'deliveries userId': mostly(['anna', 'bruno', 'ugo'], '', 'x'.repeat(129), '\ud800'),
  from: fc.oneof(mostly(['2020-01-01T00:00:00Z', '2026-11-22T11:00:00 01:00'], 'x', '2026-11-22'), instant),
  to: fc.oneof(mostly(['2099-01-01T00:00:00Z', '2026-11-22T11:00:00+01:00'], 'x', ''), instant),
  cursor: fc.oneof(mostly(CURSORS, '', 'A', 'x'.repeat(301)), cursorText),
  limit: mostly(['1', '2', '50', '100'], '0', '101', '-1', '1e2', '01', ' 5'),
  deliveryId: mostly(Object.values(DELIVERY_IDS).flat(), '', 'x'.repeat(1_025), 'è'.repeat(700), 'a b'),
  keyId: mostly(KEY_IDS, '00000000', '', 'constructor'),
};

/** The bodies of requests about a site. Unknown properties are refused, so that a typing mistake is noticed. */

import * as z from 'zod/mini';
import { MAX_LATER_STEPS } from '../domain/cart-series.ts';
import { UnreadableInputError } from '../domain/errors.ts';
import { isPlainAddress } from '../domain/public-address.ts';
import type { Sentence } from '../domain/sentence.ts';
import { SITE_ID } from '../domain/site-id.ts';
import { MAX_STAFF, STAFF_NOTICES } from '../domain/staff.ts';
import { TONES } from '../domain/tone.ts';
import { quietHours } from '../http/quiet-hours.ts';
import { id, language, requiredText, timeZone, withoutSpaces } from '../http/schemas.ts';
import { type SchemaText, says } from '../http/validation.ts';
import { texts } from '../templates/api/schemas.ts';

/** `PUT /v1/sites/{siteId}`: the platform's part. */
export const siteBody = z.strictObject({
  name: requiredText(256),
  url: z.string().check(
    z.trim(),
    z.maxLength(2048),
    z.refine(
      isShopAddress,
      says({
        en: 'Must be the address of the shop, such as "https://shop.example": http or https, without user name, query and fragment.',
        it: 'Deve essere l\'indirizzo del sito, come "https://shop.example": http o https, senza nome utente, parametri e frammento.',
      }),
    ),
  ),
  moduleActive: z.boolean(),
});
export type SitePut = z.infer<typeof siteBody>;

/** A site is one item, of 400 KB at the most (DynamoDB), and templates may take 300 KB of it. */
const MAX_GROUP_BYTES = 64_000;

/** Room for 64 characters in each of 30 languages, with placeholders. */
const MAX_BUTTON_BYTES = 8_000;

/** The text of a button in each language; `null` removes it. What it may say is checked by `settingsChange`. */
const sharedButton = z.optional(
  z.nullable(
    texts.check(
      z.refine(
        (button) => Buffer.byteLength(JSON.stringify(button)) <= MAX_BUTTON_BYTES,
        says({
          en: `The texts in all languages together must have at most ${MAX_BUTTON_BYTES} bytes.`,
          it: `I testi in tutte le lingue devono avere insieme al massimo ${MAX_BUTTON_BYTES} byte.`,
        }),
      ),
    ),
  ),
);

const staffMember = z.strictObject({
  userId: id,
  notices: z.array(z.enum(STAFF_NOTICES)).check(
    z.minLength(1),
    z.maxLength(100),
    z.overwrite((notices) => STAFF_NOTICES.filter((notice) => notices.includes(notice))),
  ),
});

/** After how many hours a message about a cart is sent; at most a month. */
const cartHours = z.number().check(z.minimum(0), z.maximum(720));

/** The order of the steps is checked by `settingsChange`, which knows when the first message is sent. */
export const cartSeries = z.strictObject({
  steps: z
    .array(z.strictObject({ afterHours: cartHours }))
    .check(z.minLength(1), z.maxLength(MAX_LATER_STEPS)),
});

/** `PATCH /v1/sites/{siteId}` with a site key: the merchant's part. A field that is absent stays as it is. */
export const settingsBody = z.strictObject({
  active: z.optional(z.boolean()),
  languages: z.optional(
    z.array(language).check(
      z.minLength(1),
      z.maxLength(30),
      distinct((tag) => tag.toLowerCase()),
    ),
  ),
  defaultLanguage: z.optional(language),
  timeZone: z.optional(timeZone),
  /** `null`: the phones ring at all hours. */
  quietHours: z.optional(z.nullable(quietHours)),
  abandonedCartHours: z.optional(cartHours),
  /** `null`: one message about a cart. */
  cartSeries: z.optional(z.nullable(cartSeries)),
  telegramGroups: z.optional(
    z.array(requiredText(256)).check(
      z.maxLength(200),
      distinct((group) => group),
      z.refine(
        (groups) => Buffer.byteLength(groups.join('')) <= MAX_GROUP_BYTES,
        says({
          en: `The names of all groups together must have at most ${MAX_GROUP_BYTES} bytes.`,
          it: `I nomi di tutti i gruppi insieme devono avere al massimo ${MAX_GROUP_BYTES} byte.`,
        }),
      ),
    ),
  ),
  docuvision: z.optional(z.boolean()),
  /** Who works in the shop, and what they are told; an empty list, or `null`: nobody. */
  staff: z.optional(
    z.nullable(
      z.array(staffMember).check(
        z.maxLength(MAX_STAFF),
        distinct(({ userId }) => userId, 'userId'),
      ),
    ),
  ),
  /** How customers reach the merchant; `null` removes it. */
  merchantContact: z.optional(z.nullable(requiredText(256))),
  /** The page with the shop's privacy notice, on any host; `null` removes it. */
  privacyUrl: z.optional(
    z.nullable(
      z.string().check(
        z.overwrite(withoutSpaces),
        z.maxLength(2048),
        z.refine(
          isHttpsAddress,
          says({
            en: 'Must be the https address of the privacy page, such as "https://shop.example/privacy", without user name.',
            it: 'Deve essere l\'indirizzo https della pagina sulla privacy, come "https://shop.example/privacy", senza nome utente.',
          }),
        ),
      ),
    ),
  ),
  /** The text that the buttons of all templates for orders share. */
  orderButton: sharedButton,
  /** The same, for carts. */
  cartButton: sharedButton,
  /** Whether the links to the shop in its messages are counted when somebody opens them. */
  countClicks: z.optional(z.boolean()),
  /** How Italian texts of ours address people. */
  tone: z.optional(z.enum(TONES)),
});
export type SettingsPatch = z.infer<typeof settingsBody>;

/** `PATCH /v1/sites/{siteId}` with the platform's key. */
export const moduleBody = z.strictObject({ moduleActive: siteBody.shape.moduleActive });

/** `PATCH /v1/sites/{siteId}`: which of the two, the key decides. */
export const patchBody = z.union([settingsBody, moduleBody]);

const WITH_PLATFORM_KEY: Sentence = {
  en: 'with the key of the platform, PATCH changes "moduleActive" alone.',
  it: 'con la chiave della piattaforma, PATCH modifica solo "moduleActive".',
};

/** Accepts the same as `moduleBody`, and says of the other fields of a site how they are changed. */
export const checkedModuleBody = z.strictObject({
  ...refused(Object.keys(settingsBody.shape), {
    code: 'site-only',
    en: `Is set with a key of the site: ${WITH_PLATFORM_KEY.en}`,
    it: `Si imposta con una chiave del sito: ${WITH_PLATFORM_KEY.it}`,
  }),
  ...refused(Object.keys(siteBody.shape), {
    en: `Is changed with PUT: ${WITH_PLATFORM_KEY.en}`,
    it: `Si modifica con PUT: ${WITH_PLATFORM_KEY.it}`,
  }),
  ...moduleBody.shape,
});

const OF_THE_PLATFORM: Sentence = {
  en: 'with the key of the platform, not with one of the site.',
  it: 'con la chiave della piattaforma, non con una del sito.',
};

/** Accepts the same as `settingsBody`, and says of the platform's fields who changes them. */
export const checkedSettingsBody = z.strictObject({
  ...refused(Object.keys(siteBody.shape), {
    code: 'platform-only',
    en: `Is changed with PUT ${OF_THE_PLATFORM.en}`,
    it: `Si modifica con PUT ${OF_THE_PLATFORM.it}`,
  }),
  ...refused(Object.keys(moduleBody.shape), {
    code: 'platform-only',
    en: `Is switched ${OF_THE_PLATFORM.en}`,
    it: `Si attiva ${OF_THE_PLATFORM.it}`,
  }),
  ...settingsBody.shape,
});

/** `PUT /v1/sites/{siteId}/bot`. */
export const botBody = z.strictObject({
  /** The token, or the whole message of @BotFather with it. */
  token: z.string().check(z.maxLength(8192), z.overwrite(tokenAlone), oneToken()),
  /** Checked where it is given. */
  username: z.optional(
    z.string().check(
      z.regex(
        /^@?[A-Za-z][A-Za-z0-9_]{3,31}$/,
        says({
          en: 'Must be the username of the bot, such as "my_shop_bot".',
          it: 'Deve essere il nome utente del bot, come "my_shop_bot".',
        }),
      ),
    ),
  ),
  /** Takes the bot over from another site, or from another program. */
  takeOver: z.optional(z.boolean()),
});
export type BotPut = z.infer<typeof botBody>;

/** `POST …/bot/managed`. */
export const managedBotBody = z.strictObject({
  /** Suggested to the person who makes the bot; absent: one is made from the name of the site. */
  username: z.optional(
    z.string().check(
      z.regex(
        /^@?[A-Za-z][A-Za-z0-9_]{1,28}[Bb][Oo][Tt]$/,
        says({
          en: 'Must be a username for a bot: 5 to 32 letters, digits and "_", with "bot" at the end, such as "my_shop_bot".',
          it: 'Deve essere un nome utente per un bot: da 5 a 32 lettere, cifre e "_", con "bot" alla fine, come "my_shop_bot".',
        }),
      ),
    ),
  ),
  /** The same; absent: the name of the site. */
  name: z.optional(requiredText(64)),
  /** Whether the bot that the site has may be replaced: its people have to start the new one. */
  replace: z.optional(z.boolean()),
});
export type ManagedBotPost = z.infer<typeof managedBotBody>;

/** `PUT …/bot/photo`. */
export const photoBody = z.strictObject({
  /** Base64. */
  jpeg: z.string().check(
    // What every JPEG begins with.
    z.regex(
      /^\/9j\/[A-Za-z0-9+/]+={0,2}$/,
      says({
        en: 'Must be a JPEG picture in base64, such as "/9j/4AAQ…". A PNG or another picture has to be made a JPEG first.',
        it: 'Deve essere un\'immagine JPEG in base64, come "/9j/4AAQ…". Un PNG o un\'altra immagine va prima convertita in JPEG.',
      }),
    ),
  ),
});

/** `POST …/keys`. */
export const keyBody = z.strictObject({
  /** What the key is called in the audit, such as the system that uses it. */
  name: z.optional(requiredText(64)),
});

/** The body of a request that takes no fields. */
export const emptyBody = z.strictObject({});

/** The site id in a path of the platform. @throws UnreadableInputError where no site can have this id. */
export function checkedSiteId(siteId: string): string {
  if (SITE_ID.test(siteId)) return siteId;
  const text = {
    en: 'A site id has 1 to 64 characters, a to z, 0 to 9 and "-", and begins and ends with a letter or digit.',
    it: 'L\'id di un sito ha da 1 a 64 caratteri, da a a z, da 0 a 9 e "-", e comincia e finisce con una lettera o una cifra.',
  };
  throw new UnreadableInputError(text, 'invalid-path-id');
}

/** Fields that are refused, for this reason. */
function refused(fields: string[], reason: SchemaText) {
  return Object.fromEntries(fields.map((field) => [field, z.optional(z.never(says(reason)))]));
}

/** Refuses the second of two equal entries. @param place of what is compared, in the entry; absent: the entry itself. */
function distinct<Entry>(normalized: (entry: Entry) => string, place?: string) {
  return z.check<Entry[]>(({ value, issues }) => {
    const seen = new Set<string>();
    for (const [index, entry] of value.entries()) {
      const key = normalized(entry);
      if (seen.has(key)) {
        const named = typeof entry === 'string' ? entry : key;
        const twice = says({
          en: `"${named}" is named twice.`,
          it: `"${named}" è indicato due volte.`,
        });
        const path = place === undefined ? [index] : [index, place];
        issues.push({ code: 'custom', input: entry, path, ...twice.error({}) });
      }
      seen.add(key);
    }
  });
}

/** As @BotFather writes it: the bot's id, a colon, and letters. */
const TOKEN = /[1-9]\d{0,18}:[A-Za-z0-9_-]{3,128}/;
/** In a text, with what may stand around it: quotes, brackets, code marks, the end of a sentence. */
const TOKEN_IN_TEXT = new RegExp(`(?<![^\\s\`'"«“‘(<>[:])${TOKEN.source}(?![^\\s\`'"»”’)<>\\].,;!])`, 'g');
/** What copying may put between characters, and nobody sees. */
const INVISIBLE = /[\u200b-\u200f\u2060\ufeff]/g;

/** The tokens in a text, each once. */
function tokensIn(text: string): string[] {
  return [...new Set(text.replace(INVISIBLE, '').match(TOKEN_IN_TEXT))];
}

/** The only token in a text; a text with none, or with several, stays as it is. */
function tokenAlone(text: string): string {
  const [token, ...others] = tokensIn(text);
  return token !== undefined && others.length === 0 ? token : text;
}

/** The input is never repeated in what is said of it. */
function oneToken() {
  const several = says({
    en: 'There are several tokens in this text: send the one of the bot that is meant.',
    it: 'In questo testo ci sono più token: inviare quello del bot che si intende.',
  });
  const none = says({
    en: 'Must be a bot token as @BotFather writes it, such as "123456:ABC-DEF1234ghIkl-zyx57W2v1u123ew11".',
    it: 'Deve essere un token come lo scrive @BotFather, per esempio "123456:ABC-DEF1234ghIkl-zyx57W2v1u123ew11".',
  });
  return z.check<string>(({ value, issues }) => {
    const { length } = tokensIn(value);
    if (length === 1) return;
    issues.push({ code: 'custom', input: value, ...(length > 1 ? several : none).error({}) });
  });
}

function isHttpsAddress(value: string): boolean {
  return isPlainAddress(value) && /^https:/i.test(value);
}

function isShopAddress(value: string): boolean {
  return isPlainAddress(value) && !/[?#]/.test(value);
}

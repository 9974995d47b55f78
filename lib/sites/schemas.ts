/** The bodies of requests about a site. Unknown properties are refused, so that a typing mistake is noticed. */

import * as z from 'zod/mini';
import { UnreadableInputError } from '../domain/errors.ts';
import { SITE_ID } from '../domain/ids.ts';
import { TONES } from '../domain/tone.ts';
import { isPlainAddress, language, requiredText, withoutSpaces } from '../http/schemas.ts';
import { isTimeZone } from '../i18n/time-zones.ts';

/** `PUT /v1/sites/{siteId}`: the platform's part. */
export const siteBody = z.strictObject({
  name: requiredText(256),
  url: z.string().check(
    z.trim(),
    z.maxLength(2048),
    z.refine(isShopAddress, {
      error:
        'Must be the address of the shop, such as "https://shop.example": http or https, without user name, query and fragment.',
    }),
  ),
  moduleActive: z.boolean(),
});
export type SitePut = z.infer<typeof siteBody>;

/** A site is one item, of 400 KB at the most (DynamoDB), and templates may take 300 KB of it. */
const MAX_GROUP_BYTES = 64_000;

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
  timeZone: z.optional(
    z.string().check(
      z.refine(isTimeZone, {
        error: 'Must be the IANA name of a time zone, such as "Europe/Rome".',
      }),
    ),
  ),
  abandonedCartHours: z.optional(z.number().check(z.minimum(0), z.maximum(720))),
  telegramGroups: z.optional(
    z.array(requiredText(256)).check(
      z.maxLength(200),
      distinct((group) => group),
      z.refine((groups) => Buffer.byteLength(groups.join('')) <= MAX_GROUP_BYTES, {
        error: `The names of all groups together must have at most ${MAX_GROUP_BYTES} bytes.`,
      }),
    ),
  ),
  docuvision: z.optional(z.boolean()),
  /** How customers reach the merchant; `null` removes it. */
  merchantContact: z.optional(z.nullable(requiredText(256))),
  /** The page with the shop's privacy notice, on any host; `null` removes it. */
  privacyUrl: z.optional(
    z.nullable(
      z.string().check(
        z.overwrite(withoutSpaces),
        z.maxLength(2048),
        z.refine(isHttpsAddress, {
          error:
            'Must be the https address of the privacy page, such as "https://shop.example/privacy", without user name.',
        }),
      ),
    ),
  ),
  /** How Italian texts of ours address people. */
  tone: z.optional(z.enum(TONES)),
});
export type SettingsPatch = z.infer<typeof settingsBody>;

/** `PATCH /v1/sites/{siteId}` with the platform's key. */
export const moduleBody = z.strictObject({ moduleActive: siteBody.shape.moduleActive });

/** `PATCH /v1/sites/{siteId}`: which of the two, the key decides. */
export const patchBody = z.union([settingsBody, moduleBody]);

const WITH_PLATFORM_KEY = 'with the key of the platform, PATCH changes "moduleActive" alone.';

/** Accepts the same as `moduleBody`, and says of the other fields of a site how they are changed. */
export const checkedModuleBody = z.strictObject({
  ...refused(Object.keys(settingsBody.shape), `Is set with a key of the site: ${WITH_PLATFORM_KEY}`),
  ...refused(Object.keys(siteBody.shape), `Is changed with PUT: ${WITH_PLATFORM_KEY}`),
  ...moduleBody.shape,
});

const OF_THE_PLATFORM = 'with the key of the platform, not with one of the site.';

/** Accepts the same as `settingsBody`, and says of the platform's fields who changes them. */
export const checkedSettingsBody = z.strictObject({
  ...refused(Object.keys(siteBody.shape), `Is changed with PUT ${OF_THE_PLATFORM}`),
  ...refused(Object.keys(moduleBody.shape), `Is switched ${OF_THE_PLATFORM}`),
  ...settingsBody.shape,
});

/** `PUT /v1/sites/{siteId}/bot`. */
export const botBody = z.strictObject({
  /** As @BotFather writes it: the bot's id, a colon, and letters. */
  token: z.string().check(
    z.regex(/^[1-9]\d{0,18}:[A-Za-z0-9_-]{3,128}$/, {
      error:
        'Must be a bot token as @BotFather writes it, such as "123456:ABC-DEF1234ghIkl-zyx57W2v1u123ew11".',
    }),
  ),
  username: z.string().check(
    z.regex(/^@?[A-Za-z][A-Za-z0-9_]{3,31}$/, {
      error: 'Must be the username of the bot, such as "my_shop_bot".',
    }),
  ),
  /** Takes the bot over from another site, or from another program. */
  takeOver: z.optional(z.boolean()),
});
export type BotPut = z.infer<typeof botBody>;

/** The body of a request that takes no fields. */
export const emptyBody = z.strictObject({});

/** The site id in a path of the platform. @throws UnreadableInputError where no site can have this id. */
export function checkedSiteId(siteId: string): string {
  if (SITE_ID.test(siteId)) return siteId;
  throw new UnreadableInputError(
    'A site id has 1 to 64 characters, a to z, 0 to 9 and "-", and begins and ends with a letter or digit.',
  );
}

/** Fields that are refused, for this reason. */
function refused(fields: string[], error: string) {
  return Object.fromEntries(fields.map((field) => [field, z.optional(z.never({ error }))]));
}

/** Refuses the second of two equal entries. */
function distinct(normalized: (entry: string) => string) {
  return z.check<string[]>(({ value, issues }) => {
    const seen = new Set<string>();
    for (const [index, entry] of value.entries()) {
      const key = normalized(entry);
      if (seen.has(key)) {
        const message = `"${entry}" is named twice.`;
        issues.push({ code: 'custom', input: entry, path: [index], message });
      }
      seen.add(key);
    }
  });
}

function isHttpsAddress(value: string): boolean {
  return isPlainAddress(value) && /^https:/i.test(value);
}

function isShopAddress(value: string): boolean {
  return isPlainAddress(value) && !/[?#]/.test(value);
}

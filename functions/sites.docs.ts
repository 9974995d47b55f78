import * as z from 'zod/mini';
import { DEFAULT_LIMIT, MAX_LIMIT, wrongCursor } from '../lib/deliveries/log-parameters.ts';
import { TEMPLATE_KINDS } from '../lib/domain/templates.ts';
import { ownQuietHours, quietHours } from '../lib/http/quiet-hours.ts';
import { timeZone } from '../lib/http/schemas.ts';
import { actor } from '../lib/openapi/actor.ts';
import { named } from '../lib/openapi/components.ts';
import { operationsOf } from '../lib/openapi/operation.ts';
import { ETAG, fieldError, instant, type Shape, text } from '../lib/openapi/schemas.ts';
import { exampleSite, siteAnswer, siteFields } from '../lib/openapi/site.ts';
import type { AuditView } from '../lib/sites/audit.ts';
import type { SiteList } from '../lib/sites/directory.ts';
import { siteBeingErased, unknownSite } from '../lib/sites/former-site.ts';
import { lastKey, twoKeys, unknownKey } from '../lib/sites/keys.ts';
import { botFatherReminders } from '../lib/sites/move.ts';
import { keyBody, moduleBody, settingsBody, siteBody } from '../lib/sites/schemas.ts';
import type { Listing } from '../lib/store/site-directory.ts';
import { routes } from './sites.ts';

named('KeyBody', keyBody, {
  description: 'What the new key is for',
  properties: { name: 'What the key is for, as the platform calls it' },
});
named('TimeZone', timeZone, {
  description: 'The IANA name of a time zone, such as `Europe/Rome`',
  more: { minLength: 1, maxLength: 64 },
});
const times = {
  from: 'When they begin: `HH:MM`',
  to: 'When they end: `HH:MM`; before `from`, it is the next day',
};
const modes = '`silent`: messages go out without a sound. `after`: they wait until the quiet hours are over';
named('QuietHours', quietHours, {
  description: 'The hours in which no phone rings',
  properties: { ...times, mode: modes },
});
named('OwnQuietHours', ownQuietHours, {
  description: 'The quiet hours of a person, or `off`',
  properties: {
    from: `${times.from}; not with \`off\``,
    to: `${times.to}; not with \`off\``,
    mode: `${modes}. \`off\`: none, also where the site has some`,
  },
});
named('ShopAddress', siteBody.shape.url, {
  description: 'The address of a shop: `http` or `https`, without user name, query and fragment',
  more: { format: 'uri', pattern: '^\\s*[Hh][Tt][Tt][Pp][Ss]?://[^/?#@%\\s]+(?:/[^?#\\s]*)?\\s*$' },
});
named('SiteBody', siteBody, { description: "The platform's part of a site" });
named('SettingsPatch', settingsBody, {
  description: "The merchant's settings that change; what is absent stays as it is",
  properties: {
    active: 'Whether the integration is switched on; off, nothing is sent and everything is kept',
    languages: 'BCP 47; every template needs a text in each',
    defaultLanguage: 'One of `languages`',
    timeZone: 'IANA name, such as `Europe/Rome`: dates are shown in it',
    quietHours:
      'When no phone rings, by the clock of whoever gets the message (`silent`: messages go out without a sound; `after`: they wait); `null`: phones ring at all hours',
    abandonedCartHours: 'How long after a cart was abandoned its user is told; fractions are allowed',
    cartSeries:
      'Further messages about an abandoned cart, one or two. They are advertising, and go only to people of whom `marketingConsent` is given (in the event, or stored); the first message needs no consent. They end with the order, a newer cart, the opt-out; what was sent is taken back when the order comes. `null`: one message',
    telegramGroups: 'Groups with "Gestione Telegram"; none named: no limit',
    docuvision: 'Whether documents uploaded by the back office notify',
    staff:
      'Who works in the shop: users of the site, and what they are told of it; the whole list each time. Empty, or `null`: nobody',
    merchantContact: 'How customers reach the merchant; `null` takes it away',
    privacyUrl: "The https address of the shop's privacy notice; `null` takes it away",
    orderButton:
      "By language: the text of the button of every message about an order, in place of all its texts so far; placeholders of `order-status`, no HTML, 64 characters. A template's own `button` replaces it; `null` takes it away",
    cartButton: 'The same for `abandoned-cart`',
    countClicks:
      'Whether the links to the shop in its messages are counted: they lead through `GET /c/{code}`, and the log shows when they were opened',
    tone: 'How the bot, our pages and the unchanged default templates address people in Italian: `tu`, or the formal `lei`',
  },
});
named('ModulePatch', moduleBody, {
  description: 'With the key of the platform: `moduleActive` alone',
});

const keyFields = { siteKey: text, keyId: text };
const newSiteAnswer = named('NewSite', z.object({ ...siteFields, ...keyFields }), {
  description: 'A site that was just created, with its first key',
  alike: 'Site',
});
const changedSiteAnswer = named(
  'ChangedSite',
  z.object({ ...siteFields, reminders: z.optional(z.array(text)) }),
  {
    description: 'The site as it is now',
    alike: 'Site',
    properties: {
      reminders:
        'Only after a move to another host, scheme or port: what has to be changed at @BotFather, in sentences',
    },
  },
);
const changedSettingsAnswer = named(
  'ChangedSettings',
  z.object({ ...siteFields, warnings: z.optional(z.array(fieldError)) }),
  {
    description: 'The settings as they are now',
    alike: 'Site',
    properties: { warnings: 'What was saved all the same: people of the staff whom nobody knows yet' },
  },
);
const sitesAnswer = named(
  'SiteList',
  z.object({
    sites: z.array(
      z.object({
        siteId: text,
        name: text,
        url: text,
        moduleActive: z.boolean(),
        active: z.boolean(),
        bot: z.optional(z.object({ id: text, username: text })),
      } satisfies Shape<Listing>),
    ),
    incomplete: z.optional(z.literal(true)),
    cursor: z.optional(text),
  } satisfies Shape<SiteList>),
  {
    properties: {
      incomplete:
        'Some sites are not in the list yet: it is being made, for some minutes after the first deployment of this version, or after a table was restored',
      cursor: 'For the next page; absent on the last one',
    },
  },
);
const templateName = z.object({ id: text, name: text, event: z.enum(TEMPLATE_KINDS) });
const anything = z.optional(z.unknown());
const auditAnswer = named(
  'Audit',
  z.object({
    entries: z.array(
      z.object({
        at: instant,
        by: actor,
        changes: z.array(
          z.union([
            z.object({ action: z.enum(['site-created', 'site-deleted']) }),
            z.object({ action: z.enum(['setting-changed']), field: text, from: anything, to: anything }),
            z.object({ action: z.enum(['key-added', 'key-removed']), keyId: text, name: z.optional(text) }),
            z.object({ action: z.enum(['bot-saved']), from: z.optional(text), to: z.optional(text) }),
            z.object({ action: z.enum(['template-created', 'template-deleted']), template: templateName }),
            z.object({ action: z.enum(['template-changed']), template: templateName, fields: z.array(text) }),
            z.object({ action: z.enum(['templates-changed']), count: z.int() }),
          ]),
        ),
      }),
    ),
    cursor: z.optional(text),
  } satisfies Shape<AuditView>),
  { properties: { cursor: 'For the next page; absent on the last one' } },
);
const newKeyAnswer = named('NewKey', z.object(keyFields), { description: 'A new key of a site' });
const keysAnswer = named(
  'Keys',
  z.object({ keys: z.array(z.object({ keyId: text, name: z.optional(text) })) }),
  { description: 'The keys of a site that are valid' },
);
const consoleLinkAnswer = named('ConsoleLink', z.object({ url: text, expiresAt: instant }), {
  description: 'A link that signs in to the console of a site, once',
  properties: { url: 'Where the browser goes', expiresAt: 'Until when it can be opened' },
});

const { bot: _, ...siteWithoutBot } = exampleSite;
const newKey = { siteKey: 'pwtg_3mYk2m1nJ0wq8m0C6b1p5C1bqLr2xKp3zq4YwE7Jt9s', keyId: '5e884898' };
const tag = 'Sites';

export const docs = operationsOf(routes, {
  'GET /v1/sites': {
    id: 'listSites',
    tag,
    summary: 'All sites, or those that are found',
    description:
      '`query`: beginnings of words of the id, the name, the address or the username of the bot, in capital letters or not, with accents or not; a site is found if it has each of them. Without it, all sites in the order of their ids.',
    parameters: {
      query: { description: 'Beginnings of words', example: 'ross' },
      cursor: { description: 'The `cursor` of the page before', example: 'YmVsbHVubw' },
      limit: {
        description: 'How many at most',
        example: 20,
        schema: { type: 'integer', minimum: 1, maximum: MAX_LIMIT, default: DEFAULT_LIMIT },
      },
    },
    answers: [
      {
        status: 200,
        description: 'A page of them',
        schema: sitesAnswer,
        example: {
          sites: [
            {
              siteId: 'ferramenta-rossi',
              name: 'Ferramenta Rossi',
              url: 'https://ferramentarossi.example',
              moduleActive: true,
              active: true,
              bot: { id: '100', username: 'ferramenta_rossi_bot' },
            },
          ],
        },
      },
    ],
    problems: [wrongCursor()],
  },
  'GET /v1/sites/{siteId}/audit': {
    id: 'listChanges',
    tag,
    summary: 'Who changed what on a site',
    description:
      'The newest first, kept for a year: settings, keys, the bot and templates, and the making and the end of the site. With a key of the site, its own changes; with that of the platform, those of each site that has had the id, also after it was deleted. Never a secret, no text of a template, and nothing about people.',
    parameters: {
      cursor: {
        description: 'The `cursor` of the page before',
        example: 'MjAyNi0xMS0yOFQwOTozMDoxMi4wMDRa',
      },
      limit: {
        description: 'How many at most',
        example: 20,
        schema: { type: 'integer', minimum: 1, maximum: MAX_LIMIT, default: DEFAULT_LIMIT },
      },
    },
    answers: [
      {
        status: 200,
        description: 'A page of them',
        schema: auditAnswer,
        example: {
          entries: [
            {
              at: '2026-11-28T09:30:12.004Z',
              by: { caller: 'site', keyId: '5e884898', name: 'gestionale' },
              changes: [
                {
                  action: 'template-changed',
                  template: { id: 'default-welcome', name: 'Messaggio di benvenuto', event: 'welcome' },
                  fields: ['text'],
                },
              ],
            },
            {
              at: '2026-11-27T15:00:00.000Z',
              by: { caller: 'platform' },
              changes: [{ action: 'setting-changed', field: 'moduleActive', from: false, to: true }],
            },
          ],
        },
      },
    ],
    problems: [wrongCursor(), unknownSite('demo')],
  },
  'PUT /v1/sites/{siteId}': {
    id: 'putSite',
    tag,
    summary: 'Create a site, rename it, move it, switch its module on or off',
    description:
      'Switching the module off keeps everything; nothing is sent until it is on again. With another host in `url` the shop moves: links of events may be on the former host for 90 days, and all that is sent from now on is written with the new one.',
    examples: { site: { name: 'Demo Shop', url: 'https://shop.example', moduleActive: true } },
    wrong: [{ pointer: '/moduleActive', code: 'wrong-type', detail: 'Must be true or false, not a string.' }],
    ifMatchChanges: [
      {
        pointer: '/name',
        code: 'changed-meanwhile',
        detail: 'Somebody else has changed this: it is now "Demo Shop".',
      },
    ],
    makesNew: true,
    answers: [
      {
        ...siteAnswer,
        description: 'Changed',
        schema: changedSiteAnswer,
        example: {
          ...exampleSite,
          formerUrls: [{ url: 'https://old.example', until: '2027-02-26T10:00:00.000Z' }],
          reminders: botFatherReminders({ url: 'https://old.example' }, exampleSite).map(({ en }) => en),
        },
      },
      {
        status: 201,
        description: 'Created, with its first key, which is shown this once',
        schema: newSiteAnswer,
        example: { ...siteWithoutBot, ...newKey },
        headers: ETAG,
      },
    ],
    problems: [siteBeingErased('demo')],
  },
  'GET /v1/sites/{siteId}/keys': {
    id: 'listKeys',
    tag,
    summary: 'The ids of the valid keys of a site, the oldest first',
    answers: [
      {
        status: 200,
        description: 'One or two',
        schema: keysAnswer,
        example: { keys: [{ keyId: '5e884898' }, { keyId: '0b14d501', name: 'gestionale' }] },
      },
    ],
    problems: [unknownSite('demo')],
  },
  'POST /v1/sites/{siteId}/keys': {
    id: 'createKey',
    tag,
    summary: 'Make a second key',
    description:
      'Both are valid until the old one is deleted: so keys are changed without a gap. `name` is what the audit calls it, such as the system that uses it.',
    examples: { nothing: {}, named: { name: 'gestionale' } },
    wrong: [{ pointer: '/name', detail: 'Must not be blank.' }],
    answers: [
      { status: 201, description: 'The key, shown this once', schema: newKeyAnswer, example: newKey },
    ],
    problems: [unknownSite('demo'), twoKeys(['5e884898', '0b14d501'])],
  },
  'DELETE /v1/sites/{siteId}/keys/{keyId}': {
    id: 'deleteKey',
    tag,
    summary: 'Make a key invalid',
    answers: [{ status: 204, description: 'Deleted' }],
    problems: [unknownKey('5e884898'), lastKey('5e884898')],
  },
  'POST /v1/sites/{siteId}/console-links': {
    id: 'createConsoleLink',
    tag,
    summary: "Make a link that signs in to the site's console",
    description:
      'For a click of the merchant in the back office of the platform: open `url` in their browser at once. It is good for ten minutes, and once. Whoever has it is signed in for eight hours, or until the key that made it is no longer valid: do not send it by mail.',
    answers: [
      {
        status: 201,
        description: 'The link, shown this once',
        schema: consoleLinkAnswer,
        example: {
          url: 'https://telegram.example/console/#token=demo.mbq5zk3k_4vQyB2m8sX1uJ0tFhK7dRcEwLpA9gNzOiYbVxTjQe5s',
          expiresAt: '2026-11-22T15:40:00.000Z',
        },
      },
    ],
    problems: [unknownSite('demo')],
  },
  'GET /v1/sites/{siteId}': {
    id: 'getSite',
    tag,
    summary: 'The settings of a site',
    description: 'With a key of the site, or with that of the platform.',
    answers: [{ ...siteAnswer, description: 'The settings' }],
    problems: [unknownSite('demo')],
  },
  'PATCH /v1/sites/{siteId}': {
    id: 'changeSite',
    tag,
    summary: 'Change settings',
    description:
      'With a key of the site: any of its settings. With the key of the platform: `moduleActive` alone. What is absent stays as it is. All of it is changed, or nothing.',
    examples: {
      hours: { abandonedCartHours: 1.5 },
      buttons: { orderButton: { it: 'Segui il tuo ordine', en: 'Follow your order' } },
      staff: { staff: [{ userId: 'carla', notices: ['new-order', 'failures'] }] },
      series: { abandonedCartHours: 1, cartSeries: { steps: [{ afterHours: 24 }, { afterHours: 72 }] } },
      night: { quietHours: { from: '22:00', to: '08:00', mode: 'after' } },
      languages: { languages: ['it', 'en', 'de'], defaultLanguage: 'it' },
      switchOff: { active: false },
      module: { moduleActive: false },
    },
    wrong: [
      {
        pointer: '/timeZone',
        code: 'invalid',
        detail: 'Must be the name of a time zone with its city, such as "Europe/Rome".',
      },
    ],
    ifMatchChanges: [
      {
        pointer: '/timeZone',
        code: 'changed-meanwhile',
        detail: 'Somebody else has changed this: it is now "Europe/Malta".',
      },
    ],
    answers: [{ ...siteAnswer, schema: changedSettingsAnswer, description: 'The settings now' }],
    problems: [unknownSite('demo')],
  },
});

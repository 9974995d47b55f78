import * as z from 'zod/mini';
import { ConflictError, NotFoundError } from '../lib/domain/errors.ts';
import { named } from '../lib/openapi/components.ts';
import { operationsOf } from '../lib/openapi/operation.ts';
import { ETAG, text } from '../lib/openapi/schemas.ts';
import { exampleSite, siteAnswer, siteFields } from '../lib/openapi/site.ts';
import { siteBeingErased, unknownSite } from '../lib/sites/former-site.ts';
import { botFatherReminders } from '../lib/sites/move.ts';
import { moduleBody, settingsBody, siteBody } from '../lib/sites/schemas.ts';
import { routes } from './sites.ts';

named('SiteBody', siteBody);
named('SettingsPatch', settingsBody, {
  properties: {
    active: 'Whether the integration is switched on; off, nothing is sent and everything is kept',
    languages: 'BCP 47; every template needs a text in each',
    defaultLanguage: 'One of `languages`',
    timeZone: 'IANA name, such as `Europe/Rome`: dates are shown in it',
    abandonedCartHours: 'How long after a cart was abandoned its user is told; fractions are allowed',
    telegramGroups: 'Groups with "Gestione Telegram"; none named: no limit',
    docuvision: 'Whether documents uploaded by the back office notify',
    merchantContact: 'How customers reach the merchant; `null` takes it away',
    privacyUrl: "The https address of the shop's privacy notice; `null` takes it away",
    tone: 'How the bot, our pages and the unchanged default templates address people in Italian: `tu`, or the formal `lei`',
  },
});
named('ModulePatch', moduleBody, {
  description: 'With the key of the platform: `moduleActive` alone',
});

const keyFields = { siteKey: text, keyId: text };
const shownOnce = { properties: { siteKey: 'Shown this once' } };
const newSiteAnswer = named('NewSite', z.object({ ...siteFields, ...keyFields }), shownOnce);
const changedSiteAnswer = named(
  'ChangedSite',
  z.object({ ...siteFields, reminders: z.optional(z.array(text)) }),
  {
    properties: {
      reminders:
        'Only after a move to another host, scheme or port: what has to be changed at @BotFather, in sentences',
    },
  },
);
const newKeyAnswer = named('NewKey', z.object(keyFields), shownOnce);
const keysAnswer = named('Keys', z.object({ keys: z.array(z.object({ keyId: text })) }));

const { bot: _, ...siteWithoutBot } = exampleSite;
const newKey = { siteKey: 'pwtg_3mYk2m1nJ0wq8m0C6b1p5C1bqLr2xKp3zq4YwE7Jt9s', keyId: '5e884898' };
const tag = 'Sites';

export const docs = operationsOf(routes, {
  'PUT /v1/sites/{siteId}': {
    id: 'putSite',
    tag,
    summary: 'Create a site, rename it, move it, switch its module on or off',
    description:
      'Switching the module off keeps everything; nothing is sent until it is on again. With another host in `url` the shop moves: links of events may be on the former host for 90 days, and all that is sent from now on is written with the new one.',
    examples: { site: { name: 'Demo Shop', url: 'https://shop.example', moduleActive: true } },
    wrong: [{ pointer: '/moduleActive', detail: 'Must be true or false, not a string.' }],
    ifMatchChanges: [{ pointer: '/name', detail: 'Somebody else has changed this: it is now "Demo Shop".' }],
    makesNew: true,
    answers: [
      {
        ...siteAnswer,
        description: 'Changed',
        schema: changedSiteAnswer,
        example: {
          ...exampleSite,
          formerUrls: [{ url: 'https://old.example', until: '2027-02-26T10:00:00.000Z' }],
          reminders: botFatherReminders({ url: 'https://old.example' }, exampleSite),
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
        example: { keys: [{ keyId: '5e884898' }] },
      },
    ],
    problems: [unknownSite('demo')],
  },
  'POST /v1/sites/{siteId}/keys': {
    id: 'createKey',
    tag,
    summary: 'Make a second key',
    description: 'Both are valid until the old one is deleted: so keys are changed without a gap.',
    examples: { nothing: {} },
    wrong: [
      {
        pointer: '/name',
        detail: 'Unknown property "name": it is refused so that a typing mistake does not pass unseen.',
      },
    ],
    answers: [
      { status: 201, description: 'The key, shown this once', schema: newKeyAnswer, example: newKey },
    ],
    problems: [
      unknownSite('demo'),
      new ConflictError(
        'This site has two valid keys already: 5e884898 and 0b14d501. Remove one of them first.',
      ),
    ],
  },
  'DELETE /v1/sites/{siteId}/keys/{keyId}': {
    id: 'deleteKey',
    tag,
    summary: 'Make a key invalid',
    answers: [{ status: 204, description: 'Deleted' }],
    problems: [
      new NotFoundError('This site has no key 5e884898.'),
      new ConflictError('5e884898 is the last key of this site: make another one before you remove it.'),
    ],
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
      languages: { languages: ['it', 'en', 'de'], defaultLanguage: 'it' },
      switchOff: { active: false },
      module: { moduleActive: false },
    },
    wrong: [{ pointer: '/timeZone', detail: 'Must be the IANA name of a time zone, such as "Europe/Rome".' }],
    ifMatchChanges: [
      { pointer: '/timeZone', detail: 'Somebody else has changed this: it is now "Europe/Malta".' },
    ],
    answers: [{ ...siteAnswer, description: 'The settings now' }],
    problems: [unknownSite('demo')],
  },
});

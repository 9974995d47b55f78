import { conflict, notFound } from '../../http/problem.ts';
import { botSchema, nothingSchema, settingsSchema, siteSchema } from '../../sites/schemas.ts';
import { botOvertaken, setupRefused, telegramAway } from '../../sites/telegram-problems.ts';
import { botTestAnswer, keysAnswer, newKeyAnswer, newSiteAnswer, siteAnswer } from '../answers.ts';
import type { Operation } from '../operation.ts';

const site = {
  siteId: 'demo',
  name: 'Demo Shop',
  url: 'https://shop.example',
  moduleActive: true,
  active: true,
  languages: ['it', 'en'],
  defaultLanguage: 'it',
  timeZone: 'Europe/Rome',
  abandonedCartHours: 3,
  telegramGroups: [],
  docuvision: false,
  bot: { id: '100', username: 'demo_shop_bot' },
};
const { bot: _, ...siteWithoutBot } = site;

const siteKey = { siteKey: 'pwtg_3mYk2m1nJ0wq8m0C6b1p5C1bqLr2xKp3zq4YwE7Jt9s', keyId: '5e884898' };
const headers = {
  ETag: { description: 'Send it in `If-Match` with a change made from this.', example: '"7"' },
};
const unknownSite = notFound('There is no site demo. The platform creates it with PUT /v1/sites/demo.');
const consequence = 'Nothing was changed';
const path = '/v1/sites/{siteId}';

export const SITE_OPERATIONS: Operation[] = [
  {
    method: 'put',
    path,
    id: 'putSite',
    tag: 'Sites',
    caller: 'platform',
    summary: 'Create a site, rename it, switch its module on or off',
    description: 'Switching the module off keeps everything; nothing is sent until it is on again.',
    ifMatch: [{ pointer: '/name', detail: 'Somebody else has changed this: it is now "Demo Shop".' }],
    body: {
      schema: siteSchema,
      examples: { site: { name: 'Demo Shop', url: 'https://shop.example', moduleActive: true } },
      wrong: [{ pointer: '/moduleActive', detail: 'Must be true or false, not a string.' }],
      consequence,
    },
    answers: [
      { status: 200, description: 'Changed', schema: siteAnswer, example: site, headers },
      {
        status: 201,
        description: 'Created, with its first key, which is shown this once',
        schema: newSiteAnswer,
        example: { ...siteWithoutBot, ...siteKey },
        headers,
      },
    ],
  },
  {
    method: 'get',
    path: `${path}/keys`,
    id: 'listKeys',
    tag: 'Sites',
    caller: 'platform',
    summary: 'The ids of the valid keys of a site, the oldest first',
    answers: [
      {
        status: 200,
        description: 'One or two',
        schema: keysAnswer,
        example: { keys: [{ keyId: '5e884898' }] },
      },
    ],
    problems: [unknownSite],
  },
  {
    method: 'post',
    path: `${path}/keys`,
    id: 'createKey',
    tag: 'Sites',
    caller: 'platform',
    summary: 'Make a second key',
    description: 'Both are valid until the old one is deleted: so keys are changed without a gap.',
    body: {
      schema: nothingSchema,
      isOptional: true,
      examples: { nothing: {} },
      wrong: [
        {
          pointer: '/name',
          detail: 'Unknown property "name": it is refused so that a typing mistake does not pass unseen.',
        },
      ],
      consequence,
    },
    answers: [
      { status: 201, description: 'The key, shown this once', schema: newKeyAnswer, example: siteKey },
    ],
    problems: [
      unknownSite,
      conflict('This site has two valid keys already: 5e884898 and 0b14d501. Remove one of them first.'),
    ],
  },
  {
    method: 'delete',
    path: `${path}/keys/{keyId}`,
    id: 'deleteKey',
    tag: 'Sites',
    caller: 'platform',
    summary: 'Make a key invalid',
    answers: [{ status: 204, description: 'Deleted' }],
    problems: [
      notFound('This site has no key 5e884898.'),
      conflict('5e884898 is the last key of this site: make another one before you remove it.'),
    ],
  },
  {
    method: 'get',
    path,
    id: 'getSite',
    tag: 'Sites',
    caller: 'site',
    summary: 'The settings of a site',
    answers: [{ status: 200, description: 'The settings', schema: siteAnswer, example: site, headers }],
  },
  {
    method: 'patch',
    path,
    id: 'changeSite',
    tag: 'Sites',
    caller: 'site',
    summary: 'Change settings',
    description: 'What is absent stays as it is. All of it is changed, or nothing.',
    ifMatch: [{ pointer: '/timeZone', detail: 'Somebody else has changed this: it is now "Europe/Malta".' }],
    body: {
      schema: settingsSchema,
      examples: {
        hours: { abandonedCartHours: 1.5 },
        languages: { languages: ['it', 'en', 'de'], defaultLanguage: 'it' },
        switchOff: { active: false },
      },
      wrong: [
        { pointer: '/timeZone', detail: 'Must be the IANA name of a time zone, such as "Europe/Rome".' },
      ],
      consequence,
    },
    answers: [{ status: 200, description: 'The settings now', schema: siteAnswer, example: site, headers }],
  },
  {
    method: 'put',
    path: `${path}/bot`,
    id: 'putBot',
    tag: 'Bot',
    caller: 'site',
    summary: 'Save the bot of a site',
    description:
      'Telegram is asked whose token it is; webhook, commands and descriptions are set; the token is kept encrypted and never shown again. After a change to another bot its users have to start that one.',
    ifMatch: [
      {
        pointer: '/bot',
        detail: 'Somebody else has changed this: it is now {"id":"100","username":"demo_shop_bot"}.',
      },
    ],
    body: {
      schema: botSchema,
      examples: {
        bot: { token: '123456:ABC-DEF1234ghIkl-zyx57W2v1u123ew11', username: 'my_shop_bot' },
      },
      wrong: [
        {
          pointer: '/token',
          detail:
            'Telegram refuses this token: "Unauthorized". Open @BotFather in Telegram, send /mybots, choose the bot, then "API Token".',
        },
      ],
      consequence,
    },
    answers: [{ status: 200, description: 'Saved', schema: siteAnswer, example: site, headers }],
    problems: [
      botOvertaken(),
      setupRefused('Bad Request: bad webhook: An HTTPS URL must be provided for webhook'),
      telegramAway(undefined),
    ],
  },
  {
    method: 'post',
    path: `${path}/bot/test`,
    id: 'testBot',
    tag: 'Bot',
    caller: 'site',
    summary: 'Test the connection ("Test Connessione")',
    body: {
      schema: nothingSchema,
      isOptional: true,
      examples: { nothing: {} },
      wrong: [
        {
          pointer: '/token',
          detail: 'Unknown property "token": it is refused so that a typing mistake does not pass unseen.',
        },
      ],
      consequence,
    },
    answers: [
      {
        status: 200,
        description: 'What works and what does not, each with the next step',
        schema: botTestAnswer,
        example: {
          works: false,
          bot: { id: '100', username: 'demo_shop_bot', name: 'Demo Shop' },
          checks: [
            { check: 'token', status: 'works', detail: 'Telegram accepts the token.' },
            { check: 'username', status: 'works', detail: 'The bot is called @demo_shop_bot.' },
            {
              check: 'webhook',
              status: 'broken',
              detail: 'The bot has no webhook: nobody can link, stop or choose what they get.',
              nextStep: 'Save the bot once more (PUT …/bot): that sets the webhook anew.',
            },
            { check: 'updates', status: 'works', detail: 'Nothing waits, and nothing failed lately.' },
          ],
        },
      },
    ],
  },
];

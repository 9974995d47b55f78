import { conflict, forbidden, notFound } from '../../http/problem.ts';
import { linkBody, userPatch, widgetBody } from '../../users/schemas.ts';
import { erasedAnswer, linkAnswer, userStateAnswer } from '../answers.ts';
import type { Operation } from '../operation.ts';

const state = {
  userId: 'anna',
  linked: true,
  linkedAt: '2026-11-22T09:15:00.000Z',
  linkedBy: 'deep-link',
  telegramUsername: 'anna_rossi',
  optedOut: false,
  mutedEvents: ['message-read'],
  language: 'it',
  firstName: 'Anna',
  lastName: 'Rossi',
};

const unknownUser = notFound('No such user is known here: they have never linked Telegram, or were erased.');
const noBot = conflict(
  'This site has no bot yet: save one with PUT /v1/sites/{siteId}/bot, then link users.',
);
const inactive = forbidden(
  'The Telegram integration of this site is switched off. The merchant can switch it on.',
);

const user = '/v1/sites/{siteId}/users/{userId}';
const common = { tag: 'Users', caller: 'site' } as const;

export const USER_OPERATIONS: Operation[] = [
  {
    ...common,
    method: 'post',
    path: `${user}/link`,
    id: 'createLink',
    summary: 'Make a link with which a user links Telegram',
    description:
      'Show the link, or its QR code, to the user who is logged in to the site. It works once, for 24 hours.',
    body: {
      schema: linkBody,
      isOptional: true,
      examples: { link: { firstName: 'Anna', lastName: 'Rossi', language: 'it' } },
      wrong: [{ pointer: '/language', detail: 'Must be a BCP 47 language tag, such as "it" or "en-GB".' }],
      consequence: 'Nothing was changed',
    },
    answers: [
      {
        status: 201,
        description: 'The link, and its QR code as SVG',
        schema: linkAnswer,
        example: {
          url: 'https://t.me/demo_shop_bot?start=Jx3yQm0T1cVbWk9dPzR4Ag',
          token: 'Jx3yQm0T1cVbWk9dPzR4Ag',
          expiresAt: '2026-11-23T09:15:00.000Z',
          qr: '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 33 33">…</svg>',
        },
      },
    ],
    problems: [inactive, noBot],
  },
  {
    ...common,
    method: 'post',
    path: `${user}/telegram-login`,
    id: 'linkByLoginWidget',
    summary: "Link a user with what Telegram's login widget gave",
    description: 'Send all fields of the widget as they came: Telegram has signed them.',
    body: {
      schema: widgetBody,
      examples: {
        widget: {
          id: 1001,
          first_name: 'Anna',
          last_name: 'Rossi',
          auth_date: 1795338900,
          hash: 'c1f3d8c5a1a8ef3d8a3f6b5e2b6e0f7d9a1b2c3d4e5f60718293a4b5c6d7e8f9',
        },
      },
      wrong: [
        {
          pointer: '/hash',
          detail: "Telegram has not signed these fields for this site's bot. Send them unchanged.",
        },
      ],
      consequence: 'Nobody was linked',
    },
    answers: [
      { status: 200, description: 'Linked: the state of the user', schema: userStateAnswer, example: state },
    ],
    problems: [
      inactive,
      conflict('This login was used already: each is good once. Let the person log in with Telegram again.'),
      noBot,
    ],
  },
  {
    ...common,
    method: 'get',
    path: user,
    id: 'getUser',
    summary: 'The state of a user and of their link',
    answers: [{ status: 200, description: 'The state', schema: userStateAnswer, example: state }],
    problems: [unknownUser],
  },
  {
    ...common,
    method: 'patch',
    path: user,
    id: 'changeUser',
    summary: 'Opt a user out or in, mute events, change the language',
    description: 'What is absent stays as it is.',
    body: {
      schema: userPatch,
      examples: { optOut: { optedOut: true }, mute: { mutedEvents: ['message-read', 'file-access'] } },
      wrong: [{ pointer: '/optedOut', detail: 'Must be true or false, not a string.' }],
      consequence: 'Nothing was changed',
    },
    answers: [{ status: 200, description: 'The state now', schema: userStateAnswer, example: state }],
    problems: [unknownUser],
  },
  {
    ...common,
    method: 'delete',
    path: user,
    id: 'eraseUser',
    summary: 'Erase all that is held about a user (GDPR, article 17)',
    answers: [
      {
        status: 200,
        description: 'What was erased',
        schema: erasedAnswer,
        example: { userId: 'anna', erased: { users: 1, links: 2, scheduled: 0, deliveries: 12 } },
      },
    ],
    problems: [unknownUser],
  },
];

import * as z from 'zod/mini';
import { EVENT_NAMES } from '../lib/domain/events.ts';
import { inactive } from '../lib/http/problems.ts';
import { named } from '../lib/openapi/components.ts';
import { operationsOf } from '../lib/openapi/operation.ts';
import { instant, type Shape, text } from '../lib/openapi/schemas.ts';
import type { Erased } from '../lib/store/erase.ts';
import { personsOptOut } from '../lib/users/change-user.ts';
import { noBot, unknownUser, widgetError } from '../lib/users/errors.ts';
import { describedImportBody } from '../lib/users/import-schemas.ts';
import { type ImportAnswer, type ImportResult, otherBot } from '../lib/users/import-users.ts';
import { taken } from '../lib/users/rename.ts';
import { linkBody, renameBody, userPatch, widgetBody } from '../lib/users/schemas.ts';
import type { ChatState, UserState } from '../lib/users/user-state.ts';
import { routes } from './users.ts';

named('LinkBody', linkBody);
named('UserPatch', userPatch);
named('RenameBody', renameBody);
named('ImportBody', describedImportBody, {
  properties: { botId: 'The bot that the chats are with: the digits before the ":" of its token' },
});
named('LoginWidgetBody', widgetBody, { description: 'All fields that the widget gave, and no others' });

const since = { reason: text, since: instant };
const link = {
  linkedAt: z.optional(instant),
  linkedBy: z.optional(z.enum(['deep-link', 'login-widget', 'oidc', 'import'])),
  telegramUsername: z.optional(text),
  needsNewStart: z.optional(z.boolean()),
  unreachable: z.optional(z.object(since)),
};
const newStart = 'The site has another bot since: the person has to press Start there';
const chat = named(
  'Chat',
  z.object({
    chatId: z.int(),
    ...link,
    stopped: z.boolean(),
    stoppedAt: z.optional(instant),
  } satisfies Shape<ChatState>),
  { properties: { needsNewStart: newStart, stopped: 'The person has written /stop in this chat' } },
);
const userAnswer = named(
  'User',
  z.object({
    userId: text,
    linked: z.boolean(),
    ...link,
    chats: z.array(chat),
    unlinked: z.optional(z.object(since)),
    optedOut: z.boolean(),
    optedOutBy: z.optional(z.enum(['person', 'shop'])),
    optedOutAt: z.optional(instant),
    optedOutIn: z.optional(z.enum(['bot', 'site', 'import'])),
    mutedEvents: z.array(z.enum(EVENT_NAMES)),
    language: z.optional(text),
    firstName: z.optional(text),
    lastName: z.optional(text),
    companyName: z.optional(text),
  } satisfies Shape<UserState>),
  {
    properties: {
      linked: 'Whether the bot can write to one of the chats',
      linkedAt: 'Of the first chat, as the other fields that `chats` has too',
      needsNewStart: newStart,
      optedOut: 'Whether the user gets nothing: opted out, or stopped in each of the chats',
    },
  },
);
const linkAnswer = named('LinkToken', z.object({ url: text, token: text, expiresAt: instant, qr: text }), {
  properties: { qr: 'The QR code of `url`, as SVG' },
});
const erasedAnswer = named(
  'Erased',
  z.object({
    userId: text,
    erased: z.object({
      users: z.int(),
      links: z.int(),
      scheduled: z.int(),
      deliveries: z.int(),
    } satisfies Shape<Erased>),
  }),
);
const importAnswer = named(
  'ImportAnswer',
  z.object({
    results: z.array(
      z.object({
        userId: z.optional(text),
        status: z.enum(['imported', 'unchanged', 'refused']),
        reason: z.optional(z.enum(['invalid', 'renamed', 'unlinked', 'too-many-chats', 'too-many-users'])),
        detail: z.optional(text),
        errors: z.optional(z.array(z.object({ pointer: text, detail: text }))),
      } satisfies Shape<ImportResult>),
    ),
    counts: z.object({ imported: z.int(), unchanged: z.int(), refused: z.int() }),
  } satisfies Shape<ImportAnswer>),
  { properties: { results: 'One for each row, in their order' } },
);

const state = {
  status: 200,
  schema: userAnswer,
  example: {
    userId: 'anna',
    linked: true,
    linkedAt: '2026-11-22T09:15:00.000Z',
    linkedBy: 'deep-link',
    telegramUsername: 'anna_rossi',
    chats: [
      {
        chatId: 1001,
        linkedAt: '2026-11-22T09:15:00.000Z',
        linkedBy: 'deep-link',
        telegramUsername: 'anna_rossi',
        stopped: false,
      },
    ],
    optedOut: false,
    mutedEvents: ['message-read'],
    language: 'it',
    firstName: 'Anna',
    lastName: 'Rossi',
  },
};
const switchedOff = inactive({ moduleActive: true });
const tag = 'Users';

export const docs = operationsOf(routes, {
  'POST /v1/sites/{siteId}/users/import': {
    id: 'importUsers',
    tag,
    summary: 'Import people who have linked Telegram elsewhere, with the same bot',
    description:
      'At most 500 rows in a request, and at most 256 KB. The people are told nothing. A row adds what is new and takes nothing back; a wrong row does not stop the others. The same request may be sent again at any time: it does what is missing. It also works while the site is switched off.',
    body: describedImportBody,
    examples: {
      people: {
        botId: '100',
        users: [
          { userId: 'CLI/001', chatId: 123456789, firstName: 'Anna', lastName: 'Rossi', language: 'it' },
          { userId: 'CLI/002', chatId: 987654321, companyName: 'Rossi S.r.l.', optedOut: true },
          { userId: 'CLI/003', chatId: 555666777, mutedEvents: ['message-read'] },
        ],
      },
    },
    wrong: [{ pointer: '/users', detail: 'Must have at most 500 entries.' }],
    answers: [
      {
        status: 200,
        description: 'What became of each row',
        schema: importAnswer,
        example: {
          results: [
            { userId: 'CLI/001', status: 'imported' },
            { userId: 'CLI/002', status: 'unchanged' },
            {
              userId: 'CLI/003',
              status: 'refused',
              reason: 'invalid',
              detail: 'Nothing of this row was imported. Correct what "errors" names, and send it again.',
              errors: [{ pointer: '/users/2/chatId', detail: 'Must be at least 1.' }],
            },
          ],
          counts: { imported: 1, unchanged: 1, refused: 1 },
        },
      },
    ],
    problems: [noBot(), otherBot({ id: '100', username: 'demo_shop_bot' }, '200')],
  },
  'POST /v1/sites/{siteId}/users/{userId}/link': {
    id: 'createLink',
    tag,
    summary: 'Make a link with which a user links Telegram',
    description:
      'Show the link, or its QR code, to the user who is logged in to the site. It works once, for 24 hours or for the time given. A user who has a chat already gets one more, up to five; the chats that are there are told.',
    examples: {
      link: { firstName: 'Anna', lastName: 'Rossi', language: 'it' },
      printed: { companyName: 'Rossi S.r.l.', expiresInHours: 720 },
    },
    wrong: [{ pointer: '/language', detail: 'Must be a BCP 47 language tag, such as "it" or "en-GB".' }],
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
    problems: [switchedOff, noBot()],
  },
  'POST /v1/sites/{siteId}/users/{userId}/telegram-login': {
    id: 'linkByLoginWidget',
    tag,
    summary: "Link a user with what Telegram's login widget gave",
    description: 'Send all fields of the widget as they came: Telegram has signed them.',
    examples: {
      widget: {
        id: 1001,
        first_name: 'Anna',
        last_name: 'Rossi',
        auth_date: 1795338900,
        hash: 'c1f3d8c5a1a8ef3d8a3f6b5e2b6e0f7d9a1b2c3d4e5f60718293a4b5c6d7e8f9',
      },
    },
    answers: [{ ...state, description: 'Linked: the state of the user' }],
    problems: [widgetError('forged'), switchedOff, widgetError('login-used'), noBot()],
  },
  'GET /v1/sites/{siteId}/users/{userId}': {
    id: 'getUser',
    tag,
    summary: 'The state of a user and of their link',
    answers: [{ ...state, description: 'The state' }],
    problems: [unknownUser()],
  },
  'PATCH /v1/sites/{siteId}/users/{userId}': {
    id: 'changeUser',
    tag,
    summary: 'Opt a user out or in, mute events, correct names and language',
    description:
      'What is absent stays as it is; `null` removes a name. `by` says who opts out or in: `person` where the person ticked it themself on the site, which also works before they link. The opt-out of a person is taken back only by them.',
    examples: {
      optOut: { optedOut: true, by: 'person' },
      mute: { mutedEvents: ['message-read', 'file-access'] },
      names: { companyName: 'Rossi S.r.l.' },
    },
    wrong: [{ pointer: '/optedOut', detail: 'Must be true or false, not a string.' }],
    answers: [{ ...state, description: 'The state now' }],
    problems: [unknownUser(), personsOptOut()],
  },
  'DELETE /v1/sites/{siteId}/users/{userId}/link': {
    id: 'unlinkUser',
    tag,
    summary: 'End the link to one chat, or all links of a user',
    description:
      'Names, switches, opt-outs and the log stay. Without `chat`, links that nobody has used yet stop working too.',
    parameters: { chat: { description: 'The number of the chat to unlink', example: '1001' } },
    answers: [{ status: 204, description: 'Ended' }],
    problems: [unknownUser()],
  },
  'POST /v1/sites/{siteId}/users/{userId}/rename': {
    id: 'renameUser',
    tag,
    summary: 'Give a user another id',
    description:
      'They keep chats, switches, opt-outs, log and what is scheduled. The same request may be sent again.',
    examples: { rename: { userId: 'CLI/002' } },
    answers: [{ status: 204, description: 'Renamed' }],
    problems: [unknownUser(), taken('CLI/002')],
  },
  'DELETE /v1/sites/{siteId}/users/{userId}': {
    id: 'eraseUser',
    tag,
    summary: 'Erase all that is held about a user (GDPR, article 17)',
    answers: [
      {
        status: 200,
        description: 'What was erased',
        schema: erasedAnswer,
        example: { userId: 'anna', erased: { users: 1, links: 2, scheduled: 0, deliveries: 12 } },
      },
    ],
    problems: [unknownUser()],
  },
});

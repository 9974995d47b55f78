import * as z from 'zod/mini';
import { QUIET_MODES } from '../lib/domain/quiet-hours.ts';
import { STAFF_NOTICES, SWITCHABLE_EVENTS } from '../lib/domain/staff.ts';
import { inactive, invalidParameters } from '../lib/http/problems.ts';
import { notALanguage } from '../lib/http/schemas.ts';
import { copyButton, linkButton } from '../lib/openapi/buttons.ts';
import { named } from '../lib/openapi/components.ts';
import { deliveryFields, deliverySample } from '../lib/openapi/delivery.ts';
import { operationsOf } from '../lib/openapi/operation.ts';
import { orderTable } from '../lib/openapi/order-table.ts';
import { fieldError, instant, type Shape, text } from '../lib/openapi/schemas.ts';
import { type ListedPerson, PERSON_STATES, type PersonState } from '../lib/store/directory.ts';
import type { Erased } from '../lib/store/erase.ts';
import { personsOptOut } from '../lib/users/change-user.ts';
import { noBot, unknownUser, widgetError } from '../lib/users/errors.ts';
import type { UserExport } from '../lib/users/export.ts';
import { describedImportBody } from '../lib/users/import-schemas.ts';
import { type ImportAnswer, type ImportResult, otherBot } from '../lib/users/import-users.ts';
import { taken } from '../lib/users/rename.ts';
import { linkBody, renameBody, userPatch, widgetBody } from '../lib/users/schemas.ts';
import type { ChatState, UserState } from '../lib/users/user-state.ts';
import { routes } from './users.ts';

named('LinkBody', linkBody, {
  description:
    'Who the link is for, and how long it is valid; all of it may be left out. Names are sent all together: if there is one, those that were known are replaced, also by nothing',
});
named('UserPatch', userPatch, {
  more: { dependentRequired: { by: ['optedOut'] } },
  description: 'What changes; what is absent stays as it is',
});
named('RenameBody', renameBody, {
  description: 'The other id',
  properties: { userId: 'The id that the user has from now on' },
});
named('ImportBody', describedImportBody, {
  description: 'People who have linked Telegram elsewhere, with the same bot',
  properties: { botId: 'The bot that the chats are with: the digits before the ":" of its token' },
});
named('LoginWidgetBody', widgetBody, { description: 'All fields that the widget gave, and no others' });

const since = { reason: text, since: instant };
const unreachable = named('Unreachable', z.object({ ...since, botId: z.optional(text) }), {
  description: 'Why Telegram lets the bot write no more',
  properties: { reason: 'In the words of Telegram', botId: 'The bot that Telegram has refused' },
});
const link = {
  linkedAt: z.optional(instant),
  linkedBy: z.optional(z.enum(['deep-link', 'login-widget', 'oidc', 'import'])),
  telegramUsername: z.optional(text),
  needsNewStart: z.optional(z.boolean()),
  unreachable: z.optional(unreachable),
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
  {
    description: 'A Telegram chat of a user',
    properties: { needsNewStart: newStart, stopped: 'The person has written /stop in this chat' },
  },
);
const ownHours = z.object({
  from: z.optional(text),
  to: z.optional(text),
  mode: z.enum([...QUIET_MODES, 'off']),
});
const consent = z.object({ given: z.boolean(), at: instant, source: text });
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
    mutedEvents: z.array(z.enum(SWITCHABLE_EVENTS)),
    quietHours: z.optional(ownHours),
    marketingConsent: z.optional(consent),
    timeZone: z.optional(text),
    language: z.optional(text),
    firstName: z.optional(text),
    lastName: z.optional(text),
    companyName: z.optional(text),
  } satisfies Shape<UserState>),
  {
    description: 'A person of the shop, and their link to Telegram',
    properties: {
      linked: 'Whether the bot can write to one of the chats',
      linkedAt: 'Of the first chat, as the other fields that `chats` has too',
      needsNewStart: newStart,
      optedOut: 'Whether the user gets nothing: opted out, or stopped in each of the chats',
    },
  },
);
const counts = Object.fromEntries(PERSON_STATES.map((name) => [name, z.int()])) as Record<
  PersonState,
  z.ZodMiniInt
>;
const listedPerson = named(
  'ListedPerson',
  z.object({
    userId: text,
    state: z.enum(PERSON_STATES),
    since: z.optional(instant),
    firstName: z.optional(text),
    lastName: z.optional(text),
    companyName: z.optional(text),
    language: z.optional(text),
    chats: z.int(),
    optedOutBy: userAnswer.shape.optedOutBy,
    optedOutIn: userAnswer.shape.optedOutIn,
    expiresAt: z.optional(instant),
  } satisfies Shape<ListedPerson>),
  {
    properties: {
      since: 'Since when they are in this state, where that is known',
      chats: 'How many chats they have',
      expiresAt: 'Of somebody who is pending: when their last open link expires',
    },
  },
);
const peopleAnswer = named(
  'People',
  z.object({
    users: z.array(listedPerson),
    cursor: z.optional(text),
    counts: z.object(counts),
    updating: z.optional(z.boolean()),
  }),
  {
    properties: {
      cursor: 'Where the list goes on; absent on the last page. A page may have fewer people than asked for',
      counts: 'How many people of the site are in each state, whatever is asked for',
      updating:
        'The list is just being made, or many people have changed at once: some may be missing, and counts be wrong. Ask again in a minute',
    },
  },
);
const linkAnswer = named(
  'LinkToken',
  z.object({ url: text, token: text, startCommand: text, expiresAt: instant, qr: text }),
  {
    description: 'A link with which a user links Telegram',
    properties: {
      startCommand: 'To copy and send to the bot, where `url` opens it without the token',
      qr: 'The QR code of `url`, as SVG',
    },
  },
);
const erasedAnswer = named(
  'Erased',
  z.object({
    userId: text,
    erased: z.object({
      users: z.int(),
      links: z.int(),
      scheduled: z.int(),
      waiting: z.int(),
      outgoing: z.int(),
      deliveries: z.int(),
    } satisfies Shape<Erased>),
  }),
  { description: 'What was erased' },
);
const importAnswer = named(
  'ImportAnswer',
  z.object({
    results: z.array(
      z.object({
        userId: z.optional(text),
        status: z.enum(['imported', 'unchanged', 'refused']),
        reason: z.optional(
          z.enum(['invalid', 'renamed', 'id-used-again', 'unlinked', 'too-many-chats', 'too-many-users']),
        ),
        detail: z.optional(text),
        errors: z.optional(z.array(fieldError)),
      } satisfies Shape<ImportResult>),
    ),
    counts: z.object({ imported: z.int(), unchanged: z.int(), refused: z.int() }),
  } satisfies Shape<ImportAnswer>),
  {
    description: 'What became of each row',
    properties: { results: 'One for each row, in their order' },
  },
);

const delivery = z.object({
  ...deliveryFields,
  chatId: z.optional(z.int()),
  links: z.optional(z.array(text)),
} satisfies Shape<UserExport['deliveries'][number]>);
const { userId: _, firstName, lastName, companyName, language, mutedEvents, unlinked } = userAnswer.shape;
const { quietHours, timeZone, marketingConsent } = userAnswer.shape;
const names = { firstName, lastName, companyName, language };
const exportAnswer = named(
  'UserExport',
  z.object({
    siteId: text,
    userId: text,
    exportedAt: instant,
    user: z.optional(
      z.object({
        ...names,
        namesAt: z.optional(instant),
        mutedEvents,
        quietHours,
        marketingConsent,
        timeZone,
        optedOut: z.boolean(),
        optOuts: z.array(
          z.object({
            by: z.enum(['person', 'shop']),
            at: z.optional(instant),
            where: z.enum(['bot', 'site', 'import']),
          }),
        ),
        optedIn: z.optional(z.object({ person: z.optional(instant), shop: z.optional(instant) })),
        endedStops: z.array(instant),
        unlinked,
        endedLinks: z.array(instant),
        formerIds: z.array(text),
      } satisfies Shape<NonNullable<UserExport['user']>>),
    ),
    staff: z.optional(z.array(z.enum(STAFF_NOTICES))),
    chats: z.array(
      z.object({
        chatId: z.int(),
        botId: z.optional(text),
        linkedAt: link.linkedAt,
        linkedBy: link.linkedBy,
        telegramUsername: link.telegramUsername,
        stopped: z.boolean(),
        stoppedAt: z.optional(instant),
        resumedAt: z.optional(instant),
        unreachable: link.unreachable,
        formerChatIds: z.optional(z.array(z.int())),
      } satisfies Shape<UserExport['chats'][number]>),
    ),
    links: z.array(
      z.object({
        createdAt: instant,
        expiresAt: instant,
        used: z.boolean(),
        usedAt: z.optional(instant),
        usedByChat: z.optional(z.int()),
        ...names,
        groups: z.optional(z.array(text)),
        marketingConsent,
      } satisfies Shape<UserExport['links'][number]>),
    ),
    logins: z.array(
      z.object({ usedAt: instant, keptUntil: instant } satisfies Shape<UserExport['logins'][number]>),
    ),
    scheduled: z.array(
      z.object({
        key: text,
        dueAt: z.optional(instant),
        event: z.optional(z.record(z.string(), z.unknown())),
      } satisfies Shape<UserExport['scheduled'][number]>),
    ),
    moreScheduled: z.optional(z.boolean()),
    waiting: z.array(
      z.object({
        deliveryId: text,
        event: text,
        eventId: text,
        acceptedAt: instant,
        chatId: z.optional(z.int()),
        text,
        button: z.optional(linkButton),
        moreButtons: z.optional(z.array(z.union([linkButton, copyButton]))),
        table: z.optional(orderTable),
      } satisfies Shape<UserExport['waiting'][number]>),
    ),
    moreWaiting: z.optional(z.boolean()),
    outgoing: z.array(
      z.object({
        id: text,
        event: text,
        at: instant,
        dueAt: instant,
        failures: z.int(),
        data: z.record(z.string(), z.unknown()),
      } satisfies Shape<UserExport['outgoing'][number]>),
    ),
    moreOutgoing: z.optional(z.boolean()),
    deliveries: z.array(delivery),
    cursor: z.optional(text),
  }),
  {
    description: 'All that is kept about a person',
    properties: {
      staff: 'What they are told as somebody who works in the shop; absent: they do not',
      links: 'Links that were handed out, used or not; never the links themselves',
      logins: "Logins with Telegram's widget",
      scheduled: 'Carts and reminders to come, without other recipients, and those that are remembered',
      moreScheduled: 'There are more than 1,000',
      waiting: 'Messages that could not be sent yet, with their text',
      moreWaiting: 'There are more than 200',
      outgoing:
        'What the webhook of the site is still to be told of the person, with how often it was tried in vain. What it is told of messages names only their lines in `deliveries`',
      moreOutgoing: 'There are more than 1,000',
      deliveries: 'The log, newest first',
      cursor: 'The log goes on: absent on the last page',
    },
  },
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
    quietHours: { from: '22:00', to: '07:00', mode: 'after' },
    marketingConsent: { given: true, at: '2026-10-01T08:30:00.000Z', source: 'Registrazione sul sito' },
    timeZone: 'Europe/Rome',
    language: 'it',
    firstName: 'Anna',
    lastName: 'Rossi',
  },
};
const switchedOff = inactive({ moduleActive: true });
const tag = 'Users';

export const docs = operationsOf(routes, {
  'GET /v1/sites/{siteId}/users': {
    id: 'listUsers',
    tag,
    summary: 'The people of a site: list, search, filter, counts',
    description:
      'Each person has one state: `opted-out` (by themself or the shop), else `linked`, `unreachable` (Telegram reaches none of their chats), `pending` (not linked, with a link that nobody has used and that has not expired; also people whom nobody knew before), or `not-linked`. What has happened before the request is in the answer. It also works while the site is switched off.',
    parameters: {
      query: {
        description:
          'The beginning of an id, or of one or several words of a name or a company, without regard to case, accents and punctuation: `cli/00`, `ros mar`, `srl`',
        example: 'ros',
      },
      state: { description: 'Only people in this state', example: 'linked' },
      cursor: {
        description: 'The `cursor` of the answer before, with the same `query` and `state`',
        example: 'IGlkI2FubmEKYW5uYQ',
      },
      limit: {
        description: 'How many people at most',
        example: 50,
        schema: { type: 'integer', minimum: 1, maximum: 100, default: 50 },
      },
    },
    answers: [
      {
        status: 200,
        description: 'A page of the list',
        schema: peopleAnswer,
        example: {
          users: [
            {
              userId: 'anna',
              state: 'linked',
              since: '2026-11-22T09:15:00.000Z',
              firstName: 'Anna',
              lastName: 'Rossi',
              language: 'it',
              chats: 1,
            },
            {
              userId: 'CLI/002',
              state: 'pending',
              since: '2026-11-22T09:15:00.000Z',
              companyName: 'Rossi S.r.l.',
              chats: 0,
              expiresAt: '2026-11-23T09:15:00.000Z',
            },
          ],
          cursor: 'IGlkI2NsaS8wMDIKQ0xJLzAwMg',
          counts: { linked: 1204, pending: 17, 'not-linked': 310, 'opted-out': 25, unreachable: 9 },
        },
      },
    ],
    problems: [
      invalidParameters([
        {
          pointer: '/cursor',
          detail: 'Must be the "cursor" of an earlier answer to the same "query", as it came.',
        },
      ]),
    ],
  },
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
    wrong: [{ pointer: '/users', code: 'wrong-length', detail: 'Must have at most 500 entries.' }],
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
              errors: [{ pointer: '/users/2/chatId', code: 'out-of-range', detail: 'Must be at least 1.' }],
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
      'Show the link, or its QR code, to the user who is logged in to the site, and below it the line `startCommand`: Telegram Desktop now and then opens the bot without the token of the link, and then this line does it. It works once, for 24 hours or for the time given. A user who has a chat already gets one more, up to five; the chats that are there are told.',
    examples: {
      link: { firstName: 'Anna', lastName: 'Rossi', language: 'it', groups: ['Rivenditori'] },
      printed: { companyName: 'Rossi S.r.l.', expiresInHours: 720 },
    },
    wrong: [{ pointer: '/language', detail: notALanguage('italiano') }],
    answers: [
      {
        status: 201,
        description: 'The link, and its QR code as SVG',
        schema: linkAnswer,
        example: {
          url: 'https://t.me/demo_shop_bot?start=Jx3yQm0T1cVbWk9dPzR4Ag',
          token: 'Jx3yQm0T1cVbWk9dPzR4Ag',
          startCommand: '/start Jx3yQm0T1cVbWk9dPzR4Ag',
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
    description:
      "Send all fields of the widget as they came: Telegram has signed them. `groups`, a list, is ours, and no part of what is signed: the person's user groups, for a welcome that is for some groups only.",
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
  'GET /v1/sites/{siteId}/users/{userId}/export': {
    id: 'exportUser',
    tag,
    summary: 'All that is kept about a user (GDPR, articles 15 and 20)',
    description:
      'Also works while the site is off. An answer has at most 4,000 deliveries of the log. Where there are more, it has a `cursor`: ask again with it for the next ones; the other parts are the same in each answer. Messages that are on their way in a queue are in the log after their first attempt.',
    parameters: {
      cursor: {
        description: 'The `cursor` of the answer before',
        example: 'MjAyNi0xMS0yMlQxMDo0OTo1Mi4wMjJaIHdjWl9O',
      },
    },
    answers: [
      {
        status: 200,
        description: 'All that is kept',
        schema: exportAnswer,
        example: {
          siteId: 'demo',
          userId: 'anna',
          exportedAt: '2026-11-22T11:00:00.000Z',
          user: {
            firstName: 'Anna',
            lastName: 'Rossi',
            language: 'it',
            mutedEvents: ['message-read'],
            quietHours: { mode: 'off' },
            optedOut: false,
            optOuts: [],
            endedStops: [],
            endedLinks: [],
            formerIds: [],
          },
          chats: [
            {
              chatId: 1001,
              botId: '100',
              linkedAt: '2026-11-22T09:15:00.000Z',
              linkedBy: 'deep-link',
              telegramUsername: 'anna_rossi',
              stopped: false,
            },
          ],
          links: [
            {
              createdAt: '2026-11-22T09:10:00.000Z',
              expiresAt: '2026-11-23T09:10:00.000Z',
              used: true,
              usedAt: '2026-11-22T09:15:00.000Z',
              usedByChat: 1001,
            },
          ],
          logins: [],
          scheduled: [
            {
              key: 'cart#anna',
              dueAt: '2026-11-22T13:00:00.000Z',
              event: { eventId: 'carrello-77', cart: { id: '77', itemCount: 2 }, user: { id: 'anna' } },
            },
          ],
          waiting: [],
          outgoing: [
            {
              id: 'msg_xwDNUuq4MizjSji5ATl332l5h70akcUb',
              event: 'user.linked',
              at: '2026-11-22T09:15:00.000Z',
              dueAt: '2026-11-22T11:15:00.000Z',
              failures: 8,
              data: { isFirst: true, by: 'deep-link' },
            },
          ],
          deliveries: [{ ...deliverySample, chatId: 1001 }],
        },
      },
    ],
    problems: [
      invalidParameters([
        {
          pointer: '/cursor',
          code: 'invalid',
          detail: 'Must be the "cursor" of an earlier answer, as it came.',
        },
      ]),
      unknownUser(),
    ],
  },
  'PATCH /v1/sites/{siteId}/users/{userId}': {
    id: 'changeUser',
    tag,
    summary:
      'Opt a user out or in, mute events, set quiet hours, note consent to advertising, correct names, language and time zone',
    description:
      'What is absent stays as it is; `null` removes a name. `by` says who opts out or in: `person` where the person ticked it themself on the site, which also works before they link. The opt-out of a person is taken back only by them.',
    examples: {
      optOut: { optedOut: true, by: 'person' },
      mute: { mutedEvents: ['message-read', 'file-access'] },
      night: { quietHours: { from: '23:00', to: '07:30', mode: 'silent' }, timeZone: 'Europe/Rome' },
      noNight: { quietHours: { mode: 'off' } },
      consent: {
        marketingConsent: { given: true, at: '2026-10-01T10:30:00+02:00', source: 'Registrazione sul sito' },
      },
      names: { companyName: 'Rossi S.r.l.' },
    },
    wrong: [{ pointer: '/optedOut', code: 'wrong-type', detail: 'Must be true or false, not a string.' }],
    answers: [{ ...state, description: 'The state now' }],
    problems: [unknownUser(), personsOptOut()],
  },
  'DELETE /v1/sites/{siteId}/users/{userId}/link': {
    id: 'unlinkUser',
    tag,
    summary: 'End the link to one chat, or all links of a user',
    description:
      'Names, switches, opt-outs and the log stay. Without `chat`, links that nobody has used yet stop working too.',
    parameters: {
      chat: {
        description: 'The number of the chat to unlink; absent: all',
        example: 1001,
        schema: {
          type: 'integer',
          format: 'int64',
          minimum: -(2 ** 52) + 1,
          maximum: 2 ** 52 - 1,
          not: { const: 0 },
        },
      },
    },
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
        example: {
          userId: 'anna',
          erased: { users: 1, links: 2, scheduled: 0, waiting: 0, outgoing: 0, deliveries: 12 },
        },
      },
    ],
    problems: [unknownUser()],
  },
});

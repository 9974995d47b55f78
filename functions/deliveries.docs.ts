import * as z from 'zod/mini';
import type { LogLine } from '../lib/deliveries/log-lines.ts';
import {
  CSV_LIMIT,
  DEFAULT_LIMIT,
  LOGGED_EVENTS,
  MAX_LIMIT,
  unknownDelivery,
} from '../lib/deliveries/log-parameters.ts';
import { MOST_DAYS } from '../lib/deliveries/statistics.ts';
import { notAcceptable } from '../lib/http/negotiate.ts';
import { invalidParameters } from '../lib/http/problems.ts';
import { named } from '../lib/openapi/components.ts';
import { deliveryFields, deliverySample } from '../lib/openapi/delivery.ts';
import { operationsOf } from '../lib/openapi/operation.ts';
import { instant, type Shape, text } from '../lib/openapi/schemas.ts';
import type { ScheduledView } from '../lib/schedule/scheduled-list.ts';
import { routes } from './deliveries.ts';

/** How many. */
const count = z.int();

const words = named('Words', z.object({ it: text, en: text }), {
  properties: { it: 'In Italian', en: 'In English' },
});
const lineFields = {
  ...deliveryFields,
  userName: z.optional(text),
  templateName: z.optional(text),
  message: words,
} satisfies Shape<LogLine>;
const deliveryAnswer = named('Delivery', z.object(lineFields), {
  description: 'What became of one message, or why there is none',
  properties: {
    userName: 'The name that the person has now; absent where none is known',
    templateName: 'The name that the template has now; absent where it is gone',
    message: 'What happened, and what the merchant can do',
    digestId:
      '`in-digest`: the `deliveryId` of the message that it is in, together with other notices of its folder',
    collected: 'How many notices of a folder the message collects',
    resendOf: 'The `deliveryId` of the line whose message was sent once more',
    resendableUntil: 'Until when the message can be sent once more; absent where it can not',
    test: "Whether it was a merchant's test of a template",
    templateId: 'Absent where no template was chosen',
    eventId: 'That of the event; of a welcome and of a test one of our own',
    source: 'How the event came; absent for a welcome, for a test, and in lines of the former release',
    dueAt: '`scheduled`: when it is due. `skipped`: when it would have been, had it not been ended before',
    reason: '`skipped`, `waiting`: why',
    until: '`waiting`: when it is looked at again',
    failure: 'What Telegram, or the way to it, said',
    attempts: 'How often it was taken from the queue, or tried',
    clicks: 'How often its links to the shop were opened; absent where they are not counted',
    clickedAt: 'When one of them was opened first',
  },
});
const pageAnswer = named(
  'Deliveries',
  z.object({
    deliveries: z.array(deliveryAnswer),
    cursor: z.optional(text),
    totals: z.optional(
      z.object({
        sent: count,
        failed: count,
        retrying: count,
        skipped: count,
        waiting: count,
        complete: z.boolean(),
      }),
    ),
  }),
  {
    description: 'A page of the log',
    properties: {
      totals:
        'With `totals=true`: how many lines the other filters find, by state. `complete`: whether that are all; if not, the newest ones, some ten thousands, were counted',
    },
  },
);

const lineSample = {
  ...deliverySample,
  userName: 'Anna Bianchi',
  templateName: 'Stato ordine',
  message: { it: 'Inviato: è nella chat.', en: 'Sent: it is in the chat.' },
};

const csvSample = [
  'Data e ora;Evento;Template;Utente;Nome;Esito;Che cosa è successo;Motivo;Previsto per;Tentativi;Prova;ID evento;ID consegna',
  '2026-11-22 11:49:52;"order-status";"Stato ordine";"anna";"Anna Bianchi";"Inviato";"Inviato: è nella chat.";;;1;;"ordine-2026-0412-evaso";"wcZ_NeggoodXsop_Ce6MtDk7gAm7q1ue"',
].join('\r\n');

const scheduledAnswer = named(
  'Scheduled',
  z.object({
    kind: z.enum(['digest', 'cart', 'reminder', 'message']),
    event: text,
    eventId: text,
    id: text,
    userId: text,
    userName: z.optional(text),
    templateName: z.optional(text),
    dueAt: instant,
    step: z.optional(z.int()),
    itemCount: z.optional(z.number().check(z.minimum(0))),
    total: z.optional(z.object({ amount: text, currency: text })),
    subject: z.optional(text),
    date: z.optional(text),
    folder: z.optional(text),
    notices: z.optional(z.int()),
    reason: z.optional(
      z.enum([
        'rate-limit',
        'chat-paused',
        'quiet-hours',
        'bot-paused',
        'bot-missing',
        'bot-unauthorized',
        'telegram-unreachable',
      ]),
    ),
    message: words,
  } satisfies Shape<ScheduledView>),
  {
    properties: {
      id: 'Of the cart, the activity or the delivery; `digest`: the delivery of its first notice',
      userName: 'The present name, or else that of the event',
      dueAt: 'When it is due. `message`: when it is looked at again',
      step: '`cart`: which message about it this is, 2 or 3; absent: the first',
      itemCount: '`cart`: number of articles',
      date: '`reminder`: of the activity, as it was reported',
      folder: '`digest`: whose notices are collected',
      notices: '`digest`: how many there are by now',
      reason: '`message`: why it waits',
      message: 'What it waits for, and what the merchant can do',
    },
  },
);
const scheduledPage = named(
  'ScheduledPage',
  z.object({ scheduled: z.array(scheduledAnswer), cursor: z.optional(text) }),
  { description: 'A page of what is to come' },
);

const counts = {
  sent: count,
  failed: count,
  skipped: z.record(z.string(), count),
  clicked: z.optional(count),
};
const dayCounts = {
  ...counts,
  linked: count,
  optedOut: count,
  recovered: z.optional(z.record(z.string(), count)),
  events: z.record(z.string(), z.object(counts)),
};
const statisticsAnswer = named(
  'Statistics',
  z.object({
    from: text,
    to: text,
    timeZone: text,
    countedUntil: instant,
    days: z.array(z.object({ day: text, ...dayCounts })),
    totals: z.object(dayCounts),
  }),
  {
    properties: {
      timeZone: "The site's: its days are counted",
      countedUntil: 'What was recorded before this time is counted',
      days: 'Each day from `from` to `to`, also those on which nothing happened. `skipped` is by reason; `linked`: new links; `optedOut`: opt-outs; `clicked`: messages of which a counted link was opened for the first time, some minutes later and only where there were some; `recovered`: carts that were ordered after a message of their series, by the number of the last one; `events`: the same by event',
    },
  },
);
const daySample = {
  sent: 41,
  failed: 1,
  skipped: { 'not-linked': 7, muted: 2 },
  linked: 3,
  optedOut: 0,
  recovered: { 1: 2, 2: 1 },
  events: { 'order-status': { sent: 41, failed: 1, skipped: { 'not-linked': 7, muted: 2 } } },
};

const cursor = 'MjAyNi0xMS0yMlQxMDo0OTo1Mi4wMjJaIHdjWl9O';

export const docs = operationsOf(routes, {
  'GET /v1/sites/{siteId}/deliveries': {
    id: 'listDeliveries',
    tag: 'Log',
    summary: 'The log, newest first',
    description:
      'As JSON, or with `Accept: text/csv` as a file for a spreadsheet, in Italian or English (`Accept-Language`). A page has at most `limit` deliveries. Where the answer has a `cursor`, there are more: ask again with it and the same parameters. New deliveries move no page. With `event` or `status` a page may be short, or empty, and still have a `cursor`. A delivery that is tried again moves to the time of its last attempt. Deliveries are kept 90 days. What is still to come is shown with `status=scheduled` only, in no order of time. A file has the separator `;`, the encoding UTF-8 with a byte order mark, times of the site as `YYYY-MM-DD hh:mm:ss`, and an apostrophe before a text that a spreadsheet would take for a formula or a number; where there is more, the header `Link` leads to the next file.',
    parameters: {
      userId: { description: 'Only those to this user', example: 'anna' },
      eventId: { description: 'Only those of this event', example: 'ordine-2026-0412-evaso' },
      event: { description: `One of ${LOGGED_EVENTS.join(', ')}`, example: 'order-status' },
      status: { description: 'What became of it', example: 'failed' },
      from: {
        description: 'Only those recorded at this time or later',
        example: '2026-11-22T00:00:00+01:00',
      },
      to: { description: 'Only those recorded at this time or before', example: '2026-11-22T23:59:59+01:00' },
      totals: { description: '`true`: also how many lines there are, by state', example: 'true' },
      cursor: { description: 'The `cursor` of the page before', example: cursor },
      limit: {
        description: `How many; without it ${DEFAULT_LIMIT}, and ${CSV_LIMIT} in a file`,
        example: 20,
        schema: { type: 'integer', minimum: 1, maximum: MAX_LIMIT },
      },
    },
    answers: [
      {
        status: 200,
        description: 'A page',
        schema: pageAnswer,
        example: { deliveries: [lineSample], cursor },
        also: { 'text/csv': { schema: text, example: csvSample } },
      },
    ],
    problems: [
      notAcceptable(['application/json', 'text/csv']),
      invalidParameters([
        { pointer: '/limit', code: 'invalid', detail: `Must be a whole number from 1 to ${MAX_LIMIT}.` },
      ]),
    ],
  },
  'GET /v1/sites/{siteId}/deliveries/{deliveryId}': {
    id: 'getDelivery',
    tag: 'Log',
    summary: 'One delivery',
    answers: [{ status: 200, description: 'The delivery', schema: deliveryAnswer, example: lineSample }],
    problems: [unknownDelivery()],
  },
  'GET /v1/sites/{siteId}/scheduled': {
    id: 'listScheduled',
    tag: 'Log',
    summary: 'What is still to come',
    description:
      'Carts and reminders that wait for their time, and messages that wait for their turn, with why and until when; one line for each person, in no order of time. A page may be short, or empty, and still have a `cursor`.',
    parameters: {
      userId: { description: 'Only what is for this user', example: 'anna' },
      event: { description: `One of ${LOGGED_EVENTS.join(', ')}`, example: 'abandoned-cart' },
      cursor: { description: 'The `cursor` of the page before', example: 'MCBtIw' },
      limit: {
        description: 'How many at most',
        example: 20,
        schema: { type: 'integer', minimum: 1, maximum: MAX_LIMIT, default: DEFAULT_LIMIT },
      },
    },
    answers: [
      {
        status: 200,
        description: 'A page',
        schema: scheduledPage,
        example: {
          scheduled: [
            {
              kind: 'cart',
              event: 'abandoned-cart',
              eventId: 'carrello-88-1',
              id: '88',
              userId: 'anna',
              userName: 'Anna Bianchi',
              dueAt: '2026-11-22T13:00:00.000Z',
              itemCount: 3,
              total: { amount: '149.90', currency: 'EUR' },
              message: {
                it: 'In programma: parte all’ora indicata, se il carrello non viene ordinato o recuperato prima.',
                en: 'Scheduled: it goes out at that time, unless the cart is ordered or recovered before.',
              },
            },
          ],
          cursor: 'MCBtIw',
        },
      },
    ],
    problems: [
      invalidParameters([
        { pointer: '/cursor', detail: 'Must be the "cursor" of an earlier answer, as it came.' },
      ]),
    ],
  },
  'GET /v1/sites/{siteId}/statistics': {
    id: 'getStatistics',
    tag: 'Log',
    summary: 'How much was sent, by day',
    description: `Counted by day of the site's time zone and by event, each outcome on the day on which it was recorded. Tests of templates do not count. An answer has at most ${MOST_DAYS} days; the counts are kept for two years.`,
    parameters: {
      from: {
        description: 'The first day; without it the 30 days up to `to`',
        example: '2026-11-01',
      },
      to: { description: 'The last day, included; today without it', example: '2026-11-30' },
    },
    answers: [
      {
        status: 200,
        description: 'The counts',
        schema: statisticsAnswer,
        example: {
          from: '2026-11-22',
          to: '2026-11-22',
          timeZone: 'Europe/Rome',
          countedUntil: '2026-11-22T17:00:00.000Z',
          days: [{ day: '2026-11-22', ...daySample }],
          totals: daySample,
        },
      },
    ],
    problems: [
      invalidParameters([{ pointer: '/from', detail: 'Must not be later than the end of the period.' }]),
    ],
  },
});

/** Calls of the functions in the form of AWS and Telegram, for the scenes of scenes.ts. */
import type { APIGatewayProxyEventV2, APIGatewayProxyStructuredResultV2, Context } from 'aws-lambda';
import type { Notification } from '../lib/deliveries/notification.ts';
import { EVENT_NAMES, type EventName } from '../lib/domain/events.ts';
import { type ApiRequest, apiEvent, lambdaContext } from '../tests/support/api-events.ts';
import { messageOf, nextUpdateId } from '../tests/support/bot-updates.ts';
import { SITE_KEY } from '../tests/support/fixtures.ts';
import { EVENTS, type EventKind, payloadFor } from '../tests/support/payloads.ts';
import { reminderEvent } from '../tests/support/schedule.ts';
import { record, ticketBatch } from '../tests/support/sqs-events.ts';

/** The secret token of the demo shop's webhook. */
export const SECRET = 'webhook-secret-of-the-benchmark';
/** The chat of `user-0`; the other users' chats follow. */
export const FIRST_CHAT = 10_001;

type HttpHandler = (
  event: APIGatewayProxyEventV2,
  context: Context,
) => Promise<APIGatewayProxyStructuredResultV2>;

/** Loads the functions. The addresses of DynamoDB, SQS and Telegram must be in the environment before. */
export async function loadFunctions() {
  const events = Object.fromEntries(
    await Promise.all(
      EVENT_NAMES.map(async (name) => [name, (await import(`../functions/${name}.ts`)).handler] as const),
    ),
  ) as Record<EventName, HttpHandler>;
  const [deliver, drain, poller, bot, users, webhooks, outgoing, clicks, clicksDue] = await Promise.all([
    import('../functions/deliver.ts'),
    import('../functions/drain.ts'),
    import('../functions/abandoned-cart-due.ts'),
    import('../functions/bot.ts'),
    import('../functions/users.ts'),
    import('../functions/webhooks.ts'),
    import('../functions/outgoing.ts'),
    import('../functions/clicks.ts'),
    import('../functions/clicks-due.ts'),
  ]);
  return {
    report: (event: EventName, body: object) =>
      expectStatus(202, events[event], requestOf(`/events/${event}`, { body })),
    async deliver(notifications: Notification[]): Promise<void> {
      const Records = notifications.map((notification) => record(notification));
      const { batchItemFailures } = await deliver.handler({ Records }, lambdaContext);
      if (batchItemFailures.length > 0)
        throw new Error(`${batchItemFailures.length} deliveries have to come again.`);
    },
    drain: () =>
      drain.handler(ticketBatch('demo'), { ...lambdaContext, getRemainingTimeInMillis: () => 60_000 }),
    /** Calls the webhook of the site. */
    tell: () =>
      outgoing.handler(ticketBatch('demo'), { ...lambdaContext, getRemainingTimeInMillis: () => 60_000 }),
    /** Somebody opens a counted link. */
    open: (code: string) =>
      expectStatus(
        302,
        clicks.handler,
        apiEvent({ path: `/c/${code}`, routeKey: 'GET /c/{code}', pathParameters: { code } }),
      ),
    noteClicks: () => clicksDue.handler({}, { getRemainingTimeInMillis: () => 60_000 }),
    runPoller: () => poller.handler({}, lambdaContext),
    /** The 24 runs of a day. */
    async lookAtWebhooks(): Promise<void> {
      const context = { ...lambdaContext, getRemainingTimeInMillis: () => 300_000 };
      for (let hour = 0; hour < 24; hour++) await webhooks.handler({ hour }, context);
    },
    /** Requests a link. Returns its token. */
    async link(userId: string): Promise<string> {
      const request = requestOf(`/users/${userId}/link`, {
        routeKey: 'POST /v1/sites/{siteId}/users/{userId}/link',
        pathParameters: { siteId: 'demo', userId },
        body: { firstName: 'Nuova', language: 'it' },
      });
      const { body = '' } = await expectStatus(201, users.handler, request);
      return JSON.parse(body).token;
    },
    /** Sends a person's message, as Telegram does. */
    write(chatId: number, text: string) {
      const body = { update_id: nextUpdateId(), message: messageOf(chatId, text) };
      const request = apiEvent({
        method: 'POST',
        path: '/v1/telegram/demo',
        routeKey: 'POST /v1/telegram/{siteId}',
        pathParameters: { siteId: 'demo' },
        headers: { 'x-telegram-bot-api-secret-token': SECRET },
        body,
      });
      return expectStatus(200, bot.handler, request);
    },
  };
}

/** A request to a path of the demo site, with its key. */
function requestOf(path: string, request: ApiRequest): APIGatewayProxyEventV2 {
  return apiEvent({
    method: 'POST',
    path: `/v1/sites/demo${path}`,
    routeKey: `POST /v1/sites/{siteId}${path}`,
    pathParameters: { siteId: 'demo' },
    headers: { authorization: `Bearer ${SITE_KEY}` },
    ...request,
  });
}

async function expectStatus(status: number, handler: HttpHandler, request: APIGatewayProxyEventV2) {
  const answer = await handler(request, lambdaContext);
  if (answer.statusCode !== status) throw new Error(`Answered ${answer.statusCode}: ${answer.body}`);
  return answer;
}

const recipient = (index: number) => ({
  id: `user-${index}`,
  ...{ firstName: 'Anna', lastName: 'Rossi', language: 'it', kind: 'customer' },
});

/** An event with one recipient: the user with this number. */
export function eventOf(name: EventName, index: number): object {
  const eventId = `${name}-${index}`;
  if (name === 'order-status') return orderOf(index);
  if (name === 'abandoned-cart') return cartOf(index);
  if (name === 'activity-reminder')
    return reminderEvent({ eventId, recipients: [recipient(index)] }, { id: String(index) });
  const immediate = EVENTS.find((event): event is EventKind => event === name);
  if (!immediate) throw new Error(`No event ${name}.`);
  return payloadFor(immediate, recipient(index), { eventId });
}

/** @param changes such as the cart that it was made of. */
export function orderOf(index: number, changes: object = {}): object {
  return {
    eventId: `ordine-${index}-confermato`,
    order: {
      ...{ id: `84${index}`, reference: `OC 2026/${index}`, status: 'Confermato', itemCount: 3 },
      total: { amount: '149.90', currency: 'EUR' },
      url: `https://shop.example/area-riservata/ordini/84${index}`,
    },
    holder: recipient(index),
    ...changes,
  };
}

/** A message to the users from number `first` up to `end`, which is not included. */
export function messageTo(first: number, end: number): object {
  return {
    eventId: `messaggio-a-${first}-${end}`,
    message: {
      id: `${first}-${end}`,
      subject: 'Scadenze di dicembre',
      text: 'Gentile cliente, le ricordiamo che i documenti per la dichiarazione vanno caricati entro il 15 dicembre.',
      url: 'https://shop.example/area-riservata/messaggi/77120',
    },
    sender: { id: 'carla', firstName: 'Carla', lastName: 'Verdi' },
    recipients: Array.from({ length: end - first }, (_, index) => recipient(first + index)),
  };
}

/** A cart that was abandoned so long ago that it is due. */
export function cartOf(index: number): object {
  return {
    eventId: `carrello-${index}`,
    // It is due now, and not late: see docs/schedule.md, "No site holds up another".
    occurredAt: new Date(Date.now() - 3 * 3_600_000).toISOString(),
    language: 'it',
    cart: {
      ...{ id: `carrello-${index}`, itemCount: 2, url: 'https://shop.example/carrello' },
      total: { amount: '89.00', currency: 'EUR' },
    },
    user: recipient(index),
  };
}

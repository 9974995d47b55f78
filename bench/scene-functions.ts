/** Calls of the functions in the form of AWS and Telegram, for the scenes of scenes.ts. */
import type { APIGatewayProxyEventV2, APIGatewayProxyStructuredResultV2, Context } from 'aws-lambda';
import type { Notification } from '../lib/deliveries/notification.ts';
import { type ApiRequest, apiEvent, lambdaContext } from '../tests/support/api-events.ts';
import { messageOf, nextUpdateId } from '../tests/support/bot-updates.ts';
import { SITE_KEY } from '../tests/support/fixtures.ts';
import { record } from '../tests/support/sqs-events.ts';

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
  const [orderStatus, messageSent, cart, deliver, poller, bot, users, webhooks] = await Promise.all([
    import('../functions/order-status.ts'),
    import('../functions/message-sent.ts'),
    import('../functions/abandoned-cart.ts'),
    import('../functions/deliver.ts'),
    import('../functions/abandoned-cart-due.ts'),
    import('../functions/bot.ts'),
    import('../functions/users.ts'),
    import('../functions/webhooks.ts'),
  ]);
  const events = {
    'order-status': orderStatus.handler,
    'message-sent': messageSent.handler,
    'abandoned-cart': cart.handler,
  };
  return {
    report: (event: keyof typeof events, body: object) =>
      expectStatus(202, events[event], requestOf(`/events/${event}`, { body })),
    async deliver(notifications: Notification[]): Promise<void> {
      const Records = notifications.map((notification) => record(notification));
      const { batchItemFailures } = await deliver.handler({ Records }, lambdaContext);
      if (batchItemFailures.length > 0)
        throw new Error(`${batchItemFailures.length} deliveries have to come again.`);
    },
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

export function orderOf(index: number): object {
  return {
    eventId: `ordine-${index}-confermato`,
    order: {
      ...{ id: `84${index}`, reference: `OC 2026/${index}`, status: 'Confermato', itemCount: 3 },
      total: { amount: '149.90', currency: 'EUR' },
      url: `https://shop.example/area-riservata/ordini/84${index}`,
    },
    holder: recipient(index),
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

/** The demo shop with what waits for its time: the two events, their clocks set by hand, and a look into the table. */
import { BatchWriteCommand, DynamoDBDocumentClient, ScanCommand } from '@aws-sdk/lib-dynamodb';
import type { APIGatewayProxyEventV2, APIGatewayProxyStructuredResultV2, Context } from 'aws-lambda';
import type { PollSummary } from '../../lib/schedule/poller.ts';
import type { Fields } from './payloads.ts';
import { eventRequest, jsonOf, lambdaContext, type RequestParts } from './requests.ts';
import { type Answer, openShop, type Shop } from './shop.ts';
import type { Stack } from './stack.ts';

type WaitingEvent = 'abandoned-cart' | 'activity-reminder';

type Handler = (
  event: APIGatewayProxyEventV2,
  context: Context,
) => Promise<APIGatewayProxyStructuredResultV2>;

export interface Agenda {
  shop: Shop;
  report(event: WaitingEvent, body: unknown, parts?: RequestParts): Promise<Answer>;
  /** `DELETE …/events/{event}/{id}`. */
  withdraw(event: WaitingEvent, id: string, parts?: RequestParts): Promise<Answer>;
  /** One run of a clock at a moment (anything that `Date` reads). */
  run(event: WaitingEvent, at: string | number, remainingMilliseconds?: () => number): Promise<PollSummary>;
  /** Everything in the table, in no order. */
  items(): Promise<Fields[]>;
  /** Nothing waits, nothing is queued, the demo site is as it was. */
  reset(): Promise<void>;
}

export async function openAgenda(beforeLoading?: (stack: Stack) => Promise<void>): Promise<Agenda> {
  const shop = await openShop(beforeLoading);
  const { poll } = await import('../../lib/schedule/poller.ts');
  const { dueCarts } = await import('../../lib/schedule/carts.ts');
  const { dueReminders } = await import('../../lib/schedule/reminders.ts');
  const carts = await import('../../functions/abandoned-cart.ts');
  const reminders = await import('../../functions/activity-reminder.ts');
  const handlers: Record<WaitingEvent, Handler> = {
    'abandoned-cart': carts.handler,
    'activity-reminder': reminders.handler,
  };
  const tables = DynamoDBDocumentClient.from(shop.stack.aws.dynamodb);
  const table = shop.stack.refs.get('ScheduleTable') ?? '';

  const ask = async (event: WaitingEvent, request: APIGatewayProxyEventV2): Promise<Answer> => {
    const answer = await handlers[event](request, lambdaContext);
    const json = answer.body === undefined ? undefined : jsonOf(answer);
    return { status: answer.statusCode, headers: answer.headers ?? {}, json, body: answer.body };
  };

  const agenda: Agenda = {
    shop,
    report: (event, body, parts = {}) => ask(event, eventRequest(event, { ...parts, body })),
    withdraw(event, id, parts = {}) {
      const request = eventRequest(event, parts);
      request.requestContext.http.method = 'DELETE';
      const name = event === 'abandoned-cart' ? 'userId' : 'activityId';
      const routeKey = `DELETE /v1/sites/{siteId}/events/${event}/{${name}}`;
      return ask(event, { ...request, routeKey, pathParameters: { ...request.pathParameters, [name]: id } });
    },
    run(event, at, remainingMilliseconds = () => 60_000) {
      const running = { now: () => new Date(at).getTime(), remainingMilliseconds };
      return poll(event === 'abandoned-cart' ? dueCarts : dueReminders, running);
    },
    items: async () => (await tables.send(new ScanCommand({ TableName: table }))).Items ?? [],
    async reset() {
      const items = await agenda.items();
      for (let start = 0; start < items.length; start += 25) {
        const requests = items
          .slice(start, start + 25)
          .map(({ siteId, key }) => ({ DeleteRequest: { Key: { siteId, key } } }));
        await tables.send(new BatchWriteCommand({ RequestItems: { [table]: requests } }));
      }
      await shop.setSite();
      await shop.takeQueued();
    },
  };
  return agenda;
}

/** A cart of anna: two articles, 89 euro. */
export function cartEvent(changes: Fields = {}): Fields {
  return {
    eventId: 'cart-event',
    language: 'it',
    cart: {
      id: '30977',
      itemCount: 2,
      total: { amount: '89.00', currency: 'EUR' },
      url: 'https://shop.example/carrello/30977',
    },
    user: { id: 'anna', firstName: 'Anna', lastName: 'Rossi' },
    ...changes,
  };
}

/** A meeting on 15 March 2027 at 09:30 in Rome, of which anna and bruno are reminded an hour before. */
export function reminderEvent(changes: Fields = {}, activity: Fields = {}): Fields {
  return {
    eventId: 'reminder-event',
    activity: {
      id: '720',
      subject: 'Riunione commerciale',
      date: '2027-03-15T09:30:00+01:00',
      url: 'https://shop.example/agenda/720',
      ...activity,
    },
    remindMinutesBefore: 60,
    creator: { id: 'carla', firstName: 'Carla', lastName: 'Verdi' },
    recipients: [
      { id: 'anna', firstName: 'Anna', lastName: 'Rossi', language: 'it' },
      { id: 'bruno', firstName: 'Bruno', lastName: 'Bianchi', language: 'en' },
    ],
    ...changes,
  };
}

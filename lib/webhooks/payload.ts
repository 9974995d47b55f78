/** What is told of something that happened. */
import { deliveryView } from '../deliveries/delivery-view.ts';
import { problemsOf } from '../store/bot-problem.ts';
import type { Delivery } from '../store/deliveries.ts';
import type { OutgoingRow } from '../store/outgoing.ts';
import type { Bot } from '../store/sites.ts';

/** What is known of the things that the rows tell of. */
export interface Known {
  bot: Bot | undefined;
  /** By `deliveryId`. */
  deliveries: Map<string, Delivery>;
}

/** @returns `undefined` where it did not happen, or something else has happened since. */
export function dataOf(
  { siteId, event, at, source }: OutgoingRow,
  { bot, deliveries }: Known,
): object | undefined {
  switch (source.kind) {
    case 'delivery': {
      const delivery = deliveries.get(source.deliveryId);
      if (!delivery) return undefined;
      const view = deliveryView(delivery);
      // The record was written before it was opened.
      const happenedAt = event === 'delivery.clicked' ? view.clickedAt : view.recordedAt;
      return happenedAt === at ? { siteId, ...view } : undefined;
    }
    case 'bot': {
      if (!bot || bot.id !== source.botId) return undefined;
      const problem = problemsOf(bot).find(({ kind, since }) => kind === source.problem && since === at);
      return problem && { siteId, bot: { id: bot.id, username: bot.username }, problem };
    }
    case 'user':
      return { siteId, userId: source.userId, ...source.data };
  }
}

/** The body of a call. @see https://github.com/standard-webhooks/standard-webhooks, "Payload structure" */
export function bodyOf(type: string, timestamp: string, data: object): string {
  return JSON.stringify({ type, timestamp, data });
}

/** What a shop's system is told by webhook, if it wants to know it. */
export const WEBHOOK_EVENTS = [
  'user.linked',
  'user.opted-out',
  'user.unreachable',
  'user.returned',
  'delivery.sent',
  'delivery.failed',
  'delivery.skipped',
  'delivery.clicked',
  'bot.problem',
] as const;

export type WebhookEvent = (typeof WEBHOOK_EVENTS)[number];

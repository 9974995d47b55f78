/** One attempt of a delivery with a rate limiter that answers as the test says. */
import type { Attempt } from '../../lib/deliveries/attempt.ts';
import type { Notification } from '../../lib/deliveries/notification.ts';
import type { Decision } from '../../lib/deliveries/rate-limiter.ts';
import type { QueueAction } from '../../lib/deliveries/retry.ts';
import { userFrom } from '../../lib/store/stored-user.ts';
import type { App } from '../support/app.ts';

interface Script {
  /** What the rate limiter answers, one after the other; then it grants everything. */
  decisions?: Decision[];
  /** When a message in the backlog shall be received again. */
  backlogSeconds?: number;
  receives?: number;
  /** Called before each answer of the rate limiter. */
  beforeDecision?: (round: number) => Promise<void>;
}

export interface Attempted {
  action: QueueAction;
  /** How often the rate limiter was asked. */
  asked: number;
  /** Pauses that the attempt made: seconds, and whether only for the token. */
  pauses: [number, { forToken?: boolean } | undefined][];
}

/** What a function knows of a message: read now, as it reads it. */
export async function factsOf(app: App, message: Notification) {
  const { siteId, userId } = message;
  const user = await app.stack.findUser(siteId, userId);
  return {
    notification: message,
    site: await app.stack.findSite(siteId),
    user: user && userFrom(user),
    usersOfChat: 1,
    earlier: await app.findDelivery(message),
  };
}

export async function attempt(
  app: App,
  message: Notification,
  { decisions = [], backlogSeconds = 1, receives = 1, beforeDecision }: Script = {},
  facts?: Awaited<ReturnType<typeof factsOf>>,
): Promise<Attempted> {
  const { attemptDelivery } = await import('../../lib/deliveries/attempt.ts');
  const attempted: Omit<Attempted, 'action'> = { asked: 0, pauses: [] };
  const rateLimiter: Attempt['rateLimiter'] = {
    async acquire() {
      attempted.asked += 1;
      await beforeDecision?.(attempted.asked);
      return decisions[attempted.asked - 1] ?? { kind: 'granted' };
    },
    joinBacklog: async () => backlogSeconds,
    async pause(_bot, seconds, options) {
      attempted.pauses.push([seconds, options]);
    },
  };
  const action = await attemptDelivery({
    receives,
    ...(facts ?? (await factsOf(app, message))),
    rateLimiter,
    updateUser: () => undefined,
    refresh: () => factsOf(app, message),
  });
  return { action, ...attempted };
}

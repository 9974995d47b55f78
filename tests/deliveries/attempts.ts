/** One attempt of a delivery with a rate limiter that answers as the test says. */
import type { Attempt } from '../../lib/deliveries/attempt.ts';
import type { Notification } from '../../lib/deliveries/notification.ts';
import type { Decision } from '../../lib/deliveries/rate-limiter.ts';
import type { Action } from '../../lib/deliveries/retry.ts';
import { userFrom } from '../../lib/store/stored-user.ts';
import type { App } from '../support/app.ts';

interface Script {
  /** What the rate limiter answers, one after the other; then it grants everything. */
  decisions?: Decision[];
  /** Whom a 429 pauses. */
  pausing?: Awaited<ReturnType<Attempt['rateLimiter']['pause']>>;
  /** Called before each answer of the rate limiter. */
  beforeDecision?: (round: number) => Promise<void>;
  /** Reads again as the function does, and not as the test. */
  refresh?: 'as the function';
}

export interface Attempted {
  action: Action;
  /** How often the rate limiter was asked. */
  asked: number;
  /** Pauses that the attempt made: of which chat, and for how many seconds. */
  pauses: [chatId: number, seconds: number][];
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
    isSuperseded: false,
    forgotten: undefined,
    earlier: await app.findDelivery(message),
    readAt: Date.now(),
  };
}

export async function attempt(
  app: App,
  message: Notification,
  { decisions = [], pausing = { scope: 'chat', until: 0 }, beforeDecision, refresh }: Script = {},
  facts?: Awaited<ReturnType<typeof factsOf>> & Pick<Attempt, 'card'>,
): Promise<Attempted> {
  const { attemptDelivery } = await import('../../lib/deliveries/attempt.ts');
  const { readDeliveryFacts } = await import('../../lib/deliveries/delivery-facts.ts');
  const { KnownFacts } = await import('../../lib/deliveries/known-facts.ts');
  const known = new KnownFacts([message], await readDeliveryFacts([message]));
  const attempted: Omit<Attempted, 'action'> = { asked: 0, pauses: [] };
  const rateLimiter: Attempt['rateLimiter'] = {
    async acquire() {
      attempted.asked += 1;
      await beforeDecision?.(attempted.asked);
      return decisions[attempted.asked - 1] ?? { kind: 'granted' };
    },
    async pause(_bot, chatId, seconds) {
      attempted.pauses.push([chatId, seconds]);
      return pausing;
    },
  };
  const action = await attemptDelivery({
    receives: 1,
    ...(facts ?? (await factsOf(app, message))),
    rateLimiter,
    updateUser: () => undefined,
    reportSlowness: () => undefined,
    refresh: async (until) => (refresh ? known.refresh(message, until) : factsOf(app, message)),
  });
  return { action, ...attempted };
}

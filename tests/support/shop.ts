/** The demo shop on a stack of its own, with the exported handlers of the events: tests knock at its public door. */
import { createHash } from 'node:crypto';
import type { Notification } from '../../lib/deliveries/notification.ts';
import type { Template } from '../../lib/domain/templates.ts';
import type { EventHandler } from '../../lib/events/handler.ts';
import type { Site } from '../../lib/store/sites.ts';
import type { User } from '../../lib/store/users.ts';
import { demoSite, demoUsers } from '../../local/demo.ts';
import { EVENTS, type EventKind } from './payloads.ts';
import { eventBatch, eventRequest, jsonOf, lambdaContext, type RequestParts } from './requests.ts';
import { type Stack, startStack } from './stack.ts';

export interface Answer {
  status: number | undefined;
  headers: Record<string, string | number | boolean>;
  /** The body, read as JSON. */
  json: ReturnType<typeof jsonOf>;
  /** The body as it was sent. */
  body: string | undefined;
}

export interface Shop {
  stack: Stack;
  /** Reports an event to the wrapped handler that `functions/` exports. */
  report(event: EventKind, body: unknown, parts?: RequestParts): Promise<Answer>;
  /**
   * Hands messages of an event's queue to that same handler; the answer: which of them the queue shall keep, by their
   * place in the batch.
   */
  receive(event: EventKind, bodies: unknown[], remainingMilliseconds?: number): Promise<number[]>;
  /** The demo site with these settings, in force at once. */
  setSite(changes?: Partial<Site>): Promise<void>;
  /** The demo site with these templates alone. */
  setTemplates(...templates: Template[]): Promise<void>;
  setUser(userId: string, changes?: Partial<User>): Promise<void>;
  /** Takes out what waits in the deliveries queue; the messages of one user come in their order. */
  takeQueued(): Promise<Notification[]>;
  close(): Promise<void>;
}

/**
 * Starts a stack with the demo site and its users. One for a test file: the clients of `lib` are made once.
 *
 * @param beforeLoading may change the environment before the functions are loaded.
 */
export async function openShop(beforeLoading?: (stack: Stack) => Promise<void>): Promise<Shop> {
  process.env.LOG_LEVEL ??= 'off';
  const stack = await startStack();
  try {
    await beforeLoading?.(stack);
    return await open(stack);
  } catch (error) {
    // A test file whose beforeAll fails has no shop to close: what was started would keep jest from ending.
    await stack.close();
    throw error;
  }
}

async function open(stack: Stack): Promise<Shop> {
  const { clearSiteCache } = await import('../../lib/store/sites.ts');
  const handlers = new Map<EventKind, EventHandler>();
  for (const event of EVENTS) {
    const module = (await import(`../../functions/${event}.ts`)) as { handler: EventHandler };
    handlers.set(event, module.handler);
  }

  const handlerOf = (event: EventKind): EventHandler => {
    const handler = handlers.get(event);
    if (!handler) throw new Error(`No function for ${event}.`);
    return handler;
  };

  const shop: Shop = {
    stack,
    async report(event, body, parts = {}) {
      const answer = await handlerOf(event)(eventRequest(event, { ...parts, body }), lambdaContext);
      return {
        status: answer.statusCode,
        headers: answer.headers ?? {},
        json: jsonOf(answer),
        body: answer.body,
      };
    },
    async receive(event, bodies, remainingMilliseconds = 20_000) {
      const batch = eventBatch(event, bodies);
      const context = { ...lambdaContext, getRemainingTimeInMillis: () => remainingMilliseconds };
      const { batchItemFailures } = await handlerOf(event)(batch, context);
      const kept = batchItemFailures.map(({ itemIdentifier }) => itemIdentifier);
      return kept.map((id) => batch.Records.findIndex(({ messageId }) => messageId === id));
    },
    async setSite(changes = {}) {
      await stack.putSite({ ...demoSite(), ...changes });
      clearSiteCache();
    },
    setTemplates: (...templates) => shop.setSite({ templates }),
    setUser: (userId, changes = {}) => stack.putUser({ siteId: 'demo', userId, chatId: 7, ...changes }),
    takeQueued: () => stack.takeNotifications(),
    close: () => stack.close(),
  };
  await shop.setSite();
  for (const user of demoUsers()) await stack.putUser(user);
  return shop;
}

/** SHA-256 of a site key, as the sites table keeps it. */
export function keyHash(key: string): string {
  return createHash('sha256').update(key).digest('hex');
}

/** A template that says who it is for in one line, to be told apart from others. */
export function template(event: Template['event'], id: string, changes: Partial<Template> = {}): Template {
  return { id, name: id, event, enabled: true, text: { it: `${id}: {{nominativo}}` }, ...changes };
}

/** For pollers: many events of any sites at once, and large ones page by page. */
import { settleAll } from '../aws/parallel.ts';
import { enqueue } from '../deliveries/queue.ts';
import type { Outcome } from '../domain/outcomes.ts';
import { recordSkipped } from '../store/deliveries.ts';
import { type Facts, readFacts } from '../store/facts.ts';
import type { Choice } from './choose-templates.ts';
import type { EventDefinition, EventFields } from './definition.ts';
import { newerNames, writeNames } from './newer-names.ts';
import { type Plan, type Reported, toIntent, toPlan, wantedOf } from './plan.ts';

/** Some of the recipients of an event, and what is needed to notify them. */
export interface Page {
  /** How many recipients come before it. */
  from: number;
  /** How many recipients the event has. A person who is named twice counts once. */
  of: number;
  /** Whether it has all recipients. */
  isWhole: boolean;
  wanted: ReturnType<typeof wantedOf>;
  plan(facts: Facts, acceptedAt: string, mayGoOn: () => boolean): Plan;
  newerNames(facts: Facts, acceptedAt: string): ReturnType<typeof newerNames>;
}

/** The page of an event that nobody is told of. */
export const NOBODY: Page = {
  from: 0,
  of: 0,
  isWhole: true,
  wanted: { users: [], deliveries: [], scheduled: [] },
  plan: () => ({ notifications: [], skipped: [], outcomes: [], planned: 0 }),
  newerNames: () => [],
};

/** Where a page begins and ends. */
export interface PageLimits {
  /** How far the pages before came: absent for the first one. It begins anew if the event has other recipients now. */
  progress?: { done: number; of: number } | undefined;
  /** How many messages it has at most (in one chat of each recipient); of one recipient it has all. */
  messages?: number;
}

/** The next page of an event. */
export function pageOf<Event extends EventFields>(
  definition: EventDefinition<Event>,
  reported: Reported<Event>,
  { progress, messages = Number.POSITIVE_INFINITY }: PageLimits = {},
): Page {
  const intent = toIntent(definition, reported);
  const from = progress?.of === intent.choices.length ? progress.done : 0;
  const choices = firstOf(intent.choices.slice(from), messages);
  const part = { ...intent, choices };
  return {
    from,
    of: intent.choices.length,
    isWhole: choices.length === intent.choices.length,
    wanted: wantedOf(part),
    plan: (facts, acceptedAt, mayGoOn) => toPlan(definition, part, facts, acceptedAt, { mayGoOn }),
    newerNames: (facts, acceptedAt) => newerNames(part, facts, acceptedAt),
  };
}

function firstOf(choices: Choice[], messages: number): Choice[] {
  let count = 0;
  const end = choices.findIndex(({ templates }, index) => {
    count += templates.length;
    return index > 0 && count > messages;
  });
  return end < 0 ? choices : choices.slice(0, end);
}

/** The time for the writing of messages, in milliseconds. One message is always finished. */
export interface TimeShare {
  now: () => number;
  /** For each page. */
  each: number;
  /** For all of them together. */
  all: number;
}

/**
 * What became of a page: how many recipients of its event are done now, with the outcomes of those of the page; or that
 * its messages can't be made.
 */
export type PageResult =
  | ({ done: number; milliseconds: number } & Pick<Plan, 'outcomes' | 'quietUntil'>)
  | { error: unknown };

/**
 * Like `notifyPages`, for one page, however long it takes.
 *
 * @throws what is wrong with its messages; ServiceUnreachableError.
 */
export async function notifyPage(page: Page): Promise<Outcome[]> {
  const [result] = await notifyPages([page]);
  if (result && 'error' in result) throw result.error;
  return result?.outcomes ?? [];
}

/**
 * Like `notify`, for pages of many events of any sites, with as few requests as possible. The sites are not checked for
 * changes, and no scheduled item is ended. One page that fails fails alone.
 *
 * @returns one result for each page, in the same order; `undefined` if there was no time to begin it.
 * @throws ServiceUnreachableError
 */
export async function notifyPages(
  pages: Page[],
  time: TimeShare = { now: Date.now, each: Number.POSITIVE_INFINITY, all: Number.POSITIVE_INFINITY },
): Promise<(PageResult | undefined)[]> {
  // Before the read: who is erased after it gets nothing of this.
  const acceptedAt = new Date(Date.now()).toISOString();
  const facts = await readFacts({
    users: pages.flatMap(({ wanted }) => wanted.users),
    deliveries: pages.flatMap(({ wanted }) => wanted.deliveries),
    scheduled: pages.flatMap(({ wanted }) => wanted.scheduled),
  });
  const end = time.now() + time.all;
  const notifications: Plan['notifications'] = [];
  const skipped: Plan['skipped'] = [];
  const renamings: ReturnType<typeof newerNames> = [];
  const results = pages.map((page, index): PageResult | undefined => {
    const begin = time.now();
    if (index > 0 && begin >= end) return undefined;
    try {
      const plan = page.plan(facts, acceptedAt, () => time.now() < Math.min(end, begin + time.each));
      notifications.push(...plan.notifications);
      skipped.push(...plan.skipped);
      renamings.push(...page.newerNames(facts, acceptedAt));
      return {
        done: page.from + plan.planned,
        outcomes: plan.outcomes,
        quietUntil: plan.quietUntil,
        milliseconds: time.now() - begin,
      };
    } catch (error) {
      return { error };
    }
  });
  await settleAll([enqueue(notifications), recordSkipped(skipped), writeNames(renamings)]);
  return results;
}

/** The pages that a retention run reads, stage by stage. */
import { userKey } from '../domain/ids.ts';
import { scanChats } from '../store/chats.ts';
import { readFacts } from '../store/facts.ts';
import { scanRateLimits } from '../store/rate-limits.ts';
import { type Progress, STAGES, type Stage } from '../store/retention-progress.ts';
import { readDue, shardsOf } from '../store/schedule.ts';
import { hasChat } from '../store/user.ts';
import { scanUsers } from '../store/users.ts';
import type { Item } from './retention-actions.ts';

/** How many items one request reads. */
const PAGE = 250;

/** The keys of so many waiting items are one read unit. */
const KEYS_IN_A_UNIT = 80;

/** All times that `dueAt` can have come before it. */
const FOR_EVER = '9999';

interface Page {
  items: Item[];
  next?: Record<string, unknown> | undefined;
  readUnits: number;
}

export function nextStage(stage: Stage): Progress | undefined {
  const next = STAGES[STAGES.indexOf(stage) + 1];
  return next && { stage: next };
}

/** @throws ServiceUnreachableError */
export function readPage({ stage, from }: Progress): Promise<Page> {
  switch (stage) {
    case 'users':
      return readUsers(from);
    case 'chats':
      return readChats(from);
    case 'reminders':
      return readReminders(from);
    case 'bots':
      return readBots(from);
  }
}

async function readUsers(from: Progress['from']): Promise<Page> {
  const { items, ...page } = await scanUsers(PAGE, from);
  return { ...page, items: items.map((stored) => ({ stage: 'users', siteId: stored.siteId, stored })) };
}

/** Only the chats that name somebody who does not have them. */
async function readChats(from: Progress['from']): Promise<Page> {
  const { items, readUnits, ...page } = await scanChats(PAGE, from);
  const named = items.flatMap(({ siteId, userIds }) => userIds.map((userId) => ({ siteId, userId })));
  const { users } = await readFacts({ users: named });
  const isAbsent = ({ siteId, chatId }: (typeof items)[number], userId: string) => {
    const user = users.get(userKey({ siteId, userId }));
    return !user || !hasChat(user, chatId);
  };
  const chats = items.filter((chat) => chat.userIds.some((userId) => isAbsent(chat, userId)));
  return {
    ...page,
    readUnits: readUnits + named.length,
    items: chats.map(({ siteId, chatId }) => ({ stage: 'chats', siteId, chatId })),
  };
}

/** A reminder may wait for years, so those of sites that are gone are looked for. A cart waits for some days. */
async function readReminders(from: Progress['from']): Promise<Page> {
  const number = Number(from?.shard ?? 0);
  const shards = shardsOf('reminder');
  const key = from?.key as Record<string, unknown> | undefined;
  const { items, next } = await readDue(shards[number] ?? '', FOR_EVER, PAGE, key);
  const isLast = number === shards.length - 1;
  return {
    items: [...new Set(items.map(({ siteId }) => siteId))].map((siteId) => ({ stage: 'reminders', siteId })),
    readUnits: items.length / KEYS_IN_A_UNIT,
    next: next ? { shard: number, key: next } : isLast ? undefined : { shard: number + 1 },
  };
}

async function readBots(from: Progress['from']): Promise<Page> {
  const { items, ...page } = await scanRateLimits(PAGE, from);
  return { ...page, items: items.map((state) => ({ stage: 'bots', state })) };
}

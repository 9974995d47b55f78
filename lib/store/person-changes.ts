/*
 * What the write of a person changes, as others have to learn of it: the directory of people (directory.ts), the statistics,
 * the shop's webhook. It is derived from the item before and after, and written with it, in one write: so none is lost
 * wherever a function dies. The item stands in a sparse index until all is told (lib/users/apply-changes.ts).
 */
import { randomBytes } from 'node:crypto';
import { isDeepStrictEqual } from 'node:util';
import {
  type ChatLink,
  optOutOf,
  type PersonChange,
  type ToApply,
  type User,
  type WhatChanged,
} from './user.ts';

/** More of one person are never told at once. It keeps the item small while nobody applies them. */
const MAX_CHANGES = 50;

/**
 * What is left to apply after a write, also of the writes before it.
 *
 * @param before the item as it was read; absent where there was none.
 * @param isUnsaid nobody is told: the directory alone has to know.
 */
export function toApplyAfter(
  user: User,
  before: User | undefined,
  { isUnsaid }: { isUnsaid: boolean },
): ToApply | undefined {
  const open = before?.toApply;
  if (!open && isDeepStrictEqual(listedFacts(user), listedFacts(before))) return undefined;
  const at = new Date(Date.now()).toISOString();
  const changes = isUnsaid ? [] : whatChanged(user, before);
  const told = changes.map((what) => ({ id: newChangeId(), at, userId: user.userId, ...what }));
  return { since: open?.since ?? at, changes: [...(open?.changes ?? []), ...told].slice(-MAX_CHANGES) };
}

/** 96 random bits. */
function newChangeId(): string {
  return randomBytes(12).toString('base64url');
}

/** What the directory shows of a person, or derives from it; `undefined` for nobody. */
function listedFacts(user: User | undefined) {
  if (!user || user.renamed) return undefined;
  const { firstName, lastName, companyName, language, optOuts, unlinked } = user;
  const chats = user.chats.map(({ chatId, botId, linkedAt, stopped, resumedAt, unreachable }) => {
    return { chatId, botId, linkedAt, stopped, resumedAt, unreachable };
  });
  return { firstName, lastName, companyName, language, optOuts, unlinked, chats };
}

/** What a write has changed. @param before the item as it was; absent where there was none. */
function whatChanged(user: User, before: User | undefined): WhatChanged[] {
  const wasThere = before !== undefined && !before.renamed;
  if (user.renamed) return wasThere && user.renamed.erased ? [{ kind: 'erased' }] : [];
  // A renamed person is the same one: nothing but the id is new.
  if (user.renamedFrom !== undefined && !wasThere) return [{ kind: 'renamed', from: user.renamedFrom }];
  const chatsBefore = wasThere ? before.chats : [];
  const added = user.chats.filter((link) => !isAmong(link, chatsBefore));
  const removed = chatsBefore.filter((link) => !isAmong(link, user.chats));
  const hasNone = user.chats.length === 0;
  const hadNone = chatsBefore.length === 0;
  return [
    ...removed.map((_, index) => ({
      ...{ kind: 'unlinked' as const, reason: hasNone ? user.unlinked?.reason : undefined },
      isLast: hasNone && index === removed.length - 1,
    })),
    ...added.map(({ linkedBy }, index) => ({
      ...{ kind: 'linked' as const, linkedBy },
      isFirst: hadNone && index === 0,
    })),
    ...optOutChange(user, wasThere ? before : undefined),
    ...reachChange(user.chats, chatsBefore),
  ];
}

/** A group that became a supergroup is the same chat. */
function isAmong({ chatId, formerChatIds = [] }: ChatLink, chats: ChatLink[]): boolean {
  return chats.some(
    (other) =>
      other.chatId === chatId ||
      formerChatIds.includes(other.chatId) ||
      other.formerChatIds?.includes(chatId),
  );
}

function optOutChange(user: User, before: User | undefined): WhatChanged[] {
  const optOut = optOutOf(user);
  const former = before && optOutOf(before);
  if (optOut && !former) return [{ kind: 'opted-out', by: optOut.by, where: optOut.where }];
  return former && !optOut ? [{ kind: 'opted-in' }] : [];
}

function reachChange(chats: ChatLink[], before: ChatLink[]): WhatChanged[] {
  if (chats.length === 0 || before.length === 0) return [];
  const isLost = chats.every(isUnreachable);
  if (isLost === before.every(isUnreachable)) return [];
  const { reason = '', since = '' } = chats.at(-1)?.unreachable ?? {};
  return [isLost ? { kind: 'unreachable', reason, since } : { kind: 'reachable' }];
}

/** Whether the bot of a link can't write to its chat. */
function isUnreachable({ botId, unreachable }: ChatLink): boolean {
  const of = unreachable?.botId;
  // Where it is not said which bot is meant, it is the same.
  return unreachable !== undefined && (of === undefined || botId === undefined || of === botId);
}

/** Changes of people of one site, in the order in which they were applied. */
export interface ToldChanges {
  siteId: string;
  /**
   * Greater than in whatever was told of this site before. A counter that keeps the last one in its own item, and counts
   * where it is smaller (`attribute_not_exists(seq) OR seq < :seq`), is exact, however often this is repeated.
   */
  seq: number;
  changes: PersonChange[];
}

/**
 * Is told what has happened to people (functions/people.ts). The next changes of a site are told when every listener has
 * had these: one that throws is told again, as are the others, so each must take a repetition.
 */
export type ChangesListener = (told: ToldChanges) => Promise<void>;

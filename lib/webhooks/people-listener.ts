/** Tells the shop's webhook what has happened to its people. */
import type { WebhookEvent } from '../domain/webhook-events.ts';
import { announce } from '../store/announce.ts';
import { type Happening, removeRowsNaming } from '../store/outgoing.ts';
import type { ToldChanges } from '../store/person-changes.ts';
import { isTold } from '../store/site-webhook.ts';
import { findSite } from '../store/sites.ts';
import type { PersonChange } from '../store/user.ts';

/**
 * A {@link ChangesListener}. Whatever is repeated has the same id: the shop recognizes it. Of somebody who was erased
 * nothing more is told.
 *
 * @throws ServiceUnreachableError
 */
export async function tellWebhook({ siteId, changes }: ToldChanges): Promise<void> {
  // It was read a moment ago, for the directory.
  const webhook = (await findSite(siteId))?.webhook;
  const erased = changes.filter(({ kind }) => kind === 'erased').map(({ userId }) => userId);
  // What was written after the erasure, of what had happened before it.
  for (const userId of erased) await removeRowsNaming({ siteId, userId });
  if (!webhook) return;
  const told = changes.filter((change, index) => !isErasedIn(changes.slice(index), change));
  const happenings = told.map((change) => happeningOf(siteId, change)).filter((each) => each !== undefined);
  await announce(happenings.filter(({ event }) => isTold(webhook, event)));
}

function isErasedIn(changes: PersonChange[], { userId }: PersonChange): boolean {
  return changes.some((change) => change.kind === 'erased' && change.userId === userId);
}

/** @returns `undefined` for what is not told. */
function happeningOf(siteId: string, change: PersonChange): Happening | undefined {
  const { id, at, userId } = change;
  const told = toldOf(change);
  if (!told) return undefined;
  const [event, data] = told;
  return { siteId, event, at, source: { kind: 'user', userId, data }, identity: [id] };
}

function toldOf(change: PersonChange): [WebhookEvent, object] | undefined {
  // Whoever imports people knows them: a file of thousands would be as many calls.
  if (isImported(change)) return undefined;
  switch (change.kind) {
    case 'linked':
      return ['user.linked', { isFirst: change.isFirst, ...(change.linkedBy && { by: change.linkedBy }) }];
    case 'opted-out':
      return ['user.opted-out', { by: change.by, where: change.where }];
    case 'unreachable':
      return ['user.unreachable', { reason: change.reason, since: change.since }];
    case 'opted-in':
    case 'reachable':
      return ['user.returned', { from: change.kind === 'opted-in' ? 'opted-out' : 'unreachable' }];
    default:
      return undefined;
  }
}

function isImported(change: PersonChange): boolean {
  if (change.kind === 'linked') return change.linkedBy === 'import';
  return change.kind === 'opted-out' && change.where === 'import';
}

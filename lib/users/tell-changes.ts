import { removeKeys, toldOf } from '../store/directory.ts';
import type { ChangesListener } from '../store/person-changes.ts';

/** So much of a site is read together. */
const PAGE = 10;

/**
 * Tells what has happened to the people of a site, in its order: the next only when every listener has had the one before.
 *
 * @param hasTime whether something new may be begun.
 * @returns whether all is told.
 * @throws what a listener throws: the same is told again by the next call.
 */
export async function tellChanges(
  siteId: string,
  listeners: ChangesListener[],
  hasTime: () => boolean,
): Promise<boolean> {
  for (;;) {
    const items = await toldOf(siteId, PAGE);
    if (items.length === 0) return true;
    for (const { key, seq, changes } of items) {
      if (!hasTime()) return false;
      for (const listener of listeners) await listener({ siteId, seq, changes });
      await removeKeys(siteId, [key]);
    }
  }
}

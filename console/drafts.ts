/**
 * What was typed and is not saved: it stays in this browser, under the shop's id, so that a reload or the end of a session
 * loses nothing. Each tab keeps its own, so that none writes over what was typed in another one. Never a key or a secret.
 */
import { openTabs, tabIsKnown, thisTab } from './tab.ts';

/** Comes before `readDraft`: where this tab has no draft, it goes on with one that a closed tab has left. */
export async function findDrafts(siteId: string, ...names: string[]): Promise<void> {
  await tabIsKnown;
  const open = await openTabs();
  for (const name of names) {
    if (readDraft(siteId, name) === undefined) takeOver(siteId, name, open);
  }
}

function takeOver(siteId: string, name: string, open: Set<string>): void {
  try {
    const beginning = keyOf(siteId, name, '');
    const left = Object.keys(localStorage).find(
      (key) => key.startsWith(beginning) && !open.has(key.slice(beginning.length)),
    );
    if (left === undefined) return;
    localStorage.setItem(keyOf(siteId, name), localStorage.getItem(left) ?? 'null');
    localStorage.removeItem(left);
  } catch {
    // It keeps nothing, or has no room: what is there stays.
  }
}

export function readDraft(siteId: string, name: string): unknown {
  try {
    return JSON.parse(localStorage.getItem(keyOf(siteId, name)) ?? 'null') ?? undefined;
  } catch {
    // A browser may refuse to keep anything, and somebody may have changed what it has kept.
    return undefined;
  }
}

/** @param draft `undefined`: it is saved, or given up. */
export function keepDraft(siteId: string, name: string, draft: unknown): void {
  try {
    if (draft === undefined) localStorage.removeItem(keyOf(siteId, name));
    else localStorage.setItem(keyOf(siteId, name), JSON.stringify(draft));
  } catch {
    // It stays until the page is closed.
  }
}

function keyOf(siteId: string, name: string, tab = thisTab()): string {
  return `console-draft:${siteId}:${name}:${tab}`;
}

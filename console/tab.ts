/** Which tab of the browser this is: each keeps what is typed in it for itself. */

const TAB = 'console-tab';
const LOCK = `${TAB}-`;

let tab = tabOfThisPage();

/** The same after the page was loaded again, and another one in every tab. */
export function thisTab(): string {
  return tab;
}

function tabOfThisPage(): string {
  const made = crypto.randomUUID();
  try {
    const known = sessionStorage.getItem(TAB);
    if (known !== null) return known;
  } catch {
    // Then it lasts as long as the page.
  }
  return rememberTab(made);
}

function rememberTab(id: string): string {
  try {
    sessionStorage.setItem(TAB, id);
  } catch {
    // Then it lasts as long as the page.
  }
  return id;
}

/** So many milliseconds the page before this one, in the same tab, has to give its id free. */
const RELOADED = 300;

/**
 * Nothing is read or kept before. A tab that is duplicated begins with a copy of the other one's sessionStorage, so with its
 * id too: whoever has it holds a lock on it as long as the page lives, and the copy takes an id of its own.
 */
export const tabIsKnown: Promise<void> = holdTab();

async function holdTab(): Promise<void> {
  if (await isHeld(tab)) return;
  await new Promise((done) => setTimeout(done, RELOADED));
  if (await isHeld(tab)) return;
  tab = rememberTab(crypto.randomUUID());
  await isHeld(tab);
}

/** Whether this page holds it now. Where the browser has no locks, each tab counts as the only one. */
function isHeld(id: string): Promise<boolean> {
  if (!navigator.locks) return Promise.resolve(true);
  return new Promise((resolve) => {
    navigator.locks
      .request(LOCK + id, { ifAvailable: true }, (lock) => {
        resolve(lock !== null);
        return lock === null ? undefined : new Promise<void>(() => {});
      })
      // A frame that may keep nothing may lock nothing either.
      .catch(() => resolve(true));
  });
}

/** Those that are open now, this one among them. Where the browser has no locks, none is known. */
export async function openTabs(): Promise<Set<string>> {
  try {
    const { held = [] } = await navigator.locks.query();
    return new Set(held.map(({ name = '' }) => name.slice(LOCK.length)));
  } catch {
    return new Set();
  }
}

/**
 * The way back from a page to the list that it was opened from: as long as this tab is open, the list is as long as it was, and
 * where it was.
 */
import { effect } from '@preact/signals';
import { arrivals, entry, markEntry } from '../router.ts';
import { signedOut } from '../session.ts';

interface Left {
  /** What the list had read. */
  read: unknown;
  scrolled: number;
  /** The address that was opened from it. */
  opened: string;
}

/** By the address of the list, which says what was asked for. */
const lists = new Map<string, Left>();
const MOST_LISTS = 5;

effect(() => {
  if (signedOut.value) lists.clear();
});

/** A list is shown here now. @returns its address */
export function markList(): string {
  markEntry({ isList: true });
  return location.hash;
}

/** @param list its address */
export function leaveList(list: string, left: Omit<Left, 'opened'>): void {
  lists.delete(list);
  lists.set(list, { ...left, opened: location.hash });
  for (const oldest of lists.keys()) if (lists.size > MOST_LISTS) lists.delete(oldest);
}

/** What a list that is shown again was; `undefined` where it is opened anew. */
export function leftList(): Left | undefined {
  return entry().isList ? lists.get(location.hash) : undefined;
}

/** At which arrival somebody has come back into a list: the screen does not begin at its heading. */
let cameBack = -1;

/** Goes to where the list was left, with the focus on what was opened from it, where that is still there. */
export function goBackInto({ scrolled, opened }: Left): void {
  cameBack = arrivals.peek();
  scrollTo(0, scrolled);
  const links = [...document.querySelectorAll<HTMLAnchorElement>('main a')];
  const isSeen = (link: Element) => {
    const { top, bottom } = link.getBoundingClientRect();
    return top >= 0 && bottom <= innerHeight;
  };
  links.find((link) => link.hash === opened && isSeen(link))?.focus({ preventScroll: true });
}

/** Whether the place on the screen is chosen already. */
export function hasComeBack(arrival: number): boolean {
  return cameBack === arrival;
}

/** The link to a list: back to it, for whoever has come from there. */
export function BackToList({ href, words }: { href: string; words: string }) {
  return (
    <a
      class="back"
      href={href}
      onClick={(event) => {
        if (entry().from?.split('?')[0] !== href || event.ctrlKey || event.metaKey || event.shiftKey) return;
        event.preventDefault();
        history.back();
      }}
    >
      {words}
    </a>
  );
}

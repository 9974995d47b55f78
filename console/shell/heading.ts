/** Screens only say their `h1`: the title of the document and, after a navigation, the focus follow it. */
import type { RefObject } from 'preact';
import { useEffect } from 'preact/hooks';
import { arrivals } from '../router.ts';
import { hasComeBack } from '../ui/way-back.tsx';

/** Where the page was just opened, the focus stays at its beginning, before the link that skips the menu. */
let focusedAt = 0;
let focused: Element | undefined;

/**
 * @param inside holds the `h1`, which may come later, or change.
 * @param owner whose page it is, for the title of the document.
 */
export function useHeading(inside: RefObject<HTMLElement | null>, owner: string): void {
  const arrival = arrivals.value;
  useEffect(() => {
    const follow = () => {
      const heading = inside.current?.querySelector('h1');
      if (!heading) return;
      document.title = `${heading.textContent} · ${owner}`;
      // One that has taken the place of another, as after loading, has its focus too.
      const isLost = focused && !focused.isConnected && document.activeElement === document.body;
      if (focusedAt === arrival && !isLost) return;
      focusedAt = arrival;
      focused = heading;
      heading.tabIndex = -1;
      if (!hasComeBack(arrival)) heading.focus();
      else if (document.activeElement === document.body) heading.focus({ preventScroll: true });
    };
    const observer = new MutationObserver(follow);
    if (inside.current)
      observer.observe(inside.current, { childList: true, subtree: true, characterData: true });
    follow();
    return () => observer.disconnect();
  }, [arrival, owner]);
}

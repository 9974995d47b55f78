/** What has changed, said to screen readers, and shown for a while to everybody. */
import { effect, signal } from '@preact/signals';
import { useCallback, useEffect, useRef } from 'preact/hooks';
import { arrivals } from '../router.ts';

/** Another object for every announcement: the same words twice are said twice. */
const announced = signal<{ text: string } | undefined>(undefined);
let timer: ReturnType<typeof setTimeout> | undefined;

/** How long an announcement is shown, in milliseconds: long enough for slow readers. */
const SHOWN = 7_000;

// On the next screen it would read as if it was about that one. What is about leaving itself is said after `goTo`.
effect(() => {
  if (arrivals.value > 0) announced.value = undefined;
});

/** At once, or with the name of what it is about. What is said when an answer has come: `useScreen`. */
export function announce(text: string): void {
  announced.value = { text };
  clearTimeout(timer);
  timer = setTimeout(() => {
    announced.value = undefined;
  }, SHOWN);
}

interface Screen {
  /** Whether somebody has gone elsewhere since: what is answered now neither leads them anywhere nor speaks of where they are. */
  isLeft: () => boolean;
  /** Says it only where it was asked for. */
  announce: (text: string) => void;
}

/** The screen that a component belongs to, for answers that may come late. */
export function useScreen(): Screen {
  const state = useRef({ arrival: arrivals.peek(), isGone: false });
  useEffect(
    () => () => {
      state.current.isGone = true;
    },
    [],
  );
  // A dialog that is closed early leaves the screen where it is; and one that stays through an arrival is part of both.
  const isLeft = useCallback(() => state.current.isGone && state.current.arrival !== arrivals.peek(), []);
  return {
    isLeft,
    announce: useCallback((text: string) => {
      if (!isLeft()) announce(text);
    }, []),
  };
}

/** Once in the page, always there: a live region that is added together with its text is not read out. */
export function Announcements() {
  return (
    <div class="announcements" role="status" aria-live="polite">
      {announced.value && <p class="announcement">{announced.value.text}</p>}
    </div>
  );
}

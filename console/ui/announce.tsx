/** What has changed, said to screen readers, and shown for a while to everybody. */
import { signal } from '@preact/signals';

/** Another object for every announcement: the same words twice are said twice. */
const announced = signal<{ text: string } | undefined>(undefined);
let timer: ReturnType<typeof setTimeout> | undefined;

/** How long an announcement is shown, in milliseconds: long enough for slow readers. */
const SHOWN = 7_000;

export function announce(text: string): void {
  announced.value = { text };
  clearTimeout(timer);
  timer = setTimeout(() => {
    announced.value = undefined;
  }, SHOWN);
}

/** Once in the page, always there: a live region that is added together with its text is not read out. */
export function Announcements() {
  return (
    <div class="announcements" role="status" aria-live="polite">
      {announced.value && <p class="announcement">{announced.value.text}</p>}
    </div>
  );
}

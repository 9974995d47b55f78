/** What changes by itself, or on somebody's phone: looked at again and again while it is of interest. */
import { useEffect, useRef } from 'preact/hooks';

/** Milliseconds between an answer and the next question: at first, and where somebody has been waiting for minutes. */
const FIRST_PAUSE = 1_000;
const LAST_PAUSE = 5_000;
/** From one to the other. */
const MINUTES = 4;

/**
 * @param look an error is no end of it: the bars say where the server is out of reach.
 * @param isOn whether there is still something to wait for.
 */
export function usePolling(look: (signal: AbortSignal) => Promise<void>, isOn: boolean): void {
  const latest = useRef(look);
  latest.current = look;
  useEffect(() => {
    if (!isOn) return;
    const abort = new AbortController();
    const began = Date.now();
    const pause = () => {
      const share = Math.min((Date.now() - began) / (MINUTES * 60_000), 1);
      return FIRST_PAUSE + share * (LAST_PAUSE - FIRST_PAUSE);
    };
    let timer: ReturnType<typeof setTimeout>;
    const turn = async () => {
      await latest.current(abort.signal).catch(() => {});
      if (!abort.signal.aborted) timer = setTimeout(turn, pause());
    };
    timer = setTimeout(turn, pause());
    // On a phone the person comes back from the Telegram app.
    const back = () => {
      if (document.hidden) return;
      clearTimeout(timer);
      void turn();
    };
    document.addEventListener('visibilitychange', back);
    return () => {
      abort.abort();
      clearTimeout(timer);
      document.removeEventListener('visibilitychange', back);
    };
  }, [isOn]);
}

/** Bars over everything: what the whole console waits for. */
import type { ComponentChildren } from 'preact';
import { useEffect } from 'preact/hooks';
import { isOffline, slowRequests } from '../api/request.ts';
import { say } from '../i18n/language.ts';
import { readSessions } from '../session.ts';

/** How often it is tried whether the server is back, in milliseconds. */
const RETRY = 5_000;

/** @param children bars of others, below. */
export function ConnectionBars({ children }: { children?: ComponentChildren }) {
  const isOff = isOffline.value;
  useEffect(() => {
    if (!isOff) return;
    const timer = setInterval(() => void readSessions().catch(() => {}), RETRY);
    return () => clearInterval(timer);
  }, [isOff]);
  return (
    <div class="bars">
      {/* Always there: a live region that comes together with its text is not read out. */}
      <div role="status">
        {isOff && (
          <p class="bar bad">
            {say({
              it: 'Senza connessione: il server non risponde. Quello che avete scritto resta qui; si riprova da soli.',
              en: 'No connection: the server does not answer. What you have typed stays here; it is tried again by itself.',
            })}
          </p>
        )}
        {!isOff && slowRequests.value > 0 && (
          <p class="bar">
            {say({
              it: 'Il server è lento: un po’ di pazienza.',
              en: 'The server is slow: please wait a little.',
            })}
          </p>
        )}
      </div>
      {children}
    </div>
  );
}

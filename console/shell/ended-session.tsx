/** The session has ended while somebody was working: they sign in again over the screen, and lose nothing. */
import { useEffect, useState } from 'preact/hooks';
import { type Sentence, say } from '../i18n/language.ts';
import { endedSession, goOn, readSessions, type Sessions, sessions } from '../session.ts';
import { KeyForm } from '../sign-in/key-form.tsx';
import { announce } from '../ui/announce.tsx';
import { Button } from '../ui/button.tsx';
import { Dialog } from '../ui/dialog.tsx';

export function EndedSession({ siteId }: { siteId: string | undefined }) {
  const before = endedSession.value;
  useEffect(() => {
    if (!before) return;
    // They may have opened the console from Passweb once more, in another tab.
    const look = () => void goOnIfSignedIn(siteId).catch(() => {});
    addEventListener('focus', look);
    return () => removeEventListener('focus', look);
  }, [before, siteId]);
  return before ? <Ended before={before} siteId={siteId} /> : null;
}

function Ended({ before, siteId }: { before: Sessions; siteId: string | undefined }) {
  // Whoever is typing goes on typing: a dialog would take the next keys.
  const [state, setState] = useState<'unasked' | 'asked' | 'put-off'>(() =>
    isTyping() ? 'put-off' : 'unasked',
  );
  if (state === 'put-off')
    return (
      <div class="bar bad" role="alert">
        <span>{say(ENDED)}</span>
        <Button onClick={() => setState('asked')}>
          {say({ it: 'Accedi di nuovo', en: 'Sign in again' })}
        </Button>
      </div>
    );
  return (
    <Dialog title={say(ENDED)} isUnasked={state === 'unasked'} onClose={() => setState('put-off')}>
      <p>{say(reasonOf(before, siteId))}</p>
      <p>
        {say({
          it: 'Quello che avete scritto è ancora qui: accedere di nuovo e continuare.',
          en: 'What you have typed is still here: sign in again and go on.',
        })}
      </p>
      {siteId !== undefined && (
        <p class="muted">
          {say({
            it: 'Se di solito entrate da Passweb, aprire la console da lì in un’altra scheda e poi tornare qui.',
            en: 'If you usually come from Passweb, open the console from there in another tab, and then come back here.',
          })}
        </p>
      )}
      <KeyForm isPlatform={siteId === undefined} siteId={siteId} isFixed onSignedIn={welcome} />
    </Dialog>
  );
}

const ENDED = { it: 'L’accesso è terminato', en: 'Your session has ended' };

/** Inside a dialog the bar could not be reached: there the dialog comes over it. */
function isTyping(): boolean {
  const { activeElement } = document;
  return !!activeElement?.matches('input, select, textarea') && !activeElement.closest('dialog');
}

function reasonOf(before: Sessions, siteId: string | undefined): Sentence {
  const other = sessions.value?.site?.siteId;
  if (siteId !== undefined && other !== undefined && other !== siteId)
    return {
      it: `In questo browser è stato aperto un altro negozio, ${other}: se ne può tenere aperto uno alla volta.`,
      en: `Another shop, ${other}, was opened in this browser: one can be open at a time.`,
    };
  const session = siteId === undefined ? before.platform : before.site;
  if (session && Date.parse(session.expiresAt) <= Date.now())
    return {
      it: 'Per sicurezza l’accesso dura otto ore, e sono passate.',
      en: 'To be safe, a session lasts eight hours, and they are over.',
    };
  return {
    it: 'È stato chiuso prima del tempo: si è usciti in un’altra scheda, oppure la chiave con cui eravate entrati non vale più.',
    en: 'It was closed before its time: somebody signed out in another tab, or the key that opened it is no longer valid.',
  };
}

async function goOnIfSignedIn(siteId: string | undefined): Promise<void> {
  await readSessions();
  const { site, platform } = sessions.value ?? {};
  if (siteId === undefined ? !platform : site?.siteId !== siteId) return;
  goOn();
  welcome();
}

function welcome(): void {
  announce(say({ it: 'Accesso riuscito: potete continuare.', en: 'You are signed in: go on.' }));
}

/** Signing in with the link that was opened. */
import { useState } from 'preact/hooks';
import { Problem } from '../api/request.ts';
import { say } from '../i18n/language.ts';
import { goTo, linkTo, place } from '../router.ts';
import { readSessions, sessions, signIn } from '../session.ts';
import { announce } from '../ui/announce.tsx';
import { Button } from '../ui/button.tsx';
import { Dialog } from '../ui/dialog.tsx';
import { Failure, wordsOf } from '../ui/failure.tsx';
import { useLoaded } from '../ui/load.ts';
import { Waiting } from '../ui/waiting.tsx';
import { Gate } from './gate.tsx';
import { linkToken } from './link.ts';
import { SignIn } from './sign-in.tsx';

export function LinkSignIn({ token }: { token: string }) {
  const [isMeant, setIsMeant] = useState(false);
  const { value, error, reload } = useLoaded(() => exchange(token, isMeant), [isMeant]);
  if (value instanceof Problem) return <SignIn siteId={siteIdIn(token)} refusal={wordsOf(value)} />;
  return (
    <Gate>
      <h1>{say({ it: 'Accesso alla console', en: 'Signing in' })}</h1>
      {value && (
        <div class="card">
          <OtherShop {...value} onStay={() => enter(value.open)} onEnter={() => setIsMeant(true)} />
        </div>
      )}
      {!value && (error === undefined ? <Waiting /> : <Failure error={error} onRetry={reload} />)}
    </Gate>
  );
}

/**
 * Over the screen of somebody who is at work: what they have typed stays. A link into the same shop signs them in again,
 * without a word; before one into another shop closes the screen, they are asked.
 */
export function LinkOver({ token }: { token: string }) {
  const [{ siteId: open }] = useState(place.value);
  const asked = siteIdIn(token);
  const [isMeant, setIsMeant] = useState(asked === undefined || asked === open);
  const {
    value: refused,
    error,
    reload,
  } = useLoaded(async () => (isMeant ? exchange(token, true) : undefined), [isMeant]);
  const isAsking = !isMeant && asked !== undefined;
  if (!isAsking && refused === undefined && error === undefined) return null;
  const title = isAsking
    ? say({ it: 'Entrare in un altro negozio?', en: 'Enter another shop?' })
    : say({ it: 'Il link non ha funzionato', en: 'The link did not work' });
  return (
    <Dialog title={title} isUnasked onClose={stay}>
      {isAsking ? (
        <>
          <OtherShop open={open} asked={asked} onStay={stay} onEnter={() => setIsMeant(true)} />
          <p class="muted">
            {say({
              it: 'Entrando, questa pagina si chiude: salvare prima quello che avete scritto qui.',
              en: 'If you enter, this page is closed: first save what you have typed here.',
            })}
          </p>
        </>
      ) : (
        <>
          <Failure error={refused ?? error} onRetry={refused ? undefined : reload} />
          <p>
            {say({
              it: 'Qui non è cambiato nulla: quello che avete scritto è ancora al suo posto.',
              en: 'Nothing has changed here: what you have typed is still in its place.',
            })}
          </p>
          <div class="buttons">
            <Button onClick={stay}>{say({ it: 'Chiudi', en: 'Close' })}</Button>
          </div>
        </>
      )}
    </Dialog>
  );
}

function stay(): void {
  linkToken.value = undefined;
}

interface Change {
  /** The shop that is open; absent: the platform's console is. */
  open: string | undefined;
  /** That of the link. */
  asked: string;
}

interface OtherShopProps extends Change {
  onStay: () => void;
  onEnter: () => void;
}

/** Somebody else may have sent the link, so that what is typed next gets into their shop. */
function OtherShop({ open, asked, onStay, onEnter }: OtherShopProps) {
  return (
    <>
      <p>
        {open === undefined
          ? say({
              it: `Siete nella console della piattaforma. Il link che avete aperto entra nel negozio ${asked}. Entrare in ${asked}?`,
              en: `You are in the console of the platform. The link that you have opened leads into the shop ${asked}. Enter ${asked}?`,
            })
          : say({
              it: `Siete nel negozio ${open}. Il link che avete aperto entra in un altro: ${asked}. Entrare in ${asked}?`,
              en: `You are in the shop ${open}. The link that you have opened leads into another: ${asked}. Enter ${asked}?`,
            })}
      </p>
      <p class="muted">
        {say({
          it: 'Se il link non viene dal vostro Passweb, restare dove siete.',
          en: 'If the link does not come from your own Passweb, stay where you are.',
        })}
      </p>
      <div class="buttons">
        <Button kind="primary" onClick={onStay}>
          {open === undefined
            ? say({ it: 'Resta qui', en: 'Stay here' })
            : say({ it: `Resta in ${open}`, en: `Stay in ${open}` })}
        </Button>
        <Button onClick={onEnter}>{say({ it: `Entra in ${asked}`, en: `Enter ${asked}` })}</Button>
      </div>
    </>
  );
}

/**
 * @param isMeant they have said that they want to leave the shop that is open.
 * @returns why the link is refused, or what they are asked first. @throws where it may be tried again.
 */
async function exchange(token: string, isMeant: boolean): Promise<Problem | Change | undefined> {
  const asked = siteIdIn(token);
  await readSessions();
  const open = sessions.value?.site?.siteId;
  if (!isMeant && open !== undefined && asked !== undefined && open !== asked) return { open, asked };
  try {
    const { siteId } = await signIn({ token });
    enter(siteId);
  } catch (error) {
    if (!(error instanceof Problem) || error.status !== 401) throw error;
    // Opened a second time by somebody who is signed in already.
    if (open === undefined || open !== asked) return error;
    enter(open);
  }
  return undefined;
}

function enter(siteId: string | undefined): void {
  // Whoever works in that shop already stays on their screen.
  if (siteId !== undefined && place.value.siteId === siteId)
    announce(say({ it: 'Accesso riuscito: potete continuare.', en: 'You are signed in: go on.' }));
  else goTo(linkTo(siteId), { replace: true });
  linkToken.value = undefined;
}

function siteIdIn(token: string): string | undefined {
  return /^([^.]+)\./.exec(token)?.[1];
}

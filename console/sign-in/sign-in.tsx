/** The page where a shop, or the platform, signs in with its key. */
import { useEffect, useState } from 'preact/hooks';
import { say } from '../i18n/language.ts';
import { arrivals, goTo, linkTo, place } from '../router.ts';
import { goOn, readSessions, sessions, signedOut } from '../session.ts';
import { Banner } from '../ui/banner.tsx';
import { Button } from '../ui/button.tsx';
import { Gate } from './gate.tsx';
import { KeyForm } from './key-form.tsx';
import { linkToken } from './link.ts';

interface SignInProps {
  /** For whom, where the address says it. */
  siteId?: string | undefined;
  /** The shop that is signed in, where it is another. */
  other?: string | undefined;
  isPlatform?: boolean;
  /** Why a link did not sign in. */
  refusal?: string;
}

export function SignIn({ siteId, other, refusal, isPlatform: startsAsPlatform = false }: SignInProps) {
  const [isPlatform, setIsPlatform] = useState(startsAsPlatform);
  useEffect(() => {
    const look = () => void goOnIfSignedIn(siteId).catch(() => {});
    addEventListener('focus', look);
    return () => removeEventListener('focus', look);
  }, [siteId]);
  return (
    <Gate>
      <div class="card">
        <h1>
          {isPlatform
            ? say({ it: 'Accesso della piattaforma', en: 'Sign in as the platform' })
            : say({ it: 'Accesso alla console', en: 'Sign in' })}
        </h1>
        {refusal && (
          <Banner kind="warning" isAlert>
            <p>{refusal}</p>
            <p>
              {say({
                it: 'Tornare su Passweb e aprire la console da lì: si apre con un link nuovo. Oppure accedere qui con la chiave del negozio.',
                en: 'Go back to Passweb and open the console from there: it opens with a new link. Or sign in here with the key of the shop.',
              })}
            </p>
          </Banner>
        )}
        {!refusal && signedOut.value && (
          <Banner kind="good">
            <p>
              {say({
                it: 'Siete usciti. I testi non ancora salvati restano in questo browser.',
                en: 'You have signed out. Texts that were not saved yet stay in this browser.',
              })}
            </p>
          </Banner>
        )}
        {other !== undefined && (
          <Banner kind="warning">
            <p>
              {say({
                it: 'In questo browser è aperto un altro negozio: ',
                en: 'Another shop is open in this browser: ',
              })}
              <a href={linkTo(other)}>
                <bdi>{other}</bdi>
              </a>
              .
            </p>
          </Banner>
        )}
        {!isPlatform && !refusal && (
          <p>
            {say({
              it: 'Il modo più semplice per entrare è da Passweb: la console si apre da lì, senza chiave. Altrimenti:',
              en: 'The easiest way in is from Passweb: the console opens from there, without a key. Otherwise:',
            })}
          </p>
        )}
        <KeyForm
          key={isPlatform ? 'platform' : 'site'}
          isPlatform={isPlatform}
          siteId={siteId}
          onSignedIn={enter}
        />
        <div>
          <Button kind="plain" onClick={() => setIsPlatform(!isPlatform)}>
            {isPlatform
              ? say({ it: 'Sono di un negozio', en: 'I am from a shop' })
              : say({ it: 'Sono della piattaforma', en: 'I am from the platform' })}
          </Button>
        </div>
      </div>
    </Gate>
  );
}

/** They may have signed in meanwhile in another tab, such as with a link. */
async function goOnIfSignedIn(siteId: string | undefined): Promise<void> {
  await readSessions();
  const { site, platform } = sessions.value ?? {};
  const { isPlatform } = place.value;
  const isIn = isPlatform ? platform : site && (siteId === undefined || site.siteId === siteId);
  if (!isIn) return;
  goOn();
  enter(isPlatform ? undefined : site?.siteId);
}

/** Whoever asked for a place gets there. */
function enter(siteId: string | undefined): void {
  const { siteId: asked, isPlatform } = place.value;
  const isThere = siteId === undefined ? isPlatform : asked === siteId;
  if (isThere) arrivals.value += 1;
  else goTo(linkTo(siteId), { replace: true });
  linkToken.value = undefined;
}

/** A shop's id and key, or the platform's key. */
import { useEffect, useRef, useState } from 'preact/hooks';
import { Problem } from '../api/request.ts';
import { type Sentence, say } from '../i18n/language.ts';
import { type Credential, signIn } from '../session.ts';
import { Button } from '../ui/button.tsx';
import { Failure } from '../ui/failure.tsx';
import { TextField } from '../ui/field.tsx';
import { Waiting } from '../ui/waiting.tsx';

interface KeyFormProps {
  isPlatform: boolean;
  /** Known from the address, or from the session that has ended. */
  siteId?: string | undefined;
  /** The shop can't be changed: what is on the screen belongs to it. */
  isFixed?: boolean;
  onSignedIn: (siteId: string | undefined) => void;
}

const NO_SITE: Sentence = {
  it: 'Scrivere il codice del negozio: sta accanto alla chiave che avete ricevuto.',
  en: 'Type the id of the shop: it stands beside the key that you were given.',
};
const NO_KEY: Sentence = {
  it: 'Incollare qui la chiave.',
  en: 'Paste the key here.',
};
const WRONG_SITE_KEY: Sentence = {
  it: 'Il codice del negozio o la chiave non sono giusti. Copiare di nuovo la chiave per intero: comincia con "pwtg_". Se non funziona, chiederne una nuova a Passepartout.',
  en: 'The id of the shop or the key is wrong. Copy the whole key again: it begins with "pwtg_". If it does not work, ask Passepartout for a new one.',
};
const WRONG_PLATFORM_KEY: Sentence = {
  it: 'La chiave della piattaforma non è giusta. Copiarla di nuovo per intero.',
  en: 'The key of the platform is wrong. Copy the whole key again.',
};

export function KeyForm({ isPlatform, siteId: given = '', isFixed = false, onSignedIn }: KeyFormProps) {
  const [siteId, setSiteId] = useState(given);
  const [key, setKey] = useState('');
  const [errors, setErrors] = useState<{ siteId?: Sentence; key?: Sentence }>({});
  const [failure, setFailure] = useState<unknown>();
  const [isBusy, setIsBusy] = useState(false);
  const [seconds, setSeconds] = useCountdown();
  const form = useRef<HTMLFormElement>(null);

  async function submit(): Promise<void> {
    if (isBusy || seconds > 0) return;
    // Copied keys come with spaces and line breaks, and what is typed on a phone with a capital letter: no id has one.
    const typed = { siteId: withoutSpaces(siteId).toLowerCase(), key: withoutSpaces(key) };
    const wrong = {
      ...(!isPlatform && typed.siteId === '' && { siteId: NO_SITE }),
      ...(typed.key === '' && { key: NO_KEY }),
    };
    setFailure(undefined);
    if (showErrors(wrong)) return;
    setIsBusy(true);
    try {
      const credential: Credential = isPlatform ? { key: typed.key } : typed;
      const signedIn = await signIn(credential);
      setKey('');
      onSignedIn(signedIn.siteId);
    } catch (error) {
      if (error instanceof Problem && isWrongKey(error))
        showErrors({ key: isPlatform ? WRONG_PLATFORM_KEY : WRONG_SITE_KEY });
      else if (error instanceof Problem && error.status === 429) setSeconds(error.retryAfter ?? 30);
      else setFailure(error);
    } finally {
      setIsBusy(false);
    }
  }

  /** @returns whether there are any. */
  function showErrors(wrong: typeof errors): boolean {
    setErrors(wrong);
    const isWrong = Object.keys(wrong).length > 0;
    if (isWrong) requestAnimationFrame(() => focusFirstError(form.current));
    return isWrong;
  }

  return (
    <form
      ref={form}
      class="stack"
      noValidate
      onSubmit={(event) => {
        event.preventDefault();
        void submit();
      }}
    >
      {!isPlatform && !isFixed && (
        <TextField
          label={say({ it: 'Codice del negozio', en: 'Id of the shop' })}
          hint={say({
            it: 'Codice e chiave li riceve da Passepartout chi ha attivato il modulo.',
            en: 'Whoever has activated the module is given the id and the key by Passepartout.',
          })}
          value={siteId}
          onInput={setSiteId}
          autocomplete="username"
          autocapitalize="none"
          error={errors.siteId && say(errors.siteId)}
        />
      )}
      {/* For programs that fill in passwords. */}
      {isFixed && <input type="text" hidden readOnly autocomplete="username" value={siteId} />}
      <TextField
        type="password"
        label={
          isPlatform
            ? say({ it: 'Chiave della piattaforma', en: 'Key of the platform' })
            : say({ it: 'Chiave del negozio', en: 'Key of the shop' })
        }
        hint={say({
          it: 'La console non la conserva. Gli spazi copiati per sbaglio non disturbano.',
          en: 'The console does not keep it. Spaces that were copied with it do no harm.',
        })}
        value={key}
        onInput={setKey}
        autocomplete="current-password"
        error={errors.key && say(errors.key)}
      />
      {failure !== undefined && <Failure error={failure} />}
      {seconds > 0 && <SlowedDown seconds={seconds} />}
      <div>
        <Button type="submit" kind="primary" isBusy={isBusy || seconds > 0}>
          {say({ it: 'Accedi', en: 'Sign in' })}
        </Button>
      </div>
      {isBusy && <Waiting />}
    </form>
  );
}

function SlowedDown({ seconds }: { seconds: number }) {
  return (
    <div class="banner warning">
      {/* Read out once: the seconds are for the eyes. */}
      <p role="alert">
        {say({
          it: 'Ci sono stati troppi tentativi. Per sicurezza bisogna aspettare un poco: la chiave scritta resta qui.',
          en: 'There were too many attempts. To be safe, wait a little: the key that you have typed stays here.',
        })}
      </p>
      <p aria-hidden="true">
        {say({ it: `Si può riprovare tra ${seconds} s.`, en: `You can try again in ${seconds} s.` })}
      </p>
    </div>
  );
}

/** Seconds that become fewer by themselves. */
function useCountdown(): [number, (seconds: number) => void] {
  const [seconds, setSeconds] = useState(0);
  useEffect(() => {
    if (seconds <= 0) return;
    const timer = setTimeout(() => setSeconds(seconds - 1), 1_000);
    return () => clearTimeout(timer);
  }, [seconds]);
  return [seconds, setSeconds];
}

/** What is too long for an id or a key is as wrong as one that nobody has. */
function isWrongKey({ status, code }: Problem): boolean {
  return status === 401 || code === 'invalid-body';
}

function withoutSpaces(text: string): string {
  return text.replace(/\s+/g, '');
}

function focusFirstError(form: HTMLFormElement | null): void {
  form?.querySelector<HTMLElement>('[aria-invalid="true"]')?.focus();
}

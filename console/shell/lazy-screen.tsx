/** A screen whose code is loaded when it is opened. */
import { type ComponentType, createElement } from 'preact';
import { say } from '../i18n/language.ts';
import type { Screen } from '../screens.ts';
import { readSessions } from '../session.ts';
import { Banner } from '../ui/banner.tsx';
import { Button } from '../ui/button.tsx';
import { Failure } from '../ui/failure.tsx';
import { useLoaded } from '../ui/load.ts';
import { Waiting } from '../ui/waiting.tsx';
import { Boundary } from './boundary.tsx';

/** The server answers, but does not have the code any more: there is another release. */
class OutdatedConsole extends Error {
  override readonly name = 'OutdatedConsole';
}

export function LazyScreen<Props extends object>({ screen, props }: { screen: Screen<Props>; props: Props }) {
  const { value, error, reload } = useLoaded(() => loaded(screen), [screen.name]);
  // Until it is noticed that another screen is meant, the code of the one before is there.
  if (value?.name === screen.name)
    return (
      // Another screen begins without the failure of the one before.
      <Boundary key={screen.name}>{createElement(value.code as ComponentType<object>, props)}</Boundary>
    );
  if (error === undefined) return <Waiting />;
  return (
    <div class="stack">
      <h1>{say(screen.words)}</h1>
      {error instanceof OutdatedConsole ? <Outdated /> : <Failure error={error} onRetry={reload} />}
    </div>
  );
}

async function loaded<Props>(screen: Screen<Props>): Promise<{ name: string; code: ComponentType<Props> }> {
  try {
    return { name: screen.name, code: (await screen.load()).default };
  } catch (cause) {
    // Throws where the server is out of reach: then that is the reason.
    await readSessions();
    throw new OutdatedConsole('The code of a screen is not there.', { cause });
  }
}

function Outdated() {
  return (
    <Banner kind="warning" isAlert>
      <p>
        {say({
          it: 'La console è stata aggiornata mentre era aperta. Ricaricare la pagina per continuare: quello che avete scritto resta salvato in questo browser.',
          en: 'The console has been updated while it was open. Reload the page to go on: what you have typed stays in this browser.',
        })}
      </p>
      <div>
        <Button kind="primary" onClick={() => location.reload()}>
          {say({ it: 'Ricarica la pagina', en: 'Reload the page' })}
        </Button>
      </div>
    </Banner>
  );
}

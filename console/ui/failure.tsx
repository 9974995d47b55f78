/** What to say where something did not work: always what it means and what to do. */
import { UNEXPECTED } from '../api/for-people.ts';
import { Problem, Unreachable } from '../api/request.ts';
import { count as many, type Sentence, say } from '../i18n/language.ts';
import { Banner } from './banner.tsx';
import { Button } from './button.tsx';

const UNREACHABLE: Sentence = {
  it: 'Il server non risponde. Controllate la connessione e riprovate: quello che avete scritto resta qui.',
  en: 'The server does not answer. Check the connection and try again: what you have typed stays here.',
};

export function wordsOf(error: unknown): string {
  if (error instanceof Problem) return detailOf(error);
  return say(error instanceof Unreachable ? UNREACHABLE : UNEXPECTED);
}

/** These two only say that something is wrong: what it is, the errors say. */
const SAID_BY_ERRORS: readonly string[] = ['invalid-query', 'invalid-body'];

function detailOf({ code, title, detail, errors }: Problem): string {
  const details = SAID_BY_ERRORS.includes(code) ? errors.map((each) => each.detail) : [];
  return [...new Set(details)].join(' ') || detail || title || say(UNEXPECTED);
}

interface FailureProps {
  error: unknown;
  onRetry?: () => void;
  /** Whether what is wrong there is said beside its field: it is not said twice. */
  isSaidBeside?: (pointer: string) => boolean;
}

export function Failure({ error, onRetry, isSaidBeside }: FailureProps) {
  const errors = error instanceof Problem ? error.errors : [];
  const isSaid = isSaidBeside && errors.length > 0 && errors.every(({ pointer }) => isSaidBeside(pointer));
  return (
    <Banner kind="bad" isAlert>
      {isSaid ? <Beside count={errors.length} /> : <p>{wordsOf(error)}</p>}
      {onRetry && (
        <div>
          <Button onClick={onRetry}>{say({ it: 'Riprova', en: 'Try again' })}</Button>
        </div>
      )}
    </Banner>
  );
}

/** That something is wrong, and the way to the first of it. */
function Beside({ count }: { count: number }) {
  return (
    <>
      <p>
        {say({
          it: `Non salvato: ${many(count, { it: 'punto', en: 'place' }, { it: 'punti', en: 'places' })} da correggere.`,
          en: `Not saved: ${many(count, { it: 'punto', en: 'place' }, { it: 'punti', en: 'places' })} to correct.`,
        })}
      </p>
      <div>
        <Button
          onClick={({ currentTarget }) =>
            (currentTarget as Element)
              .closest('form')
              ?.querySelector<HTMLElement>('[aria-invalid=true]')
              ?.focus()
          }
        >
          {count === 1
            ? say({ it: 'Mostra dove', en: 'Show where' })
            : say({ it: 'Mostra il primo', en: 'Show the first' })}
        </Button>
      </div>
    </>
  );
}

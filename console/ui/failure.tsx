/** What to say where something did not work: always what it means and what to do. */
import { UNEXPECTED } from '../api/for-people.ts';
import { Problem, Unreachable } from '../api/request.ts';
import { type Sentence, say } from '../i18n/language.ts';
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
}

export function Failure({ error, onRetry }: FailureProps) {
  return (
    <Banner kind="bad" isAlert>
      <p>{wordsOf(error)}</p>
      {onRetry && (
        <div>
          <Button onClick={onRetry}>{say({ it: 'Riprova', en: 'Try again' })}</Button>
        </div>
      )}
    </Banner>
  );
}

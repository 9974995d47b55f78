import { say } from '../i18n/language.ts';
import { Button } from './button.tsx';

interface ConflictProps {
  /** What the field is called. */
  label: string;
  mine: string;
  theirs: string;
  onMine: () => void;
  onTheirs: () => void;
}

/** Somebody else has saved another value of a field while it was changed here: both, and which one to keep. */
export function Conflict({ label, mine, theirs, onMine, onTheirs }: ConflictProps) {
  return (
    <div class="conflict banner warning" tabIndex={-1}>
      <p>
        {say({
          it: `“${label}” è stato cambiato da qualcun altro.`,
          en: `“${label}” has been changed by somebody else.`,
        })}
      </p>
      <dl class="facts">
        <div>
          <dt>{say({ it: 'Il vostro', en: 'Yours' })}</dt>
          <dd dir="auto">{mine}</dd>
        </div>
        <div>
          <dt>{say({ it: 'Salvato da altri', en: 'Saved by others' })}</dt>
          <dd dir="auto">{theirs}</dd>
        </div>
      </dl>
      <div class="buttons">
        <Button onClick={onMine}>{say({ it: 'Tieni il mio', en: 'Keep mine' })}</Button>
        <Button onClick={onTheirs}>{say({ it: 'Usa l’altro', en: 'Use the other' })}</Button>
      </div>
    </div>
  );
}

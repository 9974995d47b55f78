/** Asks before something is lost: names it, and for what can't be taken back lets its id be typed. */
import type { ComponentChildren } from 'preact';
import { useState } from 'preact/hooks';
import { say } from '../i18n/language.ts';
import { useAction } from './action.ts';
import { Button } from './button.tsx';
import { Dialog } from './dialog.tsx';
import { Failure } from './failure.tsx';
import { TextField } from './field.tsx';

interface ConfirmProps {
  title: string;
  /** What happens, and what is lost. */
  children: ComponentChildren;
  /** What the button says: the action itself, never "OK". */
  action: string;
  isDangerous?: boolean;
  /** Has to be typed first. */
  typed?: string;
  /** It is done when this resolves; then the dialog closes by itself. */
  onConfirm: () => Promise<unknown>;
  onClose: () => void;
}

export function Confirm({
  title,
  children,
  action,
  isDangerous = true,
  typed,
  onConfirm,
  onClose,
}: ConfirmProps) {
  const [text, setText] = useState('');
  const [isWrong, setIsWrong] = useState(false);
  const { isBusy, error, run } = useAction();

  const confirm = async () => {
    await onConfirm();
    onClose();
  };

  return (
    <Dialog title={title} onClose={onClose}>
      <form
        class="stack"
        onSubmit={(event) => {
          event.preventDefault();
          if (typed !== undefined && text.trim() !== typed) setIsWrong(true);
          else void run(confirm);
        }}
      >
        {children}
        {typed !== undefined && (
          <TextField
            label={say({ it: `Per confermare, scrivere: ${typed}`, en: `To confirm, type: ${typed}` })}
            value={text}
            onInput={(value) => {
              setText(value);
              setIsWrong(false);
            }}
            error={
              isWrong
                ? say({ it: `Deve essere uguale a ${typed}.`, en: `It must be the same as ${typed}.` })
                : undefined
            }
          />
        )}
        {error !== undefined && <Failure error={error} />}
        <div class="buttons">
          <Button
            type="submit"
            kind={isDangerous ? 'danger' : 'primary'}
            isBusy={isBusy}
            busyWords={say({ it: 'Un momento…', en: 'One moment…' })}
          >
            {action}
          </Button>
          <Button onClick={onClose}>{say({ it: 'Annulla', en: 'Cancel' })}</Button>
        </div>
      </form>
    </Dialog>
  );
}

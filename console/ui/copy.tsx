import { say } from '../i18n/language.ts';
import { useScreen } from './announce.tsx';
import { Button } from './button.tsx';

/** @param what is copied; it stands somewhere else on the screen too, for browsers that don't allow it. */
export function CopyButton({ text, words }: { text: string; words: string }) {
  const { announce } = useScreen();
  async function copy(): Promise<void> {
    try {
      await navigator.clipboard.writeText(text);
      announce(say({ it: 'Copiato.', en: 'Copied.' }));
    } catch {
      announce(
        say({
          it: 'Il browser non permette di copiare da qui: selezionare il testo e copiarlo a mano.',
          en: 'The browser does not allow copying from here: select the text and copy it by hand.',
        }),
      );
    }
  }
  return <Button onClick={() => void copy()}>{words}</Button>;
}

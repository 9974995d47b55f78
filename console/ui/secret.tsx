/** A secret that is shown this once. It is gone from the page as soon as the person says so. */
import { say } from '../i18n/language.ts';
import { Banner } from './banner.tsx';
import { Button } from './button.tsx';
import { CopyButton } from './copy.tsx';

interface SecretProps {
  title: string;
  secret: string;
  onDone: () => void;
}

export function Secret({ title, secret, onDone }: SecretProps) {
  return (
    <Banner kind="warning" isAlert>
      <h2>{title}</h2>
      <p class="address">{secret}</p>
      <p>
        {say({
          it: 'Si vede solo adesso: copiarlo e conservarlo in un posto sicuro.',
          en: 'It is shown only now: copy it, and keep it in a safe place.',
        })}
      </p>
      <div class="buttons">
        <CopyButton text={secret} words={say({ it: 'Copia', en: 'Copy' })} />
        <Button kind="primary" onClick={onDone}>
          {say({ it: 'L’ho conservato', en: 'I have kept it' })}
        </Button>
      </div>
    </Banner>
  );
}

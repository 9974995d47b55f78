/** A screen about one site, opened without saying which. */
import { useState } from 'preact/hooks';
import { say } from '../i18n/language.ts';
import { goTo, linkTo } from '../router.ts';
import { Button } from '../ui/button.tsx';
import { TextField } from '../ui/field.tsx';

export function ChooseSite({ screen, title }: { screen: string; title: string }) {
  const [siteId, setSiteId] = useState('');
  return (
    <div class="stack">
      <h1>{title}</h1>
      <form
        class="card"
        onSubmit={(event) => {
          event.preventDefault();
          if (siteId.trim() !== '') goTo(linkTo(undefined, [screen, siteId.trim()]));
        }}
      >
        <TextField
          label={say({ it: 'Codice del sito', en: 'Id of the site' })}
          value={siteId}
          onInput={setSiteId}
        />
        <div class="buttons">
          <Button type="submit" kind="primary">
            {say({ it: 'Continua', en: 'Continue' })}
          </Button>
          <a class="button" href={linkTo(undefined, ['sites'])}>
            {say({ it: 'Cerca tra i siti', en: 'Search the sites' })}
          </a>
        </div>
      </form>
    </div>
  );
}

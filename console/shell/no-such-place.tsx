import { say } from '../i18n/language.ts';

export function NoSuchPlace({ home }: { home: string }) {
  return (
    <div class="stack">
      <h1>{say({ it: 'Pagina non trovata', en: 'No such page' })}</h1>
      <p>
        {say({
          it: 'Qui non c’è nulla: forse il link è incompleto, o la pagina ora si chiama in un altro modo.',
          en: 'There is nothing here: the link may be incomplete, or the page has another name now.',
        })}
      </p>
      <div>
        <a class="button primary" href={home}>
          {say({ it: 'Vai all’inizio', en: 'Go to the beginning' })}
        </a>
      </div>
    </div>
  );
}

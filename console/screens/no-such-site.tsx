import { say } from '../i18n/language.ts';
import { linkTo } from '../router.ts';

/** For ids that no site can have: an address with one in it may lead anywhere. */
export function NoSuchSite({ siteId }: { siteId: string }) {
  return (
    <div class="stack">
      <h1 dir="auto">{siteId}</h1>
      <p>
        {say({
          it: 'Non c’è nessun sito con questo codice: forse l’indirizzo è incompleto.',
          en: 'There is no site with this id: the address may be incomplete.',
        })}
      </p>
      <div>
        <a class="button primary" href={linkTo(undefined, ['sites'])}>
          {say({ it: 'Cerca tra i siti', en: 'Search the sites' })}
        </a>
      </div>
    </div>
  );
}

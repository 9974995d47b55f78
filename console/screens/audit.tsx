/** Who changed what on a site, also after it was deleted. */
import { SITE_ID } from '../../lib/domain/site-id.ts';
import { say } from '../i18n/language.ts';
import { linkTo, place } from '../router.ts';
import { Changes } from '../ui/changes.tsx';
import { ChooseSite } from './choose-site.tsx';
import { NoSuchSite } from './no-such-site.tsx';

export default function AuditScreen() {
  const [, siteId] = place.value.path;
  if (siteId === undefined)
    return (
      <ChooseSite screen="audit" title={say({ it: 'Chi ha cambiato che cosa', en: 'Who changed what' })} />
    );
  if (!SITE_ID.test(siteId)) return <NoSuchSite siteId={siteId} />;
  return (
    <div class="stack">
      <a class="back" href={linkTo(undefined, ['sites', siteId])}>{`← ${siteId}`}</a>
      <h1>{say({ it: `Chi ha cambiato che cosa: ${siteId}`, en: `Who changed what: ${siteId}` })}</h1>
      <Changes siteId={siteId} />
    </div>
  );
}

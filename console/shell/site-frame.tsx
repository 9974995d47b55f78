/** The screens of a shop. */
import { useEffect, useRef } from 'preact/hooks';
import type { Site } from '../../clients/typescript/client.ts';
import type { Answer } from '../api/request.ts';
import { siteRequest } from '../api/site.ts';
import { say } from '../i18n/language.ts';
import { timeZone } from '../i18n/time.ts';
import { arrivals, linkTo, place } from '../router.ts';
import { SITE_SCREENS } from '../screens.ts';
import { Failure } from '../ui/failure.tsx';
import { type Loaded, useLoaded } from '../ui/load.ts';
import { Waiting } from '../ui/waiting.tsx';
import { LazyScreen } from './lazy-screen.tsx';
import { NoSuchPlace } from './no-such-place.tsx';
import { Shell } from './shell.tsx';

export function SiteFrame({ siteId }: { siteId: string }) {
  const site = useLoaded(() => readSite(siteId), [siteId]);
  const { value: loaded, error, reload } = site;
  useFreshSite(siteId, site);
  return (
    <Shell name={loaded?.value.name ?? siteId} siteId={siteId} screens={SITE_SCREENS}>
      {loaded ? (
        <SiteScreen site={loaded.value} etag={loaded.etag} siteId={siteId} reloadSite={reload} />
      ) : (
        // The focus waits for the heading of the screen.
        (error === undefined && <Waiting />) || (
          <>
            <h1>{say({ it: 'Il vostro negozio', en: 'Your shop' })}</h1>
            <Failure error={error} onRetry={reload} />
          </>
        )
      )}
    </Shell>
  );
}

async function readSite(siteId: string, known?: Answer<Site>) {
  const answer = await siteRequest<Site>(siteId, 'GET', '', { ifNoneMatch: known?.etag });
  timeZone.value = answer.value.timeZone;
  return answer;
}

/**
 * What somebody else has changed is there on the next screen, and where somebody comes back to the window; but never under
 * the hands of whoever has begun to type.
 */
function useFreshSite(siteId: string, { value, replace }: Loaded<Answer<Site>>): void {
  const known = useRef(value);
  known.current = value;
  const hasTyped = useRef(false);
  useEffect(() => {
    const typed = () => {
      hasTyped.current = true;
    };
    const refresh = async () => {
      const before = known.current;
      if (!before || hasTyped.current) return;
      try {
        const now = await readSite(siteId, before);
        // What a change has answered meanwhile is newer.
        if (!hasTyped.current && known.current === before) replace(now);
      } catch {
        // Mostly 304. Where it fails, what is known stays: the bars say why.
      }
    };
    const look = () => void refresh();
    hasTyped.current = false;
    look();
    addEventListener('input', typed);
    addEventListener('focus', look);
    return () => {
      removeEventListener('input', typed);
      removeEventListener('focus', look);
    };
  }, [siteId, arrivals.value]);
}

function SiteScreen(props: { site: Site; siteId: string; etag: string | undefined; reloadSite: () => void }) {
  const [name] = place.value.path;
  const screen = SITE_SCREENS.find((each) => each.name === (name ?? SITE_SCREENS[0]?.name));
  if (!screen) return <NoSuchPlace home={linkTo(props.siteId)} />;
  return <LazyScreen screen={screen} props={props} />;
}

/** Which part of the console is shown: it depends on who is signed in, and where they are. */
import { useEffect, useMemo } from 'preact/hooks';
import { goTo, linkTo, place } from './router.ts';
import { endedSession, readSessions, sessions } from './session.ts';
import { PlatformFrame } from './shell/platform-frame.tsx';
import { SiteFrame } from './shell/site-frame.tsx';
import { Gate } from './sign-in/gate.tsx';
import { linkToken } from './sign-in/link.ts';
import { LinkOver, LinkSignIn } from './sign-in/link-sign-in.tsx';
import { SignIn } from './sign-in/sign-in.tsx';
import { Announcements } from './ui/announce.tsx';
import { Failure } from './ui/failure.tsx';
import { useLoaded } from './ui/load.ts';
import { Waiting } from './ui/waiting.tsx';

export function App() {
  const token = linkToken.value;
  // Where somebody is at work, the link is used over the screen, which stays. What becomes of the sessions then is its doing.
  const isOver = useMemo(isAtWork, [token]);
  return (
    <>
      {token === undefined || isOver ? <Content /> : <LinkSignIn key={token} token={token} />}
      {token !== undefined && isOver && <LinkOver key={token} token={token} />}
      <Announcements />
    </>
  );
}

/** Whether a screen is shown to somebody who is signed in, or was until a moment ago. */
function isAtWork(): boolean {
  const { siteId, isPlatform } = place.value;
  const { site, platform } = sessions.value ?? {};
  // Who was signed in there stays on the screen, with what is typed, and is asked to sign in again.
  const hasEnded = endedSession.value !== undefined;
  if (isPlatform) return hasEnded || !!platform;
  return siteId !== undefined && (hasEnded || site?.siteId === siteId);
}

function Content() {
  const { error, reload } = useLoaded(readSessions, []);
  const known = sessions.value;
  if (!known)
    return <Gate>{error === undefined ? <Waiting /> : <Failure error={error} onRetry={reload} />}</Gate>;

  const { siteId, isPlatform } = place.value;
  const { site, platform } = known;
  if (isAtWork())
    return siteId === undefined ? <PlatformFrame /> : <SiteFrame key={siteId} siteId={siteId} />;
  if (siteId === undefined && !isPlatform) {
    if (site) return <Moved to={linkTo(site.siteId)} />;
    if (platform) return <Moved to={linkTo(undefined)} />;
    return <SignIn />;
  }
  return isPlatform ? <SignIn isPlatform /> : <SignIn siteId={siteId} other={site?.siteId} />;
}

function Moved({ to }: { to: string }) {
  useEffect(() => goTo(to, { replace: true }), [to]);
  return null;
}

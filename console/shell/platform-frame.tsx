/** The screens of the platform. */
import { say } from '../i18n/language.ts';
import { linkTo, place } from '../router.ts';
import { PLATFORM_SCREENS } from '../screens.ts';
import { LazyScreen } from './lazy-screen.tsx';
import { NoSuchPlace } from './no-such-place.tsx';
import { Shell } from './shell.tsx';

export function PlatformFrame() {
  const [name] = place.value.path;
  const screen = PLATFORM_SCREENS.find((each) => each.name === (name ?? PLATFORM_SCREENS[0]?.name));
  return (
    <Shell name={say({ it: 'Piattaforma', en: 'Platform' })} screens={PLATFORM_SCREENS}>
      {screen ? <LazyScreen screen={screen} props={{}} /> : <NoSuchPlace home={linkTo(undefined)} />}
    </Shell>
  );
}

/** What stands around each screen: whose it is, where one can go, and what the whole console has to say. */
import type { ComponentChildren } from 'preact';
import { useEffect, useRef, useState } from 'preact/hooks';
import { type Sentence, say } from '../i18n/language.ts';
import { arrivals, goTo, linkTo, place } from '../router.ts';
import { sessions, signOut } from '../session.ts';
import { announce } from '../ui/announce.tsx';
import { wordsOf } from '../ui/failure.tsx';
import { ConnectionBars } from './bars.tsx';
import { EndedSession } from './ended-session.tsx';
import { useHeading } from './heading.ts';
import { Icon } from './icon.tsx';
import { LanguageSwitch } from './language-switch.tsx';

interface ShellProps {
  /** Whose console it is. */
  name: string;
  /** Absent: the platform's. */
  siteId?: string;
  screens: readonly { name: string; words: Sentence }[];
  children: ComponentChildren;
}

export function Shell({ name, siteId, screens, children }: ShellProps) {
  const main = useRef<HTMLElement>(null);
  const [isOpen, setIsOpen] = useState(false);
  const role = siteId === undefined ? 'platform' : 'site';
  useHeading(main, name);
  useEffect(() => setIsOpen(false), [arrivals.value]);
  return (
    <div class="shell">
      <ConnectionBars>
        <EndedSession siteId={siteId} />
      </ConnectionBars>
      <header class="shell-header">
        <button type="button" class="button skip-link" onClick={() => main.current?.focus()}>
          {say({ it: 'Vai al contenuto', en: 'Skip to the content' })}
        </button>
        <a class="brand" href={linkTo(siteId)}>
          <Icon name="brand" />
          <span class="brand-names">
            <bdi title={name}>{name}</bdi>
            {/* Two shops may have the same name. Until it is known, its place is kept. */}
            {siteId !== undefined && (
              <bdi class={`brand-id ${siteId === name ? 'kept-place' : ''}`}>{siteId}</bdi>
            )}
          </span>
        </a>
        <button
          type="button"
          class="button plain menu-button"
          aria-expanded={isOpen}
          aria-controls="menu"
          onClick={() => setIsOpen(!isOpen)}
        >
          <Icon name={isOpen ? 'close' : 'menu'} />
          {say({ it: 'Menu', en: 'Menu' })}
        </button>
      </header>
      <nav
        id="menu"
        class={`shell-menu ${isOpen ? 'open' : ''}`}
        aria-label={say({ it: 'Menu', en: 'Menu' })}
      >
        <div class="shell-menu-content">
          <ul class="shell-links">
            {screens.map((screen) => (
              <li key={screen.name}>
                <ScreenLink siteId={siteId} screen={screen} isFirst={screen === screens[0]} />
              </li>
            ))}
          </ul>
          <div class="shell-actions">
            <OtherRole role={role} />
            <LanguageSwitch />
            <button type="button" class="button plain" onClick={() => void leave(role)}>
              <Icon name="exit" />
              {say({ it: 'Esci', en: 'Sign out' })}
            </button>
          </div>
        </div>
      </nav>
      <main ref={main} id="content" class="shell-content" tabIndex={-1}>
        {children}
      </main>
    </div>
  );
}

function ScreenLink({
  siteId,
  screen: { name, words },
  isFirst,
}: {
  siteId: string | undefined;
  screen: ShellProps['screens'][number];
  isFirst: boolean;
}) {
  const [shown] = place.value.path;
  const isCurrent = shown === name || (shown === undefined && isFirst);
  return (
    <a class="shell-link" href={linkTo(siteId, [name])} aria-current={isCurrent ? 'page' : undefined}>
      <Icon name={name} />
      {say(words)}
    </a>
  );
}

/** Who is signed in as both goes from one to the other. */
function OtherRole({ role }: { role: 'site' | 'platform' }) {
  const { site, platform } = sessions.value ?? {};
  if (role === 'site' && platform)
    return (
      <a class="button plain" href={linkTo(undefined)}>
        <Icon name="sites" />
        {say({ it: 'Piattaforma', en: 'Platform' })}
      </a>
    );
  if (role === 'platform' && site)
    return (
      <a class="button plain" href={linkTo(site.siteId)}>
        <Icon name="sites" />
        <bdi>{site.siteId}</bdi>
      </a>
    );
  return null;
}

async function leave(role: 'site' | 'platform'): Promise<void> {
  try {
    await signOut(role);
    goTo('#/');
  } catch (error) {
    announce(wordsOf(error));
  }
}

/** What stands around signing in, and around all that has no shop yet. */
import type { ComponentChildren } from 'preact';
import { useRef } from 'preact/hooks';
import { say } from '../i18n/language.ts';
import { ConnectionBars } from '../shell/bars.tsx';
import { useHeading } from '../shell/heading.ts';
import { Icon } from '../shell/icon.tsx';
import { LanguageSwitch } from '../shell/language-switch.tsx';

export function Gate({ children }: { children: ComponentChildren }) {
  const main = useRef<HTMLElement>(null);
  useHeading(main, say(PRODUCT));
  return (
    <div class="gate">
      <ConnectionBars />
      <header class="gate-header">
        <span class="brand">
          <Icon name="brand" />
          {say(PRODUCT)}
        </span>
        <LanguageSwitch />
      </header>
      <main ref={main} class="gate-content">
        {children}
      </main>
    </div>
  );
}

const PRODUCT = { it: 'Notifiche Telegram', en: 'Telegram notifications' };

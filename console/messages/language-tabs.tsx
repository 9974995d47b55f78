/** A tab for each language of a message (ARIA: tabs with automatic activation). */
import type { ComponentChildren } from 'preact';
import { useRef } from 'preact/hooks';
import { count, say } from '../i18n/language.ts';
import { languageName } from './words.ts';

interface LanguageState {
  tag: string;
  /** How many errors its texts have. */
  errors: number;
  isMissing: boolean;
}

interface LanguageTabsProps {
  languages: readonly LanguageState[];
  shown: string;
  onShow: (tag: string) => void;
  /** What belongs to one language. All are there, so that each keeps what can be undone in it. */
  children: (tag: string) => ComponentChildren;
}

const tabId = (tag: string) => `language-${tag}`;
const panelId = (tag: string) => `language-${tag}-panel`;

export function LanguageTabs({ languages, shown, onShow, children }: LanguageTabsProps) {
  const list = useRef<HTMLDivElement>(null);
  const move = (event: KeyboardEvent) => {
    const index = languages.findIndex(({ tag }) => tag === shown);
    const last = languages.length - 1;
    const wanted = {
      ArrowRight: index === last ? 0 : index + 1,
      ArrowLeft: index === 0 ? last : index - 1,
      Home: 0,
      End: last,
    }[event.key];
    const language = wanted === undefined ? undefined : languages[wanted];
    if (!language) return;
    event.preventDefault();
    onShow(language.tag);
    list.current?.querySelectorAll<HTMLElement>('[role="tab"]')[wanted ?? 0]?.focus();
  };
  return (
    <div>
      <div
        ref={list}
        class="tabs"
        role="tablist"
        aria-label={say({ it: 'Lingue del messaggio', en: 'Languages of the message' })}
      >
        {languages.map((language) => (
          <button
            key={language.tag}
            type="button"
            role="tab"
            class="tab"
            id={tabId(language.tag)}
            aria-selected={language.tag === shown}
            aria-controls={panelId(language.tag)}
            tabIndex={language.tag === shown ? 0 : -1}
            onClick={() => onShow(language.tag)}
            onKeyDown={move}
          >
            {languageName(language.tag)}
            <TabState {...language} />
          </button>
        ))}
      </div>
      {languages.map(({ tag }) => (
        <div
          key={tag}
          role="tabpanel"
          class="tab-panel"
          id={panelId(tag)}
          aria-labelledby={tabId(tag)}
          hidden={tag !== shown}
        >
          {children(tag)}
        </div>
      ))}
    </div>
  );
}

function TabState({ errors, isMissing }: LanguageState) {
  if (errors > 0)
    return (
      <span class="tag bad">
        {count(errors, { it: 'errore', en: 'error' }, { it: 'errori', en: 'errors' })}
      </span>
    );
  if (isMissing) return <span class="tag warning">{say({ it: 'manca', en: 'missing' })}</span>;
  return null;
}

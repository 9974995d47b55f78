/** A chat of Telegram with one message, as a phone shows it. */
import { useState } from 'preact/hooks';
import { language, say } from '../i18n/language.ts';
import { timeZone } from '../i18n/time.ts';
import { announce } from '../ui/announce.tsx';
import type { Preview } from './api.ts';
import { type Drawn, type DrawnElement, drawnText, safeAddress } from './drawn-text.ts';

interface PhoneProps {
  /** The name of the shop's bot. */
  name: string;
  scheme: 'light' | 'dark';
  message: Preview | undefined;
  /** What is shown is not what stands in the text now. */
  isOld: boolean;
}

export function Phone({ name, scheme, message, isOld }: PhoneProps) {
  return (
    <div class="phone" data-scheme={scheme}>
      <div class="phone-bar">
        <span class="phone-avatar" dir="auto" aria-hidden="true">
          {initialsOf(name)}
        </span>
        <span class="phone-who">
          <bdi class="phone-name">{name}</bdi>
          <span class="phone-kind">bot</span>
        </span>
      </div>
      <section
        class={`phone-chat ${isOld ? 'old' : ''}`}
        aria-label={say({ it: 'Chat', en: 'Chat' })}
        // A long message is scrolled with the keyboard too.
        // biome-ignore lint/a11y/noNoninteractiveTabindex: it scrolls.
        tabIndex={0}
      >
        {message && (
          <div class="phone-message">
            <div class="phone-bubble">
              <div class="phone-text" dir="auto" data-testid="preview">
                <Text content={drawnText(message.text, message.entities)} />
              </div>
              <span class="phone-time">{now()}</span>
            </div>
            {[...(message.button ? [message.button] : []), ...(message.moreButtons ?? [])].map(
              (button, index) => (
                <ChatButton key={index} {...button} />
              ),
            )}
          </div>
        )}
      </section>
    </div>
  );
}

type ChatButtonProps = NonNullable<Preview['button']> | NonNullable<Preview['moreButtons']>[number];

function ChatButton(button: ChatButtonProps) {
  const { text } = button;
  if ('copyText' in button)
    return (
      <button
        type="button"
        class="phone-button copies"
        dir="auto"
        onClick={() => void copyCode(button.copyText)}
      >
        {text}
      </button>
    );
  const href = safeAddress(button.url);
  const style = { class: 'phone-button', 'data-style': button.style, dir: 'auto' as const };
  if (href === undefined) return <span {...style}>{text}</span>;
  return (
    <a {...style} href={href} target="_blank" rel="noopener noreferrer">
      {text}
    </a>
  );
}

async function copyCode(code: string): Promise<void> {
  // Where the browser does not allow it, the code is at least read.
  await navigator.clipboard.writeText(code).catch(() => {});
  announce(say({ it: `Sul telefono si copia: ${code}`, en: `On a phone this copies: ${code}` }));
}

function Text({ content }: { content: Drawn[] }) {
  return content.map((drawn, index) =>
    // The parts have no other name than their place; what is folded or hidden in one starts anew where the text changes.
    typeof drawn === 'string' ? drawn : <Element key={`${index} ${drawn.kind}`} {...drawn} />,
  );
}

function Element({ kind, href, content }: DrawnElement) {
  const inside = <Text content={content} />;
  switch (kind) {
    case 'bold':
      return <b>{inside}</b>;
    case 'italic':
      return <i>{inside}</i>;
    case 'underline':
      return <u>{inside}</u>;
    case 'strikethrough':
      return <s>{inside}</s>;
    case 'code':
      return <code>{inside}</code>;
    case 'pre':
      return (
        <pre>
          <code>{inside}</code>
        </pre>
      );
    case 'quotation':
      return <blockquote dir="auto">{inside}</blockquote>;
    case 'folded-quotation':
      return <Folded>{inside}</Folded>;
    case 'spoiler':
      return <Hidden>{inside}</Hidden>;
    case 'link':
      return (
        <a href={href} target="_blank" rel="noopener noreferrer">
          {inside}
        </a>
      );
    case 'plain':
      return <span>{inside}</span>;
  }
}

function Folded({ children }: { children: preact.ComponentChildren }) {
  const [isOpen, setIsOpen] = useState(false);
  return (
    <blockquote class={`folded ${isOpen ? 'open' : ''}`} dir="auto">
      <div class="folded-text">{children}</div>
      <button type="button" class="folded-button" aria-expanded={isOpen} onClick={() => setIsOpen(!isOpen)}>
        {isOpen ? say({ it: 'Mostra meno', en: 'Show less' }) : say({ it: 'Mostra tutto', en: 'Show all' })}
      </button>
    </blockquote>
  );
}

function Hidden({ children }: { children: preact.ComponentChildren }) {
  const [isShown, setIsShown] = useState(false);
  if (isShown) return <span>{children}</span>;
  return (
    <button
      type="button"
      class="phone-spoiler"
      aria-label={say({ it: 'Testo nascosto: mostrare', en: 'Hidden text: show' })}
      onClick={() => setIsShown(true)}
    >
      {children}
    </button>
  );
}

function initialsOf(name: string): string {
  const words = name.split(/\s+/).filter((word) => word !== '');
  const initials = words.slice(0, 2).map((word) => [...word][0]?.toUpperCase() ?? '');
  return initials.join('') || '?';
}

function now(): string {
  const locale = language.value === 'it' ? 'it-IT' : 'en-GB';
  return new Date().toLocaleTimeString(locale, {
    hour: '2-digit',
    minute: '2-digit',
    timeZone: timeZone.value,
  });
}

import type { ComponentChildren } from 'preact';

/** Schemes that may be opened; others, such as `javascript:`, would run here. */
const SCHEMES = ['http:', 'https:', 'tg:'];

/** A link that leads out of the console. An address that can't be opened stays a text. */
export function OutLink({
  href,
  children,
  isButton = false,
}: {
  href: string;
  children: ComponentChildren;
  isButton?: boolean;
}) {
  const url = URL.canParse(href) ? new URL(href) : null;
  if (!url || !SCHEMES.includes(url.protocol)) return <span dir="auto">{children}</span>;
  return (
    <a class={isButton ? 'button' : undefined} href={url.href} target="_blank" rel="noopener noreferrer">
      {children}
    </a>
  );
}

import type { ComponentChildren } from 'preact';

interface BannerProps {
  children: ComponentChildren;
  kind?: 'good' | 'warning' | 'bad';
  /** It came up because of something that the person did: it is read out at once. */
  isAlert?: boolean;
}

export function Banner({ children, kind, isAlert = false }: BannerProps) {
  return (
    <div class={`banner ${kind ?? ''}`} role={isAlert ? 'alert' : undefined}>
      {children}
    </div>
  );
}

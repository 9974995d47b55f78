import type { ComponentChildren } from 'preact';

interface ButtonProps {
  children: ComponentChildren;
  kind?: 'primary' | 'danger' | 'plain';
  type?: 'button' | 'submit';
  /** What was asked for is under way: pressing it again does nothing. It keeps the focus. */
  isBusy?: boolean;
  /** What it says then. It is as wide as before: no other button comes under the finger. */
  busyWords?: string;
  /** Where the words alone don't say what it is for. */
  label?: string;
  expanded?: boolean;
  controls?: string;
  onClick?: (event: MouseEvent) => void;
}

export function Button({
  children,
  kind,
  type = 'button',
  isBusy = false,
  busyWords,
  label,
  expanded,
  controls,
  onClick,
}: ButtonProps) {
  return (
    <button
      type={type}
      class={`button ${kind ?? ''}`}
      aria-label={label}
      aria-disabled={isBusy || undefined}
      aria-expanded={expanded}
      aria-controls={controls}
      onClick={(event) => {
        if (isBusy) event.preventDefault();
        else onClick?.(event);
      }}
    >
      {busyWords === undefined ? (
        children
      ) : (
        <span class="either">
          <span class={isBusy ? 'kept-place' : undefined}>{children}</span>
          <span class={isBusy ? undefined : 'kept-place'}>{busyWords}</span>
        </span>
      )}
    </button>
  );
}

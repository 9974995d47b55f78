/** A dialog of the browser's own: it keeps the focus inside, Escape closes it, and the focus goes back afterwards. */
import type { ComponentChildren } from 'preact';
import { useEffect, useId, useRef } from 'preact/hooks';

interface DialogProps {
  title: string;
  children: ComponentChildren;
  onClose: () => void;
  /** It comes by itself: the keys that somebody is pressing go into none of its fields. */
  isUnasked?: boolean;
}

export function Dialog({ title, children, onClose, isUnasked = false }: DialogProps) {
  const dialog = useRef<HTMLDialogElement>(null);
  const id = useId();
  useEffect(() => {
    const opener = document.activeElement;
    dialog.current?.showModal();
    if (isUnasked) dialog.current?.focus();
    // Going back closes it too, where the screen stays the same. A link that signs in leaves the address as it was.
    const move = ({ oldURL }: HashChangeEvent) => {
      if (!isUnasked && location.href !== oldURL) dialog.current?.close();
    };
    addEventListener('hashchange', move);
    return () => {
      removeEventListener('hashchange', move);
      if (opener instanceof HTMLElement && opener.isConnected) opener.focus();
    };
  }, []);
  return (
    <dialog
      ref={dialog}
      class="dialog"
      aria-labelledby={id}
      tabIndex={isUnasked ? -1 : undefined}
      onClose={onClose}
    >
      <div class="dialog-content">
        <h2 id={id}>{title}</h2>
        {children}
      </div>
    </dialog>
  );
}

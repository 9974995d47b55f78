/** Data of a screen: loaded when it opens, and again on demand. */

import { useCallback, useEffect, useRef, useState } from 'preact/hooks';
import { isOffline } from '../api/request.ts';
import { signIns } from '../session.ts';

export interface Loaded<Value> {
  /** The last that was read: it stays while it is read again. */
  value: Value | undefined;
  error: unknown;
  isLoading: boolean;
  reload: () => void;
  /** Puts what a change has answered in the place of what was read. */
  replace: (value: Value) => void;
}

/**
 * @param read gets a signal that ends where the screen closes, or reads something else.
 * @param of what is read depends on these, as in `useEffect`.
 */
export function useLoaded<Value>(
  read: (signal: AbortSignal) => Promise<Value>,
  of: readonly unknown[],
): Loaded<Value> {
  const [state, setState] = useState<{ value?: Value; error?: unknown; isLoading: boolean }>({
    isLoading: true,
  });
  const [turn, setTurn] = useState(0);
  const readBefore = useRef<readonly unknown[]>(of);
  useEffect(() => {
    const abort = new AbortController();
    // Of something else nothing is known yet.
    const isSame = of.every((each, index) => each === readBefore.current[index]);
    readBefore.current = of;
    setState(({ value }) => ({ ...(isSame && value !== undefined && { value }), isLoading: true }));
    read(abort.signal).then(
      (value) => {
        if (!abort.signal.aborted) setState({ value, isLoading: false });
      },
      (error: unknown) => {
        if (!abort.signal.aborted)
          setState(({ value }) => ({ ...(value !== undefined && { value }), error, isLoading: false }));
      },
    );
    return () => abort.abort();
  }, [...of, turn]);
  const reload = useCallback(() => setTurn((now) => now + 1), []);
  // What could not be read for want of a session, or of a connection, is read as soon as there is one.
  useEffect(() => {
    if (state.error !== undefined && !isOffline.value) reload();
  }, [signIns.value, isOffline.value]);
  const replace = useCallback((value: Value) => setState({ value, isLoading: false }), []);
  return { value: state.value, error: state.error, isLoading: state.isLoading, reload, replace };
}

/** Something that a button does: whether it is under way, and how it failed. */
import { useEffect, useState } from 'preact/hooks';
import { Problem } from '../api/request.ts';
import { signIns } from '../session.ts';

export interface Action {
  isBusy: boolean;
  error: unknown;
  /** Does nothing while it is under way. What is thrown becomes `error`. */
  run: (work: () => Promise<void>) => Promise<void>;
  /** Takes the error away, or says another one. */
  fail: (error: unknown) => void;
}

export function useAction(): Action {
  const [state, setState] = useState<{ isBusy: boolean; error?: unknown }>({ isBusy: false });
  useSignedInAgain(state.error, () => setState({ isBusy: false }));
  return {
    isBusy: state.isBusy,
    error: state.error,
    async run(work) {
      if (state.isBusy) return;
      setState({ isBusy: true });
      try {
        await work();
        setState({ isBusy: false });
      } catch (error) {
        setState({ isBusy: false, error });
      }
    },
    fail: (error) => setState({ isBusy: false, error }),
  };
}

/** @param forget called where the error was that there was no session, and there is one now. */
export function useSignedInAgain(error: unknown, forget: () => void): void {
  useEffect(() => {
    if (error instanceof Problem && error.code === 'session-ended') forget();
  }, [signIns.value]);
}

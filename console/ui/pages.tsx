/** Long lists: a page at a time, and never more than was asked for. */
import { useEffect, useRef, useState } from 'preact/hooks';
import { say } from '../i18n/language.ts';
import { Button } from './button.tsx';
import { Failure } from './failure.tsx';
import { Waiting } from './waiting.tsx';

export interface Page {
  rows: readonly unknown[];
  cursor?: string | undefined;
}

export interface Pages<Read extends Page> {
  rows: Read['rows'];
  /** The first page, with what else it says; `undefined` until there is one. */
  first: Read | undefined;
  hasMore: boolean;
  error: unknown;
  isLoading: boolean;
  /** What is shown is what was asked for before. */
  isOutdated: boolean;
  more: () => void;
  reload: () => void;
}

interface State<Read extends Page> {
  rows: Read['rows'];
  first?: Read;
  cursor?: string | undefined;
  error?: unknown;
  isLoading: boolean;
  isOutdated: boolean;
}

/** A page of a filtered list may be empty while there are more: so many are read at once before the person is asked. */
const MOST_EMPTY = 20;

/**
 * What was read stays while something else is asked for, so that the list does not flicker under a person who types; the
 * newest question wins.
 *
 * @param read a page: the first one without a cursor.
 * @param of what is read depends on these, as in `useEffect`.
 */
export function usePages<Read extends Page>(
  read: (cursor: string | undefined, signal: AbortSignal) => Promise<Read>,
  of: readonly unknown[],
): Pages<Read> {
  const [state, setState] = useState<State<Read>>({ rows: [], isLoading: true, isOutdated: false });
  const [turn, setTurn] = useState(0);
  const abort = useRef<AbortController | undefined>(undefined);

  const load = (cursor: string | undefined, before: Read['rows']) => {
    abort.current?.abort();
    const controller = new AbortController();
    abort.current = controller;
    const { signal } = controller;
    setState((now) => ({ ...now, error: undefined, isLoading: true, isOutdated: cursor === undefined }));
    readOn(read, cursor, signal).then(
      (page) => {
        if (signal.aborted) return;
        setState((now) => ({
          rows: [...before, ...page.rows],
          first: cursor === undefined || now.first === undefined ? page : now.first,
          cursor: page.cursor,
          isLoading: false,
          isOutdated: false,
        }));
      },
      (error: unknown) => {
        if (!signal.aborted) setState((now) => ({ ...now, error, isLoading: false }));
      },
    );
  };

  useEffect(() => {
    load(undefined, []);
    return () => abort.current?.abort();
  }, [...of, turn]);

  return {
    rows: state.rows,
    first: state.first,
    hasMore: state.cursor !== undefined,
    error: state.error,
    isLoading: state.isLoading,
    isOutdated: state.isOutdated,
    more: () => load(state.cursor, state.rows),
    reload: () => setTurn((now) => now + 1),
  };
}

async function readOn<Read extends Page>(
  read: (cursor: string | undefined, signal: AbortSignal) => Promise<Read>,
  from: string | undefined,
  signal: AbortSignal,
): Promise<Read> {
  const first = await read(from, signal);
  let page = first;
  for (let empty = 1; page.rows.length === 0 && page.cursor !== undefined && empty < MOST_EMPTY; empty += 1)
    page = await read(page.cursor, signal);
  return { ...first, rows: page.rows, cursor: page.cursor };
}

/** Said to screen readers, once something was read. */
export function Found({ pages: { isLoading, error }, words }: { pages: Pages<Page>; words: string }) {
  return (
    <p class="visually-hidden" role="status">
      {isLoading || error !== undefined ? '' : words}
    </p>
  );
}

interface MoreProps {
  pages: Pages<Page>;
}

/** Below a list: what went wrong, that it is loading, or the way to the next page. */
export function More({ pages: { rows, hasMore, error, isLoading, more, reload } }: MoreProps) {
  if (error !== undefined)
    return <Failure error={error} onRetry={rows.length > 0 && hasMore ? more : reload} />;
  if (isLoading && rows.length === 0) return <Waiting />;
  if (!hasMore) return null;
  return (
    <div class="buttons">
      <Button isBusy={isLoading} onClick={more}>
        {isLoading
          ? say({ it: 'Un momento…', en: 'One moment…' })
          : say({ it: 'Mostra altro', en: 'Show more' })}
      </Button>
    </div>
  );
}

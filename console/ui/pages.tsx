/** Long lists: a page at a time, and never more than was asked for. */
import { useEffect, useLayoutEffect, useRef, useState } from 'preact/hooks';
import { say } from '../i18n/language.ts';
import { Button } from './button.tsx';
import { Failure } from './failure.tsx';
import { Waiting } from './waiting.tsx';
import { goBackInto, leaveList, leftList, markList } from './way-back.tsx';

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
 * newest question wins. Whoever comes back to the list finds it as it was, while as much of it is read again.
 *
 * @param read a page: the first one without a cursor.
 * @param of what is read depends on these, as in `useEffect`.
 */
export function usePages<Read extends Page>(
  read: (cursor: string | undefined, signal: AbortSignal) => Promise<Read>,
  of: readonly unknown[],
): Pages<Read> {
  const [left] = useState(leftList);
  const [state, setState] = useState<State<Read>>(() => ({
    rows: [],
    // What stands under the address of a list is what it had read.
    ...(left?.read as State<Read> | undefined),
    ...{ isLoading: true, isOutdated: left !== undefined },
  }));
  const [turn, setTurn] = useState(0);
  const latest = useRef(state);
  latest.current = state;
  const abort = useRef<AbortController | undefined>(undefined);

  /** @param atLeast so many rows, if there are as many. */
  const load = (cursor: string | undefined, before: Read['rows'], atLeast = 1) => {
    abort.current?.abort();
    const controller = new AbortController();
    abort.current = controller;
    const { signal } = controller;
    setState((now) => ({ ...now, error: undefined, isLoading: true, isOutdated: cursor === undefined }));
    readOn(read, cursor, signal, atLeast).then(
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

  /** What the last reading of the first page was of. */
  const readOf = useRef<readonly unknown[]>(left ? of : []);
  useEffect(() => {
    const isSame = of.every((each, index) => each === readOf.current[index]);
    readOf.current = of;
    load(undefined, [], isSame ? latest.current.rows.length : 1);
    return () => abort.current?.abort();
  }, [...of, turn]);
  usePlace(left, latest);

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
  atLeast: number,
): Promise<Read> {
  const first = await read(from, signal);
  const rows = [...first.rows];
  let { cursor } = first;
  for (let empty = rows.length === 0 ? 1 : 0; rows.length < atLeast && cursor !== undefined; ) {
    const page = await read(cursor, signal);
    rows.push(...page.rows);
    ({ cursor } = page);
    empty = page.rows.length === 0 ? empty + 1 : 0;
    if (empty === MOST_EMPTY) break;
  }
  return { ...first, rows, cursor };
}

/** Goes to where the list was left, and remembers where it is left. */
function usePlace(left: ReturnType<typeof leftList>, latest: { current: State<Page> }): void {
  const list = useRef<string>(undefined);
  const scrolled = useRef(0);
  useEffect(() => {
    list.current = markList();
  }, [location.hash]);
  useLayoutEffect(() => {
    if (left) goBackInto(left);
    // When the list is taken away, the page may be scrolled already.
    const note = () => {
      scrolled.current = scrollY;
    };
    note();
    addEventListener('scroll', note);
    return () => {
      removeEventListener('scroll', note);
      const { rows, first, cursor } = latest.current;
      if (list.current !== undefined && rows.length > 0)
        leaveList(list.current, { read: { rows, first, cursor }, scrolled: scrolled.current });
    };
  }, []);
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
      <Button isBusy={isLoading} busyWords={say({ it: 'Un momento…', en: 'One moment…' })} onClick={more}>
        {say({ it: 'Mostra altro', en: 'Show more' })}
      </Button>
    </div>
  );
}

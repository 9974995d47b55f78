/** What changed from one text to another, word by word. */

export interface Change {
  text: string;
  kind: 'same' | 'added' | 'removed';
}

/** Comparing takes time with the product of the lengths: beyond it a text counts as written anew. */
const MAX_CELLS = 2_000_000;

export function wordChanges(before: string, after: string): Change[] {
  const old = wordsOf(before);
  const now = wordsOf(after);
  let start = 0;
  while (start < old.length && start < now.length && old[start] === now[start]) start += 1;
  let end = 0;
  const shorter = Math.min(old.length, now.length) - start;
  while (end < shorter && old[old.length - 1 - end] === now[now.length - 1 - end]) end += 1;
  return joined([
    ...same(now.slice(0, start)),
    ...middle(old.slice(start, old.length - end), now.slice(start, now.length - end)),
    ...same(now.slice(now.length - end)),
  ]);
}

function wordsOf(text: string): string[] {
  return text.match(/[\p{L}\p{N}]+|\s+|[^\p{L}\p{N}\s]/gu) ?? [];
}

function same(words: string[]): Change[] {
  return words.map((text) => ({ text, kind: 'same' }));
}

/** By the longest common subsequence. */
function middle(old: string[], now: string[]): Change[] {
  if (old.length * now.length > MAX_CELLS) {
    return [
      { text: old.join(''), kind: 'removed' },
      { text: now.join(''), kind: 'added' },
    ];
  }
  const width = now.length + 1;
  const lengths = new Uint32Array((old.length + 1) * width);
  const at = (row: number, column: number) => lengths[row * width + column] ?? 0;
  for (let row = old.length - 1; row >= 0; row -= 1) {
    for (let column = now.length - 1; column >= 0; column -= 1) {
      lengths[row * width + column] =
        old[row] === now[column]
          ? at(row + 1, column + 1) + 1
          : Math.max(at(row + 1, column), at(row, column + 1));
    }
  }
  const changes: Change[] = [];
  let row = 0;
  let column = 0;
  while (row < old.length || column < now.length) {
    const removed = old[row];
    const added = now[column];
    if (removed !== undefined && removed === added) {
      changes.push({ text: removed, kind: 'same' });
      row += 1;
      column += 1;
    } else if (removed !== undefined && (added === undefined || at(row + 1, column) >= at(row, column + 1))) {
      changes.push({ text: removed, kind: 'removed' });
      row += 1;
    } else {
      changes.push({ text: added ?? '', kind: 'added' });
      column += 1;
    }
  }
  return changes;
}

/**
 * Neighbours of one kind as one, and what was removed before what was added. A blank or a comma that happens to be the same
 * between two changes belongs to them: single words in turn are hard to read.
 */
function joined(changes: Change[]): Change[] {
  const result: Change[] = [];
  let removed = '';
  let added = '';
  const end = () => {
    if (removed !== '') result.push({ text: removed, kind: 'removed' });
    if (added !== '') result.push({ text: added, kind: 'added' });
    removed = '';
    added = '';
  };
  changes.forEach(({ text, kind }, index) => {
    const isBetween =
      (removed !== '' || added !== '') && changes[index + 1] && changes[index + 1]?.kind !== 'same';
    if (kind === 'removed') removed += text;
    else if (kind === 'added') added += text;
    else if (isBetween && !/[\p{L}\p{N}\n]/u.test(text)) {
      removed += text;
      added += text;
    } else {
      const last = result.at(-1);
      const isGoingOn = removed === '' && added === '' && last?.kind === 'same';
      end();
      if (isGoingOn && last) last.text += text;
      else result.push({ text, kind });
    }
  });
  end();
  return result;
}

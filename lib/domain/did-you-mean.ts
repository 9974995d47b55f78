/**
 * The candidate that is most similar to a word: the one with the fewest letters to change (Levenshtein distance), without
 * regard to case, accents and spaces. `undefined` if none is similar.
 *
 * @param share how many of its letters may be wrong: one in two of them.
 */
export function nearest<Candidate extends string>(
  word: string,
  candidates: readonly Candidate[],
  share = 2,
): Candidate | undefined {
  const wanted = plainLetters(word).slice(0, 64);
  let best: { candidate: Candidate; distance: number } | undefined;
  for (const candidate of candidates) {
    const letters = plainLetters(candidate);
    const distance = letterDistance(wanted, letters);
    const isSimilar = distance <= letters.length / share || (wanted.length > 3 && letters.startsWith(wanted));
    if (isSimilar && distance < (best?.distance ?? Number.POSITIVE_INFINITY)) best = { candidate, distance };
  }
  return best?.candidate;
}

/** The letters and digits of a word, small and without accents. */
export function plainLetters(word: string): string {
  return word
    .normalize('NFD')
    .replace(/[^\p{L}\p{N}]/gu, '')
    .toLowerCase();
}

function letterDistance(from: string, to: string): number {
  let previous = Array.from({ length: to.length + 1 }, (_, index) => index);
  for (let row = 1; row <= from.length; row++) {
    const current = [row];
    for (let column = 1; column <= to.length; column++) {
      const change = (previous[column - 1] ?? 0) + (from[row - 1] === to[column - 1] ? 0 : 1);
      const insert = (current[column - 1] ?? 0) + 1;
      const remove = (previous[column] ?? 0) + 1;
      current.push(Math.min(change, insert, remove));
    }
    previous = current;
  }
  return previous[to.length] ?? 0;
}

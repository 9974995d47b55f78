const FIRST_SECONDS = 2;
const LONGEST_SECONDS = 900;

/**
 * How long to wait before the next attempt, in whole seconds: 2, 4, 8 … up to 900, of which a random half is taken off,
 * so that what failed together does not come back together.
 *
 * @param failures how often it has failed so far, from 1.
 */
export function backoffSeconds(failures: number, random: () => number = Math.random): number {
  const longest = Math.min(FIRST_SECONDS * 2 ** (failures - 1), LONGEST_SECONDS);
  return Math.max(1, Math.ceil(longest * (1 - random() / 2)));
}

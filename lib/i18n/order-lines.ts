/** The lines of an order, in words. */
import { formatCount, formatMoney, type Money } from './format.ts';
import { isSpoken, type SpokenLanguage, spokenLanguage } from './languages.ts';

export interface OrderLine {
  name: string;
  /** May be a fraction: kilos, metres. */
  quantity: number;
  total?: Money | undefined;
}

/** Those that are not named. */
const OTHERS: Record<SpokenLanguage, (count: number, written: string) => string> = {
  it: (count, written) => (count === 1 ? 'e un altro articolo' : `e altri ${written} articoli`),
  en: (count, written) => (count === 1 ? 'and one more item' : `and ${written} more items`),
};

/**
 * The lines in a line each: `• 2,5 × Tela cerata: 29,90 €`.
 *
 * @param left how many more there are. Where we have no words, `+57`.
 */
export function listOfLines(lines: OrderLine[], left: number, languageTag: string): string {
  const named = lines.map(({ name, quantity, total }) => {
    const line = `• ${formatCount(quantity, languageTag)} × ${name}`;
    return total ? `${line}: ${formatMoney(total, languageTag)}` : line;
  });
  if (left === 0) return named.join('\n');
  const written = formatCount(left, languageTag);
  const others = isSpoken(languageTag) ? OTHERS[spokenLanguage(languageTag)](left, written) : `+${written}`;
  return [...named, others].join('\n');
}

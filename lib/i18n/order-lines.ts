/** The lines of an order, in words. */
import type { OrderTable } from '../domain/order-table.ts';
import { formatCount, formatMoney, type Money } from './format.ts';
import { isSpoken, type SpokenLanguage, spokenLanguage } from './languages.ts';

export interface OrderLine {
  name: string;
  /** May be a fraction: kilos, metres. */
  quantity: number;
  total?: Money | undefined;
  imageUrl?: string | undefined;
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
  return left === 0 ? named.join('\n') : [...named, othersOf(left, languageTag)].join('\n');
}

function othersOf(left: number, languageTag: string): string {
  const written = formatCount(left, languageTag);
  return isSpoken(languageTag) ? OTHERS[spokenLanguage(languageTag)](left, written) : `+${written}`;
}

const TOTAL: Record<SpokenLanguage, string> = { it: 'Totale', en: 'Total' };

/** More rows than this have no room in a message that people want to read. */
const MOST_ROWS = 30;
/** More pictures than this are not looked at; Telegram takes 50. */
const MOST_PICTURES = 10;

/** The lines as a table. @param total of the order. */
export function tableOfLines(lines: OrderLine[], total: Money | undefined, languageTag: string): OrderTable {
  const shown = lines.slice(0, MOST_ROWS);
  const left = lines.length - shown.length;
  const pictures = new Set(lines.flatMap(({ imageUrl }) => imageUrl ?? []));
  return {
    rows: shown.map(({ name, quantity, total: amount }) => ({
      item: `${formatCount(quantity, languageTag)} × ${name}`,
      ...(amount && { amount: formatMoney(amount, languageTag) }),
    })),
    ...(left > 0 && { others: othersOf(left, languageTag) }),
    ...(total && {
      sum: { item: TOTAL[spokenLanguage(languageTag)], amount: formatMoney(total, languageTag) },
    }),
    pictures: [...pictures].slice(0, MOST_PICTURES),
  };
}

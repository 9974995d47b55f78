import type { OrderTable } from '../domain/order-table.ts';
import type { Money } from '../i18n/format.ts';
import type { PlaceholderKey } from './placeholders.ts';

/** What an event lists, such as files: the values that name its entries, as people read them. */
export interface Listed {
  readonly count: number;
  /** @param shown how many of them are named; the others are counted. */
  valuesIn(languageTag: string, shown?: number): Partial<Record<PlaceholderKey, string>>;
  /** The entries as a table; absent where they are no articles. @param total of all of them. */
  tableIn?(languageTag: string, total: Money | undefined): OrderTable;
}

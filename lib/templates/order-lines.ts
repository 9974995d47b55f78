import type { OrderTable } from '../domain/order-table.ts';
import type { Money } from '../i18n/format.ts';
import { listOfLines, type OrderLine, tableOfLines } from '../i18n/order-lines.ts';
import { shownName } from '../telegram/text/name.ts';
import type { Listed } from './listed.ts';

/** Each on a line of its own: no name forges the next one. */
function onOneLine(line: OrderLine): OrderLine {
  return { ...line, name: shownName(line.name) };
}

/** The lines of an order. They are written only for a text that lists them. */
export class ListedLines implements Listed {
  readonly count: number;
  readonly #lines: OrderLine[];

  constructor(lines: OrderLine[]) {
    this.count = lines.length;
    this.#lines = lines;
  }

  valuesIn(languageTag: string, shown = this.count): { readonly elencoArticoli: string } {
    const lines = this.#lines;
    return {
      get elencoArticoli() {
        const named = lines.slice(0, shown).map(onOneLine);
        return listOfLines(named, lines.length - named.length, languageTag);
      },
    };
  }

  tableIn(languageTag: string, total: Money | undefined): OrderTable {
    return tableOfLines(this.#lines.map(onOneLine), total, languageTag);
  }
}

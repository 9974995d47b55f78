import { listOfLines, type OrderLine } from '../i18n/order-lines.ts';
import { shownName } from '../telegram/text/name.ts';
import type { Listed } from './listed.ts';

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
        // Each on a line of its own: no name forges the next one.
        const named = lines.slice(0, shown).map((line) => ({ ...line, name: shownName(line.name) }));
        return listOfLines(named, lines.length - named.length, languageTag);
      },
    };
  }
}

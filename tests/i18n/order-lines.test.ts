/** The lines of an order in words (docs/templates.md, "Placeholders"). */
import { expect, test } from '@jest/globals';
import { listOfLines, type OrderLine } from '../../lib/i18n/order-lines.ts';

const lines: OrderLine[] = [
  { name: 'Tenda da sole', quantity: 1, total: { amount: '1119.90', currency: 'EUR' } },
  { name: 'Tela cerata', quantity: 2.5, total: { amount: '30', currency: 'EUR' } },
  { name: 'Catalogo', quantity: 1200 },
];

test('a line each, numbers and amounts as in the language', () => {
  expect(listOfLines(lines, 0, 'it')).toBe(
    '• 1 × Tenda da sole: 1.119,90\u00a0€\n• 2,5 × Tela cerata: 30,00\u00a0€\n• 1.200 × Catalogo',
  );
  expect(listOfLines(lines, 0, 'en')).toBe(
    '• 1 × Tenda da sole: €1,119.90\n• 2.5 × Tela cerata: €30.00\n• 1,200 × Catalogo',
  );
});

test('some of them, and how many more', () => {
  const left = (count: number, language: string) => listOfLines(lines, count, language).split('\n').slice(3);
  expect(left(7, 'it')).toEqual(['e altri 7 articoli']);
  expect(left(1, 'it-CH')).toEqual(['e un altro articolo']);
  expect(left(7, 'en-GB')).toEqual(['and 7 more items']);
  expect(left(1, 'en')).toEqual(['and one more item']);
  expect(left(7, 'de')).toEqual(['+7']);
  expect(left(0, 'it')).toEqual([]);
});

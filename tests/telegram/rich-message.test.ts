/** Rich messages as blocks: https://core.telegram.org/bots/api#inputrichmessage (Bot API 10.2). */
import { describe, expect, test } from '@jest/globals';
import type { OrderTable } from '../../lib/domain/order-table.ts';
import { richMessage } from '../../lib/telegram/rich-message.ts';

const empty: OrderTable = { rows: [], pictures: [] };
const blocksOf = (text: string, table: Partial<OrderTable> = {}) =>
  richMessage({ text, table: { ...empty, ...table } })?.blocks ?? [];
/** Those of the text: the table is the last one. */
const texts = (text: string) => blocksOf(text).slice(0, -1);

describe('a text', () => {
  test('is a paragraph for each line', () => {
    expect(texts('Ciao &amp; grazie\n\nOrdine pronto')).toEqual([
      { type: 'paragraph', text: 'Ciao & grazie' },
      { type: 'paragraph', text: 'Ordine pronto' },
    ]);
  });

  test('keeps its formatting, nested and over several lines', () => {
    expect(texts('Il <b>tuo <i>ordine</i></b>: <a href="https://shop.example/1">vedi</a>')).toEqual([
      {
        type: 'paragraph',
        text: [
          'Il ',
          { type: 'bold', text: ['tuo ', { type: 'italic', text: 'ordine' }] },
          ': ',
          { type: 'url', text: 'vedi', url: 'https://shop.example/1' },
        ],
      },
    ]);
    expect(texts('<b>uno\ndue</b> tre')).toEqual([
      { type: 'paragraph', text: { type: 'bold', text: 'uno' } },
      { type: 'paragraph', text: [{ type: 'bold', text: 'due' }, ' tre'] },
    ]);
  });

  test('has quotations and code as blocks of their own', () => {
    expect(
      texts(
        'prima<blockquote>a\n<b>b</b></blockquote>\n<pre>x\ny</pre><blockquote expandable>z</blockquote>',
      ),
    ).toEqual([
      { type: 'paragraph', text: 'prima' },
      {
        type: 'blockquote',
        blocks: [
          { type: 'paragraph', text: 'a' },
          { type: 'paragraph', text: { type: 'bold', text: 'b' } },
        ],
      },
      { type: 'pre', text: 'x\ny' },
      { type: 'expandable_blockquote', text: 'z' },
    ]);
  });

  test('that is not Telegram’s HTML makes none', () => {
    expect(richMessage({ text: '<b>x', table: empty })).toBeUndefined();
  });
});

describe('the articles', () => {
  const cell = (text: unknown, align: string) => ({ text, align, valign: 'top' });

  test('are a table, with how many more there are and the total', () => {
    const rows = [{ item: '2 × Staffa', amount: '30,00 €' }, { item: '1 × Tela' }];
    const sum = { item: 'Totale', amount: '149,90 €' };
    expect(blocksOf('x', { rows, others: 'e altri 3 articoli', sum }).at(-1)).toEqual({
      type: 'table',
      is_striped: true,
      cells: [
        [cell('2 × Staffa', 'left'), cell('30,00 €', 'right')],
        [cell('1 × Tela', 'left'), cell('', 'right')],
        [cell('e altri 3 articoli', 'left'), cell('', 'right')],
        [cell({ type: 'bold', text: 'Totale' }, 'left'), cell({ type: 'bold', text: '149,90 €' }, 'right')],
      ],
    });
  });

  test('have their pictures above: one, or several to leaf through', () => {
    const photo = (media: string) => ({ type: 'photo', photo: { type: 'photo', media } });
    const [one, two] = ['https://shop.example/1.jpg', 'https://shop.example/2.jpg'];
    expect(blocksOf('x', { pictures: [one] })[1]).toEqual(photo(one));
    expect(blocksOf('x', { pictures: [one, two] })[1]).toEqual({
      type: 'slideshow',
      blocks: [photo(one), photo(two)],
    });
  });

  test('lead to no strangers', () => {
    const [row] = (
      blocksOf('x', { rows: [{ item: '1 × listino.zip' }] }).at(-1) as { cells: { text: string }[][] }
    ).cells;
    expect(row?.[0]?.text).not.toContain('listino.zip');
    expect(row?.[0]?.text.replaceAll('\u2060', '')).toBe('1 × listino.zip');
  });
});

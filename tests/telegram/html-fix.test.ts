/** Which entities can be together, and how styles are merged and cut (`fix_entities` of tdlib). */
import { describe, expect, test } from '@jest/globals';
import { fixEntities } from '../../lib/telegram/html/fix.ts';
import { type MessageEntity, normalizeText, parseHtml } from '../../lib/telegram/html/index.ts';

const LINK = 'href="https://shop.example/"';

/** The entities of a message, each as its type and its place. */
function entitiesOf(html: string): string[] {
  const { entities } = normalizeText(parseHtml(html));
  return entities.map(({ type, offset, length }) => `${type} ${offset}-${offset + length}`);
}

test('nothing is made of nothing', () => {
  expect(fixEntities([])).toStrictEqual([]);
});

describe('quotes', () => {
  test.each([
    ['<blockquote expandable>a<blockquote>b</blockquote></blockquote>', ['expandable_blockquote 0-2']],
    ['<blockquote>a<blockquote expandable>b</blockquote></blockquote>', ['blockquote 0-2']],
  ])('do not nest: %s', (html, expected) => {
    expect(entitiesOf(html)).toEqual(expected);
  });

  test.each([
    ['right after one', `<blockquote>a</blockquote><a ${LINK}>b</a>`, ['blockquote 0-1', 'text_link 1-2']],
    ['right before one', `<a ${LINK}>a</a><blockquote>b</blockquote>`, ['text_link 0-1', 'blockquote 1-2']],
    ['before one', `<a ${LINK}>a</a>b<blockquote>c</blockquote>`, ['text_link 0-1', 'blockquote 2-3']],
    ['as long as one', `<blockquote><a ${LINK}>a</a></blockquote>`, ['blockquote 0-1', 'text_link 0-1']],
    ['in one', `<blockquote>a<a ${LINK}>b</a>c</blockquote>`, ['blockquote 0-3', 'text_link 1-2']],
    [
      'after two',
      `<blockquote>a</blockquote>b<blockquote>c</blockquote>d<a ${LINK}>e</a>`,
      ['blockquote 0-1', 'blockquote 2-3', 'text_link 4-5'],
    ],
  ])('a link %s stays', (_what, html, expected) => {
    expect(entitiesOf(html)).toEqual(expected);
  });

  test.each([
    ['that ends in one', `<a ${LINK}>a<blockquote>b</blockquote></a>`, ['blockquote 1-2']],
    ['that begins with one and goes on', `<a ${LINK}><blockquote>a</blockquote>b</a>`, ['blockquote 0-1']],
    ['around one', `<a ${LINK}>a<blockquote>b</blockquote>c</a>`, ['blockquote 1-2']],
    [
      'around the second of two',
      `<blockquote>a</blockquote>b<a ${LINK}>c<blockquote>d</blockquote></a>`,
      ['blockquote 0-1', 'blockquote 3-4'],
    ],
  ])('a link %s goes', (_what, html, expected) => {
    expect(entitiesOf(html)).toEqual(expected);
  });
});

describe('styles', () => {
  test.each([
    ['<code>a<b>b</b></code>', ['code 0-2']],
    ['<pre>a<i>b</i></pre>', ['pre 0-2']],
    ['<tg-time unix="1"><b>a</b></tg-time>', ['date_time 0-1']],
    ['<b><tg-time unix="1">a</tg-time><tg-time unix="2">b</tg-time></b>', ['date_time 0-1', 'date_time 1-2']],
  ])('are nothing in code and in a date: %s', (html, expected) => {
    expect(entitiesOf(html)).toEqual(expected);
  });

  test.each([
    ['in a link', `<a ${LINK}>a<b>b</b></a>`, ['text_link 0-2', 'bold 1-2']],
    [
      'around a link in a quote',
      `<blockquote><b>aaa<a ${LINK}>bbb</a>cccc</b></blockquote>`,
      ['blockquote 0-10', 'bold 0-3', 'text_link 3-6', 'bold 3-6', 'bold 6-10'],
    ],
    [
      'over the end of a quote',
      `<u><blockquote>a<a ${LINK}>b</a>c</blockquote>d<a ${LINK}>e</a></u>`,
      [
        ...['blockquote 0-3', 'underline 0-1', 'text_link 1-2', 'underline 1-2', 'underline 2-3'],
        ...['underline 3-4', 'text_link 4-5', 'underline 4-5'],
      ],
    ],
    [
      'of which another comes later',
      `<b>a<a ${LINK}>b</a>c</b>d<b>e</b>`,
      ['bold 0-1', 'text_link 1-2', 'bold 1-2', 'bold 2-3', 'bold 4-5'],
    ],
    [
      'where code in a link is none',
      `<b>a<a ${LINK}>b<code>c</code></a></b>`,
      ['bold 0-1', 'text_link 1-3', 'bold 1-3'],
    ],
    [
      'where a link in a link is none',
      `<b>a<a ${LINK}>b<a ${LINK}>c</a></a></b>`,
      ['bold 0-1', 'text_link 1-3', 'bold 1-3'],
    ],
  ])('are cut where something else begins or ends: %s', (_what, html, expected) => {
    expect(entitiesOf(html)).toEqual(expected);
  });

  test('that touch are one', () => {
    expect(entitiesOf('<b>a</b><b>b</b>c<b>d</b>')).toEqual(['bold 0-2', 'bold 3-4']);
    expect(entitiesOf('<b>a<b>b</b>c</b>')).toEqual(['bold 0-3']);
  });

  test('no piece is empty', () => {
    const at = (type: MessageEntity['type'], offset: number, length: number) =>
      ({
        type,
        offset,
        length,
        ...(type === 'text_link' && { url: 'https://shop.example/' }),
      }) as MessageEntity;
    const entities = [
      ...[at('blockquote', 0, 3), at('text_link', 1, 2), at('bold', 0, 5), at('bold', 7, 1)],
      ...[at('text_link', 6, 1), at('bold', 9, 1)],
    ];
    expect(fixEntities(entities).filter(({ type }) => type === 'bold')).toStrictEqual([
      ...[at('bold', 0, 1), at('bold', 1, 2), at('bold', 3, 2), at('bold', 7, 1), at('bold', 9, 1)],
    ]);
  });
});

test('a text with nothing to see has no entities', () => {
  expect(normalizeText(parseHtml('<b> </b>'))).toStrictEqual({ text: '', entities: [] });
});

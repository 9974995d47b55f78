import { describe, expect, test } from '@jest/globals';
import { type MessageEntity, normalizeText, parseHtml } from '../../lib/telegram/html/index.ts';

type Style = 'bold' | 'italic' | 'underline' | 'strikethrough' | 'spoiler' | 'blockquote' | 'code' | 'pre';

function at(type: Style, offset: number, length: number): MessageEntity {
  return { type, offset, length };
}

// Inputs and outcomes of tdlib's own test of `fix_formatted_text` (`test/message_entities.cpp`).
describe('entities that Telegram merges, splits and drops', () => {
  test.each<[string, MessageEntity[], string, MessageEntity[]]>([
    [
      'a\rbc\r',
      [at('italic', 0, 1), at('bold', 0, 2), at('italic', 3, 2), at('bold', 3, 1)],
      'abc',
      [at('bold', 0, 1), at('italic', 0, 1), at('bold', 2, 1), at('italic', 2, 1)],
    ],
    ['a ', [at('italic', 0, 2), at('bold', 0, 1)], 'a', [at('bold', 0, 1), at('italic', 0, 1)]],
    ['abc', [at('italic', 1, 1), at('italic', 0, 1)], 'abc', [at('italic', 0, 2)]],
    ['abc', [at('italic', 1, 1), at('italic', 1, 1)], 'abc', [at('italic', 1, 1)]],
    ['abc', [at('italic', 0, 2), at('italic', 1, 2)], 'abc', [at('italic', 0, 3)]],
    ['abc', [at('italic', 0, 2), at('italic', 2, 1)], 'abc', [at('italic', 0, 3)]],
    ['abc', [at('italic', 0, 1), at('italic', 2, 1)], 'abc', [at('italic', 0, 1), at('italic', 2, 1)]],
    [
      'abc',
      [at('italic', 0, 2), at('bold', 1, 2)],
      'abc',
      [at('italic', 0, 1), at('bold', 1, 2), at('italic', 1, 1)],
    ],
    ['abc', [at('italic', 0, 2), at('bold', 2, 1)], 'abc', [at('italic', 0, 2), at('bold', 2, 1)]],
    [
      'ab',
      [at('underline', 0, 2), at('strikethrough', 1, 1)],
      'ab',
      [at('underline', 0, 1), at('underline', 1, 1), at('strikethrough', 1, 1)],
    ],
    [
      'ab',
      [at('strikethrough', 0, 2), at('underline', 1, 1)],
      'ab',
      [at('strikethrough', 0, 1), at('underline', 1, 1), at('strikethrough', 1, 1)],
    ],
    ['ab', [at('underline', 0, 2), at('spoiler', 0, 1)], 'ab', [at('underline', 0, 2), at('spoiler', 0, 1)]],
    [
      'ab',
      [at('underline', 0, 1), at('underline', 1, 1), at('spoiler', 0, 1)],
      'ab',
      [at('underline', 0, 2), at('spoiler', 0, 1)],
    ],
    [
      'a\rb',
      [at('bold', 0, 1), at('italic', 0, 1), at('bold', 2, 1), at('italic', 2, 1)],
      'ab',
      [at('bold', 0, 2), at('italic', 0, 2)],
    ],
    [
      'a\nb',
      [at('bold', 0, 1), at('italic', 0, 1), at('bold', 2, 1), at('italic', 2, 1)],
      'a\nb',
      [at('bold', 0, 1), at('italic', 0, 1), at('bold', 2, 1), at('italic', 2, 1)],
    ],
    ['a', [at('pre', 0, 1), at('spoiler', 0, 1)], 'a', [at('pre', 0, 1)]],
    ['abc', [at('pre', 0, 3), at('strikethrough', 1, 1)], 'abc', [at('pre', 0, 3)]],
    [
      'abc',
      [at('pre', 1, 1), at('strikethrough', 0, 3)],
      'abc',
      [at('strikethrough', 0, 1), at('pre', 1, 1), at('strikethrough', 2, 1)],
    ],
    [
      'abc',
      [at('pre', 1, 1), at('strikethrough', 1, 2)],
      'abc',
      [at('pre', 1, 1), at('strikethrough', 2, 1)],
    ],
    [
      'abc',
      [at('pre', 1, 1), at('strikethrough', 0, 2)],
      'abc',
      [at('strikethrough', 0, 1), at('pre', 1, 1)],
    ],
    ['abc', [at('pre', 0, 3), at('blockquote', 1, 1)], 'abc', [at('blockquote', 1, 1)]],
    ['abc', [at('blockquote', 0, 3), at('pre', 1, 1)], 'abc', [at('blockquote', 0, 3), at('pre', 1, 1)]],
    ['aba caba', [at('bold', 3, 0)], 'aba caba', []],
  ])('%j %j', (text, entities, fixedText, fixedEntities) => {
    expect(normalizeText({ text, entities })).toEqual({ text: fixedText, entities: fixedEntities });
  });

  test('of two links that overlap the first one stays', () => {
    const { entities } = normalizeText(parseHtml('<a href="a.it">x<a href="b.it">y</a></a>'));

    expect(entities).toEqual([{ type: 'text_link', offset: 0, length: 2, url: 'http://a.it/' }]);
  });

  test('a quote inside a quote is dropped, and a link around a quote too', () => {
    expect(normalizeText(parseHtml('<blockquote>a<blockquote>b</blockquote></blockquote>')).entities).toEqual(
      [at('blockquote', 0, 2)],
    );
    expect(normalizeText(parseHtml('<a href="a.it">a<blockquote>b</blockquote></a>')).entities).toEqual([
      at('blockquote', 1, 1),
    ]);
  });

  test('does not change what it is given', () => {
    const parsed = parseHtml(' <b>a</b><b>b</b>');

    normalizeText(parsed);

    expect(parsed).toEqual({ text: ' ab', entities: [at('bold', 1, 1), at('bold', 2, 1)] });
  });
});

describe('the text', () => {
  test.each([
    ['  a b \n ', 'a b'],
    ['a\tb\u0000c\u000bd', 'a b c d'],
    ['a\r\nb', 'a\nb'],
    ['a\u2028b\u202ec', 'abc'],
    ['a\u030ab\u0333c\u033f', 'abc'],
    ['a\u200e\u200f\u200eb', 'a\u200c\u200c\u200eb'],
    ['\u00a0a', '\u00a0a'],
    ['', ''],
    [' \n\t', ''],
    ['\u00a0\u200b', ''],
    ['\u2800\u{e0020}', ''],
  ])('%j becomes %j', (text, expected) => {
    expect(normalizeText({ text, entities: [] }).text).toBe(expected);
  });

  test('is trimmed in front only up to the first entity, and behind through it', () => {
    expect(normalizeText(parseHtml(' \n<b> a</b> <i>b </i> '))).toEqual({
      text: ' a b',
      entities: [at('bold', 0, 2), at('italic', 3, 1)],
    });
  });

  test('loses the entities that were over its end', () => {
    expect(normalizeText(parseHtml('a<b> </b>'))).toEqual({ text: 'a', entities: [] });
  });
});

/** Where values are cut: before a word or an address begins, never within a grapheme (UAX #29). */
import { describe, expect, test } from '@jest/globals';
import { shortenHtml } from '../../lib/telegram/html/index.ts';
import { cutText } from '../../lib/telegram/text/cut.ts';

const url = 'https://shop.example/ordini/84512?vista=tutto';

describe.each([
  ['a value', cutText],
  ['a message', (text: string, length: number) => shortenHtml(text, length)],
])('%s', (_what, cut) => {
  test('is cut before a word begins', () => {
    expect(cut('il preventivo è pronto', 12)).toBe('il…');
    expect(cut('il preventivo è pronto', 14)).toBe('il preventivo…');
    expect(cut('OC 2026/0412 evaso', 8)).toBe('OC…');
  });

  test('is cut in its first word, and in one that nobody reads', () => {
    expect(cut('preventivo', 5)).toBe('prev…');
    expect(cut(`a ${'b'.repeat(200)}`, 100)).toBe(`a ${'b'.repeat(97)}…`);
  });

  test('is cut between the characters of scripts without spaces', () => {
    expect(cut('见 订单已经发货谢谢您的惠顾', 8)).toBe('见 订单已经发…');
  });

  test.each([
    url,
    `(${url})`,
    `HTTPS://SHOP.EXAMPLE/${'a'.repeat(300)}`,
    'www.shop.example/ordini',
    'shop.example/ordini',
    'info@shop.example',
    'tg://resolve?domain=shop',
  ])('never has a part of %s', (address) => {
    const text = `Vedi ${address} e poi ${'x '.repeat(200)}`;
    for (let length = 6; length < 5 + address.length; length++) expect(cut(text, length)).toBe('Vedi…');
    expect(cut(text, 5 + address.length + 2)).toBe(`Vedi ${address} …`);
  });

  test('has no address right before the ellipsis', () => {
    for (const separator of [' ', '\n']) {
      const list = Array.from({ length: 90 }, (_, index) => `${url}-${index}`).join(separator);
      for (let length = 300; length < 400; length++) {
        const text = cut(list, length);
        expect(text).toMatch(/-\d+\s…$/);
        const kept = text.slice(0, -2);
        expect(list.startsWith(`${kept}${separator}`)).toBe(true);
      }
    }
  });

  test('is empty but for the ellipsis if it is an address', () => {
    expect(cut(`${url} e altro`, 20)).toBe('…');
    expect(cut(`https://shop.example/${'a'.repeat(6_000)}`, 4_096)).toBe('…');
  });

  test('has an address between characters of a script without spaces', () => {
    const text = `请访问${url}，谢谢您的惠顾`;
    expect(cut(text, 20)).toBe('请访问…');
    expect(cut(text, 3 + url.length + 4)).toBe(`请访问${url}，谢谢…`);
  });

  test.each([
    ['families', '👨‍👩‍👧‍👦'],
    ['flags', '🇮🇹'],
    ['flags of regions', '🏴󠁧󠁢󠁥󠁮󠁧󠁿'],
    ['tones of skin', '👍🏽'],
    ['accents', 'e\u0301\u0323'],
    ['keycaps', '1️⃣'],
  ])('never has a part of %s', (_which, grapheme) => {
    // Letters after a space are a word.
    for (const before of grapheme.startsWith('e') ? ['', 'a'] : ['', 'a', 'à ']) {
      const text = before + grapheme.repeat(60);
      for (let length = 20; length < 3 * grapheme.length + 150; length++) {
        const kept = cut(text, length).slice(before.length, -1);
        expect(kept).toBe(grapheme.repeat(kept.length / grapheme.length));
        expect(kept.length).toBeGreaterThan(length - 2 - before.length - grapheme.length);
      }
    }
  });
});

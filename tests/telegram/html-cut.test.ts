/** Where a text is cut: never in what people see as one character, nor in what only makes sense whole. */
import { describe, expect, test } from '@jest/globals';
import { shortenHtml } from '../../lib/telegram/html/index.ts';

const FAMILY = '👨‍👩‍👧';
const THUMB = '<tg-emoji emoji-id="1">👍</tg-emoji>';

test('exactly 32,768 bytes are not cut', () => {
  const html = '<b>a</b>'.repeat(4_096);
  expect(shortenHtml(html)).toBe(html);
});

describe('characters', () => {
  test.each([0, 10, 63, 64, 65, 99, 200])('of several parts stay whole, after %d letters', (letters) => {
    const text = `${'x'.repeat(letters)}${FAMILY}${'y'.repeat(100)}`;
    for (let kept = letters; kept < letters + FAMILY.length; kept++)
      expect(shortenHtml(text, kept + 1)).toBe(`${'x'.repeat(letters)}…`);
    const whole = `${'x'.repeat(letters)}${FAMILY}`;
    expect(shortenHtml(text, whole.length + 1)).toBe(`${whole}…`);
  });

  test('of which one is longer than anybody writes are cut, but no half is left', () => {
    const flag = `🏴${'\u{e0061}'.repeat(200)}`;
    for (let length = 100; length < 140; length++) {
      const cut = shortenHtml(`${flag}x`, length);
      expect(cut.isWellFormed()).toBe(true);
      expect(cut.length).toBeLessThanOrEqual(length);
      expect(cut.length).toBeGreaterThanOrEqual(length - 1);
    }
  });
});

describe('what only makes sense whole', () => {
  test('goes where the cut would be in it', () => {
    expect(shortenHtml(`ab${THUMB}cdef`, 4)).toBe('ab…');
  });

  test('stays where the cut is right after it, or later', () => {
    expect(shortenHtml(`ab${THUMB}cdef`, 5)).toBe(`ab${THUMB}…`);
    expect(shortenHtml(`ab${THUMB}cdef`, 6)).toBe(`ab${THUMB}c…`);
    expect(shortenHtml(`a${THUMB}${'b'.repeat(20)}`, 10)).toBe(`a${THUMB}${'b'.repeat(6)}…`);
  });

  test('keeps a space at its end', () => {
    const time = '<tg-time unix="1">ora </tg-time>';
    expect(shortenHtml(`${time}bcdef`, 5)).toBe(`${time}…`);
    expect(shortenHtml('ora bcdef', 5)).toBe('ora…');
  });

  test('a link that leads to its own text is one, a link to elsewhere is not', () => {
    expect(shortenHtml('ab <a>shop.example</a> cd', 8)).toBe('ab…');
    expect(shortenHtml('ab <a href="https://shop.example/">il negozio</a> cd', 8)).toBe(
      'ab <a href="https://shop.example/">il…</a>',
    );
  });
});

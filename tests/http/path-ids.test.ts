/** Ids in paths: `~` and the base64url of the UTF-8, where an HTTP API would read something else. */
import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { readPathIds, toPathId } from '../../lib/http/path-ids.ts';

const read = (written: string) => readPathIds({ siteId: 'demo', userId: written }).userId;

describe('user ids with "/", "%2F", "?", "#", "%" are written "~" and base64url of the UTF-8', () => {
  // The right column is made with `printf %s ID | basenc --base64url | tr -d =`.
  test.each([
    ['CLI/001', '~Q0xJLzAwMQ'],
    ['CLI%2F001', '~Q0xJJTJGMDAx'],
    ['a?b', '~YT9i'],
    ['a#b', '~YSNi'],
    ['%41', '~JTQx'],
    ['~QQ', '~flFR'],
    ['~', '~fg'],
    ['.', '~Lg'],
    ['..', '~Li4'],
    ['/', '~Lw'],
    ['Caffè', '~Q2FmZsOo'],
    ['a b', '~YSBi'],
    ['a+b', '~YSti'],
    ['🛒', '~8J-bkg'],
  ])('%s as %s', (id, written) => {
    expect(toPathId(id)).toBe(written);
    expect(read(written)).toBe(id);
  });

  test.each(['anna', '501.00012', 'A', 'a_b-c', '...', '-'])('%s stays as it is', (id) => {
    expect(toPathId(id)).toBe(id);
    expect(read(id)).toBe(id);
  });

  test('an id of other characters may be written so too', () => {
    expect(read('~QQ')).toBe('A');
  });

  test.each(['a b', 'a+b', 'Caffè', '🛒', '50%', '%41', 'a~b', 'CLI%2F001'])(
    '%s, which the API has decoded, is not decoded again',
    (id) => expect(read(id)).toBe(id),
  );

  test('what is written is read as the same id, and two ids are never written alike', () => {
    const id = fc.string({ unit: 'grapheme', minLength: 1, maxLength: 128 });
    fc.assert(
      fc.property(id, (one) => {
        expect(toPathId(one)).toMatch(/^[A-Za-z0-9._~-]+$/);
        expect(read(toPathId(one))).toBe(one);
      }),
    );
  });
});

describe('refused, with the way to write it:', () => {
  test.each([
    ['nothing after the ~', '~'],
    ['no base64url', '~Q0xJ!zAw'],
    ['base64 instead of base64url', '~8J+bkg'],
    ['with padding', '~Q0xJLzAwMQ=='],
    ['a length that base64url never has', '~Q'],
    ['bits that are left over', '~QR'],
    ['no UTF-8', '~_w'],
    ['UTF-8 of half a surrogate pair', '~7aCA'],
    ['UTF-8 longer than it must be', '~wK8'],
    ['a line feed at the end', '~QQ\n'],
    ['another ~', '~~QQ'],
  ])('%s', (_what, written) => {
    expect(() => read(written)).toThrow(
      /^The id in the path begins with "~", but .* CLI\/001 is ~Q0xJLzAwMQ\./,
    );
  });
});

test('a byte order mark is part of the id', () => {
  expect(read('~77u_QQ')).toBe('\ufeffA');
});

test('the id of a site has no second form', () => {
  expect(readPathIds({ siteId: '~ZGVtbw' })).toEqual({ siteId: '~ZGVtbw' });
  // A path without parameters: API Gateway leaves them out, the local run sends `null`.
  for (const none of [undefined, null]) expect(readPathIds(none)).toEqual({});
});

import { describe, expect, test } from '@jest/globals';
import type * as z from 'zod/mini';
import { date, eventFields, person, recipient, recipients } from '../../lib/events/schemas.ts';
import { id, itemCount, language, money, requiredText } from '../../lib/http/schemas.ts';

const takes = (schema: z.ZodMiniType, value: unknown) => schema.safeParse(value).success;

describe('id', () => {
  test.each(['1', 'anna', ' a ', 'a b', '漢'.repeat(128), '👍'.repeat(64), '\u0000'])('takes %j', (value) => {
    expect(takes(id, value)).toBe(true);
  });
  test.each([undefined, null, '', ' ', '\t\n', '\u00a0', 'a'.repeat(129), 7, [], {}, '\ud800', 'a\udfff'])(
    'refuses %j',
    (value) => {
      expect(takes(id, value)).toBe(false);
    },
  );
});

describe('requiredText', () => {
  test.each([
    ['a', true],
    ['abc', true],
    ['abcd', false],
    ['', false],
    ['  ', false],
    [7, false],
  ])('of three characters: %j %s', (value, expected) => {
    expect(takes(requiredText(3), value)).toBe(expected);
  });
});

describe('language, a BCP 47 tag', () => {
  test.each([
    'it',
    'en',
    'en-GB',
    'IT-it',
    'zh-Hant-TW',
    'de-CH-1996',
    'fil',
    'sl-rozaj-biske',
    'it_IT',
    ' it',
  ])('takes %s', (value) => {
    expect(takes(language, value)).toBe(true);
  });
  test.each(['', 'i', 'en-x-shop', 'it-', '-it', 'it IT', 'it-IT-IT-x', '1', 'é', 'it\u0000', 7, null, []])(
    'refuses %j',
    (value) => {
      expect(takes(language, value)).toBe(false);
    },
  );
});

describe('money', () => {
  test.each(['0', '149.90', '-12', '0.000001', '999999999999999.999999', '007', '-0'])(
    'takes %s',
    (amount) => {
      expect(takes(money, { amount, currency: 'EUR' })).toBe(true);
    },
  );
  test.each([
    '',
    '.5',
    '5.',
    '1,5',
    '1.000,00',
    '1e5',
    '+1',
    '--1',
    '1.1234567',
    '1'.repeat(16),
    '١',
    '1\n',
    'NaN',
    1.5,
  ])('refuses %j', (amount) => {
    expect(takes(money, { amount, currency: 'EUR' })).toBe(false);
  });
  test.each(['EU', 'EURO', 'eur', 'Eur', '€', 'EU1', 'EUR ', '', null])(
    'refuses the currency %j',
    (currency) => {
      expect(takes(money, { amount: '1', currency })).toBe(false);
    },
  );
  test('takes nothing else', () => {
    expect(takes(money, { amount: '1', currency: 'EUR', vat: '22' })).toBe(false);
  });
});

describe('itemCount', () => {
  test.each([0, 0.5, 1, 500, 9007199254740991])('takes %d', (value) =>
    expect(takes(itemCount, value)).toBe(true),
  );
  test.each([-1, 2 ** 53, Number.POSITIVE_INFINITY, Number.NaN, '1', null])('refuses %j', (value) =>
    expect(takes(itemCount, value)).toBe(false),
  );
});

describe('date', () => {
  test.each([
    '2026-11-22',
    '2028-02-29',
    '2026-11-22T15:30:00Z',
    '2026-11-22T15:30:00+01:00',
    '2026-11-22T15:30:00.123-05:30',
    '2026-11-22T15:30Z',
    '2026-11-22T15:30+0100',
  ])('takes %s', (value) => expect(takes(date, value)).toBe(true));
  test.each([
    '2026-02-29',
    '2026-13-01',
    '2026-11-31',
    '22/11/2026',
    '2026-11-22T15:30:00',
    '2026-11-22 15:30:00Z',
    '2026-11-22T24:00:00Z',
    '2026-11-22T15:60:00Z',
    '2026-11-22T15:30+1',
    '2026-W47-7',
    '+002026-11-22',
    '',
    ' 2026-11-22',
    1795341600000,
    null,
  ])('refuses %j', (value) => expect(takes(date, value)).toBe(false));
});

describe('occurredAt', () => {
  test('is an instant, and may be left out', () => {
    expect(takes(eventFields.occurredAt, undefined)).toBe(true);
    expect(takes(eventFields.occurredAt, '2026-11-22T15:30:00+01:00')).toBe(true);
    expect(takes(eventFields.occurredAt, '2026-11-22')).toBe(false);
  });
});

describe('an instant', () => {
  test.each([
    ['2026-11-25T16:00Z', '2026-11-25T16:00:00Z'],
    ['2026-11-25T17:00:00+01', '2026-11-25T17:00:00+01:00'],
    ['2026-11-25T23:30+0100', '2026-11-25T23:30:00+01:00'],
    ['2026-11-25T23:30+01:00', '2026-11-25T23:30:00+01:00'],
    ['2026-11-25T23:30:05,5-0330', '2026-11-25T23:30:05.500-03:30'],
    ['2026-11-25T23:30:05.123456789Z', '2026-11-25T23:30:05.123Z'],
    ['2028-02-29T23:59:59.040+14:00', '2028-02-29T23:59:59.040+14:00'],
  ])('%s is kept as %s', (value, kept) => {
    expect(eventFields.occurredAt.parse(value)).toBe(kept);
    expect(date.parse(value)).toBe(kept);
  });
  test.each([
    '2026-02-29T10:00Z',
    '2026-04-31T10:00+01',
    '2026-00-10T10:00Z',
    '2026-11-25T10:00',
    '2026-11-25T10Z',
    '2026-11-25T24:00Z',
    '2026-11-25T10:60Z',
    '2026-11-25T10:00:60Z',
    '2026-11-25T10:00.5Z',
    '2026-11-25T10:00:00.Z',
    '2026-11-25T10:00+24',
    '2026-11-25T10:00+01:60',
    '2026-11-25T10:00+1',
    '2026-11-25T10:00+010',
    '2026-11-25T10:00 01:00',
    '2026-11-25T10:00z',
    '20261125T100000Z',
    '2026-11-25T10:00Z\n',
  ])('%j is none, which is said in one sentence', (value) => {
    const { error } = eventFields.occurredAt.safeParse(value);
    expect(error?.issues.map(({ message }) => message)).toEqual([
      expect.objectContaining({
        en: 'Must be a date and time with offset, such as "2026-11-22T15:30:00+01:00".',
      }),
    ]);
    expect(takes(date, value)).toBe(false);
  });
});

describe('people', () => {
  const everything = { id: '1', firstName: '', lastName: 'a', companyName: 'b'.repeat(256), groups: ['x'] };

  test('a person has an id, and names and groups where they are known', () => {
    expect(takes(person, { id: '1' })).toBe(true);
    expect(takes(person, everything)).toBe(true);
    expect(takes(person, { ...everything, groups: [] })).toBe(true);
    expect(takes(person, {})).toBe(false);
  });

  test('only a recipient has a language and a kind', () => {
    expect(takes(recipient, { ...everything, language: 'it', kind: 'agent' })).toBe(true);
    expect(takes(person, { ...everything, language: 'it' })).toBe(false);
    expect(takes(person, { ...everything, kind: 'agent' })).toBe(false);
    expect(takes(recipient, { ...everything, kind: 'other' })).toBe(false);
  });

  test('of groups there are at most 200 texts', () => {
    expect(takes(person, { id: '1', groups: Array(200).fill('x') })).toBe(true);
    expect(takes(person, { id: '1', groups: Array(201).fill('x') })).toBe(false);
    expect(takes(person, { id: '1', groups: [7] })).toBe(false);
  });

  test('of recipients there are 1 to 500', () => {
    const people = (count: number) => Array.from({ length: count }, (_, index) => ({ id: String(index) }));
    expect([0, 1, 500, 501].map((count) => takes(recipients, people(count)))).toEqual([
      false,
      true,
      true,
      false,
    ]);
  });
});

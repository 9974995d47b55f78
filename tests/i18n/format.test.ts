import { describe, expect, test } from '@jest/globals';
import { formatCount, formatDate, formatMoney } from '../../lib/i18n/format.ts';

describe('formatMoney', () => {
  // The space before the currency is U+00A0, so that an amount never breaks in two (CLDR).
  test.each([
    ['149.90', 'EUR', 'it', '149,90\u00a0€'],
    ['149.9', 'EUR', 'it', '149,90\u00a0€'],
    ['0', 'EUR', 'it', '0,00\u00a0€'],
    ['1234.5', 'EUR', 'it', '1.234,50\u00a0€'],
    ['149.90', 'EUR', 'it-IT', '149,90\u00a0€'],
    ['-5.00', 'EUR', 'it', '-5,00\u00a0€'],
    ['149.90', 'EUR', 'en', '€149.90'],
    ['1234.50', 'EUR', 'en', '€1,234.50'],
    ['149.90', 'EUR', 'en-IE', '€149.90'],
    ['149.90', 'EUR', 'de', '149,90\u00a0€'],
    ['1234.50', 'EUR', 'de', '1.234,50\u00a0€'],
    ['1234', 'JPY', 'de', '1.234\u00a0¥'],
    ['149.90', 'GBP', 'it', '149,90\u00a0£'],
    ['10', 'USD', 'en-US', '$10.00'],
  ])('%s %s in %s', (amount, currency, language, expected) => {
    expect(formatMoney({ amount, currency }, language)).toBe(expected);
  });

  // ISO 4217 gives the dinar of Kuwait three digits and the yen none; CLDR writes lek, forint and dinar without any.
  test.each([
    ['more than a lek has', '1999.50', 'ALL', '1.999,50\u00a0ALL'],
    ['more than a Serbian dinar has', '1999.50', 'RSD', '1.999,50\u00a0RSD'],
    ['more than a forint has', '1999.50', 'HUF', '1.999,50\u00a0HUF'],
    ['more than a cent', '-0.001', 'EUR', '-0,001\u00a0€'],
    ['three where there are three', '1.234', 'KWD', '1,234\u00a0KWD'],
    ['three where two were sent', '1.5', 'KWD', '1,500\u00a0KWD'],
    ['none where there are none', '1500', 'JPY', '1.500\u00a0JPY'],
    ['two where there are none', '1500.00', 'JPY', '1.500,00\u00a0JPY'],
    ['six', '0.123456', 'EUR', '0,123456\u00a0€'],
    ['the four digits of a database', '149.9000', 'EUR', '149,90\u00a0€'],
    ['a half cent in them', '149.9050', 'EUR', '149,905\u00a0€'],
    ['a code that Intl refuses', '1.505', 'EURO', '1,505\u00a0EURO'],
  ])('shows the digits that were sent: %s', (_, amount, currency, expected) => {
    expect(formatMoney({ amount, currency }, 'it')).toBe(expected);
  });

  test.each([
    ['-0', 'EUR', '0,00\u00a0€'],
    ['-0.00', 'EUR', '0,00\u00a0€'],
    ['-0.000000', 'JPY', '0,00\u00a0JPY'],
    ['-0', 'EURO', '0,00\u00a0EURO'],
  ])('nothing is never minus nothing: %s %s', (amount, currency, expected) => {
    expect(formatMoney({ amount, currency }, 'it')).toBe(expected);
  });

  // The amount is in every currency that ISO 4217 has now: no digit is lost, whatever the language.
  test.each(['it', 'en', 'de', 'fr', 'es', 'hu', 'sr', 'sq', 'ja'])('no digit is lost in %s', (language) => {
    for (const currency of Intl.supportedValuesOf('currency')) {
      const digits = formatMoney({ amount: '-1999.505', currency }, language).replace(/\D/g, '');
      expect(`${currency} ${digits}`).toMatch(/^[A-Z]{3} 1999505(?:0)?$/);
    }
  });

  test('keeps every digit of an amount that a floating-point number could not hold', () => {
    const money = { amount: '90071992547409931.37', currency: 'EUR' };
    expect(formatMoney(money, 'it')).toBe('90.071.992.547.409.931,37\u00a0€');
  });

  test.each([
    ['a code nobody knows', '149.90', 'XYZ', '149,90\u00a0XYZ'],
    ['a code that Intl refuses', '149.9', 'EURO', '149,90\u00a0EURO'],
    ['a sign instead of a code', '1500', '€', '1.500,00\u00a0€'],
    ['an amount that is no number', 'gratis', 'EUR', 'gratis EUR'],
  ])('%s', (_, amount, currency, expected) => {
    expect(formatMoney({ amount, currency }, 'it')).toBe(expected);
  });

  test('a language that is no language is written as Italian', () => {
    expect(formatMoney({ amount: '149.90', currency: 'EUR' }, 'not a tag!')).toBe('149,90\u00a0€');
    expect(formatMoney({ amount: '149.90', currency: 'EUR' }, 'qqq')).toBe('149,90\u00a0€');
  });
});

describe('formatCount', () => {
  test.each([
    [0, 'it', '0'],
    [3, 'it', '3'],
    [12345, 'it', '12.345'],
    [12345, 'en', '12,345'],
    [12345, 'de', '12.345'],
  ])('%d in %s', (count, language, expected) => {
    expect(formatCount(count, language)).toBe(expected);
  });
});

describe('formatDate', () => {
  const rome = 'Europe/Rome';

  test.each([
    ['2026-11-22T15:30:00+01:00', 'it', '22 novembre 2026 alle ore 15:30'],
    ['2026-11-22T15:30:00+01:00', 'en', '22 November 2026 at 15:30'],
    ['2026-11-22T15:30:00+01:00', 'en-GB', '22 November 2026 at 15:30'],
    ['2026-11-22T15:30:00+01:00', 'en-IT', '22 November 2026 at 15:30'],
    ['2026-11-22T15:30:00+01:00', 'de', '22. November 2026 um 15:30'],
    ['2026-11-22T14:30:00Z', 'it', '22 novembre 2026 alle ore 15:30'],
    ['2026-07-01T22:15:00.000Z', 'it', '2 luglio 2026 alle ore 00:15'],
  ])('%s in %s', (iso, language, expected) => {
    expect(formatDate(iso, language, rome)).toBe(expected);
  });

  // In Rome clocks go from 02:00 to 03:00 on 29 March 2026, and from 03:00 to 02:00 on 25 October 2026.
  test.each([
    ['the last minute of winter time', '2026-03-29T00:59:00Z', '29 marzo 2026 alle ore 01:59'],
    ['the first minute of summer time', '2026-03-29T01:00:00Z', '29 marzo 2026 alle ore 03:00'],
    ['half past two, the first time', '2026-10-25T00:30:00Z', '25 ottobre 2026 alle ore 02:30'],
    ['half past two, the second time', '2026-10-25T01:30:00Z', '25 ottobre 2026 alle ore 02:30'],
    ['the morning after', '2026-10-25T08:05:00Z', '25 ottobre 2026 alle ore 09:05'],
  ])('%s', (_, iso, expected) => {
    expect(formatDate(iso, 'it', rome)).toBe(expected);
  });

  test.each([
    ['it', rome, '29 marzo 2026'],
    ['en', 'America/New_York', '29 March 2026'],
    ['de', 'Pacific/Kiritimati', '29. März 2026'],
  ])('a date alone has no time and is the same day everywhere: %s, %s', (language, timeZone, expected) => {
    expect(formatDate('2026-03-29', language, timeZone)).toBe(expected);
  });

  test('without an offset it already is the time of the site', () => {
    expect(formatDate('2026-11-22T15:30:00', 'it', 'America/New_York')).toBe(
      '22 novembre 2026 alle ore 15:30',
    );
  });

  test('a time zone nobody knows is read as Rome', () => {
    expect(formatDate('2026-11-22T14:30:00Z', 'it', 'Mars/Olympus')).toBe('22 novembre 2026 alle ore 15:30');
  });

  test('what is no date is written as it came', () => {
    expect(formatDate('domani', 'it', rome)).toBe('domani');
    expect(formatDate('2026-13-45', 'it', rome)).toBe('2026-13-45');
  });
});

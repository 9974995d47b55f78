import type { Entity } from './types.ts';

/**
 * Digits with blanks and hyphens among them: after one of these signs, no card number. 16 to 19 digits before a blank are a
 * number of their own.
 */
const RUNS = /(?<spoilt>(?<=[.,+_\p{L}-])\d[\d -]*)|\d{16,19}(?= )|\d[\d -]*/gu;

/** Numbers of payment cards, by the rules of `find_bank_card_numbers` in `td/telegram/MessageEntity.cpp` of tdlib. */
export function cardNumbers(text: string): Entity[] {
  return [...text.matchAll(RUNS)].flatMap(({ 0: run, index, groups }) => {
    const { length } = run.replace(/[ -]+$/, '');
    const digits = run.replace(/[ -]/g, '');
    const isOpenEnded = /^[_\p{L}-]/u.test(text.slice(index + length, index + length + 2));
    const isTooLoose = length > 2 * digits.length - 1;
    if (groups?.spoilt || isOpenEnded || isTooLoose || !isCardNumber(digits)) return [];
    return [{ type: 'bank_card_number', offset: index, length }];
  });
}

function isCardNumber(digits: string): boolean {
  const { length } = digits;
  if (length < 13 || length > 19 || luhnSum(digits) % 10 !== 0) return false;
  const [two, four] = [Number(digits.slice(0, 2)), Number(digits.slice(0, 4))];
  if (digits.startsWith('4')) return [13, 16, 18, 19].includes(length);
  const isMastercard = (two >= 51 && two <= 55) || (four >= 2221 && four <= 2720);
  const isMir = four >= 2200 && four <= 2204;
  if (isMastercard || isMir) return length === 16;
  if (two === 34 || two === 37) return length === 15;
  if (two === 62 || two === 81) return length >= 16;
  return true;
}

/** ISO/IEC 7812-1, annex B: every second digit from the right counts twice. */
function luhnSum(digits: string): number {
  let sum = 0;
  for (let place = 0; place < digits.length; place++) {
    const digit = Number(digits[digits.length - 1 - place]);
    const weighted = place % 2 === 0 ? digit : 2 * digit;
    sum += weighted > 9 ? weighted - 9 : weighted;
  }
  return sum;
}
